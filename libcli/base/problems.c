/* Lists of faults: every fault of an input is told at once. */
#include <stdio.h>
#include <keep/mem.h>
#include <keep/text.h>

static struct keep_slice print(struct keep_mem *m, const char *fmt, va_list ap)
	KEEP_PRINTF(2, 0);

static struct keep_slice print(struct keep_mem *m, const char *fmt, va_list ap)
{
	struct keep_slice raw = keep_mem_vprint(m, fmt, ap);

	if (!raw.p)
		return KEEP_S("out of memory");
	return keep_text_safe(m, raw, 1024);
}

void keep_problem(struct keep_problems *ps, struct keep_slice where,
		  uint32_t line, uint32_t column, const char *fmt, ...)
{
	struct keep_problem *p;
	va_list ap;

	ps->total++;
	if (ps->kept == KEEP_PROBLEMS_MAX)
		return;
	p = KEEP_NEW(ps->mem, struct keep_problem);
	if (!p)
		return;
	p->where = keep_text_safe(ps->mem, where, 512);
	p->line = line;
	p->column = column;
	va_start(ap, fmt);
	p->message = print(ps->mem, fmt, ap);
	va_end(ap);
	if (ps->last)
		ps->last->next = p;
	else
		ps->first = p;
	ps->last = p;
	ps->kept++;
}

void keep_problem_hint(struct keep_problems *ps, const char *fmt, ...)
{
	va_list ap;

	if (!ps->last || ps->kept < ps->total)
		return;
	va_start(ap, fmt);
	ps->last->hint = print(ps->mem, fmt, ap);
	va_end(ap);
}

int keep_problems_fail(const struct keep_problems *ps, struct keep_err *e,
		       int code, const char *fmt, ...)
{
	char what[256];
	va_list ap;

	if (ps->total == 0)
		return 0;
	va_start(ap, fmt);
	vsnprintf(what, sizeof what, fmt, ap);
	va_end(ap);
	keep_fail(e, code, "%s: %zu problem%s", what, ps->total,
		  ps->total == 1 ? "" : "s");
	if (ps->kept < ps->total)
		keep_hint(e, "the first %zu are told", ps->kept);
	if (e)
		e->problems = ps;
	return -code;
}
