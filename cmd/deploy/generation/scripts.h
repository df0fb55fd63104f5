/* The scripts that nodes run, as they stand in this folder. */
#ifndef DEPLOY_SCRIPTS_H
#define DEPLOY_SCRIPTS_H

#include "parts.h"

struct keep_slice keep_node_script(void);
/* Adds the runner of a generation. */
void keep_runner(struct keep_parts *p);

#endif
