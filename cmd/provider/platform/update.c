/* keep platform update: a newer platform in place of the one that is there. */
#include <fcntl.h>
#include <keep/cli.h>
#include <keep/text.h>
#include "../instance/instance.h"
#include "../lock.h"
#include "../open.h"
#include "try.h"
#include "update.h"

static const struct keep_field args[] = {
	{KEEP_PATH(struct keep_platform_update_args, from), .meta = "DIR",
	 .help = "the platform to take; else the one that came with keep"},
	{KEEP_BOOL(struct keep_platform_update_args, check),
	 .help = "write nothing, exit 1 when something would change"},
	{KEEP_BOOL(struct keep_platform_update_args, force),
	 .help = "also when edits are lost, or the instance gets faults"},
};
const struct keep_schema keep_platform_update_args_schema =
	KEEP_SCHEMA(struct keep_platform_update_args, args);

static const struct keep_field results[] = {
	{KEEP_TEXTS(struct keep_platform_update_result, added), .required = true,
	 .help = "files that the platform had not"},
	{KEEP_TEXTS(struct keep_platform_update_result, changed), .required = true,
	 .help = "files that are others now"},
	{KEEP_TEXTS(struct keep_platform_update_result, removed), .required = true,
	 .help = "files that the new platform has not"},
	{KEEP_TEXT(struct keep_platform_update_result, diff), .required = true,
	 .help = "what changed in them, as git shows it"},
	{KEEP_BOOL(struct keep_platform_update_result, cut), .required = true,
	 .help = "the diff lacks files, since it would be too long"},
};
const struct keep_schema keep_platform_update_result_schema =
	KEEP_SCHEMA(struct keep_platform_update_result, results);
const uint16_t keep_platform_update_errors[] = {
	KEEP_E_DIFFERS, KEEP_E_NOT_FOUND, KEEP_E_TOO_LARGE, KEEP_E_CONFLICT,
	KEEP_E_BUSY, KEEP_E_DENIED, 0,
};

/* One that is not there is put there; one that is no platform is not ours. */
static int open_old(struct keep_update *u, struct keep_err *e)
{
	int dir = keep_fd_get(&u->c->instance);
	struct stat st;
	int rc;

	if (fstatat(dir, u->path.p, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return 0;
	if (!S_ISDIR(st.st_mode))
		return keep_fail(e, KEEP_E_CONFLICT, "%s is no directory",
				 u->path.p);
	rc = keep_making_find(dir, u->path.p, &u->old, e);
	return rc ? keep_hint(e, "move %s away; an update puts a platform "
			      "there", u->path.p) : 0;
}

static int open_new(struct keep_update *u, struct keep_slice from,
		    struct keep_err *e)
{
	from = from.p ? keep_mem_copy(u->c->mem, from) :
			keep_mem_print(u->c->mem, "%.*s/platform",
				       KEEP_F(u->c->run_dir));
	return from.p ? keep_making_find(AT_FDCWD, from.p, &u->new, e) :
			keep_no_memory(e);
}

static int compare(struct keep_update *u,
		   const struct keep_platform_update_args *a,
		   struct keep_err *e)
{
	int dir = keep_fd_get(&u->c->instance);
	int rc = keep_keepfile_platform(u->c->mem, dir, &u->path, e);

	if (!rc)
		rc = open_old(u, e);
	if (!rc)
		rc = open_new(u, a->from, e);
	if (rc)
		return rc;
	u->git = keep_library_symbol(u->c->run_dir, KEEP_S("git2"),
				     "keep_git2_api", e);
	if (!u->git)
		return -e->code;
	rc = keep_update_compare(u, e);
	if (rc || !u->was.had_git)
		return rc;
	keep_fail(e, KEEP_E_CONFLICT, "%s holds a git repository of its own",
		  u->path.p);
	return keep_hint(e, "update it by git; or move its .git away");
}

static bool differs(const struct keep_platform_update_result *r)
{
	return r->added.n || r->changed.n || r->removed.n;
}

/* Without a platform nothing could be evaluated until now. */
static int try(const struct keep_update *u, struct keep_err *e)
{
	struct keep_move move = {keep_slice(keep_update_staged), u->path};
	int rc = u->old.plus_one ? keep_platform_try(u->c, &move, e) : 0;

	return rc == -KEEP_E_BAD_ARGS ?
	       keep_hint(e, "nothing was written; with --force it is") : rc;
}

static int replace(struct keep_update *u, bool force, struct keep_err *e)
{
	int rc = force ? 0 : keep_update_lost(u, e);

	if (!rc)
		rc = keep_update_stage(u, e);
	if (!rc && !force)
		rc = try(u, e);
	if (!rc)
		rc = keep_cancelled(u->c, e);
	return rc ? rc : keep_update_settle(u, e);
}

static int update(struct keep_update *u,
		  const struct keep_platform_update_args *a,
		  struct keep_err *e)
{
	int rc = compare(u, a, e);

	if (rc || !differs(u->r))
		return rc;
	return a->check ? KEEP_E_DIFFERS : replace(u, a->force, e);
}

int keep_platform_update(struct keep_ctx *c,
			 const struct keep_platform_update_args *a,
			 struct keep_platform_update_result *r,
			 struct keep_err *e)
{
	struct keep_update u = {.c = c, .r = r, .locked = !a->check};
	int rc = a->check ? keep_provider_need(c, e) :
			    keep_provider_lock(c, "platform update", e);

	if (rc)
		return rc;
	rc = update(&u, a, e);
	keep_update_end(&u);
	if (u.locked)
		keep_provider_unlock(c);
	return rc;
}

/* --- as text ------------------------------------------------------------- */

/* A tab of the diff stays one; else nothing moves a terminal. */
static void put_line(struct keep_mem *m, struct keep_slice line,
		     struct keep_buf *out)
{
	const char *tab;

	while ((tab = memchr(line.p, '\t', line.len)) != NULL) {
		struct keep_slice head = {line.p, (size_t)(tab - line.p)};

		keep_buf_slice(out, keep_text_safe(m, head, SIZE_MAX - 8));
		keep_buf_byte(out, '\t');
		line.len -= head.len + 1;
		line.p = tab + 1;
	}
	keep_buf_slice(out, keep_text_safe(m, line, SIZE_MAX - 8));
	keep_buf_byte(out, '\n');
}

static void put_diff(struct keep_mem *m, struct keep_slice diff,
		     struct keep_buf *out)
{
	const char *end;

	while ((end = memchr(diff.p, '\n', diff.len)) != NULL) {
		struct keep_slice line = {diff.p, (size_t)(end - diff.p)};

		put_line(m, line, out);
		diff.len -= line.len + 1;
		diff.p = end + 1;
	}
}

static void put_names(const char *title, struct keep_slices v,
		      struct keep_buf *out)
{
	size_t i;

	for (i = 0; i < v.n; i++)
		keep_buf_print(out, "%s %.*s\n", title, KEEP_F(v.v[i]));
}

void keep_platform_update_text(const struct keep_view *v, struct keep_buf *out)
{
	const struct keep_platform_update_result *r = v->result;

	put_diff(v->mem, r->diff, out);
	if (r->cut)
		keep_buf_text(out, "(the diff is cut here)\n");
	put_names("added", r->added, out);
	put_names("changed", r->changed, out);
	put_names("removed", r->removed, out);
	if (!differs(r))
		keep_buf_text(out, "the platform is up to date\n");
}
