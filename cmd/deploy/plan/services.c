/* Services of a node: which come, which leave, whose recipe is another. */
#include <stdlib.h>
#include "build.h"

/* A node that is compared. */
struct look {
	struct keep_plan_build *b;
	const struct keep_plan_pair *of;
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

static void put(struct look *p, enum keep_plan_kind kind,
		enum keep_plan_what what, struct keep_plan_access x)
{
	struct keep_slice *node = KEEP_NEW(p->b->mem, struct keep_slice);

	x.kind = kind;
	x.what = what;
	if (node)
		*node = p->of->node;
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

/* Of a list, a line each; absent: those that have a recipe. */
static struct keep_slices services(struct look *p, struct keep_slice list,
				   const struct keep_manifest *m)
{
	struct keep_buf v = {.mem = p->b->mem};
	struct keep_slice one;
	size_t i;

	for (i = 0; !list.p && i < m->n; i++) {
		one = service_of(m->v[i].path);
		if (one.p && (!i || !keep_slice_eq(one, service_of(
						m->v[i - 1].path))))
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

/* By both lists, where both are known. */
static void both(struct look *p, struct keep_slices *was,
		 struct keep_slices *is)
{
	const struct keep_plan_side *old = p->of->old, *new = p->of->new;
	const struct keep_manifest_line *x = find(old, KEEP_S("recipes/list"));
	const struct keep_manifest_line *y = find(new, KEEP_S("recipes/list"));
	struct keep_slice a = keep_plan_side_text(old, x);
	struct keep_slice b = keep_plan_side_text(new, y);

	if (!x)
		a = KEEP_S("");
	else if (y && keep_slice_eq(x->rest, y->rest))
		a = b;
	if (!a.p || !b.p)
		a = b = (struct keep_slice){0};
	*was = services(p, a, &old->manifest);
	*is = services(p, b, &new->manifest);
}

static bool has(struct keep_slices v, struct keep_slice s)
{
	return v.n && bsearch(&s, v.v, v.n, sizeof s, by_bytes);
}

static void leaves(struct look *p, struct keep_slice service)
{
	struct keep_slice path = keep_mem_print(
		p->b->mem, "recipes/%.*s/remove", KEEP_F(service));
	struct keep_plan_access x = {.subject = service};

	if (path.p && find(p->of->old, path))
		x.detail = KEEP_S("its remove script runs");
	else
		x.warning = KEEP_S("it has no remove script: what it did "
				   "stays");
	p->b->access.failed |= !path.p;
	put(p, KEEP_PLAN_SERVICE, KEEP_PLAN_LOST, x);
}

/* The names of a service's scripts that differ, from edit *I on, which goes
 * behind them. */
static struct keep_slice names(struct look *p, struct keep_slice service,
			       size_t *i)
{
	const struct keep_plan_edit *v = (const void *)p->b->edits.p;
	struct keep_buf b = {.mem = p->b->mem};
	struct keep_slice name;

	for (; *i < p->of->edits + p->of->n &&
	       keep_slice_eq(service, service_of(v[*i].path)); ++*i) {
		name = v[*i].path;
		name.p += sizeof "recipes/" + service.len;
		name.len -= sizeof "recipes/" + service.len;
		keep_buf_print(&b, "%s%.*s", b.len ? ", " : "", KEEP_F(name));
	}
	p->b->access.failed |= b.failed;
	return keep_buf_get(&b);
}

/* Of services that were there and stay. */
static void recipes(struct look *p, struct keep_slices was,
		    struct keep_slices is)
{
	const struct keep_plan_edit *v = (const void *)p->b->edits.p;
	struct keep_plan_access x;
	size_t i = p->of->edits;

	while (i < p->of->edits + p->of->n) {
		x = (struct keep_plan_access){
			.subject = service_of(v[i].path),
		};
		if (!x.subject.p) {
			i++;
			continue;
		}
		x.detail = names(p, x.subject, &i);
		if (has(was, x.subject) && has(is, x.subject))
			put(p, KEEP_PLAN_RECIPE, KEEP_PLAN_CHANGED, x);
	}
}

void keep_plan_services(struct keep_plan_build *b,
			const struct keep_plan_pair *pair)
{
	struct look p = {b, pair};
	struct keep_slices was, is;
	size_t i;

	if (!pair->n)
		return;
	both(&p, &was, &is);
	for (i = 0; i < was.n; i++)
		if (!has(is, was.v[i]))
			leaves(&p, was.v[i]);
	for (i = 0; i < is.n; i++)
		if (!has(was, is.v[i]))
			put(&p, KEEP_PLAN_SERVICE, KEEP_PLAN_GAINED,
			    (struct keep_plan_access){.subject = is.v[i]});
	recipes(&p, was, is);
}
