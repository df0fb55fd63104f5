/* What the files of this folder share. */
#ifndef HISTORY_HISTORY_H
#define HISTORY_HISTORY_H

#include "../past.h"

/* The calls of libgit2, which is begun and stays so while the session lasts;
 * NULL and *e when it is not installed. */
const struct keep_git2_api *keep_past_git(struct keep_ctx *c,
					  struct keep_err *e);

#endif
