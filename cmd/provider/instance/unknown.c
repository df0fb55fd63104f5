/* Keys of a node's file that nothing else knows: slips of the pen, perhaps. */
#include <keep/text.h>
#include "reading.h"

static struct keep_slice first_of(const char *path, struct keep_slice *rest)
{
	return keep_split(keep_slice(path), rest);
}

static bool in_schema(const struct keep_node *n, struct keep_slice key)
{
	const struct keep_object *o;
	struct keep_slice rest;
	size_t i, j;

	for (i = 0; i < n->services.n; i++) {
		o = keep_objects_find(&n->env->services, n->services.v[i]);
		for (j = 0; o && j < o->n_rows; j++)
			if (keep_slice_eq(first_of(o->rows[j].path, &rest),
					  key))
				return true;
	}
	return false;
}

static void check_top(struct keep_reading *r, const struct keep_node *n,
		      const struct keep_json_member *m,
		      const struct keep_json *inherited)
{
	struct keep_guess g = {.wanted = m->key};
	struct keep_json key = keep_key(m);
	struct keep_slice top, rest;
	size_t i;

	if (keep_property_find(m->key) || keep_json_get(inherited, m->key) ||
	    in_schema(n, m->key))
		return;
	for (i = 0; i < keep_n_properties; i++) {
		top = first_of(keep_properties[i].path, &rest);
		if (!rest.p)
			keep_guess_offer(&g, top);
	}
	for (i = 0; i < inherited->n; i++)
		keep_guess_offer(&g, inherited->members[i].key);
	if (keep_problem_at(r->warn, &key, "unknown property '%.*s'",
			    KEEP_F(m->key)))
		keep_guess_hint(r->warn, &g, "it is kept as it is");
}

/* Below `ssh` and its like only what resembles a known property. */
static void check_below(struct keep_reading *r, struct keep_slice group,
			const struct keep_json_member *m)
{
	struct keep_buf path = {.mem = r->m};
	struct keep_guess g = {.wanted = m->key};
	struct keep_json key = keep_key(m);
	struct keep_slice rest;
	size_t i;

	keep_buf_slice(&path, group);
	keep_json_put_step(&path, m->key);
	if (path.failed || keep_property_find(keep_buf_get(&path)))
		return;
	for (i = 0; i < keep_n_properties; i++)
		if (keep_slice_eq(first_of(keep_properties[i].path, &rest),
				  group) && rest.p)
			keep_guess_offer(&g, rest);
	if (g.best.p &&
	    keep_problem_at(r->warn, &key, "unknown property '%.*s'",
			    KEEP_F(keep_buf_get(&path))))
		keep_guess_hint(r->warn, &g, "it is kept as it is");
}

void keep_check_unknown(struct keep_reading *r, const struct keep_node *n,
			const struct keep_json *file,
			const struct keep_json *inherited)
{
	const struct keep_json *known;
	uint32_t i, j;

	for (i = 0; i < file->n; i++) {
		const struct keep_json_member *m = &file->members[i];

		check_top(r, n, m, inherited);
		if (m->value.type != KEEP_JSON_OBJECT ||
		    !keep_property_find(m->key))
			continue;
		known = keep_json_get(inherited, m->key);
		for (j = 0; j < m->value.n; j++)
			if (!known || !keep_json_get(known,
						     m->value.members[j].key))
				check_below(r, m->key, &m->value.members[j]);
	}
}
