/* pick_node: one of several nodes, remembered. Of one that is taken from near
 * nodes, else from all, the language asks once: pick(label, near ?? all). */
#include "ruby_rw.h"

static bool is_try(const struct keep_rb *x)
{
	return x->kind == KEEP_RB_CALL && !x->on && x->block &&
	       keep_slice_is(x->text, "try");
}

static bool is_pick(const struct keep_rb *x)
{
	return x->kind == KEEP_RB_CALL && !x->on && x->n == 2 &&
	       keep_slice_is(x->text, "pick_node");
}

/* Two trees that are the same but for the sets of one choice each. */
struct pair {
	const struct keep_rb *a, *b; /* the sets */
};

static bool same(const struct keep_rb *a, const struct keep_rb *b,
		 struct pair *p);

static bool same_kids(const struct keep_rb *a, const struct keep_rb *b,
		      struct pair *p)
{
	const struct keep_rb *x, *y;

	for (x = a->kid, y = b->kid; x && y; x = x->next, y = y->next)
		if (!same(x, y, p))
			return false;
	return !x && !y;
}

static bool same_maybe(const struct keep_rb *a, const struct keep_rb *b,
		       struct pair *p)
{
	return a && b ? same(a, b, p) : a == b;
}

static bool same_node(const struct keep_rb *a, const struct keep_rb *b)
{
	uint32_t i;

	for (i = 0; i < a->n_params && i < b->n_params; i++)
		if (!keep_slice_eq(a->params[i], b->params[i]))
			return false;
	return a->kind == b->kind && a->flag == b->flag &&
	       a->n_params == b->n_params && keep_slice_eq(a->text, b->text);
}

static bool same(const struct keep_rb *a, const struct keep_rb *b,
		 struct pair *p)
{
	if (!same_node(a, b))
		return false;
	if (!p->a && is_pick(a) && is_pick(b)) {
		p->a = a->last;
		p->b = b->last;
		return same(a->kid, b->kid, p);
	}
	return same_maybe(a->on, b->on, p) && same_kids(a, b, p) &&
	       same_maybe(a->block, b->block, p);
}

/* What the choice is called: each node keeps its own. */
static struct keep_kx label(struct keep_rw *r, const struct keep_rb *x)
{
	struct keep_kx k = keep_rw_name(r, x), name;
	struct keep_slice s = keep_kx_at(r, k, KEEP_KX_SUM);

	name = keep_rw_end(r, keep_rw_property(r, KEEP_S("name")));
	name.s = keep_kx_at(r, name, KEEP_KX_MUL);
	if (keep_rb_is_literal(x) && s.p)
		return keep_kx_make(r, KEEP_KX_SUM, KEEP_KX_TEXT,
				    "%.*s_' + %.*s", (int)s.len - 1, s.p,
				    KEEP_F(name.s));
	return keep_kx_make(r, KEEP_KX_SUM, KEEP_KX_TEXT, "%.*s + '_' + %.*s",
			    KEEP_F(s), KEEP_F(name.s));
}

static struct keep_kx pick(struct keep_rw *r, const struct keep_rb *x,
			   const struct keep_rb *other)
{
	struct keep_kx l = label(r, x->kid), set = keep_rw(r, x->last), k;

	if (set.s.p && set.type != KEEP_KX_SET)
		return keep_rw_fail(r, "pick_node of what is no set of nodes");
	if (other)
		set = keep_kx_make(r, KEEP_KX_OR, KEEP_KX_SET, "%.*s ?? %.*s",
				   KEEP_F(set.s), KEEP_F(keep_rw(r, other).s));
	k = keep_kx_make(r, KEEP_KX_POST, KEEP_KX_NODE, "pick(%.*s, %.*s)",
			 KEEP_F(l.s), KEEP_F(set.s));
	k.nothing = true;
	return k;
}

struct keep_kx keep_rw_pick(struct keep_rw *r, const struct keep_rb *x)
{
	return pick(r, x, x->last == r->pick_from ? r->pick_else : NULL);
}

bool keep_rw_pick_else(struct keep_rw *r, const struct keep_rb *x,
		       struct keep_kx *out)
{
	struct pair p = {0};

	if (!is_try(x->kid) || !is_try(x->last) ||
	    !same(x->kid->block, x->last->block, &p) || !p.a)
		return false;
	r->pick_from = p.a;
	r->pick_else = p.b;
	*out = keep_rw(r, x->kid);
	r->pick_from = NULL;
	return true;
}
