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

size_t keep_json_word_end(struct keep_slice text, size_t at)
{
	for (; at < text.len; at++) {
		char c = text.p[at];

		if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'z') &&
		    !(c >= 'A' && c <= 'Z') && c != '+' && c != '-' &&
		    c != '.' && c != '_')
			break;
	}
	return at;
}

bool keep_json_is_double(struct keep_slice s)
{
	return memchr(s.p, '.', s.len) || memchr(s.p, 'e', s.len) ||
	       memchr(s.p, 'E', s.len);
}
