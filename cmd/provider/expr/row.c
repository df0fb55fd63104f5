/* Rows of operators: ||, ??, &&, comparisons, + - * / %. */
#include "eval.h"

static const char *sign(uint8_t op)
{
	static const char *const signs[] = {
		[KEEP_L_OR] = "||", [KEEP_L_AND] = "&&",
		[KEEP_L_EQ] = "==", [KEEP_L_NE] = "!=", [KEEP_L_LT] = "<",
		[KEEP_L_LE] = "<=", [KEEP_L_GT] = ">", [KEEP_L_GE] = ">=",
		[KEEP_L_ADD] = "+", [KEEP_L_SUB] = "-", [KEEP_L_MUL] = "*",
		[KEEP_L_DIV] = "/", [KEEP_L_MOD] = "%",
	};

	return signs[op];
}

static bool is_else(const struct keep_ast *x)
{
	return x && x->op == KEEP_L_ELSE;
}

/* An operand; left of `??` it may be missing. */
static int operand(struct keep_eval *ev, const struct keep_ast *x,
		   struct keep_value *out)
{
	if (is_else(x->next) && (x->op == 0 || is_else(x)))
		return keep_ev_maybe(ev, x, out);
	return keep_ev_expr(ev, x, out);
}

static bool is_nothing(const struct keep_value *v)
{
	return v->kind == KEEP_V_MISSING || v->kind == KEEP_V_NULL ||
	       (v->kind == KEEP_V_SET && v->n == 0);
}

static int must_bool(struct keep_eval *ev, const struct keep_ast *x,
		     const struct keep_value *v, uint8_t op)
{
	int rc = keep_ev_open(ev, x, v, "a condition");

	if (rc || v->kind == KEEP_V_BOOL)
		return rc;
	return keep_ev_fault(ev, x, "%s takes true or false; this is %s",
			     sign(op), keep_v_name(v));
}

/* ||, && and ??: the right is evaluated only when it decides. */
static int logic(struct keep_eval *ev, const struct keep_ast *left,
		 const struct keep_ast *x, struct keep_value *v)
{
	int rc;

	if (is_else(x))
		return is_nothing(v) ? operand(ev, x, v) : 0;
	rc = must_bool(ev, left, v, x->op);
	if (rc || (v->number != 0) == (x->op == KEEP_L_OR))
		return rc;
	rc = keep_ev_expr(ev, x, v);
	return rc ? rc : must_bool(ev, x, v, x->op);
}

static int unlike(struct keep_eval *ev, const struct keep_ast *x,
		  const struct keep_value *a, const struct keep_value *b)
{
	return keep_ev_fault(ev, x, "`%s` cannot take %s and %s", sign(x->op),
			     keep_v_name(a), keep_v_name(b));
}

static int order(struct keep_eval *ev, const struct keep_ast *x,
		 struct keep_value *a, const struct keep_value *b)
{
	int o;

	if (a->kind == KEEP_V_INT && b->kind == KEEP_V_INT)
		o = (a->number > b->number) - (a->number < b->number);
	else if (a->kind == KEEP_V_TEXT && b->kind == KEEP_V_TEXT)
		o = keep_slice_cmp(keep_v_slice(a), keep_v_slice(b));
	else
		return unlike(ev, x, a, b);
	switch (x->op) {
	case KEEP_L_LT: *a = keep_v_bool(o < 0); break;
	case KEEP_L_LE: *a = keep_v_bool(o <= 0); break;
	case KEEP_L_GT: *a = keep_v_bool(o > 0); break;
	default: *a = keep_v_bool(o >= 0); break;
	}
	return 0;
}

static int compare(struct keep_eval *ev, const struct keep_ast *x,
		   struct keep_value *a, const struct keep_value *b)
{
	bool is = false;
	int rc = keep_ev_open(ev, x, a, "part of a comparison");

	if (!rc)
		rc = keep_ev_open(ev, x, b, "part of a comparison");
	if (rc)
		return rc;
	if (x->op == KEEP_L_IN)
		rc = keep_ev_in(ev, x, a, b, &is);
	else if (x->op != KEEP_L_EQ && x->op != KEEP_L_NE)
		return order(ev, x, a, b);
	else if (a->kind != b->kind && a->kind != KEEP_V_NULL &&
		 b->kind != KEEP_V_NULL)
		return unlike(ev, x, a, b);
	else
		rc = keep_ev_equal(ev, x, a, b, &is);
	*a = keep_v_bool(is != (x->op == KEEP_L_NE));
	return rc;
}

static int join_lists(struct keep_eval *ev, struct keep_value *a,
		      const struct keep_value *b)
{
	int rc = 0;
	size_t n = (size_t)a->n + b->n, i;
	struct keep_value *v = keep_ev_alloc(ev, n, sizeof *v, &rc);

	for (i = 0; i < n && !rc; i++)
		rc = i < a->n ? keep_v_item(ev, a, i, &v[i])
			      : keep_v_item(ev, b, i - a->n, &v[i]);
	*a = keep_v_list(v, n);
	return rc ? rc : keep_ev_steps(ev, n);
}

static int join_texts(struct keep_eval *ev, const struct keep_ast *x,
		      struct keep_value *a, const struct keep_value *b)
{
	KEEP_AUTO(keep_joint) j = {0};

	keep_joint_add(&j, a);
	keep_joint_add(&j, b);
	return keep_joint_value(ev, x, &j, a);
}

static int divide(struct keep_eval *ev, const struct keep_ast *x,
		  struct keep_value *a, int64_t by)
{
	if (by == 0)
		return keep_ev_fault(ev, x, "%lld %s 0: division by zero",
				     (long long)a->number, sign(x->op));
	if (by == -1 && x->op == KEEP_L_MOD)
		a->number = 0;
	else if (x->op == KEEP_L_MOD)
		a->number %= by;
	else
		a->number /= by;
	return 0;
}

static int calculate(struct keep_eval *ev, const struct keep_ast *x,
		     struct keep_value *a, int64_t by)
{
	int64_t from = a->number;
	bool lost = false;

	switch (x->op) {
	case KEEP_L_ADD:
		lost = __builtin_add_overflow(from, by, &a->number);
		break;
	case KEEP_L_SUB:
		lost = __builtin_sub_overflow(from, by, &a->number);
		break;
	case KEEP_L_MUL:
		lost = __builtin_mul_overflow(from, by, &a->number);
		break;
	default:
		lost = x->op == KEEP_L_DIV && from == INT64_MIN && by == -1;
		if (!lost)
			return divide(ev, x, a, by);
	}
	if (!lost)
		return 0;
	return keep_ev_fault(ev, x, "%lld %s %lld does not fit in 64 bits",
			     (long long)from, sign(x->op), (long long)by);
}

static int arithmetic(struct keep_eval *ev, const struct keep_ast *x,
		      struct keep_value *a, const struct keep_value *b)
{
	if (a->kind == KEEP_V_INT && b->kind == KEEP_V_INT)
		return calculate(ev, x, a, b->number);
	if (x->op != KEEP_L_ADD || a->kind != b->kind)
		return unlike(ev, x, a, b);
	if (a->kind == KEEP_V_TEXT)
		return join_texts(ev, x, a, b);
	if (a->kind == KEEP_V_LIST)
		return join_lists(ev, a, b);
	return unlike(ev, x, a, b);
}

int keep_ev_row(struct keep_eval *ev, const struct keep_ast *x,
		struct keep_value *out)
{
	const struct keep_ast *left = x->kid, *kid;
	struct keep_value b;
	int rc = operand(ev, left, out);

	for (kid = left->next; kid && !rc; left = kid, kid = kid->next) {
		if (x->kind == KEEP_AST_OR || x->kind == KEEP_AST_AND) {
			rc = logic(ev, left, kid, out);
			continue;
		}
		rc = keep_ev_expr(ev, kid, &b);
		if (!rc)
			rc = x->kind == KEEP_AST_CMP ?
				compare(ev, kid, out, &b) :
				arithmetic(ev, kid, out, &b);
	}
	return rc;
}
