/* What may be deployed: what a commit holds, and others can get. */
#include <keep/cli.h>
#include "history.h"

enum { SHOWN = 10 }; /* files that are named */
static const char git_key[] = "git2";

static void end_git(void *value)
{
	const struct keep_git2_api *git = value;

	git->end();
}

const struct keep_git2_api *keep_past_git(struct keep_ctx *c,
					  struct keep_err *e)
{
	const struct keep_git2_api *git = keep_library_symbol(
		c->run_dir, KEEP_S("git2"), "keep_git2_api", e);

	if (!git || !c->session || keep_session_get(c->session, git_key))
		return git;
	if (git->begin(e))
		return NULL;
	if (!keep_session_put(c->session, git_key, (void *)(uintptr_t)git,
			      end_git, e))
		return git;
	git->end();
	return NULL;
}

static void tell_dirty(struct keep_problems *ps, struct keep_slices paths)
{
	size_t i, n = 0, ours = 0;

	for (i = 0; i < paths.n; i++) {
		if (keep_slice_starts(paths.v[i], ".keep/"))
			continue;
		ours += keep_slice_starts(paths.v[i], "compiled/");
		if (n++ < SHOWN)
			keep_problem(ps, paths.v[i], 0, 0, "no commit has it "
				     "as it is");
	}
	if (n > SHOWN)
		keep_problem(ps, (struct keep_slice){0}, 0, 0, "%zu more "
			     "files are as no commit has them", n - SHOWN);
	if (n)
		keep_problem_hint(ps, "%s; or deploy what lies here by "
				  "--dirty", n == ours ?
				  "keep compile, and commit what it leaves" :
				  "commit them, or let git ignore them");
}

static void tell_head(struct keep_problems *ps,
		      const struct keep_git2_head *head, bool dirty)
{
	if (!head->id[0] && !dirty) {
		keep_problem(ps, KEEP_S("HEAD"), 0, 0, "nothing was committed "
			     "yet");
	} else if (head->id[0] && head->remote[0] && !head->pushed) {
		keep_problem(ps, KEEP_S("HEAD"), 0, 0, "no branch of a remote "
			     "has %s yet", head->brief);
		keep_problem_hint(ps, "git push; or deploy it by --unpushed");
	}
}

/* Faults that ALLOW lets pass are not told, but *out knows them. */
static int look(struct keep_ctx *c, const struct keep_git2_api *git,
		struct keep_past_allow allow, struct keep_problems *ps,
		struct keep_past_head *out, struct keep_err *e)
{
	struct keep_problems dirty = {.mem = c->mem};
	int dir = keep_fd_get(&c->instance);
	struct keep_git2_head head = {0};
	struct keep_slices paths = {0};
	int rc = git->head(dir, &head, e);

	if (!rc)
		rc = git->dirty(c->mem, dir, &paths, e);
	if (rc)
		return rc;
	tell_dirty(allow.dirty ? &dirty : ps, paths);
	out->dirty = dirty.total || ps->total;
	head.pushed |= allow.unpushed;
	tell_head(ps, &head, allow.dirty);
	snprintf(out->id, sizeof out->id, "%s", head.id);
	snprintf(out->brief, sizeof out->brief, "%s", head.brief);
	return 0;
}

int keep_past_guard(struct keep_ctx *c, struct keep_past_allow allow,
		    struct keep_past_head *head, struct keep_err *e)
{
	struct keep_problems *ps = KEEP_NEW(c->mem, struct keep_problems);
	const struct keep_git2_api *git = keep_past_git(c, e);
	int rc;

	*head = (struct keep_past_head){0};
	if (!git)
		return -e->code;
	if (!ps)
		return keep_no_memory(e);
	ps->mem = c->mem;
	rc = look(c, git, allow, ps, head, e);
	if (rc == -KEEP_E_NOT_FOUND && allow.dirty) {
		*head = (struct keep_past_head){.dirty = true};
		return 0;
	}
	if (rc == -KEEP_E_NOT_FOUND)
		return keep_hint(e, "the provider should be in git: git init "
				 "&& git add . && git commit; or deploy it by "
				 "--dirty");
	return rc ? rc : keep_problems_fail(ps, e, KEEP_E_CONFLICT,
					    "not deployed");
}

static bool is_id(struct keep_slice s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (!strchr("0123456789abcdef", s.p[i]) || !s.p[i])
			return false;
	return s.len >= 4 && s.len <= 40;
}

int keep_past_behind(struct keep_ctx *c, struct keep_slice commit,
		     bool *behind, struct keep_err *e)
{
	static const char mark[] = "-dirty";
	const struct keep_git2_api *git = keep_past_git(c, e);
	int dir = keep_fd_get(&c->instance);
	enum keep_git2_kin kin = KEEP_GIT2_ANCESTOR;
	size_t len = sizeof mark - 1;
	struct keep_git2_head head = {0};
	int rc;

	*behind = false;
	if (commit.len > len &&
	    keep_bytes_equal(commit.p + commit.len - len, mark, len))
		commit.len -= len;
	if (!is_id(commit))
		return 0;
	rc = git ? git->head(dir, &head, e) : -e->code;
	if (!rc && head.id[0])
		rc = git->kin(dir, commit, keep_slice(head.id), &kin, e);
	*behind = !rc && kin != KEEP_GIT2_ANCESTOR;
	return rc;
}
