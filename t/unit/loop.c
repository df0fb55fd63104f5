/* The loop: descriptors, deadlines, children, wake-ups, hooks. */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <keep/loop.h>
#include "tap.h"

/* What callbacks write down, in the order in which they were called. */
struct diary {
	struct keep_loop loop;
	char text[256];
	struct keep_watch *other;
};

static void note(struct diary *d, const char *what)
{
	size_t len = strlen(d->text);

	snprintf(d->text + len, sizeof d->text - len, "%s ", what);
}

static int read_one(struct keep_watch *w, short events, struct keep_err *e)
{
	struct diary *d = w->user;
	char byte;

	(void)e;
	if (read(w->fd, &byte, 1) == 1) {
		note(d, "byte");
		return 0;
	}
	note(d, events & POLLHUP ? "hangup" : "nothing");
	keep_watch_end(w);
	return 0;
}

static void descriptors(void)
{
	struct diary d = {0};
	struct keep_watch w = {.ready = read_one, .user = &d};
	struct keep_err e = {0};
	int ends[2];

	need(pipe(ends) == 0 && !keep_loop_begin(&d.loop, &e));
	is_int(keep_watch_add(&d.loop, &w, ends[0], POLLIN, &e), 0,
	       "a pipe can be waited for");
	is_int(keep_loop_turn(&d.loop, 0, &e), 0, "a quiet turn is no error");
	is_text(keep_slice(d.text), "", "nothing is told of a quiet pipe");
	need(write(ends[1], "ab", 2) == 2);
	close(ends[1]);
	is_int(keep_loop_run(&d.loop, &e), 0,
	       "the loop ends when nothing is left to wait for");
	is_text(keep_slice(d.text), "byte byte hangup ",
		"what is left unread is told again, then the end");
	close(ends[0]);
	keep_loop_end(&d.loop);
}

static void refused(void)
{
	struct diary d = {0};
	struct keep_watch w = {.ready = read_one, .user = &d}, again = w;
	struct keep_err e = {0};
	int ends[2], file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

	need(file >= 0 && pipe(ends) == 0 && !keep_loop_begin(&d.loop, &e));
	is_int(keep_watch_add(&d.loop, &w, file, POLLIN, &e),
	       -KEEP_E_BAD_ARGS, "a regular file cannot be waited for");
	need(!keep_watch_add(&d.loop, &w, ends[0], POLLIN, &e));
	is_int(keep_watch_add(&d.loop, &again, ends[0], POLLIN, &e),
	       -KEEP_E_EXISTS, "a descriptor is not waited for twice");
	keep_watch_end(&w);
	keep_watch_end(&w);
	is_int(d.loop.n_watches, 0, "ending twice counts once");
	close(file);
	close(ends[0]);
	close(ends[1]);
	keep_loop_end(&d.loop);
}

static int end_other(struct keep_watch *w, short events, struct keep_err *e)
{
	struct diary *d = w->user;

	(void)events;
	(void)e;
	note(d, "first");
	keep_watch_end(w);
	keep_watch_end(d->other);
	return 0;
}

static void ended_in_turn(void)
{
	struct diary d = {0};
	struct keep_watch a = {.ready = end_other, .user = &d}, b = a;
	struct keep_err e = {0};
	int ends[2];

	need(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0 &&
	     write(ends[0], "x", 1) == 1 && write(ends[1], "x", 1) == 1 &&
	     !keep_loop_begin(&d.loop, &e));
	need(!keep_watch_add(&d.loop, &a, ends[0], POLLIN, &e) &&
	     !keep_watch_add(&d.loop, &b, ends[1], POLLIN, &e));
	d.other = &b;
	is_int(keep_loop_run(&d.loop, &e), 0, "a callback may end others");
	is_text(keep_slice(d.text), "first ",
		"one that was ended is not told what was there before");
	close(ends[0]);
	close(ends[1]);
	keep_loop_end(&d.loop);
}

static int can_write(struct keep_watch *w, short events, struct keep_err *e)
{
	note(w->user, events & POLLOUT ? "out" : "in");
	return keep_watch_set(w, events & POLLOUT ? POLLIN : 0, e);
}

static void other_events(void)
{
	struct diary d = {0};
	struct keep_watch w = {.ready = can_write, .user = &d};
	struct keep_err e = {0};
	int ends[2];

	need(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0 &&
	     write(ends[1], "x", 1) == 1 && !keep_loop_begin(&d.loop, &e) &&
	     !keep_watch_add(&d.loop, &w, ends[0], POLLOUT, &e));
	need(!keep_loop_turn(&d.loop, 0, &e) &&
	     !keep_loop_turn(&d.loop, 0, &e) &&
	     !keep_loop_turn(&d.loop, 0, &e));
	is_text(keep_slice(d.text), "out in ",
		"what is waited for can be changed from turn to turn");
	keep_watch_end(&w);
	close(ends[0]);
	close(ends[1]);
	keep_loop_end(&d.loop);
}

struct alarm {
	struct keep_timer timer;
	struct diary *d;
	const char *name;
	unsigned again;
};

static int ring(struct keep_timer *t, struct keep_err *e)
{
	struct alarm *a = t->user;

	(void)e;
	note(a->d, a->name);
	if (a->again) {
		a->again--;
		keep_timer_set(&a->d->loop, t, 0);
	}
	return 0;
}

static void set(struct alarm *a, struct diary *d, const char *name,
		uint64_t delay_ms)
{
	a->timer.fire = ring;
	a->timer.user = a;
	a->d = d;
	a->name = name;
	keep_timer_set(&d->loop, &a->timer, delay_ms);
}

static void deadlines(void)
{
	struct diary d = {0};
	struct alarm a = {0}, b = {0}, c = {0}, never = {0};
	struct keep_err e = {0};
	uint64_t start;

	need(!keep_loop_begin(&d.loop, &e));
	start = keep_loop_now_ms();
	set(&b, &d, "b", 20);
	set(&never, &d, "never", UINT64_MAX);
	set(&a, &d, "a", 10);
	set(&c, &d, "c", 20);
	keep_timer_end(&never.timer);
	is_int(keep_loop_run(&d.loop, &e), 0, "a loop of deadlines ends");
	is_text(keep_slice(d.text), "a b c ",
		"deadlines come by their time, equal ones as they were set");
	ok(keep_loop_now_ms() - start >= 20, "none comes too soon");
	keep_loop_end(&d.loop);
}

static void deadlines_of_a_turn(void)
{
	struct diary d = {0};
	struct alarm a = {.again = 2}, b = {0};
	struct keep_err e = {0};

	need(!keep_loop_begin(&d.loop, &e));
	set(&a, &d, "a", 0);
	set(&b, &d, "b", 500000);
	set(&b, &d, "b", 0);
	need(!keep_loop_turn(&d.loop, -1, &e));
	is_text(keep_slice(d.text), "a b ", "one that is set again in its own "
		"turn waits for the next; one that is moved comes once");
	need(!keep_loop_run(&d.loop, &e));
	is_text(keep_slice(d.text), "a b a a ", "and comes then");
	keep_loop_end(&d.loop);
}

static int fail(struct keep_timer *t, struct keep_err *e)
{
	(void)t;
	return keep_fail(e, KEEP_E_DIFFERS, "enough");
}

static void failing(void)
{
	struct diary d = {0};
	struct keep_timer t = {.fire = fail}, later = {.fire = fail};
	struct keep_err e = {0};

	need(!keep_loop_begin(&d.loop, &e));
	keep_timer_set(&d.loop, &t, 0);
	keep_timer_set(&d.loop, &later, 1000000);
	is_int(keep_loop_run(&d.loop, &e), -KEEP_E_DIFFERS,
	       "an error of a callback ends the run");
	is_text(keep_slice(e.message), "enough", "and comes out of it");
	keep_timer_end(&later);
	keep_loop_end(&d.loop);
}

static int commit(struct keep_hook *h, struct keep_err *e)
{
	(void)e;
	note(h->user, "commit");
	return 0;
}

static int commit_once(struct keep_hook *h, struct keep_err *e)
{
	(void)e;
	note(h->user, "once");
	keep_hook_end(h);
	return 0;
}

static void hooks(void)
{
	struct diary d = {0};
	struct alarm a = {.again = 1};
	struct keep_hook once = {.run = commit_once, .user = &d};
	struct keep_hook each = {.run = commit, .user = &d};
	struct keep_err e = {0};

	need(!keep_loop_begin(&d.loop, &e));
	keep_hook_add(&d.loop, &once);
	keep_hook_add(&d.loop, &each);
	set(&a, &d, "a", 0);
	need(!keep_loop_run(&d.loop, &e));
	is_text(keep_slice(d.text), "a once commit a commit ",
		"hooks run behind each turn, and may end themselves");
	keep_hook_end(&each);
	keep_loop_end(&d.loop);
}

static int woken(struct keep_wake *w, struct keep_err *e)
{
	struct diary *d = w->user;

	(void)e;
	note(d, "woken");
	keep_loop_stop(&d->loop);
	return 0;
}

static void *wake(void *w)
{
	keep_wake_up(w);
	keep_wake_up(w);
	return NULL;
}

static void wake_ups(void)
{
	struct diary d = {0};
	struct keep_wake w = {.woken = woken, .user = &d};
	struct keep_err e = {0};
	pthread_t thread;

	need(!keep_loop_begin(&d.loop, &e) &&
	     !keep_wake_begin(&d.loop, &w, &e));
	if (pthread_create(&thread, NULL, wake, &w) != 0)
		wake(&w);
	else
		pthread_join(thread, NULL);
	is_int(keep_loop_run(&d.loop, &e), 0, "another thread wakes the loop");
	is_text(keep_slice(d.text), "woken ", "two calls may be one");
	keep_wake_end(&w);
	keep_loop_end(&d.loop);
}

static int child_ended(struct keep_child *c, int status, struct keep_err *e)
{
	char text[32];

	(void)e;
	snprintf(text, sizeof text, WIFSIGNALED(status) ? "signal %d"
							 : "exit %d",
		 WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
	note(c->user, text);
	return 0;
}

static const char *run(const char *script, int signal, struct diary *d)
{
	const char *argv[] = {"sh", "-c", script, NULL};
	struct keep_spawn how = {.argv = argv, .session = true};
	struct keep_child c = {.ended = child_ended, .user = d};
	struct keep_err e = {0};

	d->text[0] = '\0';
	need(!keep_child_start(&d->loop, &c, &how, &e));
	if (signal)
		keep_child_signal(&c, signal);
	need(!keep_loop_run(&d->loop, &e));
	keep_child_signal(&c, SIGTERM);
	keep_child_end(&c);
	return d->text;
}

static void children(void)
{
	const char *none[] = {"/no/such/program", NULL};
	const char *lasting[] = {"sleep", "1000", NULL};
	struct diary d = {0};
	struct keep_spawn how = {.argv = none};
	struct keep_child c = {.ended = child_ended, .user = &d};
	struct keep_err e = {0};
	pid_t pid;

	need(!keep_loop_begin(&d.loop, &e));
	is_text(keep_slice(run("exit 7", 0, &d)), "exit 7 ",
		"a child's exit status comes in");
	is_text(keep_slice(run("exec sleep 1000", SIGTERM, &d)), "signal 15 ",
		"a signal reaches a child, and is told");
	is_text(keep_slice(run("cat; [ $(ps -o sid= -p $$) = $$ ] || exit 2;"
			       "set -- /proc/self/fd/*; exit $#", 0, &d)),
		"exit 4 ", "it reads an empty stdin, has a session of its own "
		"and no descriptor of ours");
	is_int(keep_child_start(&d.loop, &c, &how, &e), -KEEP_E_NOT_FOUND,
	       "a program that is not there is not found");
	how.argv = lasting;
	need(!keep_child_start(&d.loop, &c, &how, &e));
	pid = c.pid;
	keep_child_end(&c);
	ok(kill(pid, 0) != 0, "ending a child leaves no process");
	is_int(d.loop.n_watches, 0, "and nothing to wait for");
	keep_loop_end(&d.loop);
}

int main(void)
{
	descriptors();
	refused();
	ended_in_turn();
	other_events();
	deadlines();
	deadlines_of_a_turn();
	failing();
	hooks();
	wake_ups();
	children();
	return done();
}
