/* Functions and methods: one row each. */
#ifndef PROVIDER_FN_H
#define PROVIDER_FN_H

#include "ast.h"
#include "eval.h"
#include "expr.h"

enum { KEEP_FN_ARGS = 16 };

/* A call: its arguments, evaluated and of the types that the row names. */
struct keep_call {
	struct keep_eval *ev;
	const struct keep_ast *at;
	struct keep_value on;                 /* of a method: its value */
	struct keep_value args[KEEP_FN_ARGS];
	size_t n;
	const struct keep_ast *each;          /* of `x: expr` */
};

/* Types are letters of keep_v_letter, and v any, T a text that may hold a
 * secret, M a node or a set, x `x: expr`. Behind the letter of an argument: ?
 * it may be left out, * it may be repeated. */
struct keep_fn {
	struct keep_expr_fn doc;
	const char *on;    /* what a method works on; NULL: a function */
	const char *takes; /* "ti?" */
	int (*run)(struct keep_call *c, struct keep_value *out);
};

/* A table that one file brings. */
struct keep_fns {
	const struct keep_fn *v;
	size_t n;
};
extern const struct keep_fns keep_fns_text, keep_fns_list, keep_fns_each,
	keep_fns_set, keep_fns_source, keep_fns_file,
	keep_fns_relation;

/* Row i of all tables; NULL behind the last. */
const struct keep_fn *keep_fn_at(size_t i);
const struct keep_fn *keep_fn_find(struct keep_slice name, bool method);
/* Its name without the dot. */
struct keep_slice keep_fn_name(const struct keep_fn *fn);
/* The letter of argument i; 0: it takes fewer. And how many it must have. */
char keep_fn_takes(const struct keep_fn *fn, size_t i);
size_t keep_fn_least(const struct keep_fn *fn);

struct keep_parser;
/* Tells that there is no such function or method; returns NULL. */
void *keep_fn_unknown(struct keep_parser *p, const struct keep_ast *call);

/* Evaluates a call of function or method x (ON: NULL for a function). */
KEEP_MUST int keep_fn_call(struct keep_eval *ev, const struct keep_ast *x,
			   const struct keep_value *on, struct keep_value *out);
/* Evaluates `x: expr` of the call with x bound to v. */
KEEP_MUST int keep_call_each(struct keep_call *c, const struct keep_value *v,
			     struct keep_value *out);
/* The content of the file that argument 0 names. FOUND: it may be missing;
 * else that is a fault. */
KEEP_MUST int keep_call_file(struct keep_call *c, bool *found,
			     struct keep_slice *content);
/* A text that is the placeholder of a secret. */
KEEP_MUST int keep_call_form(struct keep_call *c, const struct keep_buf *form,
			     struct keep_value *out);
/* A fault of the call; -BAD_ARGS. */
int keep_call_fault(struct keep_call *c, const char *fmt, ...)
	KEEP_PRINTF(2, 3);
/* Refuses a call where no node of the world asks, but what stands by itself. */
KEEP_MUST int keep_call_in_node(struct keep_call *c);

#endif
