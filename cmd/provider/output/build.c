/* A world, evaluated whole. */
#include "../open.h"
#include "env.h"
#include "files.h"

enum { TELL_EACH = 256 };

/* Twice, where a node needs the links of others: they are known when all
 * nodes were evaluated once. */
static int evaluate_node(struct keep_build *b, const struct keep_node *n,
			 struct keep_json *tree, bool first,
			 struct keep_fold *f)
{
	bool later = false;
	int code;

	if (b->trees[n->index])
		return 0;
	code = first ? keep_eval_early(b->ev, n, f->ps, tree, &later) :
		       keep_eval_node(b->ev, n, f->ps, tree);
	if (code == -KEEP_E_NO_MEMORY)
		return code;
	code = 0;
	if (!later) {
		b->trees[n->index] = tree;
		keep_property_check(n, tree, f->ps);
		code = keep_files_of(b, n, tree, f->ps, &b->files[n->index]);
	}
	keep_fold_node(f, n);
	return code;
}

static int evaluate_all(struct keep_ctx *c, struct keep_build *b,
			struct keep_json *trees, bool first,
			struct keep_fold *f, struct keep_err *e)
{
	size_t i, all = b->world->n_nodes;
	int code = 0;

	for (i = 0; i < all && !code; i++) {
		if (i % TELL_EACH == 0) {
			if (!b->trees[i])
				keep_progress(c, first ? KEEP_S("evaluating") :
					      KEEP_S("relating"), i, all);
			code = keep_cancelled(c, e);
		}
		if (!code && evaluate_node(b, &b->world->nodes[i], &trees[i],
					   first, f))
			code = keep_no_memory(e);
	}
	return code;
}

static int evaluate(struct keep_ctx *c, struct keep_build *b,
		    struct keep_problems *ps, struct keep_err *e)
{
	struct keep_fold f = {.world = b->world, .ps = ps, .last = ps->last};
	struct keep_json *trees = KEEP_NEWS(c->mem, b->world->n_nodes,
					    struct keep_json);
	int code = trees ? evaluate_all(c, b, trees, true, &f, e) :
			   keep_no_memory(e);

	if (!code)
		code = evaluate_all(c, b, trees, false, &f, e);
	keep_fold_end(&f);
	return code;
}

/* Faults that come from one that all share are told as that one. */
static int judge(const struct keep_build *b, const struct keep_problems *ps,
		 struct keep_err *e)
{
	if (b->sources->failed.code)
		*e = b->sources->failed;
	return b->sources->failed.code ? -e->code :
		keep_problems_fail(ps, e, KEEP_E_BAD_ARGS, "the instance");
}

static int build(struct keep_ctx *c, enum keep_making making,
		 struct keep_build *b, struct keep_problems *ps,
		 struct keep_err *e)
{
	int code = keep_sources_new(c, b->world, making, &b->sources, e);

	if (!code && b->later)
		code = keep_sources_later(b->sources, e);
	if (code)
		return code;
	b->ev = keep_eval_new(c->mem, b->world);
	b->trees = KEEP_NEWS(c->mem, b->world->n_nodes,
			     const struct keep_json *);
	b->files = KEEP_NEWS(c->mem, b->world->n_nodes, struct keep_files);
	b->contacts = KEEP_NEWS(c->mem, b->world->n_nodes,
				const struct keep_env_node *);
	if (!b->ev || !b->trees || !b->files || !b->contacts)
		return keep_no_memory(e);
	code = evaluate(c, b, ps, e);
	if (code)
		return code;
	keep_address_check(b->world, b->trees, ps);
	code = keep_env_build(c, b, ps, e);
	if (!code)
		keep_files_relate(b, ps);
	return code;
}

int keep_build(struct keep_ctx *c, enum keep_making making,
	       struct keep_build *b, struct keep_err *e)
{
	struct keep_problems *ps = KEEP_NEW(c->mem, struct keep_problems);
	struct keep_err why = {0}; /* all faults are told at the end */
	int code = ps ? keep_provider_read(c, ps, &b->world, &why) :
			keep_no_memory(&why);

	if (code && code != -KEEP_E_BAD_ARGS) {
		*e = why;
		return code;
	}
	code = build(c, making, b, ps, e);
	if (b->sources)
		keep_sources_asked(b->sources);
	return code ? code : judge(b, ps, e);
}

int keep_build_try(struct keep_ctx *c, struct keep_slice platform,
		   struct keep_problems *ps, struct keep_err *e)
{
	struct keep_build b = {.world = KEEP_NEW(c->mem, struct keep_world)};
	struct keep_err why = {0};
	int code;

	if (!b.world)
		return keep_no_memory(e);
	b.world->mem = ps->mem = c->mem;
	b.world->platform_path = platform;
	code = keep_world_read(b.world, keep_fd_get(&c->instance), ps, NULL,
			       &why);
	if (!code || code == -KEEP_E_BAD_ARGS)
		return build(c, KEEP_MAKE, &b, ps, e);
	*e = why;
	return code;
}

static int value(void *to, const struct keep_node *n, struct keep_slice path,
		 struct keep_json *v, struct keep_err *e)
{
	const struct keep_build *b = to;
	const struct keep_json *found = keep_json_at(b->trees[n->index], path);

	(void)e;
	*v = found ? *found : (struct keep_json){0};
	return 0;
}

int keep_build_filter(struct keep_build *b, struct keep_slices words,
		      bool **chosen, struct keep_err *e)
{
	int code = keep_filter(b->world, words, value, b, chosen, e);
	size_t i;

	for (i = 0; i < b->world->n_nodes && !code; i++)
		if ((*chosen)[i])
			return 0;
	return code || !words.n ? code :
		keep_fail(e, KEEP_E_NOT_FOUND, "the filter selects no node");
}

void keep_build_text(const struct keep_json *tree, struct keep_buf *out)
{
	keep_json_put(out, tree, KEEP_JSON_PRETTY | KEEP_JSON_SORTED);
	keep_buf_byte(out, '\n');
}
