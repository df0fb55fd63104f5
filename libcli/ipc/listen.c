/* The server's side of a socket: bound under a name that nobody asks for, and
 * renamed when it has its mode and listens. Who holds the lock file is the
 * only one that does this there. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>
#include "place.h"

enum { BACKLOG = 4096 };

static int busy(struct keep_err *e)
{
	keep_fail(e, KEEP_E_BUSY, "a server listens there already");
	return keep_hint(e, "end that one first");
}

static int lock(const struct keep_socket_at *p, struct keep_listener *l,
		struct keep_err *e)
{
	char name[sizeof p->file + 8];

	snprintf(name, sizeof name, ".%s.lock", p->file);
	if (keep_open(keep_fd_get(&p->dir), name, O_RDWR | O_CREAT, 0600,
		      KEEP_NO_LINKS, &l->lock, e))
		return -e->code;
	if (flock(keep_fd_get(&l->lock), LOCK_EX | LOCK_NB) == 0)
		return 0;
	return errno == EWOULDBLOCK ? busy(e) : keep_fail_errno(e, "locking");
}

/* Whether somebody listens who does not hold the lock, as one that systemd
 * started. */
static int check_dead(const struct keep_socket_at *p, struct keep_err *e)
{
	KEEP_AUTO(keep_fd) s = {0};
	struct sockaddr_un to;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
			0);

	if (fd < 0)
		return keep_fail_errno(e, "making a socket");
	s = keep_fd_of(fd);
	keep_socket_at_address(&to, keep_fd_get(&p->dir), p->file);
	if (connect(fd, (const struct sockaddr *)&to, sizeof to) == 0 ||
	    errno == EAGAIN)
		return busy(e);
	if (errno == ECONNREFUSED || errno == ENOENT)
		return 0;
	return keep_fail_errno(e, "looking who listens there");
}

static int check_old(const struct keep_socket_at *p, struct keep_err *e)
{
	struct stat st;

	if (fstatat(keep_fd_get(&p->dir), p->file, &st,
		    AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT ? 0 :
		       keep_fail_errno(e, "looking at it");
	if (!S_ISSOCK(st.st_mode))
		return keep_fail(e, KEEP_E_EXISTS, "it is there, and no "
				 "socket");
	return check_dead(p, e);
}

static int bind_as(const struct keep_socket_at *p, struct keep_listener *l,
		   const char *name, struct keep_err *e)
{
	int dir = keep_fd_get(&p->dir);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
			0);
	struct sockaddr_un to;
	struct stat st;

	if (fd < 0)
		return keep_fail_errno(e, "making a socket");
	l->fd = keep_fd_of(fd);
	keep_socket_at_address(&to, dir, name);
	unlinkat(dir, name, 0); /* of one that was killed here */
	if (bind(fd, (const struct sockaddr *)&to, sizeof to) != 0 ||
	    fchmodat(dir, name, keep_socket_at_mode(p->of), 0) != 0 ||
	    listen(fd, BACKLOG) != 0 ||
	    fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
	    renameat(dir, name, dir, p->file) != 0)
		return keep_fail_errno(e, "binding");
	l->inode = st.st_ino;
	return 0;
}

static int listen_place(const struct keep_socket *s, struct keep_socket_at *p,
			struct keep_listener *l, struct keep_err *e)
{
	char name[sizeof p->file + 8];

	if (keep_socket_at_open(p, s, true, e) || lock(p, l, e) ||
	    check_old(p, e))
		return -e->code;
	snprintf(name, sizeof name, ".%s.tmp", p->file);
	if (bind_as(p, l, name, e)) {
		unlinkat(keep_fd_get(&p->dir), name, 0);
		return -e->code;
	}
	memcpy(l->file, p->file, sizeof p->file);
	l->dir = keep_take(&p->dir);
	return 0;
}

int keep_socket_listen(const struct keep_socket *s, struct keep_listener *out,
		       struct keep_err *e)
{
	struct keep_err why = {0};
	struct keep_socket_at p;
	int rc;

	*out = (struct keep_listener){0};
	rc = listen_place(s, &p, out, &why);
	keep_socket_at_end(&p);
	if (!rc)
		return 0;
	keep_listener_close(out);
	if (rc != -KEEP_E_BAD_CONFIG)
		keep_socket_at_says(s, &why);
	if (e)
		*e = why;
	return rc;
}

void keep_listener_close(struct keep_listener *l)
{
	keep_fd_end(&l->fd);
	keep_fd_end(&l->dir);
	keep_fd_end(&l->lock);
	*l = (struct keep_listener){0};
}

void keep_listener_end(struct keep_listener *l)
{
	int dir = keep_fd_get(&l->dir);
	struct stat st;

	if (l->dir.plus_one && fstatat(dir, l->file, &st,
				       AT_SYMLINK_NOFOLLOW) == 0 &&
	    st.st_ino == l->inode)
		unlinkat(dir, l->file, 0);
	keep_listener_close(l);
}
