/* The client's side of a socket, and who is at its ends. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <keep/hash.h>
#include "place.h"

enum { CONNECT_S = 5 };

/* Nobody there is one thing to a client, however that shows. */
static int no_server(struct keep_err *e)
{
	keep_fail(e, KEEP_E_UNREACHABLE, "nobody listens there");
	return -KEEP_E_UNREACHABLE;
}

static int connect_errno(struct keep_err *e)
{
	if (errno == ECONNREFUSED || errno == ENOENT)
		return no_server(e);
	if (errno == EAGAIN || errno == EINPROGRESS)
		return keep_fail(e, KEEP_E_BUSY, "the server did not accept "
				 "within %d s", CONNECT_S);
	return keep_fail_errno(e, "connecting");
}

/* To the very file that was looked at. */
static int connect_file(int file, struct keep_fd *out, struct keep_err *e)
{
	struct timeval patience = {.tv_sec = CONNECT_S}, none = {0};
	struct sockaddr_un to;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), rc = 0;

	if (fd < 0)
		return keep_fail_errno(e, "making a socket");
	*out = keep_fd_of(fd);
	keep_socket_at_address(&to, file, "");
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
	if (connect(fd, (const struct sockaddr *)&to, sizeof to) != 0)
		rc = connect_errno(e);
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &none, sizeof none);
	if (rc)
		keep_fd_end(out);
	return rc;
}

static int connect_place(const struct keep_socket *s, struct keep_socket_at *p,
			 struct keep_fd *out, struct keep_err *e)
{
	KEEP_AUTO(keep_fd) file = {0};
	struct stat st;

	if (keep_socket_at_open(p, s, false, e) ||
	    keep_open(keep_fd_get(&p->dir), p->file, O_PATH | O_NOFOLLOW, 0,
		      KEEP_NO_LINKS, &file, e))
		return e->code == KEEP_E_NOT_FOUND ? no_server(e) : -e->code;
	if (fstat(keep_fd_get(&file), &st) != 0)
		return keep_fail_errno(e, "looking at it");
	if (keep_socket_at_check(p, &st, e))
		return -e->code;
	return connect_file(keep_fd_get(&file), out, e);
}

int keep_socket_connect(const struct keep_socket *s, struct keep_fd *out,
			struct keep_err *e)
{
	struct keep_err why = {0};
	struct keep_socket_at p;
	int rc = connect_place(s, &p, out, &why);

	keep_socket_at_end(&p);
	if (!rc)
		return 0;
	if (rc != -KEEP_E_BAD_CONFIG)
		keep_socket_at_says(s, &why);
	if (e)
		*e = why;
	return rc;
}

int keep_peer_get(int fd, struct keep_peer *out, struct keep_err *e)
{
	struct ucred who;
	socklen_t len = sizeof who;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &len) != 0)
		return keep_fail_errno(e, "asking who is connected");
	*out = (struct keep_peer){who.uid, who.gid, (uint32_t)who.pid, fd + 1};
	return 0;
}

bool keep_peer_is_own(const struct keep_peer *p)
{
	return p->uid == geteuid() || p->uid == 0;
}

/* In BUF; the kernel tells how much room they need. */
static bool get_groups(int fd, struct keep_buf *buf)
{
	socklen_t len = 64 * sizeof(gid_t);
	void *room;

	while ((room = keep_buf_grow(buf, len)) != NULL) {
		buf->len = 0;
		if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, room, &len) == 0)
			break;
		if (errno != ERANGE)
			return false;
	}
	buf->len = room ? len : 0;
	return room != NULL;
}

bool keep_peer_is_in(const struct keep_peer *p, uint32_t gid)
{
	KEEP_AUTO(keep_buf) groups = {0};
	bool found = p->gid == gid;
	const gid_t *v;
	size_t i;

	if (found || !p->fd_plus_one ||
	    !get_groups(p->fd_plus_one - 1, &groups))
		return found;
	v = (const gid_t *)(const void *)groups.p;
	for (i = 0; i < groups.len / sizeof *v && !found; i++)
		found = v[i] == gid;
	return found;
}

void keep_instance_id(struct keep_slice path, struct keep_instance_id *out)
{
	uint8_t hash[KEEP_SHA256_LEN];
	size_t i;

	keep_sha256(path, hash);
	memcpy(out->bytes, hash, sizeof out->bytes);
	for (i = 0; i < sizeof out->name / 2; i++)
		snprintf(out->name + 2 * i, 3, "%02x", hash[i]);
}
