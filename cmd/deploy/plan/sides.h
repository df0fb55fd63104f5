/* Sides of a plan: a generation that was made, and a manifest that a node
 * has. */
#ifndef DEPLOY_PLAN_SIDES_H
#define DEPLOY_PLAN_SIDES_H

#include "build.h"
#include "texts.h"

/* What a node shall have. Borrows G. */
KEEP_MUST int keep_side_new(struct keep_mem *m, const struct keep_generation *g,
			    struct keep_plan_side *out, struct keep_err *e);

/* What a node has. */
struct keep_side_from {
	struct keep_mem *mem;
	struct keep_texts *texts;
};
/* MANIFEST absent: nothing. What is no manifest is BAD_ARGS. Borrows all. */
KEEP_MUST int keep_side_old(struct keep_side_from *from,
			    struct keep_slice manifest,
			    struct keep_plan_side *out, struct keep_err *e);

#endif
