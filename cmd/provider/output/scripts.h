/* The scripts of a node's services: recipes/SERVICE/ of the instance, over
 * the platform's. Source: DEPLOY 3. */
#ifndef PROVIDER_SCRIPTS_H
#define PROVIDER_SCRIPTS_H

#include <keep/material.h>
#include "../model.h"

enum { KEEP_SCRIPT_MAX = 1 << 20 };

/* Fills in m->scripts; those of base are every node's. A script of the instance
 * takes the place of that of the platform; a recipe.json that is no JSON is
 * BAD_ARGS. */
KEEP_MUST int keep_scripts_read(struct keep_ctx *c, const struct keep_world *w,
				struct keep_material *m, struct keep_err *e);

#endif
