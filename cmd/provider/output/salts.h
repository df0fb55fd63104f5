/* Salts of nodes: secrets that generations have, so that their ids tell nothing
 * of the others. */
#ifndef PROVIDER_SALTS_H
#define PROVIDER_SALTS_H

#include "fill.h"
#include "made.h"

/* It is the node's wherever that goes: not of an environment. */
struct keep_secret_id keep_salt_of(struct keep_mem *m, struct keep_slice node);
/* Makes those that the CHOSEN of a world lack, and notes them as known. TOLD:
 * it is told, since they may be somebody's already, but of the tag local. */
KEEP_MUST int keep_salts_make(struct keep_fill *fill,
			      const struct keep_world *w, const bool *chosen,
			      bool told, struct keep_err *e);
/* NOT_FOUND where one of the CHOSEN has none. */
KEEP_MUST int keep_salts_need(const struct keep_fill *fill,
			      const struct keep_world *w, const bool *chosen,
			      struct keep_err *e);

#endif
