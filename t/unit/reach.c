/* Commands on nodes, over a back end that only writes down what it is told:
 * what is tried again, what a cancel ends; and lines, and who becomes root. */
/* uses: deploy provider zlib */
#include <unistd.h>
#include "../../cmd/deploy/reach.h"
#include "tap.h"

enum { NODES = 5 };

static int start(struct keep_exec *x, struct keep_err *e)
{
	(void)e;
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

struct fleet {
	struct keep_mem mem;
	struct keep_ctx c;
	struct keep_target targets[NODES];
	struct keep_reach r;
	struct keep_task tasks[NODES];
	int codes[NODES]; /* how each ended; -1: it did not */
	size_t n_ended, put_again;
};

static int ended(struct keep_task *t, const struct keep_exec_end *how,
		 struct keep_err *e)
{
	struct fleet *f = t->x.user;

	f->n_ended++;
	f->codes[t - f->tasks] = how->err.code;
	if (!f->put_again)
		return 0;
	f->put_again--;
	return keep_task_put(&f->r, t, e);
}

static void begin(struct fleet *f, size_t at_once)
{
	struct keep_err e = {0};
	size_t i;

	*f = (struct fleet){.c.mem = &f->mem};
	f->r = (struct keep_reach){.c = &f->c, .v = f->targets, .n = NODES};
	need(!keep_loop_begin(&f->r.loop, &e));
	f->r.window = (struct keep_window){.loop = &f->r.loop, .by = &writer,
					   .at_once = at_once};
	for (i = 0; i < NODES; i++) {
		f->targets[i] = (struct keep_target){.by = &writer,
			.name = KEEP_S("web"),
			.login = {.host = "web", .user = "root",
				  .host_key.blob = KEEP_S("key")}};
		f->tasks[i] = (struct keep_task){.x.user = f,
			.target = &f->targets[i], .command = "true",
			.ended = ended};
		f->codes[i] = -1;
		need(!keep_task_put(&f->r, &f->tasks[i], &e));
	}
}

static void finish(struct fleet *f)
{
	keep_reach_end(&f->r);
	keep_mem_end(&f->mem);
}

static void turn(struct fleet *f)
{
	struct keep_err e = {0};

	need(!keep_loop_turn(&f->r.loop, 0, &e) &&
	     !keep_loop_turn(&f->r.loop, 1, &e));
}

static void let_end(struct fleet *f, size_t i, int code, bool dropped)
{
	struct keep_exec_end how = {.dropped = dropped};
	struct keep_err e = {0};

	if (code)
		keep_fail(&how.err, code, "as the test wants");
	need(!keep_exec_finish(&f->tasks[i].x, &how, &e));
}

/* --- again ---------------------------------------------------------------- */

static void tries_again(void)
{
	struct keep_err e = {0};
	struct fleet f;

	begin(&f, NODES);
	turn(&f);
	let_end(&f, 0, KEEP_E_UNREACHABLE, true);
	is_int(f.codes[0], -1, "a connection that is dropped is not told yet");
	ok(!f.tasks[0].x.state, "nor is it tried at once");
	while (!f.tasks[0].x.state)
		need(!keep_loop_turn(&f.r.loop, -1, &e));
	ok(f.tasks[0].drops == 1, "but soon");
	let_end(&f, 0, 0, false);
	is_int(f.codes[0], 0, "and may go well then");
	let_end(&f, 1, KEEP_E_UNREACHABLE, false);
	is_int(f.codes[1], KEEP_E_UNREACHABLE,
	       "one that never was is told at once");
	f.tasks[2].began_ms = keep_loop_now_ms() - 60000;
	let_end(&f, 2, KEEP_E_UNREACHABLE, true);
	is_int(f.codes[2], KEEP_E_UNREACHABLE,
	       "and one that is dropped for too long");
	f.put_again = 1;
	let_end(&f, 3, 0, false);
	turn(&f);
	ok(f.tasks[3].x.state, "what ended may be put again");
	finish(&f);
}

/* --- cancel --------------------------------------------------------------- */

static int let_all_end(struct keep_timer *t, struct keep_err *e)
{
	struct fleet *f = t->user;
	size_t i;

	(void)e;
	for (i = 0; i < NODES; i++)
		if (f->tasks[i].x.state)
			let_end(f, i, 0, false);
	keep_timer_set(&f->r.loop, t, 1);
	return 0;
}

static void cancels(void)
{
	struct keep_err e = {0};
	struct fleet f;
	struct keep_timer soon = {.fire = let_all_end, .user = &f};
	int fds[2];

	need(pipe(fds) == 0 && write(fds[1], "", 1) == 1);
	begin(&f, 2);
	turn(&f);
	f.tasks[3].goes_on = true;
	f.c.cancel_fd_plus_one = fds[0] + 1;
	keep_timer_set(&f.r.loop, &soon, 20);
	is_int(keep_reach_run(&f.r, &e), 0, "a run that is cancelled ends");
	ok(!f.codes[0] && !f.codes[1], "what has begun comes to its end");
	ok(f.codes[2] == KEEP_E_CANCELLED && f.codes[4] == KEEP_E_CANCELLED,
	   "what has not does not start");
	is_int(f.codes[3], 0, "but what is a part of something that has");
	need(!keep_task_put(&f.r, &f.tasks[0], &e));
	need(!keep_reach_run(&f.r, &e));
	is_int(f.codes[0], KEEP_E_CANCELLED, "nor does what comes later");
	keep_timer_end(&soon);
	finish(&f);
	is_int(keep_cancelled(&f.c, NULL), -KEEP_E_CANCELLED,
	       "who comes behind hears of it, too");
	is_int(f.c.cancel_fd_plus_one, fds[0] + 1, "and of another sign");
	close(fds[0]);
	close(fds[1]);
}

/* Both signs are there, and what has begun does not end by itself. */
static void stops(void)
{
	struct keep_err e = {0};
	struct fleet f;
	int fds[2];

	need(pipe(fds) == 0 && write(fds[1], "12", 2) == 2);
	begin(&f, 2);
	turn(&f);
	f.tasks[3].goes_on = true;
	f.c.cancel_fd_plus_one = fds[0] + 1;
	is_int(keep_reach_run(&f.r, &e), 0, "a second sign stops a run");
	is_int(f.n_ended, NODES, "with all that has begun");
	is_int(f.codes[0], KEEP_E_CANCELLED, "which is told");
	is_int(f.codes[3], KEEP_E_CANCELLED, "also of what would go on");
	finish(&f);
	close(fds[0]);
	close(fds[1]);
}

static void is_late(void)
{
	struct keep_err e = {0};
	struct fleet f;
	size_t i;

	begin(&f, 2);
	f.c.deadline_ms = keep_now_ms(&f.c) + 20;
	is_int(keep_reach_run(&f.r, &e), 0, "a deadline ends a run");
	for (i = 0; i < NODES && f.codes[i] == KEEP_E_DEADLINE; i++)
		;
	is_int(i, NODES, "with all that it has begun, and has not");
	finish(&f);
}

/* --- lines, and root ------------------------------------------------------ */

static int on_line(struct keep_lines *l, struct keep_slice line,
		   struct keep_err *e)
{
	struct keep_buf *all = l->user;

	(void)e;
	keep_buf_print(all, "<%zu:%.*s>", line.len, line.len < 9 ?
		       (int)line.len : 0, line.p);
	return 0;
}

static void lines(struct keep_mem *m)
{
	struct keep_buf all = {.mem = m}, big = {.mem = m};
	struct keep_lines l = {.line = on_line, .user = &all};
	struct keep_err e = {0};

	need(!keep_lines_put(&l, KEEP_S("a\n\nb"), &e) &&
	     !keep_lines_put(&l, KEEP_S("c\nd"), &e));
	is_text(keep_buf_get(&all), "<1:a><0:><2:bc>",
		"bytes come as lines, however they come");
	need(!keep_lines_flush(&l, &e) && !keep_lines_flush(&l, &e));
	is_text(keep_buf_get(&all), "<1:a><0:><2:bc><1:d>",
		"the last needs no newline");
	all.len = 0;
	while (big.len < 70000 && !big.failed)
		keep_buf_byte(&big, 'x');
	keep_buf_byte(&big, '\n');
	need(!keep_lines_put(&l, keep_buf_get(&big), &e));
	is_text(keep_buf_get(&all), "<65536:><4464:>",
		"a line that is too long comes in pieces");
	keep_lines_end(&l);
	is_text(keep_lines_text(m, KEEP_S("\ta\033[m\xff\t\tb")),
		"\ta\\x1b[m\\xff\t\tb", "tabs are shown as they are");
}

static void becomes(struct keep_mem *m)
{
	struct keep_slice words = keep_reach_become(m, "echo 'a b' \"$x\"");

	need(words.p);
	ok(keep_slice_starts(words, "sh -c 'if ["),
	   "any shell may start who becomes root");
	ok(memmem(words.p, words.len, "'echo '\\''a b'\\'' \"$x\"'", 23),
	   "the command stays one word");
	is_int(words.p[words.len], 0, "and has its end");
}

int main(void)
{
	KEEP_AUTO(keep_mem) m = {0};

	tries_again();
	cancels();
	stops();
	is_late();
	lines(&m);
	becomes(&m);
	return done();
}
