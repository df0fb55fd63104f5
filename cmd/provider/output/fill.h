/* Values in the places of the forms that stand for them. */
#ifndef PROVIDER_FILL_H
#define PROVIDER_FILL_H

#include "../value_source.h"

struct keep_fill {
	struct keep_ctx *c;
	const struct keep_value_source *source;
	struct keep_mem *locked;       /* where what is filled lives */
	struct keep_secret_ids known;  /* what the source has */
	struct keep_secret_ids wanted; /* noted */
	struct keep_slice *values;     /* of wanted, when they are open */
};

/* Begins: {c, locked} are set. */
KEEP_MUST int keep_fill_begin(struct keep_fill *f, struct keep_err *e);
/* Which of the two a node of ENV gets: its environment's, else the default's;
 * false when there is neither. */
bool keep_fill_id(const struct keep_fill *f, struct keep_slice env,
		  struct keep_slice name, struct keep_secret_id *id);
/* Notes what TEXT needs for a node of ENV. NOT_FOUND when it was not made. */
KEEP_MUST int keep_fill_note(struct keep_fill *f, struct keep_slice env,
			     struct keep_slice text, struct keep_err *e);
/* Opens all that was noted. */
KEEP_MUST int keep_fill_open(struct keep_fill *f, struct keep_err *e);
/* The value of one that was noted; absent: it was not. */
struct keep_slice keep_fill_value(const struct keep_fill *f,
				  struct keep_slice env,
				  struct keep_slice name);
/* TEXT with values for forms, in locked memory. */
KEEP_MUST int keep_fill_text(const struct keep_fill *f, struct keep_slice env,
			     struct keep_slice text, struct keep_slice *out,
			     struct keep_err *e);

#endif
