/* One command on many nodes, as keep run and its like do it. */
#ifndef DEPLOY_ON_ALL_H
#define DEPLOY_ON_ALL_H

#include <keep/run.h>
#include "reach.h"

struct keep_on_all {
	struct keep_reach_options options;
	const char *command; /* for root's shell */
};
/* Emits a keep_run_event for each line. A verdict, as keep_run_on_nodes(). */
KEEP_MUST int keep_on_all(struct keep_ctx *c,
			  const struct keep_contacts *nodes,
			  const struct keep_on_all *how,
			  struct keep_run_result *r, struct keep_err *e);

#endif
