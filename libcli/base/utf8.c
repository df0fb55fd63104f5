/* UTF-8 (RFC 3629), and foreign text made safe to show. */
#include <stdio.h>
#include <string.h>
#include <keep/text.h>
#include "base.h"

/* Length of the sequence that begins at p, at most n bytes; 0: none. */
static size_t sequence(const unsigned char *p, size_t n)
{
	unsigned char c = p[0], low = 0x80, high = 0xbf;
	size_t len = c < 0x80 ? 1 : c < 0xc2 ? 0 : c < 0xe0 ? 2 :
		     c < 0xf0 ? 3 : c < 0xf5 ? 4 : 0;
	size_t i;

	if (len < 2)
		return len;
	if (c == 0xe0)
		low = 0xa0;
	else if (c == 0xed)
		high = 0x9f;
	else if (c == 0xf0)
		low = 0x90;
	else if (c == 0xf4)
		high = 0x8f;
	if (len > n || p[1] < low || p[1] > high)
		return 0;
	for (i = 2; i < len; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	return len;
}

size_t keep_utf8_check(struct keep_slice s)
{
	const unsigned char *p = (const unsigned char *)s.p;
	size_t at = 0, len;

	while (at < s.len) {
		if (p[at] < 0x80) {
			at++;
			continue;
		}
		len = sequence(p + at, s.len - at);
		if (len == 0)
			break;
		at += len;
	}
	return at;
}

bool keep_utf8_ok(struct keep_slice s)
{
	return keep_utf8_check(s) == s.len;
}

uint32_t keep_utf8_get(const char *p, size_t *len)
{
	const unsigned char *u = (const unsigned char *)p;

	*len = u[0] < 0x80 ? 1 : u[0] < 0xe0 ? 2 : u[0] < 0xf0 ? 3 : 4;
	switch (*len) {
	case 1: return u[0];
	case 2: return (u[0] & 0x1fu) << 6 | (u[1] & 0x3fu);
	case 3: return (u[0] & 0x0fu) << 12 | (u[1] & 0x3fu) << 6 |
		       (u[2] & 0x3fu);
	default: return (u[0] & 0x07u) << 18 | (u[1] & 0x3fu) << 12 |
			(u[2] & 0x3fu) << 6 | (u[3] & 0x3fu);
	}
}

uint32_t keep_utf8_next(struct keep_slice *s)
{
	unsigned char first = (unsigned char)s->p[0];
	size_t len = first < 0x80 ? 1 : sequence(
		(const unsigned char *)s->p, s->len);
	uint32_t code = KEEP_NO_CHARACTER + first;

	if (first < 0x80)
		code = first;
	else if (len)
		code = keep_utf8_get(s->p, &len);
	else
		len = 1;
	s->p += len;
	s->len -= len;
	return code;
}

void keep_utf8_put(struct keep_buf *b, uint32_t c)
{
	if (c < 0x80) {
		keep_buf_byte(b, (uint8_t)c);
	} else if (c < 0x800) {
		keep_buf_byte(b, (uint8_t)(0xc0 | c >> 6));
		keep_buf_byte(b, (uint8_t)(0x80 | (c & 0x3f)));
	} else if (c < 0x10000 && (c < 0xd800 || c > 0xdfff)) {
		keep_buf_byte(b, (uint8_t)(0xe0 | c >> 12));
		keep_buf_byte(b, (uint8_t)(0x80 | (c >> 6 & 0x3f)));
		keep_buf_byte(b, (uint8_t)(0x80 | (c & 0x3f)));
	} else if (c >= 0x10000 && c < 0x110000) {
		keep_buf_byte(b, (uint8_t)(0xf0 | c >> 18));
		keep_buf_byte(b, (uint8_t)(0x80 | (c >> 12 & 0x3f)));
		keep_buf_byte(b, (uint8_t)(0x80 | (c >> 6 & 0x3f)));
		keep_buf_byte(b, (uint8_t)(0x80 | (c & 0x3f)));
	}
}

/* The safe form of the character at s.p (at most 16 bytes in out with its
 * NUL); returns how many bytes of s it stands for. */
static size_t safe_form(struct keep_slice s, char *out, size_t size)
{
	unsigned char c = (unsigned char)s.p[0];
	size_t len = sequence((const unsigned char *)s.p, s.len);
	uint32_t code;

	if (len == 0 || c < 0x20 || c == 0x7f) {
		snprintf(out, size, "\\x%02x", c);
		return 1;
	}
	code = keep_utf8_get(s.p, &len);
	if (!keep_text_shows(code)) {
		snprintf(out, size, "\\u%04x", code);
		return len;
	}
	memcpy(out, s.p, len);
	out[len] = '\0';
	return len;
}

char *keep_text_safe_to(char *dst, size_t size, struct keep_slice s)
{
	size_t at = 0, used = 0, len;
	char form[16];

	while (at < s.len) {
		size_t step = safe_form((struct keep_slice){s.p + at,
							     s.len - at},
					form, sizeof form);

		len = strlen(form);
		if (used + len + 4 > size) {
			memcpy(dst + used, "...", 3);
			used += 3;
			break;
		}
		memcpy(dst + used, form, len);
		used += len;
		at += step;
	}
	dst[used] = '\0';
	return dst;
}

struct keep_slice keep_text_safe(struct keep_mem *m, struct keep_slice s,
				 size_t max)
{
	size_t size;
	char *dst;

	if (!keep_mul(s.len < max ? s.len : max, 4, &size))
		return KEEP_S("?");
	if (size > max)
		size = max;
	size += 8;
	dst = keep_mem_alloc(m, size);
	if (!dst)
		return KEEP_S("?");
	return keep_slice(keep_text_safe_to(dst, size, s));
}
