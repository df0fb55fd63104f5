/* Two manifests, line by line. */
#include "build.h"

struct walk {
	struct keep_plan_build *b;
	struct keep_slice node;
	const struct keep_plan_side *old, *new;
};

static struct keep_slice text(const struct keep_plan_side *side,
			      const struct keep_manifest_line *line)
{
	return line && side->text ? side->text(side->from, line) :
				    (struct keep_slice){0};
}

/* config.sh says what config.json says, which is right before it. */
static bool is_double(const struct walk *w, struct keep_slice path)
{
	const struct keep_buf *b = &w->b->edits;
	const struct keep_plan_edit *last = (const void *)(b->p + b->len);

	return keep_slice_is(path, "config.sh") && b->len &&
	       keep_slice_is(last[-1].path, "config.json") &&
	       keep_slice_eq(last[-1].node, w->node);
}

static void put(struct walk *w, const struct keep_manifest_line *old,
		const struct keep_manifest_line *new)
{
	struct keep_plan_edit x = {
		.path = new ? new->path : old->path, .node = w->node,
		.old = old, .new = new,
	};

	if (is_double(w, x.path))
		return;
	x.was = text(w->old, old);
	x.is = text(w->new, new);
	keep_buf_put(&w->b->edits, &x, sizeof x);
}

static int order(const struct keep_manifest *old, size_t i,
		 const struct keep_manifest *new, size_t j)
{
	if (i == old->n || j == new->n)
		return i == old->n ? 1 : -1;
	return keep_slice_cmp(old->v[i].path, new->v[j].path);
}

int keep_plan_add(struct keep_plan_build *b, struct keep_slice node,
		  const struct keep_plan_side *old,
		  const struct keep_plan_side *new, struct keep_err *e)
{
	struct walk w = {b, node, old, new};
	const struct keep_manifest *x = &old->manifest, *y = &new->manifest;
	size_t i = 0, j = 0, before = b->edits.len;
	int cmp;

	while (i < x->n || j < y->n) {
		cmp = order(x, i, y, j);
		if (cmp < 0)
			put(&w, &x->v[i], NULL);
		else if (cmp > 0)
			put(&w, NULL, &y->v[j]);
		else if (!keep_slice_eq(x->v[i].rest, y->v[j].rest))
			put(&w, &x->v[i], &y->v[j]);
		i += cmp <= 0;
		j += cmp >= 0;
	}
	keep_plan_services(b, node, old, new,
			   before / sizeof(struct keep_plan_edit));
	return b->edits.failed || b->access.failed ? keep_no_memory(e) : 0;
}
