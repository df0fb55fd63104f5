/* The provider instance, as its verbs see it: nodes and their files,
 * environments, values, expressions. A node is nodes/NAME.json; what a verb
 * changes there is read and evaluated first, and refused when it would bring
 * the instance a fault that it has not now: a refused change writes nothing.
 * Source: PROVIDER 1, 3, 4. */
#ifndef KEEP_PROVIDER_H
#define KEEP_PROVIDER_H

#include <keep/verb.h>

/* Words of a filter. */
enum { KEEP_FILTER_WORDS = 1000 };

/* node add NAME [PATH=VALUE...]. A VALUE is one CBOR item. A text becomes
 * what the property's schema says (22, true, a list by its commas), and a
 * scalar becomes text where the schema says text. A text "= ..." stays. */
struct keep_node_add_args {
	struct keep_slice name;     /* [a-z0-9-], no '-' at its ends, to 63 */
	struct keep_entries values; /* dotted path -> item */
};

/* node set NODE PATH=VALUE... */
struct keep_node_set_args {
	struct keep_slice node;
	struct keep_entries values;
};

/* node unset NODE PATH... */
struct keep_node_unset_args {
	struct keep_slice node;
	struct keep_slices paths;
};

/* node rm NODE, node enable NODE, node disable NODE. */
struct keep_node_args {
	struct keep_slice node;
};

/* node mv OLD NEW */
struct keep_node_mv_args {
	struct keep_slice node, to;
};

/* What a verb did to a node. */
struct keep_node_changed {
	struct keep_slice file; /* "nodes/web1.json" */
	bool changed;           /* false: it was so already */
};

/* node list [FILTER...] [--print PATH,...] */
struct keep_node_list_args {
	struct keep_slices filter; /* PROVIDER 4; none: disabled ones too */
	struct keep_slices print;  /* paths; commas part several */
};

/* A node of the list. */
struct keep_node_row {
	struct keep_slice name;
	struct keep_slice ip_address;  /* absent: it has none */
	struct keep_slice environment;
	struct keep_slices services, tags;
	bool enabled;
	struct keep_entries values;    /* path -> item, null: missing */
};

/* An environment of env list. */
struct keep_env_row {
	struct keep_slice name;
	uint32_t nodes;  /* how many are in it, disabled ones too */
};

/* inspect NODE [PATH] [--why] */
struct keep_inspect_args {
	struct keep_slice node;
	struct keep_slice path; /* absent: all of the node */
	bool why;
};

/* A value of the node that is no object, evaluated; with why: which file
 * says so, and by which expression. */
struct keep_inspect_row {
	struct keep_slice path;
	struct keep_slice value; /* one item */
	struct keep_slice file;  /* "services/web.json"; absent: not asked */
	bool has_line;
	uint32_t line;
	struct keep_slice expr;  /* without its "= "; absent: none */
};

/* expr NODE EXPR: EXPR is evaluated as if it stood in the node. */
struct keep_expr_args {
	struct keep_slice node;
	struct keep_slice expr; /* its "= " may be left out */
};

/* help expressions: one table of all functions. */
struct keep_expr_help_result {
	struct keep_slice text;
};

KEEP_BEGIN
/* All: BAD_ARGS with every fault of the arguments or the instance; NOT_FOUND,
 * with the nearest name, when the node is not there. Those that change a
 * node wait for the instance's lock: BUSY. Results live in c->mem. */

/* Writes a new nodes/NAME.json. EXISTS. */
KEEP_MUST int keep_node_add(struct keep_ctx *c,
			    const struct keep_node_add_args *a,
			    struct keep_node_changed *r, struct keep_err *e);
/* Set and take out values of a node's file; comments and layout stay, objects
 * that are emptied by it go. CONFLICT when a path to set goes through a value
 * that is no object, NOT_FOUND when one to take out is not in the file. A
 * property that nobody knows is logged as a warning. */
KEEP_MUST int keep_node_set(struct keep_ctx *c,
			    const struct keep_node_set_args *a,
			    struct keep_node_changed *r, struct keep_err *e);
KEEP_MUST int keep_node_unset(struct keep_ctx *c,
			      const struct keep_node_unset_args *a,
			      struct keep_node_changed *r, struct keep_err *e);
/* Removes the node's file. */
KEEP_MUST int keep_node_rm(struct keep_ctx *c, const struct keep_node_args *a,
			   struct keep_node_changed *r, struct keep_err *e);
/* Gives the node's file, facts and files/nodes/NAME another name. EXISTS. */
KEEP_MUST int keep_node_mv(struct keep_ctx *c,
			   const struct keep_node_mv_args *a,
			   struct keep_node_changed *r, struct keep_err *e);
/* Set `enabled`; a node that says nothing is enabled. */
KEEP_MUST int keep_node_enable(struct keep_ctx *c,
			       const struct keep_node_args *a,
			       struct keep_node_changed *r,
			       struct keep_err *e);
KEEP_MUST int keep_node_disable(struct keep_ctx *c,
				const struct keep_node_args *a,
				struct keep_node_changed *r,
				struct keep_err *e);
/* Emits a keep_node_row for each node of the filter, by name. */
KEEP_MUST int keep_node_list(struct keep_ctx *c,
			     const struct keep_node_list_args *a,
			     struct keep_err *e);
/* Emits a keep_env_row for each environment, by name. */
KEEP_MUST int keep_env_list(struct keep_ctx *c, const void *a,
			    struct keep_err *e);
/* Emits a keep_inspect_row for each value, in the order of the node. */
KEEP_MUST int keep_inspect(struct keep_ctx *c,
			   const struct keep_inspect_args *a,
			   struct keep_err *e);
/* *r: one item. */
KEEP_MUST int keep_expr(struct keep_ctx *c, const struct keep_expr_args *a,
			struct keep_slice *r, struct keep_err *e);
/* The table of functions, of what is missing, and of examples. */
KEEP_MUST int keep_help_expressions(struct keep_ctx *c, const void *a,
				    struct keep_expr_help_result *r,
				    struct keep_err *e);
/* How nodes are selected; whom they let in. NO_MEMORY. */
KEEP_MUST int keep_help_filter(struct keep_ctx *c, const void *a,
			       struct keep_expr_help_result *r,
			       struct keep_err *e);
KEEP_MUST int keep_help_users(struct keep_ctx *c, const void *a,
			      struct keep_expr_help_result *r,
			      struct keep_err *e);

/* For fields: offer the nodes, and what a word of a filter may be. */
int keep_complete_node(struct keep_ctx *c, struct keep_slice prefix,
		       struct keep_completions *out);
int keep_complete_filter(struct keep_ctx *c, struct keep_slice prefix,
			 struct keep_completions *out);

/* The library: its rows in the order of `keep help`. */
extern const struct keep_library keep_provider_verbs;
KEEP_END

#endif
