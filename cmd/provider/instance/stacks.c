/* Objects: their files stacked, once without an environment, and again for
 * each environment that has a file of its own. */
#include <keep/text.h>
#include "reading.h"

static const struct keep_json empty = {.type = KEEP_JSON_OBJECT};

/* --- without an environment ----------------------------------------------- */

static int by_name_env(const void *a, const void *b)
{
	const struct keep_part *x = a, *y = b;
	int order = keep_slice_cmp(x->name, y->name);

	if (order == 0)
		order = keep_slice_cmp(x->env, y->env);
	return order ? order : (int)y->base - (int)x->base;
}

static int stack_plain(struct keep_reading *r, const struct keep_parts *p,
		       struct keep_stacked *o, struct keep_err *e)
{
	size_t i;

	o->plain = empty;
	for (i = o->first; i < o->end && !p->v[i].env.p; i++) {
		o->plain = keep_stack(r->m, &o->plain, &p->v[i].tree, r->ps);
		if (o->plain.type != KEEP_JSON_OBJECT)
			return keep_no_memory(e);
	}
	return 0;
}

static int stack_kind(struct keep_reading *r, struct keep_parts *p,
		      struct keep_err *e)
{
	struct keep_stacked *o;
	size_t i;
	int code = 0;

	if (p->n)
		qsort(p->v, p->n, sizeof *p->v, by_name_env);
	p->objects = KEEP_NEWS(r->m, p->n, struct keep_stacked);
	if (!p->objects)
		return keep_no_memory(e);
	for (i = 0; i < p->n && !code; i = o->end) {
		o = &p->objects[p->n_objects++];
		*o = (struct keep_stacked){.name = p->v[i].name, .first = i};
		for (o->end = i; o->end < p->n; o->end++)
			if (!keep_slice_eq(p->v[o->end].name, o->name))
				break;
		code = stack_plain(r, p, o, e);
	}
	return code;
}

int keep_read_stacks(struct keep_reading *r, struct keep_err *e)
{
	int kind, code = 0;

	for (kind = 0; kind < KEEP_KINDS && !code; kind++)
		code = stack_kind(r, &r->kinds[kind], e);
	return code;
}

/* --- for an environment --------------------------------------------------- */

static int stack_env(struct keep_reading *r, const struct keep_parts *p,
		     const struct keep_stacked *o, struct keep_slice env,
		     struct keep_json *out, struct keep_err *e)
{
	size_t i;

	*out = o->plain;
	for (i = o->first; i < o->end; i++)
		if (p->v[i].env.p && keep_slice_eq(p->v[i].env, env))
			*out = keep_stack(r->m, &o->plain, &p->v[i].tree,
					  r->ps);
	return out->type == KEEP_JSON_OBJECT ? 0 : keep_no_memory(e);
}

static bool has_env(const struct keep_parts *p, struct keep_slice env)
{
	size_t i;

	for (i = 0; i < p->n; i++)
		if (p->v[i].env.p && keep_slice_eq(p->v[i].env, env))
			return true;
	return false;
}

/* What a service tells clients is said once, and inherited by no node. */
static int drop_publish(struct keep_reading *r, struct keep_json *stack,
			struct keep_err *e)
{
	struct keep_json_member *m;
	uint32_t i, n = 0;

	if (!keep_json_get(stack, KEEP_S("publish")))
		return 0;
	m = KEEP_NEWS(r->m, stack->n, struct keep_json_member);
	if (!m)
		return keep_no_memory(e);
	for (i = 0; i < stack->n; i++)
		if (!keep_slice_is(stack->members[i].key, "publish"))
			m[n++] = stack->members[i];
	stack->members = m;
	stack->n = n;
	return 0;
}

/* Stacks of services or tags, and their trees as they are by themselves: a
 * "-k" for an older layer of the node takes from nothing there. */
static int read_objects(struct keep_reading *r, enum keep_kind kind,
			struct keep_slice env, const struct keep_json **stacks,
			struct keep_objects *out, struct keep_err *e)
{
	const struct keep_parts *p = &r->kinds[kind];
	const struct keep_object *schema;
	struct keep_json *stack;
	struct keep_object *o;
	size_t i;
	int code = 0;

	stack = KEEP_NEWS(r->m, p->n_objects, struct keep_json);
	o = KEEP_NEWS(r->m, p->n_objects, struct keep_object);
	if (!stack || !o)
		return keep_no_memory(e);
	for (i = 0; i < p->n_objects && !code; i++) {
		code = stack_env(r, p, &p->objects[i], env, &stack[i], e);
		o[i].name = p->objects[i].name;
		o[i].tree = keep_lay(r->m, NULL, &stack[i], NULL);
		if (!code && o[i].tree.type != KEEP_JSON_OBJECT)
			code = keep_no_memory(e);
		if (!code && kind == KEEP_SERVICES)
			code = drop_publish(r, &stack[i], e);
		schema = keep_objects_find(&r->schemas, o[i].name);
		if (kind == KEEP_SERVICES && schema) {
			o[i].rows = schema->rows;
			o[i].n_rows = schema->n_rows;
		}
	}
	*stacks = stack;
	*out = (struct keep_objects){o, p->n_objects};
	return code;
}

/* Provider or common, of which there is one or none. */
static int read_single(struct keep_reading *r, enum keep_kind kind,
		       struct keep_slice env, struct keep_json *stack,
		       struct keep_err *e)
{
	const struct keep_parts *p = &r->kinds[kind];

	*stack = empty;
	if (p->n_objects == 0)
		return 0;
	return stack_env(r, p, &p->objects[0], env, stack, e);
}

/* What every node has, whatever its files say. */
static struct keep_json builtin(struct keep_reading *r)
{
	const struct keep_json_member members[] = {
		{.key = KEEP_S("name")},
		{.key = KEEP_S("enabled"),
		 .value = {.type = KEEP_JSON_BOOL, .number = 1}},
		{.key = KEEP_S("environment")},
		{.key = KEEP_S("services"), .value = {.type = KEEP_JSON_LIST}},
		{.key = KEEP_S("tags"), .value = {.type = KEEP_JSON_LIST}},
	};
	struct keep_json out = empty;
	struct keep_json_member *m = KEEP_NEWS(r->m, KEEP_COUNT(members),
					       struct keep_json_member);

	if (!m)
		return (struct keep_json){0};
	memcpy(m, members, sizeof members);
	out.members = m;
	out.n = KEEP_COUNT(members);
	return out;
}

static int read_root(struct keep_reading *r, const struct keep_json *common,
		     struct keep_combo **root, struct keep_err *e)
{
	struct keep_json least = builtin(r);
	struct keep_combo *c = KEEP_NEW(r->m, struct keep_combo);

	if (!c || least.type != KEEP_JSON_OBJECT)
		return keep_no_memory(e);
	c->tree = keep_lay(r->m, &least, common, r->ps);
	*root = c;
	return c->tree.type == KEEP_JSON_OBJECT ? 0 : keep_no_memory(e);
}

static int read_env(struct keep_reading *r, struct keep_env *env,
		    struct keep_env_stacks *s, struct keep_err *e)
{
	struct keep_json provider, common;
	int code = read_single(r, KEEP_PROVIDER, env->name, &provider, e);

	if (!code)
		code = read_single(r, KEEP_COMMON, env->name, &common, e);
	if (code)
		return code;
	env->provider = keep_lay(r->m, NULL, &provider, r->ps);
	env->common = keep_lay(r->m, NULL, &common, NULL);
	if (env->provider.type != KEEP_JSON_OBJECT ||
	    env->common.type != KEEP_JSON_OBJECT)
		return keep_no_memory(e);
	return s->root ? 0 : read_root(r, &common, &s->root, e);
}

/* What no file of the environment changes is that of `default`. */
static int read_env_kinds(struct keep_reading *r, size_t i,
			  const struct keep_env *plain,
			  const struct keep_env_stacks *plain_stacks,
			  struct keep_err *e)
{
	struct keep_env *env = &r->w->envs[i];
	struct keep_env_stacks *s = &r->stacks[i];
	int code = 0;

	*s = *plain_stacks;
	env->services = plain->services;
	env->tags = plain->tags;
	if (!s->services || has_env(&r->kinds[KEEP_SERVICES], env->name))
		code = read_objects(r, KEEP_SERVICES, env->name, &s->services,
				    &env->services, e);
	if (!code && (!s->tags || has_env(&r->kinds[KEEP_TAGS], env->name)))
		code = read_objects(r, KEEP_TAGS, env->name, &s->tags,
				    &env->tags, e);
	if (has_env(&r->kinds[KEEP_COMMON], env->name))
		s->root = NULL;
	return code ? code : read_env(r, env, s, e);
}

static void check_env_files(struct keep_reading *r, const struct keep_parts *p)
{
	struct keep_guess g;
	size_t i, j;

	for (i = 0; i < p->n; i++) {
		if (!p->v[i].env.p || keep_world_env(r->w, p->v[i].env))
			continue;
		g = (struct keep_guess){.wanted = p->v[i].env};
		for (j = 0; j < r->n_envs; j++)
			keep_guess_offer(&g, r->envs[j]);
		if (keep_problem_at(r->warn, &p->v[i].tree, "no tag and no "
				    "node is in the environment '%.*s'",
				    KEEP_F(p->v[i].env)))
			keep_guess_hint(r->warn, &g, "the file has no effect");
	}
}

int keep_read_envs(struct keep_reading *r, struct keep_err *e)
{
	struct keep_world *w = r->w;
	size_t i, plain = 0;
	int kind, code;

	w->envs = KEEP_NEWS(r->m, r->n_envs, struct keep_env);
	r->stacks = KEEP_NEWS(r->m, r->n_envs, struct keep_env_stacks);
	if (!w->envs || !r->stacks)
		return keep_no_memory(e);
	w->n_envs = r->n_envs;
	for (i = 0; i < w->n_envs; i++) {
		w->envs[i].name = r->envs[i];
		if (keep_slice_is(r->envs[i], "default"))
			plain = i;
	}
	code = read_env_kinds(r, plain, &w->envs[plain], &r->stacks[plain], e);
	for (i = 0; i < w->n_envs && !code; i++)
		if (i != plain)
			code = read_env_kinds(r, i, &w->envs[plain],
					      &r->stacks[plain], e);
	for (kind = 0; kind < KEEP_KINDS && !code && !r->lost; kind++)
		check_env_files(r, &r->kinds[kind]);
	return code;
}
