/* The configuration as a shell reads it. Nothing of it is ever run: what
 * stands between quotes is taken as it is. */
#include <stdlib.h>
#include "parts.h"

/* A line: KEEP_a_b='value'. */
struct line {
	struct keep_slice name, value, path;
};
struct lines {
	struct keep_parts *p;
	struct keep_buf v;    /* of line */
	struct keep_buf path; /* "a.b" */
};

static void add(struct lines *l, struct keep_slice value)
{
	struct keep_mem *m = l->p->c->mem;
	struct line new = {.value = value};

	new.path = keep_mem_copy(m, keep_buf_get(&l->path));
	new.name = keep_parts_name(l->p, new.path, "_");
	l->v.failed = l->v.failed || !new.path.p || !new.name.p || !value.p;
	keep_buf_put(&l->v, &new, sizeof new);
}

static void walk(struct lines *l, const struct keep_json *v);

static void walk_in(struct lines *l, struct keep_slice name,
		    const struct keep_json *v)
{
	size_t len = l->path.len;

	if (len)
		keep_buf_byte(&l->path, '.');
	keep_buf_slice(&l->path, name);
	if (!l->path.failed)
		walk(l, v);
	l->path.len = len;
}

static struct keep_json count_of(const struct keep_json *list)
{
	return (struct keep_json){.type = KEEP_JSON_INT, .number = list->n};
}

static void walk_list(struct lines *l, const struct keep_json *v)
{
	const struct keep_json n = count_of(v);
	struct keep_slice name;
	size_t i;

	walk_in(l, KEEP_S("n"), &n);
	for (i = 0; i < v->n; i++) {
		name = keep_mem_print(l->p->c->mem, "%zu", i);
		walk_in(l, name, &v->list[i]);
	}
}

/* What files say is in files.list; their paths would be no good names. */
static void walk_object(struct lines *l, const struct keep_json *v)
{
	size_t i;

	for (i = 0; i < v->n; i++)
		if (l->path.len || !keep_slice_is(v->members[i].key, "files"))
			walk_in(l, v->members[i].key, &v->members[i].value);
}

static void walk(struct lines *l, const struct keep_json *v)
{
	switch (v->type) {
	case KEEP_JSON_OBJECT:
		walk_object(l, v);
		break;
	case KEEP_JSON_LIST:
		walk_list(l, v);
		break;
	case KEEP_JSON_BOOL:
		add(l, v->number ? KEEP_S("true") : KEEP_S("false"));
		break;
	case KEEP_JSON_INT:
		add(l, keep_mem_print(l->p->c->mem, "%lld",
				      (long long)v->number));
		break;
	case KEEP_JSON_NULL:
		add(l, KEEP_S(""));
		break;
	default:
		add(l, keep_json_text(v));
	}
}

static int by_name(const void *p, const void *q)
{
	const struct line *a = p, *b = q;
	int order = keep_slice_cmp(a->name, b->name);

	return order ? order : keep_slice_cmp(a->path, b->path);
}

/* Names that scripts get from the runner. */
static bool is_taken(struct keep_slice name)
{
	return keep_slice_is(name, "NODE") || keep_slice_is(name, "DIR") ||
	       keep_slice_is(name, "ROOT");
}

static void check(struct keep_parts *p, const struct line *v, size_t i)
{
	if (is_taken(v[i].name))
		keep_problem(p->ps, p->m->node, 0, 0, "%.*s: scripts know "
			     "something else as KEEP_%.*s", KEEP_F(v[i].path),
			     KEEP_F(v[i].name));
	if (i && keep_slice_eq(v[i - 1].name, v[i].name))
		keep_problem(p->ps, p->m->node, 0, 0, "%.*s and %.*s would "
			     "both be KEEP_%.*s to scripts",
			     KEEP_F(v[i - 1].path), KEEP_F(v[i].path),
			     KEEP_F(v[i].name));
}

void keep_config_sh(struct keep_parts *p)
{
	KEEP_AUTO(keep_buf) text = {0};
	struct lines l = {.p = p, .v = {.mem = p->c->mem},
			  .path = {.mem = p->c->mem}};
	struct line *v;
	size_t i, n;

	walk(&l, p->m->tree);
	v = (void *)l.v.p;
	n = l.v.failed ? 0 : l.v.len / sizeof *v;
	text.failed = l.v.failed || l.path.failed;
	if (n)
		qsort(v, n, sizeof *v, by_name);
	for (i = 0; i < n; i++) {
		check(p, v, i);
		keep_buf_print(&text, "KEEP_%.*s=", KEEP_F(v[i].name));
		keep_shell_quote(&text, v[i].value);
		keep_buf_byte(&text, '\n');
	}
	keep_parts_add_buf(p, "config.sh", &text);
}
