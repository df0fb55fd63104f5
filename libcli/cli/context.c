/* What a verb asks of its context, and the session behind it. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include <keep/cli.h>
#include <keep/secret.h>

uint64_t keep_now_ms(struct keep_ctx *c)
{
	struct timespec now = {0};

	if (c->now_ms)
		return c->now_ms(c);
	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

uint64_t keep_now_s(struct keep_ctx *c)
{
	return keep_now_ms(c) / 1000;
}

void keep_ctx_random(struct keep_ctx *c, void *p, size_t n)
{
	if (c->random)
		c->random(c, p, n);
	else
		keep_random(p, n);
}

void keep_progress(struct keep_ctx *c, struct keep_slice text, uint64_t done,
		   uint64_t total)
{
	struct keep_progress p = {text, done, total};

	if (c->progress)
		c->progress(c, &p);
}

void keep_work_tell(struct keep_ctx *c, const struct keep_work *w)
{
	if (c->work)
		c->work(c, w);
}

int keep_cancelled(struct keep_ctx *c, struct keep_err *e)
{
	struct pollfd p = {.fd = c->cancel_fd_plus_one - 1, .events = POLLIN};
	bool told = c->cancel_fd_plus_one && poll(&p, 1, 0) > 0;
	struct keep_err ignored;

	if (!e)
		e = &ignored;
	if (told && c->heed && c->heed(c, e))
		return -e->code;
	if (c->cancelled || (told && !c->heed))
		return keep_fail(e, KEEP_E_CANCELLED, "cancelled");
	if (c->deadline_ms && keep_now_ms(c) > c->deadline_ms)
		return keep_fail(e, KEEP_E_DEADLINE, "the deadline passed");
	return 0;
}

static int left_ms(struct keep_ctx *c)
{
	uint64_t now = c->deadline_ms ? keep_now_ms(c) : 0;

	if (!c->deadline_ms)
		return -1;
	if (now > c->deadline_ms)
		return 0;
	return c->deadline_ms - now < INT_MAX ?
	       (int)(c->deadline_ms - now) + 1 : INT_MAX;
}

int keep_wait(struct keep_ctx *c, int fd, short events, struct keep_err *e)
{
	struct pollfd p[] = {
		{.fd = fd, .events = events},
		{.fd = c->cancel_fd_plus_one - 1, .events = POLLIN},
	};

	while (!p[0].revents) {
		if (keep_cancelled(c, e))
			return -e->code;
		if (poll(p, KEEP_COUNT(p), left_ms(c)) < 0 && errno != EINTR)
			return keep_fail_errno(e, "waiting");
	}
	return 0;
}

static int heed(void *of, struct keep_err *e)
{
	return keep_cancelled(of, e);
}

struct keep_agent keep_agent_of(struct keep_ctx *c)
{
	return (struct keep_agent){
		.path = c->agent_path, .heed = heed, .of = c,
		.cancel_fd_plus_one = c->cancel_fd_plus_one,
	};
}

/* --- the session ------------------------------------------------------- */

struct keep_session_slot {
	struct keep_session_slot *older;
	const void *key;
	void *value;
	void (*end)(void *value);
	struct keep_mem mem; /* the slot's own place */
};

void *keep_session_get(const struct keep_session *s, const void *key)
{
	const struct keep_session_slot *slot = s ? s->slots : NULL;

	while (slot && slot->key != key)
		slot = slot->older;
	return slot ? slot->value : NULL;
}

int keep_session_put(struct keep_session *s, const void *key, void *value,
		     void (*end)(void *value), struct keep_err *e)
{
	struct keep_mem mem = {0};
	struct keep_session_slot *slot = KEEP_NEW(&mem,
						  struct keep_session_slot);

	if (!slot)
		return keep_no_memory(e);
	*slot = (struct keep_session_slot){s->slots, key, value, end, mem};
	s->slots = slot;
	return 0;
}

void keep_session_end(struct keep_session *s)
{
	while (s->slots) {
		struct keep_session_slot *slot = s->slots;
		struct keep_mem mem = slot->mem;

		s->slots = slot->older;
		if (slot->end)
			slot->end(slot->value);
		keep_mem_end(&mem);
	}
}

/* --- the instance ------------------------------------------------------ */

static bool has_keepfile(int dir)
{
	struct stat st;

	return fstatat(dir, "Keepfile", &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       S_ISREG(st.st_mode);
}

static bool same_file(int a, int b)
{
	struct stat x, y;

	return fstat(a, &x) == 0 && fstat(b, &y) == 0 &&
	       x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

static int real_path(struct keep_mem *m, int dir, struct keep_slice *path,
		     struct keep_err *e)
{
	char link[64], real[PATH_MAX];
	ssize_t n;

	snprintf(link, sizeof link, "/proc/self/fd/%d", dir);
	n = readlink(link, real, sizeof real);
	if (n < 0 || n == sizeof real)
		return keep_fail_errno(e, "the instance's path");
	*path = keep_mem_copy(m, (struct keep_slice){real, (size_t)n});
	return path->p ? 0 : keep_no_memory(e);
}

int keep_instance_find(struct keep_mem *m, int dir_fd, struct keep_fd *out,
		       struct keep_slice *path, struct keep_err *e)
{
	/* a directory on the way may be closed to its readers */
	int flags = O_PATH | O_DIRECTORY | O_CLOEXEC;
	KEEP_AUTO(keep_fd) at = keep_fd_of(openat(dir_fd, ".", flags));

	while (keep_fd_get(&at) >= 0 && !has_keepfile(keep_fd_get(&at))) {
		KEEP_AUTO(keep_fd) up = keep_fd_of(openat(keep_fd_get(&at),
							  "..", flags));

		if (keep_fd_get(&up) >= 0 &&
		    same_file(keep_fd_get(&at), keep_fd_get(&up)))
			return 0;
		keep_fd_end(&at);
		at = keep_take(&up);
	}
	if (keep_fd_get(&at) < 0)
		return keep_fail_errno(e, "looking for the instance");
	if (real_path(m, keep_fd_get(&at), path, e))
		return -e->code;
	return keep_open(keep_fd_get(&at), ".", O_RDONLY | O_DIRECTORY, 0,
			 KEEP_NO_LINKS, out, e);
}
