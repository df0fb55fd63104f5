/* Templates (PROVIDER 5): text with ${expr} in it, $$ for a dollar, and lines
 * that begin with a percent sign:
 *
 *	% for x in EXPR      until its % end, for each of a list or set
 *	% if EXPR            until its % else or % end
 *	%% is a line that begins with one percent sign
 */
#ifndef PROVIDER_TEMPLATE_H
#define PROVIDER_TEMPLATE_H

#include "ast.h"
#include "eval.h"

enum { KEEP_TEMPLATE_NEST = 16 };

enum keep_piece_kind {
	KEEP_PIECE_TEXT, KEEP_PIECE_HOLE, KEEP_PIECE_IF, KEEP_PIECE_FOR,
};

/* A part of a template. */
struct keep_piece {
	uint8_t kind;                /* a keep_piece_kind */
	struct keep_slice text;      /* its bytes, or the name that is bound */
	const struct keep_ast *expr; /* but of a text; places in the template */
	struct keep_piece *kid, *otherwise, *next;
};

/* Parses a template, which may be empty (*out: NULL). -BAD_ARGS or
 * -NO_MEMORY, with *fault filled. The pieces lie in m and borrow TEXT. */
KEEP_MUST int keep_template_parse(struct keep_mem *m, struct keep_slice text,
				  struct keep_piece **out,
				  struct keep_parse_fault *fault);
/* The text of the template at PATH in the node of the frame. NAMES: an object
 * whose members are bound in it, or NULL. Faults of the path are told at x, or
 * at the value of the frame. */
KEEP_MUST int keep_ev_template(struct keep_eval *ev, const struct keep_ast *x,
			       struct keep_slice path,
			       const struct keep_value *names,
			       struct keep_value *out);

#endif
