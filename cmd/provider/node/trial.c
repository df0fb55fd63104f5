/* An instance as it would be after an edit, and what would be wrong then. */
#include "../expr/expr.h"
#include "../host.h"
#include "node.h"

void keep_trial_end(struct keep_trial *t)
{
	keep_mem_end(&t->mem);
}

int keep_trial_read(struct keep_ctx *c, struct keep_trial *t,
		    struct keep_drafts drafts, struct keep_err *e)
{
	int code;

	keep_mem_reset(&t->mem);
	t->world = (struct keep_world){.mem = &t->mem, .drafts = drafts};
	t->ps = (struct keep_problems){.mem = c->mem};
	code = keep_world_read(&t->world, keep_fd_get(&c->instance), &t->ps,
			       NULL, e);
	t->whole = !code;
	return code == -KEEP_E_BAD_ARGS ? 0 : code;
}

/* Addresses of other nodes are compared as they are written. */
static int check_addresses(struct keep_trial *t, const struct keep_node *n,
			   const struct keep_json *tree, struct keep_err *e)
{
	const struct keep_json **trees = KEEP_NEWS(&t->mem, t->world.n_nodes,
						   const struct keep_json *);
	size_t i;

	if (!trees)
		return keep_no_memory(e);
	for (i = 0; i < t->world.n_nodes; i++)
		trees[i] = i == n->index ? tree : &t->world.nodes[i].tree;
	keep_address_check(&t->world, trees, &t->ps);
	return 0;
}

static int evaluate(struct keep_ctx *c, struct keep_trial *t,
		    struct keep_slice node, struct keep_err *e)
{
	const struct keep_node *n = keep_world_node(&t->world, node);
	struct keep_sources *made; /* never saved */
	struct keep_eval *ev;
	struct keep_json tree;
	int code;

	if (!n)
		return 0;
	code = keep_sources_new(c, &t->world, KEEP_MAKE, &made, e);
	if (code)
		return code;
	ev = keep_eval_new(&t->mem, &t->world);
	if (!ev)
		return keep_no_memory(e);
	code = keep_eval_node(ev, n, &t->ps, &tree);
	if (code)
		return code == -KEEP_E_BAD_ARGS ? 0 : keep_no_memory(e);
	keep_property_check(n, &tree, &t->ps);
	return check_addresses(t, n, &tree, e);
}

static bool has(const struct keep_problems *ps, const struct keep_problem *p)
{
	const struct keep_problem *q;

	for (q = ps->first; q; q = q->next)
		if (keep_slice_eq(p->where, q->where) &&
		    keep_slice_eq(p->message, q->message))
			return true;
	return false;
}

static int tell_new(struct keep_ctx *c, const struct keep_problems *was,
		    const struct keep_problems *now, struct keep_err *e)
{
	struct keep_problems *new = KEEP_NEW(c->mem, struct keep_problems);
	const struct keep_problem *p;

	if (!new)
		return keep_no_memory(e);
	new->mem = c->mem;
	for (p = now->first; p; p = p->next) {
		if (has(was, p))
			continue;
		keep_problem(new, p->where, p->line, p->column, "%.*s",
			     KEEP_F(p->message));
		if (p->hint.p)
			keep_problem_hint(new, "%.*s", KEEP_F(p->hint));
	}
	if (now->kept < now->total && !new->total)
		keep_problem(new, KEEP_S("nodes"), 0, 0, "too many faults to "
			     "tell which are new");
	if (!new->total)
		return 0;
	keep_problems_fail(new, e, KEEP_E_BAD_ARGS, "the change");
	return keep_hint(e, "nothing was written");
}

int keep_trial_judge(struct keep_ctx *c, struct keep_trial *t,
		     struct keep_slice node, struct keep_err *e)
{
	KEEP_AUTO(keep_trial) was = {0};
	int code = t->whole ? evaluate(c, t, node, e) : 0;
	if (code || !t->ps.total)
		return code;
	code = keep_trial_read(c, &was, (struct keep_drafts){0}, e);
	/* what faults of reading hid before is no fault of this change */
	if (code || (t->whole && !was.whole))
		return code;
	if (t->whole)
		code = evaluate(c, &was, node, e);
	if (!code)
		code = tell_new(c, &was.ps, &t->ps, e);
	if (!code && !t->whole)
		keep_log(c->log, KEEP_LOG_WARNING, "the instance has other "
			 "faults: the change was read, but not evaluated");
	return code;
}
