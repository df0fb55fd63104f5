/* Whose the files of an instance are, and when they were written. */
#include <fcntl.h>
#include <unistd.h>
#include "doctor.h"

enum { SKEW_S = 3600 }; /* clocks of two machines may differ so much */

/* Files of which something is true. */
struct matches {
	struct keep_slice first;
	size_t n;
};
typedef bool match_fn(const struct stat *st, uint64_t than);

static bool is_of_other(const struct stat *st, uint64_t uid)
{
	return st->st_uid != uid;
}

static bool is_later(const struct stat *st, uint64_t at_unix_s)
{
	return st->st_mtime > 0 && (uint64_t)st->st_mtime > at_unix_s;
}

static int match_in(const struct keep_doctor *d, const char *dir,
		    match_fn *is, uint64_t than, struct matches *m)
{
	struct keep_names names;
	struct keep_slice path;
	struct stat st;
	size_t i;
	int rc = keep_doctor_list(d, dir, &names, &(struct keep_err){0});

	for (i = 0; !rc && i < names.n; i++) {
		path = keep_doctor_join(d, dir, names.v[i].name);
		if (!path.p)
			return -KEEP_E_NO_MEMORY;
		if (fstatat(d->dir, path.p, &st, AT_SYMLINK_NOFOLLOW) ||
		    !is(&st, than))
			continue;
		if (!m->n++)
			m->first = path;
	}
	return rc;
}

/* Those that verbs or git replace. */
static int match(const struct keep_doctor *d, match_fn *is, uint64_t than,
		 struct matches *m, struct keep_err *e)
{
	static const char *const dirs[] = {
		".", "nodes", "services", "tags", "files", "picks",
		"compiled", ".keep", ".git",
	};
	size_t i;
	int rc = 0;

	*m = (struct matches){{0}, 0};
	for (i = 0; !rc && i < KEEP_COUNT(dirs); i++)
		rc = match_in(d, dirs[i], is, than, m);
	return rc ? keep_no_memory(e) : 0;
}

/* "FIRST", or "FIRST and 3 more". */
static struct keep_slice named(const struct keep_doctor *d,
			       const struct matches *m, const char *what)
{
	if (m->n == 1)
		return keep_mem_print(d->m, "%.*s %s", KEEP_F(m->first),
				      what);
	return keep_mem_print(d->m, "%.*s and %zu more: %s", KEEP_F(m->first),
			      m->n - 1, what);
}

static int owners(const struct keep_doctor *d, struct keep_err *e)
{
	struct keep_slice top = keep_doctor_word(d, "");
	struct matches m;
	struct stat st;
	int rc;

	if (fstat(d->dir, &st) != 0)
		return keep_fail_errno(e, "the instance");
	rc = match(d, is_of_other, st.st_uid, &m, e);
	if (rc || !m.n)
		return rc;
	if (!top.p)
		return keep_no_memory(e);
	return keep_doctor_tell(d, named(d, &m, "not of the owner of the "
				"instance's directory"), e, "%schown -hR "
				"--reference=%.*s %.*s", geteuid() ? "sudo "
				: "", KEEP_F(top), KEEP_F(top));
}

static int dates(const struct keep_doctor *d, struct keep_err *e)
{
	struct keep_slice top = keep_doctor_word(d, "");
	struct keep_doctor hinted = *d;
	struct matches m;
	int rc = match(d, is_later, keep_now_s(d->c) + SKEW_S, &m, e);

	if (rc || !m.n)
		return rc;
	if (!top.p)
		return keep_no_memory(e);
	hinted.hint = KEEP_S("a clock is wrong, or was: `timedatectl` tells "
			     "of this one");
	return keep_doctor_tell(&hinted, named(d, &m, "of a time to come"), e,
				"find %.*s -newermt now -exec touch -h {} +",
				KEEP_F(top));
}

KEEP_CHECK(owners)
KEEP_CHECK(dates)
