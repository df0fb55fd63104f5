#include <string.h>
#include "json_lex.h"

size_t keep_json_blank_end(struct keep_slice text, size_t at)
{
	while (at < text.len && (text.p[at] == ' ' || text.p[at] == '\t' ||
				 text.p[at] == '\n' || text.p[at] == '\r'))
		at++;
	return at;
}

size_t keep_json_comment_end(struct keep_slice text, size_t at)
{
	const char *p, *end;

	if (keep_json_byte(text, at) != '/' || text.len - at < 2)
		return at;
	p = text.p + at;
	if (p[1] == '/') {
		end = memchr(p, '\n', text.len - at);
		if (end && end[-1] == '\r')
			end--;
		return end ? (size_t)(end - text.p) : text.len;
	}
	if (p[1] != '*')
		return at;
	end = memmem(p + 2, text.len - at - 2, "*/", 2);
	return end ? (size_t)(end + 2 - text.p) : KEEP_JSON_OPEN;
}

size_t keep_json_text_end(struct keep_slice text, size_t at)
{
	for (at++; at < text.len && text.p[at] != '\n'; at++) {
		if (text.p[at] == '"')
			return at + 1;
		if (text.p[at] == '\\')
			at++;
	}
	return KEEP_JSON_OPEN;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

size_t keep_json_word_end(struct keep_slice text, size_t at)
{
	for (; at < text.len; at++) {
		char c = text.p[at];

		if (!is_digit(c) && !((c | 0x20) >= 'a' && (c | 0x20) <= 'z') &&
		    c != '+' && c != '-' && c != '.' && c != '_')
			break;
	}
	return at;
}

static size_t digits_end(struct keep_slice s, size_t at)
{
	while (is_digit(keep_json_byte(s, at)))
		at++;
	return at;
}

int keep_json_number_type(struct keep_slice s)
{
	size_t at = keep_json_byte(s, 0) == '-', end = digits_end(s, at);
	int type = KEEP_JSON_INT;

	if (end == at || (s.p[at] == '0' && end > at + 1))
		return -1;
	if (keep_json_byte(s, end) == '.') {
		type = KEEP_JSON_DOUBLE;
		at = end + 1;
		end = digits_end(s, at);
		if (end == at)
			return -1;
	}
	if ((keep_json_byte(s, end) | 0x20) == 'e') {
		type = KEEP_JSON_DOUBLE;
		at = end + 1;
		if (keep_json_byte(s, at) == '+' || keep_json_byte(s, at) == '-')
			at++;
		end = digits_end(s, at);
		if (end == at)
			return -1;
	}
	return end == s.len ? type : -1;
}
