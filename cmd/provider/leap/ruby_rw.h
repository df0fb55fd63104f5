/* What the files of the rewriter share. Each part of the ruby tree gives text
 * of an expression, with how weakly it binds and what is known of its value.
 * Ruby is true to everything but nil and false, and gives nil for a key that
 * is not there; the language here is strict. Where a value may be either, the
 * text says so, or evaluating it tells. */
#ifndef PROVIDER_LEAP_RUBY_RW_H
#define PROVIDER_LEAP_RUBY_RW_H

#include <keep/text.h>
#include "leap.h"
#include "ruby_tree.h"

enum {
	KEEP_RUBY_STEPS = 10000,   /* parts that are rewritten, with repeats */
	KEEP_RUBY_BYTES = 1 << 20, /* of the texts that they become */
};

/* How strongly a text binds. */
enum keep_kx_level {
	KEEP_KX_COND, KEEP_KX_OR, KEEP_KX_AND, KEEP_KX_CMP, KEEP_KX_SUM,
	KEEP_KX_MUL, KEEP_KX_UNARY, KEEP_KX_POST,
};

enum keep_kx_type {
	KEEP_KX_ANY, KEEP_KX_BOOL, KEEP_KX_INT, KEEP_KX_TEXT, KEEP_KX_SECRET,
	KEEP_KX_LIST, KEEP_KX_NODE,
	KEEP_KX_SET,      /* of nodes */
	KEEP_KX_NAMED,    /* services, tags */
	KEEP_KX_SELF,     /* the object whose expression it is */
	KEEP_KX_GLOBAL, KEEP_KX_PLATFORM, /* without a text of their own */
};

struct keep_kx {
	struct keep_slice s; /* absent: it failed */
	uint8_t level, type;
	bool own;      /* begins with a member that ruby->own has */
	bool mine;     /* a set of nodes of this environment */
	bool filtered; /* ends in a filter */
	bool nothing;  /* null where a set is empty */
};

/* A parameter of a block, and the text that stands for it. */
struct keep_rw_bound {
	const struct keep_rw_bound *outer;
	struct keep_slice name, label; /* in ruby; the name bound here */
	struct keep_slice s;
	uint8_t type;
};

struct keep_rw {
	struct keep_mem *mem;
	const struct keep_ruby *ruby;
	const struct keep_rw_bound *bound;
	const struct keep_rb *pick_from, *pick_else; /* ruby_pick.c */
	bool maybe;        /* left of ??: what is missing is no fault */
	unsigned steps;
	size_t bytes;
	int rc;
	struct keep_err *e;
};

/* ruby_rewrite.c: a part as a value. */
struct keep_kx keep_rw(struct keep_rw *r, const struct keep_rb *x);
/* As what a further step is taken from. */
struct keep_kx keep_rw_on(struct keep_rw *r, const struct keep_rb *x);
/* As what stands left of ??. */
struct keep_kx keep_rw_maybe(struct keep_rw *r, const struct keep_rb *x);
/* The end of a chain of steps: where a node has no such member, the
 * service's own. */
struct keep_kx keep_rw_end(struct keep_rw *r, struct keep_kx k);
/* printf of a text. */
struct keep_kx keep_kx_make(struct keep_rw *r, enum keep_kx_level level,
			    enum keep_kx_type type, const char *fmt, ...)
	KEEP_PRINTF(4, 5);
/* Its text, in parentheses where it binds weaker than LEVEL. */
struct keep_slice keep_kx_at(struct keep_rw *r, struct keep_kx k,
			     enum keep_kx_level level);
/* Bytes as a literal text. */
struct keep_kx keep_kx_text(struct keep_rw *r, struct keep_slice s);
/* Notes the first thing without a counterpart: "%s has no counterpart". */
struct keep_kx keep_rw_fail(struct keep_rw *r, const char *fmt, ...)
	KEEP_PRINTF(2, 3);

/* ruby_logic.c: truth. A part as a condition: true or false. */
struct keep_kx keep_rw_cond(struct keep_rw *r, const struct keep_rb *x);
struct keep_kx keep_rw_and(struct keep_rw *r, const struct keep_rb *x);
struct keep_kx keep_rw_or(struct keep_rw *r, const struct keep_rb *x);
struct keep_kx keep_rw_not(struct keep_rw *r, const struct keep_rb *x);
struct keep_kx keep_rw_if(struct keep_rw *r, const struct keep_rb *x);
struct keep_kx keep_rw_try(struct keep_rw *r, const struct keep_rb *x);
/* ruby_pick.c: `try{f(a)} || try{f(b)}` over a choice from a, else from b;
 * false: it is none. */
bool keep_rw_pick_else(struct keep_rw *r, const struct keep_rb *x,
		       struct keep_kx *out);
struct keep_kx keep_rw_pick(struct keep_rw *r, const struct keep_rb *x);

/* ruby_chain.c: calls and members; STEP: a further step follows. */
struct keep_kx keep_rw_call(struct keep_rw *r, const struct keep_rb *x,
			    bool step);
/* A property of the node, or of ruby->object. */
struct keep_kx keep_rw_property(struct keep_rw *r, struct keep_slice name);
/* K.name or K?.name, or K['a name']. */
struct keep_kx keep_rw_member(struct keep_rw *r, struct keep_kx k,
			      struct keep_slice name, bool maybe);
/* ruby_index.c: x[..] */
struct keep_kx keep_rw_index(struct keep_rw *r, const struct keep_rb *x,
			     bool step);
struct keep_kx keep_rw_slice(struct keep_rw *r, struct keep_kx on,
			     const struct keep_rb *from,
			     const struct keep_rb *n);
/* ruby_methods.c: what a method works on, in a form that a step can be taken
 * from; no secret. */
struct keep_slice keep_rw_open(struct keep_rw *r, const struct keep_rb *x);
/* ruby_sub.c: sub, gsub */
struct keep_kx keep_rw_sub(struct keep_rw *r, const struct keep_rb *x);
/* ruby_files.c: the name of a secret or draw. */
struct keep_kx keep_rw_name(struct keep_rw *r, const struct keep_rb *x);
/* ruby_blocks.c: `x: value` of a block. */
struct keep_slice keep_rw_each(struct keep_rw *r, const struct keep_rb *x);

/* A method or macro: how many arguments, whether a block. Either run, or kx:
 * a text, of a method with what it works on before it. */
enum keep_rw_block { KEEP_RW_BARE, KEEP_RW_BLOCK, KEEP_RW_EITHER };
struct keep_rw_row {
	const char *name;
	uint8_t least, most, block, type;
	const char *kx;
	struct keep_kx (*run)(struct keep_rw *r, const struct keep_rb *x);
};
/* A table that one file brings; methods get what they work on themselves. */
struct keep_rw_rows {
	const struct keep_rw_row *v;
	size_t n;
};
extern const struct keep_rw_rows keep_rw_macros, keep_rw_files,
	keep_rw_methods, keep_rw_blocks;

/* Argument i; NULL behind the last. */
const struct keep_rb *keep_rb_arg(const struct keep_rb *x, size_t i);
/* Whether a part is a text without holes. */
bool keep_rb_is_literal(const struct keep_rb *x);
/* Whether a text is a name: [A-Za-z_][A-Za-z0-9_]* */
bool keep_kx_is_name(struct keep_slice s);
/* Whether it has a meaning of its own, so that nothing can be bound to it. */
bool keep_kx_is_word(struct keep_slice s);

#endif
