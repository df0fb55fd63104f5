/* Deadlines, in a list by time: those that are set for the same span, as most
 * are, go to its end at once. */
#include <limits.h>
#include "ipc.h"

void keep_timer_set(struct keep_loop *l, struct keep_timer *t,
		    uint64_t delay_ms)
{
	struct keep_timer *before;

	keep_timer_end(t);
	t->loop = l;
	t->turn = l->turn;
	if (__builtin_add_overflow(keep_loop_now_ms(), delay_ms, &t->at_ms))
		t->at_ms = UINT64_MAX;
	for (before = l->last; before && before->at_ms > t->at_ms;
	     before = before->before)
		;
	t->before = before;
	t->behind = before ? before->behind : l->first;
	*(before ? &before->behind : &l->first) = t;
	*(t->behind ? &t->behind->before : &l->last) = t;
}

void keep_timer_end(struct keep_timer *t)
{
	struct keep_loop *l = t->loop;

	if (!l)
		return;
	*(t->before ? &t->before->behind : &l->first) = t->behind;
	*(t->behind ? &t->behind->before : &l->last) = t->before;
	t->loop = NULL;
	t->before = t->behind = NULL;
}

int keep_timers_wait(const struct keep_loop *l, int wait_ms)
{
	uint64_t now = keep_loop_now_ms(), left;

	if (!l->first)
		return wait_ms;
	left = l->first->at_ms > now ? l->first->at_ms - now : 0;
	if (wait_ms >= 0 && left > (uint64_t)wait_ms)
		return wait_ms;
	return left > INT_MAX ? INT_MAX : (int)left;
}

/* One that is set in this turn stands behind all that were due before. */
int keep_timers_fire(struct keep_loop *l, struct keep_err *e)
{
	uint64_t now = keep_loop_now_ms();
	struct keep_timer *t;
	int rc = 0;

	while (!rc && (t = l->first) && t->at_ms <= now && t->turn != l->turn) {
		keep_timer_end(t);
		rc = t->fire(t, e);
	}
	return rc;
}
