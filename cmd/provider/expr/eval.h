/* The evaluator: what it keeps while a world is evaluated. */
#ifndef PROVIDER_EVAL_H
#define PROVIDER_EVAL_H

#include "ast.h"
#include "expr.h"
#include <keep/ptrmap.h>
#include "relation.h"
#include "value.h"

/* Syntax nodes that may wait for each other, over all values: what keeps the
 * stack bounded. */
enum { KEEP_EXPR_NEST = 1024 };
/* Bytes of a text, or members of an object, that are read in one step. */
enum { KEEP_EXPR_CHUNK = 1024 };

struct keep_bound {
	const struct keep_bound *outer;
	struct keep_slice name;
	struct keep_value value;
};

/* A value that is being evaluated. */
struct keep_frame {
	struct keep_frame *below;     /* which asked for it */
	const struct keep_node *node; /* in which */
	const struct keep_json *at;   /* NULL: a text of the caller */
	struct keep_slice text;       /* its expression, or a template */
	struct keep_slice file;       /* where the template stands */
	const struct keep_bound *bound;
	uint32_t steps, depth;
	uint32_t height;              /* depth of what it asked for */
	bool over;                    /* its steps are spent; that was told */
	uint32_t early;               /* whose local ports it holds */
};

/* In phase 2, what is pending is white again, and what is early unless all
 * of it became final. */
enum {
	KEEP_WHITE, KEEP_GREY, KEEP_BLACK,
	KEEP_EARLY,   /* known, but not final */
	KEEP_PENDING, /* KEEP_LATER was given */
};

/* What is known of a text of a tree in a node. */
struct keep_memo {
	uint8_t value_state, json_state;
	bool failed;              /* its fault was told */
	uint8_t height;
	uint32_t early;           /* whose local ports are in it */
	struct keep_value value;
	struct keep_json json;    /* the value, evaluated deeply */
};

/* An expression, parsed once for all nodes that inherit it. */
struct keep_parsed {
	const struct keep_ast *ast; /* NULL: its fault was told */
};

struct keep_eval {
	struct keep_mem *mem;
	struct keep_world *world;
	struct keep_problems *ps;
	const struct keep_node *node; /* that was asked for */
	struct keep_frame *frame;     /* NULL: no expression, but a tree */
	struct keep_ptrmap memo;   /* (text in a tree, node) -> keep_memo */
	struct keep_ptrmap parsed; /* text -> keep_parsed */
	struct keep_ptrmap templates; /* text -> keep_template */
	struct keep_ptrmap near;   /* environment -> keep_near */
	struct keep_index *index;  /* NULL until a set is asked for */
	uint32_t *group;           /* by node index: its location in near */
	struct keep_relations relations;
	struct keep_sent **sent;   /* by node index; NULL: none yet */
	struct keep_rendering **rendered; /* the same: what templates gave */
	size_t bytes;              /* of results of this node */
	bool over;                 /* its budget is spent, and that was told */
	uint32_t nest, level;
};

/* Begins to evaluate what is asked of a node. */
void keep_ev_begin(struct keep_eval *ev, const struct keep_node *n);
/* Evaluates a syntax node in the frame. */
KEEP_MUST int keep_ev_expr(struct keep_eval *ev, const struct keep_ast *x,
			   struct keep_value *out);
/* The same; a path that is not there gives KEEP_V_MISSING. */
KEEP_MUST int keep_ev_maybe(struct keep_eval *ev, const struct keep_ast *x,
			    struct keep_value *out);
/* Must be true or false. */
KEEP_MUST int keep_ev_bool(struct keep_eval *ev, const struct keep_ast *x,
			   bool *out);
/* The parts of keep_ev_expr. */
KEEP_MUST int keep_ev_chain(struct keep_eval *ev, const struct keep_ast *x,
			    bool maybe, struct keep_value *out);
KEEP_MUST int keep_ev_row(struct keep_eval *ev, const struct keep_ast *x,
			  struct keep_value *out);
KEEP_MUST int keep_ev_filter(struct keep_eval *ev, const struct keep_ast *x,
			     const struct keep_value *set,
			     struct keep_value *out);
KEEP_MUST int keep_ev_root(struct keep_eval *ev, const struct keep_ast *x,
			   struct keep_value *out);

/* Whether two values are the same; x is where that is asked. */
KEEP_MUST int keep_ev_equal(struct keep_eval *ev, const struct keep_ast *x,
			    const struct keep_value *a,
			    const struct keep_value *b, bool *same);
/* Whether v is in the list, object, set or text IN. */
KEEP_MUST int keep_ev_in(struct keep_eval *ev, const struct keep_ast *x,
			 const struct keep_value *v,
			 const struct keep_value *in, bool *is);

/* The value of something in a tree: an expression is evaluated and kept. */
KEEP_MUST int keep_ev_json(struct keep_eval *ev, const struct keep_node *node,
			   const struct keep_json *v, struct keep_value *out);
/* The same deeply: no expression is left. */
KEEP_MUST int keep_ev_tree(struct keep_eval *ev, const struct keep_node *node,
			   const struct keep_json *v, struct keep_json *out);
/* Renders the templates of the property `files` of a node; TREE: evaluated. */
KEEP_MUST int keep_ev_render(struct keep_eval *ev,
			     const struct keep_node *node,
			     const struct keep_json *tree);
/* Of two results: a fault outweighs what only has to wait, a lack of memory
 * all. */
int keep_ev_worse(int a, int b);
/* A value as JSON. */
KEEP_MUST int keep_ev_plain(struct keep_eval *ev, const struct keep_value *v,
			    struct keep_json *out);
/* What is kept of the text v in a node; NULL without memory. */
struct keep_memo *keep_ev_memo(struct keep_eval *ev,
			       const struct keep_node *node,
			       const struct keep_json *v);
/* The syntax tree of the frame's text. */
KEEP_MUST int keep_ev_parsed(struct keep_eval *ev,
			     const struct keep_ast **ast);
/* Begins and ends the frame f of an expression. */
KEEP_MUST int keep_ev_enter(struct keep_eval *ev, struct keep_frame *f);
void keep_ev_leave(struct keep_eval *ev, struct keep_frame *f);
/* The frame asked for a value that is known: its depth counts as if it were
 * evaluated again, so that no result depends on the order. */
KEEP_MUST int keep_ev_asked(struct keep_eval *ev, const struct keep_memo *m);
/* In phase 1: the frame holds local ports of node index + 1, or of several,
 * which may change. */
enum { KEEP_EARLY_MANY = UINT32_MAX };
void keep_ev_early(struct keep_eval *ev, uint32_t whose);
/* Where that is kept of the frame, or of what is outside of frames. */
uint32_t *keep_ev_early_at(struct keep_eval *ev);
/* A state of a memo, as it counts in this phase; and that of what was
 * evaluated in frame f with RC. */
uint8_t keep_ev_state(const struct keep_eval *ev, const struct keep_memo *m,
		      uint8_t state);
uint8_t keep_frame_state(const struct keep_frame *f, int rc);
/* The frame that evaluates the text v in a node. */
struct keep_frame keep_frame_of(const struct keep_node *node,
				const struct keep_json *v);

/* Notes that the file at PATH goes to the node. */
KEEP_MUST int keep_ev_send(struct keep_eval *ev, const struct keep_node *node,
			   struct keep_slice path);

/* Counts n steps of the value, and n bytes of the node. */
KEEP_MUST int keep_ev_steps(struct keep_eval *ev, size_t n);
KEEP_MUST int keep_ev_bytes(struct keep_eval *ev, size_t n);
/* N elements of LEN bytes, counted; NULL with *rc set. */
void *keep_ev_alloc(struct keep_eval *ev, size_t n, size_t len, int *rc);

/* The set of the nodes whose addresses were put in b, on the heap until now:
 * few are kept of the many that are asked. */
KEEP_MUST int keep_ev_nodes(struct keep_eval *ev, const struct keep_buf *b,
			    struct keep_value *out);
void keep_ev_node_put(struct keep_buf *b, const struct keep_node *node);

/* A text that is made of pieces. A placeholder in it can only come from a
 * piece that is marked; the buffer lies on the heap. */
struct keep_joint {
	struct keep_buf buf;
	size_t forms;
	bool secret, over;
};
void keep_joint_end(struct keep_joint *j);
/* Adds a text, integer or boolean. */
void keep_joint_add(struct keep_joint *j, const struct keep_value *v);
/* The same of what x gives: ${x}. */
KEEP_MUST int keep_ev_hole(struct keep_eval *ev, const struct keep_ast *x,
			   struct keep_joint *j);
KEEP_MUST int keep_joint_value(struct keep_eval *ev, const struct keep_ast *x,
			       struct keep_joint *j, struct keep_value *out);

/* A fault at a syntax node of the frame (NULL: at the value), or at a value
 * of a tree; both return -BAD_ARGS. ev->ps takes a hint then. */
int keep_ev_fault(struct keep_eval *ev, const struct keep_ast *x,
		  const char *fmt, ...) KEEP_PRINTF(3, 4);
int keep_tree_fault(struct keep_eval *ev, const struct keep_node *node,
		    const struct keep_json *v, const char *fmt, ...)
	KEEP_PRINTF(4, 5);
/* Whether v is a part of the tree, by its address. */
bool keep_tree_has(const struct keep_json *in, const struct keep_json *v);
int keep_ev_cycle(struct keep_eval *ev, const struct keep_node *node,
		  const struct keep_json *v);
/* Refuses a text that holds a secret; USE: "a condition". */
KEEP_MUST int keep_ev_open(struct keep_eval *ev, const struct keep_ast *x,
			   const struct keep_value *v, const char *use);

#endif
