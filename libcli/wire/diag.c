/* Diagnostic notation. It descends no deeper than the validator lets. */
#include <math.h>
#include <string.h>
#include <keep/cbor.h>
#include <keep/text.h>

struct diag {
	struct keep_slice in;
	struct keep_buf *out;
	unsigned depth;
};

static void put_item(struct diag *d);

/* N items with a comma between; a map's pairs have a colon within. */
static void put_items(struct diag *d, uint64_t n, bool map)
{
	uint64_t i;

	for (i = 0; i < n && d->in.len; i++) {
		if (i)
			keep_buf_text(d->out, ", ");
		put_item(d);
		if (map) {
			keep_buf_text(d->out, ": ");
			put_item(d);
		}
	}
}

static void put_code(struct keep_buf *out, uint32_t code)
{
	if (!keep_text_shows(code)) {
		keep_buf_print(out, "\\u%04x", code);
		return;
	}
	if (code == '"' || code == '\\')
		keep_buf_byte(out, '\\');
	keep_utf8_put(out, code);
}

static void put_text(struct keep_buf *out, struct keep_slice s)
{
	size_t at, step;

	s.len = keep_utf8_check(s);
	keep_buf_byte(out, '"');
	for (at = 0; at < s.len; at += step)
		put_code(out, keep_utf8_get(s.p + at, &step));
	keep_buf_byte(out, '"');
}

static void put_bytes(struct keep_buf *out, struct keep_slice s)
{
	keep_buf_text(out, "h'");
	keep_hex_put(out, s.p, s.len);
	keep_buf_byte(out, '\'');
}

/* A double is told from a number by its point or exponent. */
static void put_double(struct keep_buf *out, double v)
{
	size_t at = out->len;

	keep_double_put(out, v);
	if (!out->failed && !memchr(out->p + at, '.', out->len - at) &&
	    !memchr(out->p + at, 'e', out->len - at))
		keep_buf_text(out, ".0");
}

static void put_negative(struct keep_buf *out, uint64_t v)
{
	if (v == UINT64_MAX)
		keep_buf_text(out, "-18446744073709551616");
	else
		keep_buf_print(out, "-%ju", (uintmax_t)v + 1);
}

static void put_head(struct keep_buf *out, const struct keep_cbor_head *h)
{
	struct keep_slice s = {h->p, (size_t)h->v};

	switch (h->kind) {
	case KEEP_CBOR_UINT: keep_buf_print(out, "%ju", (uintmax_t)h->v); break;
	case KEEP_CBOR_NINT: put_negative(out, h->v); break;
	case KEEP_CBOR_BYTES: put_bytes(out, s); break;
	case KEEP_CBOR_TEXT: put_text(out, s); break;
	case KEEP_CBOR_LIST: keep_buf_byte(out, '['); break;
	case KEEP_CBOR_MAP: keep_buf_byte(out, '{'); break;
	case KEEP_CBOR_TAG: keep_buf_print(out, "%ju(", (uintmax_t)h->v); break;
	case KEEP_CBOR_BOOL: keep_buf_text(out, h->v ? "true" : "false"); break;
	case KEEP_CBOR_NULL: keep_buf_text(out, "null"); break;
	case KEEP_CBOR_DOUBLE: put_double(out, h->d); break;
	case KEEP_CBOR_END: break;
	}
}

static void put_item(struct diag *d)
{
	struct keep_cbor_head h = keep_cbor_next(&d->in);
	bool list = h.kind == KEEP_CBOR_LIST, map = h.kind == KEEP_CBOR_MAP;

	put_head(d->out, &h);
	if (h.kind == KEEP_CBOR_END)
		d->in.len = 0;
	if ((!list && !map && h.kind != KEEP_CBOR_TAG) ||
	    d->depth == KEEP_CBOR_DEPTH_MAX)
		return;
	d->depth++;
	put_items(d, h.kind == KEEP_CBOR_TAG ? 1 : h.v, map);
	d->depth--;
	keep_buf_byte(d->out, list ? ']' : map ? '}' : ')');
}

void keep_cbor_diag(struct keep_slice item, struct keep_buf *out)
{
	struct diag d = {.in = item, .out = out};

	put_item(&d);
}
