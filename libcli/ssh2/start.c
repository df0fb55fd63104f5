/* The connection: its socket, its phases and deadlines, its end. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>
#include "ssh2.h"

enum { LOST_AFTER = 3 };

static uint32_t alive_ms(const struct keep_ssh2 *s)
{
	return 1000 * (s->x->login->alive_s ? s->x->login->alive_s : 15);
}

/* --- phases ------------------------------------------------------------ */

static int on_deadline(struct keep_timer *t, struct keep_err *e)
{
	static const char *const late[KEEP_PHASES] = {
		"no answer", "the handshake took too long",
		"the login took too long", "the command did not start in time",
		"the command is not done in time"};
	struct keep_ssh2 *s = t->user;
	int rc = keep_ssh2_stop(s, KEEP_E_DEADLINE, false, late[s->phase], e);

	return rc == GONE ? 0 : rc;
}

/* Asks a silent peer for a sign of life, or gives it up. */
static int on_silence(struct keep_timer *t, struct keep_err *e)
{
	struct keep_ssh2 *s = t->user;
	uint64_t silent_ms = keep_loop_now_ms() - s->heard_ms;
	int next, rc;

	if (silent_ms >= LOST_AFTER * (uint64_t)alive_ms(s)) {
		rc = keep_ssh2_stop(s, KEEP_E_UNREACHABLE, false,
				    "it went silent", e);
		return rc == GONE ? 0 : rc;
	}
	keep_timer_set(s->x->loop, t, alive_ms(s));
	if (s->watch.events & POLLOUT) /* a packet is half sent */
		return 0;
	keep_ignore(libssh2_keepalive_send(s->session, &next),
		    "who is gone is found silent");
	return 0;
}

static int on_more(struct keep_timer *t, struct keep_err *e)
{
	int rc = keep_ssh2_run(t->user, e);

	return rc == GONE ? 0 : rc;
}

static void watch_life(struct keep_ssh2 *s)
{
	s->heard_ms = keep_loop_now_ms();
	s->alive.fire = on_silence;
	s->alive.user = s;
	s->more.fire = on_more;
	s->more.user = s;
	/* the library counts whole seconds, and may be a moment late */
	libssh2_keepalive_config(s->session, 1, 2);
	keep_timer_set(s->x->loop, &s->alive, alive_ms(s));
}

void keep_ssh2_enter(struct keep_ssh2 *s, enum keep_phase phase)
{
	uint32_t timeout_ms = keep_login_timeout_ms(s->x->login, phase);

	s->phase = s->x->phase = phase;
	if (phase == KEEP_PHASE_RUN)
		watch_life(s);
	if (timeout_ms)
		keep_timer_set(s->x->loop, &s->deadline, timeout_ms);
	else
		keep_timer_end(&s->deadline);
}

int keep_ssh2_wait(struct keep_ssh2 *s, struct keep_err *e)
{
	int blocks = libssh2_session_block_directions(s->session);
	short events = POLLIN;

	if (blocks & LIBSSH2_SESSION_BLOCK_OUTBOUND)
		events |= POLLOUT;
	return keep_watch_set(&s->watch, events, e);
}

/* --- its socket -------------------------------------------------------- */

static int stop_connect(struct keep_ssh2 *s, int no, struct keep_err *e)
{
	return keep_ssh2_stop(s, KEEP_E_UNREACHABLE, false, strerror(no), e);
}

static int on_connected(struct keep_ssh2 *s, struct keep_err *e)
{
	int no = 0;
	socklen_t len = sizeof no;

	getsockopt(keep_fd_get(&s->fd), SOL_SOCKET, SO_ERROR, &no, &len);
	if (no)
		return stop_connect(s, no, e);
	keep_ssh2_enter(s, KEEP_PHASE_HANDSHAKE);
	return keep_ssh2_handshake(s, e);
}

int keep_ssh2_step(struct keep_ssh2 *s, struct keep_err *e)
{
	switch (s->phase) {
	case KEEP_PHASE_CONNECT:
		return on_connected(s, e);
	case KEEP_PHASE_HANDSHAKE:
		return keep_ssh2_handshake(s, e);
	case KEEP_PHASE_LOGIN:
		return keep_ssh2_login(s, e);
	case KEEP_PHASE_OPEN:
		return keep_ssh2_open(s, e);
	default:
		return keep_ssh2_run(s, e);
	}
}

/* sshd leaves Nagle's algorithm on, which waits for an acknowledgement that
 * would come 40 ms late; Linux forgets the option, so it is set each time. */
static void acknowledge(const struct keep_ssh2 *s)
{
	int on = 1;

	keep_ignore(setsockopt(keep_fd_get(&s->fd), IPPROTO_TCP, TCP_QUICKACK,
			       &on, sizeof on), "it only saves time");
}

static int on_ready(struct keep_watch *w, short events, struct keep_err *e)
{
	struct keep_ssh2 *s = w->user;
	int rc;

	if (events & POLLIN)
		s->heard_ms = keep_loop_now_ms();
	if (s->agent_watch.loop) /* nothing else is told then */
		rc = keep_ssh2_stop(s, KEEP_E_UNREACHABLE, false,
				    "it did not wait for the agent", e);
	else
		rc = keep_ssh2_step(s, e);
	if (rc)
		return rc == GONE ? 0 : rc;
	acknowledge(s);
	return 0;
}

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

static socklen_t find_address(const struct keep_login *l, union address *a)
{
	const char *text = l->address ? l->address : l->host;
	uint16_t port = htons(l->port ? l->port : 22);

	*a = (union address){0};
	if (inet_pton(AF_INET, text, &a->v4.sin_addr) == 1) {
		a->v4.sin_family = AF_INET;
		a->v4.sin_port = port;
		return sizeof a->v4;
	}
	if (inet_pton(AF_INET6, text, &a->v6.sin6_addr) != 1)
		return 0;
	a->v6.sin6_family = AF_INET6;
	a->v6.sin6_port = port;
	return sizeof a->v6;
}

static int dial(struct keep_ssh2 *s, const union address *a, socklen_t len,
		struct keep_err *e)
{
	int on = 1, fd = socket(a->any.sa_family,
				SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return keep_fail_errno(e, "making a socket");
	s->fd = keep_fd_of(fd);
	keep_ignore(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on),
		    "it only saves time");
	keep_ssh2_enter(s, KEEP_PHASE_CONNECT);
	if (connect(fd, &a->any, len) != 0 && errno != EINPROGRESS)
		return keep_fail(e, KEEP_E_UNREACHABLE, "%s: %s",
				 s->x->login->host, strerror(errno));
	return keep_watch_add(s->x->loop, &s->watch, fd, POLLOUT, e);
}

/* --- begin and end ----------------------------------------------------- */

static int on_name(struct keep_timer *t, struct keep_err *e)
{
	int rc = keep_ssh2_stop(t->user, KEEP_E_UNREACHABLE, true,
				"libssh2 takes an address, not a name", e);

	return rc == GONE ? 0 : rc;
}

static int start(struct keep_exec *x, struct keep_err *e)
{
	struct keep_ssh2 *s = KEEP_NEW(&x->mem, struct keep_ssh2);
	union address a;
	socklen_t len = find_address(x->login, &a);

	if (!s)
		return keep_no_memory(e);
	x->state = s;
	s->x = x;
	s->deadline.fire = len ? on_deadline : on_name;
	s->deadline.user = s;
	s->watch.ready = on_ready;
	s->watch.user = s;
	if (len)
		return dial(s, &a, len, e);
	keep_timer_set(x->loop, &s->deadline, 0);
	return 0;
}

static int resume(struct keep_exec *x, struct keep_err *e)
{
	struct keep_ssh2 *s = x->state;
	int rc = 0;

	if (s->gone)
		s->again = true;
	else if (s->phase == KEEP_PHASE_RUN)
		rc = keep_ssh2_run(s, e);
	return rc == GONE ? 0 : rc;
}

/* The socket is shut first, so that libssh2, which wants to say good-bye for
 * each channel, is not told to wait. */
static void end(struct keep_exec *x)
{
	struct keep_ssh2 *s = x->state;

	if (s->gone)
		*s->gone = true;
	keep_timer_end(&s->deadline);
	keep_timer_end(&s->alive);
	keep_timer_end(&s->more);
	keep_watch_end(&s->agent_watch);
	keep_agent_end(&s->agent);
	keep_watch_end(&s->watch);
	if (s->session && s->phase == KEEP_PHASE_RUN)
		keep_ignore(libssh2_session_disconnect(s->session, "done"),
			    "it is polite, no more");
	if (s->fd.plus_one)
		shutdown(keep_fd_get(&s->fd), SHUT_RDWR);
	if (s->session)
		libssh2_session_free(s->session);
	keep_fd_end(&s->fd);
}

static void versions(struct keep_buf *out)
{
	keep_buf_print(out, "libssh2 %s\n", libssh2_version(0));
}

const struct keep_backend keep_ssh2 = {
	.name = "libssh2",
	.start = start,
	.resume = resume,
	.end = end,
	.versions = versions,
};
