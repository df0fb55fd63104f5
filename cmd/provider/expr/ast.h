/* The syntax tree of an expression, and its parser. Source: PROVIDER 3. */
#ifndef PROVIDER_AST_H
#define PROVIDER_AST_H

#include "lex.h"

enum keep_ast_kind {
	KEEP_AST_NULL, KEEP_AST_BOOL, KEEP_AST_INT, KEEP_AST_TEXT,
	KEEP_AST_JOIN,   /* '..${}..': kids are texts and expressions */
	KEEP_AST_LIST,
	KEEP_AST_OBJECT, /* kids with labels */
	KEEP_AST_ROOT,   /* number: a keep_root */
	KEEP_AST_NAME,   /* bound by a label, or a property of the node */
	KEEP_AST_CALL,   /* fn; kids: arguments */
	KEEP_AST_COND,   /* three kids */
	/* Rows of operands; each but the first has its operator in `op`. */
	KEEP_AST_OR, KEEP_AST_AND, KEEP_AST_CMP, KEEP_AST_SUM, KEEP_AST_MUL,
	KEEP_AST_NOT, KEEP_AST_NEG,
	KEEP_AST_CHAIN,  /* a value, then steps of the kinds below */
	KEEP_AST_MEMBER, /* .text */
	KEEP_AST_MAYBE,  /* ?.text */
	KEEP_AST_INDEX,  /* [kid] */
	KEEP_AST_FILTER, /* [kids]: labels are paths */
	KEEP_AST_METHOD, /* .fn(kids) */
};

enum keep_root {
	KEEP_ROOT_SELF, KEEP_ROOT_PROVIDER, KEEP_ROOT_SERVICES,
	KEEP_ROOT_TAGS, KEEP_ROOT_ENV, KEEP_ROOT_PLATFORM, KEEP_ROOT_NODES,
	KEEP_ROOT_PEERS, KEEP_ROOT_NEAR,
};

struct keep_ast {
	uint8_t kind;            /* a keep_ast_kind */
	uint8_t op;              /* a keep_token */
	bool negated;            /* a filter behind "!" */
	uint32_t at;             /* offset in the text */
	uint32_t n;              /* kids */
	struct keep_slice text;  /* a text's bytes, or a name */
	struct keep_slice label; /* "x" of `x: expr`, the path of a filter */
	int64_t number;
	const struct keep_fn *fn;
	const struct keep_ast *kid, *next;
	struct keep_ast *last;   /* of the kids; the parser's */
};

/* A parse that failed: the first fault, and its offset in the text. */
struct keep_parse_fault {
	size_t at;
	struct keep_err err;
};

/* Parses a whole expression (without "= "). -BAD_ARGS or -NO_MEMORY, with
 * *fault filled. The tree lies in m and borrows TEXT. */
KEEP_MUST int keep_parse(struct keep_mem *m, struct keep_slice text,
			 const struct keep_ast **out,
			 struct keep_parse_fault *fault);

/* Whether NAME is a root word; *root gets a keep_root. */
bool keep_root_find(struct keep_slice name, int64_t *root);

#endif
