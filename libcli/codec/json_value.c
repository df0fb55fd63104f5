/* Looking into values. */
#include <string.h>
#include <keep/text.h>
#include "json_sort.h"

const struct keep_json *keep_json_get(const struct keep_json *v,
				      struct keep_slice key)
{
	uint32_t i;

	if (!v || v->type != KEEP_JSON_OBJECT)
		return NULL;
	for (i = 0; i < v->n; i++)
		if (keep_slice_eq(v->members[i].key, key))
			return &v->members[i].value;
	return NULL;
}

static const struct keep_json *element(const struct keep_json *v,
				       struct keep_slice number)
{
	uint64_t i;

	return keep_num_uint(number, &i) && i < v->n ? &v->list[i] : NULL;
}

const struct keep_json *keep_json_at(const struct keep_json *v,
				     struct keep_slice path)
{
	KEEP_AUTO(keep_mem) m = {0};
	struct keep_json_path way;
	size_t i;

	if (path.len == 0)
		return v;
	if (keep_json_path_read(&m, path, &way, NULL))
		return NULL;
	for (i = 0; v && i < way.n; i++)
		v = v->type == KEEP_JSON_LIST ? element(v, way.keys[i])
					      : keep_json_get(v, way.keys[i]);
	return v;
}

struct keep_slice keep_json_text(const struct keep_json *v)
{
	if (v->type != KEEP_JSON_TEXT && v->type != KEEP_JSON_DOUBLE)
		return (struct keep_slice){0};
	return (struct keep_slice){v->text, v->n};
}

struct keep_json keep_json_of(struct keep_slice s)
{
	return (struct keep_json){.type = KEEP_JSON_TEXT, .n = (uint32_t)s.len,
				  .text = s.p ? s.p : ""};
}

static bool lists_equal(const struct keep_json *a, const struct keep_json *b)
{
	uint32_t i;

	for (i = 0; i < a->n; i++)
		if (!keep_json_equal(&a->list[i], &b->list[i]))
			return false;
	return true;
}

/* Both in the order of their keys; without memory for that, key by key. */
static bool sorted_equal(const struct keep_json *a, const struct keep_json *b)
{
	KEEP_AUTO(keep_buf) of_a = {0};
	KEEP_AUTO(keep_buf) of_b = {0};
	const struct keep_json_member **x, **y;
	const struct keep_json *other;
	uint32_t i;

	x = a->n > 16 ? keep_json_sort(&of_a, a, keep_slice_cmp) : NULL;
	y = x ? keep_json_sort(&of_b, b, keep_slice_cmp) : NULL;
	for (i = 0; i < a->n; i++) {
		if (y && !keep_slice_eq(x[i]->key, y[i]->key))
			return false;
		other = y ? &y[i]->value : keep_json_get(b, a->members[i].key);
		if (!other ||
		    !keep_json_equal(y ? &x[i]->value : &a->members[i].value,
				     other))
			return false;
	}
	return true;
}

static bool objects_equal(const struct keep_json *a, const struct keep_json *b)
{
	uint32_t i;

	for (i = 0; i < a->n; i++)
		if (!keep_slice_eq(a->members[i].key, b->members[i].key))
			return sorted_equal(a, b);
	for (i = 0; i < a->n; i++)
		if (!keep_json_equal(&a->members[i].value,
				     &b->members[i].value))
			return false;
	return true;
}

bool keep_json_equal(const struct keep_json *a, const struct keep_json *b)
{
	if (a->type != b->type)
		return false;
	if (a->type <= KEEP_JSON_INT)
		return a->type == KEEP_JSON_NULL || a->number == b->number;
	if (a->n != b->n)
		return false;
	if (a->type == KEEP_JSON_LIST)
		return lists_equal(a, b);
	if (a->type == KEEP_JSON_OBJECT)
		return objects_equal(a, b);
	return keep_slice_eq(keep_json_text(a), keep_json_text(b));
}

const char *keep_json_type_name(int type)
{
	static const char *const names[] = {
		[KEEP_JSON_NULL] = "null",
		[KEEP_JSON_BOOL] = "bool",
		[KEEP_JSON_INT] = "integer",
		[KEEP_JSON_DOUBLE] = "number",
		[KEEP_JSON_TEXT] = "text",
		[KEEP_JSON_LIST] = "list",
		[KEEP_JSON_OBJECT] = "object",
	};

	return type >= 0 && type < (int)KEEP_COUNT(names) ? names[type] : "?";
}
