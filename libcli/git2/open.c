/* Opening a repository, ending, and telling of faults. */
#include <unistd.h>
#include "git2.h"

static void version(struct keep_buf *out)
{
	int major, minor, patch;

	git_libgit2_version(&major, &minor, &patch);
	keep_buf_print(out, "libgit2 %d.%d.%d\n", major, minor, patch);
}

const struct keep_git2_api keep_git2_api = {
	.version = version,
	.commit = keep_git2_commit,
	.look = keep_git2_look,
	.begin = keep_git2_begin,
	.end = keep_git2_finish,
	.diff = keep_git2_diff,
	.uncommitted = keep_git2_uncommitted,
	.head = keep_git2_head,
	.dirty = keep_git2_dirty,
	.kin = keep_git2_kin,
	.note = keep_git2_note,
	.past = keep_git2_past,
	.setting = keep_git2_setting,
	.tree = keep_git2_tree,
	.follow = keep_git2_follow,
};

static bool is_owner_fault(int result, const char *why)
{
	/* libgit2 1.5 says NOT_FOUND where nobody configured the key */
	return result == GIT_EOWNER ||
	       (result == GIT_ENOTFOUND && strstr(why, "safe.directory"));
}

int keep_git2_fail(struct keep_err *e, int result, const char *doing)
{
	const git_error *last = git_error_last();
	const char *why = last && last->message ? last->message
						: "it does not say why";
	int code = KEEP_E_IO;

	if (is_owner_fault(result, why)) {
		keep_fail(e, KEEP_E_DENIED, "%s: the repository belongs to "
			  "somebody else", doing);
		return keep_hint(e, "trust it by `git config --global --add "
				 "safe.directory DIR`");
	}
	if (result == GIT_ENOTFOUND)
		code = KEEP_E_NOT_FOUND;
	else if (result == GIT_ELOCKED)
		code = KEEP_E_BUSY;
	return keep_fail(e, code, "%s: git: %s", doing, why);
}

/* Debian's libgit2 begins by reading every certificate that the system trusts,
 * for https, which nobody here asks it for: that takes longer than most of what
 * it is asked. This is in place of mbedTLS's, as for a file without any. */
KEEP_BEGIN
int mbedtls_x509_crt_parse_file(void *chain, const char *path);
KEEP_END

int mbedtls_x509_crt_parse_file(void *chain, const char *path)
{
	(void)chain, (void)path;
	return 0;
}

int keep_git2_begin(struct keep_err *e)
{
	int rc = git_libgit2_init(); /* how often it was begun */

	return rc < 0 ? keep_git2_fail(e, rc, "starting libgit2") : 0;
}

void keep_git2_finish(void)
{
	git_libgit2_shutdown();
}

void keep_git2_end(struct keep_git2 *g)
{
	git_signature_free(g->who);
	git_commit_free(g->parent);
	git_tree_free(g->tree);
	git_index_free(g->index);
	git_repository_free(g->repo);
	if (g->begun)
		git_libgit2_shutdown();
	*g = (struct keep_git2){0};
}

/* libgit2 takes paths only. */
static int find_dir(struct keep_git2 *g, int dir_fd, struct keep_err *e)
{
	char link[32];
	ssize_t len;

	snprintf(link, sizeof link, "/proc/self/fd/%d", dir_fd);
	len = readlink(link, g->dir, sizeof g->dir - 1);
	if (len < 0)
		return keep_fail_errno(e, "%s", link);
	g->dir[len] = '\0';
	return 0;
}

int keep_git2_open(struct keep_git2 *g, int dir_fd, unsigned flags,
		   struct keep_err *e)
{
	int rc = find_dir(g, dir_fd, e);

	if (rc)
		return rc;
	rc = keep_git2_begin(e);
	if (rc)
		return rc;
	g->begun = true;
	rc = git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1);
	if (!rc)
		rc = git_repository_open_ext(&g->repo, g->dir, flags, NULL);
	return rc ? keep_git2_fail(e, rc, "opening the repository") : 0;
}

int keep_git2_parent(struct keep_git2 *g, const char *ref, struct keep_err *e)
{
	git_oid id;
	int rc = git_reference_name_to_id(&id, g->repo, ref);

	if (rc == GIT_ENOTFOUND)
		return 0;
	if (!rc)
		rc = git_commit_lookup(&g->parent, g->repo, &id);
	return rc ? keep_git2_fail(e, rc, "reading the last commit") : 0;
}
