/* The syntax tree of the part of ruby that is read, and its parser. */
#ifndef PROVIDER_LEAP_RUBY_TREE_H
#define PROVIDER_LEAP_RUBY_TREE_H

#include <keep/mem.h>

enum {
	KEEP_RUBY_DEPTH = 64,  /* of what is nested */
	KEEP_RUBY_NODES = 600, /* of one tree */
};

enum keep_ruby_kind {
	KEEP_RB_NIL, KEEP_RB_TRUE, KEEP_RB_FALSE, KEEP_RB_SELF,
	KEEP_RB_INT,   /* text: digits */
	KEEP_RB_TEXT,  /* text: its bytes; a symbol too */
	KEEP_RB_JOIN,  /* "..#{}..": kids are texts and expressions */
	KEEP_RB_REGEX, /* text: as written, flags behind the last / */
	KEEP_RB_LIST,
	KEEP_RB_HASH,  /* kids: key, value, key, value */
	KEEP_RB_RANGE, /* two kids; without the last: flag */
	KEEP_RB_CONST, /* text: A::B */
	KEEP_RB_CALL,  /* on (or none), text, kids: arguments, block */
	KEEP_RB_INDEX, /* on, kids */
	KEEP_RB_NOT, KEEP_RB_NEG, KEEP_RB_AND, KEEP_RB_OR,
	KEEP_RB_BINARY, /* text: the operator */
	KEEP_RB_COND,   /* three kids */
};

enum { KEEP_RUBY_PARAMS = 2 };

struct keep_rb {
	uint8_t kind;     /* a keep_ruby_kind */
	bool flag;        /* of a call: &. ; a symbol; a range: ... */
	bool symbol;
	uint32_t at;      /* offset in the source */
	uint32_t n;       /* kids */
	struct keep_slice text;
	struct keep_rb *on;
	struct keep_rb *kid, *last, *next;
	struct keep_rb *block; /* its expression */
	struct keep_slice params[KEEP_RUBY_PARAMS];
	uint32_t n_params;
};

/* Parses an expression; the tree lies in m and borrows TEXT. -BAD_ARGS with
 * the fault, -NO_MEMORY. */
KEEP_MUST int keep_ruby_parse(struct keep_mem *m, struct keep_slice text,
			      const struct keep_rb **out, struct keep_err *e);

#endif
