/* keep platform fetch: a platform that lies in a git repository. */
#include <fcntl.h>
#include <unistd.h>
#include <keep/cli.h>
#include "../instance/instance.h"
#include "../lock.h"
#include "update.h"

enum { OUTPUT_MAX = 1 << 20 };

#define R struct keep_platform_fetch_result
static const struct keep_field results[] = {
	{KEEP_TEXT(R, commit), .required = true, .help = "the commit"},
	{KEEP_TEXT(R, path), .required = true, .help = "where it lies"},
	{KEEP_BOOL(R, fetched), .required = true, .help = "it was not there yet"},
};
#undef R
const struct keep_schema keep_platform_fetch_result_schema =
	KEEP_SCHEMA(struct keep_platform_fetch_result, results);
const uint16_t keep_platform_fetch_errors[] = {
	KEEP_E_NOT_FOUND, KEEP_E_TOO_LARGE, KEEP_E_CONFLICT, KEEP_E_BUSY,
	KEEP_E_DENIED, KEEP_E_IO, 0,
};

/* Beneath .keep/; the next one removes what a killed one leaves. */
static const char staged[] = ".keep/platform.git";
static const char tree[] = ".keep/platform.git/tree";

/* Whatever the tree's own .gitattributes say: bytes as they were committed, and
 * no program of the user's configuration. */
static const char attributes[] = "* -filter -text -eol -ident "
	"-working-tree-encoding -export-subst\n";

struct fetch {
	struct keep_ctx *c;
	struct keep_keepfile_git from;
	const char *git_dir, *work_tree, *top; /* options, directory of git */
};

/* --- git ------------------------------------------------------------------ */

static int git(const struct fetch *f, const char *const *words,
	       struct keep_err *e)
{
	const char *argv[16] = {"git", "-C", f->top, f->git_dir};
	const struct keep_program p = {argv, {0}, OUTPUT_MAX};
	struct keep_slice output;
	size_t n = 4;

	while (*words && n < KEEP_COUNT(argv) - 1)
		argv[n++] = *words++;
	return keep_program_run(f->c, &p, &output, e);
}

static int make(const struct fetch *f, struct keep_err *e)
{
	static const char *const init[] = {
		"init", "--quiet", "--bare", "--template=", NULL,
	};
	struct keep_making info = {.m = f->c->mem};
	int rc = git(f, init, e);

	if (!rc)
		rc = keep_open(keep_fd_get(&f->c->instance), staged,
			       O_RDONLY | O_DIRECTORY, 0, KEEP_NO_LINKS,
			       &info.root, e);
	if (!rc)
		rc = keep_making_put(&info, "info/attributes",
				     keep_slice(attributes), 0666, e);
	if (!rc)
		rc = keep_dir_make(keep_fd_get(&f->c->instance), tree, 0777,
				   e);
	keep_fd_end(&info.root);
	return rc;
}

static bool has_commit(const struct fetch *f)
{
	const char *name = keep_mem_print(f->c->mem, "%s^{commit}",
					  f->from.commit.p).p;
	const char *const ask[] = {"cat-file", "-e", name, NULL};
	struct keep_err none = {0};

	return name && !git(f, ask, &none);
}

/* Servers that give no single commit give their branches and tags. */
static int get(const struct fetch *f, struct keep_err *e)
{
#define FETCH "-c", "fetch.fsckObjects=true", "fetch", "--quiet", "--no-tags"
	const char *const one[] = {
		FETCH, "--depth=1", "--", f->from.url.p, f->from.commit.p, NULL,
	};
	const char *const all[] = {
		FETCH, "--", f->from.url.p, "+refs/heads/*:refs/heads/*",
		"+refs/tags/*:refs/tags/*", NULL,
	};
	struct keep_err why = {0};
	int rc = git(f, one, &why);

	if (rc == -KEEP_E_IO)
		rc = git(f, all, e);
	else if (rc)
		*e = why;
	if (rc)
		return keep_err_at(e, "fetching %s", f->from.url.p);
	if (has_commit(f))
		return 0;
	keep_fail(e, KEEP_E_NOT_FOUND, "%s has no commit %s", f->from.url.p,
		  f->from.commit.p);
	return keep_hint(e, "\"commit\" of the Keepfile is the whole id of one "
			 "that a branch or a tag holds");
}

static int check_out(const struct fetch *f, struct keep_err *e)
{
	const char *const words[] = {
		f->work_tree, "-c", "core.autocrlf=false", "checkout",
		"--quiet", "--force", f->from.commit.p, "--", ".", NULL,
	};

	return git(f, words, e);
}

/* --- to its place --------------------------------------------------------- */

static int settle(const struct fetch *f, struct keep_err *e)
{
	struct keep_update u = {
		.c = f->c, .path = f->from.path, .locked = true,
		.now = {.m = f->c->mem},
	};
	int rc = keep_making_find(keep_fd_get(&f->c->instance), tree, &u.new,
				  e);

	if (!rc)
		rc = keep_making_copy(&u.now, keep_fd_get(&u.new), "", e);
	if (!rc)
		rc = keep_update_stage(&u, e);
	if (!rc)
		rc = keep_update_settle(&u, e);
	keep_update_end(&u);
	return rc ? keep_err_at(e, "commit %s", f->from.commit.p) : 0;
}

static int name(struct fetch *f, struct keep_err *e)
{
	struct keep_mem *m = f->c->mem;

	f->top = keep_mem_copy(m, f->c->instance_path).p;
	f->git_dir = keep_mem_print(m, "--git-dir=%.*s/%s",
				    KEEP_F(f->c->instance_path), staged).p;
	f->work_tree = keep_mem_print(m, "--work-tree=%.*s/%s",
				      KEEP_F(f->c->instance_path), tree).p;
	return f->top && f->git_dir && f->work_tree ? 0 : keep_no_memory(e);
}

static int fetch(struct fetch *f, struct keep_err *e)
{
	int dir = keep_fd_get(&f->c->instance);
	int rc = keep_dir_remove(dir, staged, e);

	if (!rc)
		rc = name(f, e);
	if (!rc)
		rc = make(f, e);
	if (!rc)
		rc = get(f, e);
	if (!rc)
		rc = check_out(f, e);
	if (!rc)
		rc = settle(f, e);
	keep_ignore(keep_dir_remove(dir, staged, NULL),
		    "the next fetch removes it");
	return rc;
}

static int look(struct fetch *f, struct keep_platform_fetch_result *r,
		struct keep_err *e)
{
	int dir = keep_fd_get(&f->c->instance);
	int rc = keep_keepfile_git(f->c->mem, dir, &f->from, e);

	if (rc)
		return rc;
	r->commit = f->from.commit;
	r->path = f->from.path;
	r->fetched = faccessat(dir, f->from.path.p, F_OK, 0) != 0;
	return r->fetched ? fetch(f, e) : 0;
}

int keep_platform_fetch(struct keep_ctx *c, const void *none,
			struct keep_platform_fetch_result *r,
			struct keep_err *e)
{
	struct fetch f = {.c = c};
	int rc = keep_provider_lock(c, "platform fetch", e);

	(void)none;
	if (rc)
		return rc;
	rc = look(&f, r, e);
	keep_provider_unlock(c);
	return rc;
}
