/* What git should know of an instance, and what it should not. */
#include <keep/cli.h>
#include "doctor.h"

/* NOT_FOUND: in no repository; DENIED: in one of somebody else. */
static int look_at(const struct keep_doctor *d, const char *path,
		   struct keep_git2_look *out, struct keep_err *e)
{
	const struct keep_git2_api *git = keep_library_symbol(
		d->c->run_dir, KEEP_S("git2"), "keep_git2_api", e);

	*out = (struct keep_git2_look){0};
	if (git)
		return git->look(d->dir, path, out, e);
	e->code = KEEP_E_INTERNAL; /* it is not the repository that lacks */
	return -e->code;
}

int keep_doctor_git(const struct keep_doctor *d, const char *path,
		    struct keep_git2_look *out, bool *is_git,
		    struct keep_err *e)
{
	int rc = look_at(d, path, out, &(struct keep_err){0});

	*is_git = !rc;
	return rc == -KEEP_E_NO_MEMORY ? keep_no_memory(e) : 0;
}

static int repository(const struct keep_doctor *d, struct keep_err *e)
{
	struct keep_slice top = keep_doctor_word(d, "");
	struct keep_git2_look look;
	struct keep_err why = {0};
	int rc = look_at(d, "Keepfile", &look, &why);

	if (!top.p)
		return keep_no_memory(e);
	if (rc == -KEEP_E_DENIED)
		return keep_doctor_tell(d, KEEP_S("git does not trust the "
					"repository: it is somebody else's"),
					e, "git config --global --add "
					"safe.directory %.*s", KEEP_F(top));
	if (rc == -KEEP_E_NOT_FOUND)
		return keep_doctor_tell(d, KEEP_S("the instance is in no git "
					"repository"), e, "git init -q %.*s",
					KEEP_F(top));
	if (!rc)
		return 0;
	*e = why;
	if (rc == -KEEP_E_IO)
		keep_hint(e, "git reads its configuration below HOME: it must "
			  "be a directory that you may enter");
	return rc;
}

static int tracked(const struct keep_doctor *d, const char *path,
		   struct keep_err *e)
{
	struct keep_slice top = keep_doctor_word(d, "");
	struct keep_git2_look look;
	bool is_git;
	int rc = keep_doctor_git(d, path, &look, &is_git, e);

	if (rc || !look.tracked)
		return rc;
	if (!top.p)
		return keep_no_memory(e);
	return keep_doctor_tell(d, keep_mem_print(d->m, "git has %s, which "
				"should stay here", path), e,
				"git -C %.*s rm -rq --cached %s", KEEP_F(top),
				path);
}

/* LINE: how .gitignore names what PATH is one of. */
static int ignored(const struct keep_doctor *d, const char *path,
		   const char *line, struct keep_err *e)
{
	struct keep_slice file = keep_doctor_word(d, ".gitignore");
	struct keep_git2_look look;
	bool is_git;
	int rc = keep_doctor_git(d, path, &look, &is_git, e);

	if (rc || !is_git || look.ignored)
		return rc;
	if (!file.p)
		return keep_no_memory(e);
	return keep_doctor_tell(d, keep_mem_print(d->m, "git does not ignore "
				"%s", line), e, "printf '\\n%s\\n' >> %.*s",
				line, KEEP_F(file));
}

/* A repository in DIR: git takes its commit, and none of its files. */
static int nested_in(const struct keep_doctor *d, const char *dir,
		     struct keep_err *e)
{
	struct keep_slice top = keep_doctor_word(d, "");
	struct keep_slice own = keep_doctor_join(d, dir, KEEP_S(".git"));
	struct keep_git2_look look;
	bool is_git;
	int rc = keep_doctor_git(d, "Keepfile", &look, &is_git, e);

	if (!top.p || !own.p)
		return keep_no_memory(e);
	if (rc || !is_git || !keep_doctor_has(d, own.p))
		return rc;
	return keep_doctor_tell(d, keep_mem_print(d->m, "%s/ is a repository "
				"of its own, whose files the instance's has "
				"not", dir), e, "cd %.*s && mkdir -p .keep && "
				"mv -n %.*s .keep/%s.git; git rm -rfq --cached "
				"--ignore-unmatch %s && git add %s",
				KEEP_F(top), KEEP_F(own), dir, dir, dir);
}

static int nested(const struct keep_doctor *d, struct keep_err *e)
{
	int rc = nested_in(d, "platform", e);

	return rc ? rc : nested_in(d, "files", e);
}

/* What others need to compile the same, and to review it. */
static int kept(const struct keep_doctor *d, struct keep_err *e)
{
	static const char *const dirs[] = {
		"nodes/", "services/", "tags/", "files/", "platform/",
		"picks/", "compiled/",
	};
	struct keep_slice file = keep_doctor_word(d, ".gitignore");
	struct keep_git2_look look;
	bool is_git;
	size_t i;
	int rc = file.p ? 0 : keep_no_memory(e);

	for (i = 0; !rc && i < KEEP_COUNT(dirs); i++) {
		rc = keep_doctor_git(d, dirs[i], &look, &is_git, e);
		if (!rc && look.ignored)
			rc = keep_doctor_tell(d, keep_mem_print(d->m, "git "
					      "ignores %s, which others need",
					      dirs[i]), e, "printf '\\n!/%s"
					      "\\n' >> %.*s", dirs[i],
					      KEEP_F(file));
	}
	return rc;
}

static int secrets_tracked(const struct keep_doctor *d, struct keep_err *e)
{
	return tracked(d, "secrets.dev.json", e);
}

static int secrets_ignored(const struct keep_doctor *d, struct keep_err *e)
{
	return ignored(d, "secrets.dev.json", "/secrets.dev.json", e);
}

static int cache_tracked(const struct keep_doctor *d, struct keep_err *e)
{
	return tracked(d, ".keep/", e);
}

static int cache_ignored(const struct keep_doctor *d, struct keep_err *e)
{
	return ignored(d, ".keep/", "/.keep/", e);
}

static int leftovers_ignored(const struct keep_doctor *d, struct keep_err *e)
{
	return ignored(d, "nodes/.keep-0123456789abcdef.tmp", ".keep-*.tmp", e);
}

KEEP_CHECK(repository)
KEEP_CHECK(nested)
KEEP_CHECK(kept)
KEEP_CHECK(secrets_tracked)
KEEP_CHECK(secrets_ignored)
KEEP_CHECK(cache_tracked)
KEEP_CHECK(cache_ignored)
KEEP_CHECK(leftovers_ignored)
