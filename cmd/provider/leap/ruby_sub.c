/* sub, gsub: of patterns, those whose meaning is an end of the text. */
#include "ruby_rw.h"

static bool is_plain(char c)
{
	return c && !strchr("\\^$.|?*+()[]{}/", c);
}

/* One literal character of a pattern, and its length there; 0: none. */
static size_t pattern_char(struct keep_slice s, char *c)
{
	size_t len = s.len > 1 && s.p[0] == '\\' ? 2 : 1;

	if (!s.len)
		return 0;
	*c = s.p[len - 1];
	if (len == 2)
		return strchr("dwshDWSHAZzbBnrtfvGRXpPkKugxc0123456789", *c) ?
			0 : 2;
	return is_plain(*c) ? 1 : 0;
}

/* The body of /body$/ or /body\z/; empty: the pattern ends otherwise. */
static struct keep_slice anchored(struct keep_slice s)
{
	s.p++;
	s.len--;
	if (!s.len || s.p[s.len - 1] != '/')
		return KEEP_S("");
	s.len--;
	if (s.len && s.p[s.len - 1] == '$' &&
	    (s.len < 2 || s.p[s.len - 2] != '\\'))
		return (struct keep_slice){s.p, s.len - 1};
	if (s.len > 1 && s.p[s.len - 2] == '\\' &&
	    (s.p[s.len - 1] == 'z' || s.p[s.len - 1] == 'Z'))
		return (struct keep_slice){s.p, s.len - 2};
	return KEEP_S("");
}

/* Whether s is [^c]*, the character written either way. */
static bool is_none_of(struct keep_slice s, char c)
{
	struct keep_slice in = {s.p + 2, s.len - 2};

	if (s.len < 5 || s.p[0] != '[' || s.p[1] != '^' ||
	    s.p[s.len - 1] != '*' || s.p[s.len - 2] != ']')
		return false;
	in.len -= 2;
	if (in.len == 2 && in.p[0] == '\\')
		return in.p[1] == c;
	return in.len == 1 && in.p[0] == c && c != '\\';
}

/* x.sub(/\.[^.]*$/, y): the last piece. x.sub(/abc$/, y): the end abc. */
static struct keep_kx sub_end(struct keep_rw *r, const struct keep_rb *x)
{
	struct keep_slice body = anchored(x->kid->text), rest, on;
	struct keep_kx by = keep_rw(r, x->last);
	struct keep_buf b = {.mem = r->mem};
	size_t len;
	char c = 0;

	on = keep_rw_open(r, x);
	len = pattern_char(body, &c);
	rest = (struct keep_slice){body.p + len, body.len - len};
	if (len && is_none_of(rest, c)) {
		keep_buf_byte(&b, (uint8_t)c);
		rest = keep_kx_text(r, keep_buf_get(&b)).s;
		return keep_kx_make(r, KEEP_KX_POST, KEEP_KX_TEXT,
				    "replace_suffix(%.*s, %.*s + "
				    "%.*s.split(%.*s).last(), %.*s)",
				    KEEP_F(on), KEEP_F(rest), KEEP_F(on),
				    KEEP_F(rest), KEEP_F(by.s));
	}
	for (; len; len = pattern_char(body, &c)) {
		keep_buf_byte(&b, (uint8_t)c);
		body.p += len;
		body.len -= len;
	}
	if (!b.len || body.len)
		return keep_rw_fail(r, "the pattern %.*s",
				    KEEP_F(x->kid->text));
	return keep_kx_make(r, KEEP_KX_POST, KEEP_KX_TEXT,
			    "replace_suffix(%.*s, %.*s, %.*s)", KEEP_F(on),
			    KEEP_F(keep_kx_text(r, keep_buf_get(&b)).s),
			    KEEP_F(by.s));
}

/* In what takes the place of a pattern, \1 has a meaning. */
static bool has_backslash(const struct keep_rb *x)
{
	return !keep_rb_is_literal(x) ||
	       memchr(x->text.p, '\\', x->text.len) != NULL;
}

struct keep_kx keep_rw_sub(struct keep_rw *r, const struct keep_rb *x)
{
	struct keep_slice on = keep_rw_open(r, x);

	if (has_backslash(x->last))
		return keep_rw_fail(r, "`%.*s` by what is no written text",
				    KEEP_F(x->text));
	if (x->kid->kind == KEEP_RB_REGEX && keep_slice_is(x->text, "sub"))
		return sub_end(r, x);
	if (!keep_rb_is_literal(x->kid) || !x->kid->text.len ||
	    !keep_slice_is(x->text, "gsub"))
		return keep_rw_fail(r, "`%.*s` of that pattern",
				    KEEP_F(x->text));
	return keep_kx_make(r, KEEP_KX_POST, KEEP_KX_TEXT,
			    "%.*s.split(%.*s).join(%.*s)", KEEP_F(on),
			    KEEP_F(keep_rw(r, x->kid).s),
			    KEEP_F(keep_rw(r, x->last).s));
}
