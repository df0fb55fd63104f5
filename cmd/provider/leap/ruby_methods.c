/* Methods without a block. */
#include "ruby_rw.h"

static struct keep_kx on_of(struct keep_rw *r, const struct keep_rb *x)
{
	return keep_rw_end(r, keep_rw_on(r, x->on));
}

struct keep_slice keep_rw_open(struct keep_rw *r, const struct keep_rb *x)
{
	struct keep_kx on = on_of(r, x);

	if (on.type == KEEP_KX_SECRET)
		on = keep_rw_fail(r, "`%.*s` of a secret, which no compile "
				  "opens", KEEP_F(x->text));
	return keep_kx_at(r, on, KEEP_KX_POST);
}

/* on.NAME(argument) */
static struct keep_kx with_one(struct keep_rw *r, const struct keep_rb *x,
			       const char *name, enum keep_kx_type type)
{
	struct keep_slice on = keep_rw_open(r, x);

	return keep_kx_make(r, KEEP_KX_POST, type, "%.*s.%s(%.*s)", KEEP_F(on),
			    name, KEEP_F(keep_rw(r, x->kid).s));
}

static struct keep_kx split(struct keep_rw *r, const struct keep_rb *x)
{
	return with_one(r, x, "split", KEEP_KX_LIST);
}

static struct keep_kx join(struct keep_rw *r, const struct keep_rb *x)
{
	if (x->n)
		return with_one(r, x, "join", KEEP_KX_TEXT);
	return keep_kx_make(r, KEEP_KX_POST, KEEP_KX_TEXT, "%.*s.join('')",
			    KEEP_F(keep_rw_open(r, x)));
}

static struct keep_kx to_s(struct keep_rw *r, const struct keep_rb *x)
{
	struct keep_kx on = on_of(r, x);

	if (on.type == KEEP_KX_TEXT || on.type == KEEP_KX_SECRET)
		return on;
	return keep_kx_make(r, KEEP_KX_POST, KEEP_KX_TEXT, "str(%.*s)",
			    KEEP_F(on.s));
}

static struct keep_kx to_i(struct keep_rw *r, const struct keep_rb *x)
{
	struct keep_kx on = on_of(r, x);

	if (on.type == KEEP_KX_INT)
		return on;
	if (on.type == KEEP_KX_SECRET)
		return keep_rw_fail(r, "the number of a secret");
	return keep_kx_make(r, KEEP_KX_POST, KEEP_KX_INT,
			    on.type == KEEP_KX_TEXT ? "int(%.*s)" :
			    "int(str(%.*s))", KEEP_F(on.s));
}

static struct keep_kx to_json(struct keep_rw *r, const struct keep_rb *x)
{
	return keep_kx_make(r, KEEP_KX_POST, KEEP_KX_TEXT, "json(%.*s)",
			    KEEP_F(on_of(r, x).s));
}

/* What is not there is nil. */
static struct keep_kx is_nil(struct keep_rw *r, const struct keep_rb *x)
{
	struct keep_kx on = keep_rw(r, x->on);

	return keep_kx_make(r, KEEP_KX_CMP, KEEP_KX_BOOL, "%.*s == null",
			    KEEP_F(keep_kx_at(r, on, KEEP_KX_SUM)));
}

static struct keep_kx is_empty(struct keep_rw *r, const struct keep_rb *x)
{
	return keep_kx_make(r, KEEP_KX_CMP, KEEP_KX_BOOL, "%.*s.size() == 0",
			    KEEP_F(keep_rw_open(r, x)));
}

static struct keep_kx includes(struct keep_rw *r, const struct keep_rb *x)
{
	struct keep_kx what = keep_rw(r, x->kid);
	struct keep_slice in = keep_rw_open(r, x);

	if (what.type == KEEP_KX_SECRET)
		return keep_rw_fail(r, "it compares a secret");
	return keep_kx_make(r, KEEP_KX_CMP, KEEP_KX_BOOL, "%.*s in %.*s",
			    KEEP_F(keep_kx_at(r, what, KEEP_KX_SUM)),
			    KEEP_F(in));
}

static struct keep_kx starts(struct keep_rw *r, const struct keep_rb *x)
{
	struct keep_slice on = keep_rw_open(r, x);
	struct keep_kx what = keep_rw(r, x->kid);

	return keep_kx_make(r, KEEP_KX_CMP, KEEP_KX_BOOL,
			    "%.*s.slice(0, len(%.*s)) == %.*s", KEEP_F(on),
			    KEEP_F(what.s),
			    KEEP_F(keep_kx_at(r, what, KEEP_KX_SUM)));
}

static struct keep_kx ends(struct keep_rw *r, const struct keep_rb *x)
{
	struct keep_kx on = on_of(r, x);

	if (!keep_rb_is_literal(x->kid) || !x->kid->text.len ||
	    on.type == KEEP_KX_SECRET)
		return keep_rw_fail(r, "`end_with?` of what is no written "
				    "text");
	return keep_kx_make(r, KEEP_KX_CMP, KEEP_KX_BOOL,
			    "replace_suffix(%.*s, %.*s, '') != %.*s",
			    KEEP_F(on.s), KEEP_F(keep_rw(r, x->kid).s),
			    KEEP_F(keep_kx_at(r, on, KEEP_KX_SUM)));
}

/* first, last: of a set a node, or nothing. */
static struct keep_kx end_of(struct keep_rw *r, const struct keep_rb *x)
{
	struct keep_kx on = on_of(r, x), k;
	struct keep_slice s = keep_rw_open(r, x);

	k = keep_kx_make(r, KEEP_KX_POST, on.type == KEEP_KX_SET ? KEEP_KX_NODE
			 : KEEP_KX_ANY, "%.*s.%.*s()", KEEP_F(s),
			 KEEP_F(x->text));
	k.nothing = true;
	return k;
}

/* A set of nodes is the list of its values here. */
static struct keep_kx values(struct keep_rw *r, const struct keep_rb *x)
{
	struct keep_kx on = on_of(r, x);

	if (on.type == KEEP_KX_SET || on.type == KEEP_KX_LIST)
		return on;
	return keep_kx_make(r, KEEP_KX_POST, KEEP_KX_LIST, "%.*s.values()",
			    KEEP_F(keep_rw_open(r, x)));
}

static struct keep_kx keys(struct keep_rw *r, const struct keep_rb *x)
{
	bool set = on_of(r, x).type == KEEP_KX_SET;

	return keep_kx_make(r, KEEP_KX_POST, KEEP_KX_LIST, "%.*s.%s()",
			    KEEP_F(keep_rw_open(r, x)), set ? "names" : "keys");
}

static struct keep_kx part(struct keep_rw *r, const struct keep_rb *x)
{
	return keep_rw_slice(r, on_of(r, x), x->kid, x->last);
}

/* --- nodes ---------------------------------------------------------------- */

static struct keep_slice set_of(struct keep_rw *r, const struct keep_rb *x)
{
	struct keep_kx on = on_of(r, x);

	if (on.s.p && on.type != KEEP_KX_SET && on.type != KEEP_KX_NODE)
		on = keep_rw_fail(r, "`%.*s` of what is no set of nodes",
				  KEEP_F(x->text));
	return keep_kx_at(r, on, KEEP_KX_POST);
}

static struct keep_kx exclude(struct keep_rw *r, const struct keep_rb *x)
{
	bool mine = on_of(r, x).mine;
	struct keep_slice on = set_of(r, x);
	struct keep_kx k;

	k = keep_kx_make(r, KEEP_KX_POST, KEEP_KX_SET, "%.*s.except(%.*s)",
			 KEEP_F(on), KEEP_F(keep_rw(r, x->kid).s));
	k.mine = mine;
	return k;
}

static struct keep_kx field(struct keep_rw *r, const struct keep_rb *x)
{
	return keep_kx_make(r, KEEP_KX_POST, KEEP_KX_LIST, "%.*s.field(%.*s)",
			    KEEP_F(set_of(r, x)), KEEP_F(keep_rw(r, x->kid).s));
}

static struct keep_kx pick_fields(struct keep_rw *r, const struct keep_rb *x)
{
	struct keep_buf b = {.mem = r->mem};
	const struct keep_rb *kid;

	for (kid = x->kid; kid && !r->rc; kid = kid->next)
		keep_buf_print(&b, "%s%.*s", kid == x->kid ? "" : ", ",
			       KEEP_F(keep_rw(r, kid).s));
	if (b.failed && !r->rc)
		r->rc = keep_no_memory(r->e);
	return keep_kx_make(r, KEEP_KX_POST, KEEP_KX_ANY, "%.*s.fields(%.*s)",
			    KEEP_F(set_of(r, x)), KEEP_F(keep_buf_get(&b)));
}

/* `a.b` as leap names it in an object: a_b. */
static struct keep_slice flat(struct keep_rw *r, struct keep_slice path)
{
	struct keep_buf b = {.mem = r->mem};
	size_t i;

	for (i = 0; i < path.len; i++)
		keep_buf_byte(&b, path.p[i] == '.' ? '_' : (uint8_t)path.p[i]);
	if (b.failed && !r->rc)
		r->rc = keep_no_memory(r->e);
	return keep_buf_get(&b);
}

/* A list of objects, where pick_fields gives an object of them. */
static struct keep_kx fields(struct keep_rw *r, const struct keep_rb *x)
{
	struct keep_slice name;

	if (x->n > 1)
		return keep_kx_make(r, KEEP_KX_POST, KEEP_KX_LIST,
				    "%.*s.values()",
				    KEEP_F(pick_fields(r, x).s));
	name = keep_rb_is_literal(x->kid) ? flat(r, x->kid->text)
					  : KEEP_S("");
	if (!keep_kx_is_name(name))
		return keep_rw_fail(r, "`fields` of what is no path");
	return keep_kx_make(r, KEEP_KX_POST, KEEP_KX_LIST,
			    "%.*s.map(x: {%.*s: x})", KEEP_F(field(r, x).s),
			    KEEP_F(name));
}

/* --- keys ----------------------------------------------------------------- */

static struct keep_kx dig(struct keep_rw *r, const struct keep_rb *x)
{
	struct keep_kx on = keep_rw_on(r, x->on);
	const struct keep_rb *kid;

	for (kid = x->kid; kid && !r->rc; kid = kid->next) {
		if (!keep_rb_is_literal(kid) || !keep_kx_is_name(kid->text))
			return keep_rw_fail(r, "`dig` of what is no name");
		on = keep_rw_member(r, on, kid->text, !r->maybe);
	}
	return on;
}

static struct keep_kx fetch(struct keep_rw *r, const struct keep_rb *x)
{
	struct keep_kx on = keep_rw_on(r, x->on), k;

	if (!keep_rb_is_literal(x->kid))
		return keep_rw_fail(r, "`fetch` of what is no name");
	k = keep_rw_end(r, keep_rw_member(r, on, x->kid->text, false));
	if (x->n == 1)
		return k;
	return keep_kx_make(r, KEEP_KX_OR, KEEP_KX_ANY, "%.*s ?? %.*s",
			    KEEP_F(k.s),
			    KEEP_F(keep_kx_at(r, keep_rw(r, x->last),
					      KEEP_KX_AND)));
}

static const struct keep_rw_row rows[] = {
	{.name = "uniq", .kx = ".uniq()", .type = KEEP_KX_LIST},
	{.name = "flatten", .kx = ".flatten()", .type = KEEP_KX_LIST},
	{.name = "compact", .kx = ".compact()", .type = KEEP_KX_LIST},
	{.name = "sort", .kx = ".sort()", .type = KEEP_KX_LIST},
	{.name = "upcase", .kx = ".upper()", .type = KEEP_KX_TEXT},
	{.name = "downcase", .kx = ".lower()", .type = KEEP_KX_TEXT},
	{.name = "size", .kx = ".size()", .type = KEEP_KX_INT},
	{.name = "length", .kx = ".size()", .type = KEEP_KX_INT},
	{.name = "split", .least = 1, .most = 1, .run = split},
	{.name = "join", .most = 1, .run = join},
	{.name = "to_s", .run = to_s},
	{.name = "to_sym", .run = to_s},
	{.name = "to_i", .run = to_i},
	{.name = "to_json", .run = to_json},
	{.name = "nil?", .run = is_nil},
	{.name = "empty?", .run = is_empty},
	{.name = "include?", .least = 1, .most = 1, .run = includes},
	{.name = "has_key?", .least = 1, .most = 1, .run = includes},
	{.name = "key?", .least = 1, .most = 1, .run = includes},
	{.name = "start_with?", .least = 1, .most = 1, .run = starts},
	{.name = "end_with?", .least = 1, .most = 1, .run = ends},
	{.name = "first", .run = end_of},
	{.name = "last", .run = end_of},
	{.name = "values", .run = values},
	{.name = "keys", .run = keys},
	{.name = "slice", .least = 2, .most = 2, .run = part},
	{.name = "exclude", .least = 1, .most = 1, .run = exclude},
	{.name = "field", .least = 1, .most = 1, .run = field},
	{.name = "fields", .least = 1, .most = 16, .run = fields},
	{.name = "pick_fields", .least = 1, .most = 16, .run = pick_fields},
	{.name = "dig", .least = 1, .most = 16, .run = dig},
	{.name = "fetch", .least = 1, .most = 2, .run = fetch},
	{.name = "sub", .least = 2, .most = 2, .run = keep_rw_sub},
	{.name = "gsub", .least = 2, .most = 2, .run = keep_rw_sub},
};
const struct keep_rw_rows keep_rw_methods = {rows, KEEP_COUNT(rows)};
