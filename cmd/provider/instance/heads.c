/* The first pass over the nodes: which services and tags they have, and so
 * which environment they are in. */
#include <keep/text.h>
#include "reading.h"

static const struct keep_json *common_member(const struct keep_reading *r,
					     const char *key)
{
	static const struct keep_json null;
	const struct keep_parts *p = &r->kinds[KEEP_COMMON];

	return p->n_objects ? keep_member(&p->objects[0].plain, key) : &null;
}

static void unknown(struct keep_reading *r, const struct keep_parts *p,
		    const struct keep_json *v, const char *what)
{
	struct keep_slice name = keep_json_text(v);
	struct keep_guess g = {.wanted = name};
	size_t i;

	if (p->broken)
		return;
	for (i = 0; i < p->n_objects; i++)
		keep_guess_offer(&g, p->objects[i].name);
	if (keep_problem_at(r->ps, v, "there is no %s '%.*s'", what,
			    KEEP_F(name)))
		keep_guess_hint(r->ps, &g, "%ss/%.*s.json would make it", what,
				KEEP_F(name));
}

/* Whether V names a service or tag that is there. */
static bool is_name(struct keep_reading *r, enum keep_kind kind,
		    const struct keep_json *v, const char *what)
{
	bool text = v->type == KEEP_JSON_TEXT && !keep_is_expression(v);

	if (text && keep_stacked_find(&r->kinds[kind], keep_json_text(v)))
		return true;
	if (text)
		unknown(r, &r->kinds[kind], v, what);
	else
		keep_problem_at(r->ps, v, "the name of a %s is wanted here",
				what);
	return false;
}

static bool listed(const struct keep_slice *v, size_t n, struct keep_slice s)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (keep_slice_eq(v[i], s))
			return true;
	return false;
}

/* A node of which something is not known; its environment, perhaps. */
static void spoil(struct keep_reading *r, struct keep_node_file *n,
		  bool everywhere)
{
	n->tree.mark = KEEP_MARK_BROKEN;
	r->lost |= everywhere;
}

/* The names of the known ones of a list, each once. */
static int read_names(struct keep_reading *r, struct keep_node_file *n,
		      enum keep_kind kind, const struct keep_json *list,
		      struct keep_err *e)
{
	struct keep_slices *out = kind == KEEP_TAGS ? &n->tags : &n->services;
	const char *what = kind == KEEP_TAGS ? "tag" : "service";
	struct keep_slice *names = KEEP_NEWS(r->m, list->n, struct keep_slice);
	uint32_t i;

	if (!names)
		return keep_no_memory(e);
	out->v = names;
	for (i = 0; i < list->n; i++) {
		const struct keep_json *v = &list->list[i];
		struct keep_slice name = keep_json_text(v);

		if (is_name(r, kind, v, what) && !listed(names, out->n, name))
			names[out->n++] = name;
		else if (listed(names, out->n, name))
			keep_problem_at(r->warn, v, "%s '%.*s' is listed twice",
					what, KEEP_F(name));
		else
			spoil(r, n, kind == KEEP_TAGS);
	}
	return 0;
}

/* "services" or "tags": of common.json, changed by the node. */
static int read_list(struct keep_reading *r, struct keep_node_file *n,
		     enum keep_kind kind, struct keep_err *e)
{
	const char *key = kind == KEEP_TAGS ? "tags" : "services";
	const struct keep_json *own = keep_member(&n->tree, key);
	struct keep_json v;

	v = keep_lay(r->m, NULL, common_member(r, key), NULL);
	v = keep_lay(r->m, &v, own, NULL);
	if (v.type == KEEP_JSON_LIST)
		return read_names(r, n, kind, &v, e);
	if (v.type == KEEP_JSON_NULL && !v.mark)
		return 0;
	spoil(r, n, kind == KEEP_TAGS);
	keep_problem_at(r->ps, &v, "'%s' must be a list of names", key);
	return 0;
}

/* --- environments --------------------------------------------------------- */

/* Whether V names an environment; null does not. */
static bool is_env(struct keep_reading *r, const struct keep_json *v)
{
	struct keep_slice s = keep_json_text(v);

	if (v->type == KEEP_JSON_NULL)
		return false;
	if (v->type == KEEP_JSON_TEXT && keep_node_name_ok(s) &&
	    !keep_slice_is(s, "schema"))
		return true;
	keep_problem_at(r->ps, v, "'environment' must be a name of a-z, 0-9 "
			"and '-', and not 'schema'");
	return false;
}

/* false: they contradict each other, or V is no environment. */
static bool merge_env(struct keep_reading *r, const struct keep_json **env,
		      const struct keep_json *v)
{
	const struct keep_json *older = *env;

	if (v->mark == KEEP_MARK_FORCE)
		*env = NULL;
	if (!is_env(r, v))
		return v->type == KEEP_JSON_NULL;
	if (!*env)
		*env = v;
	if (keep_slice_eq(keep_json_text(v), keep_json_text(*env)))
		return true;
	keep_problem_at(r->ps, v, "the environment is '%.*s' here, but "
			"'%.*s' in %.*s:%u:%u", KEEP_F(keep_json_text(v)),
			KEEP_F(keep_json_text(older)),
			KEEP_F(older->source->name), older->line,
			older->column);
	return false;
}

static void read_env(struct keep_reading *r, struct keep_node_file *n)
{
	const struct keep_json *env = NULL, *tag;
	bool ok = true;
	size_t i;

	for (i = 0; i < n->tags.n; i++) {
		tag = &keep_stacked_find(&r->kinds[KEEP_TAGS],
					 n->tags.v[i])->plain;
		ok &= tag->mark != KEEP_MARK_BROKEN;
		ok &= merge_env(r, &env, keep_member(tag, "environment"));
	}
	ok &= merge_env(r, &env, keep_member(&n->tree, "environment"));
	n->env = env ? keep_json_text(env) : KEEP_S("default");
	if (!ok)
		spoil(r, n, true);
}

static int by_bytes(const void *a, const void *b)
{
	return keep_slice_cmp(*(const struct keep_slice *)a,
			      *(const struct keep_slice *)b);
}

static int gather_envs(struct keep_reading *r, struct keep_err *e)
{
	const struct keep_parts *tags = &r->kinds[KEEP_TAGS];
	const struct keep_json *v;
	size_t i, n = 0, all = 1 + tags->n_objects + r->n_nodes;
	struct keep_slice *envs = KEEP_NEWS(r->m, all, struct keep_slice);

	if (!envs)
		return keep_no_memory(e);
	envs[n++] = KEEP_S("default");
	for (i = 0; i < tags->n_objects; i++) {
		v = keep_member(&tags->objects[i].plain, "environment");
		if (is_env(r, v))
			envs[n++] = keep_json_text(v);
	}
	for (i = 0; i < r->n_nodes; i++)
		envs[n++] = r->nodes[i].env;
	qsort(envs, n, sizeof *envs, by_bytes);
	for (i = 0; i < n; i++)
		if (i == 0 || !keep_slice_eq(envs[i], envs[r->n_envs - 1]))
			envs[r->n_envs++] = envs[i];
	r->envs = envs;
	return 0;
}

/* --- nodes ---------------------------------------------------------------- */

/* The node's name as a member, which no layer can change. */
static int put_name(struct keep_reading *r, struct keep_node_file *n,
		    struct keep_err *e)
{
	const struct keep_json *given = keep_member(&n->tree, "name");
	struct keep_json_member *m;
	uint32_t i, used = 1;

	if (given->type != KEEP_JSON_NULL &&
	    !keep_slice_eq(keep_json_text(given), n->name))
		keep_problem_at(r->ps, given, "the node's name is that of its "
				"file, '%.*s'", KEEP_F(n->name));
	m = KEEP_NEWS(r->m, (size_t)n->tree.n + 1, struct keep_json_member);
	if (!m)
		return keep_no_memory(e);
	m[0] = (struct keep_json_member){KEEP_S("name"), n->tree.line,
					 n->tree.column, keep_json_of(n->name)};
	m[0].value.source = n->tree.source;
	m[0].value.line = n->tree.line;
	m[0].value.column = n->tree.column;
	m[0].value.mark = KEEP_MARK_FORCE;
	for (i = 0; i < n->tree.n; i++)
		if (!keep_slice_is(n->tree.members[i].key, "name"))
			m[used++] = n->tree.members[i];
	n->tree.members = m;
	n->tree.n = used;
	return 0;
}

static void check_name(struct keep_reading *r, const struct keep_node_file *n)
{
	const struct keep_slice *found;

	found = bsearch(&n->name, r->envs, r->n_envs, sizeof *r->envs,
			by_bytes);
	if (found)
		keep_problem_at(r->ps, &n->tree, "the node has the name of the "
				"environment '%.*s'", KEEP_F(n->name));
}

int keep_read_heads(struct keep_reading *r, struct keep_err *e)
{
	struct keep_node_file *n;
	size_t i;
	int code = 0;

	for (i = 0; i < r->n_nodes && !code; i++) {
		n = &r->nodes[i];
		code = put_name(r, n, e);
		if (!code)
			code = read_list(r, n, KEEP_SERVICES, e);
		if (!code)
			code = read_list(r, n, KEEP_TAGS, e);
		if (!code)
			read_env(r, n);
	}
	if (!code)
		code = gather_envs(r, e);
	for (i = 0; i < r->n_nodes && !code; i++)
		check_name(r, &r->nodes[i]);
	return code;
}
