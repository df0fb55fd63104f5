/* The execs of a node, one after another. */
#include <keep/text.h>
#include "push.h"

enum { SAID_MAX = 400 };

static int on_send(struct keep_push_node *n, struct keep_err *e)
{
	if (n->talk.answer == KEEP_ANSWER_NEED && !n->refuses)
		return keep_push_needed(n, e);
	n->wait = false;
	return keep_exec_resume(&n->task.x, e);
}

static int on_said(struct keep_talk *t, enum keep_answer what,
		   struct keep_err *e)
{
	struct keep_push_node *n = t->user;

	n->heard = n->heard || what != KEEP_ANSWER_SEND;
	if (what == KEEP_ANSWER_SEND)
		return on_send(n, e);
	if (what == KEEP_ANSWER_RUNNING)
		n->skip_lines = n->lines;
	if (what == KEEP_ANSWER_CONFIRM)
		return keep_push_confirm(n, e);
	if (what != KEEP_ANSWER_OUTPUT)
		return 0;
	if (n->skip_lines) {
		n->skip_lines--;
		return 0;
	}
	n->lines++;
	if (keep_push_hear(n, t->text, e))
		return -e->code;
	return n->push->told(n->push, n, KEEP_DEPLOY_OUTPUT, t->text, e);
}

static int on_output(struct keep_exec *x, enum keep_stream from,
		     struct keep_slice bytes, struct keep_err *e)
{
	struct keep_push_node *n = x->user;
	size_t room = SAID_MAX - n->said.len;

	if (from == KEEP_STDOUT)
		return keep_talk_read(&n->talk, bytes, e);
	keep_buf_put(&n->said, bytes.p, bytes.len < room ? bytes.len : room);
	return keep_buf_check(&n->said, e);
}

/* Said once of a node. */
static int tell_why(struct keep_push_node *n, struct keep_err *e)
{
	struct keep_slice text;

	if (n->told_why || !n->target->why)
		return 0;
	n->told_why = true;
	text = keep_mem_print(&n->shot, "by ssh: %s", n->target->why);
	return text.p ? n->push->told(n->push, n, KEEP_DEPLOY_OUTPUT, text, e) :
			keep_no_memory(e);
}

static int on_end(struct keep_task *t, const struct keep_exec_end *end,
		  struct keep_err *e)
{
	struct keep_push_node *n = t->x.user;
	int rc = tell_why(n, e);

	if (rc)
		return rc;
	if (end->err.code)
		return keep_push_lost(n, end, e);
	return keep_push_answered(n, end->status, e);
}

int keep_push_exec(struct keep_push_node *n, struct keep_err *e)
{
	int rc;

	keep_talk_end(&n->talk);
	n->talk = (struct keep_talk){.said = on_said, .user = n};
	n->said.len = 0;
	n->skip_lines = 0;
	if (!n->rejoins)
		keep_push_forget(n);
	keep_mem_end(&n->shot);
	n->shot = (struct keep_mem){0};
	n->task = (struct keep_task){
		.x = {.output = on_output, .user = n}, .target = n->target,
		.goes_on = n->begun, .silent = true, .ended = on_end};
	n->begun = true;
	rc = keep_push_words(n, &n->task, e);
	if (!rc)
		rc = keep_task_put(n->push->reach, &n->task, e);
	n->task.longer = n->other[0] != 0; /* more than --timeout is for ours */
	return rc;
}

static int on_again(struct keep_timer *t, struct keep_err *e)
{
	struct keep_push_node *n = t->user;

	n->push->reach->holds--;
	return keep_push_exec(n, e);
}

void keep_push_rejoin(struct keep_push_node *n, uint64_t delay_ms)
{
	n->rejoins = true;
	keep_work_tell(n->push->c, &(struct keep_work){
					   n->target->name, KEEP_STEP_DOES,
					   KEEP_S("lost, is reached again")});
	n->push->reach->holds++;
	n->again = (struct keep_timer){.fire = on_again, .user = n};
	keep_timer_set(&n->push->reach->loop, &n->again, delay_ms);
}

/* Of a node that should have what it gets no more is read than that. */
static int find_base(struct keep_push_node *n, struct keep_err *e)
{
	struct keep_ctx *c = n->push->c;
	struct keep_slice want = keep_slice(n->g->id);
	struct keep_err why;
	int rc;

	if (!n->g->manifest.p || keep_known_has(c, n->target->name, want)) {
		n->base.id = want;
		return 0;
	}
	rc = keep_known_get(c, &n->mem, n->target->name, &n->base, e);
	if (!rc && n->base.id.p && keep_manifest_read(
		    &n->mem, n->base.manifest, &n->base_lines, &why))
		n->base = (struct keep_known){0};
	n->ask = !n->base.id.p || keep_push_lacks(n, n->base.commit);
	return rc;
}

int keep_push_begin(struct keep_push_node *n, struct keep_err *e)
{
	struct keep_push *p = n->push;
	int rc = p->told(p, n, KEEP_DEPLOY_STARTED, (struct keep_slice){0}, e);

	n->since_ms = keep_loop_now_ms();
	n->rejoins = n->rejoin;
	if (!rc && !p->rollback)
		rc = find_base(n, e);
	return rc ? rc : keep_push_exec(n, e);
}

void keep_push_node_end(struct keep_push_node *n)
{
	keep_timer_end(&n->again);
	keep_timer_end(&n->retry);
	keep_exec_end(&n->task.x);
	keep_exec_end(&n->confirm.x);
	keep_talk_end(&n->talk);
	keep_talk_end(&n->confirm_talk);
	keep_buf_end(&n->said);
	keep_push_forget(n);
	keep_mem_end(&n->shot);
	keep_mem_end(&n->mem);
}
