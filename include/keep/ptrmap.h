/* A table from an address and a number to an address. Lives in an arena. */
#ifndef KEEP_PTRMAP_H
#define KEEP_PTRMAP_H

#include <keep/mem.h>

/* {0} is an empty one. */
struct keep_ptrmap {
	struct keep_ptrmap_row {
		const void *key;
		size_t number;
		void *value;
	} *rows;
	size_t n, cap;
};

KEEP_BEGIN
/* Where the value of (key, number) stands; NULL there when it is new. NULL
 * without memory. Valid until the next call. The key is never NULL. */
void **keep_ptrmap_at(struct keep_ptrmap *m, struct keep_mem *mem,
		      const void *key, size_t number);
KEEP_END

#endif
