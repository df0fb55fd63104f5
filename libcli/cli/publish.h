/* What verbs have published. */
#ifndef CLI_PUBLISH_H
#define CLI_PUBLISH_H

#include <keep/verb.h>

/* It is on the disk from now on, before the verb answers; a failure is
 * logged. */
void keep_published(struct keep_ctx *c);

#endif
