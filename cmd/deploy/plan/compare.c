/* Two manifests, line by line. */
#include "build.h"

struct walk {
	struct keep_plan_build *b;
	const struct keep_plan_pair *pair;
};

struct keep_slice keep_plan_side_text(const struct keep_plan_side *side,
				      const struct keep_manifest_line *line)
{
	return line && side->text ? side->text(side->from, line) :
				    (struct keep_slice){0};
}

bool keep_plan_wants(const struct keep_plan_edit *x)
{
	return x->old && !x->old->secret && !(x->new && x->new->secret) &&
	       !keep_is_runner(x->path);
}

/* config.sh says what config.json says, which is right before it. */
static bool is_double(const struct walk *w, struct keep_slice path)
{
	const struct keep_buf *b = &w->b->edits;
	const struct keep_plan_edit *last = (const void *)(b->p + b->len);

	return keep_slice_is(path, "config.sh") && b->len &&
	       keep_slice_is(last[-1].path, "config.json") &&
	       keep_slice_eq(last[-1].node, w->pair->node);
}

/* Every generation has them. */
static bool is_given(struct keep_slice path)
{
	return keep_is_runner(path) || keep_slice_is(path, "salt");
}

static void put(struct walk *w, struct keep_slice path,
		const struct keep_manifest_line *old,
		const struct keep_manifest_line *new)
{
	struct keep_plan_edit x = {
		.path = path, .node = w->pair->node,
		.from = w->pair->old, .to = w->pair->new,
		.old = old, .new = new,
	};

	if (!is_double(w, path) && (old || !is_given(path)))
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
	struct keep_plan_pair pair = {
		node, old, new, b->edits.len / sizeof(struct keep_plan_edit), 0,
	};
	struct walk w = {b, &pair};
	const struct keep_manifest *x = &old->manifest, *y = &new->manifest;
	size_t i = 0, j = 0;
	int cmp;

	while (i < x->n || j < y->n) {
		cmp = order(x, i, y, j);
		if (cmp < 0)
			put(&w, x->v[i].path, &x->v[i], NULL);
		else if (cmp > 0)
			put(&w, y->v[j].path, NULL, &y->v[j]);
		else if (!keep_slice_eq(x->v[i].rest, y->v[j].rest))
			put(&w, x->v[i].path, &x->v[i], &y->v[j]);
		i += cmp <= 0;
		j += cmp >= 0;
	}
	pair.n = b->edits.len / sizeof(struct keep_plan_edit) - pair.edits;
	keep_buf_put(&b->pairs, &pair, sizeof pair);
	return b->edits.failed || b->pairs.failed ? keep_no_memory(e) : 0;
}
