/* The arena: a chain of blocks, each twice the last up to a megabyte. Under
 * ASan every allocation has a block of its own, so that overruns are seen. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <keep/mem.h>
#include <keep/secret.h>
#include "base.h"

enum { FIRST = 4096, LARGEST = 1 << 20, ALIGN = 16, PAGE = 4096 };

struct keep_block {
	struct keep_block *older;
	size_t size, used;
	bool locked; /* locked, and wiped at its end */
	_Alignas(ALIGN) char bytes[];
};

#if defined(__SANITIZE_ADDRESS__)
#define KEEP_BLOCK_EACH 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define KEEP_BLOCK_EACH 1
#endif
#endif
#ifndef KEEP_BLOCK_EACH
#define KEEP_BLOCK_EACH 0
#endif

static size_t block_size(const struct keep_mem *m, size_t len)
{
	size_t size = FIRST;

	if (KEEP_BLOCK_EACH)
		return len;
	if (m->block && m->block->size >= FIRST)
		size = m->block->size < LARGEST ? m->block->size * 2 : LARGEST;
	return len > size ? len : size;
}

/* Whole pages, since nothing else is locked. */
static void *locked_pages(struct keep_mem *m, size_t len)
{
	void *p = aligned_alloc(PAGE, len);

	if (p && mlock(p, len) != 0 && !m->softly) {
		m->lock_refused = true;
		free(p);
		return NULL;
	}
	if (p)
		keep_ignore(madvise(p, len, MADV_DONTDUMP), "best effort");
	return p;
}

static struct keep_block *block_new(struct keep_mem *m, size_t len)
{
	size_t size = block_size(m, len), total, pages;
	struct keep_block *b;

	if (!keep_add(size, sizeof *b, &total) ||
	    !keep_add(total, PAGE - 1, &pages))
		return NULL;
	pages &= ~(size_t)(PAGE - 1);
	if (m->secret && !KEEP_BLOCK_EACH)
		size = pages - sizeof *b;
	b = m->secret ? locked_pages(m, pages) : malloc(total);
	if (b)
		*b = (struct keep_block){m->block, size, 0, m->secret};
	return b;
}

static void block_free(struct keep_block *b)
{
	if (b->locked) {
		keep_wipe(b->bytes, b->size);
		keep_ignore(munlock(b, sizeof *b + b->size), "it goes anyway");
	}
	free(b);
}

/* What LEN bytes take of a block. */
static bool whole(size_t len, size_t *out)
{
	bool ok = keep_add(len ? len : 1, ALIGN - 1, out);

	*out &= ~(size_t)(ALIGN - 1);
	return ok;
}

/* Whether so many more bytes may be given out. */
static bool may(const struct keep_mem *m, size_t more, size_t *used)
{
	return keep_add(m->used, more, used) &&
	       (!m->limit || *used <= m->limit);
}

void *keep_mem_room(struct keep_mem *m, size_t len)
{
	size_t want, used;
	struct keep_block *b = m->block;
	void *p;

	if (!whole(len, &want) || !may(m, want, &used))
		return NULL;
	if (KEEP_BLOCK_EACH || !b || b->size - b->used < want ||
	    (m->secret && !b->locked)) {
		b = block_new(m, want);
		if (!b)
			return NULL;
		m->block = b;
	}
	p = b->bytes + b->used;
	b->used += want;
	m->used = used;
	return p;
}

bool keep_mem_stretch(struct keep_mem *m, const void *p, size_t len,
		      size_t new_len)
{
	struct keep_block *b = m->block;
	size_t old, new, used;

	if (KEEP_BLOCK_EACH || !b || (m->secret && !b->locked) ||
	    !whole(len, &old) || !whole(new_len, &new) ||
	    old > b->used || new < old ||
	    p != b->bytes + b->used - old ||
	    new - old > b->size - b->used || !may(m, new - old, &used))
		return false;
	b->used += new - old;
	m->used = used;
	return true;
}

void *keep_mem_alloc(struct keep_mem *m, size_t len)
{
	void *p = keep_mem_room(m, len);

	return p ? memset(p, 0, len) : NULL;
}

void *keep_mem_array(struct keep_mem *m, size_t n, size_t len)
{
	size_t total;

	return keep_mul(n, len, &total) ? keep_mem_alloc(m, total) : NULL;
}

struct keep_slice keep_mem_copy(struct keep_mem *m, struct keep_slice s)
{
	char *p;

	if (!s.p || s.len == SIZE_MAX)
		return (struct keep_slice){0};
	p = keep_mem_room(m, s.len + 1);
	if (!p)
		return (struct keep_slice){0};
	memcpy(p, s.p, s.len);
	p[s.len] = '\0';
	return (struct keep_slice){p, s.len};
}

struct keep_slice keep_mem_vprint(struct keep_mem *m, const char *fmt,
				  va_list ap)
{
	va_list again;
	char *p;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	p = n < 0 ? NULL : keep_mem_room(m, (size_t)n + 1);
	if (!p)
		return (struct keep_slice){0};
	vsnprintf(p, (size_t)n + 1, fmt, ap);
	return (struct keep_slice){p, (size_t)n};
}

struct keep_slice keep_mem_print(struct keep_mem *m, const char *fmt, ...)
{
	struct keep_slice s;
	va_list ap;

	va_start(ap, fmt);
	s = keep_mem_vprint(m, fmt, ap);
	va_end(ap);
	return s;
}

static void free_until(struct keep_mem *m, struct keep_block *last)
{
	while (m->block != last) {
		struct keep_block *older = m->block->older;

		block_free(m->block);
		m->block = older;
	}
}

void keep_mem_reset(struct keep_mem *m)
{
	struct keep_block *first = m->block;

	while (first && first->older)
		first = first->older;
	if (KEEP_BLOCK_EACH || m->secret)
		first = NULL;
	free_until(m, first);
	if (first)
		first->used = 0;
	m->used = 0;
}

/* M's own block is filled on. */
void keep_mem_join(struct keep_mem *m, struct keep_mem *from)
{
	struct keep_block **to = m->block ? &m->block->older : &m->block;
	struct keep_block *last = from->block;

	if (!last)
		return;
	while (last->older)
		last = last->older;
	last->older = *to;
	*to = from->block;
	m->used += from->used;
	from->block = NULL;
	from->used = 0;
}

void keep_mem_end(struct keep_mem *m)
{
	free_until(m, NULL);
	m->used = 0;
}
