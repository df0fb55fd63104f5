/* expr NODE EXPR, and the table of what an expression may call. */
#include "../expr/expr.h"
#include "../open.h"
#include "node.h"
#include "schemas.h"

static const struct keep_field args_fields[] = {
	{KEEP_TEXT(struct keep_expr_args, node), .source = KEEP_WORD,
	 .required = true, .max = 63, .complete = keep_complete_node,
	 .help = "the node"},
	{KEEP_TEXT(struct keep_expr_args, expr), .source = KEEP_WORD,
	 .required = true, .max = KEEP_EXPR_SOURCE,
	 .help = "the expression; see `keep help expressions`"},
};
const struct keep_schema keep_expr_args_schema =
	KEEP_SCHEMA(struct keep_expr_args, args_fields);

static const struct keep_field help_fields[] = {
	{KEEP_TEXT(struct keep_expr_help_result, text), .required = true,
	 .help = "what expressions may call"},
};
const struct keep_schema keep_expr_help_result_schema =
	KEEP_SCHEMA(struct keep_expr_help_result, help_fields);

/* As it stands in a file, it may begin with "= ". */
static struct keep_slice bare(struct keep_slice s)
{
	if (keep_slice_starts(s, "= "))
		return (struct keep_slice){s.p + 2, s.len - 2};
	return s;
}

int keep_expr(struct keep_ctx *c, const struct keep_expr_args *a,
	      struct keep_slice *r, struct keep_err *e)
{
	struct keep_problems *ps = KEEP_NEW(c->mem, struct keep_problems);
	struct keep_buf out = {.mem = c->mem};
	const struct keep_node *n = NULL;
	struct keep_world *w;
	struct keep_eval *ev;
	struct keep_json v;
	int code = ps ? keep_provider_open(c, &w, &ev, e) : keep_no_memory(e);

	if (!code)
		code = keep_node_get(c, w, a->node, &n, e);
	if (code)
		return code;
	ps->mem = c->mem;
	code = keep_eval_text(ev, n, bare(a->expr), ps, &v);
	if (code == -KEEP_E_NO_MEMORY)
		return keep_no_memory(e);
	if (code || ps->total)
		return keep_problems_fail(ps, e, KEEP_E_BAD_ARGS,
					  "the expression");
	keep_json_to_cbor(&v, &out);
	*r = keep_buf_get(&out);
	return keep_buf_check(&out, e);
}

int keep_help_expressions(struct keep_ctx *c, const void *a,
			  struct keep_expr_help_result *r, struct keep_err *e)
{
	struct keep_buf out = {.mem = c->mem};

	(void)a;
	keep_expr_help(&out);
	r->text = keep_buf_get(&out);
	return keep_buf_check(&out, e);
}

void keep_expr_help_text(const struct keep_view *v, struct keep_buf *out)
{
	const struct keep_expr_help_result *r = v->result;

	keep_buf_slice(out, r->text);
}
