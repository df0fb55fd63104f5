/* Files: read whole, written whole, replaced whole. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>
#include <keep/secret.h>
#include "base.h"

bool keep_io_again(int fd, short events)
{
	struct pollfd p = {.fd = fd, .events = events};

	if (errno == EAGAIN)
		return poll(&p, 1, -1) > 0 || errno == EINTR;
	return errno == EINTR;
}

/* Fills b up to MAX + 1 bytes, from room for LIKELY bytes and one more: so the
 * end of a file is seen without growing. */
static int fill(struct keep_buf *b, int fd, size_t likely, size_t max,
		struct keep_err *e)
{
	size_t room = likely < max ? likely + 1 : max + 1;
	char *p;
	ssize_t n;

	while (b->len <= max) {
		if (room > max + 1 - b->len)
			room = max + 1 - b->len;
		p = keep_buf_grow(b, room);
		if (!p)
			return keep_no_memory(e);
		n = read(fd, p, room);
		b->len -= room;
		if (n == 0)
			break;
		if (n < 0 && !keep_io_again(fd, POLLIN))
			return keep_fail_errno(e, "reading");
		if (n > 0)
			b->len += (size_t)n;
		room = b->cap > b->len ? b->cap - b->len : b->cap;
	}
	return 0;
}

static int read_all(struct keep_mem *m, int fd, size_t likely, size_t max,
		    struct keep_slice *out, struct keep_err *e)
{
	struct keep_buf b = {.mem = m};
	int rc;

	if (max > SIZE_MAX / 4)
		max = SIZE_MAX / 4;
	rc = fill(&b, fd, likely, max, e);
	if (rc)
		return rc;
	if (b.len > max)
		return keep_fail(e, KEEP_E_TOO_LARGE, "more than %zu bytes",
				 max);
	keep_buf_byte(&b, '\0');
	if (b.failed)
		return keep_no_memory(e);
	*out = (struct keep_slice){b.p, b.len - 1};
	return 0;
}

int keep_fd_read(struct keep_mem *m, int fd, size_t max,
		 struct keep_slice *out, struct keep_err *e)
{
	return read_all(m, fd, 4095, max, out, e);
}

int keep_file_read(struct keep_mem *m, int dir_fd, const char *path,
		   size_t max, struct keep_slice *out, struct keep_err *e)
{
	KEEP_AUTO(keep_fd) fd = {0};
	struct stat st;
	int rc;

	/* Not to wait for a writer of a pipe that lies there. */
	rc = keep_open(dir_fd, path, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0,
		       KEEP_BENEATH, &fd, e);
	if (rc)
		return rc;
	if (fstat(keep_fd_get(&fd), &st) != 0)
		return keep_fail_errno(e, "%s", path);
	if (!S_ISREG(st.st_mode))
		return keep_fail(e, KEEP_E_IO, "%s: not a regular file", path);
	rc = read_all(m, keep_fd_get(&fd), (size_t)st.st_size, max, out, e);
	return rc ? keep_err_at(e, "%s", path) : 0;
}

int keep_fd_write(int fd, struct keep_slice bytes, struct keep_err *e)
{
	size_t at = 0;
	ssize_t n;

	while (at < bytes.len) {
		n = write(fd, bytes.p + at, bytes.len - at);
		if (n < 0 && !keep_io_again(fd, POLLOUT))
			return keep_fail_errno(e, "writing");
		if (n > 0)
			at += (size_t)n;
	}
	return 0;
}

/* A new file TEMP in directory dir that holds BYTES for good. */
static int write_temp(int dir, const char *temp, struct keep_slice bytes,
		      mode_t mode, struct keep_err *e)
{
	KEEP_AUTO(keep_fd) fd = {0};
	int rc = keep_open(dir, temp, O_WRONLY | O_CREAT | O_EXCL, mode,
			   KEEP_NO_LINKS, &fd, e);

	if (!rc)
		rc = keep_fd_write(keep_fd_get(&fd), bytes, e);
	if (!rc && fsync(keep_fd_get(&fd)) != 0)
		rc = keep_fail_errno(e, "writing");
	return rc;
}

int keep_file_replace(int dir_fd, const char *path, struct keep_slice bytes,
		      mode_t mode, struct keep_err *e)
{
	KEEP_AUTO(keep_fd) dir = {0}, synced = {0};
	char temp[32];
	const char *name;
	struct stat old;
	uint64_t suffix;
	int rc = keep_open_parent(dir_fd, path, &dir, &name, e);

	if (!rc)
		rc = keep_open(keep_fd_get(&dir), ".", O_RDONLY | O_DIRECTORY,
			       0, KEEP_BENEATH, &synced, e);
	if (rc)
		return rc;
	if (fstatat(keep_fd_get(&dir), name, &old, AT_SYMLINK_NOFOLLOW) == 0)
		mode &= old.st_mode;
	keep_random(&suffix, sizeof suffix);
	snprintf(temp, sizeof temp, ".keep-%016jx.tmp", (uintmax_t)suffix);
	rc = write_temp(keep_fd_get(&dir), temp, bytes, mode, e);
	if (!rc && renameat(keep_fd_get(&dir), temp, keep_fd_get(&dir), name))
		rc = keep_fail_errno(e, "renaming");
	if (rc)
		unlinkat(keep_fd_get(&dir), temp, 0);
	else if (fsync(keep_fd_get(&synced)) != 0)
		rc = keep_fail_errno(e, "writing its directory");
	return rc ? keep_err_at(e, "%s", path) : 0;
}
