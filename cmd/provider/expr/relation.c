/* The edges: noted in phase 1, put in order for phase 2. */
#include <stdlib.h>
#include <keep/text.h>
#include "eval.h"

uint16_t keep_local_port(struct keep_slice target, uint16_t port)
{
	uint32_t h = 2166136261u; /* FNV-1a: these numbers must never change */
	size_t i;

	for (i = 0; i < target.len; i++)
		h = (h ^ (uint8_t)target.p[i]) * 16777619u;
	h = (h ^ (port & 0xff)) * 16777619u;
	h = (h ^ port >> 8) * 16777619u;
	return (uint16_t)(KEEP_LOCAL_PORT + (h ^ h >> 16) % KEEP_LOCAL_PORTS);
}

int keep_ev_edge(struct keep_eval *ev, const struct keep_edge *edge)
{
	struct keep_buf *noted = &ev->relations.noted;

	noted->mem = ev->mem;
	keep_buf_put(noted, edge, sizeof *edge);
	return noted->failed ? -KEEP_E_NO_MEMORY : 0;
}

static int by_from(const void *p, const void *q)
{
	const struct keep_edge *a = p, *b = q;

	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	if (a->to != b->to)
		return a->to < b->to ? -1 : 1;
	return (a->port > b->port) - (a->port < b->port);
}

/* Sorts what was noted; each edge once. */
static void sort(struct keep_relations *r)
{
	size_t i, n = r->noted.len / sizeof *r->out;

	r->out = (struct keep_edge *)(void *)r->noted.p;
	if (n)
		qsort(r->out, n, sizeof *r->out, by_from);
	for (i = 0; i < n; i++)
		if (!r->n || by_from(&r->out[r->n - 1], &r->out[i]) != 0)
			r->out[r->n++] = r->out[i];
}

/* Counts the edges of each node. */
static void count(struct keep_relations *r, size_t nodes)
{
	size_t i;

	for (i = 0; i < r->n; i++) {
		r->out_at[r->out[i].from + 1]++;
		r->in_at[r->out[i].to + 1]++;
	}
	for (i = 0; i < nodes; i++) {
		r->out_at[i + 1] += r->out_at[i];
		r->in_at[i + 1] += r->in_at[i];
	}
}

/* Puts those to each node together. */
static void turn(struct keep_relations *r, size_t nodes)
{
	size_t i, at = 0;

	for (i = 0; i < r->n; i++)
		r->in[r->in_at[r->out[i].to]++] = r->out[i];
	for (i = 0; i <= nodes; i++) {
		size_t end = r->in_at[i];

		r->in_at[i] = at;
		at = end;
	}
}

/* No two edges of a node have the same port; what is over has none. Whether
 * one is not where the search begins. */
static bool give_ports(const struct keep_world *w, struct keep_edge *v,
		       size_t n)
{
	bool used[KEEP_LOCAL_PORTS] = {false}, moved = n > KEEP_LOCAL_PORTS;
	size_t i, at;

	for (i = 0; i < n && i < KEEP_LOCAL_PORTS; i++) {
		at = keep_local_port(w->nodes[v[i].to].name, v[i].port) -
		     KEEP_LOCAL_PORT;
		moved = moved || used[at];
		while (used[at])
			at = (at + 1) % KEEP_LOCAL_PORTS;
		used[at] = true;
		v[i].local_port = (uint16_t)(KEEP_LOCAL_PORT + at);
	}
	for (; i < n; i++)
		v[i].local_port = 0;
	return moved;
}

static int settle(struct keep_eval *ev)
{
	struct keep_relations *r = &ev->relations;
	size_t i, nodes = ev->world->n_nodes;

	r->out_at = KEEP_NEWS(ev->mem, nodes + 1, size_t);
	r->in_at = KEEP_NEWS(ev->mem, nodes + 1, size_t);
	r->moved = KEEP_NEWS(ev->mem, nodes, bool);
	r->in = KEEP_NEWS(ev->mem, r->noted.len / sizeof *r->in,
			  struct keep_edge);
	if (!r->out_at || !r->in_at || !r->moved || !r->in)
		return -KEEP_E_NO_MEMORY;
	sort(r);
	count(r, nodes);
	for (i = 0; i < nodes; i++)
		if (r->out_at[i] < r->out_at[i + 1])
			r->moved[i] = give_ports(ev->world,
						 r->out + r->out_at[i],
						 r->out_at[i + 1] -
						 r->out_at[i]);
	turn(r, nodes);
	r->whole = true;
	return 0;
}

int keep_ev_walk(struct keep_eval *ev, const struct keep_node *n,
		 struct keep_json *out, bool *later)
{
	struct keep_relations *r = &ev->relations;
	int rc;

	if (!r->walked)
		r->walked = KEEP_NEWS(ev->mem, ev->world->n_nodes, bool);
	if (!r->walked)
		return -KEEP_E_NO_MEMORY;
	keep_ev_begin(ev, n);
	rc = keep_ev_tree(ev, n, &n->tree, out);
	rc = keep_ev_worse(rc, keep_ev_render(ev, n, out));
	*later = rc == KEEP_LATER || (!rc && r->early);
	r->walked[n->index] = true;
	r->failed = r->failed || (rc < 0 && n->enabled);
	return rc == KEEP_LATER ? 0 : rc;
}

int keep_ev_relate(struct keep_eval *ev)
{
	struct keep_relations *r = &ev->relations;
	const struct keep_node *n = ev->world->nodes;
	struct keep_json tree;
	bool later;
	size_t i;

	for (i = 0; i < ev->world->n_nodes && !r->whole; i++)
		if (n[i].enabled && !(r->walked && r->walked[i]) &&
		    keep_ev_walk(ev, &n[i], &tree, &later) ==
		    -KEEP_E_NO_MEMORY)
			return -KEEP_E_NO_MEMORY;
	if (r->failed || ev->world->broken)
		return -KEEP_E_BAD_ARGS; /* it was told */
	return r->whole ? 0 : settle(ev);
}

const struct keep_edge *keep_ev_edges(const struct keep_eval *ev,
				      const struct keep_node *node, bool in,
				      size_t *n)
{
	const struct keep_relations *r = &ev->relations;
	const size_t *at = (in ? r->in_at : r->out_at) + node->index;

	*n = at[1] - at[0];
	return (in ? r->in : r->out) + at[0];
}

const struct keep_edge *keep_ev_edge_find(const struct keep_eval *ev,
					  const struct keep_edge *like)
{
	size_t n;
	const struct keep_edge *v =
		keep_ev_edges(ev, &ev->world->nodes[like->from], false, &n);

	return n ? bsearch(like, v, n, sizeof *v, by_from) : NULL;
}
