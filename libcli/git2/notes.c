/* Reading the commits on references of keep's own, and having git fetch those
 * of others. */
#include "git2.h"

/* The one file of a commit; absent when it has none, or a larger one. */
static int read_file(const struct keep_git2 *g, const git_commit *commit,
		     const struct keep_git2_past *ask, git_blob **out)
{
	const git_tree_entry *entry;
	git_tree *tree = NULL;
	git_odb *odb = NULL;
	git_object_t type = GIT_OBJECT_INVALID;
	size_t len = 0;
	int rc = git_commit_tree(&tree, commit);

	if (!rc)
		rc = git_repository_odb(&odb, g->repo);
	entry = rc ? NULL : git_tree_entry_byname(tree, ask->file);
	if (entry)
		rc = git_odb_read_header(&len, &type, odb,
					 git_tree_entry_id(entry));
	if (!rc && type == GIT_OBJECT_BLOB && len <= ask->max)
		rc = git_blob_lookup(out, g->repo, git_tree_entry_id(entry));
	git_odb_free(odb);
	git_tree_free(tree);
	return rc;
}

static bool is_signed(git_commit *commit)
{
	git_buf text = GIT_BUF_INIT;
	bool is = git_commit_header_field(&text, commit, "gpgsig") == 0;

	git_buf_dispose(&text);
	return is;
}

static int tell(const struct keep_git2 *g, const git_oid *id,
		const struct keep_git2_past *ask, struct keep_err *e)
{
	struct keep_git2_entry entry = {0};
	git_commit *commit = NULL;
	git_blob *blob = NULL;
	int rc = git_commit_lookup(&commit, g->repo, id);

	if (!rc)
		rc = read_file(g, commit, ask, &blob);
	if (rc) {
		git_commit_free(commit);
		return keep_git2_fail(e, rc, "reading history");
	}
	git_oid_tostr(entry.id, sizeof entry.id, id);
	entry.at_unix_s = git_commit_time(commit) > 0 ?
			  (uint64_t)git_commit_time(commit) : 0;
	entry.is_signed = is_signed(commit);
	if (blob)
		entry.content = (struct keep_slice){
			git_blob_rawcontent(blob),
			(size_t)git_blob_rawsize(blob)};
	rc = ask->each(ask->to, &entry, e);
	git_blob_free(blob);
	git_commit_free(commit);
	return rc;
}

int keep_git2_past(int dir_fd, const struct keep_git2_past *ask,
		   struct keep_err *e)
{
	KEEP_AUTO(keep_git2) g = {0};
	git_revwalk *walk = NULL;
	git_oid id;
	int told = 0, rc = keep_git2_open(&g, dir_fd, 0, e);

	if (rc)
		return rc;
	rc = git_revwalk_new(&walk, g.repo);
	if (!rc)
		rc = git_revwalk_sorting(walk, GIT_SORT_TIME |
					 GIT_SORT_TOPOLOGICAL);
	if (!rc)
		rc = git_revwalk_push_glob(walk, KEEP_GIT2_NOTES "*");
	if (!rc)
		rc = git_revwalk_push_glob(walk, KEEP_GIT2_FETCHED "*");
	while (!rc && !told && (rc = git_revwalk_next(&id, walk)) == 0)
		told = tell(&g, &id, ask, e);
	git_revwalk_free(walk);
	if (rc && rc != GIT_ITEROVER)
		return keep_git2_fail(e, rc, "reading history");
	return told < 0 ? told : 0;
}

/* --- what git fetches ------------------------------------------------- */

static int add_fetch(const struct keep_git2 *g, const char *remote)
{
	git_remote *r = NULL;
	git_strarray specs = {0};
	char spec[PATH_MAX];
	bool has = false;
	size_t i;
	int rc = git_remote_lookup(&r, g->repo, remote);

	snprintf(spec, sizeof spec, "+" KEEP_GIT2_NOTES "*:" KEEP_GIT2_FETCHED
		 "%s/*", remote);
	if (!rc)
		rc = git_remote_get_fetch_refspecs(&specs, r);
	for (i = 0; !rc && i < specs.count; i++)
		has |= strcmp(specs.strings[i], spec) == 0;
	if (!rc && !has)
		rc = git_remote_add_fetch(g->repo, remote, spec);
	git_strarray_dispose(&specs);
	git_remote_free(r);
	return rc;
}

int keep_git2_follow(int dir_fd, struct keep_err *e)
{
	KEEP_AUTO(keep_git2) g = {0};
	git_strarray names = {0};
	size_t i;
	int rc = keep_git2_open(&g, dir_fd, 0, e);

	if (rc)
		return rc;
	rc = git_remote_list(&names, g.repo);
	for (i = 0; !rc && i < names.count; i++)
		rc = add_fetch(&g, names.strings[i]);
	git_strarray_dispose(&names);
	return rc ? keep_git2_fail(e, rc, "what git fetches") : 0;
}
