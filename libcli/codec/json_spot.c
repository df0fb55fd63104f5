#include <string.h>
#include "json_spot.h"

/* What is open at the end ends there: such a document was not read well, but
 * an offset has to stay in it. */
static size_t within(struct keep_slice text, size_t at)
{
	return at < text.len ? at : text.len;
}

size_t keep_json_skip(struct keep_slice text, size_t at)
{
	size_t begin;

	do {
		begin = keep_json_blank_end(text, at);
		at = within(text, keep_json_comment_end(text, begin));
	} while (at > begin);
	return at;
}

static bool is_open(char c)
{
	return c == '{' || c == '[';
}

static bool is_close(char c)
{
	return c == '}' || c == ']';
}

size_t keep_json_value_end(struct keep_slice text, size_t at)
{
	size_t depth = 0;

	do {
		char c = keep_json_byte(text, at);

		depth += is_open(c);
		depth -= is_close(c) && depth;
		if (c == '"')
			at = within(text, keep_json_text_end(text, at));
		else if (keep_json_word_end(text, at) > at)
			at = keep_json_word_end(text, at);
		else
			at++;
		if (depth)
			at = keep_json_skip(text, at);
	} while (depth && at < text.len);
	return within(text, at);
}

/* The member behind the '{' or ',' at BEFORE; false when none is there. */
static bool next(struct keep_slice text, size_t before,
		 struct keep_json_spot *s)
{
	size_t key = keep_json_skip(text, before + 1), colon, comma;

	if (keep_json_byte(text, key) != '"')
		return false;
	colon = keep_json_skip(text,
			       within(text, keep_json_text_end(text, key)));
	s->previous_end = s->end;
	s->before = before;
	s->key = key;
	s->value = keep_json_skip(text, within(text, colon + 1));
	s->end = keep_json_value_end(text, s->value);
	comma = keep_json_skip(text, s->end);
	s->comma = keep_json_byte(text, comma) == ',' ? comma : 0;
	return true;
}

/* Whether the key at AT is KEY; one with escapes has to be read. */
static bool is_key(struct keep_slice text, size_t at, struct keep_slice key)
{
	KEEP_AUTO(keep_mem) m = {0};
	struct keep_problems ps = {.mem = &m};
	size_t end = within(text, keep_json_text_end(text, at));
	struct keep_slice raw = {text.p + at, end - at};
	struct keep_json v;

	if (raw.len < 2)
		return false;
	if (!memchr(raw.p, '\\', raw.len))
		return keep_slice_eq(key, (struct keep_slice){raw.p + 1,
							      raw.len - 2});
	return keep_json_read(&m, raw, NULL, KEEP_JSON_STRICT, &ps, &v) == 0 &&
	       keep_slice_eq(key, keep_json_text(&v));
}

bool keep_json_spot_find(struct keep_slice text, size_t open,
			 struct keep_slice key, struct keep_json_spot *s)
{
	size_t before = open;

	*s = (struct keep_json_spot){0};
	while (next(text, before, s)) {
		if (is_key(text, s->key, key))
			return true;
		before = s->comma;
		if (!before)
			break;
	}
	return false;
}

bool keep_json_breaks(struct keep_slice text, size_t from, size_t to)
{
	return from < to && memchr(text.p + from, '\n', to - from);
}

struct keep_slice keep_json_indent(struct keep_slice text, size_t at)
{
	size_t begin = at, end;

	while (begin && text.p[begin - 1] != '\n')
		begin--;
	for (end = begin; end < at; end++)
		if (text.p[end] != ' ' && text.p[end] != '\t')
			break;
	return (struct keep_slice){text.p + begin, end - begin};
}

size_t keep_json_blank_begin(struct keep_slice text, size_t at)
{
	while (at && (text.p[at - 1] == ' ' || text.p[at - 1] == '\t'))
		at--;
	return at;
}

size_t keep_json_line_end(struct keep_slice text, size_t at)
{
	while (keep_json_byte(text, at) == ' ' ||
	       keep_json_byte(text, at) == '\t')
		at++;
	if (keep_json_byte(text, at) == '\n' ||
	    (keep_json_byte(text, at) == '\r' &&
	     keep_json_byte(text, at + 1) == '\n'))
		return at;
	return 0;
}

size_t keep_json_remark_end(struct keep_slice text, size_t at)
{
	size_t begin, end = at;

	for (;;) {
		begin = keep_json_blank_end(text, end);
		if (keep_json_breaks(text, end, begin))
			return end;
		end = within(text, keep_json_comment_end(text, begin));
		if (end == begin)
			return at;
		at = end;
	}
}
