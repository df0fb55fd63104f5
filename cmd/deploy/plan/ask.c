/* One exec of the node script on each node, which is told that nothing is to
 * be sent: as base it gets what no node has. */
#include <keep/text.h>
#include "../known.h"
#include "ask.h"

static int on_output(struct keep_exec *x, enum keep_stream from,
		     struct keep_slice bytes, struct keep_err *e)
{
	struct keep_asked *a = x->user;

	return from == KEEP_STDOUT ? keep_talk_read(&a->talk, bytes, e) : 0;
}

static int on_answer(struct keep_talk *t, enum keep_answer what,
		     struct keep_err *e)
{
	(void)t;
	(void)what;
	(void)e;
	return 0;
}

static struct keep_slice copy(struct keep_asked *a, struct keep_slice s,
			      struct keep_err *e)
{
	struct keep_slice out = keep_mem_copy(a->all->c->mem, s);

	if (s.p && !out.p)
		keep_no_memory(e);
	return out;
}

/* What it has is known from now on: a deploy begins with it. */
static int note(struct keep_asked *a, struct keep_err *e)
{
	struct keep_ctx *c = a->all->c;
	const struct keep_known k = {
		.id = a->row->has, .commit = a->row->commit,
		.at_unix_s = keep_now_s(c), .manifest = a->manifest,
	};
	struct keep_known was;
	struct keep_err why;
	int rc = keep_known_get(c, c->mem, a->row->name, &was, e);

	if (!rc && !keep_slice_eq(was.id, k.id))
		keep_ignore(keep_known_put(c, a->row->name, &k, &why),
			    "a deploy asks once more");
	return rc;
}

static int needs(struct keep_asked *a, struct keep_err *e)
{
	struct keep_talk *t = &a->talk;

	if (!t->id.p) {
		a->row->state = KEEP_PLAN_FIRST;
		return 0;
	}
	a->row->has = copy(a, t->id, e);
	a->row->commit = copy(a, t->commit, e);
	a->manifest = copy(a, keep_buf_get(&t->manifest), e);
	if (!a->row->has.p || !a->manifest.p || (t->commit.p &&
						 !a->row->commit.p))
		return -KEEP_E_NO_MEMORY;
	a->row->state = KEEP_PLAN_CHANGES;
	if (keep_slice_is(a->row->has, a->g->id)) {
		a->row->state = KEEP_PLAN_AGAIN;
		a->row->text = KEEP_S("its last apply did not end well, "
				      "or is at work");
	}
	return note(a, e);
}

static int say(struct keep_asked *a, enum keep_plan_state state,
	       struct keep_slice text, struct keep_err *e)
{
	a->row->state = state;
	a->row->text = keep_text_safe(a->all->c->mem, text, KEEP_TALK_LINE);
	(void)e;
	return 0;
}

static int answered(struct keep_asked *a, struct keep_err *e)
{
	struct keep_talk *t = &a->talk;

	if (!keep_talk_complete(t))
		return say(a, KEEP_PLAN_FAILED, KEEP_S("it gave no answer"),
			   e);
	switch (t->answer) {
	case KEEP_ANSWER_SAME:
		a->row->state = KEEP_PLAN_SAME;
		a->row->has = a->row->id;
		return 0;
	case KEEP_ANSWER_NEED:
		return needs(a, e);
	case KEEP_ANSWER_VETO:
		return say(a, KEEP_PLAN_SKIPPED, t->text, e);
	case KEEP_ANSWER_SPACE:
		return say(a, KEEP_PLAN_FAILED, KEEP_S("its disk is full"), e);
	default:
		return say(a, KEEP_PLAN_FAILED, t->text.p ? t->text :
			   KEEP_S("it gave another answer"), e);
	}
}

static int on_end(struct keep_task *t, const struct keep_exec_end *end,
		  struct keep_err *e)
{
	struct keep_asked *a = t->x.user;
	int rc;

	if (end->err.code)
		rc = say(a, keep_reach_missed(end) ? KEEP_PLAN_UNREACHABLE :
			 KEEP_PLAN_FAILED, keep_slice(end->err.message), e);
	else
		rc = answered(a, e);
	keep_talk_end(&a->talk);
	return rc;
}

static int ask(struct keep_asking *all, struct keep_asked *a,
	       const struct keep_target *target, struct keep_err *e)
{
	const struct keep_node_exec x = {
		.want = keep_slice(a->g->id), .base = KEEP_S("ask"),
		.deploy = KEEP_S("plan"), .who = KEEP_S("plan"),
		.commit = KEEP_S("none"), .flags = KEEP_S("ask"),
	};
	struct keep_slice command;
	int rc = keep_node_command(all->c->mem, &x, &command, e);

	if (rc)
		return rc;
	a->all = all;
	a->talk = (struct keep_talk){.said = on_answer, .user = a};
	a->task = (struct keep_task){
		.x = {.output = on_output, .user = a},
		.target = target, .command = command.p, .ended = on_end,
	};
	return keep_task_put(all->reach, &a->task, e);
}

int keep_ask_all(struct keep_asking *a, struct keep_err *e)
{
	size_t i;
	int rc = 0;

	for (i = 0; i < a->n && !rc; i++)
		rc = ask(a, &a->v[i], &a->reach->v[i], e);
	if (!rc)
		rc = keep_reach_run(a->reach, e);
	for (i = 0; i < a->n; i++)
		keep_talk_end(&a->v[i].talk);
	return rc;
}
