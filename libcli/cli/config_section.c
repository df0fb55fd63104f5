/* Sections of the configuration: their layers merged, checked, decoded. */
#include "config.h"

struct keep_json keep_config_meant(struct keep_mem *m,
				   const struct keep_field *f,
				   const struct keep_json *v)
{
	struct keep_problems ignored = {.mem = m};
	struct keep_json read;

	if (v->type != KEEP_JSON_TEXT ||
	    (f->type == KEEP_T_TEXT && f->shape == KEEP_ONE))
		return *v;
	if (keep_json_read(m, keep_json_text(v), v->source, KEEP_JSON_STRICT,
			   &ignored, &read))
		return *v;
	read.line = read.column = 0;
	return read;
}

/* --- layers merged ----------------------------------------------------- */

struct merge {
	const struct keep_config *c;
	struct keep_slice section;
	const struct keep_field *f;
	struct keep_json_member *found;
	size_t n, max;
};

static struct keep_json meant(struct merge *m, size_t layer,
			      const struct keep_json *v)
{
	struct keep_field one = *m->f;

	if (one.shape == KEEP_MAP)
		one.shape = KEEP_ONE;
	return m->c->layers[layer].typed ?
	       keep_config_meant(m->c->mem, &one, v) : *v;
}

/* The value of the field in a layer, or NULL. */
static const struct keep_json *in_layer(const struct merge *m, size_t layer)
{
	const struct keep_json *section =
		keep_config_in(&m->c->layers[layer], m->section);

	return section ? keep_json_get(section, keep_slice(m->f->name)) : NULL;
}

static bool is_found(const struct merge *m, struct keep_slice key)
{
	size_t i;

	for (i = 0; i < m->n; i++)
		if (keep_slice_eq(m->found[i].key, key))
			return true;
	return false;
}

static void add_entries(struct merge *m, size_t layer,
			const struct keep_json *map)
{
	uint32_t i;

	for (i = 0; i < map->n && m->n < m->max; i++) {
		const struct keep_json_member *from = &map->members[i];

		if (is_found(m, from->key))
			continue;
		m->found[m->n] = *from;
		m->found[m->n++].value = meant(m, layer, &from->value);
	}
}

/* The map of all layers, what is stronger first. */
static int merge_map(struct merge *m, struct keep_json *out)
{
	const struct keep_json *v;
	size_t i;

	*out = (struct keep_json){.type = KEEP_JSON_OBJECT};
	for (i = 0; i < m->c->n; i++) {
		v = in_layer(m, i);
		m->max += v && v->type == KEEP_JSON_OBJECT ? v->n : 0;
	}
	m->found = KEEP_NEWS(m->c->mem, m->max, struct keep_json_member);
	if (!m->found)
		return -KEEP_E_NO_MEMORY;
	for (i = 0; i < m->c->n; i++) {
		v = in_layer(m, i);
		if (v && v->type == KEEP_JSON_OBJECT)
			add_entries(m, i, v);
	}
	out->members = m->found;
	out->n = (uint32_t)m->n;
	return 0;
}

static int merge_field(struct merge *m, struct keep_json *out)
{
	const struct keep_json *v = NULL;
	size_t i;

	if (m->f->shape == KEEP_MAP)
		return merge_map(m, out);
	for (i = 0; i < m->c->n && !v; i++)
		v = in_layer(m, i);
	*out = v ? meant(m, i - 1, v) : (struct keep_json){0};
	return 0;
}

/* What is in force, as one object; fields that nobody sets are not in it. */
static int merged(const struct keep_config *c, struct keep_slice section,
		  const struct keep_schema *s, struct keep_json *out,
		  struct keep_err *e)
{
	struct keep_json_member *v = KEEP_NEWS(c->mem, s->n,
					       struct keep_json_member);
	uint32_t i, n = 0;

	if (!v)
		return keep_no_memory(e);
	for (i = 0; i < s->n; i++) {
		struct merge m = {.c = c, .section = section,
				  .f = &s->fields[i]};

		v[n].key = keep_slice(m.f->name);
		if (merge_field(&m, &v[n].value))
			return keep_no_memory(e);
		n += v[n].value.type != KEEP_JSON_NULL;
	}
	*out = (struct keep_json){.type = KEEP_JSON_OBJECT, .n = n,
				  .members = v};
	return 0;
}

/* --- checked and decoded -------------------------------------------------- */

void keep_config_add(struct keep_problems *to, const struct keep_problems *of)
{
	const struct keep_problem *p = of ? of->first : NULL;

	for (; p; p = p->next) {
		keep_problem(to, p->where, p->line, p->column, "%.*s",
			     KEEP_F(p->message));
		if (p->hint.len)
			keep_problem_hint(to, "%.*s", KEEP_F(p->hint));
	}
}

static const struct keep_field *field_of(const struct keep_schema *s,
					 struct keep_slice name)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		if (keep_slice_is(name, s->fields[i].name))
			return &s->fields[i];
	return NULL;
}

/* A typed section holds one member: its text in the field's type. */
static struct keep_json as_typed(const struct keep_config *c,
				 const struct keep_schema *s,
				 const struct keep_json *section,
				 struct keep_json_member *one)
{
	struct keep_json v = *section;
	const struct keep_field *f;

	*one = section->members[0];
	f = field_of(s, one->key);
	if (f)
		one->value = keep_config_meant(c->mem, f, &one->value);
	v.members = one;
	return v;
}

/* All faults of the section in one layer. */
static int check(const struct keep_config *c, size_t layer,
		 struct keep_slice section, const struct keep_schema *s,
		 struct keep_problems *faults)
{
	const struct keep_config_layer *l = &c->layers[layer];
	const struct keep_json *v = keep_config_in(l, section);
	struct keep_json_member one;
	struct keep_json typed;
	struct keep_buf item = {.mem = c->mem};
	struct keep_err e = {0};

	if (!v)
		return 0;
	if (l->typed && v->type == KEEP_JSON_OBJECT) {
		typed = as_typed(c, s, v, &one);
		v = &typed;
	}
	if (!keep_form_read(c->mem, s, v, &item, &e))
		return 0;
	keep_config_add(faults, e.problems);
	return e.problems ? 0 : -e.code;
}

int keep_config_section(const struct keep_config *c, struct keep_slice section,
			const struct keep_schema *s, void *out,
			struct keep_problems *faults, struct keep_err *e)
{
	struct keep_buf item = {.mem = c->mem};
	struct keep_json all = {.type = KEEP_JSON_OBJECT};
	size_t i, before = faults->total;

	for (i = 0; i < c->n; i++)
		if (check(c, i, section, s, faults))
			return keep_no_memory(e);
	if (!out)
		return 0;
	if (before == faults->total && merged(c, section, s, &all, e))
		return -e->code;
	if (keep_form_read(c->mem, s, &all, &item, e))
		return -e->code;
	return keep_schema_decode(c->mem, s, keep_buf_get(&item), true, out, e);
}

/* --- told one by one --------------------------------------------------- */

struct telling {
	const struct keep_config *c;
	int (*each)(void *to, const struct keep_config_value *v);
	void *to;
};

static struct keep_slice origin(struct keep_mem *m, const struct keep_json *v)
{
	if (!v->source)
		return KEEP_S("default");
	if (!v->line)
		return KEEP_S("-c");
	return keep_mem_print(m, "%.*s:%u:%u", KEEP_F(v->source->name),
			      v->line, v->column);
}

static int tell(const struct telling *t, struct keep_slice key,
		const struct keep_json *value)
{
	struct keep_config_value v = {key, *value,
				      origin(t->c->mem, value)};

	if (!v.key.p || !v.origin.p)
		return -KEEP_E_NO_MEMORY;
	return t->each(t->to, &v);
}

static int tell_map(const struct telling *t, struct keep_slice key,
		    const struct keep_json *map)
{
	uint32_t i;
	int rc = 0;

	for (i = 0; i < map->n && !rc; i++)
		rc = tell(t, keep_mem_print(t->c->mem, "%.*s.%.*s",
					    KEEP_F(key),
					    KEEP_F(map->members[i].key)),
			  &map->members[i].value);
	return rc;
}

static int tell_field(const struct telling *t, struct keep_slice key,
		      const struct keep_field *f, const struct keep_json *v)
{
	struct keep_json dflt = {0};

	if (v && f->shape == KEEP_MAP)
		return tell_map(t, key, v);
	if (!v && f->dflt) {
		dflt = keep_json_of(keep_slice(f->dflt));
		dflt = keep_config_meant(t->c->mem, f, &dflt);
	}
	return tell(t, key, v ? v : &dflt);
}

int keep_config_each(const struct keep_config *c, struct keep_slice section,
		     const struct keep_schema *s,
		     int (*each)(void *to, const struct keep_config_value *v),
		     void *to)
{
	struct telling t = {c, each, to};
	struct keep_json all;
	struct keep_err e;
	int rc = merged(c, section, s, &all, &e);
	size_t i;

	for (i = 0; i < s->n && !rc; i++)
		rc = tell_field(&t, keep_mem_print(c->mem, "%.*s.%s",
						   KEEP_F(section),
						   s->fields[i].name),
				&s->fields[i],
				keep_json_get(&all,
					      keep_slice(s->fields[i].name)));
	return rc;
}
