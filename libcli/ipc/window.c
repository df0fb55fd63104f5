/* Many commands, some at once. */
#include "exec.h"

enum { AT_ONCE = 25 };

static struct keep_exec *take_first(struct keep_window *w)
{
	struct keep_exec *x = w->first;

	w->first = x->behind;
	if (!w->first)
		w->last = NULL;
	w->waiting--;
	x->waits = false;
	return x;
}

static int start_first(struct keep_window *w, struct keep_err *e)
{
	struct keep_exec *x = take_first(w);
	struct keep_exec_end end = {.by = x->by ? x->by : w->by};

	w->running++;
	if (x->began)
		x->began(x);
	if (!keep_exec_start(w->loop, x, end.by, x->by ? x->other : w->other,
			     &end.err))
		return 0;
	keep_window_leave(x);
	return x->ended(x, &end, e);
}

static bool has_room(const struct keep_window *w)
{
	return w->first && !w->closed &&
	       w->running < (w->at_once ? w->at_once : AT_ONCE);
}

static int on_fill(struct keep_timer *t, struct keep_err *e)
{
	struct keep_window *w = t->user;
	int rc = 0;

	while (!rc && has_room(w))
		rc = start_first(w, e);
	return rc;
}

void keep_window_look(struct keep_window *w)
{
	w->fill.fire = on_fill;
	w->fill.user = w;
	if (has_room(w))
		keep_timer_set(w->loop, &w->fill, 0);
}

void keep_window_put(struct keep_window *w, struct keep_exec *x)
{
	x->window = w;
	x->waits = true;
	x->behind = NULL;
	*(w->last ? &w->last->behind : &w->first) = x;
	w->last = x;
	w->waiting++;
	keep_window_look(w);
}

static void unlink_waiting(struct keep_window *w, struct keep_exec *x)
{
	struct keep_exec *before = NULL, *at;

	for (at = w->first; at != x; at = at->behind)
		before = at;
	*(before ? &before->behind : &w->first) = x->behind;
	if (w->last == x)
		w->last = before;
	w->waiting--;
}

void keep_window_leave(struct keep_exec *x)
{
	struct keep_window *w = x->window;

	if (!w)
		return;
	x->window = NULL;
	if (x->waits)
		unlink_waiting(w, x);
	else
		w->running--;
	keep_window_look(w);
}

void keep_window_end(struct keep_window *w)
{
	while (w->first)
		take_first(w)->window = NULL;
	keep_timer_end(&w->fill);
}
