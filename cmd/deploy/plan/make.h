/* A plan that is made: generations that were, what nodes have, what comes of
 * both. */
#ifndef DEPLOY_PLAN_MAKE_H
#define DEPLOY_PLAN_MAKE_H

#include "../past.h"
#include "ask.h"
#include "sides.h"

struct keep_planning {
	struct keep_ctx *c;
	struct keep_generations all;
	struct keep_past_head head;      /* "" in no git */
	/* Its own. */
	struct keep_plan_node *rows;     /* of all */
	struct keep_asking asking;
	struct keep_texts texts;
	struct keep_side_from from;
	struct keep_plan_build b;
};

/* c, all and head are set. */
KEEP_MUST int keep_planning_begin(struct keep_planning *u, struct keep_err *e);
/* What nodes had when they were last met. */
KEEP_MUST int keep_planning_offline(struct keep_planning *u,
				    struct keep_err *e);
/* What they say; with live, what their checks say, too. */
KEEP_MUST int keep_planning_online(struct keep_planning *u,
				   const struct keep_reach_options *options,
				   struct keep_plan_result *live,
				   struct keep_err *e);
/* Fills in all of the result but its id and commit. DIFFS: NULL makes none. */
KEEP_MUST int keep_planning_fold(struct keep_planning *u,
				 const struct keep_git2_api *diffs,
				 struct keep_plan_result *r,
				 struct keep_err *e);
void keep_planning_end(struct keep_planning *u);

/* print.c: what changes in access, and how many nodes and files. */
void keep_plan_put_summary(const struct keep_plan_result *r,
			   struct keep_mem *m, struct keep_buf *out);

#endif
