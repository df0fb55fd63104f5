#include "secret_ids.h"

static uint32_t hash(struct keep_secret_id id)
{
	return keep_hash(keep_hash(0, id.env.p, id.env.len), id.name.p,
			 id.name.len);
}

static bool same(const void *array, uint32_t i, const void *key)
{
	const struct keep_secret_id *a = (const struct keep_secret_id *)array +
					 i;
	const struct keep_secret_id *b = key;

	return keep_slice_eq(a->name, b->name) && keep_slice_eq(a->env, b->env);
}

bool keep_secret_ids_find(const struct keep_secret_ids *s,
			  struct keep_secret_id id, size_t *at)
{
	uint32_t i = keep_index_find(&s->ix, hash(id), same, s->v, &id);

	*at = i;
	return i != KEEP_INDEX_NONE;
}

bool keep_secret_ids_has(const struct keep_secret_ids *s,
			 struct keep_secret_id id)
{
	size_t at;

	return keep_secret_ids_find(s, id, &at);
}

static bool room(struct keep_secret_ids *s)
{
	size_t cap = s->cap ? s->cap * 2 : 16;
	struct keep_secret_id *v;

	if (s->n < s->cap)
		return true;
	v = KEEP_NEWS(s->mem, cap, struct keep_secret_id);
	if (!v)
		return false;
	if (s->n)
		memcpy(v, s->v, s->n * sizeof *v);
	s->v = v;
	s->cap = cap;
	return true;
}

int keep_secret_ids_add(struct keep_secret_ids *s, struct keep_secret_id id,
			struct keep_err *e)
{
	struct keep_secret_id copy;

	if (keep_secret_ids_has(s, id))
		return 0;
	copy.env = keep_mem_copy(s->mem, id.env);
	copy.name = keep_mem_copy(s->mem, id.name);
	if (!copy.env.p || !copy.name.p || !room(s) ||
	    !keep_index_add(&s->ix, s->mem, hash(copy), (uint32_t)s->n))
		return keep_no_memory(e);
	s->v[s->n++] = copy;
	return 0;
}
