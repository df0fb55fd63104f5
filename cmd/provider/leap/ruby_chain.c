/* Names, members, calls. */
#include "../expr/ast.h"
#include "ruby_rw.h"

const struct keep_rb *keep_rb_arg(const struct keep_rb *x, size_t i)
{
	const struct keep_rb *kid = x->kid;

	while (kid && i--)
		kid = kid->next;
	return kid;
}

bool keep_rb_is_literal(const struct keep_rb *x)
{
	return x && x->kind == KEEP_RB_TEXT;
}

bool keep_kx_is_name(struct keep_slice s)
{
	size_t i;

	for (i = 0; i < s.len; i++) {
		char c = s.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		      c == '_' || (i && c >= '0' && c <= '9')))
			break;
	}
	return s.len && i == s.len;
}

bool keep_kx_is_word(struct keep_slice s)
{
	static const char *const words[] = {"true", "false", "null", "in"};
	int64_t root;
	size_t i;

	for (i = 0; i < KEEP_COUNT(words); i++)
		if (keep_slice_is(s, words[i]))
			return true;
	return keep_root_find(s, &root);
}

static bool has_own(const struct keep_rw *r, struct keep_slice name)
{
	return r->ruby->own && keep_json_get(r->ruby->own, name);
}

struct keep_kx keep_rw_property(struct keep_rw *r, struct keep_slice name)
{
	const struct keep_rw_bound *b;
	const char *before = keep_kx_is_word(name) ? "self." : "";
	struct keep_kx k;

	if (!keep_kx_is_name(name))
		return keep_rw_fail(r, "`%.*s`", KEEP_F(name));
	if (r->ruby->object.p && !r->ruby->own)
		return keep_kx_make(r, KEEP_KX_POST, KEEP_KX_ANY, "%.*s.%.*s",
				    KEEP_F(r->ruby->object), KEEP_F(name));
	for (b = r->bound; b; b = b->outer)
		if (keep_slice_eq(b->label, name))
			before = "self.";
	k = keep_kx_make(r, KEEP_KX_POST, KEEP_KX_ANY, "%s%.*s", before,
			 KEEP_F(name));
	k.own = !before[0] && has_own(r, name);
	return k;
}

struct keep_kx keep_rw_member(struct keep_rw *r, struct keep_kx k,
			      struct keep_slice name, bool maybe)
{
	struct keep_kx out;
	struct keep_slice on;

	if (!k.s.p)
		return k;
	if (k.type == KEEP_KX_SECRET || k.type == KEEP_KX_TEXT ||
	    k.type == KEEP_KX_INT || k.type == KEEP_KX_LIST ||
	    k.type == KEEP_KX_BOOL)
		return keep_rw_fail(r, "the method `%.*s`", KEEP_F(name));
	if (k.type == KEEP_KX_SELF && !maybe && keep_kx_is_name(name))
		return keep_rw_property(r, name);
	on = keep_kx_at(r, k, KEEP_KX_POST);
	if (keep_kx_is_name(name))
		out = keep_kx_make(r, KEEP_KX_POST, KEEP_KX_ANY, "%.*s%s.%.*s",
				   KEEP_F(on), maybe ? "?" : "", KEEP_F(name));
	else
		out = keep_kx_make(r, maybe ? KEEP_KX_OR : KEEP_KX_POST,
				   KEEP_KX_ANY, "%.*s[%.*s]%s", KEEP_F(on),
				   KEEP_F(keep_kx_text(r, name).s),
				   maybe ? " ?? null" : "");
	out.own = k.own;
	return out;
}

/* --- objects of leap ------------------------------------------------------ */

struct known {
	const char *name, *kx;
	uint8_t level, type;
};
static const struct known global[] = {
	{"services", "services", KEEP_KX_POST, KEEP_KX_NAMED},
	{"tags", "tags", KEEP_KX_POST, KEEP_KX_NAMED},
	{"provider", "provider", KEEP_KX_POST, KEEP_KX_ANY},
	{"nodes", "nodes", KEEP_KX_POST, KEEP_KX_SET},
};
static const struct known platform[] = {
	{"version", "platform.version", KEEP_KX_POST, KEEP_KX_TEXT},
	{"major_version", "platform.version.split('.').slice(0, 2).join('.')",
	 KEEP_KX_POST, KEEP_KX_TEXT},
	{"monitor_username", "'monitor'", KEEP_KX_POST, KEEP_KX_TEXT},
};

static struct keep_kx find_known(struct keep_rw *r, const struct known *v,
				 size_t n, struct keep_slice name)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (keep_slice_is(name, v[i].name))
			return keep_kx_make(r, v[i].level, v[i].type, "%s",
					    v[i].kx);
	return keep_rw_fail(r, "`%.*s` of an object of leap", KEEP_F(name));
}

/* --- calls ---------------------------------------------------------------- */

static const struct keep_rw_row *find(const struct keep_rw_rows *t,
				      const struct keep_rb *x)
{
	size_t i;

	for (i = 0; i < t->n; i++)
		if (keep_slice_is(x->text, t->v[i].name))
			return &t->v[i];
	return NULL;
}

static bool fits(const struct keep_rw_row *row, const struct keep_rb *x)
{
	return x->n >= row->least && x->n <= row->most &&
	       (row->block == KEEP_RW_EITHER ||
		(row->block == KEEP_RW_BLOCK) == (x->block != NULL));
}

static struct keep_kx misused(struct keep_rw *r, const struct keep_rb *x)
{
	return keep_rw_fail(r, "`%.*s` with %u argument%s%s", KEEP_F(x->text),
			    x->n, x->n == 1 ? "" : "s",
			    x->block ? " and a block" : "");
}

static struct keep_kx run_method(struct keep_rw *r,
				 const struct keep_rw_row *row,
				 const struct keep_rb *x)
{
	struct keep_kx on;

	if (!fits(row, x))
		return misused(r, x);
	if (row->run)
		return row->run(r, x);
	on = keep_rw_end(r, keep_rw_on(r, x->on));
	if (on.type == KEEP_KX_SECRET)
		return keep_rw_fail(r, "`%.*s` of a secret, which no compile "
				    "opens", KEEP_F(x->text));
	return keep_kx_make(r, KEEP_KX_POST, row->type, "%.*s%s",
			    KEEP_F(keep_kx_at(r, on, KEEP_KX_POST)), row->kx);
}

/* In try, a method of a node that may not be there. */
static struct keep_kx method(struct keep_rw *r, const struct keep_rw_row *row,
			     const struct keep_rb *x)
{
	struct keep_kx k = run_method(r, row, x), on;

	if (!r->maybe || !k.s.p || !x->on)
		return k;
	on = keep_rw_end(r, keep_rw_on(r, x->on));
	if (!on.nothing)
		return k;
	k = keep_kx_make(r, KEEP_KX_COND, KEEP_KX_ANY,
			 "%.*s == null ? null : %.*s",
			 KEEP_F(keep_kx_at(r, on, KEEP_KX_SUM)), KEEP_F(k.s));
	k.nothing = true;
	return k;
}

static struct keep_kx member(struct keep_rw *r, const struct keep_rb *x,
			     bool step)
{
	struct keep_kx on;

	(void)step;
	if (x->n || x->block)
		return keep_rw_fail(r, "the method `%.*s`", KEEP_F(x->text));
	on = keep_rw_on(r, x->on);
	if (on.type == KEEP_KX_GLOBAL)
		return find_known(r, global, KEEP_COUNT(global), x->text);
	if (on.type == KEEP_KX_PLATFORM)
		return find_known(r, platform, KEEP_COUNT(platform), x->text);
	if (!keep_kx_is_name(x->text))
		return keep_rw_fail(r, "the method `%.*s`", KEEP_F(x->text));
	return keep_rw_member(r, on, x->text, x->flag && !r->maybe);
}

static struct keep_kx macro(struct keep_rw *r, const struct keep_rw_row *row,
			    const struct keep_rb *x)
{
	struct keep_kx k;

	if (!fits(row, x))
		return misused(r, x);
	if (row->run)
		return row->run(r, x);
	k = keep_kx_make(r, KEEP_KX_POST, row->type, "%s", row->kx);
	k.mine = row->type == KEEP_KX_SET && strcmp(row->kx, "nodes") != 0;
	return k;
}

static struct keep_kx bare(struct keep_rw *r, const struct keep_rb *x)
{
	const struct keep_rw_bound *b;
	const struct keep_rw_row *row;
	struct keep_kx k;

	for (b = r->bound; b && !x->n && !x->block; b = b->outer) {
		if (!keep_slice_eq(b->name, x->text))
			continue;
		k = keep_kx_make(r, KEEP_KX_POST, b->type, "%.*s",
				 KEEP_F(b->s));
		return k;
	}
	row = find(&keep_rw_macros, x);
	if (!row)
		row = find(&keep_rw_files, x);
	if (row)
		return macro(r, row, x);
	if (!x->n && !x->block)
		return keep_rw_property(r, x->text);
	return keep_rw_fail(r, "the macro `%.*s`", KEEP_F(x->text));
}

struct keep_kx keep_rw_call(struct keep_rw *r, const struct keep_rb *x,
			    bool step)
{
	const struct keep_rw_row *row;

	if (!x->on)
		return bare(r, x);
	row = find(&keep_rw_methods, x);
	if (!row)
		row = find(&keep_rw_blocks, x);
	return row ? method(r, row, x) : member(r, x, step);
}
