/* Commits on references of keep's own, which are no branches. */
#include "git2.h"

enum { PARENTS = 8 };

/* A commit while it is made. */
struct note {
	struct keep_git2 g;
	const struct keep_git2_note *what;
	git_oid was;                  /* where the reference leads, if */
	const git_commit *parents[PARENTS];
	size_t n_parents;
	git_buf bytes;
	struct keep_buf signature;
};

static void end(struct note *n)
{
	size_t i;

	for (i = n->g.parent ? 1 : 0; i < n->n_parents; i++)
		git_commit_free((git_commit *)(uintptr_t)n->parents[i]);
	git_buf_dispose(&n->bytes);
	keep_buf_end(&n->signature);
	keep_git2_end(&n->g);
}

/* The tree of the one file. */
static int make_tree(struct note *n)
{
	git_treebuilder *tree = NULL;
	git_oid id;
	int rc = git_blob_create_from_buffer(&id, n->g.repo,
					     n->what->content.p,
					     n->what->content.len);

	if (!rc)
		rc = git_treebuilder_new(&tree, n->g.repo, NULL);
	if (!rc)
		rc = git_treebuilder_insert(NULL, tree, n->what->file, &id,
					    GIT_FILEMODE_BLOB);
	if (!rc)
		rc = git_treebuilder_write(&id, tree);
	if (!rc)
		rc = git_tree_lookup(&n->g.tree, n->g.repo, &id);
	git_treebuilder_free(tree);
	return rc;
}

/* Whether a parent that is there descends from ID, or is it. */
static int holds(const struct note *n, const git_oid *id)
{
	size_t i;
	int rc = 0;

	for (i = 0; i < n->n_parents && !rc; i++) {
		const git_oid *has = git_commit_id(n->parents[i]);

		rc = git_oid_equal(has, id) ? 1 :
		     git_graph_descendant_of(n->g.repo, has, id);
	}
	return rc;
}

/* What a remote has of the same name, which came by a fetch, is joined. */
static int join_one(struct note *n, git_reference *ref)
{
	git_object *tip = NULL;
	int rc = git_reference_peel(&tip, ref, GIT_OBJECT_COMMIT);

	if (rc)
		return 0; /* none of ours */
	rc = holds(n, git_object_id(tip));
	if (rc || n->n_parents == PARENTS)
		git_object_free(tip);
	else
		n->parents[n->n_parents++] = (const git_commit *)tip;
	return rc < 0 ? rc : 0;
}

static int join(struct note *n)
{
	const char *name = n->what->ref + strlen(KEEP_GIT2_NOTES);
	git_reference_iterator *all = NULL;
	git_reference *ref;
	int rc = git_reference_iterator_glob_new(&all, n->g.repo,
						 KEEP_GIT2_FETCHED "*");

	while (!rc && (rc = git_reference_next(&ref, all)) == 0) {
		const char *at = strrchr(git_reference_name(ref), '/');

		if (strcmp(at + 1, name) == 0)
			rc = join_one(n, ref);
		git_reference_free(ref);
	}
	git_reference_iterator_free(all);
	return rc == GIT_ITEROVER ? 0 : rc;
}

static int prepare(struct note *n, struct keep_err *e)
{
	int rc = keep_git2_author(&n->g, n->what->at_unix_s, e);

	if (!rc)
		rc = keep_git2_parent(&n->g, n->what->ref, e);
	if (rc)
		return rc;
	if (n->g.parent) {
		git_oid_cpy(&n->was, git_commit_id(n->g.parent));
		n->parents[n->n_parents++] = n->g.parent;
	}
	rc = join(n);
	if (!rc)
		rc = make_tree(n);
	if (!rc)
		rc = git_commit_create_buffer(&n->bytes, n->g.repo, n->g.who,
					      n->g.who, NULL, n->what->message,
					      n->g.tree, n->n_parents,
					      n->parents);
	return rc ? keep_git2_fail(e, rc, n->what->ref) : 0;
}

/* git wants no newline behind the signature's last line. */
static int sign(struct note *n, struct keep_err *e)
{
	struct keep_slice bytes = {n->bytes.ptr, n->bytes.size};
	struct keep_buf *s = &n->signature;
	int rc = n->what->sign ? n->what->sign(n->what->to, bytes, s, e) : 0;

	while (s->len && s->p[s->len - 1] == '\n')
		s->len--;
	if (s->len)
		keep_buf_byte(s, '\0');
	return rc ? rc : keep_buf_check(s, e);
}

static int write_commit(struct note *n, git_oid *id)
{
	git_odb *odb = NULL;
	int rc;

	if (n->signature.len)
		return git_commit_create_with_signature(id, n->g.repo,
							n->bytes.ptr,
							n->signature.p, NULL);
	rc = git_repository_odb(&odb, n->g.repo);
	if (!rc)
		rc = git_odb_write(id, odb, n->bytes.ptr, n->bytes.size,
				   GIT_OBJECT_COMMIT);
	git_odb_free(odb);
	return rc;
}

/* The reference leads to the commit, unless it leads elsewhere by now. */
static int point(const struct note *n, const git_oid *id)
{
	git_reference *ref = NULL;
	int rc = n->g.parent ?
		 git_reference_create_matching(&ref, n->g.repo, n->what->ref,
					       id, 1, &n->was, "keep") :
		 git_reference_create(&ref, n->g.repo, n->what->ref, id, 0,
				      "keep");

	git_reference_free(ref);
	return rc;
}

static int put(struct note *n, char id[65], struct keep_err *e)
{
	git_oid oid;
	int rc = write_commit(n, &oid);

	if (!rc)
		rc = point(n, &oid);
	if (rc == GIT_EMODIFIED || rc == GIT_EEXISTS)
		return keep_fail(e, KEEP_E_CONFLICT, "%s: somebody else wrote "
				 "to it", n->what->ref);
	if (rc)
		return keep_git2_fail(e, rc, n->what->ref);
	git_oid_tostr(id, GIT_OID_HEXSZ + 1, &oid);
	return 0;
}

int keep_git2_note(int dir_fd, const struct keep_git2_note *what, char id[65],
		   struct keep_err *e)
{
	struct note n = {.what = what};
	int rc;

	if (strncmp(what->ref, KEEP_GIT2_NOTES, strlen(KEEP_GIT2_NOTES)) != 0 ||
	    strchr(what->ref + strlen(KEEP_GIT2_NOTES), '/'))
		return keep_fail(e, KEEP_E_BAD_ARGS, "%s is no name of ours",
				 what->ref);
	rc = keep_git2_open(&n.g, dir_fd, 0, e);
	if (!rc)
		rc = prepare(&n, e);
	if (!rc)
		rc = sign(&n, e);
	if (!rc)
		rc = put(&n, id, e);
	end(&n);
	return rc;
}
