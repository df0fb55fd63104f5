/* Arguments: what a function takes is known while it is parsed. */
#include <keep/text.h>
#include "fn.h"
#include "parse.h"

static bool is_reserved(struct keep_slice name)
{
	int64_t root;

	return keep_root_find(name, &root) || keep_slice_is(name, "true") ||
	       keep_slice_is(name, "false") || keep_slice_is(name, "null") ||
	       keep_slice_is(name, "in");
}

static struct keep_ast *count_fault(struct keep_parser *p,
				    const struct keep_ast *call)
{
	return keep_parse_fail(p, call->at, "%s(%s) was called with %u "
			       "argument%s",
			       call->fn->doc.name, call->fn->doc.args, call->n,
			       call->n == 1 ? "" : "s");
}

static struct keep_ast *arg(struct keep_parser *p, const struct keep_ast *call)
{
	struct keep_slice label = {0};
	size_t at = p->lex.at;
	char takes = keep_fn_takes(call->fn, call->n);
	struct keep_ast *x;

	keep_parse_label(p, &label);
	if (label.p && is_reserved(label))
		return keep_parse_fail(p, at, "`%.*s` has a meaning of its own "
				       "and cannot be bound", KEEP_F(label));
	if (takes && (takes == 'x') != (label.p != NULL))
		return keep_parse_fail(p, at, takes == 'x' ?
				       "%s(%s) takes `x: expression` here" :
				       "%s(%s) takes no named argument here",
				       call->fn->doc.name, call->fn->doc.args);
	x = keep_parse_expr(p);
	if (x)
		x->label = label;
	return x;
}

struct keep_ast *keep_parse_args(struct keep_parser *p, struct keep_ast *call)
{
	struct keep_ast *kid;

	keep_lex_next(&p->lex);
	while (p->lex.kind != KEEP_L_CLOSE || call->n) {
		kid = arg(p, call);
		if (!kid)
			return NULL;
		keep_ast_add(call, kid);
		if (!keep_parse_take(p, KEEP_L_COMMA))
			break;
	}
	if (!keep_parse_take(p, KEEP_L_CLOSE))
		return keep_parse_unexpected(p, "`,` or `)`");
	if (call->n > KEEP_FN_ARGS || call->n < keep_fn_least(call->fn) ||
	    (call->n && !keep_fn_takes(call->fn, call->n - 1)))
		return count_fault(p, call);
	return call;
}

void *keep_fn_unknown(struct keep_parser *p, const struct keep_ast *call)
{
	bool method = call->kind == KEEP_AST_METHOD;
	struct keep_guess g = {.wanted = call->text};
	const struct keep_fn *fn;
	size_t i;

	keep_parse_fail(p, call->at, "unknown %s `%.*s`",
			method ? "method" : "function", KEEP_F(call->text));
	for (i = 0; (fn = keep_fn_at(i)); i++)
		if ((fn->on != NULL) == method)
			keep_guess_offer(&g, keep_fn_name(fn));
	if (keep_fn_find(call->text, !method))
		keep_hint(&p->fault->err, method ? "it is a function: %.*s(..)"
			  : "it is a method: x.%.*s(..)", KEEP_F(call->text));
	else if (g.best.p)
		keep_hint(&p->fault->err, "did you mean `%.*s`?",
			  KEEP_F(g.best));
	else
		keep_hint(&p->fault->err, "keep help expressions lists all");
	return NULL;
}
