/* Faults at the place of a value, each told once. */
#include <stdarg.h>
#include "merge.h"

static bool told(const struct keep_problems *ps, const struct keep_json *v,
		 struct keep_slice where, struct keep_slice message)
{
	const struct keep_problem *p;

	for (p = ps->first; p; p = p->next)
		if (p->line == v->line && p->column == v->column &&
		    keep_slice_eq(p->where, where) &&
		    keep_slice_eq(p->message, message))
			return true;
	return false;
}

bool keep_problem_at(struct keep_problems *ps, const struct keep_json *v,
		     const char *fmt, ...)
{
	struct keep_slice where = v->source ? v->source->name : KEEP_S("");
	struct keep_slice message;
	va_list ap;

	if (!ps)
		return false;
	va_start(ap, fmt);
	message = keep_mem_vprint(ps->mem, fmt, ap);
	va_end(ap);
	if (told(ps, v, where, message))
		return false;
	keep_problem(ps, where, v->line, v->column, "%.*s", KEEP_F(message));
	return true;
}
