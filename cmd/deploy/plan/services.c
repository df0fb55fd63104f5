/* Services of a node: which come, which leave, whose recipe is another. */
#include <stdlib.h>
#include "build.h"

/* A node that is compared. */
struct pair {
	struct keep_plan_build *b;
	struct keep_slice node;
	const struct keep_plan_side *old, *new;
};

static const struct keep_manifest_line *
find(const struct keep_plan_side *side, struct keep_slice path)
{
	const struct keep_manifest_line *v = side->manifest.v;
	size_t low = 0, high = side->manifest.n, mid;
	int cmp;

	while (low < high) {
		mid = low + (high - low) / 2;
		cmp = keep_slice_cmp(v[mid].path, path);
		if (!cmp)
			return &v[mid];
		if (cmp < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

static void put(struct pair *p, enum keep_plan_kind kind,
		enum keep_plan_what what, struct keep_plan_access x)
{
	struct keep_slice *node = KEEP_NEW(p->b->mem, struct keep_slice);

	x.kind = kind;
	x.what = what;
	if (node)
		*node = p->node;
	x.nodes = (struct keep_slices){node, 1};
	keep_buf_put(&p->b->access, &x, sizeof x);
	p->b->access.failed |= !node;
}

static int by_bytes(const void *a, const void *b)
{
	return keep_slice_cmp(*(const struct keep_slice *)a,
			      *(const struct keep_slice *)b);
}

/* S of "recipes/S/NAME"; absent for another path. */
static struct keep_slice service_of(struct keep_slice path)
{
	const size_t len = sizeof "recipes/" - 1;
	const char *slash;

	if (!keep_slice_starts(path, "recipes/"))
		return (struct keep_slice){0};
	slash = memchr(path.p + len, '/', path.len - len);
	return slash ? (struct keep_slice){path.p + len, (size_t)(
					slash - path.p) - len} :
		       (struct keep_slice){0};
}

/* By the list, where its text is known; else those that have a recipe. */
static struct keep_slices services(struct pair *p,
				   const struct keep_plan_side *side)
{
	const struct keep_manifest_line *line =
		find(side, KEEP_S("recipes/list"));
	struct keep_slice list = {0}, one;
	struct keep_buf v = {.mem = p->b->mem};
	size_t i;

	if (line && side->text)
		list = side->text(side->from, line);
	for (i = 0; !list.p && i < side->manifest.n; i++) {
		one = service_of(side->manifest.v[i].path);
		if (one.p && (!i || !keep_slice_eq(one, service_of(
					side->manifest.v[i - 1].path))))
			keep_buf_put(&v, &one, sizeof one);
	}
	while (list.len) {
		const char *end = memchr(list.p, '\n', list.len);

		one = (struct keep_slice){list.p, end ? (size_t)(
					end - list.p) : list.len};
		keep_buf_put(&v, &one, sizeof one);
		list.p += one.len + (end != NULL);
		list.len -= one.len + (end != NULL);
	}
	p->b->access.failed |= v.failed;
	if (v.len)
		qsort(v.p, v.len / sizeof one, sizeof one, by_bytes);
	return (struct keep_slices){(void *)v.p, v.len / sizeof one};
}

static bool has(struct keep_slices v, struct keep_slice s)
{
	return v.n && bsearch(&s, v.v, v.n, sizeof s, by_bytes);
}

static void leaves(struct pair *p, struct keep_slice service)
{
	struct keep_slice path = keep_mem_print(
		p->b->mem, "recipes/%.*s/remove", KEEP_F(service));
	struct keep_plan_access x = {.subject = service};

	if (path.p && find(p->old, path))
		x.detail = KEEP_S("its remove script runs");
	else
		x.warning = KEEP_S("it has no remove script: what it did "
				   "stays");
	p->b->access.failed |= !path.p;
	put(p, KEEP_PLAN_SERVICE, KEEP_PLAN_LOST, x);
}

/* The names of a service's scripts that differ, from EDIT on; goes behind
 * them. */
static size_t recipe(struct pair *p, size_t edit, struct keep_slice service,
		     bool told)
{
	const struct keep_plan_edit *v = (const void *)p->b->edits.p;
	size_t n = p->b->edits.len / sizeof *v;
	struct keep_buf names = {.mem = p->b->mem};
	struct keep_slice name;

	for (; edit < n && keep_slice_eq(service, service_of(v[edit].path));
	     edit++) {
		name = v[edit].path;
		name.p += sizeof "recipes/" + service.len;
		name.len -= sizeof "recipes/" + service.len;
		keep_buf_print(&names, "%s%.*s", names.len ? ", " : "",
			       KEEP_F(name));
	}
	p->b->access.failed |= names.failed;
	if (!told)
		put(p, KEEP_PLAN_RECIPE, KEEP_PLAN_CHANGED,
		    (struct keep_plan_access){.subject = service,
					      .detail = keep_buf_get(&names)});
	return edit;
}

void keep_plan_services(struct keep_plan_build *b, struct keep_slice node,
			const struct keep_plan_side *old,
			const struct keep_plan_side *new, size_t edits)
{
	struct pair p = {b, node, old, new};
	struct keep_slices was = services(&p, old), is = services(&p, new);
	const struct keep_plan_edit *v;
	struct keep_slice one;
	size_t i;

	for (i = 0; i < was.n; i++)
		if (!has(is, was.v[i]))
			leaves(&p, was.v[i]);
	for (i = 0; i < is.n; i++)
		if (!has(was, is.v[i]))
			put(&p, KEEP_PLAN_SERVICE, KEEP_PLAN_GAINED,
			    (struct keep_plan_access){.subject = is.v[i]});
	for (i = edits; i < b->edits.len / sizeof *v;) {
		v = (const void *)b->edits.p;
		one = service_of(v[i].path);
		if (one.p)
			i = recipe(&p, i, one, !has(is, one) || !has(was, one));
		else
			i++;
	}
}
