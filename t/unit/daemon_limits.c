/* The daemon's limits: who is refused, what takes too long, and that nobody
 * else is harmed. */
#include "daemon_room.h"

static void crashes(void)
{
	KEEP_AUTO(keep_client) one = {0}, other = {0};
	struct room r;

	room_begin(&r);
	start(&r);
	connect_to(&r, &one);
	connect_to(&r, &other);
	is_int(ask_and_wait(&r, &other, "echo"), 0, "two clients are served");
	is_int(ask_and_wait(&r, &one, "crash"), -KEEP_E_UNREACHABLE,
	       "a crash ends its connection");
	is_int(ask_and_wait(&r, &other, "echo"), 0,
	       "and harms nobody else");
	connect_to(&r, &one);
	is_int(ask_and_wait(&r, &one, "echo"), 0, "the next is served");
	room_end(&r);
}

static void crowded(void)
{
	struct keep_client k[3] = {0};
	struct room r;

	room_begin(&r);
	r.d.max_connections = 2;
	start(&r);
	connect_to(&r, &k[0]);
	connect_to(&r, &k[1]);
	connect_to(&r, &k[2]);
	is_int(ask_and_wait(&r, &k[2], "echo"), -KEEP_E_BUSY,
	       "one client too many hears that the server is busy");
	ok(r.e.retry_after_ms > 0, "and when to try again");
	is_int(ask_and_wait(&r, &k[1], "echo"), 0, "the others are served");
	is_int(ask_and_wait(&r, &k[0], "crash"), -KEEP_E_UNREACHABLE,
	       "one goes");
	do
		connect_to(&r, &k[0]);
	while (ask_and_wait(&r, &k[0], "echo") == -KEEP_E_BUSY);
	is_int(ask_and_wait(&r, &k[0], "echo"), 0, "and another may come");
	keep_client_end(&k[0]);
	keep_client_end(&k[1]);
	keep_client_end(&k[2]);
	room_end(&r);
}

/* Whose limits are short. */
static void slow_clients(void)
{
	struct keep_reply reply = {0};
	struct room r;
	int idle, half, drip, i;

	room_begin(&r);
	r.d.limits = (struct keep_limits){.frame_ms = 100, .idle_ms = 200};
	start(&r);
	idle = raw(&r);
	half = raw(&r);
	drip = raw(&r);
	say(half, (struct keep_slice){PING.p, 7});
	is_int(hear_code(&r, half, &reply), KEEP_E_DEADLINE,
	       "a frame that is not finished is told of");
	ok(is_over(half), "and ends the connection");
	for (i = 0; i < 40 && say(drip, (struct keep_slice){PING.p, 1}); i++)
		poll(NULL, 0, 10);
	ok(i < 40, "a byte now and then does not help");
	ok(is_over(idle), "who asks nothing is closed");
	close(idle);
	close(half);
	close(drip);
	room_end(&r);
}

static void deaf_client(void)
{
	KEEP_AUTO(keep_client) k = {0};
	struct room r;
	int fd;

	room_begin(&r);
	r.d.limits.write_ms = 50;
	r.d.stop_ms = soon_ms();
	start(&r);
	fd = raw(&r);
	connect_to(&r, &k);
	say(fd, KEEP_S("\0\0\0\x1e\xa3\0\x68keep/0.1\1\x44\0\0\0\1\3\x4b"
		       "\xa2\0\x81\x65""flood\3\1"));
	is_int(ask_and_wait(&r, &k, "echo"), 0,
	       "who does not read keeps nobody from being served");
	kill(r.pid, SIGTERM);
	is_int(ended(&r), 0, "and not the daemon from its end");
	close(fd);
	room_end(&r);
}

static void outstanding(void)
{
	KEEP_AUTO(keep_client) k = {0};
	struct keep_got got;
	struct room r;
	uint32_t first, no = 0, i;

	room_begin(&r);
	r.d.limits.max_outstanding = 3;
	start(&r);
	connect_to(&r, &k);
	first = ask(&r, &k, "wait", 200);
	for (i = 0; i < 9; i++)
		no = ask(&r, &k, "echo", 0);
	need(!next(&r, &k, &got));
	is_int(got.id, first, "the first call runs");
	is_int(last(&r, &k, first), -KEEP_E_DEADLINE, "to its deadline");
	is_int(last(&r, &k, no), 0,
	       "what was not read before is read and called then");
	room_end(&r);
}

static void stopped(void)
{
	KEEP_AUTO(keep_client) k = {0}, quiet = {0}, late = {0};
	struct keep_got got;
	struct room r;
	uint32_t run, wait;

	room_begin(&r);
	start(&r);
	connect_to(&r, &k);
	connect_to(&r, &quiet);
	is_int(ask_and_wait(&r, &quiet, "echo"), 0, "two are connected");
	run = ask(&r, &k, "wait", 0);
	wait = ask(&r, &k, "echo", 0);
	need(!next(&r, &k, &got));
	kill(r.pid, SIGTERM);
	is_int(last(&r, &k, run), -KEEP_E_CANCELLED,
	       "SIGTERM cancels what runs");
	is_int(last(&r, &k, wait), -KEEP_E_CANCELLED, "and what waits");
	is_int(ended(&r), 0, "then the daemon ends well");
	is_int(keep_client_connect(&late, &r.at, &r.e), -KEEP_E_UNREACHABLE,
	       "nobody is there any more");
	is_int(ask_and_wait(&r, &quiet, "echo"), -KEEP_E_UNREACHABLE,
	       "for the others, too");
	room_end(&r);
}

static void stubborn(void)
{
	KEEP_AUTO(keep_client) k = {0};
	struct keep_got got;
	struct room r;

	room_begin(&r);
	r.d.stop_ms = 50;
	start(&r);
	connect_to(&r, &k);
	ask(&r, &k, "hang", 0);
	need(!next(&r, &k, &got));
	kill(r.pid, SIGTERM);
	is_int(ended(&r), 0, "who does not end in time is killed");
	is_int(next(&r, &k, &got), -KEEP_E_UNREACHABLE,
	       "and its client sees the end");
	room_end(&r);
}

/* What comes to no cancel point, and what only takes its time. */
static void overdue(void)
{
	KEEP_AUTO(keep_client) hangs = {0}, other = {0};
	struct keep_got got;
	struct room r;
	uint32_t id, hung, cancel;
	uint64_t began;

	room_begin(&r);
	r.d.grace_ms = 100;
	start(&r);
	connect_to(&r, &hangs);
	connect_to(&r, &other);
	id = ask(&r, &other, "echo", 1000);
	is_int(last(&r, &other, id), 0, "a call ends in time");
	id = ask(&r, &other, "wait", 0);
	need(!next(&r, &other, &got));
	began = keep_loop_now_ms();
	hung = ask(&r, &hangs, "hang", 50);
	is_int(last(&r, &hangs, hung), -KEEP_E_UNREACHABLE,
	       "one that hangs is ended some time after its deadline");
	ok(keep_loop_now_ms() - began >= 150, "and not before");
	connect_to(&r, &hangs);
	hung = ask(&r, &hangs, "hang", 1);
	is_int(last(&r, &hangs, hung), -KEEP_E_UNREACHABLE,
	       "and another one, too");
	need(!keep_client_cancel(&other, id, &cancel, &r.e));
	is_int(last(&r, &other, id), -KEEP_E_CANCELLED,
	       "one without a deadline runs on, whatever came before it");
	connect_to(&r, &hangs);
	is_int(ask_and_wait(&r, &hangs, "echo"), 0, "the next is served");
	room_end(&r);
}

static void idle(void)
{
	KEEP_AUTO(keep_client) k = {0};
	struct room r;
	uint64_t began;

	room_begin(&r);
	r.d.idle_exit_ms = 100;
	start(&r);
	connect_to(&r, &k);
	is_int(ask_and_wait(&r, &k, "echo"), 0, "a client is served");
	poll(NULL, 0, 200);
	is_int(ask_and_wait(&r, &k, "echo"), 0,
	       "a daemon with a client is not idle");
	keep_client_end(&k);
	began = keep_loop_now_ms();
	is_int(ended(&r), 0, "without one it ends, with status 0");
	ok(keep_loop_now_ms() - began < 5000, "and soon");
	room_end(&r);
}

/* Milliseconds of processor that the daemon has taken. */
static uint64_t worked_ms(pid_t pid)
{
	struct timespec t;
	clockid_t clock;

	need(clock_getcpuclockid(pid, &clock) == 0 &&
	     clock_gettime(clock, &t) == 0);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static void exhausted(void)
{
	KEEP_AUTO(keep_client) k = {0};
	struct rlimit before, none = {0};
	uint64_t began;
	struct room r;
	int fd;

	room_begin(&r);
	start(&r);
	connect_to(&r, &k);
	need(!ask_and_wait(&r, &k, "echo"));
	need(!prlimit(r.pid, RLIMIT_NOFILE, NULL, &before));
	none.rlim_max = before.rlim_max;
	need(!prlimit(r.pid, RLIMIT_NOFILE, &none, NULL));
	fd = raw(&r);
	began = worked_ms(r.pid);
	poll(NULL, 0, 400);
	ok(worked_ms(r.pid) - began < 100,
	   "without descriptors a daemon does not spin");
	is_int(ask_and_wait(&r, &k, "echo"), 0, "who is connected is served");
	need(!prlimit(r.pid, RLIMIT_NOFILE, &before, NULL));
	say(fd, PING);
	is_slice(hear(&r, fd, PONG.len), PONG,
		 "who waits is served once there are some");
	close(fd);
	room_end(&r);
}

/* Descriptors that come along with a ping. */
static void rubbish(void)
{
	union {
		char room[CMSG_SPACE(sizeof(int) * 8)];
		struct cmsghdr align;
	} u = {{0}};
	struct keep_slice ping = PING;
	struct iovec v;
	struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1,
			   .msg_control = u.room,
			   .msg_controllen = sizeof u.room};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	char bytes[32];
	struct room r;
	int fd, i;

	room_begin(&r);
	start(&r);
	fd = raw(&r);
	memcpy(bytes, ping.p, ping.len);
	v = (struct iovec){bytes, ping.len};
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int) * 8);
	for (i = 0; i < 8; i++)
		memcpy(CMSG_DATA(c) + sizeof i * (size_t)i, &fd, sizeof fd);
	for (i = 0; i < 200; i++) {
		need(sendmsg(fd, &m, MSG_NOSIGNAL) == (ssize_t)ping.len);
		if (!keep_slice_eq(hear(&r, fd, PONG.len), PONG))
			break;
	}
	is_int(i, 200, "descriptors that nobody asked for do not pile up");
	close(fd);
	room_end(&r);
}

/* Another user, whom the directory lets in. */
static void strangers(void)
{
	struct keep_reply reply = {0};
	struct room r;
	int status;
	pid_t pid;

	if (geteuid() != 0)
		return;
	room_begin(&r);
	start(&r);
	r.at = (struct keep_socket){.place = KEEP_SOCKET_PATH};
	r.at.name = keep_mem_print(&r.m, "%s/keep/unit.sock", r.dir);
	need(r.at.name.p && !chmod(r.dir, 0711));
	need(!chmod(keep_mem_print(&r.m, "%s/keep", r.dir).p, 0711) &&
	     !chmod(r.at.name.p, 0777) &&
	     !lchown(r.at.name.p, 1000, 1000));
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		int fd = setresuid(1000, 1000, 1000) ||
			 chmod(r.at.name.p, 0700) ? -1 : raw(&r);

		_exit(hear_code(&r, fd, &reply) == KEEP_E_DENIED &&
		      is_over(fd) ? 0 : 1);
	}
	need(waitpid(pid, &status, 0) == pid);
	is_int(status, 0, "another user is told that it may not, and closed");
	room_end(&r);
}

int main(void)
{
	crashes();
	if (!tap_times(1, 0))
		return done();
	crowded();
	slow_clients();
	deaf_client();
	outstanding();
	stopped();
	stubborn();
	overdue();
	idle();
	exhausted();
	rubbish();
	strangers();
	return done();
}
