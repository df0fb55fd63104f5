/* See lists.h. */
#include "../instance/merge.h"
#include "lists.h"

struct adding {
	struct keep_leap_lists *l;
	struct keep_mem *m;
	struct keep_buf path;
	bool failed;
};

static bool same(const void *array, uint32_t i, const void *key)
{
	const struct keep_leap_listed *v = array;

	return keep_slice_eq(v[i].path, *(const struct keep_slice *)key);
}

static struct keep_leap_listed *find(const struct keep_leap_lists *l,
				     struct keep_slice path)
{
	uint32_t i = keep_index_find(&l->ix, keep_hash(0, path.p, path.len),
				     same, l->v, &path);

	return i == KEEP_INDEX_NONE ? NULL : &l->v[i];
}

enum keep_leap_list keep_leap_lists_get(const struct keep_leap_lists *l,
					struct keep_slice path)
{
	const struct keep_leap_listed *found = find(l, path);

	return found ? found->what : KEEP_LEAP_NO_LIST;
}

static bool grow(struct adding *a)
{
	struct keep_leap_lists *l = a->l;
	struct keep_leap_listed *larger;

	if (l->n < l->cap)
		return true;
	l->cap = l->cap ? l->cap * 2 : 64;
	larger = KEEP_NEWS(a->m, l->cap, struct keep_leap_listed);
	if (!larger)
		return false;
	if (l->n)
		memcpy(larger, l->v, l->n * sizeof *larger);
	l->v = larger;
	return true;
}

static void note(struct adding *a, enum keep_leap_list what)
{
	struct keep_leap_listed *known = find(a->l, keep_buf_get(&a->path));
	struct keep_slice path;

	if (known) {
		if (known->what < what)
			known->what = what;
		return;
	}
	path = keep_mem_copy(a->m, keep_buf_get(&a->path));
	if (!path.p || !grow(a) ||
	    !keep_index_add(&a->l->ix, a->m, keep_hash(0, path.p, path.len),
			    (uint32_t)a->l->n)) {
		a->failed = true;
		return;
	}
	a->l->v[a->l->n++] = (struct keep_leap_listed){path, what};
}

static enum keep_leap_list kind(const struct keep_json *v)
{
	uint32_t i;

	for (i = 0; i < v->n; i++)
		if (!keep_is_required(&v->list[i]))
			return KEEP_LEAP_FULL_LIST;
	return KEEP_LEAP_EMPTY_LIST;
}

static void walk(struct adding *a, const struct keep_json *v)
{
	size_t len = a->path.len;
	char prefix;
	uint32_t i;

	if (v->type == KEEP_JSON_LIST)
		note(a, kind(v));
	else if (v->type != KEEP_JSON_OBJECT && v->type != KEEP_JSON_NULL &&
		 !keep_is_expression(v) &&
		 find(a->l, keep_buf_get(&a->path)))
		note(a, KEEP_LEAP_FULL_LIST);
	for (i = 0; v->type == KEEP_JSON_OBJECT && i < v->n; i++) {
		keep_json_put_step(&a->path, keep_key_name(v->members[i].key,
							   &prefix));
		walk(a, &v->members[i].value);
		a->path.len = len;
	}
}

int keep_leap_lists_add(struct keep_leap_lists *l, struct keep_mem *m,
			char root, const struct keep_json *tree,
			struct keep_err *e)
{
	struct adding a = {.l = l, .m = m, .path = {.mem = m}};

	keep_buf_byte(&a.path, (uint8_t)root);
	walk(&a, tree);
	return a.failed || a.path.failed ? keep_no_memory(e) : 0;
}
