/* Descriptors: opened beneath a directory, locked, closed. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "base.h"

enum { RACES_MAX = 100 };

void keep_fd_end(struct keep_fd *f)
{
	if (f->plus_one)
		close(keep_fd_get(f));
	*f = (struct keep_fd){0};
}

static int fail(struct keep_err *e, const char *path, enum keep_beneath how)
{
	int no = errno;

	if (no == EXDEV)
		return keep_fail(e, KEEP_E_DENIED,
				 "%s leaves its directory", path);
	if (no == ELOOP && how == KEEP_NO_LINKS)
		return keep_fail(e, KEEP_E_DENIED,
				 "%s is, or passes, a symbolic link", path);
	if (no != ENOSYS)
		return keep_fail_errno(e, "%s", path);
	keep_fail_errno(e, "%s", path);
	return keep_hint(e, "openat2 is needed: Linux 5.6 or newer");
}

int keep_open(int dir_fd, const char *path, int flags, mode_t mode,
	      enum keep_beneath how, struct keep_fd *out, struct keep_err *e)
{
	struct open_how h = {.flags = (unsigned)flags | O_CLOEXEC};
	long fd;
	int races = 0;

	if (flags & O_CREAT)
		h.mode = mode;
	if (dir_fd != AT_FDCWD)
		h.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
	if (how == KEEP_NO_LINKS)
		h.resolve |= RESOLVE_NO_SYMLINKS;
	/* EAGAIN: a rename elsewhere made the kernel unsure of a `..`. */
	do
		fd = syscall(SYS_openat2, dir_fd, path, &h, sizeof h);
	while (fd < 0 && (errno == EINTR ||
			  (errno == EAGAIN && races++ < RACES_MAX)));
	if (fd < 0)
		return fail(e, path, how);
	*out = keep_fd_of((int)fd);
	return 0;
}

int keep_open_parent(int dir_fd, const char *path, struct keep_fd *parent,
		     const char **name, struct keep_err *e)
{
	const char *slash = strrchr(path, '/');
	const char *last = slash ? slash + 1 : path;
	char dir[PATH_MAX] = ".";

	if (!*last || !strcmp(last, ".") || !strcmp(last, ".."))
		return keep_fail(e, KEEP_E_BAD_ARGS,
				 "'%s' does not end in a name", path);
	if (slash && (size_t)(last - path) >= sizeof dir) {
		errno = ENAMETOOLONG;
		return keep_fail_errno(e, "%.100s...", path);
	}
	if (slash)
		snprintf(dir, sizeof dir, "%.*s", (int)(last - path), path);
	*name = last;
	return keep_open(dir_fd, dir, O_PATH | O_DIRECTORY, 0, KEEP_BENEATH,
			 parent, e);
}

static uint64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* flock cannot wait until a time without a signal, which a library may not
 * take: so it is asked again, ever more rarely. */
int keep_fd_lock(int fd, uint64_t wait_ms, struct keep_err *e)
{
	uint64_t start = now_ms(), waited = 0;
	struct timespec nap = {.tv_nsec = 1000000};

	while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return keep_fail_errno(e, "locking");
		waited = now_ms() - start;
		if (waited >= wait_ms)
			return keep_fail(e, KEEP_E_BUSY,
					 "locked by somebody else; "
					 "waited %ju ms", (uintmax_t)wait_ms);
		nanosleep(&nap, NULL);
		if (nap.tv_nsec < 32000000)
			nap.tv_nsec *= 2;
	}
	return 0;
}
