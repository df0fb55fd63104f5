/* Texts of a document: their escapes, and what a text may not hold. */
#include <string.h>
#include <keep/text.h>
#include "json_reader.h"

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The code unit of the \uXXXX at AT; -1 when there is none. */
static int32_t code_unit(struct keep_slice text, size_t at)
{
	int32_t unit = 0;
	size_t i;

	if (keep_json_byte(text, at) != '\\' ||
	    keep_json_byte(text, at + 1) != 'u')
		return -1;
	for (i = at + 2; i < at + 6; i++) {
		int digit = hex_digit(keep_json_byte(text, i));

		if (digit < 0)
			return -1;
		unit = unit << 4 | digit;
	}
	return unit;
}

/* Takes \uXXXX, or two of them that are one character. */
static bool unicode(struct keep_json_reader *r, struct keep_buf *b)
{
	struct keep_json_place place = keep_json_place(r, r->at);
	int32_t unit = code_unit(r->text, r->at);
	int32_t low = code_unit(r->text, r->at + 6);

	if (unit < 0) {
		keep_json_fault(r, place, "\\u without four hex digits");
		return false;
	}
	r->at += 6;
	if (unit >= 0xd800 && unit < 0xdc00 && low >= 0xdc00 && low < 0xe000) {
		r->at += 6;
		unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
	} else if (unit >= 0xd800 && unit < 0xe000) {
		keep_json_fault(r, place, "\\u%04x is half a character",
				(unsigned)unit);
		keep_problem_hint(r->ps, "characters over \\uffff are two of "
				  "these: \\ud83d\\ude00");
	} else if (unit == 0) {
		keep_json_fault(r, place, "\\u0000: a text holds no NUL");
	}
	keep_utf8_put(b, (uint32_t)unit);
	return true;
}

static bool escape(struct keep_json_reader *r, struct keep_buf *b)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	char c = keep_json_byte(r->text, r->at + 1);
	const char *found = c ? strchr(from, c) : NULL;

	if (c == 'u')
		return unicode(r, b);
	if (found) {
		keep_buf_byte(b, (uint8_t)to[found - from]);
		r->at += 2;
		return true;
	}
	keep_json_fault(r, keep_json_place(r, r->at), "'\\%s' is no escape",
			c > ' ' && c < 0x7f ? (char[]){c, '\0'} : "");
	keep_problem_hint(r->ps, "a backslash itself is written \\\\");
	return false;
}

static bool control(struct keep_json_reader *r)
{
	unsigned c = (unsigned char)r->text.p[r->at];

	keep_json_fault(r, keep_json_place(r, r->at),
			"a text holds the control character 0x%02x", c);
	if (c)
		keep_problem_hint(r->ps, "write it as \\u%04x", c);
	else
		keep_problem_hint(r->ps, "a text holds no NUL");
	return false;
}

/* Decodes what stands before END; B has room for all of it. */
static bool decode(struct keep_json_reader *r, size_t end, struct keep_buf *b)
{
	const char *p = r->text.p;
	size_t from;

	while (r->at < end) {
		for (from = r->at; r->at < end && p[r->at] != '\\' &&
		     (unsigned char)p[r->at] >= 0x20; r->at++)
			;
		keep_buf_put(b, p + from, r->at - from);
		if (r->at == end)
			break;
		if (p[r->at] != '\\')
			return control(r);
		if (!escape(r, b))
			return false;
	}
	return true;
}

bool keep_json_take_text(struct keep_json_reader *r, struct keep_slice *out)
{
	size_t end = keep_json_text_end(r->text, r->at);
	struct keep_buf b = {.mem = r->m};

	if (end == KEEP_JSON_OPEN) {
		keep_json_fault(r, keep_json_place(r, r->at),
				"a text begins here and does not end");
		keep_problem_hint(r->ps, "close it with '\"' on the same line; "
				  "a line break in it is written \\n");
		return false;
	}
	b.cap = end - r->at - 1;
	b.p = keep_mem_alloc(r->m, b.cap);
	if (!b.p) {
		r->no_memory = true;
		return false;
	}
	r->at++;
	if (!decode(r, end - 1, &b))
		return false;
	r->at = end;
	*out = keep_buf_get(&b);
	return true;
}
