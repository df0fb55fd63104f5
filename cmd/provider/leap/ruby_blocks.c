/* Methods with a block: `x: expression`. */
#include "ruby_rw.h"

/* A name for a parameter that nothing else has here. */
static struct keep_slice label_of(struct keep_rw *r, struct keep_slice name)
{
	if (!keep_kx_is_word(name))
		return name;
	return keep_kx_make(r, KEEP_KX_POST, KEEP_KX_ANY, "%.*s_",
			    KEEP_F(name)).s;
}

static bool is_param(const struct keep_rb *x, struct keep_slice name)
{
	return x && x->kind == KEEP_RB_CALL && !x->on && !x->n &&
	       keep_slice_eq(x->text, name);
}

/* Whether the block asks its parameter for a key: it is an object then. */
static bool asks_key(const struct keep_rb *x, struct keep_slice name)
{
	const struct keep_rb *kid;

	if (x->kind == KEEP_RB_INDEX && is_param(x->on, name) &&
	    keep_rb_is_literal(x->kid))
		return true;
	for (kid = x->kid; kid; kid = kid->next)
		if (asks_key(kid, name))
			return true;
	return (x->on && asks_key(x->on, name)) ||
	       (x->block && asks_key(x->block, name));
}

/* What the elements come from. Of an object, ruby gives a block of one
 * parameter the key or a pair; who asks it for a key means the value. */
static struct keep_kx source(struct keep_rw *r, const struct keep_rb *x)
{
	struct keep_kx on = keep_rw_end(r, keep_rw_on(r, x->on));

	if (on.type == KEEP_KX_SECRET)
		return keep_rw_fail(r, "`%.*s` of a secret", KEEP_F(x->text));
	on.s = keep_kx_at(r, on, KEEP_KX_POST);
	on.level = KEEP_KX_POST;
	if (on.type == KEEP_KX_ANY && x->n_params == 1 && x->block &&
	    asks_key(x->block, x->params[0]))
		return keep_kx_make(r, KEEP_KX_POST, KEEP_KX_LIST,
				    "%.*s.values()", KEEP_F(on.s));
	return on;
}

/* "label: body" of the block, its parameters bound. */
static struct keep_slice body(struct keep_rw *r, const struct keep_rb *x,
			      bool cond, enum keep_kx_type type)
{
	bool pair = x->n_params == 2;
	struct keep_rw_bound one = {.outer = r->bound, .type = (uint8_t)type};
	struct keep_rw_bound name = {.outer = &one, .type = KEEP_KX_TEXT};
	struct keep_kx k;

	if (!x->n_params || (pair && type != KEEP_KX_NODE))
		return keep_rw_fail(r, "a block with %u parameters",
				    x->n_params).s;
	one.name = x->params[pair];
	one.label = one.s = label_of(r, one.name);
	name.name = x->params[0];
	name.s = keep_kx_make(r, KEEP_KX_POST, KEEP_KX_TEXT, "%.*s.name",
			      KEEP_F(one.s)).s;
	r->bound = pair ? &name : &one;
	k = cond ? keep_rw_cond(r, x->block) : keep_rw(r, x->block);
	r->bound = one.outer;
	return keep_kx_make(r, KEEP_KX_COND, k.type, "%.*s: %.*s",
			    KEEP_F(one.label), KEEP_F(k.s)).s;
}

static enum keep_kx_type element_type(struct keep_kx on)
{
	return on.type == KEEP_KX_SET ? KEEP_KX_NODE : KEEP_KX_ANY;
}

struct keep_slice keep_rw_each(struct keep_rw *r, const struct keep_rb *x)
{
	return body(r, x, false, element_type(source(r, x)));
}

/* source.METHOD(x: condition) */
static struct keep_kx ask(struct keep_rw *r, const struct keep_rb *x,
			  const char *method, enum keep_kx_type type)
{
	struct keep_kx on = source(r, x), k;
	struct keep_slice s = body(r, x, true, element_type(on));

	if (type == KEEP_KX_ANY)
		type = on.type == KEEP_KX_SET ? KEEP_KX_SET : KEEP_KX_LIST;
	k = keep_kx_make(r, KEEP_KX_POST, type, "%.*s.%s(%.*s)", KEEP_F(on.s),
			 method, KEEP_F(s));
	k.mine = on.mine;
	return k;
}

static struct keep_kx map(struct keep_rw *r, const struct keep_rb *x)
{
	struct keep_kx on = source(r, x);

	return keep_kx_make(r, KEEP_KX_POST, KEEP_KX_LIST, "%.*s.map(%.*s)",
			    KEEP_F(on.s), KEEP_F(keep_rw_each(r, x)));
}

static struct keep_kx where(struct keep_rw *r, const struct keep_rb *x)
{
	return ask(r, x, "where", KEEP_KX_ANY);
}

/* The same with the condition turned round. */
static struct keep_kx reject(struct keep_rw *r, const struct keep_rb *x)
{
	struct keep_rb no = {.kind = KEEP_RB_NOT, .kid = x->block,
			     .last = x->block, .n = 1};
	struct keep_rb turned = *x;

	turned.block = &no;
	return where(r, &turned);
}

static struct keep_kx find(struct keep_rw *r, const struct keep_rb *x)
{
	struct keep_kx k = keep_kx_make(r, KEEP_KX_POST, KEEP_KX_ANY,
					"%.*s.first()", KEEP_F(where(r, x).s));

	k.nothing = true;
	return k;
}

static bool is_select(const struct keep_rb *x)
{
	return x->kind == KEEP_RB_CALL && x->on && x->block && !x->n &&
	       (keep_slice_is(x->text, "select") ||
		keep_slice_is(x->text, "find_all") ||
		keep_slice_is(x->text, "filter"));
}

/* any?: with a condition, or behind select {..}; else whether anything but
 * nil and false is in it. */
static struct keep_kx any(struct keep_rw *r, const struct keep_rb *x)
{
	struct keep_kx on;

	if (x->block)
		return ask(r, x, "any", KEEP_KX_BOOL);
	if (is_select(x->on))
		return ask(r, x->on, "any", KEEP_KX_BOOL);
	on = source(r, x);
	if (on.type == KEEP_KX_SET)
		return keep_kx_make(r, KEEP_KX_CMP, KEEP_KX_BOOL,
				    "%.*s.size() > 0", KEEP_F(on.s));
	return keep_kx_make(r, KEEP_KX_POST, KEEP_KX_BOOL,
			    "%.*s.any(x: !(x in [null, false]))",
			    KEEP_F(on.s));
}

static struct keep_kx none(struct keep_rw *r, const struct keep_rb *x)
{
	return keep_kx_make(r, KEEP_KX_UNARY, KEEP_KX_BOOL, "!%.*s",
			    KEEP_F(keep_kx_at(r, any(r, x), KEEP_KX_POST)));
}

static struct keep_kx all(struct keep_rw *r, const struct keep_rb *x)
{
	return ask(r, x, "all", KEEP_KX_BOOL);
}

static struct keep_kx count(struct keep_rw *r, const struct keep_rb *x)
{
	struct keep_kx on = x->block ? where(r, x) : source(r, x);

	return keep_kx_make(r, KEEP_KX_POST, KEEP_KX_INT, "%.*s.size()",
			    KEEP_F(on.s));
}

static const struct keep_rw_row rows[] = {
	{.name = "map", .block = KEEP_RW_BLOCK, .run = map},
	{.name = "collect", .block = KEEP_RW_BLOCK, .run = map},
	{.name = "select", .block = KEEP_RW_BLOCK, .run = where},
	{.name = "find_all", .block = KEEP_RW_BLOCK, .run = where},
	{.name = "filter", .block = KEEP_RW_BLOCK, .run = where},
	{.name = "reject", .block = KEEP_RW_BLOCK, .run = reject},
	{.name = "find", .block = KEEP_RW_BLOCK, .run = find},
	{.name = "detect", .block = KEEP_RW_BLOCK, .run = find},
	{.name = "any?", .block = KEEP_RW_EITHER, .run = any},
	{.name = "none?", .block = KEEP_RW_EITHER, .run = none},
	{.name = "all?", .block = KEEP_RW_BLOCK, .run = all},
	{.name = "count", .block = KEEP_RW_EITHER, .run = count},
};
const struct keep_rw_rows keep_rw_blocks = {rows, KEEP_COUNT(rows)};
