/* What would be wrong with another platform. */
#include "../new_faults.h"
#include "../output/output.h"
#include "try.h"

/* What is staged is told by the name that it shall have. */
static int rename_in(struct keep_mem *m, struct keep_slice *text,
		     const struct keep_move *move, struct keep_err *e)
{
	struct keep_buf b = {.mem = m};
	struct keep_slice rest = *text;
	const char *at;

	if (!rest.p)
		return 0;
	while ((at = memmem(rest.p, rest.len, move->from.p,
			    move->from.len)) != NULL) {
		keep_buf_put(&b, rest.p, (size_t)(at - rest.p));
		keep_buf_slice(&b, move->to);
		rest.len -= (size_t)(at - rest.p) + move->from.len;
		rest.p = at + move->from.len;
	}
	keep_buf_slice(&b, rest);
	*text = keep_buf_get(&b);
	return keep_buf_check(&b, e);
}

static int rename_all(struct keep_problems *ps, const struct keep_move *move,
		      struct keep_err *e)
{
	struct keep_problem *p;
	int rc = 0;

	for (p = ps->first; p && !rc; p = p->next) {
		rc = rename_in(ps->mem, &p->where, move, e);
		if (!rc)
			rc = rename_in(ps->mem, &p->message, move, e);
		if (!rc)
			rc = rename_in(ps->mem, &p->hint, move, e);
	}
	return rc;
}

int keep_platform_try(struct keep_ctx *c, const struct keep_move *move,
		      struct keep_err *e)
{
	struct keep_problems was = {0}, now = {0};
	int rc = keep_build_try(c, move->from, &now, e);

	if (rc || !now.total)
		return rc;
	rc = keep_build_try(c, (struct keep_slice){0}, &was, e);
	if (!rc)
		rc = rename_all(&now, move, e);
	return rc ? rc : keep_new_faults(c->mem, &was, &now, now.kept, e);
}
