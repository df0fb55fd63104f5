/* What the last commit has, by ids. */
#include "git2.h"

static int list(git_repository *repo, const git_oid *id, struct keep_mem *m,
		struct keep_git2_tree *out)
{
	const git_tree_entry *from;
	struct keep_git2_tree_row *v;
	git_tree *tree = NULL;
	size_t i, n;
	int rc = git_tree_lookup(&tree, repo, id);

	if (rc)
		return rc;
	n = git_tree_entrycount(tree);
	v = KEEP_NEWS(m, n, struct keep_git2_tree_row);
	for (i = 0; v && i < n; i++) {
		from = git_tree_entry_byindex(tree, i);
		v[i].mode = git_tree_entry_filemode(from);
		v[i].name = keep_mem_copy(m, keep_slice(
			git_tree_entry_name(from)));
		memcpy(v[i].id, git_tree_entry_id(from)->id, sizeof v[i].id);
		if (!v[i].name.p)
			v = NULL;
	}
	git_tree_free(tree);
	*out = (struct keep_git2_tree){v, v ? n : 0};
	return v ? 0 : GIT_EUSER;
}

static int find(struct keep_git2 *g, const char *name, struct keep_mem *m,
		struct keep_git2_tree *out)
{
	git_tree_entry *entry = NULL;
	int rc = g->parent ? git_commit_tree(&g->tree, g->parent)
			   : GIT_ENOTFOUND;

	if (!rc)
		rc = git_tree_entry_bypath(&entry, g->tree, name);
	if (!rc && git_tree_entry_type(entry) == GIT_OBJECT_TREE)
		rc = list(g->repo, git_tree_entry_id(entry), m, out);
	git_tree_entry_free(entry);
	return rc == GIT_ENOTFOUND ? 0 : rc;
}

int keep_git2_tree(struct keep_mem *m, int dir_fd, const char *dir,
		   struct keep_git2_tree *out, struct keep_err *e)
{
	KEEP_AUTO(keep_git2) g = {0};
	char name[PATH_MAX];
	int rc = keep_git2_open(&g, dir_fd, 0, e);

	*out = (struct keep_git2_tree){0};
	if (!rc)
		rc = keep_git2_name(&g, dir, name, e);
	if (!rc)
		rc = keep_git2_parent(&g, "HEAD", e);
	if (rc)
		return rc;
	rc = find(&g, name, m, out);
	if (rc == GIT_EUSER)
		return keep_no_memory(e);
	return rc ? keep_git2_fail(e, rc, dir) : 0;
}
