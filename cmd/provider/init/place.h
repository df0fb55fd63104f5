/* Where a new instance goes: DIR itself when it is there, else a name in its
 * parent. Files are made in a temporary directory in the same place. */
#ifndef PROVIDER_PLACE_H
#define PROVIDER_PLACE_H

#include <limits.h>
#include "making.h"

struct keep_place {
	struct keep_fd base;       /* DIR, or its parent */
	const char *name;          /* in base; NULL: base is DIR */
	bool had_git;              /* DIR is a repository already */
	struct keep_slice path;    /* of DIR, for messages */
	char temp[32];             /* in base */
	bool settled;              /* temp is DIR now; base its parent */
	size_t moved;              /* of names, when base is DIR */
	struct keep_names names;   /* what lies in temp */
};
/* Removes what is temporary. */
void keep_place_end(struct keep_place *p);

/* Finds the place of DIR, and makes the temporary directory, which *root
 * opens. EXISTS when an instance, or a file, is there. */
KEEP_MUST int keep_place_open(struct keep_mem *m, struct keep_slice dir,
			      struct keep_place *p, struct keep_fd *root,
			      struct keep_err *e);
/* The same, but what is there must be an empty directory, and is replaced at
 * once, so that who is killed leaves all or nothing. BAD_ARGS for "." */
KEEP_MUST int keep_place_open_empty(struct keep_mem *m, struct keep_slice dir,
				    struct keep_place *p, struct keep_fd *root,
				    struct keep_err *e);
/* Syncs all that is in the temporary directory, and moves it to where it
 * belongs; all of it or nothing. EXISTS when something of these names is
 * there. */
KEEP_MUST int keep_place_settle(struct keep_mem *m, struct keep_place *p,
				struct keep_err *e);
/* Moves back what keep_place_settle moved. What does not go stays where it
 * is, and is told by the hint of *e. */
void keep_place_unsettle(struct keep_place *p, struct keep_err *e);

#endif
