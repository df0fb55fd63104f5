/* Where HEAD stands among the commits that are known here. */
#include "git2.h"

/* Of the repository's short ids, the one that names it alone. */
static int shorten(const struct keep_git2 *g, char brief[65])
{
	git_buf text = GIT_BUF_INIT;
	git_object *commit = NULL;
	int rc = git_object_lookup(&commit, g->repo,
				   git_commit_id(g->parent), GIT_OBJECT_COMMIT);

	if (!rc)
		rc = git_object_short_id(&text, commit);
	if (!rc)
		snprintf(brief, 65, "%s", text.ptr);
	git_buf_dispose(&text);
	git_object_free(commit);
	return rc;
}

/* The remote that HEAD's branch follows; else origin; else the first. */
static int find_remote(const struct keep_git2 *g, char out[256])
{
	git_buf follows = GIT_BUF_INIT;
	git_reference *head = NULL;
	git_strarray names = {0};
	const char *name, *branch = NULL;
	size_t i;
	int rc = git_remote_list(&names, g->repo);

	name = !rc && names.count ? names.strings[0] : "";
	for (i = 0; i < names.count; i++)
		if (strcmp(names.strings[i], "origin") == 0)
			name = names.strings[i];
	if (*name && git_reference_lookup(&head, g->repo, "HEAD") == 0)
		branch = git_reference_symbolic_target(head);
	if (branch &&
	    git_branch_upstream_remote(&follows, g->repo, branch) == 0 &&
	    strcmp(follows.ptr, ".") != 0)
		name = follows.ptr;
	snprintf(out, 256, "%s", name);
	git_reference_free(head);
	git_buf_dispose(&follows);
	git_strarray_dispose(&names);
	return rc;
}

/* Sets *held when the reference holds HEAD; one that points nowhere holds
 * nothing. */
static int ask_holder(const struct keep_git2 *g, git_reference *ref, bool *held)
{
	const git_oid *head = git_commit_id(g->parent);
	git_object *tip = NULL;
	int rc = git_reference_peel(&tip, ref, GIT_OBJECT_COMMIT);

	if (rc)
		return rc == GIT_ENOTFOUND || rc == GIT_EINVALIDSPEC ||
		       rc == GIT_EPEEL ? 0 : rc;
	*held = git_oid_equal(git_object_id(tip), head);
	if (!*held)
		rc = git_graph_descendant_of(g->repo, git_object_id(tip),
					     head);
	if (rc > 0)
		*held = true;
	git_object_free(tip);
	return rc < 0 ? rc : 0;
}

static int find_holder(const struct keep_git2 *g, bool *held)
{
	git_reference_iterator *all = NULL;
	git_reference *ref;
	int rc = git_reference_iterator_glob_new(&all, g->repo,
						 "refs/remotes/*");

	while (!rc && !*held && (rc = git_reference_next(&ref, all)) == 0) {
		rc = ask_holder(g, ref, held);
		git_reference_free(ref);
	}
	git_reference_iterator_free(all);
	return rc == GIT_ITEROVER ? 0 : rc;
}

int keep_git2_head(int dir_fd, struct keep_git2_head *out, struct keep_err *e)
{
	KEEP_AUTO(keep_git2) g = {0};
	int rc = keep_git2_open(&g, dir_fd, 0, e);

	*out = (struct keep_git2_head){0};
	if (!rc)
		rc = keep_git2_parent(&g, "HEAD", e);
	if (rc)
		return rc;
	rc = find_remote(&g, out->remote);
	if (!rc && g.parent) {
		git_oid_tostr(out->id, sizeof out->id, git_commit_id(g.parent));
		rc = shorten(&g, out->brief);
	}
	if (!rc && g.parent && out->remote[0])
		rc = find_holder(&g, &out->pushed);
	return rc ? keep_git2_fail(e, rc, "reading HEAD") : 0;
}

/* The commit of an id of 4 to 40 digits; *known: it is here, and the only one
 * that begins so. */
static int find_commit(const struct keep_git2 *g, struct keep_slice id,
		       git_oid *out, bool *known)
{
	git_object *commit = NULL;
	int rc = git_oid_fromstrn(out, id.p ? id.p : "", id.len);

	if (!rc)
		rc = git_object_lookup_prefix(&commit, g->repo, out, id.len,
					      GIT_OBJECT_COMMIT);
	if (!rc)
		git_oid_cpy(out, git_object_id(commit));
	git_object_free(commit);
	*known = !rc;
	return rc == GIT_ENOTFOUND || rc == GIT_EAMBIGUOUS ? 0 : rc;
}

static int compare(const struct keep_git2 *g, const git_oid *a,
		   const git_oid *of, enum keep_git2_kin *out)
{
	int rc = git_oid_equal(a, of) ? 1
		: git_graph_descendant_of(g->repo, of, a);

	if (rc == GIT_ENOTFOUND) /* a shallow clone does not know */
		return 0;
	*out = rc > 0 ? KEEP_GIT2_ANCESTOR : KEEP_GIT2_OTHER;
	return rc < 0 ? rc : 0;
}

static bool is_id(struct keep_slice s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (!strchr("0123456789abcdef", s.p[i]) || !s.p[i])
			return false;
	return s.len >= GIT_OID_MINPREFIXLEN && s.len <= GIT_OID_HEXSZ;
}

int keep_git2_kin(int dir_fd, struct keep_slice commit, struct keep_slice of,
		  enum keep_git2_kin *out, struct keep_err *e)
{
	KEEP_AUTO(keep_git2) g = {0};
	bool known[2] = {false, false};
	git_oid a, b;
	int rc;

	*out = KEEP_GIT2_UNKNOWN;
	if (!is_id(commit) || !is_id(of))
		return keep_fail(e, KEEP_E_BAD_ARGS, "'%.*s' and '%.*s': one "
				 "is no id of a commit", KEEP_F(commit),
				 KEEP_F(of));
	rc = keep_git2_open(&g, dir_fd, 0, e);
	if (rc)
		return rc;
	rc = find_commit(&g, commit, &a, &known[0]);
	if (!rc)
		rc = find_commit(&g, of, &b, &known[1]);
	if (!rc && known[0] && known[1])
		rc = compare(&g, &a, &b, out);
	return rc ? keep_git2_fail(e, rc, "looking for a commit") : 0;
}
