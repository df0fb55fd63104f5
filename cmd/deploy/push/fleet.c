/* The run of all nodes: who starts, and when no more do. */
#include <keep/text.h>
#include "push.h"

static bool is_good(const struct keep_push_node *n)
{
	return n->state == KEEP_NODE_UNCHANGED ||
	       n->state == KEEP_NODE_CHANGED;
}

/* What --max-fail counts: a node that is left alone did not fail. */
static bool is_failure(const struct keep_push_node *n)
{
	return !is_good(n) && n->state != KEEP_NODE_BEHIND &&
	       n->state != KEEP_NODE_LOCKED && n->state != KEEP_NODE_SKIPPED;
}

static size_t end_of_batch(const struct keep_push *p)
{
	return p->batches ? p->batches[p->batch] : p->n;
}

/* All that run may fail: with a limit, no more run than may. */
static bool has_room(const struct keep_push *p)
{
	return p->running < p->at_once &&
	       (!p->has_max_fail || p->running + p->failed <= p->max_fail);
}

static void stop(struct keep_push *p, struct keep_slice why)
{
	if (!p->stopped.p)
		p->stopped = why.p ? why : KEEP_S("?");
}

static void judge_batch(struct keep_push *p)
{
	if (p->bad > (p->has_max_fail ? p->max_fail : 0))
		stop(p, keep_mem_print(p->c->mem, "not begun: batch %zu had "
				       "%zu bad node%s", p->batch + 1, p->bad,
				       p->bad == 1 ? "" : "s"));
	else
		p->batch++;
}

static void judge(struct keep_push *p)
{
	if (p->fail_fast && p->failed)
		stop(p, KEEP_S("not begun: a node failed"));
	else if (p->has_max_fail && p->failed > p->max_fail)
		stop(p, keep_mem_print(p->c->mem, "not begun: %zu node%s "
				       "failed", p->failed,
				       p->failed == 1 ? "" : "s"));
}

static int start(struct keep_push_node *n, struct keep_err *e)
{
	struct keep_push *p = n->push;

	p->running++;
	keep_timer_set(&p->reach->loop, &p->more, 0);
	return keep_push_begin(n, e);
}

/* One at a time: it is on its way to the node while the next is made. */
static int feed(struct keep_push *p, struct keep_err *e)
{
	while (!p->stopped.p && !p->reach->cancelled && p->next < p->n) {
		if (p->next < end_of_batch(p) && has_room(p))
			return start(&p->v[p->next++], e);
		else if (p->next >= end_of_batch(p) && !p->running)
			judge_batch(p);
		else
			break;
	}
	return 0;
}

static int on_more(struct keep_timer *t, struct keep_err *e)
{
	return feed(t->user, e);
}

int keep_push_done(struct keep_push_node *n, enum keep_node_state state,
		   struct keep_slice text, struct keep_err *e)
{
	struct keep_push *p = n->push;
	int rc;

	n->state = state;
	n->done = true;
	n->text = text.p ? keep_mem_copy(p->c->mem, text) : text;
	n->took_ms = keep_loop_now_ms() - n->since_ms;
	p->running--;
	p->bad += !is_good(n);
	p->failed += is_failure(n);
	rc = p->told(p, n, KEEP_DEPLOY_STATE, n->text, e);
	keep_talk_end(&n->talk);
	keep_buf_end(&n->said);
	keep_push_forget(n);
	if (!n->confirming) {
		keep_mem_end(&n->shot);
		keep_mem_end(&n->mem);
	}
	judge(p);
	return rc ? rc : feed(p, e);
}

/* Who waits for a moment to reach a node again does not any more. */
static void hurry(struct keep_push *p)
{
	size_t i;

	for (i = 0; i < p->n; i++) {
		if (p->v[i].again.loop)
			keep_timer_set(&p->reach->loop, &p->v[i].again, 0);
		if (p->v[i].retry.loop)
			keep_timer_set(&p->reach->loop, &p->v[i].retry, 0);
	}
}

/* A signal came: it is told once how to go on. */
static int on_turn(struct keep_hook *h, struct keep_err *e)
{
	struct keep_push *p = h->user;

	if (p->reach->over)
		hurry(p);
	if (!p->reach->cancelled || p->noticed)
		return 0;
	p->noticed = true;
	stop(p, KEEP_S("not begun: cancelled"));
	return p->told(p, NULL, KEEP_DEPLOY_OUTPUT, p->stopped, e);
}

static void skip_rest(struct keep_push *p)
{
	size_t i;

	for (i = 0; i < p->n; i++) {
		if (p->v[i].begun)
			continue;
		p->v[i].state = KEEP_NODE_SKIPPED;
		p->v[i].text = p->stopped.p ? p->stopped :
					      KEEP_S("not begun");
	}
}

int keep_push_run(struct keep_push *p, struct keep_err *e)
{
	size_t i;
	int rc;

	for (i = 0; i < p->n; i++)
		p->v[i].push = p;
	p->hook = (struct keep_hook){.run = on_turn, .user = p};
	p->more = (struct keep_timer){.fire = on_more, .user = p};
	keep_hook_add(&p->reach->loop, &p->hook);
	rc = feed(p, e);
	if (!rc)
		rc = keep_reach_run(p->reach, e);
	keep_timer_end(&p->more);
	keep_hook_end(&p->hook);
	for (i = 0; i < p->n; i++)
		keep_push_node_end(&p->v[i]);
	keep_packer_end(&p->packer);
	skip_rest(p);
	return rc;
}
