/* What the files of the parser share. Functions that return a tree return
 * NULL after a fault, with rc set. */
#ifndef PROVIDER_PARSE_H
#define PROVIDER_PARSE_H

#include "ast.h"
#include "expr.h"

struct keep_parser {
	struct keep_mem *mem;
	struct keep_lex lex;
	unsigned depth;
	int rc;
	struct keep_parse_fault *fault;
};

/* expr */
struct keep_ast *keep_parse_expr(struct keep_parser *p);
/* post: a value and what is asked of it */
struct keep_ast *keep_parse_chain(struct keep_parser *p);
/* prim */
struct keep_ast *keep_parse_value(struct keep_parser *p);
/* "(" [args] ")" of a call or method, with fn set; checks them. */
struct keep_ast *keep_parse_args(struct keep_parser *p, struct keep_ast *call);

struct keep_ast *keep_ast_new(struct keep_parser *p, enum keep_ast_kind kind,
			      size_t at);
void keep_ast_add(struct keep_ast *x, struct keep_ast *kid);

/* Notes the fault; returns NULL. */
void *keep_parse_fail(struct keep_parser *p, size_t at, const char *fmt, ...)
	KEEP_PRINTF(3, 4);
/* The same for a token that is not the one that was WANTED here. */
void *keep_parse_unexpected(struct keep_parser *p, const char *wanted);
/* Whether the token is KIND; if so it is passed. */
bool keep_parse_take(struct keep_parser *p, enum keep_token kind);
/* The same for an ID. */
bool keep_parse_name(struct keep_parser *p, struct keep_slice *name);
/* Whether the tokens are `ID :`; if so both are passed. */
bool keep_parse_label(struct keep_parser *p, struct keep_slice *label);

#endif
