/* An instance, read for a verb. */
#include "kept.h"
#include "open.h"

int keep_provider_need(struct keep_ctx *c, struct keep_err *e)
{
	if (c->instance.plus_one)
		return 0;
	keep_fail(e, KEEP_E_NOT_FOUND, "there is no provider instance here, "
		  "nor in a folder above");
	return keep_hint(e, "`keep init DIR` makes one, `keep -C DIR` goes to "
			 "one");
}

void keep_provider_warn(struct keep_ctx *c, const struct keep_problem *p)
{
	char place[32] = "";

	if (p->line)
		snprintf(place, sizeof place, ":%u:%u", p->line, p->column);
	keep_log(c->log, KEEP_LOG_WARNING, "%.*s%s: %.*s%s%.*s",
		 KEEP_F(p->where), place, KEEP_F(p->message),
		 p->hint.p ? "; " : "", KEEP_F(p->hint));
}

int keep_provider_read(struct keep_ctx *c, struct keep_problems *ps,
		       struct keep_world **w, struct keep_err *e)
{
	struct keep_problems warnings = {.mem = c->mem};
	const struct keep_problem *p;
	int code = keep_provider_need(c, e);

	if (code)
		return code;
	*w = KEEP_NEW(c->mem, struct keep_world);
	if (!*w)
		return keep_no_memory(e);
	ps->mem = c->mem;
	code = keep_provider_kept(c, *w, ps, &warnings, e);
	for (p = warnings.first; p; p = p->next)
		keep_provider_warn(c, p);
	return code;
}

int keep_provider_open(struct keep_ctx *c, struct keep_world **w,
		       struct keep_eval **ev, struct keep_err *e)
{
	struct keep_problems *ps = KEEP_NEW(c->mem, struct keep_problems);
	int code = ps ? keep_provider_read(c, ps, w, e) : keep_no_memory(e);

	if (!code)
		code = keep_provider_host(c, *w, e);
	if (code)
		return code;
	*ev = keep_eval_new(c->mem, *w);
	return *ev ? 0 : keep_no_memory(e);
}
