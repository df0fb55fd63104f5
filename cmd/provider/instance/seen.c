/* Files and directories as they stood. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include "seen.h"

/* What changes twice within the tick of a clock has the same time after both.
 * That of FAT ticks every two seconds, and a server's clock is not ours. */
enum { TICK_MS = 2000 };

struct look { /* zeros: nothing is there */
	uint64_t device, inode, size;
	int64_t mtime_s, mtime_ns, ctime_s, ctime_ns;
};
struct sight {
	const char *path;
	struct look as;
};

/* False when that cannot be told. What lies on another machine is asked of it,
 * since what is remembered of it may be old. */
static bool look(int dir_fd, const char *path, struct look *out)
{
	struct statx st;

	*out = (struct look){0};
	if (statx(dir_fd, path, AT_STATX_FORCE_SYNC, STATX_BASIC_STATS, &st))
		return errno == ENOENT || errno == ENOTDIR;
	*out = (struct look){
		(uint64_t)st.stx_dev_major << 32 | st.stx_dev_minor,
		st.stx_ino, st.stx_size,
		st.stx_mtime.tv_sec, st.stx_mtime.tv_nsec,
		st.stx_ctime.tv_sec, st.stx_ctime.tv_nsec,
	};
	return true;
}

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int64_t time_ms(int64_t s, int64_t ns)
{
	int64_t ms;

	return __builtin_mul_overflow(s, 1000, &ms) ? INT64_MAX :
		ms + ns / 1000000;
}

void keep_see(struct keep_seen *s, int dir_fd, const char *path)
{
	struct sight v = {.path = path};

	if (!s)
		return;
	s->unsure |= !look(dir_fd, path, &v.as);
	s->newest_ms = later(s->newest_ms,
			     later(time_ms(v.as.mtime_s, v.as.mtime_ns),
				   time_ms(v.as.ctime_s, v.as.ctime_ns)));
	keep_buf_put(&s->all, &v, sizeof v);
}

bool keep_seen_sure(const struct keep_seen *s, uint64_t at_ms)
{
	return !s->unsure && !s->all.failed && at_ms >= TICK_MS &&
	       s->newest_ms < (int64_t)(at_ms - TICK_MS);
}

bool keep_seen_still(const struct keep_seen *s, int dir_fd)
{
	const struct sight *v = (const void *)s->all.p;
	size_t i, n = s->all.len / sizeof *v;
	struct look now;

	for (i = 0; i < n; i++)
		if (!look(dir_fd, v[i].path, &now) ||
		    !keep_bytes_equal(&now, &v[i].as, sizeof now))
			return false;
	return true;
}
