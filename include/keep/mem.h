/* The request arena: everything that a request makes lives in it and dies
 * with it; nothing in it is freed alone. And growing byte buffers in it. */
#ifndef KEEP_MEM_H
#define KEEP_MEM_H

#include <keep/err.h>

/* An arena. Opaque but for its size, so that it may stand on a stack:
 * KEEP_AUTO(keep_mem) mem = {0}; needs no other beginning. */
struct keep_mem {
	struct keep_block *block;  /* the one that is filled now */
	size_t used;               /* bytes given out in all */
	size_t limit;              /* bytes it may give out; 0: no limit */
	bool secret; /* what is given out from now on is locked and wiped */
	bool softly; /* what cannot be locked is only wiped: for large copies
		      * that do not last */
	bool lock_refused; /* NULL was given since memory cannot be locked */
};

KEEP_BEGIN
/* LEN bytes, zeroed, aligned for anything; NULL when memory or the limit is
 * at an end. LEN 0 gives a valid pointer. */
void *keep_mem_alloc(struct keep_mem *m, size_t len);
/* N elements of LEN bytes; NULL also when the product overflows. */
void *keep_mem_array(struct keep_mem *m, size_t n, size_t len);
/* A copy with a NUL behind it (not counted); absent stays absent. On failure
 * the copy is absent: p == NULL. */
struct keep_slice keep_mem_copy(struct keep_mem *m, struct keep_slice s);
/* printf into the arena; absent on failure. */
struct keep_slice keep_mem_print(struct keep_mem *m, const char *fmt, ...)
	KEEP_PRINTF(2, 3);
struct keep_slice keep_mem_vprint(struct keep_mem *m, const char *fmt,
				  va_list ap) KEEP_PRINTF(2, 0);
/* Gives everything back but one block; the arena may be used again. Secret
 * blocks are wiped. */
void keep_mem_reset(struct keep_mem *m);
/* What was given out by FROM, which is empty then, lives as long as M does. */
void keep_mem_join(struct keep_mem *m, struct keep_mem *from);
/* Gives all back. */
void keep_mem_end(struct keep_mem *m);
KEEP_END

/* One zeroed T, or N of them, in arena m. */
#define KEEP_NEW(m, T) ((T *)keep_mem_alloc((m), sizeof(T)))
#define KEEP_NEWS(m, n, T) ((T *)keep_mem_array((m), (n), sizeof(T)))

/* A growing byte buffer. With mem it lives in the arena, else on the heap
 * (KEEP_AUTO(keep_buf)). A failed growth is remembered in `failed`: puts after
 * it do nothing, so one check at the end is enough. */
struct keep_buf {
	char *p;
	size_t len, cap;
	size_t limit;        /* largest len; 0: none. Passing it sets failed */
	struct keep_mem *mem;
	bool failed;
};

KEEP_BEGIN
/* Appends bytes, a slice, a C string, a byte, printf. */
void keep_buf_put(struct keep_buf *b, const void *bytes, size_t len);
void keep_buf_slice(struct keep_buf *b, struct keep_slice s);
void keep_buf_text(struct keep_buf *b, const char *s);
void keep_buf_byte(struct keep_buf *b, uint8_t byte);
void keep_buf_print(struct keep_buf *b, const char *fmt, ...)
	KEEP_PRINTF(2, 3);
void keep_buf_vprint(struct keep_buf *b, const char *fmt, va_list ap)
	KEEP_PRINTF(2, 0);
/* LEN bytes at the end, to be filled by the caller; NULL on failure. */
void *keep_buf_grow(struct keep_buf *b, size_t len);
/* Puts bytes at offset AT, moving what follows. */
void keep_buf_insert(struct keep_buf *b, size_t at, const void *bytes,
		     size_t len);
/* What is in it; borrows until the next put. p is never NULL. */
struct keep_slice keep_buf_get(const struct keep_buf *b);
/* 0, or -NO_MEMORY / -TOO_LARGE when a put failed. */
KEEP_MUST int keep_buf_check(const struct keep_buf *b, struct keep_err *e);
/* Frees what is on the heap; an arena keeps its own. */
void keep_buf_end(struct keep_buf *b);
KEEP_END

#endif
