/* Which files below the directories of compiled/ are keep's own: .made lists
 * them there, a line a path. What it does not list is somebody else's, and is
 * never removed. Files at the top are known by their names. */
#ifndef PROVIDER_MADE_H
#define PROVIDER_MADE_H

#include "output.h"

/* o->names: those at the top, and those that the list names. */
KEEP_MUST int keep_made_read(struct keep_output *o, struct keep_err *e);
/* Puts the list of what there will be. */
KEEP_MUST int keep_made_put(struct keep_output *o, struct keep_err *e);
/* Whether the file was made by keep, or is by this run. Needs the above. */
bool keep_made_has(const struct keep_output *o, struct keep_slice path);

#endif
