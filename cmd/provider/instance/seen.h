/* What was looked at while an instance was read: every file and directory, as
 * it stood before it was read. While all stand so, it would be read the same.
 * A directory above them that is moved out of the instance, with a link to it
 * in its place, is not noticed: what lies in it is the same. */
#ifndef PROVIDER_SEEN_H
#define PROVIDER_SEEN_H

#include <keep/mem.h>

/* How something stands: zeros: nothing is there. */
struct keep_look {
	uint64_t device, inode, size;
	int64_t mtime_s, mtime_ns, ctime_s, ctime_ns;
};
/* At PATH; "" is dir_fd itself. False when that cannot be told. What lies on
 * another machine is asked of it, since what is remembered of it may be old. */
bool keep_look(int dir_fd, const char *path, struct keep_look *out);
/* Whether a later change would show, when it was looked at at AT_MS: it had not
 * changed just before. */
bool keep_look_sure(const struct keep_look *l, uint64_t at_ms);

struct keep_seen { /* {0} but for the arena of ALL is empty */
	struct keep_buf all;
	int64_t newest_ms; /* when the last of them changed */
	bool unsure;       /* one of them could not be looked at */
};

/* Notes what stands at PATH, which lives as long as the arena. Without S
 * nobody asks. */
void keep_see(struct keep_seen *s, int dir_fd, const char *path);
/* Whether a later change of any of them would show, when the first of them was
 * looked at at AT_MS: none had changed just before. */
bool keep_seen_sure(const struct keep_seen *s, uint64_t at_ms);
/* Whether all stand as they stood. */
bool keep_seen_still(const struct keep_seen *s, int dir_fd);

#endif
