/* Syntax nodes but chains, rows of operators and calls. */
#include "fn.h"

static int literal_text(struct keep_eval *ev, const struct keep_ast *x,
			struct keep_value *out)
{
	(void)ev;
	*out = keep_v_text(x->text);
	return 0;
}

static int literal(struct keep_eval *ev, const struct keep_ast *x,
		   struct keep_value *out)
{
	(void)ev;
	if (x->kind == KEEP_AST_INT)
		*out = keep_v_int(x->number);
	else if (x->kind == KEEP_AST_BOOL)
		*out = keep_v_bool(x->number);
	else
		*out = keep_v_null();
	return 0;
}

int keep_ev_hole(struct keep_eval *ev, const struct keep_ast *x,
		 struct keep_joint *j)
{
	struct keep_value v;
	int rc = keep_ev_expr(ev, x, &v);

	if (rc)
		return rc;
	if (strchr("tib", keep_v_letter(&v))) {
		keep_joint_add(j, &v);
		return 0;
	}
	rc = keep_ev_fault(ev, x, "${..} takes a text, integer or bool; this "
			   "is %s", keep_v_name(&v));
	if (v.kind == KEEP_V_NULL)
		keep_problem_hint(ev->ps, "give it another value: ${x ?? ''}");
	return rc;
}

static int join(struct keep_eval *ev, const struct keep_ast *x,
		struct keep_value *out)
{
	KEEP_AUTO(keep_joint) j = {0};
	const struct keep_ast *kid;
	int rc;

	for (kid = x->kid; kid; kid = kid->next) {
		rc = keep_ev_hole(ev, kid, &j);
		if (rc)
			return rc;
	}
	return keep_joint_value(ev, x, &j, out);
}

static int list(struct keep_eval *ev, const struct keep_ast *x,
		struct keep_value *out)
{
	int rc = 0;
	struct keep_value *v = keep_ev_alloc(ev, x->n, sizeof *v, &rc);
	const struct keep_ast *kid;
	size_t i = 0;

	for (kid = x->kid; kid && !rc; kid = kid->next)
		rc = keep_ev_expr(ev, kid, &v[i++]);
	*out = keep_v_list(v, x->n);
	return rc;
}

static int object(struct keep_eval *ev, const struct keep_ast *x,
		  struct keep_value *out)
{
	int rc = 0;
	struct keep_pair *v = keep_ev_alloc(ev, x->n, sizeof *v, &rc);
	const struct keep_ast *kid;
	size_t i = 0;

	for (kid = x->kid; kid && !rc; kid = kid->next) {
		v[i].key = kid->label;
		rc = keep_ev_expr(ev, kid, &v[i++].value);
	}
	*out = keep_v_object(v, x->n);
	return rc;
}

static int cond(struct keep_eval *ev, const struct keep_ast *x,
		struct keep_value *out)
{
	const struct keep_ast *yes = x->kid->next;
	bool is;
	int rc = keep_ev_bool(ev, x->kid, &is);

	return rc ? rc : keep_ev_expr(ev, is ? yes : yes->next, out);
}

static int invert(struct keep_eval *ev, const struct keep_ast *x,
	       struct keep_value *out)
{
	bool is = false;
	int rc = keep_ev_bool(ev, x->kid, &is);

	*out = keep_v_bool(!is);
	return rc;
}

static int negate(struct keep_eval *ev, const struct keep_ast *x,
		  struct keep_value *out)
{
	struct keep_value v = {0};
	int rc = keep_ev_expr(ev, x->kid, &v);

	if (rc)
		return rc;
	if (v.kind != KEEP_V_INT)
		return keep_ev_fault(ev, x, "- takes an integer; this is %s",
				     keep_v_name(&v));
	*out = v;
	if (__builtin_sub_overflow(0, v.number, &out->number))
		return keep_ev_fault(ev, x, "-(%lld) does not fit in 64 bits",
				     (long long)v.number);
	return 0;
}

static int chain(struct keep_eval *ev, const struct keep_ast *x,
		 struct keep_value *out)
{
	return keep_ev_chain(ev, x, false, out);
}

static int call(struct keep_eval *ev, const struct keep_ast *x,
		struct keep_value *out)
{
	return keep_fn_call(ev, x, NULL, out);
}

static int (*const kinds[])(struct keep_eval *, const struct keep_ast *,
			    struct keep_value *) = {
	[KEEP_AST_NULL] = literal, [KEEP_AST_BOOL] = literal,
	[KEEP_AST_INT] = literal, [KEEP_AST_TEXT] = literal_text,
	[KEEP_AST_JOIN] = join, [KEEP_AST_LIST] = list,
	[KEEP_AST_OBJECT] = object, [KEEP_AST_ROOT] = keep_ev_root,
	[KEEP_AST_NAME] = chain, [KEEP_AST_CALL] = call,
	[KEEP_AST_COND] = cond, [KEEP_AST_OR] = keep_ev_row,
	[KEEP_AST_AND] = keep_ev_row, [KEEP_AST_CMP] = keep_ev_row,
	[KEEP_AST_SUM] = keep_ev_row, [KEEP_AST_MUL] = keep_ev_row,
	[KEEP_AST_NOT] = invert, [KEEP_AST_NEG] = negate,
	[KEEP_AST_CHAIN] = chain,
};

int keep_ev_expr(struct keep_eval *ev, const struct keep_ast *x,
		 struct keep_value *out)
{
	int rc = keep_ev_steps(ev, 1);

	if (rc)
		return rc;
	if (ev->nest == KEEP_EXPR_NEST)
		return keep_ev_fault(ev, x, "the expressions that need each "
				     "other are nested deeper than %d",
				     KEEP_EXPR_NEST);
	ev->nest++;
	rc = kinds[x->kind](ev, x, out);
	ev->nest--;
	return rc;
}

int keep_ev_maybe(struct keep_eval *ev, const struct keep_ast *x,
		  struct keep_value *out)
{
	int rc;

	if (x->kind != KEEP_AST_CHAIN && x->kind != KEEP_AST_NAME)
		return keep_ev_expr(ev, x, out);
	rc = keep_ev_steps(ev, 1);
	return rc ? rc : keep_ev_chain(ev, x, true, out);
}

int keep_ev_bool(struct keep_eval *ev, const struct keep_ast *x, bool *out)
{
	struct keep_value v;
	int rc = keep_ev_expr(ev, x, &v);

	if (!rc)
		rc = keep_ev_open(ev, x, &v, "a condition");
	if (rc)
		return rc;
	*out = v.number != 0;
	if (v.kind == KEEP_V_BOOL)
		return 0;
	rc = keep_ev_fault(ev, x, "a condition is true or false; this is %s",
			   keep_v_name(&v));
	keep_problem_hint(ev->ps, "compare it: x == null, x != ''");
	return rc;
}
