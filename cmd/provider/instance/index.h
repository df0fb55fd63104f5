/* A hash table of positions: finds an element of somebody's array by its
 * hash. Used where a search by hand would be quadratic. */
#ifndef PROVIDER_INDEX_H
#define PROVIDER_INDEX_H

#include <keep/mem.h>

enum { KEEP_INDEX_NONE = UINT32_MAX };

struct keep_index_slot {
	uint32_t hash, place; /* place + 1; 0: free */
};
struct keep_index { /* {0} is empty; slots lie in the arena of the adds */
	struct keep_index_slot *v;
	size_t size, n; /* slots (a power of two), and how many are used */
};
/* Whether element I of ARRAY is the wanted one. */
typedef bool keep_index_same(const void *array, uint32_t i, const void *key);

/* Not for untrusted keys of which an attack could choose many: no seed. */
uint32_t keep_hash(uint32_t so_far, const void *bytes, size_t len);
/* The place of the element that is the same as KEY, or KEEP_INDEX_NONE. */
uint32_t keep_index_find(const struct keep_index *ix, uint32_t hash,
			 keep_index_same *same, const void *array,
			 const void *key);
/* Adds a place that is not there yet; false without memory. */
KEEP_MUST bool keep_index_add(struct keep_index *ix, struct keep_mem *m,
			      uint32_t hash, uint32_t place);

#endif
