/* A daemon in a process of its own, and its clients. It is handed its socket,
 * so nobody waits until it listens. */
#ifndef DAEMON_ROOM_H
#define DAEMON_ROOM_H

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <keep/client.h>
#include <keep/daemon.h>
#include <keep/loop.h>
#include "tap.h"

/* What takes longer hangs; without memory somebody may not answer. */
static inline uint32_t soon_ms(void)
{
	return tap_times(10000, 200);
}

/* The daemon's process, and where it listens. */
struct room {
	struct keep_mem m;
	char dir[100];
	struct keep_socket at;
	struct keep_daemon d;
	pid_t pid;
	struct keep_err e;
};

/* `wait`: until it is told to end. */
static int wait_for_end(struct keep_conn *c, struct keep_err *e)
{
	struct pollfd p = {.fd = keep_conn_cancel_fd(c), .events = POLLIN};
	uint64_t left;
	int rc;

	keep_conn_progress(c, &(struct keep_progress){
		.text = KEEP_S("waits")});
	while ((rc = keep_conn_heed(c, e)) == 0) {
		left = keep_conn_left_ms(c);
		poll(&p, 1, left < 1000 ? (int)left + 1 : 1000);
	}
	return rc;
}

static int send_items(struct keep_conn *c, size_t n, struct keep_err *e)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (keep_conn_item(c, KEEP_S("\x63""one"), e) ||
		    keep_conn_flush(c, e))
			return -e->code;
	return 0;
}

/* Kilobytes that the connection's process had at once. */
static void put_peak(struct keep_buf *out)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	keep_cbor_put_uint(out, (uint64_t)u.ru_maxrss);
}

static void crash(void)
{
	sigaction(SIGSEGV, &(struct sigaction){.sa_handler = SIG_DFL}, NULL);
	raise(SIGSEGV);
}

static int call(struct keep_conn *c, const struct keep_verb_call *v,
		struct keep_buf *out, struct keep_err *e)
{
	struct keep_slice verb = v->path.v[0];

	if (keep_slice_is(verb, "peak")) {
		put_peak(out);
		return 0;
	}
	if (v->args.p)
		keep_buf_slice(out, v->args);
	if (keep_slice_is(verb, "echo"))
		return 0;
	if (keep_slice_is(verb, "differ"))
		return KEEP_E_DIFFERS;
	if (keep_slice_is(verb, "items"))
		return send_items(c, 3, e);
	if (keep_slice_is(verb, "flood"))
		return send_items(c, 1 << 20, e);
	if (keep_slice_is(verb, "wait"))
		return wait_for_end(c, e);
	if (keep_slice_is(verb, "crash"))
		crash();
	if (keep_slice_is(verb, "nest"))
		fork();
	if (keep_slice_is(verb, "hang") || keep_slice_is(verb, "nest")) {
		keep_conn_progress(c, &(struct keep_progress){
			.text = KEEP_S("hangs")});
		for (;;)
			pause();
	}
	if (keep_slice_is(verb, "half")) {
		out->len = 0;
		keep_cbor_put_bytes(out, (struct keep_slice){
			keep_mem_alloc(c->mem, 512 << 10), 512 << 10});
		return 0;
	}
	if (keep_slice_is(verb, "big")) {
		keep_cbor_put_bytes(out, (struct keep_slice){
			keep_mem_alloc(c->mem, 2 << 20), 2 << 20});
		return 0;
	}
	keep_fail(e, KEEP_E_NO_SUCH_COMMAND, "no verb '%.*s'", KEEP_F(verb));
	return keep_hint(e, "try echo");
}

static void room_begin(struct room *r)
{
	*r = (struct room){0};
	need(tap_dir(r->dir, sizeof r->dir));
	r->at = (struct keep_socket){.name = KEEP_S("unit"),
				     .runtime_dir = keep_slice(r->dir)};
	r->d = (struct keep_daemon){.name = "unit", .socket = r->at,
				    .call = call};
}

/* In the daemon's process, which does not outlive the test: also where that
 * ends before we begin. */
static void be_daemon(const struct room *r, int fd, pid_t test)
{
	char pid[20];
	struct keep_err e = {0};
	int rc;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != test)
		_exit(1);
	setpgid(0, 0);
	snprintf(pid, sizeof pid, "%d", getpid());
	need(dup2(fd, 3) == 3 && !setenv("LISTEN_PID", pid, 1) &&
	     !setenv("LISTEN_FDS", "1", 1));
	rc = keep_daemon_run(&r->d, &e);
	if (rc)
		fprintf(stderr, "# daemon: %s\n", e.message);
	_exit(rc != 0);
}

static void start(struct room *r)
{
	struct keep_listener l;
	pid_t test = getpid();
	int fd;

	need(!keep_socket_listen(&r->at, &l, &r->e));
	fd = fcntl(keep_fd_get(&l.fd), F_DUPFD_CLOEXEC, 20);
	keep_listener_close(&l);
	fflush(stdout);
	r->pid = fork();
	if (r->pid == 0)
		be_daemon(r, fd, test);
	need(r->pid > 0);
	close(fd);
}

/* The exit status of the daemon, which ends by itself; -1: it was killed. */
static int ended(struct room *r)
{
	int status = -1;

	need(waitpid(r->pid, &status, 0) == r->pid);
	r->pid = 0;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void room_end(struct room *r)
{
	if (r->pid) {
		kill(r->pid, SIGTERM);
		is_int(ended(r), 0, "SIGTERM ends the daemon well");
	}
	keep_ignore(keep_dir_remove(AT_FDCWD, r->dir, NULL), "it is scratch");
	keep_mem_end(&r->m);
}

/* --- by the client ------------------------------------------------------- */

static inline uint32_t ask(struct room *r, struct keep_client *k,
			   const char *verb, uint64_t deadline_ms)
{
	struct keep_slice word = keep_slice(verb);
	struct keep_verb_call v = {
		.path = {&word, 1}, .args = KEEP_S("\x82\1\2"),
		.has_deadline_ms = deadline_ms != 0,
		.deadline_ms = deadline_ms, .has_mode = true,
		.mode = KEEP_AS_THEY_COME,
	};
	uint32_t id = 0;

	need(!keep_client_ask(k, &v, &id, &r->e));
	return id;
}

static inline int next(struct room *r, struct keep_client *k,
		       struct keep_got *got)
{
	r->e = (struct keep_err){0};
	return keep_client_next(k, &r->m, keep_loop_now_ms() + soon_ms(), got,
				&r->e);
}

/* The code of the last answer to ID: 0, a verdict, or -code. */
static inline int last(struct room *r, struct keep_client *k, uint32_t id)
{
	struct keep_got got;
	int rc;

	do
		rc = next(r, k, &got);
	while (!rc && (got.id != id || got.kind < KEEP_GOT_RESULT));
	if (rc)
		return rc;
	return got.kind == KEEP_GOT_ERROR ? -got.error.code : got.verdict;
}

static inline int ask_and_wait(struct room *r, struct keep_client *k,
			const char *verb)
{
	return last(r, k, ask(r, k, verb, 0));
}

static inline void connect_to(struct room *r, struct keep_client *k)
{
	if (keep_client_connect(k, &r->at, &r->e)) {
		fprintf(stderr, "# %s\n", r->e.message);
		need(!r->e.code);
	}
}

/* --- by hand ------------------------------------------------------------- */

static inline int raw(struct room *r)
{
	KEEP_AUTO(keep_fd) fd = {0};

	need(!keep_socket_connect(&r->at, &fd, &r->e));
	return keep_fd_get(&fd) >= 0 ? dup(keep_fd_get(&fd)) : -1;
}

static inline bool say(int fd, struct keep_slice bytes)
{
	return send(fd, bytes.p, bytes.len, MSG_NOSIGNAL) ==
	       (ssize_t)bytes.len;
}

/* What is heard until LEN bytes are there, or the end. */
static inline struct keep_slice hear(struct room *r, int fd, size_t len)
{
	char *p = keep_mem_alloc(&r->m, len);
	struct pollfd w = {.fd = fd, .events = POLLIN};
	size_t n = 0;
	ssize_t some = 1;

	need(p);
	while (n < len && some > 0 && poll(&w, 1, (int)soon_ms()) > 0) {
		some = recv(fd, p + n, len - n, 0);
		n += some > 0 ? (size_t)some : 0;
	}
	return (struct keep_slice){p, n};
}

/* One frame that is heard. */
static inline struct keep_slice hear_frame(struct room *r, int fd)
{
	struct keep_slice head = hear(r, fd, 4);

	if (head.len < 4)
		return (struct keep_slice){0};
	return hear(r, fd, (size_t)(uint8_t)head.p[2] << 8 |
			   (uint8_t)head.p[3]);
}

/* The code of the error that is heard; 0: an ok; -1: the end. */
static inline int hear_code(struct room *r, int fd, struct keep_reply *reply)
{
	struct keep_slice frame = hear_frame(r, fd);

	if (!frame.p)
		return -1;
	need(!keep_reply_get(&r->m, frame, reply, &r->e));
	return reply->error.code;
}

static inline bool is_over(int fd)
{
	struct pollfd w = {.fd = fd, .events = POLLIN};
	char byte;

	return poll(&w, 1, (int)soon_ms()) > 0 && recv(fd, &byte, 1, 0) <= 0;
}

#define PING KEEP_S("\0\0\0\x11\xa2\0\x68keep/0.1\1\x44\0\0\0\1")
#define PONG KEEP_S("\0\0\0\7\xa1\0\x44\0\0\0\1")

#endif
