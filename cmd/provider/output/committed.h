/* compiled/ as the last commit has it, where the work tree is known to be
 * clean: what git would call a node's files is compared with what it does, so
 * that none of them is read. */
#ifndef PROVIDER_COMMITTED_H
#define PROVIDER_COMMITTED_H

#include <keep/git2.h>
#include <keep/ptrmap.h>
#include "files.h"

struct keep_committed {
	const struct keep_git2_api *git; /* NULL: nothing is known */
	const struct keep_openssl_api *ssl;
	struct keep_mem *mem;
	struct keep_git2_tree top;       /* compiled/ */
	struct keep_ptrmap ids;          /* of contents, which nodes share */
};
/* Without git, or a repository, nothing is known. End it. */
KEEP_MUST int keep_committed_begin(struct keep_ctx *c,
				   struct keep_committed *k,
				   struct keep_err *e);
/* Whether the commit has the text of compiled/NODE.json, and of the node's
 * files those contents and no others. False also where that is not known. */
bool keep_committed_has(struct keep_committed *k, const struct keep_node *n,
			struct keep_slice config,
			const struct keep_files *files);
void keep_committed_end(struct keep_committed *k);

#endif
