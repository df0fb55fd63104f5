/* The parent: it listens, looks who comes, forks, and buries. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "conn.h"

enum {
	CONNECTIONS = 1500, STOP_MS = 30000, IDLE_EXIT_MS = 20 * 60 * 1000,
	GRACE_MS = 5000,   /* behind a deadline */
	RETRY_MS = 100,    /* until descriptors may be had again */
	AT_ONCE = 64,      /* connections a turn */
};

/* One daemon while it runs. */
struct server {
	const struct keep_daemon *d;
	struct keep_activation systemd;
	struct keep_listener listener;
	struct keep_loop loop;
	struct keep_watch clients, signals, bell;
	struct keep_timer idle, retry, kill, late;
	struct keep_fd signal_fd;
	struct keep_fd life, life_end; /* children have the first, and notice
					* when nobody has the second */
	struct keep_children children;
	sigset_t before;
	bool stopping;
};

/* --- connections --------------------------------------------------------- */

static int is_own(const struct keep_peer *p, struct keep_err *e)
{
	if (keep_peer_is_own(p))
		return 0;
	return keep_fail(e, KEEP_E_DENIED, "uid %u may not use this service",
			 p->uid);
}

static int admit(const struct server *s, int fd, struct keep_peer *p,
		 struct keep_err *e)
{
	const struct keep_daemon *d = s->d;

	if (keep_peer_get(fd, p, e))
		return -e->code;
	if (p->uid == KEEP_NOBODY)
		return keep_fail(e, KEEP_E_DENIED, "uid %u is nobody's",
				 p->uid);
	if (d->admit ? d->admit(d, p, e) : is_own(p, e))
		return -e->code;
	if (keep_children_room(&s->children, p))
		return 0;
	keep_fail(e, KEEP_E_BUSY, "%zu clients are connected", s->children.n);
	e->retry_after_ms = 1000;
	return -KEEP_E_BUSY;
}

/* A client that was not admitted hears why. */
static void refuse(const struct server *s, int fd, const struct keep_err *why)
{
	struct keep_conn c = {.daemon = s->d};

	keep_conn_refuse(&c, KEEP_NO_ID, why);
	keep_ignore(send(fd, c.out.p, c.out.len,
			 MSG_NOSIGNAL | MSG_DONTWAIT) < 0, "its loss");
	keep_conn_drop(&c);
	keep_log(s->d->log, KEEP_LOG_NOTICE, "refused: %s", why->message);
}

/* What is the parent's alone goes; a lock or a watched socket would outlive
 * it in its child. So does a terminal, whose signals are the parent's. */
static void become_child(struct server *s, struct keep_fd fd, size_t seat)
{
	struct keep_conn_seat at = {&s->children, seat};
	struct keep_err e = {0};

	setsid();
	keep_listener_close(&s->listener);
	keep_fd_end(&s->signal_fd);
	keep_fd_end(&s->loop.poll);
	keep_fd_end(&s->life_end);
	sigprocmask(SIG_SETMASK, &s->before, NULL);
	if (keep_conn_serve_at(s->d, fd, keep_fd_get(&s->life), &at, &e))
		keep_log(s->d->log, KEEP_LOG_ERROR, "%s", e.message);
	_exit(0);
}

static int start_child(struct server *s, struct keep_fd fd, uint32_t uid,
		       struct keep_err *e)
{
	size_t seat = keep_children_seat(&s->children);
	pid_t pid = fork();

	if (pid == 0)
		become_child(s, fd, seat);
	if (pid > 0) {
		keep_children_add(&s->children, seat, pid, uid);
		keep_timer_end(&s->idle);
		return 0;
	}
	keep_fail(e, KEEP_E_BUSY, "no process could be made: %s",
		  strerror(errno));
	e->retry_after_ms = 1000;
	return -KEEP_E_BUSY;
}

static void serve(struct server *s, struct keep_fd fd)
{
	struct keep_err e = {0};
	struct keep_peer p;

	if (admit(s, keep_fd_get(&fd), &p, &e) ||
	    start_child(s, fd, p.uid, &e))
		refuse(s, keep_fd_get(&fd), &e);
	keep_fd_end(&fd);
}

/* Without descriptors or memory who waits would be told of for ever: they are
 * looked at again a little later. */
static int pause_accepting(struct server *s, struct keep_err *e)
{
	keep_log(s->d->log, KEEP_LOG_WARNING, "accepting: %s",
		 strerror(errno));
	keep_timer_set(&s->loop, &s->retry, RETRY_MS);
	return keep_watch_set(&s->clients, 0, e);
}

static int on_client(struct keep_watch *w, short events, struct keep_err *e)
{
	struct server *s = w->user;
	int fd, i;

	(void)events;
	for (i = 0; i < AT_ONCE; i++) {
		fd = accept4(w->fd, NULL, NULL, SOCK_CLOEXEC);
		if (fd >= 0)
			serve(s, keep_fd_of(fd));
		else if (errno == EMFILE || errno == ENFILE ||
			 errno == ENOMEM || errno == ENOBUFS)
			return pause_accepting(s, e);
		else if (errno == EAGAIN)
			return 0;
	}
	return 0;
}

static int on_retry(struct keep_timer *t, struct keep_err *e)
{
	struct server *s = t->user;

	return s->stopping ? 0 : keep_watch_set(&s->clients, POLLIN, e);
}

/* --- the end ------------------------------------------------------------- */

static int on_idle(struct keep_timer *t, struct keep_err *e)
{
	struct server *s = t->user;
	int rc = on_client(&s->clients, POLLIN, e);

	if (rc || s->children.n)
		return rc;
	keep_log(s->d->log, KEEP_LOG_INFO, "idle: ends");
	keep_loop_stop(&s->loop);
	return 0;
}

static void wait_idle(struct server *s)
{
	uint64_t ms = s->d->idle_exit_ms ? s->d->idle_exit_ms : IDLE_EXIT_MS;

	if (ms != KEEP_NEVER && !s->stopping)
		keep_timer_set(&s->loop, &s->idle, ms);
}

static int on_kill(struct keep_timer *t, struct keep_err *e)
{
	struct server *s = t->user;

	(void)e;
	keep_log(s->d->log, KEEP_LOG_WARNING, "%zu connections did not end in "
		 "time", keep_children_kill(&s->children, UINT64_MAX));
	return 0;
}

/* --- deadlines ----------------------------------------------------------- */

static uint64_t grace_ms(const struct server *s)
{
	return keep_limit(s->d->grace_ms, GRACE_MS);
}

static void wait_late(struct server *s)
{
	uint64_t now = keep_loop_now_ms(), end;

	keep_timer_end(&s->late);
	if (!__builtin_add_overflow(keep_children_due(&s->children),
				    grace_ms(s), &end))
		keep_timer_set(&s->loop, &s->late, end > now ? end - now : 0);
}

static int on_late(struct keep_timer *t, struct keep_err *e)
{
	struct server *s = t->user;
	size_t n = keep_children_kill(&s->children,
				      keep_loop_now_ms() - grace_ms(s));

	(void)e;
	if (n)
		keep_log(s->d->log, KEEP_LOG_ERROR, "%zu calls did not end "
			 "%" PRIu64 " ms after their deadline", n,
			 grace_ms(s));
	wait_late(s);
	return 0;
}

static int on_bell(struct keep_watch *w, short events, struct keep_err *e)
{
	uint64_t count;

	(void)events;
	(void)e;
	keep_ignore(read(w->fd, &count, sizeof count) < 0, "it rang before");
	wait_late(w->user);
	return 0;
}

static void stop(struct server *s)
{
	if (s->stopping)
		return;
	s->stopping = true;
	keep_activation_notify(&s->systemd, "STOPPING=1");
	keep_watch_end(&s->clients);
	keep_timer_end(&s->idle);
	keep_listener_end(&s->listener);
	keep_fd_end(&s->life_end);
	keep_timer_set(&s->loop, &s->kill,
		       keep_limit(s->d->stop_ms, STOP_MS));
	if (!s->children.n)
		keep_loop_stop(&s->loop);
}

static int bury(struct server *s, struct keep_err *e)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (WIFSIGNALED(status))
			keep_log(s->d->log, KEEP_LOG_ERROR, "pid=%d ended by "
				 "signal %d", pid, WTERMSIG(status));
		keep_children_forget(&s->children, pid);
	}
	if (s->children.n)
		return 0;
	if (s->stopping)
		keep_loop_stop(&s->loop);
	else
		wait_idle(s);
	return s->retry.loop ? on_retry(&s->retry, e) : 0;
}

static int on_signal(struct keep_watch *w, short events, struct keep_err *e)
{
	struct server *s = w->user;
	struct signalfd_siginfo i;

	(void)events;
	while (read(w->fd, &i, sizeof i) == sizeof i) {
		if (i.ssi_signo != SIGCHLD)
			stop(s);
		else if (bury(s, e))
			return -e->code;
	}
	return 0;
}

/* --- the beginning ------------------------------------------------------- */

static int begin_listening(struct server *s, struct keep_err *e)
{
	const struct keep_daemon *d = s->d;

	if (keep_activation_take(&s->systemd, e))
		return -e->code;
	if (!s->systemd.n)
		return keep_socket_listen(&d->socket, &s->listener, e);
	if (keep_activation_get(&s->systemd,
				s->systemd.n > 1 ? d->name : NULL,
				&s->listener))
		return 0;
	return keep_fail(e, KEEP_E_BAD_CONFIG, "systemd passed %zu sockets, "
			 "none of the name %s", s->systemd.n, d->name);
}

static int begin_signals(struct server *s, struct keep_err *e)
{
	sigset_t heard;
	int fd;

	sigemptyset(&heard);
	sigaddset(&heard, SIGTERM);
	sigaddset(&heard, SIGINT);
	sigaddset(&heard, SIGCHLD);
	sigprocmask(SIG_BLOCK, &heard, &s->before);
	fd = signalfd(-1, &heard, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd < 0)
		return keep_fail_errno(e, "waiting for signals");
	s->signal_fd = keep_fd_of(fd);
	return keep_watch_add(&s->loop, &s->signals, fd, POLLIN, e);
}

static int begin(struct server *s, struct keep_err *e)
{
	int life[2];

	if (keep_loop_begin(&s->loop, e) || begin_signals(s, e) ||
	    begin_listening(s, e) ||
	    keep_children_begin(&s->children, keep_limit(
			s->d->max_connections, CONNECTIONS), e) ||
	    keep_watch_add(&s->loop, &s->bell,
			   keep_fd_get(&s->children.bell), POLLIN, e))
		return -e->code;
	if (pipe2(life, O_CLOEXEC) != 0)
		return keep_fail_errno(e, "making a pipe");
	s->life = keep_fd_of(life[0]);
	s->life_end = keep_fd_of(life[1]);
	return keep_watch_add(&s->loop, &s->clients,
			      keep_fd_get(&s->listener.fd), POLLIN, e);
}

static void end(struct server *s)
{
	keep_timer_end(&s->idle);
	keep_timer_end(&s->retry);
	keep_timer_end(&s->kill);
	keep_timer_end(&s->late);
	keep_watch_end(&s->bell);
	keep_watch_end(&s->clients);
	keep_watch_end(&s->signals);
	keep_listener_end(&s->listener);
	keep_fd_end(&s->life);
	keep_fd_end(&s->life_end);
	keep_fd_end(&s->signal_fd);
	keep_loop_end(&s->loop);
	keep_activation_end(&s->systemd);
	keep_children_end(&s->children);
	sigprocmask(SIG_SETMASK, &s->before, NULL);
}

static void note_place(const struct server *s)
{
	KEEP_AUTO(keep_buf) path = {0};

	keep_socket_path(&s->d->socket, &path);
	if (s->systemd.n)
		keep_log(s->d->log, KEEP_LOG_INFO, "listens where systemd "
			 "says");
	else
		keep_log(s->d->log, KEEP_LOG_INFO, "listens at %.*s",
			 KEEP_F(keep_buf_get(&path)));
}

int keep_daemon_run(const struct keep_daemon *d, struct keep_err *e)
{
	struct server s = {
		.d = d,
		.clients = {.ready = on_client}, .signals = {.ready = on_signal},
		.idle = {.fire = on_idle}, .retry = {.fire = on_retry},
		.kill = {.fire = on_kill}, .late = {.fire = on_late},
		.bell = {.ready = on_bell},
	};
	int rc, dumpable = prctl(PR_GET_DUMPABLE);

	prctl(PR_SET_DUMPABLE, 0);
	s.clients.user = s.signals.user = s.bell.user = &s;
	s.idle.user = s.retry.user = s.kill.user = s.late.user = &s;
	sigprocmask(SIG_BLOCK, NULL, &s.before);
	rc = begin(&s, e);
	if (!rc) {
		note_place(&s);
		keep_activation_notify(&s.systemd, "READY=1");
		wait_idle(&s);
		rc = keep_loop_run(&s.loop, e);
	}
	end(&s);
	prctl(PR_SET_DUMPABLE, dumpable);
	return rc;
}
