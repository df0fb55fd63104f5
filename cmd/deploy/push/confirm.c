/* Magic rollback: the node is reached anew, which shows that its sshd, its
 * firewall and its keys still let us in. */
#include "push.h"

enum { CONFIRMS_MAX = 12, WAIT_MS = 2000 };

static int confirm(struct keep_push_node *n, struct keep_err *e);

static int on_retry(struct keep_timer *t, struct keep_err *e)
{
	struct keep_push_node *n = t->user;

	n->push->reach->holds--;
	return confirm(n, e);
}

static int on_output(struct keep_exec *x, enum keep_stream from,
		     struct keep_slice bytes, struct keep_err *e)
{
	struct keep_push_node *n = x->user;

	return from == KEEP_STDOUT ?
	       keep_talk_read(&n->confirm_talk, bytes, e) : 0;
}

/* What became of it is told by the deploy's own exec. */
static int on_end(struct keep_task *t, const struct keep_exec_end *end,
		  struct keep_err *e)
{
	struct keep_push_node *n = t->x.user;
	struct keep_push *p = n->push;

	(void)e;
	p->reach->window.at_once--;
	n->confirming = false;
	if (n->done || !end->err.code || n->confirms >= CONFIRMS_MAX ||
	    end->err.code == KEEP_E_UNTRUSTED || p->reach->over)
		return 0;
	n->confirming = true;
	p->reach->holds++;
	n->retry = (struct keep_timer){.fire = on_retry, .user = n};
	keep_timer_set(&p->reach->loop, &n->retry, WAIT_MS);
	return 0;
}

/* The window is wider by one as long as it lasts: those that are in it may
 * all wait for this. */
static int confirm(struct keep_push_node *n, struct keep_err *e)
{
	struct keep_push *p = n->push;
	int rc;

	if (n->done)
		return 0;
	n->confirms++;
	keep_talk_end(&n->confirm_talk);
	n->confirm_talk = (struct keep_talk){.user = n};
	n->confirm = (struct keep_task){
		.x = {.output = on_output, .user = n}, .target = n->target,
		.goes_on = true, .silent = true, .ended = on_end};
	rc = keep_push_command(n, "confirm", &n->confirm, e);
	if (!rc)
		rc = keep_task_put(p->reach, &n->confirm, e);
	if (!rc)
		p->reach->window.at_once++;
	return rc;
}

int keep_push_confirm(struct keep_push_node *n, struct keep_err *e)
{
	if (n->confirming)
		return 0;
	n->confirming = true;
	return confirm(n, e);
}
