/* The scripts that nodes run, as they stand in node.sh and run.sh. */
#ifndef DEPLOY_SCRIPTS_H
#define DEPLOY_SCRIPTS_H

#include <keep/base.h>

struct keep_slice keep_node_script(void);
struct keep_slice keep_run_script(void);

#endif
