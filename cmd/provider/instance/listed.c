/* Scalars where a list is meant count as a list of one. */
#include "merge.h"

struct listing {
	struct keep_mem *m;
	bool failed;
};

static struct keep_json list_of(struct listing *l, const struct keep_json *v)
{
	struct keep_json *one, out = *v;

	if (v->type == KEEP_JSON_NULL || v->type == KEEP_JSON_LIST ||
	    v->type == KEEP_JSON_OBJECT || keep_is_expression(v) ||
	    keep_is_required(v))
		return out;
	one = KEEP_NEW(l->m, struct keep_json);
	if (!one) {
		l->failed = true;
		return out;
	}
	*one = *v;
	out.type = KEEP_JSON_LIST;
	out.list = one;
	out.n = 1;
	return out;
}

static struct keep_json listed(struct listing *l, const struct keep_json *v,
			       struct keep_slice path)
{
	const char *dot = path.len ? memchr(path.p, '.', path.len) : NULL;
	size_t len = dot ? (size_t)(dot - path.p) : path.len;
	struct keep_slice first = {path.p, len};
	struct keep_slice rest = {path.p + len + 1, path.len - len - !!dot};
	struct keep_json_member *own = NULL;
	struct keep_json out = *v, x;
	char prefix;
	uint32_t i;

	for (i = 0; v->type == KEEP_JSON_OBJECT && i < v->n; i++) {
		const struct keep_json_member *m = &v->members[i];

		if (!keep_slice_eq(keep_key_name(m->key, &prefix), first))
			continue;
		x = dot ? listed(l, &m->value, rest) : list_of(l, &m->value);
		if (x.list == m->value.list)
			continue;
		if (!own)
			own = KEEP_NEWS(l->m, v->n, struct keep_json_member);
		if (!own)
			break;
		if (out.members != own)
			memcpy(own, v->members, v->n * sizeof *own);
		out.members = own;
		own[i].value = x;
	}
	l->failed |= i < v->n && v->type == KEEP_JSON_OBJECT;
	return out;
}

struct keep_json keep_listed(struct keep_mem *m, const struct keep_json *file,
			     const struct keep_property *rows, size_t n)
{
	struct listing l = {.m = m};
	struct keep_json out = *file;
	size_t i;

	for (i = 0; i < n; i++)
		if (keep_slice_starts(keep_slice(rows[i].type), "list"))
			out = listed(&l, &out, keep_slice(rows[i].path));
	if (l.failed)
		out.type = KEEP_JSON_NULL;
	return out;
}
