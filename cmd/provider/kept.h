/* The instance that a connection keeps in its session. */
#ifndef PROVIDER_KEPT_H
#define PROVIDER_KEPT_H

#include "instance/instance.h"

/* As keep_world_read() of the context's instance, but what an earlier call of
 * the connection read is taken while its files are as they were. The world and
 * the warnings live as long as c->mem; nothing of them may be changed. */
KEEP_MUST int keep_provider_kept(struct keep_ctx *c, struct keep_world *w,
				 struct keep_problems *ps,
				 struct keep_problems *warnings,
				 struct keep_err *e);

#endif
