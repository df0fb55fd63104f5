/* An external command while it runs. It has no descriptor of this process but
 * three of its own, and a session of its own, so that all that it started can
 * be ended with it. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "external.h"

enum {
	PIECE = 16 << 10,          /* bytes that are read at once */
	LAST = (1 << 20) / PIECE,  /* pieces that a pipe can hold */
};

extern char **environ;

/* --- what it gets -------------------------------------------------------- */

/* Of the service, not of what it runs. */
static bool is_ours(const char *variable)
{
	static const char *const ours[] = {
		"KEEP_IO=", "NOTIFY_SOCKET=", "LISTEN_PID=", "LISTEN_FDS=",
		"LISTEN_FDNAMES=", "SSH_AUTH_SOCK=",
	};
	size_t i;

	for (i = 0; i < KEEP_COUNT(ours); i++)
		if (keep_slice_starts(keep_slice(variable), ours[i]))
			return true;
	return false;
}

static const char *const *environment(const struct keep_outside *o)
{
	struct keep_mem *m = o->c->mem;
	struct keep_slice agent = keep_mem_print(m, "SSH_AUTH_SOCK=%.*s",
						 KEEP_F(o->c->agent_path));
	const char **v;
	size_t n = 0, i;

	while (environ[n])
		n++;
	v = KEEP_NEWS(m, n + 3, const char *);
	if (!v || !agent.p)
		return NULL;
	for (n = i = 0; environ[i]; i++)
		if (!is_ours(environ[i]))
			v[n++] = environ[i];
	if (o->c->agent_path.len)
		v[n++] = agent.p;
	if (o->speaks)
		v[n] = "KEEP_IO=cbor";
	return v;
}

/* A socket for stdin, since writing to one that is closed needs no signal. */
static int make_stdin(struct keep_fd *own, struct keep_fd *its,
		      struct keep_err *e)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
		return keep_fail_errno(e, "making a socket");
	*own = keep_fd_of(ends[0]);
	*its = keep_fd_of(ends[1]);
	return 0;
}

static int make_output(struct keep_fd *own, struct keep_fd *its,
		       struct keep_err *e)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		return keep_fail_errno(e, "making a pipe");
	*own = keep_fd_of(ends[0]);
	*its = keep_fd_of(ends[1]);
	if (fcntl(ends[0], F_SETFL, O_NONBLOCK))
		return keep_fail_errno(e, "making a pipe");
	return 0;
}

static int start(struct keep_outside *o, struct keep_err *e)
{
	KEEP_AUTO(keep_fd) in = {0};
	KEEP_AUTO(keep_fd) out = {0};
	KEEP_AUTO(keep_fd) err = {0};
	const struct keep_ctx *c = o->c;
	struct keep_spawn how = {
		.argv = o->argv, .env = environment(o), .session = true,
		.dir = c->instance.plus_one ? c->instance : c->caller_dir,
	};

	if (!how.env)
		return keep_no_memory(e);
	if ((o->speaks && make_stdin(&o->fd[0], &in, e)) ||
	    make_output(&o->fd[1], &out, e) || make_output(&o->fd[2], &err, e))
		return -e->code;
	how.in = in;
	how.out = out;
	how.err = err;
	return keep_child_start(&o->loop, &o->child, &how, e);
}

/* --- what it says -------------------------------------------------------- */

void keep_outside_deaf(struct keep_outside *o, int fd)
{
	keep_watch_end(&o->watch[fd]);
	keep_fd_end(&o->fd[fd]);
}

static void kill_all(const struct keep_outside *o)
{
	if (o->group > 0)
		kill(-o->group, SIGKILL);
}

/* False: nothing more is there. */
static bool hear(struct keep_outside *o, int fd)
{
	char piece[PIECE];
	struct keep_err e = {0};
	ssize_t n = read(keep_fd_get(&o->fd[fd]), piece, sizeof piece);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return errno == EINTR;
	if (n <= 0) {
		keep_outside_deaf(o, fd);
	} else if (o->took(o, fd, (struct keep_slice){piece, (size_t)n}, &e)) {
		keep_outside_stop(o, &e);
		keep_outside_deaf(o, 1);
		keep_outside_deaf(o, 2);
		kill_all(o);
	}
	return o->fd[fd].plus_one;
}

static int on_output(struct keep_watch *w, short events, struct keep_err *e)
{
	struct keep_outside *o = w->user;

	(void)events;
	(void)e;
	hear(o, w == &o->watch[1] ? 1 : 2);
	return 0;
}

static int on_input(struct keep_watch *w, short events, struct keep_err *e)
{
	struct keep_outside *o = w->user;
	ssize_t n = send(w->fd, o->input.p, o->input.len,
			 MSG_NOSIGNAL | MSG_DONTWAIT);

	(void)events;
	(void)e;
	if (n > 0) {
		o->input.p += n;
		o->input.len -= (size_t)n;
	}
	/* one that reads no more may have answered */
	if (!o->input.len ||
	    (n < 0 && errno != EAGAIN && errno != EINTR))
		keep_watch_end(w);
	return 0;
}

/* --- its end ------------------------------------------------------------- */

static int on_kill(struct keep_timer *t, struct keep_err *e)
{
	(void)e;
	kill_all(t->user);
	return 0;
}

/* What it started, too, when it was to end. */
static int on_end(struct keep_child *child, int status, struct keep_err *e)
{
	struct keep_outside *o = child->user;

	(void)e;
	o->status = status;
	o->ended = true;
	if (o->ending)
		kill_all(o);
	return 0;
}

void keep_outside_stop(struct keep_outside *o, const struct keep_err *why)
{
	if (why && !o->why.code)
		o->why = *why;
	if (o->ending)
		return;
	o->ending = true;
	keep_outside_deaf(o, 0);
	if (!o->speaks)
		kill(-o->group, SIGTERM);
	keep_timer_set(&o->loop, &o->kill, o->grace_ms);
}

/* --- all of it ----------------------------------------------------------- */

static int watch(struct keep_outside *o, struct keep_err *e)
{
	static const short events[] = {POLLOUT, POLLIN, POLLIN};
	int i, rc = 0;

	for (i = 0; i < 3 && !rc; i++) {
		o->watch[i] = (struct keep_watch){
			.ready = i ? on_output : on_input, .user = o};
		if (o->fd[i].plus_one)
			rc = keep_watch_add(&o->loop, &o->watch[i],
					    keep_fd_get(&o->fd[i]), events[i],
					    e);
	}
	return rc;
}

/* What it left in its pipes; others that it started may write for ever. */
static void hear_last(struct keep_outside *o)
{
	int fd, i;

	for (fd = 1; fd < 3; fd++)
		for (i = 0; i < LAST && o->fd[fd].plus_one && hear(o, fd); i++)
			;
}

static int turn(struct keep_outside *o, struct keep_err *e)
{
	struct keep_err why = {0};

	if (!o->ending &&
	    keep_wait(o->c, keep_fd_get(&o->loop.poll), POLLIN, &why))
		keep_outside_stop(o, &why);
	return keep_loop_turn(&o->loop, o->ending ? -1 : 0, e);
}

static void end(struct keep_outside *o)
{
	int i;

	if (o->child.pid)
		kill_all(o);
	keep_child_end(&o->child);
	keep_timer_end(&o->kill);
	for (i = 0; i < 3; i++)
		keep_outside_deaf(o, i);
	keep_loop_end(&o->loop);
}

int keep_outside_run(struct keep_outside *o, struct keep_err *e)
{
	int rc = keep_loop_begin(&o->loop, e);

	if (rc)
		return rc;
	o->child = (struct keep_child){.ended = on_end, .user = o};
	o->kill = (struct keep_timer){.fire = on_kill, .user = o};
	rc = start(o, e);
	o->group = o->child.pid;
	if (!rc)
		rc = watch(o, e);
	while (!rc && !o->ended)
		rc = turn(o, e);
	if (!rc)
		hear_last(o);
	end(o);
	if (rc || !o->why.code)
		return rc;
	*e = o->why;
	return -e->code;
}
