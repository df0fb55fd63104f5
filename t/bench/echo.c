/* How fast a daemon answers pings, against a peer that echoes frames: it
 * accepts, forks, reads 64 KiB at a time, and writes all frames that were
 * whole in one read at once. One client. Usage: echo [ROUNDS] */
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <keep/client.h>
#include <keep/daemon.h>
#include <keep/loop.h>

enum { REPEATS = 5, ROUNDS = 20000, SIZE = 64 << 10 };

#define PING "\0\0\0\x11\xa2\0\x68keep/0.1\1\x44\0\0\0\1"
enum { PING_LEN = sizeof PING - 1, PONG_LEN = 11 };

static void must(bool good, const char *what)
{
	if (good)
		return;
	perror(what);
	exit(1);
}

/* --- the servers --------------------------------------------------------- */

static size_t whole_frames(const uint8_t *p, size_t n)
{
	size_t at = 0, len;

	while (n - at >= 4) {
		len = (size_t)p[at + 2] << 8 | p[at + 3];
		if (n - at < 4 + len)
			break;
		at += 4 + len;
	}
	return at;
}

static void echo(int fd)
{
	static uint8_t buffer[SIZE];
	size_t n = 0, done;
	ssize_t some;

	while ((some = read(fd, buffer + n, sizeof buffer - n)) > 0) {
		n += (size_t)some;
		done = whole_frames(buffer, n);
		if (write(fd, buffer, done) != (ssize_t)done)
			return;
		memmove(buffer, buffer + done, n - done);
		n -= done;
	}
}

static void be_peer(int listener)
{
	int fd;

	sigaction(SIGCHLD, &(struct sigaction){.sa_handler = SIG_IGN}, NULL);
	fcntl(listener, F_SETFL, 0);
	while ((fd = accept(listener, NULL, NULL)) >= 0) {
		if (fork() == 0) {
			close(listener);
			echo(fd);
			_exit(0);
		}
		close(fd);
	}
}

static int no_call(struct keep_conn *c, const struct keep_verb_call *call,
		   struct keep_buf *out, struct keep_err *e)
{
	(void)c;
	(void)call;
	(void)out;
	return keep_fail(e, KEEP_E_NO_SUCH_COMMAND, "only pings");
}

static void be_daemon(int listener)
{
	struct keep_daemon d = {.name = "bench", .call = no_call};
	struct keep_err e = {0};
	char pid[20];

	snprintf(pid, sizeof pid, "%d", getpid());
	must(dup2(listener, 3) == 3 && !setenv("LISTEN_PID", pid, 1) &&
	     !setenv("LISTEN_FDS", "1", 1), "handing the socket");
	if (keep_daemon_run(&d, &e))
		fprintf(stderr, "echo: %s\n", e.message);
}

struct server {
	struct keep_socket at;
	void (*be)(int listener);
	size_t answer; /* bytes */
	pid_t pid;
};

static void start(struct server *s)
{
	struct keep_listener l;
	struct keep_err e = {0};
	int fd;

	if (keep_socket_listen(&s->at, &l, &e)) {
		fprintf(stderr, "echo: %s\n", e.message);
		exit(1);
	}
	fd = fcntl(keep_fd_get(&l.fd), F_DUPFD_CLOEXEC, 20);
	keep_listener_close(&l);
	s->pid = fork();
	if (s->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		s->be(fd);
		_exit(1);
	}
	close(fd);
}

/* --- the client ---------------------------------------------------------- */

static int connect_to(const struct server *s)
{
	struct keep_fd fd;
	struct keep_err e = {0};

	must(!keep_socket_connect(&s->at, &fd, &e), e.message);
	return keep_fd_get(&fd);
}

static void hear(int fd, size_t len)
{
	char bytes[SIZE];
	ssize_t n;

	for (; len; len -= (size_t)n) {
		n = read(fd, bytes, len);
		must(n > 0, "reading");
	}
}

static double now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Pings a second, N of them under way at once. */
static double pings(const struct server *s, int rounds, size_t n)
{
	char bytes[16 * PING_LEN];
	int fd = connect_to(s), i;
	double began;

	for (i = 0; i < (int)n; i++)
		memcpy(bytes + (size_t)i * PING_LEN, PING, PING_LEN);
	began = now_s();
	for (i = 0; i < rounds; i++) {
		must(write(fd, bytes, n * PING_LEN) ==
		     (ssize_t)(n * PING_LEN), "writing");
		hear(fd, n * s->answer);
	}
	close(fd);
	return rounds * (double)n / (now_s() - began);
}

static double connections(const struct server *s, int rounds, size_t n)
{
	double began = now_s();
	int i;

	for (i = 0; i < rounds / 20; i++) {
		int fd = connect_to(s);

		must(write(fd, PING, PING_LEN) == PING_LEN, "writing");
		hear(fd, s->answer * n);
		close(fd);
	}
	return rounds / 20 / (now_s() - began);
}

static int by_size(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* What is measured: things a second. */
typedef double run_fn(const struct server *s, int rounds, size_t n);
struct measure {
	const char *what;
	run_fn *run;
	size_t n; /* under way at once */
	double bound;
};

/* The median of the ratios of pairs; whether it is at least the bound. */
static bool compare(const struct server *s, const struct measure *m,
		    int rounds)
{
	double ratio[REPEATS], speed = 0;
	int i;

	m->run(&s[0], rounds / 10, m->n);
	m->run(&s[1], rounds / 10, m->n);
	for (i = 0; i < REPEATS; i++) {
		speed = m->run(&s[0], rounds, m->n);
		ratio[i] = speed / m->run(&s[1], rounds, m->n);
	}
	qsort(ratio, REPEATS, sizeof *ratio, by_size);
	printf("echo: %s: %.0f/s, %.2f of the peer's, bound %.2f\n",
	       m->what, speed, ratio[REPEATS / 2], m->bound);
	return ratio[REPEATS / 2] >= m->bound;
}

int main(int argc, char **argv)
{
	static const struct measure measures[] = {
		{"pings, 1 under way", pings, 1, 0.6},
		{"pings, 16 under way", pings, 16, 0.3},
		{"connections", connections, 1, 1 / 1.5},
	};
	char dir[] = "/tmp/keep-bench-XXXXXX";
	struct server s[2] = {
		{.at.name = KEEP_S("daemon"), .be = be_daemon,
		 .answer = PONG_LEN},
		{.at.name = KEEP_S("peer"), .be = be_peer,
		 .answer = PING_LEN},
	};
	int rounds = argc > 1 ? (int)strtol(argv[1], NULL, 10) : ROUNDS, i;
	bool good = true;

	must(mkdtemp(dir) != NULL, dir);
	for (i = 0; i < 2; i++) {
		s[i].at.runtime_dir = keep_slice(dir);
		start(&s[i]);
	}
	for (i = 0; i < 3; i++)
		good &= compare(s, &measures[i], rounds);
	for (i = 0; i < 2; i++) {
		kill(s[i].pid, SIGTERM);
		waitpid(s[i].pid, NULL, 0);
	}
	keep_ignore(keep_dir_remove(AT_FDCWD, dir, NULL), "it is scratch");
	return !good;
}
