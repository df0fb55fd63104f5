/* The directories of compiled/ and of the one that takes its place. */
#ifndef PROVIDER_TREE_H
#define PROVIDER_TREE_H

#include "output.h"

/* The last part of a path. */
const char *keep_tree_name(struct keep_slice path);
/* Opens the directory of PATH beneath ROOT; it stays open in *at. */
KEEP_MUST int keep_tree_at(struct keep_output *o, int root,
			   struct keep_slice path, struct keep_at *at,
			   struct keep_err *e);
/* The same in the new tree, where it is made. */
KEEP_MUST int keep_tree_new(struct keep_output *o, struct keep_slice path,
			    struct keep_err *e);
/* Writes a file where the new directory is open. */
KEEP_MUST int keep_tree_write(struct keep_output *o, struct keep_slice path,
			      struct keep_slice text, struct keep_err *e);
/* Gives the file that TEXT was written to one more name, in the new directory
 * that is open; false where it was not, or its file has as many as it may. */
bool keep_tree_again(struct keep_output *o, struct keep_slice path,
		     struct keep_slice text);
/* TEXT, which stays, was written to PATH. */
void keep_tree_wrote(struct keep_output *o, struct keep_slice path,
		     struct keep_slice text);
/* Files below the directories of compiled/ that keep did not make; they live
 * as long as *o. */
KEEP_MUST int keep_tree_strays(struct keep_output *o, struct keep_slices *out,
			       struct keep_err *e);
/* Links what is kept into the new tree. CONFLICT when that would lose what
 * keep did not make. */
KEEP_MUST int keep_tree_link(struct keep_output *o, struct keep_err *e);
/* Makes the new tree durable. */
KEEP_MUST int keep_tree_sync(struct keep_output *o, struct keep_err *e);

#endif
