/* Relations between nodes: link() makes them, inbound() and hosts() read all
 * that were made. */
#include "fn.h"
#include "relation.h"

/* A text that somebody asked for, outside of every tree, makes no edges; a
 * disabled node has none. */
static bool makes_edges(const struct keep_frame *f)
{
	return f->node->enabled && (f->at || f->below);
}

static int too_late(struct keep_call *c)
{
	int rc = keep_call_fault(c, "a relation cannot depend on inbound() or "
				 "hosts()");

	keep_problem_hint(c->ev->ps, "give the link a property of its own, "
			  "which asks neither of them nor what does");
	return rc;
}

static int too_many(struct keep_call *c)
{
	return keep_call_fault(c, "the node has more than %d links",
			       KEEP_LOCAL_PORTS);
}

/* The local port of an edge; before all are known, what it likely will be. */
static int local_port(struct keep_call *c, struct keep_edge *edge)
{
	const struct keep_node *to = &c->ev->world->nodes[edge->to];
	const struct keep_edge *known;

	edge->local_port = keep_local_port(to->name, edge->port);
	if (!makes_edges(c->ev->frame))
		return 0;
	if (!c->ev->relations.whole) {
		keep_ev_early(c->ev, edge->from + 1);
		return keep_ev_edge(c->ev, edge);
	}
	known = keep_ev_edge_find(c->ev, edge);
	if (!known)
		return too_late(c);
	edge->local_port = known->local_port;
	return known->local_port ? 0 : too_many(c);
}

static int key_of(struct keep_call *c, const struct keep_node *to,
		  uint16_t port, struct keep_slice *key)
{
	*key = keep_mem_print(c->ev->mem, "%.*s_%u", KEEP_F(to->name), port);
	return key->p ? keep_ev_bytes(c->ev, key->len) : -KEEP_E_NO_MEMORY;
}

static int link_one(struct keep_call *c, const struct keep_node *to,
		    struct keep_pair parts[3], struct keep_pair *out)
{
	const struct keep_node *from = c->ev->frame->node;
	struct keep_edge edge = {(uint32_t)from->index, (uint32_t)to->index,
				 (uint16_t)c->args[1].number, 0};
	struct keep_reach way;
	struct keep_ways ways = {from, to, &way, 1, 0};
	int rc = keep_ev_reach(c->ev, c->at, &ways);

	if (!rc)
		rc = local_port(c, &edge);
	if (!rc)
		rc = key_of(c, to, edge.port, &out->key);
	if (rc)
		return rc;
	parts[0] = (struct keep_pair){KEEP_S("host"), keep_v_text(way.its)};
	parts[1] = (struct keep_pair){KEEP_S("port"), keep_v_int(edge.port)};
	parts[2] = (struct keep_pair){KEEP_S("local_port"),
				      keep_v_int(edge.local_port)};
	out->value = keep_v_object(parts, 3);
	return keep_ev_steps(c->ev, 1);
}

static int link(struct keep_call *c, struct keep_value *out)
{
	const struct keep_value *set = &c->args[0];
	size_t i, n = set->kind == KEEP_V_NODE ? 1 : set->n;
	struct keep_pair *pairs = NULL, *parts = NULL;
	int rc = keep_call_in_node(c);

	if (rc)
		return rc;
	if (c->args[1].number < 1 || c->args[1].number > UINT16_MAX)
		return keep_call_fault(c, "%lld is no port: 1 to 65535",
				       (long long)c->args[1].number);
	pairs = keep_ev_alloc(c->ev, n, sizeof *pairs, &rc);
	if (!rc)
		parts = keep_ev_alloc(c->ev, n, 3 * sizeof *parts, &rc);
	for (i = 0; i < n && !rc; i++)
		rc = link_one(c, set->kind == KEEP_V_NODE ?
			      set->node : set->nodes[i], parts + 3 * i,
			      &pairs[i]);
	*out = keep_v_object(pairs, n);
	return rc;
}

static int inbound_one(struct keep_call *c, const struct keep_edge *edge,
		       struct keep_value *out)
{
	const struct keep_node *nodes = c->ev->world->nodes;
	int rc = 0;
	struct keep_pair *parts = keep_ev_alloc(c->ev, 3, sizeof *parts, &rc);

	if (rc)
		return rc;
	parts[0] = (struct keep_pair){KEEP_S("from"),
				      keep_v_text(nodes[edge->from].name)};
	parts[1] = (struct keep_pair){KEEP_S("to"),
				      keep_v_text(nodes[edge->to].name)};
	parts[2] = (struct keep_pair){KEEP_S("port"), keep_v_int(edge->port)};
	*out = keep_v_object(parts, 3);
	return keep_ev_steps(c->ev, 1);
}

static int inbound(struct keep_call *c, struct keep_value *out)
{
	const struct keep_edge *edges;
	struct keep_value *v;
	size_t i, n;
	int rc = keep_call_in_node(c);

	if (rc)
		return rc;
	if (!c->ev->relations.whole)
		return KEEP_LATER;
	edges = keep_ev_edges(c->ev, c->ev->frame->node, true, &n);
	v = keep_ev_alloc(c->ev, n, sizeof *v, &rc);
	for (i = 0; i < n && !rc; i++)
		rc = inbound_one(c, &edges[i], &v[i]);
	*out = keep_v_list(v, n);
	return rc;
}

/* Both ends of the edges of a node, merged in the order of the names. */
struct others {
	const struct keep_edge *out, *in;
	size_t n_out, n_in;
};

/* The next one, once, in *index; false: no more. */
static bool next_other(struct others *o, uint32_t *index)
{
	uint32_t out = o->n_out ? o->out->to : UINT32_MAX;
	uint32_t in = o->n_in ? o->in->from : UINT32_MAX;

	*index = out < in ? out : in;
	for (; o->n_out && o->out->to == *index; o->n_out--)
		o->out++;
	for (; o->n_in && o->in->from == *index; o->n_in--)
		o->in++;
	return out != UINT32_MAX || in != UINT32_MAX;
}

static int host(struct keep_call *c, const struct keep_node *to,
		struct keep_pair *out)
{
	struct keep_ways w = {c->ev->frame->node, to, NULL, 0, 0};
	const struct keep_ips *ips;
	struct keep_value *v = NULL;
	int rc = keep_ev_ips(c->ev, to, &ips);
	size_t i;

	if (!rc)
		w.v = keep_ev_alloc(c->ev, ips->n, sizeof *w.v, &rc);
	if (rc)
		return rc;
	w.max = ips->n;
	rc = keep_ev_reach(c->ev, c->at, &w);
	if (!rc)
		v = keep_ev_alloc(c->ev, w.n, sizeof *v, &rc);
	for (i = 0; v && i < w.n; i++)
		v[i] = keep_v_text(w.v[i].its);
	out->key = to->name;
	out->value = keep_v_list(v, w.n);
	return rc ? rc : keep_ev_steps(c->ev, 1 + w.n);
}

static int hosts(struct keep_call *c, struct keep_value *out)
{
	const struct keep_node *self = c->ev->frame->node;
	struct keep_pair *pairs;
	struct others o;
	size_t n = 0;
	uint32_t index;
	int rc = keep_call_in_node(c);

	if (rc)
		return rc;
	if (!c->ev->relations.whole)
		return KEEP_LATER;
	o.out = keep_ev_edges(c->ev, self, false, &o.n_out);
	o.in = keep_ev_edges(c->ev, self, true, &o.n_in);
	pairs = keep_ev_alloc(c->ev, o.n_out + o.n_in, sizeof *pairs, &rc);
	while (!rc && next_other(&o, &index))
		if (index != self->index)
			rc = host(c, &c->ev->world->nodes[index], &pairs[n++]);
	*out = keep_v_object(pairs, n);
	return rc;
}

static const struct keep_fn rows[] = {
	{{"link", "node or set, port", "object NAME_PORT -> {host, port, "
	  "local_port}; the nodes' inbound() shows it", "{}",
	  "link(nodes[services: 'db'], 5432)['db1_5432'].host",
	  "\"10.0.0.3\""}, NULL, "Mi", link},
	{{"inbound", "", "list of {from, to, port}: the links to this node",
	  "[]", "inbound()",
	  "[{\"from\":\"db1\",\"to\":\"web1\",\"port\":80}]"},
	 NULL, "", inbound},
	{{"hosts", "", "object node -> list of addresses, the best first, of "
	  "all that this node has links to or from", "{}", "hosts()",
	  "{\"db1\":[\"10.0.0.3\"]}"}, NULL, "", hosts},
};
const struct keep_fns keep_fns_relation = {rows, KEEP_COUNT(rows)};
