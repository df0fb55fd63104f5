/* keep graph: the nodes of an instance and the links between them, for
 * graphviz. Source: PROVIDER 3 (relations). */
#ifndef KEEP_GRAPH_H
#define KEEP_GRAPH_H

#include <keep/verb.h>

/* graph [FILTER...] [--svg FILE] */
struct keep_graph_args {
	struct keep_slices filter; /* none: all enabled nodes */
	struct keep_slice svg;     /* the picture goes there; absent: none */
};

/* A node of the picture. */
struct keep_graph_node {
	struct keep_slice name, environment;
	struct keep_slices services;
};
/* link() in FROM leads to PORT of TO. */
struct keep_graph_link {
	struct keep_slice from, to;
	uint32_t port;
};
/* The picture. */
struct keep_graph_result {
	struct keep_slice provider; /* its domain */
	struct keep_list nodes;     /* of keep_graph_node, by name */
	struct keep_list links;     /* of keep_graph_link, by to, from, port */
	struct keep_slice svg;      /* the file that was written; else absent */
};

KEEP_BEGIN
/* The nodes of the filter, and those that they are linked with. BAD_ARGS with
 * every fault of the instance; with svg, NOT_FOUND where graphviz is not
 * installed, and its own words when it fails. Results live in c->mem. */
KEEP_MUST int keep_graph(struct keep_ctx *c, const struct keep_graph_args *a,
			 struct keep_graph_result *r, struct keep_err *e);
/* The result as DOT. */
keep_text_fn keep_graph_text;
extern const struct keep_schema keep_graph_args_schema;
extern const struct keep_schema keep_graph_result_schema;
KEEP_END

#endif
