/* Expressions of leap, which are ruby, as those of keep. Source: PROVIDER 6;
 * what each means: PROVIDER 3, and the macros of leap_platform. */
#ifndef PROVIDER_LEAP_H
#define PROVIDER_LEAP_H

#include <keep/json.h>

enum {
	KEEP_RUBY_SOURCE = 8 << 10,  /* bytes of an expression */
	KEEP_RUBY_RESULT = 16 << 10, /* bytes of what it becomes */
};

struct keep_ruby {
	struct keep_slice text;      /* without "= " or "=> " */
	struct keep_slice object;    /* whose names are meant: "provider",
				      * "services.S"; absent: the node's */
	const struct keep_json *own; /* of a service: its members, which stand
				      * in where a node has none */
};

/* Rewrites an expression. The result lies in m and parses as an expression;
 * either it means the same, or evaluating it says what does not fit. By
 * intent it differs in this: a false left of || stays, as a value that is
 * there; a block that asks the elements of an object for a key gets its
 * values, where ruby gives the keys; fields that a node lacks are null, not
 * left out; split keeps empty pieces at the end; each node's pick is its own.
 * -BAD_ARGS, with why: it has no counterpart. -NO_MEMORY. */
KEEP_MUST int keep_ruby_rewrite(struct keep_mem *m,
				const struct keep_ruby *ruby,
				struct keep_slice *kx, struct keep_err *why);

#endif
