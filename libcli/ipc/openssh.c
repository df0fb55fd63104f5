/* The back end that spawns ssh: its pipes, its end. It tells by a LocalCommand
 * that it is logged in: the first line of its stdout, which is an empty one. */
#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "openssh.h"

enum { PIECE = 16 << 10 };
enum { LINGER_MS = 1000 }; /* for output of who outlives ssh */

struct pipe {
	struct keep_fd fd;
	struct keep_watch watch;
};

struct openssh {
	struct keep_exec *x;
	struct keep_child child;
	struct keep_timer deadline;
	struct pipe in, out, err;
	struct keep_slice pending; /* of the input */
	struct keep_ssh_tail tail;
	bool logged_in, ended;
	int status;                /* of waitpid */
};

static void shut(struct pipe *p)
{
	keep_watch_end(&p->watch);
	keep_fd_end(&p->fd);
}

static void stop(struct keep_exec *x)
{
	struct openssh *s = x->state;

	keep_timer_end(&s->deadline);
	keep_child_end(&s->child);
	shut(&s->in);
	shut(&s->out);
	shut(&s->err);
}

/* --- how it ends ------------------------------------------------------- */

static int finish(struct openssh *s, struct keep_err *e)
{
	struct keep_exec_end end = {.phase = s->logged_in
		? KEEP_PHASE_RUN : KEEP_PHASE_HANDSHAKE};

	if (!s->ended) {
		keep_fail(&end.err, KEEP_E_DEADLINE, "%s %s",
			  s->x->login->host, s->logged_in
			  ? "is still busy with the command"
			  : "did not let us in in time");
		return keep_exec_finish(s->x, &end, e);
	}
	end.status = WIFEXITED(s->status) ? WEXITSTATUS(s->status) : 255;
	if (!WIFEXITED(s->status))
		keep_fail(&end.err, KEEP_E_IO, "ssh was ended by signal %d",
			  WTERMSIG(s->status));
	else if (end.status == 255)
		keep_openssh_judge(&s->tail, &end);
	return keep_exec_finish(s->x, &end, e);
}

static int on_deadline(struct keep_timer *t, struct keep_err *e)
{
	return finish(t->user, e);
}

static int finish_if_all(struct openssh *s, struct keep_err *e)
{
	if (!s->ended || s->out.fd.plus_one || s->err.fd.plus_one)
		return 0;
	return finish(s, e);
}

static int on_end(struct keep_child *c, int status, struct keep_err *e)
{
	struct openssh *s = c->user;

	s->ended = true;
	s->status = status;
	keep_timer_set(s->x->loop, &s->deadline, LINGER_MS);
	return finish_if_all(s, e);
}

/* --- its input --------------------------------------------------------- */

/* Whether there is something to send; else its end was, or it waits. */
static bool has_input(struct openssh *s)
{
	if (!s->pending.len && s->x->input)
		s->pending = s->x->input(s->x);
	if (!s->pending.p)
		shut(&s->in);
	return s->pending.len != 0;
}

static int feed(struct openssh *s, struct keep_err *e)
{
	ssize_t n;

	while (has_input(s)) {
		n = send(keep_fd_get(&s->in.fd), s->pending.p, s->pending.len,
			 MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return keep_watch_set(&s->in.watch, POLLOUT, e);
		if (n < 0) { /* it reads no more: its end tells why */
			shut(&s->in);
			return 0;
		}
		s->pending.p += n;
		s->pending.len -= (size_t)n;
	}
	return s->in.fd.plus_one ? keep_watch_set(&s->in.watch, 0, e) : 0;
}

static int on_room(struct keep_watch *w, short events, struct keep_err *e)
{
	struct openssh *s = w->user;

	if (!(events & (POLLERR | POLLHUP)))
		return feed(s, e);
	shut(&s->in);
	return 0;
}

static int resume(struct keep_exec *x, struct keep_err *e)
{
	struct openssh *s = x->state;

	return s->in.fd.plus_one ? feed(s, e) : 0;
}

/* --- its output -------------------------------------------------------- */

static void await_command(struct openssh *s)
{
	uint32_t timeout_ms = keep_login_timeout_ms(s->x->login,
						    KEEP_PHASE_RUN);

	s->logged_in = true;
	s->x->phase = KEEP_PHASE_RUN;
	if (s->ended) /* it lingers */
		return;
	if (timeout_ms)
		keep_timer_set(s->x->loop, &s->deadline, timeout_ms);
	else
		keep_timer_end(&s->deadline);
}

/* Takes the line of the LocalCommand off stdout, and no more. */
static void take_mark(struct openssh *s)
{
	char piece[PIECE], *end;
	int fd = keep_fd_get(&s->out.fd);
	ssize_t n = recv(fd, piece, sizeof piece, MSG_PEEK | MSG_DONTWAIT);

	if (n <= 0)
		return;
	end = memchr(piece, '\n', (size_t)n);
	keep_ignore(recv(fd, piece, end ? (size_t)(end + 1 - piece) : (size_t)n,
			 MSG_DONTWAIT) < 0, "it was there");
	if (end)
		await_command(s);
}

static int on_bytes(struct keep_watch *w, short events, struct keep_err *e)
{
	struct openssh *s = w->user;
	struct pipe *p = w == &s->out.watch ? &s->out : &s->err;
	char piece[PIECE];
	struct keep_slice bytes = {piece, 0};
	ssize_t n;

	(void)events;
	if (!s->logged_in)
		take_mark(s);
	n = read(w->fd, piece, sizeof piece);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (n <= 0) {
		shut(p);
		return finish_if_all(s, e);
	}
	bytes.len = (size_t)n;
	if (p == &s->err)
		keep_ssh_tail_add(&s->tail, bytes);
	if (!s->logged_in || !s->x->output) /* ssh's own words */
		return 0;
	return s->x->output(s->x, p == &s->err ? KEEP_STDERR : KEEP_STDOUT,
			    bytes, e);
}

/* --- how it begins ----------------------------------------------------- */

/* Our end of a channel to the child; *its is for the child. A socket instead
 * of a pipe raises no signal. */
static int join(struct openssh *s, struct pipe *ours, struct keep_fd *its,
		struct keep_err *e)
{
	bool in = ours == &s->in;
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
		return keep_fail_errno(e, "making a socket for ssh");
	ours->fd = keep_fd_of(ends[0]);
	*its = keep_fd_of(ends[1]);
	if (fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0)
		return keep_fail_errno(e, "making a socket for ssh");
	ours->watch.ready = in ? on_room : on_bytes;
	ours->watch.user = s;
	return keep_watch_add(s->x->loop, &ours->watch, ends[0],
			      in ? POLLOUT : POLLIN, e);
}

static int spawn(struct openssh *s, const char *const *argv,
		 struct keep_err *e)
{
	KEEP_AUTO(keep_fd) in = {0}, out = {0}, err = {0};
	struct keep_spawn how = {.argv = argv, .session = true};
	int rc = join(s, &s->in, &in, e);

	if (!rc)
		rc = join(s, &s->out, &out, e);
	if (!rc)
		rc = join(s, &s->err, &err, e);
	if (rc)
		return rc;
	how.in = in;
	how.out = out;
	how.err = err;
	s->child.ended = on_end;
	s->child.user = s;
	return keep_child_start(s->x->loop, &s->child, &how, e);
}

static int start(struct keep_exec *x, struct keep_err *e)
{
	struct openssh *s = KEEP_NEW(&x->mem, struct openssh);
	const char *const *argv;
	uint64_t login_ms = 0;
	enum keep_phase phase;
	int rc;

	if (!s)
		return keep_no_memory(e);
	x->state = s;
	s->x = x;
	rc = keep_openssh_argv(x, &argv, e);
	if (!rc)
		rc = spawn(s, argv, e);
	if (rc)
		return rc;
	for (phase = 0; phase < KEEP_PHASE_OPEN; phase++)
		login_ms += keep_login_timeout_ms(x->login, phase);
	s->deadline.fire = on_deadline;
	s->deadline.user = s;
	keep_timer_set(x->loop, &s->deadline, login_ms);
	return 0;
}

const struct keep_backend keep_openssh = {
	.name = "openssh",
	.start = start,
	.resume = resume,
	.end = stop,
};
