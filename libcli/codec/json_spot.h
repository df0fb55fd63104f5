/* Where the members of an object stand in a document that reads well, and
 * how the lines around them look. For edits; all are offsets. */
#ifndef CODEC_JSON_SPOT_H
#define CODEC_JSON_SPOT_H

#include "json_lex.h"

/* One member. */
struct keep_json_spot {
	size_t before;       /* the '{' or ',' before it */
	size_t previous_end; /* where the value before it ends; 0: none */
	size_t key, value;   /* where they begin */
	size_t end;          /* behind the value */
	size_t comma;        /* the ',' behind it; 0: it is the last */
};

/* The first byte from AT that is neither blank nor comment. */
size_t keep_json_skip(struct keep_slice text, size_t at);
/* The byte behind the value that begins at AT. */
size_t keep_json_value_end(struct keep_slice text, size_t at);
/* Finds KEY in the object whose '{' is at OPEN. False: *s is the last member,
 * {0} when there is none. */
bool keep_json_spot_find(struct keep_slice text, size_t open,
			 struct keep_slice key, struct keep_json_spot *s);
/* Whether a line break stands in FROM..TO. */
bool keep_json_breaks(struct keep_slice text, size_t from, size_t to);
/* The blanks that the line of AT begins with. */
struct keep_slice keep_json_indent(struct keep_slice text, size_t at);
/* The blanks (no line breaks) before AT begin here. */
size_t keep_json_blank_begin(struct keep_slice text, size_t at);
/* The line break behind AT, when only blanks are between; else 0. */
size_t keep_json_line_end(struct keep_slice text, size_t at);
/* Behind the last comment that begins on the line of AT, with nothing but
 * comments between; AT when there is none. */
size_t keep_json_remark_end(struct keep_slice text, size_t at);

#endif
