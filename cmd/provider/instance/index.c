#include "index.h"

enum { SMALLEST = 64 };

uint32_t keep_hash(uint32_t so_far, const void *bytes, size_t len)
{
	const uint8_t *p = bytes;
	uint32_t h = so_far ^ 2166136261u; /* FNV-1a */
	size_t i;

	for (i = 0; i < len; i++)
		h = (h ^ p[i]) * 16777619u;
	return h ^ h >> 15;
}

uint32_t keep_index_find(const struct keep_index *ix, uint32_t hash,
			 keep_index_same *same, const void *array,
			 const void *key)
{
	const struct keep_index_slot *s;
	size_t i;

	for (i = hash; ix->size; i++) {
		s = &ix->v[i & (ix->size - 1)];
		if (!s->place)
			break;
		if (s->hash == hash && same(array, s->place - 1, key))
			return s->place - 1;
	}
	return KEEP_INDEX_NONE;
}

static void put(struct keep_index *ix, struct keep_index_slot slot)
{
	size_t i = slot.hash;

	while (ix->v[i & (ix->size - 1)].place)
		i++;
	ix->v[i & (ix->size - 1)] = slot;
	ix->n++;
}

static bool grow(struct keep_index *ix, struct keep_mem *m)
{
	struct keep_index larger = {.size = ix->size ? ix->size * 2 : SMALLEST};
	size_t i;

	larger.v = KEEP_NEWS(m, larger.size, struct keep_index_slot);
	if (!larger.v)
		return false;
	for (i = 0; i < ix->size; i++)
		if (ix->v[i].place)
			put(&larger, ix->v[i]);
	*ix = larger;
	return true;
}

bool keep_index_add(struct keep_index *ix, struct keep_mem *m, uint32_t hash,
		    uint32_t place)
{
	if (ix->n * 2 >= ix->size && !grow(ix, m))
		return false;
	put(ix, (struct keep_index_slot){hash, place + 1});
	return true;
}
