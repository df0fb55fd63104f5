/* Functions and methods on texts and numbers. */
#include <keep/hash.h>
#include <keep/text.h>
#include "fn.h"
#include "form.h"

static size_t characters(struct keep_slice s)
{
	size_t i, n = 0;

	for (i = 0; i < s.len; i++)
		n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
	return n;
}

/* Byte offset of character n; the end for one behind it. */
static size_t offset(struct keep_slice s, size_t n)
{
	size_t at = 0, len;

	while (at < s.len && n--) {
		keep_utf8_get(s.p + at, &len);
		at += len;
	}
	return at;
}

/* A text of one piece. */
static int give(struct keep_call *c, struct keep_slice s,
		struct keep_value *out)
{
	KEEP_AUTO(keep_joint) j = {0};
	struct keep_value v = keep_v_text(s);

	keep_joint_add(&j, &v);
	return keep_joint_value(c->ev, c->at, &j, out);
}

static int give_buf(struct keep_call *c, const struct keep_buf *b,
		    struct keep_value *out)
{
	return b->failed ? -KEEP_E_NO_MEMORY : give(c, keep_buf_get(b), out);
}

static int str(struct keep_call *c, struct keep_value *out)
{
	KEEP_AUTO(keep_joint) j = {0};

	if (!strchr("tib", keep_v_letter(&c->args[0])))
		return keep_call_fault(c, "it takes a text, integer or bool; "
				       "this is %s", keep_v_name(&c->args[0]));
	keep_joint_add(&j, &c->args[0]);
	return keep_joint_value(c->ev, c->at, &j, out);
}

static int integer(struct keep_call *c, struct keep_value *out)
{
	struct keep_slice s = keep_v_slice(&c->args[0]);
	int64_t v;

	if (!keep_num_int(s, &v))
		return keep_call_fault(c, "'%.*s' is no integer of 64 bits",
				       (int)(s.len < 64 ? s.len : 64), s.p);
	*out = keep_v_int(v);
	return 0;
}

static int size_of(struct keep_call *c, const struct keep_value *v,
		   struct keep_value *out)
{
	if (!strchr("tloS", keep_v_letter(v)))
		return keep_call_fault(c, "%s has no length", keep_v_name(v));
	*out = keep_v_int(v->kind == KEEP_V_TEXT ?
			  (int64_t)characters(keep_v_slice(v)) : v->n);
	return 0;
}

static int len(struct keep_call *c, struct keep_value *out)
{
	return size_of(c, &c->args[0], out);
}

static int size(struct keep_call *c, struct keep_value *out)
{
	return size_of(c, &c->on, out);
}

/* b64, hex and sha256 of a secret are left to the deploy, which can do them
 * for one secret alone. */
static int deferred(struct keep_call *c, struct keep_value *out)
{
	struct keep_slice s = keep_v_slice(&c->args[0]);
	KEEP_AUTO(keep_buf) b = {0};
	struct keep_value v;
	KEEP_AUTO(keep_joint) j = {0};
	int rc;

	if (!keep_form_is_plain(s)) {
		rc = keep_call_fault(c, "a secret that is joined with text "
				     "cannot be encoded");
		keep_problem_hint(c->ev->ps, "encode it alone: %s(secret('n'))",
				  c->at->fn->doc.name);
		return rc;
	}
	keep_buf_print(&b, "<%s %.*s", c->at->fn->doc.name, (int)s.len - 1,
		       s.p + 1);
	if (b.failed)
		return -KEEP_E_NO_MEMORY;
	v = keep_v_text(keep_buf_get(&b));
	v.secret = true;
	keep_joint_add(&j, &v);
	return keep_joint_value(c->ev, c->at, &j, out);
}

static int base64(struct keep_call *c, struct keep_value *out)
{
	KEEP_AUTO(keep_buf) b = {0};

	if (c->args[0].secret)
		return deferred(c, out);
	keep_base64_put(&b, keep_v_slice(&c->args[0]));
	return give_buf(c, &b, out);
}

static int hex(struct keep_call *c, struct keep_value *out)
{
	struct keep_slice s = keep_v_slice(&c->args[0]);
	KEEP_AUTO(keep_buf) b = {0};

	if (c->args[0].secret)
		return deferred(c, out);
	keep_hex_put(&b, s.p, s.len);
	return give_buf(c, &b, out);
}

static int sha256(struct keep_call *c, struct keep_value *out)
{
	KEEP_AUTO(keep_buf) b = {0};
	uint8_t hash[KEEP_SHA256_LEN];

	if (c->args[0].secret)
		return deferred(c, out);
	keep_sha256(keep_v_slice(&c->args[0]), hash);
	keep_hex_put(&b, hash, sizeof hash);
	return give_buf(c, &b, out);
}

static bool has_secret(const struct keep_json *v)
{
	bool has = v->mark & KEEP_MARK_SECRET;
	size_t i;

	if (v->type == KEEP_JSON_LIST)
		for (i = 0; i < v->n && !has; i++)
			has = has_secret(&v->list[i]);
	else if (v->type == KEEP_JSON_OBJECT)
		for (i = 0; i < v->n && !has; i++)
			has = has_secret(&v->members[i].value);
	return has;
}

static int json(struct keep_call *c, struct keep_value *out)
{
	KEEP_AUTO(keep_buf) b = {.limit = KEEP_EXPR_TEXT};
	struct keep_json v;
	uint32_t level = c->ev->level;
	int rc;

	c->ev->level = 0;
	rc = keep_ev_plain(c->ev, &c->args[0], &v);
	c->ev->level = level;
	if (rc)
		return rc;
	if (has_secret(&v))
		return keep_call_fault(c, "the value holds a secret, whose "
				       "quoting is not known yet");
	keep_json_put(&b, &v, KEEP_JSON_COMPACT);
	if (b.failed && b.len > KEEP_EXPR_TEXT / 2)
		return keep_call_fault(c, "the text has more than %d bytes",
				       KEEP_EXPR_TEXT);
	return give_buf(c, &b, out);
}

static int sh(struct keep_call *c, struct keep_value *out)
{
	struct keep_slice s = keep_v_slice(&c->args[0]);
	KEEP_AUTO(keep_buf) b = {0};

	keep_shell_quote(&b, s);
	return give_buf(c, &b, out);
}

static bool ends_with(struct keep_slice s, struct keep_slice end)
{
	return s.len >= end.len &&
	       keep_bytes_equal(s.p + s.len - end.len, end.p, end.len);
}

static int replace_suffix(struct keep_call *c, struct keep_value *out)
{
	struct keep_slice s = keep_v_slice(&c->args[0]);
	struct keep_slice old = keep_v_slice(&c->args[1]);
	KEEP_AUTO(keep_buf) b = {0};

	if (!ends_with(s, old)) {
		*out = c->args[0];
		return 0;
	}
	keep_buf_put(&b, s.p, s.len - old.len);
	keep_buf_slice(&b, keep_v_slice(&c->args[2]));
	return give_buf(c, &b, out);
}

/* Letters from FIRST on, of ASCII, to the other case. */
static int change_case(struct keep_call *c, char first, struct keep_value *out)
{
	struct keep_slice s = keep_v_slice(&c->on);
	KEEP_AUTO(keep_buf) b = {0};
	size_t i;

	for (i = 0; i < s.len; i++)
		keep_buf_byte(&b, (uint8_t)(s.p[i] >= first &&
					    s.p[i] <= first + 25 ?
					    s.p[i] ^ 0x20 : s.p[i]));
	return give_buf(c, &b, out);
}

static int upper(struct keep_call *c, struct keep_value *out)
{
	return change_case(c, 'a', out);
}

static int lower(struct keep_call *c, struct keep_value *out)
{
	return change_case(c, 'A', out);
}

static size_t count(struct keep_slice s, struct keep_slice part)
{
	const char *end = s.p + s.len, *p;
	size_t n = 0;

	while ((p = memmem(s.p, (size_t)(end - s.p), part.p, part.len))) {
		s.p = p + part.len;
		n++;
	}
	return n;
}

/* The parts share the bytes of the text. */
static int split(struct keep_call *c, struct keep_value *out)
{
	struct keep_slice s = keep_v_slice(&c->on);
	struct keep_slice by = keep_v_slice(&c->args[0]);
	struct keep_value *v;
	size_t i, n;
	int rc = 0;

	if (by.len == 0)
		return keep_call_fault(c, "the separator is empty");
	n = s.len ? count(s, by) + 1 : 0;
	v = keep_ev_alloc(c->ev, n, sizeof *v, &rc);
	for (i = 0; v && i < n; i++) {
		const char *p = memmem(s.p, s.len, by.p, by.len);
		size_t part = p ? (size_t)(p - s.p) : s.len;

		v[i] = keep_v_text((struct keep_slice){s.p, part});
		part += p ? by.len : 0;
		s.p += part;
		s.len -= part;
	}
	*out = keep_v_list(v, n);
	return rc ? rc : keep_ev_steps(c->ev, n);
}

static int slice_list(struct keep_call *c, size_t from, size_t n,
		      struct keep_value *out)
{
	int rc = 0;
	struct keep_value *v;
	size_t i;

	if (from > c->on.n)
		from = c->on.n;
	if (n > c->on.n - from)
		n = c->on.n - from;
	v = keep_ev_alloc(c->ev, n, sizeof *v, &rc);
	for (i = 0; i < n && !rc; i++)
		rc = keep_v_item(c->ev, &c->on, from + i, &v[i]);
	*out = keep_v_list(v, n);
	return rc ? rc : keep_ev_steps(c->ev, n);
}

static int slice(struct keep_call *c, struct keep_value *out)
{
	struct keep_slice s = keep_v_slice(&c->on);
	int64_t from = c->args[0].number;
	int64_t n = c->n > 1 ? c->args[1].number : INT64_MAX;

	if (from < 0 || n < 0)
		return keep_call_fault(c, "%lld is less than 0",
				       (long long)(from < 0 ? from : n));
	if (c->on.kind == KEEP_V_LIST)
		return slice_list(c, (size_t)from, (size_t)n, out);
	from = (int64_t)offset(s, (size_t)from);
	s = (struct keep_slice){s.p + from, s.len - (size_t)from};
	s.len = offset(s, (size_t)n);
	return give(c, s, out);
}

static const struct keep_fn rows[] = {
	{{"str", "value", "text", "null is an error",
	  "str(80) + '/tcp'", "\"80/tcp\""}, NULL, "v", str},
	{{"int", "text", "integer", "what is no integer is an error",
	  "int('80') + 1", "81"}, NULL, "t", integer},
	{{"len", "value", "integer: characters, elements, members or nodes",
	  "0", "len('mañana')", "6"}, NULL, "v", len},
	{{"b64", "text", "base64 text; of one secret: left to the deploy", "''",
	  "b64('keep')", "\"a2VlcA==\""}, NULL, "T", base64},
	{{"hex", "text", "hex text; of one secret: left to the deploy", "''",
	  "hex('keep')", "\"6b656570\""}, NULL, "T", hex},
	{{"sha256", "text", "hex text; of one secret: left to the deploy",
	  "the hash of ''", "sha256('').slice(0, 8)", "\"e3b0c442\""},
	 NULL, "T", sha256},
	{{"json", "value", "the value as JSON text", "'null'",
	  "json({a: [1, null]})", "\"{\\\"a\\\":[1,null]}\""},
	 NULL, "v", json},
	{{"sh", "text", "the text quoted for a shell", "two quotes",
	  "sh('it''s')", "\"'it'\\\\''s'\""}, NULL, "t", sh},
	{{"replace_suffix", "text, old, new", "text",
	  "the text itself where it does not end with old",
	  "replace_suffix('a.org', '.org', '.i')", "\"a.i\""},
	 NULL, "ttt", replace_suffix},
	{{".upper", "", "text, a-z as A-Z", "''", "'web1'.upper()",
	  "\"WEB1\""}, "t", "", upper},
	{{".lower", "", "text, A-Z as a-z", "''", "'Web1'.lower()",
	  "\"web1\""}, "t", "", lower},
	{{".split", "separator", "list of texts", "an empty text: []",
	  "'a@b.org'.split('@')", "[\"a\",\"b.org\"]"}, "t", "t", split},
	{{".slice", "start [, count]", "characters of a text, or elements",
	  "shorter, or empty, behind the end", "'provider'.slice(0, 4)",
	  "\"prov\""}, "tl", "ii?", slice},
	{{".size", "", "integer: as len", "0", "[1, 2].size()", "2"},
	 "tloS", "", size},
};
const struct keep_fns keep_fns_text = {rows, KEEP_COUNT(rows)};
