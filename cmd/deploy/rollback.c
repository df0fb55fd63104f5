/* keep rollback: nodes become what they were before. */
#include <keep/text.h>
#include "fleet.h"

enum { ID_MIN = 4 };

#define A struct keep_rollback_args
static const struct keep_field args[] = {
	KEEP_REACH_FILTER(A),
	{KEEP_TEXT(A, to), .meta = "ID", .min = ID_MIN, .max = KEEP_ID_LEN,
	 .help = "the generation, or how its id begins; without it, what was there before"},
	{KEEP_BOOL(A, yes), .help = "ask nobody"},
	{KEEP_BOOL(A, magic), .help = "return unless the node is reached anew"},
	{KEEP_BOOL(A, break_lock), .help = "end a deploy that is at work there"},
	KEEP_REACH_FIELDS(A),
};
#undef A
const struct keep_schema keep_rollback_args_schema =
	KEEP_SCHEMA(struct keep_rollback_args, args);

/* Else it would be another word, or a pattern, for the node. */
static int check_id(struct keep_slice id, struct keep_err *e)
{
	size_t i;

	for (i = 0; i < id.len; i++)
		if (!strchr("0123456789abcdef", id.p[i]))
			return keep_fail(e, KEEP_E_BAD_ARGS, "--to: '%.*s' is "
					 "no id of a generation", KEEP_F(id));
	return 0;
}

static int set_push(struct keep_ctx *c, const struct keep_rollback_args *a,
		    struct keep_reach *r, struct keep_push *p,
		    struct keep_err *e)
{
	size_t i;

	*p = (struct keep_push){
		.c = c, .reach = r, .n = r->n, .rollback = true, .to = a->to,
		.commit = KEEP_S("none"), .magic = a->magic,
		.break_lock = a->break_lock,
		.timeout_s = (a->timeout + 999) / 1000, .at_once = a->jobs,
	};
	p->v = KEEP_NEWS(c->mem, p->n, struct keep_push_node);
	if (!p->v)
		return keep_no_memory(e);
	for (i = 0; i < p->n; i++)
		p->v[i].target = &r->v[i];
	return 0;
}

static int ask(struct keep_ctx *c, const struct keep_rollback_args *a,
	       size_t n, struct keep_err *e)
{
	struct keep_slice what = keep_mem_print(
		c->mem, "take %zu node%s back to %.*s", n, n == 1 ? "" : "s",
		KEEP_F(a->to.p ? a->to : KEEP_S("what was there before")));

	return what.p ? keep_fleet_ask(c, a->yes, "", what.p, e)
		      : keep_no_memory(e);
}

int keep_rollback(struct keep_ctx *c, const struct keep_rollback_args *a,
		  struct keep_deploy_result *r, struct keep_err *e)
{
	struct keep_reach_options options = KEEP_REACH_OPTIONS(a);
	struct keep_contacts contacts;
	struct keep_reach reach = {0};
	struct keep_fleet f = {0};
	int rc = check_id(a->to, e);

	if (!rc)
		rc = keep_contacts(c, a->filter, &contacts, e);

	options.more_ms = keep_fleet_more_ms(options.timeout_ms);
	if (!rc)
		rc = keep_reach_begin(c, &contacts, &options, &reach, e);
	if (!rc)
		rc = set_push(c, a, &reach, &f.push, e);
	if (!rc)
		rc = ask(c, a, reach.n, e);
	if (!rc)
		rc = keep_fleet_begin(&f, "rollback", (struct keep_slice){0},
				      e);
	if (!rc)
		rc = keep_fleet_run(&f, r, e);
	keep_fleet_end(&f);
	keep_reach_end(&reach);
	return rc;
}
