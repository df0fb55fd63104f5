/* What nodes have: each is asked once, and then for the texts that diffs lack,
 * which one node of those that have it gives. */
#ifndef DEPLOY_PLAN_ASK_H
#define DEPLOY_PLAN_ASK_H

#include "../push/talk.h"
#include "../reach.h"
#include "build.h"
#include "texts.h"

/* A node that is asked. */
struct keep_asked {
	const struct keep_generation *g; /* that it shall have */
	struct keep_plan_node *row;      /* filled in */
	struct keep_slice manifest;      /* of what it has; absent: nothing */
	struct keep_buf wanted;          /* of keep_plan_edit pointers */
	/* Its own. */
	struct keep_asking *all;
	struct keep_task task;
	struct keep_talk talk;
	struct keep_slice input;
	struct keep_buf got;
	uint64_t size;
};
struct keep_asking {
	struct keep_ctx *c;
	struct keep_reach *reach;
	struct keep_asked *v; /* one for each target, in their order */
	size_t n;
	struct keep_slice commit;
	struct keep_texts *texts;
	struct keep_buf live; /* of keep_plan_live, a node each */
};

/* Asks all; what happens to a node is its state, never an error. */
KEEP_MUST int keep_ask_all(struct keep_asking *a, struct keep_err *e);
/* fetch.c: has the texts that edits lack sent, and keeps them. What does not
 * come is missed by its diff alone. */
KEEP_MUST int keep_ask_texts(struct keep_asking *a,
			     const struct keep_plan_build *b,
			     struct keep_err *e);
/* live.c: has nodes run the checks of the recipes that they have. */
KEEP_MUST int keep_ask_live(struct keep_asking *a, struct keep_plan_result *r,
			    struct keep_err *e);

#endif
