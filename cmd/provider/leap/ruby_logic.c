/* Truth: all but nil and false is true in ruby; here a condition is true or
 * false and nothing else. */
#include "ruby_rw.h"

static bool is_chain(const struct keep_rb *x)
{
	return x->kind == KEEP_RB_CALL || x->kind == KEEP_RB_INDEX;
}

static struct keep_kx two(struct keep_rw *r, enum keep_kx_level level,
			  struct keep_kx a, const char *op, struct keep_kx b)
{
	return keep_kx_make(r, level, KEEP_KX_BOOL, "%.*s %s %.*s",
			    KEEP_F(keep_kx_at(r, a, level)), op,
			    KEEP_F(keep_kx_at(r, b, level + 1)));
}

static struct keep_kx both(struct keep_rw *r, const struct keep_rb *x)
{
	bool is_and = x->kind == KEEP_RB_AND;

	return two(r, is_and ? KEEP_KX_AND : KEEP_KX_OR,
		   keep_rw_cond(r, x->kid), is_and ? "&&" : "||",
		   keep_rw_cond(r, x->last));
}

struct keep_kx keep_rw_cond(struct keep_rw *r, const struct keep_rb *x)
{
	struct keep_kx k;

	if (x->kind == KEEP_RB_AND || x->kind == KEEP_RB_OR)
		return both(r, x);
	if (x->kind == KEEP_RB_NIL)
		return keep_kx_make(r, KEEP_KX_POST, KEEP_KX_BOOL, "false");
	k = keep_rw(r, x);
	if (k.type == KEEP_KX_BOOL || !k.s.p)
		return k;
	if (k.type != KEEP_KX_ANY || !is_chain(x))
		return keep_rw_fail(r, "a condition that ruby holds for true "
				    "whatever it is");
	k = keep_rw_maybe(r, x);
	return keep_kx_make(r, KEEP_KX_OR, KEEP_KX_BOOL, "%.*s ?? false",
			    KEEP_F(keep_kx_at(r, k, KEEP_KX_OR)));
}

/* a && b as a value: what is not true of a, else b. */
struct keep_kx keep_rw_and(struct keep_rw *r, const struct keep_rb *x)
{
	struct keep_kx a = keep_rw(r, x->kid), b = keep_rw(r, x->last), c;

	if (a.type == KEEP_KX_BOOL && b.type == KEEP_KX_BOOL)
		return two(r, KEEP_KX_AND, a, "&&", b);
	c = keep_rw_cond(r, x->kid);
	if (a.type == KEEP_KX_BOOL)
		a = keep_kx_make(r, KEEP_KX_POST, KEEP_KX_BOOL, "false");
	return keep_kx_make(r, KEEP_KX_COND, b.type, "%.*s ? %.*s : %.*s",
			    KEEP_F(keep_kx_at(r, c, KEEP_KX_OR)), KEEP_F(b.s),
			    KEEP_F(a.s));
}

/* a || b as a value: a default for what is not there. */
struct keep_kx keep_rw_or(struct keep_rw *r, const struct keep_rb *x)
{
	struct keep_kx a, b, k;

	if (keep_rw_pick_else(r, x, &k))
		return k;
	b = r->maybe ? keep_rw_maybe(r, x->last) : keep_rw(r, x->last);
	if (b.type == KEEP_KX_BOOL)
		return two(r, KEEP_KX_OR, keep_rw_cond(r, x->kid), "||", b);
	a = keep_rw(r, x->kid);
	if (a.type == KEEP_KX_BOOL)
		return keep_kx_make(r, KEEP_KX_COND, KEEP_KX_ANY,
				    "%.*s ? true : %.*s",
				    KEEP_F(keep_kx_at(r, a, KEEP_KX_OR)),
				    KEEP_F(b.s));
	if (a.type == KEEP_KX_SET)
		return a;
	a = keep_rw_maybe(r, x->kid);
	return keep_kx_make(r, KEEP_KX_OR, b.type, "%.*s ?? %.*s",
			    KEEP_F(keep_kx_at(r, a, KEEP_KX_OR)),
			    KEEP_F(keep_kx_at(r, b, KEEP_KX_AND)));
}

/* `!!x` asks whether x is there at all. */
static struct keep_kx not_not(struct keep_rw *r, const struct keep_rb *x)
{
	struct keep_kx k = keep_rw(r, x);

	if (k.type == KEEP_KX_BOOL)
		return k;
	return keep_kx_make(r, KEEP_KX_UNARY, KEEP_KX_BOOL,
			    "!(%.*s in [null, false])",
			    KEEP_F(keep_kx_at(r, k, KEEP_KX_SUM)));
}

struct keep_kx keep_rw_not(struct keep_rw *r, const struct keep_rb *x)
{
	struct keep_kx k;

	if (x->kid->kind == KEEP_RB_NOT)
		return not_not(r, x->kid->kid);
	k = keep_rw_cond(r, x->kid);
	return keep_kx_make(r, KEEP_KX_UNARY, KEEP_KX_BOOL, "!%.*s",
			    KEEP_F(keep_kx_at(r, k, KEEP_KX_POST)));
}

struct keep_kx keep_rw_if(struct keep_rw *r, const struct keep_rb *x)
{
	struct keep_kx c = keep_rw_cond(r, x->kid);
	struct keep_kx yes = keep_rw(r, x->kid->next), no = keep_rw(r, x->last);

	return keep_kx_make(r, KEEP_KX_COND,
			    yes.type == no.type ? yes.type : KEEP_KX_ANY,
			    "%.*s ? %.*s : %.*s",
			    KEEP_F(keep_kx_at(r, c, KEEP_KX_OR)),
			    KEEP_F(yes.s), KEEP_F(no.s));
}

/* try{a.b.c}: null where something of it is missing. */
struct keep_kx keep_rw_try(struct keep_rw *r, const struct keep_rb *x)
{
	struct keep_kx k;

	if (!is_chain(x->block))
		return keep_rw_fail(r, "try around an operator");
	k = keep_rw_maybe(r, x->block);
	if (r->maybe || k.level == KEEP_KX_COND)
		return k;
	return keep_kx_make(r, KEEP_KX_OR, KEEP_KX_ANY, "%.*s ?? null",
			    KEEP_F(keep_kx_at(r, k, KEEP_KX_OR)));
}
