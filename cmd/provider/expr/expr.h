/* Expressions (PROVIDER 3): total, typed, lazy, memoised per node and value.
 * The evaluator reads a world and asks its host for sources. */
#ifndef PROVIDER_EXPR_H
#define PROVIDER_EXPR_H

#include "../model.h"

enum {
	KEEP_EXPR_DEPTH = 64,
	KEEP_EXPR_STEPS = 100000,           /* evaluated syntax nodes a value */
	KEEP_EXPR_TEXT = 1 << 20,           /* bytes of a text */
	KEEP_EXPR_NODE_BYTES = 64 << 20,    /* of results of one node */
	KEEP_EXPR_SOURCE = 64 << 10,        /* bytes of one expression */
};

struct keep_eval; /* an evaluator: memo, indexes, parsed expressions */

/* Whether a text is an expression ("= ..."). A text "== x" is the literal
 * "= x"; keep_expr_literal gives what a text that is none stands for. */
bool keep_expr_is(const struct keep_json *v);
struct keep_json keep_expr_literal(const struct keep_json *v);

/* Begins to evaluate a world; NULL without memory. Lives in the arena m. */
struct keep_eval *keep_eval_new(struct keep_mem *m, struct keep_world *w);
/* Evaluates a whole node: a plain JSON tree without expressions, keys in
 * the order of the merged tree. Every fault goes to ps with file, line,
 * column; -BAD_ARGS when there was one, and KEEP_MARK_BROKEN in *out where a
 * value is not known. */
KEEP_MUST int keep_eval_node(struct keep_eval *ev, const struct keep_node *n,
			     struct keep_problems *ps, struct keep_json *out);
/* The first of the two phases that relations take: as keep_eval_node, but
 * *later tells that links of other nodes are wanted. When this was called for
 * all nodes, keep_eval_node gives what is final. */
KEEP_MUST int keep_eval_early(struct keep_eval *ev, const struct keep_node *n,
			      struct keep_problems *ps, struct keep_json *out,
			      bool *later);
/* Evaluates what stands at a dotted path of the node (deeply). A missing
 * path: *out is null and *found false, 0. */
KEEP_MUST int keep_eval_path(struct keep_eval *ev, const struct keep_node *n,
			     struct keep_slice path, bool *found,
			     struct keep_problems *ps, struct keep_json *out);
/* Evaluates the text of an expression (without "= ") in a node. */
KEEP_MUST int keep_eval_text(struct keep_eval *ev, const struct keep_node *n,
			     struct keep_slice text, struct keep_problems *ps,
			     struct keep_json *out);
/* An edge that link() made, by indexes of nodes: FROM reaches PORT of TO at
 * its own local_port. */
struct keep_edge {
	uint32_t from, to;
	uint16_t port, local_port;
};
/* All edges, ordered by to, from, port. -BAD_ARGS when an enabled node has a
 * fault: it is told unless it was before. */
KEEP_MUST int keep_eval_edges(struct keep_eval *ev, struct keep_problems *ps,
			      const struct keep_edge **edges, size_t *n);
/* The addresses by which one end of an edge reaches the other. */
struct keep_reach {
	struct keep_slice own, its;
};
KEEP_MUST int keep_eval_reach(struct keep_eval *ev,
			      const struct keep_edge *edge,
			      struct keep_problems *ps,
			      struct keep_reach *way);
/* The paths that send() was called with in the node, sorted, each once. */
KEEP_MUST int keep_eval_sent(const struct keep_eval *ev,
			     const struct keep_node *n,
			     struct keep_slices *paths, struct keep_err *e);
/* What the template of the property `files` gave for the file at PATH when the
 * node was evaluated; NULL: it failed, or there is none. */
const struct keep_json *keep_eval_rendered(const struct keep_eval *ev,
					   const struct keep_node *n,
					   struct keep_slice path);
/* Appends the table of `keep help expressions`: every function and method
 * with arguments, result, missing or empty case, and its example. */
void keep_expr_help(struct keep_buf *out);

/* One row of that table; a test evaluates `example` in its world. */
struct keep_expr_fn {
	const char *name;     /* "replace_suffix", ".join" for a method */
	const char *args;     /* "text, old, new" */
	const char *result;   /* "text" */
	const char *missing;  /* what is missing or empty gives */
	const char *example;  /* "replace_suffix('a.org', '.org', '.i')" */
	const char *gives;    /* JSON of the example's result */
};
/* Row i of the table; NULL behind the last. */
const struct keep_expr_fn *keep_expr_fn_at(size_t i);

#endif
