/* What git thinks of a path, and what its configuration says. */
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

int keep_git2_setting(struct keep_mem *m, int dir_fd, const char *name,
		      struct keep_slice *out, struct keep_err *e)
{
	KEEP_AUTO(keep_git2) g = {0};
	git_buf text = GIT_BUF_INIT;
	git_config *config = NULL;
	int rc = keep_git2_open(&g, dir_fd, 0, e);

	*out = (struct keep_slice){0};
	if (rc)
		return rc;
	rc = git_repository_config_snapshot(&config, g.repo);
	if (!rc)
		rc = git_config_get_path(&text, config, name);
	if (!rc) {
		*out = keep_mem_copy(m, (struct keep_slice){text.ptr,
							    text.size});
		rc = out->p ? 0 : keep_no_memory(e);
	} else {
		rc = rc == GIT_ENOTFOUND ? 0 : keep_git2_fail(e, rc, name);
	}
	git_buf_dispose(&text);
	git_config_free(config);
	return rc;
}
