#include <keep/ptrmap.h>

static struct keep_ptrmap_row *find(const struct keep_ptrmap *m,
				    const void *key, size_t number)
{
	uint64_t h = ((uintptr_t)key >> 3) + number * 0x9e3779b97f4a7c15u;
	size_t i;

	h *= 0xff51afd7ed558ccdu;
	for (i = (size_t)(h >> 32) & (m->cap - 1);; i = (i + 1) & (m->cap - 1))
		if (!m->rows[i].key ||
		    (m->rows[i].key == key && m->rows[i].number == number))
			return &m->rows[i];
}

static bool grow(struct keep_ptrmap *m, struct keep_mem *mem)
{
	size_t cap = m->cap ? m->cap * 2 : 64;
	struct keep_ptrmap bigger = {.n = m->n, .cap = cap};
	size_t i;

	bigger.rows = keep_mem_array(mem, bigger.cap, sizeof *bigger.rows);
	if (!bigger.rows)
		return false;
	for (i = 0; i < m->cap; i++)
		if (m->rows[i].key)
			*find(&bigger, m->rows[i].key, m->rows[i].number) =
				m->rows[i];
	*m = bigger;
	return true;
}

void **keep_ptrmap_at(struct keep_ptrmap *m, struct keep_mem *mem,
		      const void *key, size_t number)
{
	struct keep_ptrmap_row *row;

	if (m->n * 4 >= m->cap * 3 && !grow(m, mem))
		return NULL;
	row = find(m, key, number);
	if (!row->key) {
		row->key = key;
		row->number = number;
		m->n++;
	}
	return &row->value;
}
