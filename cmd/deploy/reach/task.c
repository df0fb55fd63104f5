/* Commands on nodes: begin, again, end. */
#include <string.h>
#include <unistd.h>
#include "../reach.h"

enum { AGAIN_MS = 30000 };   /* so long a busy node is asked */
enum { FIRST_MS = 200, WAIT_MAX_MS = 4000 };
enum { TICK_MS = 250 };

bool keep_reach_missed(const struct keep_exec_end *end)
{
	return end->err.code == KEEP_E_UNREACHABLE ||
	       (end->err.code == KEEP_E_DEADLINE &&
		end->phase < KEEP_PHASE_RUN);
}

/* --- how far it is ------------------------------------------------------- */

static void tell(const struct keep_task *t, enum keep_step step,
		 struct keep_slice text)
{
	if (!t->silent)
		keep_work_tell(t->reach->c, &(struct keep_work){
						    t->target->name, step,
						    text});
}

static void on_began(struct keep_exec *x)
{
	struct keep_task *t = (struct keep_task *)x;
	struct keep_reach *r = t->reach;

	tell(t, KEEP_STEP_DOES, KEEP_S(""));
	if (!t->began_ms && r->timeout_ms)
		keep_timer_set(&r->loop, &t->late, r->timeout_ms);
}

static void tell_all(const struct keep_reach *r)
{
	char failed[40] = "";

	if (r->failed)
		snprintf(failed, sizeof failed, "%zu failed", r->failed);
	keep_work_tell(r->c, &(struct keep_work){
				     .of = KEEP_S(""), .done = r->ended,
				     .total = r->put,
				     .text = keep_slice(failed)});
}

/* So that what a person sees of the times is true. */
static int on_tick(struct keep_timer *t, struct keep_err *e)
{
	struct keep_reach *r = t->user;

	(void)e;
	keep_work_tell(r->c, &(struct keep_work){.of = KEEP_S("")});
	keep_timer_set(&r->loop, t, TICK_MS);
	return 0;
}

/* --- its end -------------------------------------------------------------- */

static void leave(struct keep_task *t)
{
	keep_timer_end(&t->again);
	keep_timer_end(&t->late);
	keep_exec_end(&t->x);
	if (t->before)
		t->before->behind = t->behind;
	else if (t->reach->first == t)
		t->reach->first = t->behind;
	if (t->behind)
		t->behind->before = t->before;
	t->before = t->behind = NULL;
}

static void finish(struct keep_task *t, bool failed)
{
	struct keep_reach *r = t->reach;

	leave(t);
	tell(t, KEEP_STEP_DONE, (struct keep_slice){0});
	r->ended++;
	r->failed += failed;
	if (!t->silent)
		tell_all(r);
}

static void count(struct keep_task *t)
{
	if (!t->began_ms)
		t->began_ms = t->x.began_ms;
	t->ms = t->began_ms ? keep_loop_now_ms() - t->began_ms : 0;
}

static int stop(struct keep_task *t, int code, const char *why,
		struct keep_err *e)
{
	struct keep_exec_end end = {.by = t->x.by, .phase = t->x.phase};

	count(t);
	finish(t, true);
	keep_fail(&end.err, code, "%s", why);
	return t->ended(t, &end, e);
}

static bool is_stopped(const struct keep_task *t)
{
	return t->reach->over || (t->reach->cancelled && !t->goes_on);
}

/* As the reach is. */
static int stop_with_all(struct keep_task *t, struct keep_err *e)
{
	if (t->reach->over == KEEP_E_DEADLINE)
		return stop(t, KEEP_E_DEADLINE, "the deadline passed", e);
	return stop(t, KEEP_E_CANCELLED, !t->x.began_ms ? "it was not started" :
		    t->x.phase >= KEEP_PHASE_OPEN ?
		    "it was stopped: what began there may go on" :
		    "it was stopped", e);
}

/* --- its deadline ------------------------------------------------------- */

static int on_late(struct keep_timer *timer, struct keep_err *e)
{
	struct keep_task *t = timer->user;
	bool runs = t->x.state && t->x.phase == KEEP_PHASE_RUN;
	const char *hint = t->reach->is_late ? t->reach->no_agent : NULL;
	struct keep_slice why;

	if (!runs) {
		why = keep_mem_print(t->reach->c->mem, "it did not let us in "
				     "in time (%s%s--timeout waits longer)",
				     hint ? hint : "", hint ? "; " : "");
		return why.p ? stop(t, KEEP_E_DEADLINE, why.p, e) :
			       keep_no_memory(e);
	}
	if (t->longer || !t->reach->more_ms)
		return stop(t, KEEP_E_DEADLINE, "the command is not done in "
			    "time: it may go on there (--timeout waits "
			    "longer)", e);
	t->longer = true;
	keep_timer_set(&t->reach->loop, timer, t->reach->more_ms);
	return 0;
}

/* --- again, when the node is busy ----------------------------------------- */

/* Longer each time, and never all at one time. */
static uint64_t wait_ms(struct keep_task *t)
{
	unsigned twice = t->drops < 5 ? t->drops : 5;
	uint64_t most = (uint64_t)FIRST_MS << twice;
	uint32_t random;

	if (most > WAIT_MAX_MS)
		most = WAIT_MAX_MS;
	keep_ctx_random(t->reach->c, &random, sizeof random);
	return most / 2 + random % most;
}

static void start(struct keep_task *t)
{
	t->x.by = t->target->by;
	t->x.other = t->target->other;
	keep_window_put(&t->reach->window, &t->x);
}

static int on_again(struct keep_timer *timer, struct keep_err *e)
{
	struct keep_task *t = timer->user;

	if (is_stopped(t))
		return stop_with_all(t, e);
	start(t);
	return 0;
}

/* Why another back end was tried. */
static int note_why(struct keep_task *t, const struct keep_exec_end *end,
		    struct keep_err *e)
{
	struct keep_reach *r = t->reach;
	struct keep_target *target = &r->v[t->target - r->v];

	if (!end->first.code || target->why)
		return 0;
	target->why = keep_mem_print(r->c->mem, "%s", end->first.message).p;
	return target->why ? 0 : keep_no_memory(e);
}

/* What helps, in one breath with what went wrong. */
static const char *hint_of(const struct keep_task *t,
			   const struct keep_err *err)
{
	if (err->code != KEEP_E_DENIED)
		return err->hint;
	return t->target->why ? t->target->why : t->reach->no_agent;
}

/* Whoever shows it puts the node's name before it, and has no line for a
 * hint. */
static struct keep_err told_of(const struct keep_task *t,
			       const struct keep_err *err)
{
	struct keep_slice name = t->target->name, text;
	const char *hint = hint_of(t, err);
	struct keep_err told = *err;

	text = keep_slice(err->message);
	if (text.len > name.len + 2 && !strncmp(text.p, name.p, name.len) &&
	    !strncmp(text.p + name.len, ": ", 2))
		text = keep_slice(text.p + name.len + 2);
	if (hint && *hint)
		keep_fail(&told, err->code, "%.*s (%s)", KEEP_F(text), hint);
	else
		keep_fail(&told, err->code, "%.*s", KEEP_F(text));
	return told;
}

static int on_end(struct keep_exec *x, const struct keep_exec_end *end,
		  struct keep_err *e)
{
	struct keep_task *t = (struct keep_task *)x;
	struct keep_exec_end told = *end;
	int rc = note_why(t, end, e);

	count(t);
	if (end->dropped && t->ms < AGAIN_MS && !is_stopped(t)) {
		keep_timer_set(&t->reach->loop, &t->again, wait_ms(t));
		t->drops++;
		tell(t, KEEP_STEP_DOES, KEEP_S("busy, is asked again"));
		return 0;
	}
	finish(t, end->err.code || end->status);
	if (end->err.code)
		told.err = told_of(t, &end->err);
	return rc ? rc : t->ended(t, &told, e);
}

/* --- its beginning -------------------------------------------------------- */

int keep_task_put(struct keep_reach *r, struct keep_task *t,
		  struct keep_err *e)
{
	struct keep_slice command = keep_slice(t->command);

	if (t->target->becomes)
		command = keep_reach_become(r->c->mem, t->command);
	if (!command.p)
		return keep_no_memory(e);
	t->x.command = command.p;
	t->x.login = &t->target->login;
	t->x.began_ms = 0;
	t->x.began = on_began;
	t->x.ended = on_end;
	t->again.fire = on_again;
	t->late.fire = on_late;
	t->again.user = t->late.user = t;
	t->reach = r;
	r->put++;
	t->began_ms = t->ms = 0;
	t->drops = 0;
	t->longer = false;
	t->before = NULL;
	t->behind = r->first;
	if (r->first)
		r->first->before = t;
	r->first = t;
	if (is_stopped(t))
		keep_timer_set(&r->loop, &t->again, 0);
	else
		start(t);
	return 0;
}

/* --- all of them ---------------------------------------------------------- */

/* Those that have not begun end. A callback may put and end others. */
static int stop_waiting(struct keep_reach *r, struct keep_err *e)
{
	struct keep_task *t = r->first;
	int rc = 0;

	while (t && !rc) {
		if (!is_stopped(t) || (t->x.state && !r->over)) {
			t = t->behind;
			continue;
		}
		rc = stop_with_all(t, e);
		t = r->first;
	}
	return rc;
}

static int stop_all(struct keep_reach *r, int code, struct keep_err *e)
{
	r->over = code;
	return stop_waiting(r, e);
}

/* A byte is one sign; without any, whoever wants the result is gone. */
static int on_cancel(struct keep_watch *w, short events, struct keep_err *e)
{
	struct keep_reach *r = w->user;
	bool first = !r->cancelled;
	struct keep_err ignored;
	char sign;

	(void)events;
	/* a client may have sent something else */
	if (r->c->heed && !r->c->heed(r->c, &ignored))
		return 0;
	if (read(w->fd, &sign, 1) != 1)
		keep_watch_end(w);
	r->cancelled = true;
	return first ? stop_waiting(r, e) : stop_all(r, KEEP_E_CANCELLED, e);
}

static int on_deadline(struct keep_timer *t, struct keep_err *e)
{
	return stop_all(t->user, KEEP_E_DEADLINE, e);
}

static int watch(struct keep_reach *r, struct keep_err *e)
{
	struct keep_ctx *c = r->c;
	uint64_t now = c->deadline_ms ? keep_now_ms(c) : 0;

	r->cancel.ready = on_cancel;
	r->cancel.user = r;
	r->deadline.fire = on_deadline;
	r->deadline.user = r;
	r->tick.fire = on_tick;
	r->tick.user = r;
	if (c->work)
		keep_timer_set(&r->loop, &r->tick, TICK_MS);
	if (c->deadline_ms)
		keep_timer_set(&r->loop, &r->deadline,
			       c->deadline_ms > now ? c->deadline_ms - now : 0);
	if (!c->cancel_fd_plus_one)
		return 0;
	return keep_watch_add(&r->loop, &r->cancel, c->cancel_fd_plus_one - 1,
			      POLLIN, e);
}

static void take_signs(struct keep_reach *r)
{
	r->cancel_fd_plus_one = r->c->cancel_fd_plus_one;
	r->deadline_ms = r->c->deadline_ms;
	r->c->cancel_fd_plus_one = 0;
	r->c->deadline_ms = 0;
	r->c->cancelled = false;
}

/* Who comes behind hears of them, too. */
static void give_signs(struct keep_reach *r)
{
	r->c->cancel_fd_plus_one = r->cancel_fd_plus_one;
	r->c->deadline_ms = r->deadline_ms;
	r->c->cancelled = r->cancelled;
}

int keep_reach_run(struct keep_reach *r, struct keep_err *e)
{
	int rc = watch(r, e);

	take_signs(r);
	if (r->first && !r->first->silent)
		tell_all(r);
	while (!rc && (r->first || r->holds))
		rc = keep_loop_turn(&r->loop, -1, e);
	keep_watch_end(&r->cancel);
	keep_timer_end(&r->deadline);
	keep_timer_end(&r->tick);
	give_signs(r);
	return rc;
}

void keep_reach_end(struct keep_reach *r)
{
	while (r->first)
		leave(r->first);
	keep_watch_end(&r->cancel);
	keep_timer_end(&r->deadline);
	keep_timer_end(&r->tick);
	keep_window_end(&r->window);
	keep_loop_end(&r->loop);
}
