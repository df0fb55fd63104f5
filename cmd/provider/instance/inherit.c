/* Nodes: common, services, tags and the node's own file, laid over each other.
 * What nodes of the same services and tags inherit is made once. */
#include "reading.h"

struct step {
	const struct keep_combo *parent;
	const void *added;
	bool broken; /* one that is empty, and one that could not be read */
};

static bool same(const void *array, uint32_t i, const void *key)
{
	const struct keep_combo *const *v = array;
	const struct step *s = key;

	return v[i]->parent == s->parent && v[i]->added == s->added &&
	       (v[i]->tree.mark == KEEP_MARK_BROKEN) == s->broken;
}

static int add_combo(struct keep_reading *r, uint32_t hash,
		     struct keep_combo *c, struct keep_err *e)
{
	struct keep_combos *all = &r->combos;
	struct keep_combo **larger;

	if (all->n == all->cap) {
		all->cap = all->cap ? all->cap * 2 : 64;
		larger = KEEP_NEWS(r->m, all->cap, struct keep_combo *);
		if (!larger)
			return keep_no_memory(e);
		if (all->n)
			memcpy(larger, all->v, all->n * sizeof *larger);
		all->v = larger;
	}
	if (!keep_index_add(&all->ix, r->m, hash, all->n))
		return keep_no_memory(e);
	all->v[all->n++] = c;
	return 0;
}

/* *combo with one more stack laid over it. */
static int lay_over(struct keep_reading *r, const struct keep_combo **combo,
		    const struct keep_json *stack, struct keep_err *e)
{
	const struct step s = {*combo, stack->members,
			       stack->mark == KEEP_MARK_BROKEN ||
			       (*combo)->tree.mark == KEEP_MARK_BROKEN};
	uint32_t hash = keep_hash(keep_hash(0, &s.parent, sizeof s.parent),
				  &s.added, sizeof s.added);
	struct keep_combo *c;
	uint32_t i;

	i = keep_index_find(&r->combos.ix, hash, same, r->combos.v, &s);
	if (i != KEEP_INDEX_NONE) {
		*combo = r->combos.v[i];
		return 0;
	}
	c = KEEP_NEW(r->m, struct keep_combo);
	if (!c)
		return keep_no_memory(e);
	c->parent = s.parent;
	c->added = s.added;
	c->tree = keep_lay(r->m, &s.parent->tree, stack, r->ps);
	if (c->tree.type != KEEP_JSON_OBJECT)
		return keep_no_memory(e);
	*combo = c;
	return add_combo(r, hash, c, e);
}

static int lay_all(struct keep_reading *r, const struct keep_combo **combo,
		   enum keep_kind kind, struct keep_slices names,
		   const struct keep_json *stacks, struct keep_err *e)
{
	const struct keep_parts *p = &r->kinds[kind];
	size_t i;
	int code = 0;

	for (i = 0; i < names.n && !code; i++)
		code = lay_over(r, combo, &stacks[keep_stacked_find(
			p, names.v[i]) - p->objects], e);
	return code;
}

static void check_node(struct keep_reading *r, struct keep_node *n,
		       const struct keep_json *file,
		       const struct keep_json *inherited)
{
	const struct keep_json *enabled = keep_member(&n->tree, "enabled");
	char of[80], who[80];

	n->enabled = enabled->type == KEEP_JSON_BOOL && enabled->number;
	if (enabled->type != KEEP_JSON_BOOL && !keep_is_required(enabled))
		keep_problem_at(r->ps, enabled, "'enabled' must be true or "
				"false");
	if (n->tree.mark == KEEP_MARK_BROKEN)
		return;
	snprintf(of, sizeof of, "node '%.*s'", KEEP_F(n->name));
	snprintf(who, sizeof who, "nodes/%.*s.json", KEEP_F(n->name));
	keep_check_required(r, &n->tree, keep_slice(of), keep_slice(who));
	if (r->warn)
		keep_check_unknown(r, n, file, inherited);
}

static int read_node(struct keep_reading *r, const struct keep_node_file *file,
		     struct keep_node *n, struct keep_err *e)
{
	const struct keep_combo *combo;
	size_t env;
	int code;

	*n = (struct keep_node){
		.name = file->name, .services = file->services,
		.tags = file->tags, .env = keep_world_env(r->w, file->env),
		.index = (size_t)(n - r->w->nodes), .source = file->tree.source,
	};
	env = (size_t)(n->env - r->w->envs);
	combo = r->stacks[env].root;
	r->stacks[env].used = true;
	code = lay_all(r, &combo, KEEP_SERVICES, n->services,
		       r->stacks[env].services, e);
	if (!code)
		code = lay_all(r, &combo, KEEP_TAGS, n->tags,
			       r->stacks[env].tags, e);
	if (code)
		return code;
	n->tree = keep_lay(r->m, &combo->tree, &file->tree, r->ps);
	if (n->tree.type != KEEP_JSON_OBJECT)
		return keep_no_memory(e);
	check_node(r, n, &file->tree, &combo->tree);
	return 0;
}

static void check_provider(struct keep_reading *r, const struct keep_env *env)
{
	char who[128] = "provider.json";

	if (env->provider.mark == KEEP_MARK_BROKEN)
		return;
	if (!keep_slice_is(env->name, "default"))
		snprintf(who, sizeof who, "provider.json or provider.%.*s.json",
			 KEEP_F(env->name));
	keep_check_required(r, &env->provider, KEEP_S("the provider"),
			    keep_slice(who));
}

/* Where a node is broken, and so a set of nodes is not known. */
static void spread(struct keep_reading *r)
{
	struct keep_world *w = r->w;
	size_t i;

	w->broken = r->lost;
	for (i = 0; i < w->n_envs; i++)
		w->envs[i].broken = r->lost;
	for (i = 0; i < w->n_nodes; i++) {
		if (w->nodes[i].tree.mark != KEEP_MARK_BROKEN)
			continue;
		w->broken = true;
		w->envs[w->nodes[i].env - w->envs].broken = true;
	}
}

int keep_read_inherit(struct keep_reading *r, struct keep_err *e)
{
	struct keep_world *w = r->w;
	size_t i;
	int code = 0;

	w->nodes = KEEP_NEWS(r->m, r->n_nodes, struct keep_node);
	if (!w->nodes)
		return keep_no_memory(e);
	w->n_nodes = r->n_nodes;
	for (i = 0; i < r->n_nodes && !code; i++)
		code = read_node(r, &r->nodes[i], &w->nodes[i], e);
	for (i = 0; i < w->n_envs && !code; i++)
		if (r->stacks[i].used)
			check_provider(r, &w->envs[i]);
	if (!code)
		spread(r);
	return code;
}
