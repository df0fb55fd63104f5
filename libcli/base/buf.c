#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <keep/mem.h>
#include "base.h"

/* Where it is, while nothing was given out behind it. */
static char *in_arena(const struct keep_buf *b, size_t cap)
{
	char *p;

	if (b->p && keep_mem_stretch(b->mem, b->p, b->cap, cap))
		return b->p;
	p = keep_mem_room(b->mem, cap);
	if (p && b->p)
		memcpy(p, b->p, b->len);
	return p;
}

static bool reserve(struct keep_buf *b, size_t more)
{
	size_t len, cap = b->cap ? b->cap : more > 64 ? more : 64;
	char *p;

	if (b->failed || !keep_add(b->len, more, &len) ||
	    (b->limit && len > b->limit)) {
		b->failed = true;
		return false;
	}
	if (b->p && len <= b->cap)
		return true;
	while (cap < len)
		if (!keep_mul(cap, 2, &cap))
			cap = len;
	p = b->mem ? in_arena(b, cap) : realloc(b->p, cap);
	if (!p) {
		b->failed = true;
		return false;
	}
	b->p = p;
	b->cap = cap;
	return true;
}

void *keep_buf_grow(struct keep_buf *b, size_t len)
{
	void *p;

	if (!reserve(b, len))
		return NULL;
	p = b->p + b->len;
	b->len += len;
	return p;
}

void keep_buf_put(struct keep_buf *b, const void *bytes, size_t len)
{
	if (!reserve(b, len) || !len)
		return;
	memcpy(b->p + b->len, bytes, len);
	b->len += len;
}

void keep_buf_slice(struct keep_buf *b, struct keep_slice s)
{
	keep_buf_put(b, s.p, s.len);
}

void keep_buf_text(struct keep_buf *b, const char *s)
{
	keep_buf_put(b, s, strlen(s));
}

void keep_buf_byte(struct keep_buf *b, uint8_t byte)
{
	if (reserve(b, 1))
		b->p[b->len++] = (char)byte;
}

void keep_buf_vprint(struct keep_buf *b, const char *fmt, va_list ap)
{
	size_t room = b->p ? b->cap - b->len : 0;
	va_list again;
	int n;

	va_copy(again, ap);
	n = vsnprintf(room ? b->p + b->len : NULL, room, fmt, again);
	va_end(again);
	if (n < 0 || !reserve(b, (size_t)n + 1)) {
		b->failed = true;
		return;
	}
	if ((size_t)n >= room)
		vsnprintf(b->p + b->len, (size_t)n + 1, fmt, ap);
	b->len += (size_t)n;
}

void keep_buf_print(struct keep_buf *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	keep_buf_vprint(b, fmt, ap);
	va_end(ap);
}

void keep_buf_insert(struct keep_buf *b, size_t at, const void *bytes,
		     size_t len)
{
	size_t tail = b->len - at;

	if (!keep_buf_grow(b, len))
		return;
	memmove(b->p + at + len, b->p + at, tail);
	memcpy(b->p + at, bytes, len);
}

struct keep_slice keep_buf_get(const struct keep_buf *b)
{
	return (struct keep_slice){b->p ? b->p : "", b->len};
}

int keep_buf_check(const struct keep_buf *b, struct keep_err *e)
{
	if (!b->failed)
		return 0;
	if (b->limit)
		return keep_fail(e, KEEP_E_TOO_LARGE,
				 "more than %zu bytes", b->limit);
	return keep_no_memory(e);
}

void keep_buf_end(struct keep_buf *b)
{
	if (!b->mem)
		free(b->p);
	*b = (struct keep_buf){0};
}
