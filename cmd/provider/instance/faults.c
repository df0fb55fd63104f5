/* Faults at the place of a value, each told once. */
#include <stdarg.h>
#include "merge.h"

static bool told(const struct keep_problems *ps,
		 const struct keep_problem *new)
{
	const struct keep_problem *p;

	if (ps->kept == KEEP_PROBLEMS_MAX)
		return false;
	for (p = ps->first; p; p = p->next)
		if (p->line == new->line && p->column == new->column &&
		    keep_slice_eq(p->where, new->where) &&
		    keep_slice_eq(p->message, new->message))
			return true;
	return false;
}

static bool tell(struct keep_problems *ps, struct keep_problem *new,
		 const char *fmt, va_list ap)
{
	if (!ps)
		return false;
	new->message = keep_mem_vprint(ps->mem, fmt, ap);
	if (told(ps, new))
		return false;
	keep_problem(ps, new->where, new->line, new->column, "%.*s",
		     KEEP_F(new->message));
	return true;
}

bool keep_problem_at(struct keep_problems *ps, const struct keep_json *v,
		     const char *fmt, ...)
{
	struct keep_problem p = {
		.where = v->source ? v->source->name : KEEP_S(""),
		.line = v->line, .column = v->column,
	};
	va_list ap;
	bool new;

	va_start(ap, fmt);
	new = tell(ps, &p, fmt, ap);
	va_end(ap);
	return new;
}

bool keep_problem_in(struct keep_problems *ps, const char *path,
		     const char *fmt, ...)
{
	struct keep_problem p = {.where = keep_slice(path)};
	va_list ap;
	bool new;

	va_start(ap, fmt);
	new = tell(ps, &p, fmt, ap);
	va_end(ap);
	return new;
}

bool keep_problem_why(struct keep_problems *ps, const char *path,
		      const struct keep_err *why)
{
	struct keep_slice m = keep_slice(why->message);
	size_t n = strlen(path);

	if (keep_slice_starts(m, path)) {
		n += strspn(m.p + n, ": ");
		m = (struct keep_slice){m.p + n, m.len - n};
	}
	return keep_problem_in(ps, path, "%.*s", KEEP_F(m));
}

struct keep_json keep_key(const struct keep_json_member *m)
{
	struct keep_json key = keep_json_of(m->key);

	key.source = m->value.source;
	key.line = m->line;
	key.column = m->column;
	return key;
}
