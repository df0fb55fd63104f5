/* What git thinks of a path. */
#include "git2.h"

/* Both names are real paths. */
int keep_git2_name(const struct keep_git2 *g, const char *path,
		   char out[PATH_MAX], struct keep_err *e)
{
	const char *top = git_repository_workdir(g->repo);
	size_t len = top ? strlen(top) : 0; /* ends in '/' */
	int n;

	if (!top || strncmp(g->dir, top, len - 1) != 0 ||
	    (g->dir[len - 1] && g->dir[len - 1] != '/'))
		return keep_fail(e, KEEP_E_NOT_FOUND, "%s is in no git work "
				 "tree", g->dir);
	n = snprintf(out, PATH_MAX, "%s%s%s",
		     g->dir[len - 1] ? g->dir + len : "",
		     g->dir[len - 1] ? "/" : "", path);
	return n < 0 || n >= PATH_MAX
		? keep_fail(e, KEEP_E_TOO_LARGE, "%s: the path is too long",
			    path) : 0;
}

static int find(struct keep_git2 *g, const char *name,
		struct keep_git2_look *out)
{
	unsigned flags = 0;
	size_t at;
	int ignored = 0, rc = git_repository_index(&g->index, g->repo);

	if (!rc)
		rc = git_ignore_path_is_ignored(&ignored, g->repo, name);
	if (rc)
		return rc;
	out->ignored = ignored;
	if (name[strlen(name) - 1] == '/') {
		out->tracked = !git_index_find_prefix(&at, g->index, name);
		return 0;
	}
	out->tracked = git_index_get_bypath(g->index, name, 0) != NULL;
	if (out->tracked)
		rc = git_status_file(&flags, g->repo, name);
	out->changed = flags != GIT_STATUS_CURRENT;
	return rc;
}

int keep_git2_look(int dir_fd, const char *path, struct keep_git2_look *out,
		   struct keep_err *e)
{
	KEEP_AUTO(keep_git2) g = {0};
	char name[PATH_MAX];
	int rc = keep_git2_open(&g, dir_fd, 0, e);

	*out = (struct keep_git2_look){0};
	if (!rc)
		rc = keep_git2_name(&g, path, name, e);
	if (rc)
		return rc;
	rc = find(&g, name, out);
	return rc ? keep_git2_fail(e, rc, path) : 0;
}
