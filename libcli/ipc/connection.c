/* The child's side: one connection, read, answered and written in turn. */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>
#include "conn.h"

enum {
	FRAME_MS = 10000, WRITE_MS = 30000, IDLE_MS = 60000,
	KEPT = 1 << 20,     /* of a buffer that is empty, */
	FULL = 1 << 20,     /* of one that is to be written */
};

static int least_int(uint64_t ms)
{
	return ms < INT_MAX ? (int)ms : INT_MAX;
}

/* As poll takes it. */
static int limit_ms(uint32_t set, uint32_t usual)
{
	return least_int(keep_limit(set, usual));
}

/* --- writing ------------------------------------------------------------- */

static int lost(struct keep_conn *c, struct keep_err *e, const char *why)
{
	c->closing = true;
	keep_conn_cancel(c);
	c->out.len = 0;
	return keep_fail(e, KEEP_E_CANCELLED, "the client %s", why);
}

static bool wait_to_write(const struct keep_conn *c)
{
	struct pollfd p = {.fd = keep_fd_get(&c->fd), .events = POLLOUT};
	int n;

	do
		n = poll(&p, 1, limit_ms(c->limits.write_ms, WRITE_MS));
	while (n < 0 && errno == EINTR);
	return n > 0;
}

int keep_conn_flush(struct keep_conn *c, struct keep_err *e)
{
	size_t sent = 0;

	if (!c->fd.plus_one)
		return 0;
	while (sent < c->out.len) {
		ssize_t n = send(keep_fd_get(&c->fd), c->out.p + sent,
				 c->out.len - sent,
				 MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n > 0)
			sent += (size_t)n;
		else if (errno == EAGAIN && !wait_to_write(c))
			return lost(c, e, "does not read");
		else if (errno != EAGAIN && errno != EINTR)
			return lost(c, e, "is gone");
	}
	c->out.len = 0;
	if (c->out.cap > KEPT)
		keep_buf_end(&c->out);
	return 0;
}

/* --- reading ------------------------------------------------------------- */

/* Descriptors that come along are closed by the kernel, since no room for
 * them is given. */
static void receive(struct keep_conn *c)
{
	size_t len;
	char *room = keep_frames_room(&c->in, &len);
	ssize_t n;

	if (!room) {
		c->closing = true;
		return;
	}
	n = recv(keep_fd_get(&c->fd), room, len, MSG_DONTWAIT);
	if (n > 0)
		keep_frames_came(&c->in, (size_t)n);
	else if (n == 0 || (errno != EAGAIN && errno != EINTR))
		c->over = true;
}

/* The server wants the end, or the client is gone: a client that only writes
 * no more waits for its answers, and does not hang up. */
static void look(struct keep_conn *c, const struct pollfd *client,
		 const struct pollfd *life)
{
	if (life->revents) {
		c->over = c->stopping = true;
		keep_conn_cancel(c);
	}
	if (client->revents & (POLLHUP | POLLERR)) {
		c->stopping = true;
		keep_conn_cancel(c);
	}
	if (client->revents && !c->over)
		receive(c);
}

/* What keep_conn_cancel_fd waits for. */
static void set_interest(struct keep_conn *c)
{
	bool deaf = c->over || keep_conn_full(c);
	struct epoll_event v = {.events = deaf ? 0 : EPOLLIN};

	if (c->cancel.plus_one)
		epoll_ctl(keep_fd_get(&c->cancel), EPOLL_CTL_MOD,
			  keep_fd_get(&c->fd), &v);
}

int keep_conn_heed(struct keep_conn *c, struct keep_err *e)
{
	struct pollfd p[] = {
		{.fd = keep_fd_get(&c->fd)}, {.fd = c->life},
	};

	if (!c->over && !keep_conn_full(c))
		p[0].events = POLLIN;
	if (!c->closing && c->fd.plus_one && poll(p, 2, 0) > 0)
		look(c, &p[0], &p[1]);
	keep_conn_take(c);
	set_interest(c);
	if (keep_conn_flush(c, e))
		return -e->code;
	if (c->closing)
		keep_conn_cancel(c);
	if (c->cancelled)
		return keep_fail(e, KEEP_E_CANCELLED, "cancelled");
	if (!keep_conn_left_ms(c))
		return keep_fail(e, KEEP_E_DEADLINE, "the deadline passed");
	return 0;
}

void keep_conn_tell(struct keep_conn *c)
{
	uint64_t count = 1;

	if (!c->wake.plus_one)
		return;
	if (c->cancelled)
		keep_ignore(write(keep_fd_get(&c->wake), &count, sizeof count)
			    < 0, "it is told already");
	else
		keep_ignore(read(keep_fd_get(&c->wake), &count, sizeof count)
			    < 0, "it was not told");
}

static bool join(const struct keep_conn *c, int fd, uint32_t events)
{
	struct epoll_event v = {.events = events};

	return epoll_ctl(keep_fd_get(&c->cancel), EPOLL_CTL_ADD, fd, &v) == 0;
}

int keep_conn_cancel_fd(struct keep_conn *c)
{
	if (c->cancel.plus_one)
		return keep_fd_get(&c->cancel);
	c->cancel = keep_fd_of(epoll_create1(EPOLL_CLOEXEC));
	c->wake = keep_fd_of(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
	if (!c->cancel.plus_one || !c->wake.plus_one ||
	    !join(c, keep_fd_get(&c->wake), EPOLLIN) ||
	    !join(c, keep_fd_get(&c->fd), EPOLLIN) ||
	    (c->life >= 0 && !join(c, c->life, 0))) {
		keep_fd_end(&c->cancel);
		keep_fd_end(&c->wake);
		return -1;
	}
	if (c->cancelled)
		keep_conn_tell(c);
	set_interest(c);
	return keep_fd_get(&c->cancel);
}

/* --- the connection ------------------------------------------------------ */

/* Milliseconds until it may be quiet no longer. */
static int patience(const struct keep_conn *c)
{
	uint64_t now = keep_loop_now_ms(), until;

	if (!c->begun_ms)
		return limit_ms(c->limits.idle_ms, IDLE_MS);
	until = c->begun_ms + keep_limit(c->limits.frame_ms, FRAME_MS);
	return until > now ? least_int(until - now) : -1;
}

/* Too late: a started frame is told of, an idle connection just ends. */
static void give_up(struct keep_conn *c)
{
	struct keep_err e = {0};

	if (c->begun_ms) {
		keep_fail(&e, KEEP_E_DEADLINE, "the frame was not finished in "
			  "time");
		keep_conn_refuse(c, KEEP_NO_ID, &e);
	}
	c->closing = true;
}

static void wait_for_more(struct keep_conn *c)
{
	struct pollfd p[] = {
		{.fd = keep_fd_get(&c->fd), .events = POLLIN}, {.fd = c->life},
	};
	int ms = patience(c), n = ms < 0 ? 0 : poll(p, 2, ms);

	if (n > 0)
		look(c, &p[0], &p[1]);
	else if (n == 0)
		give_up(c);
	else if (errno != EINTR)
		c->closing = true;
}

/* All that is there is answered, and written at once, unless that is much:
 * many short calls may have long answers. */
static void answer(struct keep_conn *c)
{
	struct keep_err e = {0};

	keep_conn_take(c);
	while (c->first && !c->closing) {
		keep_conn_run(c);
		if (c->out.len >= FULL && keep_conn_flush(c, &e))
			return;
		keep_conn_take(c);
		if (c->begun_ms) /* nobody listened meanwhile */
			c->begun_ms = keep_loop_now_ms();
	}
	keep_ignore(keep_conn_flush(c, &e), "it is closing then");
}

int keep_conn_serve(const struct keep_daemon *d, struct keep_fd fd, int life,
		    struct keep_err *e)
{
	return keep_conn_serve_at(d, fd, life, NULL, e);
}

int keep_conn_serve_at(const struct keep_daemon *d, struct keep_fd fd,
		       int life, const struct keep_conn_seat *seat,
		       struct keep_err *e)
{
	struct keep_conn c = {.daemon = d, .limits = d->limits, .fd = fd,
			      .life = life, .seat = seat};
	int rc = keep_peer_get(keep_fd_get(&fd), &c.peer, e);

	while (!rc && !c.closing && !c.over) {
		wait_for_more(&c);
		answer(&c);
	}
	if (c.ready && d->end)
		d->end(&c);
	if (!rc && c.over && !c.closing && keep_frames_over(&c.in, e))
		keep_log(d->log, KEEP_LOG_NOTICE, "uid=%u pid=%u: %s",
			 c.peer.uid, c.peer.pid, e->message);
	keep_conn_drop(&c);
	keep_fd_end(&c.cancel);
	keep_fd_end(&c.wake);
	keep_fd_end(&c.fd);
	return rc;
}
