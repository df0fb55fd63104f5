/* How a file differs, and which files no commit holds. */
#include <stdlib.h>
#include <keep/text.h>
#include "git2.h"

static bool is_text(struct keep_slice s)
{
	return !memchr(s.p ? s.p : "", '\0', s.len) && keep_utf8_ok(s);
}

static int patch_between(struct keep_slice old, struct keep_slice new,
			 const char *path, git_buf *text)
{
	git_diff_options how = GIT_DIFF_OPTIONS_INIT;
	git_patch *patch = NULL;
	int rc;

	how.flags |= is_text(old) && is_text(new) ? GIT_DIFF_FORCE_TEXT
						  : GIT_DIFF_FORCE_BINARY;
	rc = git_patch_from_buffers(&patch, old.p, old.len, path, new.p,
				    new.len, path, &how);
	if (!rc)
		rc = git_patch_to_buf(text, patch);
	git_patch_free(patch);
	return rc;
}

int keep_git2_diff(struct keep_slice old, struct keep_slice new,
		   const char *path, struct keep_buf *out, struct keep_err *e)
{
	git_buf text = GIT_BUF_INIT;
	int rc = keep_git2_begin(e);

	if (rc)
		return rc;
	rc = patch_between(old, new, path, &text);
	if (!rc)
		keep_buf_put(out, text.ptr, text.size);
	rc = rc ? keep_git2_fail(e, rc, path) : keep_buf_check(out, e);
	git_buf_dispose(&text);
	keep_git2_finish();
	return rc;
}

/* --- what is not committed ------------------------------------------------ */

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

int keep_git2_uncommitted(struct keep_mem *m, int dir_fd, const char *dir,
			  struct keep_slices *paths, struct keep_err *e)
{
	KEEP_AUTO(keep_git2) g = {0};
	git_status_options how = GIT_STATUS_OPTIONS_INIT;
	struct names names = {.m = m, .v = {.mem = m}};
	char name[PATH_MAX];
	char *one = name;
	int rc = keep_git2_open(&g, dir_fd, 0, e);

	if (!rc)
		rc = keep_git2_name(&g, dir, name, e);
	if (rc)
		return rc;
	names.prefix = strlen(name) - strlen(dir);
	how.pathspec = (git_strarray){&one, 1};
	how.flags = GIT_STATUS_OPT_INCLUDE_UNTRACKED |
		GIT_STATUS_OPT_RECURSE_UNTRACKED_DIRS |
		GIT_STATUS_OPT_INCLUDE_IGNORED |
		GIT_STATUS_OPT_RECURSE_IGNORED_DIRS |
		GIT_STATUS_OPT_DISABLE_PATHSPEC_MATCH;
	rc = git_status_foreach_ext(g.repo, &how, note, &names);
	if (rc == GIT_EUSER)
		return keep_no_memory(e);
	if (rc)
		return keep_git2_fail(e, rc, dir);
	*paths = (struct keep_slices){(void *)names.v.p,
				      names.v.len / sizeof *paths->v};
	if (paths->n)
		qsort(names.v.p, paths->n, sizeof *paths->v, by_bytes);
	return 0;
}
