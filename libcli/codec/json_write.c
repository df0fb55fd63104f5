#include <inttypes.h>
#include <stdlib.h>
#include <keep/text.h>
#include "json_sort.h"

static bool is_plain(uint32_t c)
{
	return c != '"' && c != '\\' && keep_text_shows(c);
}

static void escape(struct keep_buf *b, uint32_t c)
{
	switch (c) {
	case '"': keep_buf_text(b, "\\\""); break;
	case '\\': keep_buf_text(b, "\\\\"); break;
	case '\b': keep_buf_text(b, "\\b"); break;
	case '\f': keep_buf_text(b, "\\f"); break;
	case '\n': keep_buf_text(b, "\\n"); break;
	case '\r': keep_buf_text(b, "\\r"); break;
	case '\t': keep_buf_text(b, "\\t"); break;
	default: keep_buf_print(b, "\\u%04x", c);
	}
}

/* S is UTF-8. */
static void put_utf8(struct keep_buf *b, struct keep_slice s)
{
	size_t from = 0, at, len;

	for (at = 0; at < s.len; at += len) {
		uint32_t c = keep_utf8_get(s.p + at, &len);

		if (is_plain(c))
			continue;
		keep_buf_put(b, s.p + from, at - from);
		escape(b, c);
		from = at + len;
	}
	keep_buf_put(b, s.p + from, at - from);
}

/* How much of S stands for itself: most texts are such ASCII. */
static size_t simple(struct keep_slice s)
{
	size_t n = 0;

	while (n < s.len && s.p[n] >= ' ' && s.p[n] < 0x7f &&
	       s.p[n] != '"' && s.p[n] != '\\')
		n++;
	return n;
}

void keep_json_put_text(struct keep_buf *b, struct keep_slice s)
{
	size_t good = simple(s);

	keep_buf_byte(b, '"');
	keep_buf_put(b, s.p, good);
	s = (struct keep_slice){s.p + good, s.len - good};
	while (s.len) {
		good = keep_utf8_check(s);
		put_utf8(b, (struct keep_slice){s.p, good});
		if (good == s.len)
			break;
		keep_utf8_put(b, 0xfffd);
		s = (struct keep_slice){s.p + good + 1, s.len - good - 1};
	}
	keep_buf_byte(b, '"');
}

/* The break before an element or a closing bracket. */
static void new_line(struct keep_buf *b, int style, unsigned depth)
{
	static const char blanks[] = "\n                                ";
	const size_t most = sizeof blanks - 2;
	size_t len = (size_t)depth * 2;

	if (!(style & KEEP_JSON_PRETTY))
		return;
	keep_buf_put(b, blanks, 1 + (len < most ? len : most));
	for (; len > most; len -= 2)
		keep_buf_put(b, "  ", 2);
}

static void put(struct keep_buf *b, const struct keep_json *v, int style,
		unsigned depth);

static void put_list(struct keep_buf *b, const struct keep_json *v, int style,
		     unsigned depth)
{
	uint32_t i;

	keep_buf_byte(b, '[');
	for (i = 0; i < v->n; i++) {
		if (i)
			keep_buf_byte(b, ',');
		new_line(b, style, depth + 1);
		put(b, &v->list[i], style, depth + 1);
	}
	if (v->n)
		new_line(b, style, depth);
	keep_buf_byte(b, ']');
}

static void put_object(struct keep_buf *b, const struct keep_json *v,
		       int style, unsigned depth)
{
	const struct keep_json_member **sorted = NULL;
	KEEP_AUTO(keep_buf) scratch = {0};
	uint32_t i;

	if (style & KEEP_JSON_SORTED && v->n > 1) {
		sorted = keep_json_sort(&scratch, v, keep_slice_cmp);
		b->failed |= !sorted;
	}
	keep_buf_byte(b, '{');
	for (i = 0; i < v->n; i++) {
		const struct keep_json_member *m =
			sorted ? sorted[i] : &v->members[i];

		if (i)
			keep_buf_byte(b, ',');
		new_line(b, style, depth + 1);
		keep_json_put_text(b, m->key);
		keep_buf_text(b, style & KEEP_JSON_PRETTY ? ": " : ":");
		put(b, &m->value, style, depth + 1);
	}
	if (v->n)
		new_line(b, style, depth);
	keep_buf_byte(b, '}');
}

static void put(struct keep_buf *b, const struct keep_json *v, int style,
		unsigned depth)
{
	switch (v->type) {
	case KEEP_JSON_NULL: keep_buf_text(b, "null"); break;
	case KEEP_JSON_BOOL:
		keep_buf_text(b, v->number ? "true" : "false");
		break;
	case KEEP_JSON_INT: keep_buf_print(b, "%" PRId64, v->number); break;
	case KEEP_JSON_DOUBLE: keep_buf_put(b, v->text, v->n); break;
	case KEEP_JSON_TEXT: keep_json_put_text(b, keep_json_text(v)); break;
	case KEEP_JSON_LIST: put_list(b, v, style, depth); break;
	default: put_object(b, v, style, depth);
	}
}

void keep_json_put(struct keep_buf *b, const struct keep_json *v, int style)
{
	put(b, v, style, 0);
}
