/* Whether values are the same, or in each other. */
#include "eval.h"

static int lists(struct keep_eval *ev, const struct keep_ast *x,
		 const struct keep_value *a, const struct keep_value *b,
		 bool *same)
{
	struct keep_value p, q;
	int rc = 0;
	size_t i;

	*same = a->n == b->n;
	for (i = 0; i < a->n && *same && !rc; i++) {
		rc = keep_v_item(ev, a, i, &p);
		if (!rc)
			rc = keep_v_item(ev, b, i, &q);
		if (!rc)
			rc = keep_ev_equal(ev, x, &p, &q, same);
	}
	return rc;
}

/* The member of that key, which most often stands at the same place. */
static int member(struct keep_eval *ev, const struct keep_value *v, size_t i,
		  struct keep_slice key, struct keep_value *out)
{
	if (keep_slice_eq(keep_v_key(v, i), key))
		return keep_v_item(ev, v, i, out);
	return keep_v_get(ev, v, key, out);
}

static int objects(struct keep_eval *ev, const struct keep_ast *x,
		   const struct keep_value *a, const struct keep_value *b,
		   bool *same)
{
	struct keep_value p, q;
	int rc = 0;
	size_t i;

	*same = a->n == b->n;
	for (i = 0; i < a->n && *same && !rc; i++) {
		rc = member(ev, b, i, keep_v_key(a, i), &q);
		*same = !rc && q.kind != KEEP_V_MISSING;
		if (!rc && *same)
			rc = keep_v_item(ev, a, i, &p);
		if (!rc && *same)
			rc = keep_ev_equal(ev, x, &p, &q, same);
	}
	return rc ? rc : keep_ev_steps(ev, a->n);
}

static bool scalars(const struct keep_value *a, const struct keep_value *b)
{
	switch (a->kind) {
	case KEEP_V_TEXT: return keep_slice_eq(keep_v_slice(a),
					       keep_v_slice(b));
	case KEEP_V_INT:
	case KEEP_V_BOOL: return a->number == b->number;
	case KEEP_V_NODE: return a->node == b->node;
	default: return true;
	}
}

/* Values of one kind; lists and objects deeply. */
static int equal(struct keep_eval *ev, const struct keep_ast *x,
		 const struct keep_value *a, const struct keep_value *b,
		 bool *same)
{
	if (a->kind == KEEP_V_DOUBLE)
		return keep_ev_fault(ev, x, "doubles are passed on, not "
				     "compared");
	if (a->kind == KEEP_V_OBJECT)
		return objects(ev, x, a, b, same);
	if (a->kind == KEEP_V_LIST || a->kind == KEEP_V_SET)
		return lists(ev, x, a, b, same);
	*same = scalars(a, b);
	return 0;
}

/* Below the top, values of two kinds just differ. */
int keep_ev_equal(struct keep_eval *ev, const struct keep_ast *x,
		  const struct keep_value *a, const struct keep_value *b,
		  bool *same)
{
	int rc = keep_ev_steps(ev, 1 + (a->kind == KEEP_V_TEXT ?
					a->n / KEEP_EXPR_CHUNK : 0));

	if (!rc)
		rc = keep_ev_open(ev, x, a, "part of a comparison");
	if (!rc)
		rc = keep_ev_open(ev, x, b, "part of a comparison");
	*same = false;
	if (rc || a->kind != b->kind)
		return rc;
	if (ev->nest == KEEP_EXPR_NEST)
		return keep_ev_fault(ev, x, "the values are nested too deep to "
				     "be compared");
	ev->nest++;
	rc = equal(ev, x, a, b, same);
	ev->nest--;
	return rc;
}

static int in_list(struct keep_eval *ev, const struct keep_ast *x,
		   const struct keep_value *v, const struct keep_value *in,
		   bool *is)
{
	struct keep_value item;
	int rc = 0;
	size_t i;

	for (i = 0; i < in->n && !*is && !rc; i++) {
		rc = keep_v_item(ev, in, i, &item);
		if (!rc)
			rc = keep_ev_equal(ev, x, &item, v, is);
	}
	return rc;
}

int keep_ev_in(struct keep_eval *ev, const struct keep_ast *x,
	       const struct keep_value *v, const struct keep_value *in,
	       bool *is)
{
	int rc = keep_ev_open(ev, x, v, "part of a comparison");

	*is = false;
	if (!rc)
		rc = keep_ev_open(ev, x, in, "part of a comparison");
	if (rc)
		return rc;
	if (in->kind == KEEP_V_LIST)
		return in_list(ev, x, v, in, is);
	if (in->kind == KEEP_V_SET &&
	    (v->kind == KEEP_V_NODE || v->kind == KEEP_V_TEXT)) {
		*is = keep_v_node_of(in, v->kind == KEEP_V_NODE ?
				     v->node->name : keep_v_slice(v)) != NULL;
		return 0;
	}
	if (v->kind == KEEP_V_TEXT &&
	    (in->kind == KEEP_V_OBJECT || in->kind == KEEP_V_NODE)) {
		*is = keep_v_has(in, keep_v_slice(v));
		return keep_ev_steps(ev, in->n / KEEP_EXPR_CHUNK);
	}
	if (v->kind != KEEP_V_TEXT || in->kind != KEEP_V_TEXT)
		return keep_ev_fault(ev, x, "%s cannot be in %s",
				     keep_v_name(v), keep_v_name(in));
	rc = keep_ev_steps(ev, in->n / KEEP_EXPR_CHUNK);
	*is = v->n == 0 || memmem(in->text, in->n, v->text, v->n) != NULL;
	return rc;
}
