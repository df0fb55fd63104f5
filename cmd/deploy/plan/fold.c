/* Equal changes of nodes are one change of many nodes. */
#include <stdlib.h>
#include "build.h"

static int by_line(const struct keep_manifest_line *a,
		   const struct keep_manifest_line *b)
{
	struct keep_slice none = {0};

	return keep_slice_cmp(a ? a->rest : none, b ? b->rest : none);
}

/* What of: 0 for edits of the same bytes to the same bytes. */
static int by_change(const struct keep_plan_edit *x,
		     const struct keep_plan_edit *y)
{
	int order = keep_slice_cmp(x->path, y->path);

	if (!order)
		order = by_line(x->old, y->old);
	return order ? order : by_line(x->new, y->new);
}

static int by_edit(const void *a, const void *b)
{
	const struct keep_plan_edit *x = a, *y = b;
	int order = by_change(x, y);

	return order ? order : keep_slice_cmp(x->node, y->node);
}

static int by_shown(const void *a, const void *b)
{
	const struct keep_plan_change *x = a, *y = b;
	int order = keep_slice_cmp(x->path, y->path);

	if (!order)
		order = (x->what > y->what) - (x->what < y->what);
	if (!order)
		order = keep_slice_cmp(x->note, y->note);
	return order ? order : keep_slice_cmp(x->diff, y->diff);
}

static int by_access(const void *a, const void *b)
{
	const struct keep_plan_access *x = a, *y = b;
	int order = (x->kind > y->kind) - (x->kind < y->kind);

	if (!order)
		order = keep_slice_cmp(x->subject, y->subject);
	if (!order)
		order = keep_slice_cmp(x->detail, y->detail);
	if (!order)
		order = keep_slice_cmp(x->warning, y->warning);
	return order ? order : (x->what > y->what) - (x->what < y->what);
}

static int by_bytes(const void *a, const void *b)
{
	return keep_slice_cmp(*(const struct keep_slice *)a,
			      *(const struct keep_slice *)b);
}

static void sort(void *v, size_t n, size_t one,
		 int (*order)(const void *a, const void *b))
{
	if (n)
		qsort(v, n, one, order);
}

/* --- nodes ---------------------------------------------------------------- */

static struct keep_slices names_of(struct keep_plan_build *b,
				   const struct keep_plan_edit *v, size_t n)
{
	struct keep_slice *names = KEEP_NEWS(b->mem, n, struct keep_slice);
	size_t i;

	for (i = 0; names && i < n; i++)
		names[i] = v[i].node;
	return (struct keep_slices){names, n};
}

/* Nodes that are gathered, from several lists. */
static void gather(struct keep_buf *b, struct keep_slices more)
{
	if (more.n)
		keep_buf_put(b, more.v, more.n * sizeof *more.v);
}

/* In order, each once. */
static struct keep_slices settle(struct keep_buf *b)
{
	struct keep_slice *v = (void *)b->p;
	size_t i, n = b->len / sizeof *v, kept = 0;

	sort(v, n, sizeof *v, by_bytes);
	for (i = 0; i < n; i++)
		if (!kept || !keep_slice_eq(v[kept - 1], v[i]))
			v[kept++] = v[i];
	return (struct keep_slices){v, kept};
}

/* --- folding -------------------------------------------------------------- */

static struct keep_slices *nodes_at(const struct keep_folding *f, char *item)
{
	return (void *)(item + f->at);
}

bool keep_fold(const struct keep_folding *f, struct keep_buf *all)
{
	struct keep_buf nodes;
	size_t i, j, n = all->len / f->size, kept = 0;

	sort(all->p, n, f->size, f->order);
	for (i = 0; i < n; i = j) {
		char *item = all->p + i * f->size;

		nodes = (struct keep_buf){.mem = f->mem};
		for (j = i; j < n && !f->order(item, all->p + j * f->size);
		     j++)
			gather(&nodes, *nodes_at(f, all->p + j * f->size));
		if (nodes.failed)
			return false;
		*nodes_at(f, item) = settle(&nodes);
		memmove(all->p + kept++ * f->size, item, f->size);
	}
	all->len = kept * f->size;
	return true;
}

static void judge_pairs(struct keep_plan_build *b)
{
	const struct keep_plan_pair *v = (const void *)b->pairs.p;
	size_t i;

	for (i = 0; i < b->pairs.len / sizeof *v; i++)
		keep_plan_services(b, &v[i]);
}

static int judge_and_show(struct keep_plan_build *b, struct keep_buf *shown,
			  struct keep_err *e)
{
	struct keep_plan_edit *v = (void *)b->edits.p;
	size_t i, j, n = b->edits.len / sizeof *v;
	struct keep_plan_change one;
	int code = 0;

	judge_pairs(b);
	sort(v, n, sizeof *v, by_edit);
	for (i = 0; i < n && !code; i = j) {
		for (j = i + 1; j < n && !by_change(&v[i], &v[j]); j++)
			;
		v[i].was = keep_plan_side_text(v[i].from, v[i].old);
		v[i].is = keep_plan_side_text(v[i].to, v[i].new);
		code = keep_plan_show(b, &v[i], &one, e);
		one.nodes = names_of(b, &v[i], j - i);
		if (!one.nodes.v)
			return keep_no_memory(e);
		keep_plan_judge(b, &v[i], one.nodes);
		keep_buf_put(shown, &one, sizeof one);
	}
	return code;
}

int keep_plan_fold(struct keep_plan_build *b, struct keep_plan_result *r,
		   struct keep_err *e)
{
	const struct keep_folding changes = {
		b->mem, sizeof(struct keep_plan_change),
		offsetof(struct keep_plan_change, nodes), by_shown,
	};
	const struct keep_folding access = {
		b->mem, sizeof(struct keep_plan_access),
		offsetof(struct keep_plan_access, nodes), by_access,
	};
	struct keep_buf shown = {.mem = b->mem};
	int code = judge_and_show(b, &shown, e);

	if (code)
		return code;
	if (shown.failed || b->access.failed || !keep_fold(&changes, &shown) ||
	    !keep_fold(&access, &b->access))
		return keep_no_memory(e);
	r->changes = (struct keep_list){shown.p ? shown.p : "",
					shown.len / changes.size};
	r->access = (struct keep_list){b->access.p ? b->access.p : "",
				       b->access.len / access.size};
	return 0;
}
