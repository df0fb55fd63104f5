/* One writer at a time in an instance. Readers take no lock: what they read
 * is replaced whole. */
#ifndef PROVIDER_LOCK_H
#define PROVIDER_LOCK_H

#include <keep/verb.h>

/* Locks the instance for VERB ("node add"), waiting at most
 * c->lock_timeout_ms: BUSY, with the name of who holds it. NOT_FOUND without
 * an instance. It is held until keep_provider_unlock, or until the instance's
 * descriptor is closed; who holds it may ask again. */
KEEP_MUST int keep_provider_lock(struct keep_ctx *c, const char *verb,
				 struct keep_err *e);
void keep_provider_unlock(struct keep_ctx *c);

#endif
