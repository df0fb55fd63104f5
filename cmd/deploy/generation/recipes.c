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

/* A recipe.json: of which service, where, and what it says. */
struct recipe {
	struct keep_slice service, path;
	struct keep_json v;
};

static void refuse(struct keep_parts *p, const struct recipe *r,
		   const struct keep_json *at, const char *why)
{
	keep_problem(p->ps, r->path, at->line, at->column, "%s", why);
}

static struct keep_slice path_of(struct keep_parts *p, const struct recipe *r,
				 const char *name)
{
	struct keep_slice path = keep_mem_print(p->c->mem, "recipes/%.*s/%s",
						KEEP_F(r->service), name);

	p->v.failed = p->v.failed || !path.p;
	return path;
}

/* The list KEY, a line each. */
static void put_names(struct keep_parts *p, const struct recipe *r,
		      const char *key)
{
	const struct keep_json *v = keep_json_get(&r->v, keep_slice(key));
	struct keep_slice path = path_of(p, r, key);
	struct keep_buf b = {.mem = p->c->mem};
	size_t i;

	if (v && v->type != KEEP_JSON_LIST)
		keep_problem(p->ps, r->path, v->line, v->column, "'%s' is a "
			     "list of names", key);
	for (i = 0; v && v->type == KEEP_JSON_LIST && i < v->n; i++)
		if (v->list[i].type != KEEP_JSON_TEXT ||
		    !is_package(keep_json_text(&v->list[i])))
			refuse(p, r, &v->list[i], "no package or unit has "
			       "such a name");
		else
			keep_buf_print(&b, "%.*s\n",
				       KEEP_F(keep_json_text(&v->list[i])));
	p->v.failed = p->v.failed || b.failed;
	if (b.len && path.p)
		keep_parts_add(p, path, keep_buf_get(&b), false);
}

/* Scripts that are manifests of puppet have a file beside them that says so. */
static void put_engine(struct keep_parts *p, const struct recipe *r)
{
	const struct keep_json *v = keep_json_get(&r->v, KEEP_S("engine"));
	struct keep_slice path = path_of(p, r, "engine");

	if (!v || (v->type == KEEP_JSON_TEXT &&
		   keep_slice_is(keep_json_text(v), "sh")))
		return;
	if (v->type != KEEP_JSON_TEXT ||
	    !keep_slice_is(keep_json_text(v), "puppet"))
		refuse(p, r, v, "an engine is sh or puppet");
	else if (path.p)
		keep_parts_add(p, path, KEEP_S("puppet\n"), false);
}

static void check_keys(struct keep_parts *p, const struct recipe *r)
{
	const struct keep_json_member *m = r->v.members;
	size_t i, n = r->v.type == KEEP_JSON_OBJECT ? r->v.n : 0;

	if (r->v.type != KEEP_JSON_OBJECT)
		refuse(p, r, &r->v, "a recipe is an object");
	for (i = 0; i < n; i++) {
		if (keep_slice_is(m[i].key, "packages") ||
		    keep_slice_is(m[i].key, "units") ||
		    keep_slice_is(m[i].key, "engine"))
			continue;
		keep_problem(p->ps, r->path, m[i].line, m[i].column,
			     "a recipe has no '%.*s'", KEEP_F(m[i].key));
		keep_problem_hint(p->ps, "packages, units and engine are what "
				  "it may have");
	}
}

static void put_recipe(struct keep_parts *p,
		       const struct keep_material_script *s)
{
	struct recipe r = {.service = s->service};
	struct keep_json_source source = {path_of(p, &r, "recipe.json")};

	r.path = source.name;
	if (!r.path.p ||
	    keep_json_read(p->c->mem, s->content, &source, KEEP_JSON_INSTANCE,
			   p->ps, &r.v))
		return;
	check_keys(p, &r);
	put_names(p, &r, "packages");
	put_names(p, &r, "units");
	put_engine(p, &r);
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
