/* Which files are not as the last commit has them. */
#include <stdlib.h>
#include <sys/stat.h>
#include <git2/sys/mempack.h>
#include "git2.h"

enum {
	MEMORY_FIRST = 1000, /* before what is on the disk */
	DIRTY = GIT_STATUS_OPT_INCLUDE_UNTRACKED |
		GIT_STATUS_OPT_RECURSE_UNTRACKED_DIRS,
};

/* Names go into the buffer, without the PREFIX that dir_fd has in the
 * repository. */
struct names {
	struct keep_mem *m;
	struct keep_buf v;
	size_t prefix;
};

static int note(const char *path, unsigned int flags, void *to)
{
	struct names *names = to;
	struct keep_slice name = keep_mem_copy(names->m, keep_slice(
		path + names->prefix));

	(void)flags;
	keep_buf_put(&names->v, &name, sizeof name);
	return name.p && !names->v.failed ? 0 : GIT_EUSER;
}

static int by_bytes(const void *a, const void *b)
{
	return keep_slice_cmp(*(const struct keep_slice *)a,
			      *(const struct keep_slice *)b);
}

/* Whether the index is as HEAD: git notes the id of the tree that it would
 * make. Where it did not, what is made stays in memory. */
static bool is_staged(struct keep_git2 *g)
{
	git_odb_backend *memory = NULL;
	git_odb *objects = NULL;
	git_oid tree;
	bool no = git_repository_odb(&objects, g->repo) ||
		  git_mempack_new(&memory) ||
		  git_odb_add_backend(objects, memory, MEMORY_FIRST) ||
		  git_repository_index(&g->index, g->repo) ||
		  git_index_write_tree(&tree, g->index);

	git_odb_free(objects);
	return !no && g->parent &&
	       git_oid_equal(&tree, git_commit_tree_id(g->parent));
}

/* 0 where there is none: nothing is older. */
static struct timespec index_time(struct keep_git2 *g)
{
	git_buf path = GIT_BUF_INIT;
	struct stat st = {0};

	if (!git_repository_item_path(&path, g->repo,
				      GIT_REPOSITORY_ITEM_INDEX) &&
	    stat(path.ptr, &st))
		st = (struct stat){0};
	git_buf_dispose(&path);
	return st.st_mtim;
}

/* What is beneath DIR ("" is all) and as FLAGS say. */
static int list(struct keep_mem *m, int dir_fd, const char *dir,
		unsigned flags, struct keep_slices *paths, struct keep_err *e)
{
	KEEP_AUTO(keep_git2) g = {0};
	git_status_options how = GIT_STATUS_OPTIONS_INIT;
	struct names names = {.m = m, .v = {.mem = m}};
	char name[PATH_MAX];
	char *one = name;
	struct timespec index_at;
	bool staged;
	int rc = keep_git2_open(&g, dir_fd, 0, e);

	if (!rc)
		rc = keep_git2_name(&g, dir, name, e);
	if (!rc)
		rc = keep_git2_parent(&g, "HEAD", e);
	if (rc)
		return rc;
	index_at = index_time(&g);
	staged = is_staged(&g);
	*paths = (struct keep_slices){0};
	if (staged && flags == DIRTY &&
	    keep_git2_looks_same(&g, dir_fd, name, index_at))
		return 0;
	names.prefix = strlen(name) - strlen(dir);
	how.pathspec = (git_strarray){&one, name[0] ? 1 : 0};
	how.show = staged ? GIT_STATUS_SHOW_WORKDIR_ONLY :
			    GIT_STATUS_SHOW_INDEX_AND_WORKDIR;
	how.flags = flags | GIT_STATUS_OPT_DISABLE_PATHSPEC_MATCH;
	rc = git_status_foreach_ext(g.repo, &how, note, &names);
	if (rc == GIT_EUSER)
		return keep_no_memory(e);
	if (rc)
		return keep_git2_fail(e, rc, *dir ? dir : g.dir);
	*paths = (struct keep_slices){(void *)names.v.p,
				      names.v.len / sizeof *paths->v};
	if (paths->n)
		qsort(names.v.p, paths->n, sizeof *paths->v, by_bytes);
	return 0;
}

int keep_git2_uncommitted(struct keep_mem *m, int dir_fd, const char *dir,
			  struct keep_slices *paths, struct keep_err *e)
{
	return list(m, dir_fd, dir, DIRTY | GIT_STATUS_OPT_INCLUDE_IGNORED |
		    GIT_STATUS_OPT_RECURSE_IGNORED_DIRS, paths, e);
}

int keep_git2_dirty(struct keep_mem *m, int dir_fd, struct keep_slices *paths,
		    struct keep_err *e)
{
	return list(m, dir_fd, "", DIRTY, paths, e);
}
