/* One commit of given files. */
#include <unistd.h>
#include "git2.h"

static int open_or_make(struct keep_git2 *g, int dir_fd, struct keep_err *e)
{
	struct keep_err why = {0};
	int rc = keep_git2_open(g, dir_fd, GIT_REPOSITORY_OPEN_NO_SEARCH,
				&why);

	if (rc == -KEEP_E_NOT_FOUND && g->begun) {
		rc = git_repository_init(&g->repo, g->dir, 0);
		return rc ? keep_git2_fail(e, rc, "making the repository") : 0;
	}
	if (rc && e)
		*e = why;
	return rc;
}

/* Whether the index holds what the last commit has not. */
static bool is_staged(const struct keep_git2 *g, int *rc)
{
	git_tree *last = NULL;
	git_diff *diff = NULL;
	bool staged;

	if (g->parent)
		*rc = git_commit_tree(&last, g->parent);
	if (!*rc)
		*rc = git_diff_tree_to_index(&diff, g->repo, last, g->index,
					     NULL);
	staged = diff && git_diff_num_deltas(diff) > 0;
	git_diff_free(diff);
	git_tree_free(last);
	return staged;
}

/* The index as it was, which is what the last commit holds: the files are not
 * committed after all. */
static void unfill(struct keep_git2 *g)
{
	git_tree *last = NULL;
	int rc = g->parent ? git_commit_tree(&last, g->parent) : 0;

	if (!rc)
		rc = last ? git_index_read_tree(g->index, last)
			  : git_index_clear(g->index);
	if (!rc)
		keep_ignore(git_index_write(g->index),
			    "the failure before is told");
	git_tree_free(last);
}

static int fill_tree(struct keep_git2 *g, struct keep_slices paths,
		     struct keep_err *e)
{
	git_oid id;
	size_t i;
	int rc = git_repository_index(&g->index, g->repo);

	if (!rc && is_staged(g, &rc))
		return keep_fail(e, KEEP_E_CONFLICT, "the repository has "
				 "staged changes; commit or unstage them");
	for (i = 0; !rc && i < paths.n; i++)
		rc = git_index_add_bypath(g->index, paths.v[i].p);
	if (!rc)
		rc = git_index_write_tree(&id, g->index);
	if (!rc)
		rc = git_tree_lookup(&g->tree, g->repo, &id);
	if (!rc)
		rc = git_index_write(g->index);
	return rc ? keep_git2_fail(e, rc, "adding the files") : 0;
}

int keep_git2_author(struct keep_git2 *g, uint64_t at_unix_s,
		     struct keep_err *e)
{
	char email[80] = "keep@";
	git_signature *who = NULL;
	int rc;

	if (gethostname(email + 5, sizeof email - 6) != 0 || !email[5])
		snprintf(email + 5, sizeof email - 5, "localhost");
	if (git_signature_default(&who, g->repo) == 0)
		rc = git_signature_new(&g->who, who->name, who->email,
				       (git_time_t)at_unix_s, 0);
	else
		rc = git_signature_new(&g->who, "keep", email,
				       (git_time_t)at_unix_s, 0);
	git_signature_free(who);
	return rc ? keep_git2_fail(e, rc, "naming the author") : 0;
}

int keep_git2_commit(int dir_fd, const struct keep_git2_commit *what,
		     char id[65], struct keep_err *e)
{
	KEEP_AUTO(keep_git2) g = {0};
	git_oid oid;
	int rc = open_or_make(&g, dir_fd, e);

	if (!rc)
		rc = keep_git2_author(&g, what->at_unix_s, e);
	if (!rc)
		rc = keep_git2_parent(&g, "HEAD", e);
	if (!rc)
		rc = fill_tree(&g, what->paths, e);
	if (rc)
		return rc;
	rc = git_commit_create_v(&oid, g.repo, "HEAD", g.who, g.who, NULL,
				 what->message, g.tree, g.parent ? 1 : 0,
				 g.parent);
	if (rc) {
		rc = keep_git2_fail(e, rc, "committing");
		unfill(&g);
		return rc;
	}
	git_oid_tostr(id, GIT_OID_HEXSZ + 1, &oid);
	return 0;
}
