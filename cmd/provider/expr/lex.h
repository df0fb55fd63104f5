/* Tokens of an expression, one at a time. */
#ifndef PROVIDER_LEX_H
#define PROVIDER_LEX_H

#include <keep/mem.h>

enum keep_token {
	KEEP_L_END,
	KEEP_L_INT,   /* digits */
	KEEP_L_NAME,  /* an ID, or `file?` */
	KEEP_L_QUOTE, /* ' that begins a text; the parser reads on */
	KEEP_L_OR, KEEP_L_ELSE, KEEP_L_MAYBE, KEEP_L_AND, /* || ?? ?. && */
	KEEP_L_EQ, KEEP_L_NE, KEEP_L_LE, KEEP_L_GE, KEEP_L_LT, KEEP_L_GT,
	KEEP_L_IN,
	KEEP_L_ADD, KEEP_L_SUB, KEEP_L_MUL, KEEP_L_DIV, KEEP_L_MOD,
	KEEP_L_NOT, KEEP_L_ASK, KEEP_L_COLON, KEEP_L_DOT, KEEP_L_COMMA,
	KEEP_L_OPEN, KEEP_L_CLOSE, KEEP_L_LIST, KEEP_L_LIST_END,
	KEEP_L_OBJECT, KEEP_L_OBJECT_END,
	KEEP_L_BAD,   /* one character that nothing begins with */
};

/* {.text = t}, then keep_lex_next for the first token. Copies of it are
 * places to come back to. */
struct keep_lex {
	struct keep_slice text;
	size_t pos;              /* behind the token */
	enum keep_token kind;
	size_t at;               /* where the token begins */
	struct keep_slice token; /* its bytes */
};

/* Goes on to the next token. */
void keep_lex_next(struct keep_lex *l);

#endif
