/* Execs and windows, over a back end that only writes down what it is told. */
#include <keep/transport.h>
#include "tap.h"

enum { NODES = 7 };

struct fleet {
	struct keep_loop loop;
	struct keep_window window;
	struct keep_login login;
	struct keep_exec execs[NODES];
	size_t started, ended, most;
	int last_code;
};

static int start(struct keep_exec *x, struct keep_err *e)
{
	struct fleet *f = x->user;

	f->started++;
	if (f->window.running > f->most)
		f->most = f->window.running;
	if (!x->command)
		return keep_fail(e, KEEP_E_IO, "it cannot start");
	x->state = x;
	return 0;
}

static int resume(struct keep_exec *x, struct keep_err *e)
{
	(void)x, (void)e;
	return 0;
}

static void end(struct keep_exec *x)
{
	(void)x;
}

static const struct keep_backend writer = {
	.name = "writer", .start = start, .resume = resume, .end = end};
static const struct keep_backend other = {
	.name = "other", .start = start, .resume = resume, .end = end};

static int ended(struct keep_exec *x, const struct keep_exec_end *how,
		 struct keep_err *e)
{
	struct fleet *f = x->user;

	(void)e;
	f->ended++;
	f->last_code = how->err.code;
	return 0;
}

static void begin(struct fleet *f)
{
	struct keep_err e = {0};
	size_t i;

	*f = (struct fleet){.login = {.host = "192.0.2.1", .user = "root",
		.host_key.blob = KEEP_S("key")}};
	need(!keep_loop_begin(&f->loop, &e));
	f->window = (struct keep_window){.loop = &f->loop, .by = &writer,
					 .at_once = 3};
	for (i = 0; i < NODES; i++)
		f->execs[i] = (struct keep_exec){.login = &f->login,
			.command = "true", .ended = ended, .user = f};
}

static void turn(struct fleet *f)
{
	struct keep_err e = {0};

	need(!keep_loop_turn(&f->loop, 0, &e) &&
	     !keep_loop_turn(&f->loop, 1, &e));
}

static void finish(struct keep_exec *x, int code, bool other_may)
{
	struct keep_exec_end how = {.other_may = other_may};
	struct keep_err e = {0};

	if (code)
		keep_fail(&how.err, code, "as the test wants");
	need(!keep_exec_finish(x, &how, &e));
}

static void slides(void)
{
	struct fleet f;
	size_t i;

	begin(&f);
	for (i = 0; i < NODES; i++)
		keep_window_put(&f.window, &f.execs[i]);
	is_int(f.started, 0, "nothing starts while commands are collected");
	turn(&f);
	is_int(f.started, 3, "so many start as may run at once");
	finish(&f.execs[1], 0, false);
	turn(&f);
	is_int(f.started, 4, "when one ends, the next starts");
	ok(f.execs[3].state != NULL, "in their order");
	keep_exec_end(&f.execs[0]);
	keep_exec_end(&f.execs[5]);
	turn(&f);
	is_int(f.started, 5, "one that is given up makes room, too");
	is_int(f.window.waiting, 1, "one that waits can be given up");
	f.window.closed = true;
	finish(&f.execs[2], 0, false);
	turn(&f);
	is_int(f.started, 5, "a closed window starts no more");
	f.window.closed = false;
	keep_window_look(&f.window);
	turn(&f);
	is_int(f.started, 6, "until it is opened");
	ok(f.execs[6].state && f.most == 3, "never more than those ran");
	keep_window_end(&f.window);
	keep_loop_end(&f.loop);
}

static void fails_to_start(void)
{
	struct fleet f;

	begin(&f);
	f.execs[0].command = NULL;
	f.window.at_once = 1;
	keep_window_put(&f.window, &f.execs[0]);
	keep_window_put(&f.window, &f.execs[1]);
	turn(&f);
	is_int(f.last_code, KEEP_E_IO, "one that cannot start is told so");
	ok(f.execs[1].state != NULL, "and the next starts");
	keep_exec_end(&f.execs[1]);
	keep_exec_end(&f.execs[1]);
	is_int(f.window.running, 0, "ending twice counts once");
	keep_window_end(&f.window);
	keep_loop_end(&f.loop);
}

static void falls_back(void)
{
	struct fleet f;
	struct keep_exec *x = &f.execs[0];
	struct keep_err e = {0};

	begin(&f);
	f.window.other = &other;
	keep_window_put(&f.window, x);
	turn(&f);
	finish(x, KEEP_E_DENIED, true);
	ok(x->by == &other && x->state, "another back end goes on");
	is_int(f.ended, 0, "and nothing is told yet");
	is_int(f.window.running, 1, "it still counts as one");
	finish(x, KEEP_E_UNREACHABLE, true);
	is_int(f.last_code, KEEP_E_UNREACHABLE, "there is no third");
	is_int(keep_exec_start(&f.loop, x, &writer, &other, &e), 0,
	       "it can be started again");
	finish(x, KEEP_E_UNTRUSTED, false);
	is_int(f.last_code, KEEP_E_UNTRUSTED,
	       "another host key is not tried again");
	keep_window_end(&f.window);
	keep_loop_end(&f.loop);
}

static void refused(void)
{
	static const char *const bad[] = {
		"", "-oProxyCommand=x", "a b", "root@web1", "a\nb", "a/b"};
	struct fleet f;
	struct keep_err e = {0};

	begin(&f);
	for (size_t i = 0; i < KEEP_COUNT(bad); i++) {
		f.login.host = bad[i];
		is_int(keep_exec_start(&f.loop, f.execs, &writer, NULL, &e),
		       -KEEP_E_BAD_ARGS, "no host is what ssh might misread");
		f.login.host = "web1";
		f.login.user = bad[i];
		is_int(keep_exec_start(&f.loop, f.execs, &writer, NULL, &e),
		       -KEEP_E_BAD_ARGS, "nor a user");
		f.login.user = "root";
	}
	f.login.host_key = (struct keep_ssh_key){0};
	is_int(keep_exec_start(&f.loop, f.execs, &writer, NULL, &e),
	       -KEEP_E_UNTRUSTED, "a node without a pinned key is not asked");
	is_int(f.started, 0, "none of these reaches a back end");
	keep_loop_end(&f.loop);
}

int main(void)
{
	slides();
	fails_to_start();
	falls_back();
	refused();
	return done();
}
