/* LD_PRELOAD: the process is killed, as by kill -9, at the N-th call that
 * changes what is on disk; a write is first done by half. What goes to
 * descriptors 0 to 2 is no point. KEEP_FAULT_SIGNAL=N: by another signal.
 * KEEP_FAULT_ERRNO=N: the call fails so instead. */
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/syscall.h>
#include <linux/openat2.h>
#include <keep/base.h>
#include "points.h"

/* Whether the call fails, when this is not the end. */
static bool strike(void)
{
	const char *number = getenv("KEEP_FAULT_ERRNO");

	if (number) {
		errno = (int)strtol(number, NULL, 10);
		return true;
	}
	number = getenv("KEEP_FAULT_SIGNAL");
	kill(getpid(), number ? (int)strtol(number, NULL, 10) : SIGKILL);
	return false;
}

static bool fails(void)
{
	return is_the_point() && strike();
}

/* A call NAME with parameters PARAMS, handed on as ARGS. */
#define CHANGES(type, name, params, args) \
type name params \
{ \
	type (*real) params = (type (*) params)dlsym(RTLD_NEXT, #name); \
\
	return fails() ? -1 : real args; \
}

CHANGES(int, rename, (const char *from, const char *to), (from, to))
CHANGES(int, renameat, (int a, const char *from, int b, const char *to),
	(a, from, b, to))
CHANGES(int, renameat2, (int a, const char *from, int b, const char *to,
	unsigned flags), (a, from, b, to, flags))
CHANGES(int, link, (const char *from, const char *to), (from, to))
CHANGES(int, linkat, (int a, const char *from, int b, const char *to,
	int flags), (a, from, b, to, flags))
CHANGES(int, symlink, (const char *to, const char *path), (to, path))
CHANGES(int, symlinkat, (const char *to, int dir, const char *path),
	(to, dir, path))
CHANGES(int, unlink, (const char *path), (path))
CHANGES(int, unlinkat, (int dir, const char *path, int flags),
	(dir, path, flags))
CHANGES(int, rmdir, (const char *path), (path))
CHANGES(int, mkdir, (const char *path, mode_t mode), (path, mode))
CHANGES(int, mkdirat, (int dir, const char *path, mode_t mode),
	(dir, path, mode))
CHANGES(int, ftruncate, (int fd, off_t len), (fd, len))
CHANGES(int, ftruncate64, (int fd, off64_t len), (fd, len))
CHANGES(int, fchmod, (int fd, mode_t mode), (fd, mode))
CHANGES(int, chmod, (const char *path, mode_t mode), (path, mode))
CHANGES(int, chown, (const char *path, uid_t uid, gid_t gid), (path, uid, gid))
CHANGES(int, utimes, (const char *path, const struct timeval when[2]),
	(path, when))
CHANGES(int, fchmodat, (int dir, const char *path, mode_t mode, int flags),
	(dir, path, mode, flags))
CHANGES(int, fchownat, (int dir, const char *path, uid_t uid, gid_t gid,
	int flags), (dir, path, uid, gid, flags))
CHANGES(int, utimensat, (int dir, const char *path,
	const struct timespec when[2], int flags), (dir, path, when, flags))
CHANGES(int, futimens, (int fd, const struct timespec when[2]), (fd, when))
CHANGES(int, fsync, (int fd), (fd))
CHANGES(int, fdatasync, (int fd), (fd))
CHANGES(int, syncfs, (int fd), (fd))

/* A write, whose first half is done before the end. */
#define WRITES(name, params, args, half) \
ssize_t name params \
{ \
	ssize_t (*real) params = (ssize_t (*) params)dlsym(RTLD_NEXT, #name); \
	ssize_t done; \
\
	if (fd <= 2 || !is_the_point()) \
		return real args; \
	done = real half; \
	return strike() ? -1 : done; \
}

WRITES(write, (int fd, const void *p, size_t len), (fd, p, len),
	(fd, p, len / 2))
WRITES(pwrite, (int fd, const void *p, size_t len, off_t at),
	(fd, p, len, at), (fd, p, len / 2, at))
WRITES(pwrite64, (int fd, const void *p, size_t len, off64_t at),
	(fd, p, len, at), (fd, p, len / 2, at))

/* Opening changes something when it may make or empty a file. */
static bool open_fails(uint64_t flags)
{
	return flags & (O_CREAT | O_TRUNC) && fails();
}

static mode_t mode_of(int flags, va_list ap)
{
	return flags & (O_CREAT | O_TMPFILE) ? va_arg(ap, mode_t) : 0;
}

#define OPENS(name) \
int name(const char *path, int flags, ...) \
{ \
	int (*real)(const char *, int, ...) = \
		(int (*)(const char *, int, ...))dlsym(RTLD_NEXT, #name); \
	va_list ap; \
	mode_t mode; \
\
	va_start(ap, flags); \
	mode = mode_of(flags, ap); \
	va_end(ap); \
	return open_fails((unsigned)flags) ? -1 : real(path, flags, mode); \
}
OPENS(open)
OPENS(open64)

#define OPENS_AT(name) \
int name(int dir, const char *path, int flags, ...) \
{ \
	int (*real)(int, const char *, int, ...) = \
		(int (*)(int, const char *, int, ...))dlsym(RTLD_NEXT, #name); \
	va_list ap; \
	mode_t mode; \
\
	va_start(ap, flags); \
	mode = mode_of(flags, ap); \
	va_end(ap); \
	return open_fails((unsigned)flags) ? -1 \
					   : real(dir, path, flags, mode); \
}
OPENS_AT(openat)
OPENS_AT(openat64)

/* openat2 has no function of its own, and perl none for syncfs. */
long syscall(long number, ...)
{
	long (*real)(long, ...) = (long (*)(long, ...))dlsym(RTLD_NEXT,
							     "syscall");
	const struct open_how *how;
	long arg[6];
	va_list ap;
	int i;

	va_start(ap, number);
	for (i = 0; i < 6; i++)
		arg[i] = va_arg(ap, long);
	va_end(ap);
	how = (const struct open_how *)arg[2];
	if (number == SYS_openat2 && open_fails(how->flags))
		return -1;
	if (number == SYS_syncfs && fails())
		return -1;
	return real(number, arg[0], arg[1], arg[2], arg[3], arg[4], arg[5]);
}

__attribute__((destructor)) static void end(void)
{
	store_count();
}
