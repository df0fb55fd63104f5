/* What libgit2 says of a repository: `try git`. */
#include <keep/cli.h>
#include <keep/git2.h>
#include "tryout.h"

#define A struct keep_try_git_args
static const struct keep_field args[] = {
	{KEEP_TEXT(A, commit), .source = KEEP_WORD, .help = "to be compared with HEAD"},
};
#undef A
const struct keep_schema keep_try_git_args_schema =
	KEEP_SCHEMA(struct keep_try_git_args, args);

#define R struct keep_try_git
static const char *const kin[] = {"unknown", "ancestor", "other"};
static const struct keep_names_of kins = {kin, KEEP_COUNT(kin)};
static const struct keep_field result[] = {
	{KEEP_TEXT(R, id), .required = true, .help = "HEAD"},
	{KEEP_TEXT(R, brief), .required = true, .help = "a short form of it"},
	{KEEP_BOOL(R, has_remote), .required = true, .help = "there is a remote"},
	{KEEP_BOOL(R, pushed), .required = true, .help = "which has HEAD"},
	{KEEP_TEXTS(R, dirty), .required = true, .help = "files that differ"},
	{KEEP_ENUM(R, kin, &kins), .required = true, .help = "what the commit is to HEAD"},
};
#undef R
const struct keep_schema keep_try_git_schema =
	KEEP_SCHEMA(struct keep_try_git, result);

int keep_try_git(struct keep_ctx *c, const struct keep_try_git_args *a,
		 struct keep_try_git *r, struct keep_err *e)
{
	const struct keep_git2_api *git = keep_library_symbol(
		c->run_dir, KEEP_S("git2"), "keep_git2_api", e);
	int rc, dir = keep_fd_get(&c->caller_dir);
	enum keep_git2_kin found = KEEP_GIT2_UNKNOWN;
	struct keep_git2_head head;

	if (!git)
		return -e->code;
	rc = git->head(dir, &head, e);
	if (!rc)
		rc = git->dirty(c->mem, dir, &r->dirty, e);
	if (!rc && a->commit.p)
		rc = git->kin(dir, a->commit, keep_slice(head.id), &found, e);
	if (rc)
		return rc;
	if (!r->dirty.v)
		r->dirty.v = KEEP_NEW(c->mem, struct keep_slice);
	r->id = keep_mem_copy(c->mem, keep_slice(head.id));
	r->brief = keep_mem_copy(c->mem, keep_slice(head.brief));
	r->has_remote = head.remote[0];
	r->pushed = head.pushed;
	r->kin = found;
	return r->dirty.v && r->id.p && r->brief.p ? 0 : keep_no_memory(e);
}
