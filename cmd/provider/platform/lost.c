/* What an update would lose: edits that no commit holds. */
#include <stdlib.h>
#include "update.h"

static struct keep_slices gone(const struct keep_update *u)
{
	return (struct keep_slices){(void *)u->gone.p,
				    u->gone.len / sizeof(struct keep_slice)};
}

/* Outside of a repository it is everything that goes. */
static int uncommitted(const struct keep_update *u, struct keep_slices *paths,
		       struct keep_err *e)
{
	struct keep_slice dir = keep_mem_print(u->c->mem, "%.*s/",
					       KEEP_F(u->path));
	struct keep_err why = {0};
	int rc;

	if (!dir.p)
		return keep_no_memory(e);
	rc = u->git->uncommitted(u->c->mem, keep_fd_get(&u->c->instance),
				 dir.p, paths, &why);
	if (rc == -KEEP_E_NOT_FOUND) {
		*paths = gone(u);
		return 0;
	}
	if (rc)
		*e = why;
	return rc;
}

int keep_update_lost(const struct keep_update *u, struct keep_err *e)
{
	struct keep_problems *ps = KEEP_NEW(u->c->mem, struct keep_problems);
	struct keep_slices all = gone(u), edits;
	size_t i;
	int rc;

	if (!all.n)
		return 0;
	rc = ps ? uncommitted(u, &edits, e) : keep_no_memory(e);
	if (rc)
		return rc;
	ps->mem = u->c->mem;
	for (i = 0; i < all.n && edits.n; i++)
		if (bsearch(&all.v[i], edits.v, edits.n, sizeof *edits.v,
			    keep_update_by_bytes))
			keep_problem(ps, all.v[i], 0, 0,
				     "no commit holds it as it is");
	rc = keep_problems_fail(ps, e, KEEP_E_CONFLICT,
				"what the update would lose");
	return rc ? keep_hint(e, "commit it, or give it up by --force; nothing "
			      "was written") : 0;
}
