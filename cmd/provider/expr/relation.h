/* Relations between nodes, in two phases (PROVIDER 3). In the first, link()
 * notes edges and gives a local port that is not final yet; inbound() and
 * hosts() give KEEP_LATER, which unwinds what asked for them. When every
 * enabled node was evaluated so, the edges are complete; what was waiting, or
 * came from link(), is evaluated again. So no result depends on an order. */
#ifndef PROVIDER_RELATION_H
#define PROVIDER_RELATION_H

#include "ast.h"
#include "expr.h"

/* What a function returns that needs all edges, until they are known. */
enum { KEEP_LATER = 1 };
enum { KEEP_LOCAL_PORT = 20000, KEEP_LOCAL_PORTS = 10000 };

/* Addresses of a node: those of its networks by name, then ip_address, then
 * ip_addresses. What is no address is left to the check of properties. */
struct keep_ips {
	struct keep_ips_row {
		struct keep_slice network; /* absent: none */
		struct keep_slice text;
		uint8_t len;               /* 4 or 16: its family */
	} *v;
	size_t n;
};

struct keep_relations {
	bool whole, failed;    /* the edges are complete; they cannot be */
	uint32_t early;        /* whose local ports are in what was evaluated */
	bool *walked;          /* by node index: its edges are noted */
	struct keep_buf noted; /* of keep_edge */
	struct keep_edge *out; /* by from, to, port */
	struct keep_edge *in;  /* by to, from, port */
	size_t n;
	size_t *out_at, *in_at; /* by node index: its first edge; one more */
	struct keep_ips **ips;  /* by node index */
	bool *moved; /* by node index: a local port of it is not as it was */
};

/* Notes an edge; the result tells of it in phase 2. */
KEEP_MUST int keep_ev_edge(struct keep_eval *ev, const struct keep_edge *edge);
/* Completes the edges: evaluates every enabled node that was not. -BAD_ARGS
 * when one has a fault. Not inside of an evaluation. */
KEEP_MUST int keep_ev_relate(struct keep_eval *ev);
/* Evaluates a node; *later: not all of it, or it is not final. */
KEEP_MUST int keep_ev_walk(struct keep_eval *ev, const struct keep_node *n,
			   struct keep_json *out, bool *later);
/* Phase 2: the edges of a node, outwards or to it. */
const struct keep_edge *keep_ev_edges(const struct keep_eval *ev,
				      const struct keep_node *node, bool in,
				      size_t *n);
/* Phase 2: the edge that was noted, or NULL. */
const struct keep_edge *keep_ev_edge_find(const struct keep_eval *ev,
					  const struct keep_edge *like);
/* Where the search for a local port begins. */
uint16_t keep_local_port(struct keep_slice target, uint16_t port);

/* How one node reaches another, best first: by the networks that both share,
 * then by each family that both have. */
struct keep_ways {
	const struct keep_node *from, *to;
	struct keep_reach *v; /* room for MAX */
	size_t max, n;        /* at least one is found */
};
/* Fills v and n. x: where that is asked, for the fault that there is none. */
KEEP_MUST int keep_ev_reach(struct keep_eval *ev, const struct keep_ast *x,
			    struct keep_ways *w);
/* The addresses of a node: so many ways there may be to it. */
KEEP_MUST int keep_ev_ips(struct keep_eval *ev, const struct keep_node *node,
			  const struct keep_ips **out);

#endif
