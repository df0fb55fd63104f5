#include "index.h"
#include "lists.h"

enum { FEW = 16 }; /* more elements are searched by their hashes */

/* A list that is built, and can be asked what is in it. */
struct bag {
	struct keep_mem *m;
	struct keep_json *v;
	uint32_t n;
	bool hashed, failed;
	struct keep_index ix;
};

static uint32_t hash_of(const struct keep_json *v)
{
	uint32_t h = keep_hash(0, &v->type, 1);

	switch (v->type) {
	case KEEP_JSON_TEXT:
	case KEEP_JSON_DOUBLE:
		return keep_hash(h, v->text, v->n);
	case KEEP_JSON_BOOL:
	case KEEP_JSON_INT:
		return keep_hash(h, &v->number, sizeof v->number);
	default:
		return keep_hash(h, &v->n, sizeof v->n);
	}
}

static bool same(const void *array, uint32_t i, const void *key)
{
	return keep_json_equal((const struct keep_json *)array + i, key);
}

static struct bag bag(struct keep_mem *m, size_t cap)
{
	struct bag b = {.m = m, .hashed = cap > FEW};

	b.v = KEEP_NEWS(m, cap, struct keep_json);
	b.failed = !b.v;
	return b;
}

static bool has(const struct bag *b, const struct keep_json *v)
{
	uint32_t i;

	if (b->hashed)
		return keep_index_find(&b->ix, hash_of(v), same, b->v, v) !=
		       KEEP_INDEX_NONE;
	for (i = 0; i < b->n; i++)
		if (keep_json_equal(&b->v[i], v))
			return true;
	return false;
}

static void add_all(struct bag *b, const struct keep_json *list)
{
	uint32_t i;

	for (i = 0; i < list->n && !b->failed; i++) {
		if (has(b, &list->list[i]))
			continue;
		b->v[b->n] = list->list[i];
		if (b->hashed)
			b->failed = !keep_index_add(&b->ix, b->m,
						    hash_of(&b->v[b->n]), b->n);
		b->n++;
	}
}

static struct keep_json list_at(const struct keep_json *place,
				const struct keep_json *v, uint32_t n)
{
	struct keep_json list = *place;

	list.type = KEEP_JSON_LIST;
	list.mark = 0;
	list.list = v;
	list.n = n;
	return list;
}

struct keep_json keep_list_union(struct keep_mem *m, const struct keep_json *a,
				 const struct keep_json *b, bool *failed)
{
	struct bag all;

	if (b->type != KEEP_JSON_LIST)
		return *a;
	all = bag(m, (size_t)a->n + b->n);
	if (!all.failed) {
		add_all(&all, a);
		add_all(&all, b);
	}
	*failed |= all.failed;
	return list_at(b, all.v, all.n);
}

struct keep_json keep_list_without(struct keep_mem *m,
				   const struct keep_json *a,
				   const struct keep_json *b, bool *failed)
{
	struct bag gone;
	struct keep_json *left;
	uint32_t i, n = 0;

	if (a->type != KEEP_JSON_LIST || b->type != KEEP_JSON_LIST)
		return *a;
	gone = bag(m, b->n);
	left = KEEP_NEWS(m, a->n, struct keep_json);
	if (!gone.failed && left) {
		add_all(&gone, b);
		for (i = 0; i < a->n; i++)
			if (!has(&gone, &a->list[i]))
				left[n++] = a->list[i];
	}
	*failed |= gone.failed || !left;
	return list_at(b, left, n);
}

struct keep_json keep_edit_twice(struct keep_mem *m,
				 const struct keep_json *first,
				 const struct keep_json *then, bool *failed)
{
	struct keep_json *pair = KEEP_NEWS(m, 2, struct keep_json);
	struct keep_json out = *then, left;

	if (!pair) {
		*failed = true;
		return out;
	}
	left = keep_list_without(m, &first->list[1], &then->list[0], failed);
	pair[0] = keep_list_union(m, &first->list[0], &then->list[0], failed);
	pair[1] = keep_list_union(m, &left, &then->list[1], failed);
	out.list = pair;
	return out;
}
