/* The files that send() gives to each node. */
#include <stdlib.h>
#include "eval.h"

struct keep_sent {
	struct keep_slice path;
	struct keep_sent *next;
};

int keep_ev_send(struct keep_eval *ev, const struct keep_node *node,
		 struct keep_slice path)
{
	struct keep_sent *one;

	if (!ev->sent)
		ev->sent = KEEP_NEWS(ev->mem, ev->world->n_nodes,
				     struct keep_sent *);
	one = ev->sent ? KEEP_NEW(ev->mem, struct keep_sent) : NULL;
	if (!one)
		return -KEEP_E_NO_MEMORY;
	*one = (struct keep_sent){path, ev->sent[node->index]};
	ev->sent[node->index] = one;
	return 0;
}

static int by_bytes(const void *p, const void *q)
{
	const struct keep_slice *a = p, *b = q;

	return keep_slice_cmp(*a, *b);
}

/* How many stay of n that are sorted, each once. */
static size_t uniq(struct keep_slice *v, size_t n)
{
	size_t i, kept = 0;

	for (i = 0; i < n; i++)
		if (kept == 0 || !keep_slice_eq(v[kept - 1], v[i]))
			v[kept++] = v[i];
	return kept;
}

int keep_eval_sent(const struct keep_eval *ev, const struct keep_node *node,
		   struct keep_slices *paths, struct keep_err *e)
{
	const struct keep_sent *first = ev->sent ? ev->sent[node->index] : NULL;
	const struct keep_sent *one;
	struct keep_slice *v;
	size_t n = 0;

	for (one = first; one; one = one->next)
		n++;
	v = KEEP_NEWS(ev->mem, n, struct keep_slice);
	if (!v)
		return keep_no_memory(e);
	for (n = 0, one = first; one; one = one->next)
		v[n++] = one->path;
	qsort(v, n, sizeof *v, by_bytes);
	*paths = (struct keep_slices){v, uniq(v, n)};
	return 0;
}
