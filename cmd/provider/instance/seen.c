/* Files and directories as they stood. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include "seen.h"

/* What changes twice within the tick of a clock has the same time after both.
 * That of FAT ticks every two seconds, and a server's clock is not ours. */
enum { TICK_MS = 2000 };

struct sight {
	const char *path;
	struct keep_look as;
};

bool keep_look(int dir_fd, const char *path, struct keep_look *out)
{
	struct statx st;

	*out = (struct keep_look){0};
	if (statx(dir_fd, path, AT_STATX_FORCE_SYNC | AT_EMPTY_PATH,
		  STATX_BASIC_STATS, &st))
		return errno == ENOENT || errno == ENOTDIR;
	*out = (struct keep_look){
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

static int64_t changed_ms(const struct keep_look *l)
{
	return later(time_ms(l->mtime_s, l->mtime_ns),
		     time_ms(l->ctime_s, l->ctime_ns));
}

static bool is_old(int64_t changed_ms, uint64_t at_ms)
{
	return at_ms >= TICK_MS && changed_ms < (int64_t)(at_ms - TICK_MS);
}

bool keep_look_sure(const struct keep_look *l, uint64_t at_ms)
{
	return is_old(changed_ms(l), at_ms);
}

void keep_see(struct keep_seen *s, int dir_fd, const char *path)
{
	struct sight v = {.path = path};

	if (!s)
		return;
	s->unsure |= !keep_look(dir_fd, path, &v.as);
	s->newest_ms = later(s->newest_ms, changed_ms(&v.as));
	keep_buf_put(&s->all, &v, sizeof v);
}

bool keep_seen_sure(const struct keep_seen *s, uint64_t at_ms)
{
	return !s->unsure && !s->all.failed && is_old(s->newest_ms, at_ms);
}

bool keep_seen_still(const struct keep_seen *s, int dir_fd)
{
	const struct sight *v = (const void *)s->all.p;
	size_t i, n = s->all.len / sizeof *v;
	struct keep_look now;

	for (i = 0; i < n; i++)
		if (!keep_look(dir_fd, v[i].path, &now) ||
		    !keep_bytes_equal(&now, &v[i].as, sizeof now))
			return false;
	return true;
}
