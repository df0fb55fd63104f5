/* recipes/: scripts, and what recipe.json says, as the runner reads it. */
#include "parts.h"

/* Base is a service of every node where it has a recipe. */
static bool has_base(const struct keep_material *m)
{
	size_t i;

	for (i = 0; i < m->n_scripts; i++)
		if (keep_slice_is(m->scripts[i].service, "base"))
			return true;
	for (i = 0; i < m->services.n; i++)
		if (keep_slice_is(m->services.v[i], "base"))
			return true;
	return false;
}

/* Services in the order in which they are applied: base, then as listed. */
static void put_list(struct keep_parts *p)
{
	const struct keep_slices *s = &p->m->services;
	KEEP_AUTO(keep_buf) b = {0};
	size_t i;

	if (has_base(p->m))
		keep_buf_text(&b, "base\n");
	for (i = 0; i < s->n; i++)
		if (!keep_slice_is(s->v[i], "base"))
			keep_buf_print(&b, "%.*s\n", KEEP_F(s->v[i]));
	keep_parts_add_buf(p, "recipes/list", &b);
}

static bool is_package(struct keep_slice s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (!((s.p[i] >= 'a' && s.p[i] <= 'z') ||
		      (s.p[i] >= 'A' && s.p[i] <= 'Z') ||
		      (s.p[i] >= '0' && s.p[i] <= '9') ||
		      (i && s.p[i] && strchr(".+-:@_", s.p[i]))))
			return false;
	return s.len > 0;
}

/* The list KEY of a recipe.json, a line each. */
static void put_names(struct keep_parts *p,
		      const struct keep_material_script *s,
		      const struct keep_json *recipe, const char *key)
{
	const struct keep_json *v = keep_json_get(recipe, keep_slice(key));
	struct keep_slice path = keep_mem_print(p->c->mem, "recipes/%.*s/%s",
						KEEP_F(s->service), key);
	struct keep_buf b = {.mem = p->c->mem};
	bool bad = v && v->type != KEEP_JSON_LIST;
	size_t i;

	for (i = 0; v && !bad && i < v->n; i++) {
		bad = v->list[i].type != KEEP_JSON_TEXT ||
		      !is_package(keep_json_text(&v->list[i]));
		if (!bad)
			keep_buf_print(&b, "%.*s\n",
				       KEEP_F(keep_json_text(&v->list[i])));
	}
	if (bad)
		keep_problem(p->ps, path, 0, 0, "recipe.json: %s is a list of "
			     "names", key);
	p->v.failed = p->v.failed || b.failed || !path.p;
	if (b.len && path.p)
		keep_parts_add(p, path, keep_buf_get(&b), false);
}

/* Scripts that are manifests of puppet have a file beside them that says so. */
static void put_engine(struct keep_parts *p,
		       const struct keep_material_script *s,
		       const struct keep_json *recipe)
{
	const struct keep_json *v = keep_json_get(recipe, KEEP_S("engine"));
	struct keep_slice name = KEEP_S("sh");
	struct keep_slice path = keep_mem_print(p->c->mem,
						"recipes/%.*s/engine",
						KEEP_F(s->service));

	p->v.failed = p->v.failed || !path.p;
	if (v)
		name = v->type == KEEP_JSON_TEXT ? keep_json_text(v)
						 : KEEP_S("");
	if (keep_slice_is(name, "puppet"))
		keep_parts_add(p, path, KEEP_S("puppet\n"), false);
	else if (!keep_slice_is(name, "sh"))
		keep_problem(p->ps, path, 0, 0, "recipe.json: engine is sh or "
			     "puppet");
}

static void check_keys(struct keep_parts *p, struct keep_slice path,
		       const struct keep_json *recipe)
{
	const struct keep_json_member *m = recipe->members;
	size_t i, n = recipe->type == KEEP_JSON_OBJECT ? recipe->n : 0;

	if (recipe->type != KEEP_JSON_OBJECT)
		keep_problem(p->ps, path, 0, 0, "a recipe is an object");
	for (i = 0; i < n; i++) {
		if (keep_slice_is(m[i].key, "packages") ||
		    keep_slice_is(m[i].key, "units") ||
		    keep_slice_is(m[i].key, "engine"))
			continue;
		keep_problem(p->ps, path, m[i].line, m[i].column,
			     "a recipe has no '%.*s'", KEEP_F(m[i].key));
		keep_problem_hint(p->ps, "packages, units and engine are what "
				  "it may have");
	}
}

static void put_recipe(struct keep_parts *p,
		       const struct keep_material_script *s)
{
	struct keep_json_source source = {
		keep_mem_print(p->c->mem, "recipes/%.*s/recipe.json",
			       KEEP_F(s->service)),
	};
	struct keep_json v;

	if (keep_json_read(p->c->mem, s->content, &source, KEEP_JSON_INSTANCE,
			   p->ps, &v))
		return;
	check_keys(p, source.name, &v);
	put_names(p, s, &v, "packages");
	put_names(p, s, &v, "units");
	put_engine(p, s, &v);
}

void keep_recipes(struct keep_parts *p)
{
	const struct keep_material_script *s = p->m->scripts;
	struct keep_slice path;
	size_t i;

	put_list(p);
	for (i = 0; i < p->m->n_scripts; i++) {
		path = keep_mem_print(p->c->mem, "recipes/%.*s/%.*s",
				      KEEP_F(s[i].service), KEEP_F(s[i].name));
		p->v.failed = p->v.failed || !path.p;
		if (!path.p)
			return;
		keep_parts_share(p, path, s[i].content);
		if (keep_slice_is(s[i].name, "recipe.json"))
			put_recipe(p, &s[i]);
	}
}
