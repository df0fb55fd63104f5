/* The way in, and parts that are no chain. */
#include "../expr/ast.h"
#include "ruby_rw.h"

struct keep_kx keep_rw_fail(struct keep_rw *r, const char *fmt, ...)
{
	char what[256];
	va_list ap;

	if (!r->rc) {
		va_start(ap, fmt);
		vsnprintf(what, sizeof what, fmt, ap);
		va_end(ap);
		r->rc = keep_fail(r->e, KEEP_E_BAD_ARGS, "%s", what);
	}
	return (struct keep_kx){0};
}

struct keep_kx keep_kx_make(struct keep_rw *r, enum keep_kx_level level,
			    enum keep_kx_type type, const char *fmt, ...)
{
	struct keep_kx k = {.level = (uint8_t)level, .type = (uint8_t)type};
	struct keep_buf b = {.mem = r->mem, .limit = KEEP_RUBY_RESULT};
	va_list ap;

	if (r->rc)
		return (struct keep_kx){0};
	va_start(ap, fmt);
	keep_buf_vprint(&b, fmt, ap);
	va_end(ap);
	if (keep_buf_check(&b, r->e) == -KEEP_E_TOO_LARGE)
		return keep_rw_fail(r, "it becomes longer than %d bytes",
				    KEEP_RUBY_RESULT);
	if (b.failed) {
		r->rc = keep_no_memory(r->e);
		return (struct keep_kx){0};
	}
	k.s = keep_buf_get(&b);
	r->bytes += b.cap;
	if (r->bytes > KEEP_RUBY_BYTES)
		return keep_rw_fail(r, "it is too involved");
	return k;
}

struct keep_slice keep_kx_at(struct keep_rw *r, struct keep_kx k,
			     enum keep_kx_level level)
{
	if (k.level >= level || !k.s.p)
		return k.s;
	return keep_kx_make(r, KEEP_KX_POST, k.type, "(%.*s)", KEEP_F(k.s)).s;
}

struct keep_kx keep_rw_end(struct keep_rw *r, struct keep_kx k)
{
	if (!k.own)
		return k;
	return keep_kx_make(r, KEEP_KX_OR, k.type, "%.*s ?? %.*s.%.*s",
			    KEEP_F(k.s), KEEP_F(r->ruby->object), KEEP_F(k.s));
}

/* --- literals ------------------------------------------------------------- */

static void put_text(struct keep_buf *b, struct keep_slice s)
{
	size_t i;

	for (i = 0; i < s.len; i++) {
		if (s.p[i] == '\'' || s.p[i] == '$')
			keep_buf_byte(b, (uint8_t)s.p[i]);
		keep_buf_byte(b, (uint8_t)s.p[i]);
	}
}

static struct keep_kx made(struct keep_rw *r, const struct keep_buf *b,
			   enum keep_kx_type type)
{
	if (b->failed && !r->rc)
		r->rc = keep_no_memory(r->e);
	return keep_kx_make(r, KEEP_KX_POST, type, "%.*s",
			    KEEP_F(keep_buf_get(b)));
}

struct keep_kx keep_kx_text(struct keep_rw *r, struct keep_slice s)
{
	struct keep_buf b = {.mem = r->mem};

	keep_buf_byte(&b, '\'');
	put_text(&b, s);
	keep_buf_byte(&b, '\'');
	return made(r, &b, KEEP_KX_TEXT);
}

static struct keep_kx text(struct keep_rw *r, const struct keep_rb *x)
{
	return keep_kx_text(r, x->text);
}

static struct keep_kx join(struct keep_rw *r, const struct keep_rb *x)
{
	struct keep_buf b = {.mem = r->mem};
	enum keep_kx_type type = KEEP_KX_TEXT;
	const struct keep_rb *kid;
	struct keep_kx k;

	keep_buf_byte(&b, '\'');
	for (kid = x->kid; kid && !r->rc; kid = kid->next) {
		if (kid->kind == KEEP_RB_TEXT) {
			put_text(&b, kid->text);
			continue;
		}
		k = keep_rw(r, kid);
		if (k.type == KEEP_KX_SECRET)
			type = KEEP_KX_SECRET;
		keep_buf_print(&b, "${%.*s}", KEEP_F(k.s));
	}
	keep_buf_byte(&b, '\'');
	return made(r, &b, type);
}

static struct keep_kx word(struct keep_rw *r, const struct keep_rb *x)
{
	static const char *const words[] = {
		[KEEP_RB_NIL] = "null", [KEEP_RB_TRUE] = "true",
		[KEEP_RB_FALSE] = "false",
	};

	return keep_kx_make(r, KEEP_KX_POST,
			    x->kind == KEEP_RB_NIL ? KEEP_KX_ANY : KEEP_KX_BOOL,
			    "%s", words[x->kind]);
}

static struct keep_kx self(struct keep_rw *r, const struct keep_rb *x)
{
	struct keep_slice s = r->ruby->object;

	(void)x;
	if (!s.p || r->ruby->own)
		s = KEEP_S("self");
	return keep_kx_make(r, KEEP_KX_POST, KEEP_KX_SELF, "%.*s", KEEP_F(s));
}

static struct keep_kx number(struct keep_rw *r, const struct keep_rb *x)
{
	return keep_kx_make(r, KEEP_KX_POST, KEEP_KX_INT, "%.*s",
			    KEEP_F(x->text));
}

static struct keep_kx list(struct keep_rw *r, const struct keep_rb *x)
{
	struct keep_buf b = {.mem = r->mem};
	const struct keep_rb *kid;

	keep_buf_byte(&b, '[');
	for (kid = x->kid; kid && !r->rc; kid = kid->next)
		keep_buf_print(&b, "%s%.*s", kid == x->kid ? "" : ", ",
			       KEEP_F(keep_rw(r, kid).s));
	keep_buf_byte(&b, ']');
	return made(r, &b, KEEP_KX_LIST);
}

static struct keep_kx hash(struct keep_rw *r, const struct keep_rb *x)
{
	struct keep_buf b = {.mem = r->mem};
	const struct keep_rb *kid;

	keep_buf_byte(&b, '{');
	for (kid = x->kid; kid && !r->rc; kid = kid->next->next) {
		if (!keep_rb_is_literal(kid) || !keep_kx_is_name(kid->text))
			return keep_rw_fail(r, "a key of a hash that is no "
					    "name");
		keep_buf_print(&b, "%s%.*s: %.*s", kid == x->kid ? "" : ", ",
			       KEEP_F(kid->text),
			       KEEP_F(keep_rw(r, kid->next).s));
	}
	keep_buf_byte(&b, '}');
	return made(r, &b, KEEP_KX_ANY);
}

/* --- operators ------------------------------------------------------------ */

static struct keep_kx negative(struct keep_rw *r, const struct keep_rb *x)
{
	struct keep_kx k = keep_rw(r, x->kid);

	return keep_kx_make(r, KEEP_KX_UNARY, KEEP_KX_INT, "-%.*s",
			    KEEP_F(keep_kx_at(r, k, KEEP_KX_POST)));
}

static struct keep_kx compare(struct keep_rw *r, const struct keep_rb *x)
{
	struct keep_kx a = keep_rw(r, x->kid), b = keep_rw(r, x->last);

	if (a.type == KEEP_KX_SECRET || b.type == KEEP_KX_SECRET)
		return keep_rw_fail(r, "it compares a secret");
	return keep_kx_make(r, KEEP_KX_CMP, KEEP_KX_BOOL, "%.*s %.*s %.*s",
			    KEEP_F(keep_kx_at(r, a, KEEP_KX_SUM)),
			    KEEP_F(x->text),
			    KEEP_F(keep_kx_at(r, b, KEEP_KX_SUM)));
}

/* Of a sum: a secret stays one, else what is known of either. */
static enum keep_kx_type sum_type(struct keep_kx a, struct keep_kx b)
{
	if (a.type == KEEP_KX_SECRET || b.type == KEEP_KX_SECRET)
		return KEEP_KX_SECRET;
	return a.type == KEEP_KX_ANY ? b.type : a.type;
}

static struct keep_kx arithmetic(struct keep_rw *r, const struct keep_rb *x)
{
	struct keep_kx a = keep_rw(r, x->kid), b = keep_rw(r, x->last);
	bool product = x->text.p && x->text.p[0] == '*';
	enum keep_kx_level level = product ? KEEP_KX_MUL : KEEP_KX_SUM;
	enum keep_kx_type type = sum_type(a, b);

	if (!keep_slice_is(x->text, "+") &&
	    type != KEEP_KX_INT && type != KEEP_KX_ANY)
		return keep_rw_fail(r, "`%.*s` of what is no number",
				    KEEP_F(x->text));
	return keep_kx_make(r, level, type, "%.*s %.*s %.*s",
			    KEEP_F(keep_kx_at(r, a, level)), KEEP_F(x->text),
			    KEEP_F(keep_kx_at(r, b, level + 1)));
}

static struct keep_kx binary(struct keep_rw *r, const struct keep_rb *x)
{
	if (strchr("=!<>", x->text.p[0]))
		return compare(r, x);
	/* Ruby rounds down, and formats texts. */
	if (x->text.p[0] == '/' || x->text.p[0] == '%')
		return keep_rw_fail(r, "the operator `%.*s`", KEEP_F(x->text));
	return arithmetic(r, x);
}

static struct keep_kx constant(struct keep_rw *r, const struct keep_rb *x)
{
	if (keep_slice_is(x->text, "Leap::Platform"))
		return (struct keep_kx){KEEP_S(""), KEEP_KX_POST,
					.type = KEEP_KX_PLATFORM};
	return keep_rw_fail(r, "the constant `%.*s`", KEEP_F(x->text));
}

static struct keep_kx alone(struct keep_rw *r, const struct keep_rb *x)
{
	return keep_rw_fail(r, x->kind == KEEP_RB_REGEX ?
			    "a pattern that stands alone" :
			    "a range that stands alone");
}

/* --- dispatch ------------------------------------------------------------- */

static struct keep_kx (*const kinds[])(struct keep_rw *,
				       const struct keep_rb *) = {
	[KEEP_RB_NIL] = word, [KEEP_RB_TRUE] = word, [KEEP_RB_FALSE] = word,
	[KEEP_RB_SELF] = self, [KEEP_RB_INT] = number, [KEEP_RB_TEXT] = text,
	[KEEP_RB_JOIN] = join, [KEEP_RB_REGEX] = alone,
	[KEEP_RB_LIST] = list, [KEEP_RB_HASH] = hash, [KEEP_RB_RANGE] = alone,
	[KEEP_RB_CONST] = constant, [KEEP_RB_NOT] = keep_rw_not,
	[KEEP_RB_NEG] = negative, [KEEP_RB_AND] = keep_rw_and,
	[KEEP_RB_OR] = keep_rw_or, [KEEP_RB_BINARY] = binary,
	[KEEP_RB_COND] = keep_rw_if,
};

static struct keep_kx part(struct keep_rw *r, const struct keep_rb *x,
			   bool step)
{
	if (r->rc)
		return (struct keep_kx){0};
	if (r->steps++ == KEEP_RUBY_STEPS)
		return keep_rw_fail(r, "it is too involved");
	if (x->kind == KEEP_RB_CALL)
		return keep_rw_call(r, x, step);
	if (x->kind == KEEP_RB_INDEX)
		return keep_rw_index(r, x, step);
	return kinds[x->kind](r, x);
}

struct keep_kx keep_rw(struct keep_rw *r, const struct keep_rb *x)
{
	bool maybe = r->maybe;
	struct keep_kx k;

	r->maybe = false;
	k = keep_rw_end(r, part(r, x, false));
	r->maybe = maybe;
	if (k.s.p && (k.type == KEEP_KX_GLOBAL || k.type == KEEP_KX_PLATFORM))
		return keep_rw_fail(r, "an object of leap that stands alone");
	return k;
}

struct keep_kx keep_rw_on(struct keep_rw *r, const struct keep_rb *x)
{
	return part(r, x, true);
}

struct keep_kx keep_rw_maybe(struct keep_rw *r, const struct keep_rb *x)
{
	bool maybe = r->maybe;
	struct keep_kx k;

	r->maybe = true;
	k = keep_rw_end(r, part(r, x, true));
	r->maybe = maybe;
	return k;
}

static int check(struct keep_rw *r, struct keep_slice s)
{
	struct keep_parse_fault fault = {0};
	const struct keep_ast *ast;
	int rc = keep_parse(r->mem, s, &ast, &fault);

	if (rc != -KEEP_E_BAD_ARGS)
		return rc ? keep_no_memory(r->e) : 0;
	return keep_fail(r->e, KEEP_E_BAD_ARGS,
			 "it becomes `%.*s`: %s",
			 (int)(s.len < 200 ? s.len : 200), s.p,
			 fault.err.message);
}

int keep_ruby_rewrite(struct keep_mem *m, const struct keep_ruby *ruby,
		      struct keep_slice *kx, struct keep_err *why)
{
	struct keep_rw r = {.mem = m, .ruby = ruby, .e = why};
	const struct keep_rb *tree;
	int rc;

	if (!ruby->text.len || ruby->text.len > KEEP_RUBY_SOURCE)
		return keep_fail(why, KEEP_E_BAD_ARGS, "an expression has 1 to "
				 "%d bytes, this %zu", KEEP_RUBY_SOURCE,
				 ruby->text.len);
	if (!keep_utf8_ok(ruby->text) ||
	    memchr(ruby->text.p, 0, ruby->text.len))
		return keep_fail(why, KEEP_E_BAD_ARGS, "it is no UTF-8 text");
	rc = keep_ruby_parse(m, ruby->text, &tree, why);
	if (rc)
		return rc;
	*kx = keep_rw(&r, tree).s;
	return r.rc ? r.rc : check(&r, *kx);
}
