/* An instance with another platform. */
#ifndef PROVIDER_TRY_H
#define PROVIDER_TRY_H

#include <keep/verb.h>

/* What lies at FROM shall lie at TO. */
struct keep_move {
	struct keep_slice from, to;
};
/* Reads and evaluates the instance with the platform at move->from: BAD_ARGS
 * with the faults that it has not now, told as if it were at move->to. */
KEEP_MUST int keep_platform_try(struct keep_ctx *c,
				const struct keep_move *move,
				struct keep_err *e);

#endif
