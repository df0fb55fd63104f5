/* Whether the instance compiles, and compiled/ is what it says. */
#include <fcntl.h>
#include <keep/compile.h>
#include "../output/tree.h"
#include "doctor.h"

/* Whether a check tells anything that a compile would refuse, too. */
static int note(void *to, const struct keep_finding *f)
{
	bool *told = to;

	*told = f->fault.p != NULL;
	return 0;
}

/* Its faults would be told twice, with all that follows of them. */
static bool is_told(const struct keep_doctor *d)
{
	static int (*const rows[])(struct keep_ctx *, keep_found_fn *, void *,
				   struct keep_err *) = {
		keep_doctor_keepfile_row, keep_doctor_platform_row,
		keep_doctor_json_row, keep_doctor_links_row,
		keep_doctor_node_names_row, keep_doctor_addresses_row,
		keep_doctor_secrets_json_row, keep_doctor_secrets_mode_row,
	};
	bool told = false;
	size_t i;

	for (i = 0; !told && i < KEEP_COUNT(rows); i++)
		keep_ignore(rows[i](d->c, note, &told,
				    &(struct keep_err){0}),
			    "the check itself tells");
	return told;
}

static int tell_first(const struct keep_doctor *d,
		      const struct keep_problems *ps, struct keep_err *e)
{
	const struct keep_problem *p = ps->first;
	struct keep_slice path = keep_mem_print(d->m, "%.*s",
						KEEP_F(p->where)), fault;
	struct keep_doctor hinted = *d;
	char at[32] = "";

	if (!path.p)
		return keep_no_memory(e);
	hinted.hint = p->hint;
	if (p->line)
		snprintf(at, sizeof at, ":%u:%u", p->line, p->column);
	fault = keep_mem_print(d->m, "the instance does not compile, it has "
			       "%zu fault%s; the first: %.*s%s: %.*s",
			       ps->total, ps->total == 1 ? "" : "s",
			       KEEP_F(p->where), at, KEEP_F(p->message));
	return path.len && keep_doctor_has(d, path.p)
		? keep_doctor_edit(&hinted, path.p, p->line, fault, e)
		: keep_doctor_warn(&hinted, fault, e);
}

static int compiles(const struct keep_doctor *d, struct keep_err *e)
{
	struct keep_ctx quiet = *d->c;
	struct keep_doctor hinted = *d;
	struct keep_build b = {0};
	struct keep_err why = {0};
	int rc;

	if (is_told(d))
		return 0;
	quiet.progress = NULL;
	quiet.log = NULL; /* warnings are a compile's to tell */
	rc = keep_build(&quiet, KEEP_MAKE, &b, &why);
	if (!rc)
		return 0;
	if (rc == -KEEP_E_NO_MEMORY)
		return keep_no_memory(e);
	rc = keep_cancelled(d->c, e);
	if (rc)
		return rc;
	if (why.problems && why.problems->first)
		return tell_first(d, why.problems, e);
	if (why.hint[0])
		hinted.hint = keep_mem_copy(d->m, keep_slice(why.hint));
	return keep_doctor_warn(&hinted, keep_mem_print(d->m, "the instance "
				"does not compile: %s", why.message), e);
}

static int compiled(const struct keep_doctor *d, struct keep_err *e)
{
	const struct keep_compile_args args = {.check = true};
	struct keep_slice top = keep_doctor_word(d, "");
	struct keep_compile_result r = {0};
	struct keep_ctx quiet = *d->c;
	struct keep_err why = {0};
	struct stat st;
	int rc;

	if (fstatat(d->dir, "compiled", &st, AT_SYMLINK_NOFOLLOW) != 0)
		return 0; /* nobody compiles here */
	quiet.progress = NULL;
	rc = keep_compile(&quiet, &args, &r, &why);
	if (rc == -KEEP_E_NO_MEMORY || !top.p)
		return keep_no_memory(e);
	/* an instance that does not compile is the matter of its author */
	if (rc != KEEP_E_DIFFERS)
		return 0;
	if (!keep_doctor_has(d, "compiled/.made"))
		return keep_doctor_tell(d, KEEP_S("compiled/.made is missing"),
					e, "keep -C %.*s compile",
					KEEP_F(top));
	return keep_doctor_tell(d, keep_mem_print(d->m, "compiled/ is older "
				"than the instance; nodes that differ: %zu",
				r.nodes.n), e, "keep -C %.*s compile",
				KEEP_F(top));
}

/* A compile refuses to lose them. */
static int strays(const struct keep_doctor *d, struct keep_err *e)
{
	KEEP_AUTO(keep_output) o = {0};
	struct keep_slices found = {0};
	struct keep_slice path;
	struct keep_err why = {0};
	size_t i;
	int rc;

	/* without its list a compile takes over what it would write */
	if (!keep_doctor_has(d, "compiled/.made"))
		return 0;
	rc = keep_output_begin(d->c, true, &o, &why);
	if (!rc)
		rc = keep_tree_strays(&o, &found, &why);
	if (rc) /* what is no tree of directories is the matter of compile */
		return rc == -KEEP_E_NO_MEMORY ? keep_no_memory(e) : 0;
	for (i = 0; !rc && i < found.n; i++) {
		path = keep_mem_print(d->m, "compiled/%.*s",
				      KEEP_F(found.v[i]));
		rc = path.p ? keep_doctor_stow(d, path.p, keep_mem_print(d->m,
			      "%.*s was not made by compile", KEEP_F(path)), e)
			    : keep_no_memory(e);
	}
	return rc;
}

KEEP_CHECK(compiles)
KEEP_CHECK(strays)
KEEP_CHECK(compiled)
