/* Addresses: no two nodes have the same one. */
#include <keep/text.h>
#include "merge.h"

struct address {
	struct keep_ip ip;
	size_t node;
	const struct keep_json *v;
};

struct addresses {
	struct keep_mem *m;
	struct address *v;
	size_t n, cap;
	bool failed;
};

static void add(struct addresses *a, size_t node, const struct keep_json *v)
{
	struct address *larger, one = {.node = node, .v = v};

	/* what is no address is a fault of keep_property_check */
	if (a->failed || !keep_ip_get(keep_json_text(v), &one.ip))
		return;
	if (a->n == a->cap) {
		a->cap = a->cap ? a->cap * 2 : 64;
		larger = KEEP_NEWS(a->m, a->cap, struct address);
		a->failed = !larger;
		if (!larger)
			return;
		if (a->n)
			memcpy(larger, a->v, a->n * sizeof *larger);
		a->v = larger;
	}
	a->v[a->n++] = one;
}

static void add_node(struct addresses *a, size_t node,
		     const struct keep_json *tree)
{
	static const char *const paths[] = {
		"ip_address", "ip_addresses", "networks"
	};
	const struct keep_json *v;
	size_t i;
	uint32_t j;

	for (i = 0; i < KEEP_COUNT(paths); i++) {
		v = keep_json_get(tree, keep_slice(paths[i]));
		if (!v)
			continue;
		if (v->type == KEEP_JSON_TEXT)
			add(a, node, v);
		for (j = 0; v->type == KEEP_JSON_LIST && j < v->n; j++)
			add(a, node, &v->list[j]);
		for (j = 0; v->type == KEEP_JSON_OBJECT && j < v->n; j++)
			add(a, node, &v->members[j].value);
	}
}

static struct keep_slice bytes_of(const struct keep_ip *ip)
{
	return (struct keep_slice){(const char *)ip->bytes, ip->len};
}

static int by_ip(const void *a, const void *b)
{
	const struct address *x = a, *y = b;
	int order = keep_slice_cmp(bytes_of(&x->ip), bytes_of(&y->ip));

	return order ? order : (x->node > y->node) - (x->node < y->node);
}

static void tell(const struct keep_world *w, const struct address *first,
		 const struct address *second, struct keep_problems *ps)
{
	const struct keep_json *v = first->v;
	struct keep_slice name = v->source ? v->source->name : KEEP_S("");

	keep_problem_at(ps, second->v, "node '%.*s' has the address %.*s of "
			"node '%.*s' (%.*s:%u:%u)",
			KEEP_F(w->nodes[second->node].name),
			KEEP_F(keep_json_text(second->v)),
			KEEP_F(w->nodes[first->node].name), KEEP_F(name),
			v->line, v->column);
}

void keep_address_check(const struct keep_world *w,
			const struct keep_json *const *trees,
			struct keep_problems *ps)
{
	struct addresses a = {.m = ps->mem};
	size_t i, first = 0;

	for (i = 0; i < w->n_nodes; i++)
		if (trees[i])
			add_node(&a, i, trees[i]);
	if (a.failed)
		keep_problem(ps, KEEP_S("nodes"), 0, 0, "out of memory");
	if (a.n)
		qsort(a.v, a.n, sizeof *a.v, by_ip);
	for (i = 1; i < a.n; i++) {
		if (keep_slice_cmp(bytes_of(&a.v[i].ip),
				   bytes_of(&a.v[first].ip)) != 0)
			first = i;
		else if (a.v[i].node != a.v[first].node)
			tell(w, &a.v[first], &a.v[i], ps);
	}
}
