/* From the tree of a file to a layer: prefixes become marks. */
#include "index.h"
#include "merge.h"

enum { FEW = 32 }; /* more keys of one object are searched by their hashes */

struct layering {
	struct keep_mem *m;
	struct keep_problems *ps;
	bool failed;
};

bool keep_is_expression(const struct keep_json *v)
{
	return v->type == KEEP_JSON_TEXT &&
	       keep_slice_starts(keep_json_text(v), "= ");
}

bool keep_is_required(const struct keep_json *v)
{
	return v->type == KEEP_JSON_TEXT &&
	       keep_slice_is(keep_json_text(v), "REQUIRED");
}

struct keep_slice keep_key_name(struct keep_slice key, char *prefix)
{
	*prefix = 0;
	if (key.len < 2 || !strchr("+-!", key.p[0]))
		return key;
	*prefix = key.p[0];
	return (struct keep_slice){key.p + 1, key.len - 1};
}

/* The value of "+k" or "-k" as a mark: a list of what goes and what comes. */
static struct keep_json edit(struct layering *l, struct keep_slice key,
			     const struct keep_json *v, bool comes)
{
	struct keep_json *pair = KEEP_NEWS(l->m, 2, struct keep_json);
	struct keep_json out = *v;

	if (!pair) {
		l->failed = true;
		return out;
	}
	if (v->type == KEEP_JSON_LIST) {
		pair[comes] = *v;
	} else {
		if (keep_problem_at(l->ps, v, "'%.*s' needs a list, not %s",
				    KEEP_F(key), keep_json_type_name(v->type)))
			keep_problem_hint(l->ps, "write \"%.*s\": [...]",
					  KEEP_F(key));
	}
	out.type = KEEP_JSON_LIST;
	out.mark = KEEP_MARK_EDIT;
	out.n = 2;
	out.list = pair;
	return out;
}

static struct keep_json layer(struct layering *l, const struct keep_json *v);

static struct keep_json_member member(struct layering *l,
				      const struct keep_json_member *file)
{
	struct keep_json_member out = *file;
	char prefix;

	out.key = keep_key_name(file->key, &prefix);
	out.value = layer(l, &file->value);
	if (prefix == '!')
		out.value.mark = KEEP_MARK_FORCE;
	else if (prefix)
		out.value = edit(l, file->key, &out.value, prefix == '+');
	return out;
}

/* "-k" and "+k" may stand side by side; all other pairs contradict. */
static void join(struct layering *l, struct keep_json_member *first,
		 const struct keep_json_member *second)
{
	struct keep_json *both = KEEP_NEWS(l->m, 2, struct keep_json);
	const struct keep_json *a = &first->value, *b = &second->value;
	int i;

	if (!both) {
		l->failed = true;
		return;
	}
	if (a->mark != KEEP_MARK_EDIT || b->mark != KEEP_MARK_EDIT) {
		keep_problem_at(l->ps, b, "'%.*s' is given twice here, with "
				"and without a prefix", KEEP_F(first->key));
		return;
	}
	for (i = 0; i < 2; i++)
		both[i] = a->list[i].type ? a->list[i] : b->list[i];
	first->value.list = both;
}

struct keys {
	struct keep_json_member *v;
	uint32_t n;
	bool hashed;
	struct keep_index ix;
};

static bool same(const void *array, uint32_t i, const void *key)
{
	const struct keep_json_member *v = array;

	return keep_slice_eq(v[i].key, *(const struct keep_slice *)key);
}

static void add(struct layering *l, struct keys *k,
		const struct keep_json_member *m)
{
	uint32_t i = 0, hash = 0;

	if (k->hashed) {
		hash = keep_hash(0, m->key.p, m->key.len);
		i = keep_index_find(&k->ix, hash, same, k->v, &m->key);
	} else {
		while (i < k->n && !same(k->v, i, &m->key))
			i++;
	}
	if (i < k->n) {
		join(l, &k->v[i], m);
		return;
	}
	if (k->hashed && !keep_index_add(&k->ix, l->m, hash, k->n))
		l->failed = true;
	k->v[k->n++] = *m;
}

static struct keep_json object(struct layering *l, const struct keep_json *v)
{
	struct keys k = {.hashed = v->n > FEW};
	struct keep_json out = *v;
	struct keep_json_member m;
	uint32_t i;

	k.v = KEEP_NEWS(l->m, v->n, struct keep_json_member);
	l->failed |= !k.v;
	for (i = 0; i < v->n && !l->failed; i++) {
		m = member(l, &v->members[i]);
		add(l, &k, &m);
	}
	out.members = k.v;
	out.n = k.n;
	return out;
}

static struct keep_json list(struct layering *l, const struct keep_json *v)
{
	struct keep_json *own = KEEP_NEWS(l->m, v->n, struct keep_json);
	struct keep_json out = *v;
	uint32_t i;

	l->failed |= !own;
	for (i = 0; i < v->n && !l->failed; i++)
		own[i] = layer(l, &v->list[i]);
	out.list = own;
	return out;
}

static struct keep_json layer(struct layering *l, const struct keep_json *v)
{
	switch (v->type) {
	case KEEP_JSON_OBJECT:
		return object(l, v);
	case KEEP_JSON_LIST:
		return list(l, v);
	default:
		return *v;
	}
}

static bool has_prefix(const struct keep_json *v)
{
	char prefix = 0;
	bool found = false;
	uint32_t i;

	for (i = 0; v->type == KEEP_JSON_LIST && i < v->n && !found; i++)
		found = has_prefix(&v->list[i]);
	for (i = 0; v->type == KEEP_JSON_OBJECT && i < v->n && !found; i++) {
		keep_key_name(v->members[i].key, &prefix);
		found = prefix || has_prefix(&v->members[i].value);
	}
	return found;
}

struct keep_json keep_layer(struct keep_mem *m, const struct keep_json *file,
			    struct keep_problems *ps)
{
	struct layering l = {m, ps, false};
	struct keep_json out = *file;

	if (has_prefix(file))
		out = layer(&l, file);
	if (l.failed)
		out.type = KEEP_JSON_NULL;
	return out;
}
