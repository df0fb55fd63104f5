/* The faults that a change would bring. */
#include "new_faults.h"

static bool has(const struct keep_problems *ps, const struct keep_problem *p)
{
	const struct keep_problem *q;

	for (q = ps->first; q; q = q->next)
		if (keep_slice_eq(p->where, q->where) &&
		    keep_slice_eq(p->message, q->message))
			return true;
	return false;
}

int keep_new_faults(struct keep_mem *m, const struct keep_problems *was,
		    const struct keep_problems *now, size_t n,
		    struct keep_err *e)
{
	struct keep_problems *new = KEEP_NEW(m, struct keep_problems);
	const struct keep_problem *p;

	if (!new)
		return keep_no_memory(e);
	new->mem = m;
	for (p = now->first; p && n--; p = p->next) {
		if (has(was, p))
			continue;
		keep_problem(new, p->where, p->line, p->column, "%.*s",
			     KEEP_F(p->message));
		if (p->hint.p)
			keep_problem_hint(new, "%.*s", KEEP_F(p->hint));
	}
	if (now->kept < now->total && !new->total)
		keep_problem(new, KEEP_S("nodes"), 0, 0, "too many faults to "
			     "tell which are new");
	if (!new->total)
		return 0;
	keep_problems_fail(new, e, KEEP_E_BAD_ARGS, "the change");
	return keep_hint(e, "nothing was written");
}
