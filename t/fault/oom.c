/* LD_PRELOAD: the N-th allocation of the process finds no memory. */
#include <errno.h>
#include <malloc.h>
#include "points.h"

/* glibc's own allocator, under the names that it keeps for this. */
void *__libc_malloc(size_t len);
void *__libc_calloc(size_t n, size_t len);
void *__libc_realloc(void *p, size_t len);
void *__libc_memalign(size_t align, size_t len);

static bool no_memory(void)
{
	if (!is_the_point())
		return false;
	errno = ENOMEM;
	return true;
}

void *malloc(size_t len)
{
	return no_memory() ? NULL : __libc_malloc(len);
}

void *calloc(size_t n, size_t len)
{
	return no_memory() ? NULL : __libc_calloc(n, len);
}

void *realloc(void *p, size_t len)
{
	return no_memory() ? NULL : __libc_realloc(p, len);
}

void *memalign(size_t align, size_t len)
{
	return no_memory() ? NULL : __libc_memalign(align, len);
}

void *aligned_alloc(size_t align, size_t len)
{
	return no_memory() ? NULL : __libc_memalign(align, len);
}

int posix_memalign(void **p, size_t align, size_t len)
{
	if (no_memory())
		return ENOMEM;
	*p = __libc_memalign(align, len);
	return *p ? 0 : ENOMEM;
}

__attribute__((destructor)) static void end(void)
{
	store_count();
}
