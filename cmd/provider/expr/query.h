/* Sets of nodes, by an index over environments, services and tags. */
#ifndef PROVIDER_QUERY_H
#define PROVIDER_QUERY_H

#include "eval.h"

enum keep_run_of { KEEP_RUN_ALL, KEEP_RUN_SERVICE, KEEP_RUN_TAG, KEEP_RUN_ENV };

/* The enabled nodes with that service, tag or environment (ALL: no name), of
 * one environment or, with NULL, of all. */
KEEP_MUST int keep_index_run(struct keep_eval *ev, enum keep_run_of kind,
			     const struct keep_env *env, struct keep_slice name,
			     struct keep_value *out);
/* nodes, peers, near (a keep_root). */
KEEP_MUST int keep_ev_set(struct keep_eval *ev, int64_t root,
			  struct keep_value *out);

#endif
