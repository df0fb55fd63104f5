/* Clients that want more than their share: of memory, of seats, of time. */
#include "daemon_room.h"

/* Kilobytes that a connection may have had. */
#if defined(__SANITIZE_ADDRESS__)
enum { SHARE = 1 << 20 }; /* what is given back is not used again soon */
#else
enum { SHARE = 32 << 10 };
#endif

static uint64_t peak(struct room *r, struct keep_client *k)
{
	struct keep_slice word = KEEP_S("peak");
	struct keep_verb_call v = {.path = {&word, 1}};
	struct keep_got got = {0};
	uint32_t id;

	need(!keep_client_ask(k, &v, &id, &r->e));
	do
		keep_mem_reset(&r->m);
	while (!next(r, k, &got) && got.id != id);
	return got.id == id ? keep_cbor_next(&got.value).v : UINT64_MAX;
}

/* Requests are short, answers long; none is heard before all are asked. */
static void long_answers(void)
{
	KEEP_AUTO(keep_client) k = {0};
	struct room r;
	int i;

	room_begin(&r);
	start(&r);
	connect_to(&r, &k);
	for (i = 0; i < 400; i++)
		ask(&r, &k, "half", 0);
	ok(peak(&r, &k) < SHARE, "long answers to many calls do not pile up");
	room_end(&r);
}

static void long_questions(void)
{
	static char text[900 << 10];
	KEEP_AUTO(keep_client) k = {0};
	KEEP_AUTO(keep_buf) args = {0};
	struct keep_slice word = KEEP_S("differ");
	struct keep_verb_call v = {.path = {&word, 1}};
	struct room r;
	uint32_t id;
	int i;

	room_begin(&r);
	start(&r);
	connect_to(&r, &k);
	keep_cbor_put_bytes(&args, (struct keep_slice){text, sizeof text});
	v.args = keep_buf_get(&args);
	ask(&r, &k, "wait", 300);
	for (i = 0; i < 60; i++)
		need(!keep_client_ask(&k, &v, &id, &r.e));
	ok(peak(&r, &k) < SHARE, "nor do long calls behind one that runs");
	room_end(&r);
}

/* Whose frame may take weeks. */
static void patient(void)
{
	struct room r;
	int fd;

	room_begin(&r);
	r.d.limits = (struct keep_limits){.frame_ms = UINT32_MAX};
	start(&r);
	fd = raw(&r);
	say(fd, (struct keep_slice){PING.p, 7});
	poll(NULL, 0, 50);
	say(fd, (struct keep_slice){PING.p + 7, PING.len - 7});
	is_slice(hear(&r, fd, PONG.len), PONG, "a limit may be any number");
	close(fd);
	room_end(&r);
}

/* What a call started ends with it: this holds its connection open. */
static void nested(void)
{
	KEEP_AUTO(keep_client) k = {0};
	struct room r;

	room_begin(&r);
	r.d.grace_ms = 50;
	start(&r);
	connect_to(&r, &k);
	is_int(last(&r, &k, ask(&r, &k, "nest", 50)), -KEEP_E_UNREACHABLE,
	       "a call that hangs is ended with all that it started");
	room_end(&r);
}

/* As a terminal tells all of a job. */
static void interrupted(void)
{
	KEEP_AUTO(keep_client) k = {0};
	struct keep_got got;
	struct room r;
	uint32_t id;

	room_begin(&r);
	start(&r);
	connect_to(&r, &k);
	id = ask(&r, &k, "wait", 0);
	need(!next(&r, &k, &got));
	kill(-r.pid, SIGINT);
	is_int(last(&r, &k, id), -KEEP_E_CANCELLED,
	       "a terminal's signal is the daemon's, which cancels its calls");
	is_int(ended(&r), 0, "and ends well");
	room_end(&r);
}

/* Who started the daemon may not care how children end. */
static void ignored(void)
{
	KEEP_AUTO(keep_client) k = {0};
	struct room r;
	int i, good = 0;

	room_begin(&r);
	r.d.idle_exit_ms = 50;
	signal(SIGCHLD, SIG_IGN);
	start(&r);
	signal(SIGCHLD, SIG_DFL);
	connect_to(&r, &k);
	is_int(ask_and_wait(&r, &k, "echo"), 0, "a client comes");
	keep_client_end(&k);
	for (i = 0; i < 50 && !good; i++) {
		poll(NULL, 0, 100);
		good = kill(r.pid, 0) == 0 &&
		       waitpid(r.pid, NULL, WNOHANG) == r.pid;
	}
	ok(good, "and its end is noticed, whatever was to be ignored");
	if (good)
		r.pid = 0;
	room_end(&r);
}

/* A server that sends without end. */
static void flooded(void)
{
	KEEP_AUTO(keep_client) k = {0};
	struct keep_got got;
	struct room r;
	int ends[2], n, rc = 0;

	room_begin(&r);
	start(&r);
	connect_to(&r, &k);
	ask(&r, &k, "flood", 0);
	need(!next(&r, &k, &got) && pipe(ends) == 0 &&
	     write(ends[1], "", 1) == 1);
	k.cancel_fd_plus_one = ends[0] + 1;
	for (n = 0; !rc && n < 5000; n++) {
		rc = next(&r, &k, &got);
		keep_mem_reset(&r.m);
	}
	is_int(rc, -KEEP_E_CANCELLED, "a flood of items keeps no client from "
	       "being cancelled");
	close(ends[0]);
	close(ends[1]);
	room_end(&r);
}

static int let_in(const struct keep_daemon *d, const struct keep_peer *p,
		  struct keep_err *e)
{
	(void)d, (void)p, (void)e;
	return 0;
}

/* How many of nine connections a user has at once. */
static int seats_of(struct room *r, uid_t uid)
{
	int status, n = 0, i, fds[9];
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		if (setresuid(uid, uid, uid))
			_exit(99);
		for (i = 0; i < 9; i++) {
			fds[i] = raw(r);
			say(fds[i], PING);
			n += keep_slice_eq(hear(r, fds[i], PONG.len), PONG);
		}
		_exit(n);
	}
	need(waitpid(pid, &status, 0) == pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Where any user may connect. */
static void strangers(void)
{
	struct room r;

	if (geteuid() != 0)
		return;
	room_begin(&r);
	r.d.max_connections = 24;
	r.d.admit = let_in;
	start(&r);
	r.at = (struct keep_socket){.place = KEEP_SOCKET_PATH};
	r.at.name = keep_mem_print(&r.m, "%s/keep/unit.sock", r.dir);
	need(r.at.name.p && !chmod(r.dir, 0711) &&
	     !chmod(keep_mem_print(&r.m, "%s/keep", r.dir).p, 0711) &&
	     !chmod(r.at.name.p, 0666));
	is_int(seats_of(&r, 1000), 3, "another user gets an eighth of all "
	       "connections");
	is_int(seats_of(&r, 0), 9, "the daemon's own gets what it wants");
	room_end(&r);
}

int main(void)
{
	patient();
	if (!tap_times(1, 0))
		return done();
	long_answers();
	long_questions();
	strangers();
	nested();
	ignored();
	flooded();
	interrupted();
	return done();
}
