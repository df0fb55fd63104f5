/* An instance as it would be after an edit, and what would be wrong then. */
#include "../expr/expr.h"
#include "../host.h"
#include "../new_faults.h"
#include "../open.h"
#include "node.h"

void keep_trial_end(struct keep_trial *t)
{
	keep_mem_end(&t->mem);
}

int keep_trial_read(struct keep_ctx *c, struct keep_trial *t,
		    struct keep_drafts drafts, struct keep_err *e)
{
	struct keep_err why = {0};
	int code;

	keep_mem_reset(&t->mem);
	t->world = (struct keep_world){.mem = &t->mem, .drafts = drafts};
	t->ps = t->warnings = (struct keep_problems){.mem = c->mem};
	code = keep_world_read(&t->world, keep_fd_get(&c->instance), &t->ps,
			       &t->warnings, &why);
	t->n_read = t->ps.kept;
	if (code && code != -KEEP_E_BAD_ARGS)
		*e = why;
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
	if (code == -KEEP_E_NO_MEMORY)
		return keep_no_memory(e);
	keep_property_check(n, &tree, &t->ps);
	return check_addresses(t, n, &tree, e);
}

static bool is_broken(const struct keep_trial *t, struct keep_slice node)
{
	const struct keep_node *n = keep_world_node(&t->world, node);

	return n && n->tree.mark == KEEP_MARK_BROKEN;
}

int keep_trial_judge(struct keep_ctx *c, struct keep_trial *t,
		     struct keep_slice node, struct keep_err *e)
{
	KEEP_AUTO(keep_trial) was = {0};
	size_t n;
	int code = evaluate(c, t, node, e);

	if (code || !t->ps.total)
		return code;
	code = keep_trial_read(c, &was, (struct keep_drafts){0}, e);
	/* what faults of reading hid before is no fault of this change */
	n = is_broken(&was, node) ? t->n_read : t->ps.kept;
	if (!code)
		code = evaluate(c, &was, node, e);
	if (!code)
		code = keep_new_faults(c->mem, &was.ps, &t->ps, n, e);
	if (!code && is_broken(t, node))
		keep_log(c->log, KEEP_LOG_WARNING, "what node '%.*s' inherits "
			 "has faults: its values were not checked",
			 KEEP_F(node));
	return code;
}

void keep_trial_warn(struct keep_ctx *c, const struct keep_trial *t,
		     struct keep_slice path)
{
	const struct keep_problem *p;

	for (p = t->warnings.first; p; p = p->next)
		if (keep_slice_eq(p->where, path))
			keep_provider_warn(c, p);
}
