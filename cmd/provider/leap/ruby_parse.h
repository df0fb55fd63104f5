/* What the files of the parser share. It reads characters: what one begins
 * depends on whether a value or an operator may stand there. Functions that
 * return a tree return NULL after a fault, with rc set. */
#ifndef PROVIDER_LEAP_RUBY_PARSE_H
#define PROVIDER_LEAP_RUBY_PARSE_H

#include <keep/text.h>
#include "ruby_tree.h"

struct keep_rb_parser {
	struct keep_mem *mem;
	struct keep_slice text;
	size_t pos;
	unsigned depth, nodes;
	int rc;
	struct keep_err *e;
};

/* ruby_parse.c: operators */
struct keep_rb *keep_rb_expr(struct keep_rb_parser *p);
/* The same with `if x` or `unless x` behind it. */
struct keep_rb *keep_rb_statement(struct keep_rb_parser *p);
/* ruby_call.c: a value and what is asked of it */
struct keep_rb *keep_rb_chain(struct keep_rb_parser *p);
/* ruby_value.c: a value but a word */
struct keep_rb *keep_rb_value(struct keep_rb_parser *p);
/* Elements up to the sign CLOSE, which is passed, into x. Pairs `k => v` make
 * one hash at the end; of a hash x they are its kids. CLOSE 0: arguments
 * without parentheses. */
bool keep_rb_elements(struct keep_rb_parser *p, struct keep_rb *x, char close);
/* ruby_text.c: '..', "..", %(..), :sym, /../ */
struct keep_rb *keep_rb_text(struct keep_rb_parser *p);
/* Whether one begins here. */
bool keep_rb_is_text(const struct keep_rb_parser *p);

/* ruby_read.c: characters */
struct keep_rb *keep_rb_new(struct keep_rb_parser *p, enum keep_ruby_kind kind);
void keep_rb_add(struct keep_rb *x, struct keep_rb *kid);
/* Notes the first fault; returns NULL. */
void *keep_rb_fail(struct keep_rb_parser *p, const char *fmt, ...)
	KEEP_PRINTF(2, 3);
/* The same for what stands where WANTED is. */
void *keep_rb_unexpected(struct keep_rb_parser *p, const char *wanted);
/* The character at +i; 0 behind the end. */
char keep_rb_peek(const struct keep_rb_parser *p, size_t i);
void keep_rb_blanks(struct keep_rb_parser *p);
/* Whether S stands here, behind blanks; then it is passed. */
bool keep_rb_take(struct keep_rb_parser *p, const char *s);
/* A word that stands here: letters, digits, _; with ? or ! behind it. */
struct keep_slice keep_rb_word(struct keep_rb_parser *p);
bool keep_rb_is_digit(char c);
bool keep_rb_is_letter(char c);

#endif
