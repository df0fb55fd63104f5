/* The scripts of a node's services: recipes/SERVICE/ of the instance, over
 * the platform's. Source: DEPLOY 3. */
#ifndef PROVIDER_SCRIPTS_H
#define PROVIDER_SCRIPTS_H

#include <keep/material.h>
#include "../model.h"

enum { KEEP_SCRIPT_MAX = 1 << 20 };

/* What was read, once for all nodes. Begin with {mem, {mem}}. */
struct keep_scripts {
	struct keep_mem *mem;
	struct keep_buf services; /* of keep_service_scripts */
};
/* Fills in m->scripts; those of base are every node's. A script of the instance
 * takes the place of that of the platform. As keep_file_read, but what is not
 * there is none. */
KEEP_MUST int keep_scripts_read(struct keep_ctx *c, const struct keep_world *w,
				struct keep_scripts *known,
				struct keep_material *m, struct keep_err *e);

#endif
