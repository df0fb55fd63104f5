/* How every verb of the provider begins. Source: PROVIDER 1. */
#ifndef PROVIDER_OPEN_H
#define PROVIDER_OPEN_H

#include "expr/expr.h"

/* Reads the instance of the context into a world that lives in c->mem, logs
 * its warnings, gives it a host that makes nothing, and begins to evaluate it.
 * NOT_FOUND without an instance; BAD_ARGS with all its faults. */
KEEP_MUST int keep_provider_open(struct keep_ctx *c, struct keep_world **w,
				 struct keep_eval **ev, struct keep_err *e);
/* The first part of it: a world without a host. With BAD_ARGS, its faults are
 * in ps, and *w holds what is known. */
KEEP_MUST int keep_provider_read(struct keep_ctx *c, struct keep_problems *ps,
				 struct keep_world **w, struct keep_err *e);
/* Logs one warning, with its place and hint. */
void keep_provider_warn(struct keep_ctx *c, const struct keep_problem *p);
/* NOT_FOUND with a hint when the context has no instance. */
KEEP_MUST int keep_provider_need(struct keep_ctx *c, struct keep_err *e);
/* Gives the world the host of reading verbs: what was not made yet shows as
 * that, and nothing is drawn. The world keeps it. */
KEEP_MUST int keep_provider_host(struct keep_ctx *c, struct keep_world *w,
				 struct keep_err *e);

#endif
