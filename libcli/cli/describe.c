/* What a program must know of a verb: its description, from its row. */
#include <keep/external.h>

enum { DEPTH_MAX = 16 }; /* of nested fields */

#define F struct keep_described_field
static const struct keep_field field_fields[] = {
	{KEEP_UINT(F, key), .required = true, .help = "in the map"},
	{KEEP_TEXT(F, name), .required = true, .help = "of the member"},
	{KEEP_TEXT(F, type), .required = true, .help = "of a value"},
	{KEEP_UINT(F, flags), KEEP_HAS(F, has_flags),
	 .help = "1 required, 2 list, 4 secret, 8 a word"},
	{KEEP_STRUCTS(F, nested, F, keep_described_field_schema),
	 .help = "members, or arms of a choice"},
	{KEEP_TEXTS(F, names), .help = "of an enum, from 0"},
};
const struct keep_schema keep_described_field_schema =
	KEEP_SCHEMA(struct keep_described_field, field_fields);

#define V struct keep_described_verb
static const struct keep_field verb_fields[] = {
	{KEEP_TEXTS(V, path), .required = true, .max_n = 8, .help = "its words"},
	{KEEP_TEXT(V, summary), .required = true, .help = "what it does"},
	{KEEP_UINT(V, flags), .required = true, .help = "sum of what it does to the world"},
	{KEEP_TEXT(V, args), .required = true, .help = "CDDL of the arguments"},
	{KEEP_TEXT(V, result), .required = true, .help = "CDDL of the result"},
	{KEEP_TEXT(V, item), .help = "CDDL of an item or event"},
	{KEEP_MANY(V, errors, KEEP_LIST, KEEP_T_UINT, uint32_t),
	 .help = "codes beside those of all verbs"},
	{KEEP_TEXT(V, socket), .help = "where a client of another socket asks"},
	{KEEP_STRUCTS(V, args_fields, F, keep_described_field_schema),
	 .help = "of the arguments"},
	{KEEP_STRUCTS(V, result_fields, F, keep_described_field_schema),
	 .help = "of the result"},
	{KEEP_STRUCTS(V, item_fields, F, keep_described_field_schema),
	 .help = "of an item or event"},
};
const struct keep_schema keep_described_verb_schema =
	KEEP_SCHEMA(struct keep_described_verb, verb_fields);
#undef V

/* One row, described so far. */
struct describing {
	struct keep_mem *mem;
	bool no_memory;
};

static struct keep_slice type_of(struct describing *d,
				 const struct keep_field *f)
{
	const char *name = keep_type_name(f->type);
	struct keep_slice text = keep_slice(name);

	if (f->shape == KEEP_MAP)
		text = keep_mem_print(d->mem, "map of %s", name);
	d->no_memory |= !text.p;
	return text;
}

static struct keep_slices names_of(struct describing *d,
				   const struct keep_names_of *names)
{
	struct keep_slice *v = KEEP_NEWS(d->mem, names->n, struct keep_slice);
	size_t i;

	d->no_memory |= !v;
	for (i = 0; v && i < names->n; i++)
		v[i] = keep_slice(names->v[i]);
	return (struct keep_slices){v, names->n};
}

static uint32_t flags_of(const struct keep_field *f)
{
	bool word = f->source == KEEP_WORD || f->source == KEEP_REST;

	return (f->required ? KEEP_D_REQUIRED : 0u) |
	       (f->shape == KEEP_LIST ? KEEP_D_LIST : 0u) |
	       (f->type == KEEP_T_SECRET ? KEEP_D_SECRET : 0u) |
	       (word ? KEEP_D_WORD : 0u);
}

static struct keep_list fields_of(struct describing *d,
				  const struct keep_schema *s, int depth)
{
	F *v = KEEP_NEWS(d->mem, s->n, F);
	size_t i;

	d->no_memory |= !v;
	for (i = 0; v && i < s->n; i++) {
		const struct keep_field *f = &s->fields[i];

		v[i].key = (uint32_t)i;
		v[i].name = keep_slice(f->name);
		v[i].type = type_of(d, f);
		v[i].flags = flags_of(f);
		v[i].has_flags = v[i].flags != 0;
		if (f->sub && f->sub != s && depth < DEPTH_MAX)
			v[i].nested = fields_of(d, f->sub, depth + 1);
		if (f->type == KEEP_T_ENUM)
			v[i].names = names_of(d, f->names);
	}
	return (struct keep_list){v, s->n};
}
#undef F

/* CDDL as a text, and the fields, of a schema that may be none. */
static struct keep_slice cddl_of(struct describing *d,
				 const struct keep_schema *s,
				 struct keep_list *fields)
{
	struct keep_buf text = {.mem = d->mem};

	if (!s)
		return KEEP_S("");
	keep_schema_cddl(s, &text);
	d->no_memory |= text.failed;
	*fields = fields_of(d, s, 1);
	return keep_buf_get(&text);
}

static struct keep_slices words_of(struct describing *d, const char *path)
{
	struct keep_slice *v = KEEP_NEWS(d->mem, 8, struct keep_slice);
	size_t n = 0, len;

	d->no_memory |= !v;
	for (; v && *path && n < 8; path += len + (path[len] == ' ')) {
		for (len = 0; path[len] && path[len] != ' '; len++)
			;
		v[n++] = (struct keep_slice){path, len};
	}
	return (struct keep_slices){v, n};
}

static struct keep_list errors_of(struct describing *d,
				  const uint16_t *errors)
{
	size_t n = 0, i;
	uint32_t *v;

	while (errors && errors[n])
		n++;
	v = n ? KEEP_NEWS(d->mem, n, uint32_t) : NULL;
	d->no_memory |= n && !v;
	for (i = 0; v && i < n; i++)
		v[i] = errors[i];
	return (struct keep_list){v, n};
}

static void set_result(struct describing *d, const struct keep_verb *v,
		       struct keep_described_verb *out)
{
	if (v->kind == KEEP_R_LIST) {
		out->result = keep_mem_print(d->mem, "result = [* %s]\n",
					     v->result->name);
		d->no_memory |= !out->result.p;
		out->item = cddl_of(d, v->result, &out->item_fields);
		return;
	}
	out->result = v->kind == KEEP_R_ITEM ? KEEP_S("result = any\n") :
		      cddl_of(d, v->result, &out->result_fields);
	if (v->event)
		out->item = cddl_of(d, v->event, &out->item_fields);
}

int keep_describe_verb(struct keep_mem *m, const struct keep_verb *v,
		      struct keep_described_verb *out, struct keep_err *e)
{
	struct describing d = {.mem = m};

	*out = (struct keep_described_verb){
		.path = words_of(&d, v->path),
		.summary = keep_slice(v->summary),
		.flags = v->flags,
		.args = KEEP_S("args = {}\n"),
		.errors = errors_of(&d, v->errors),
	};
	if (v->args)
		out->args = cddl_of(&d, v->args, &out->args_fields);
	set_result(&d, v, out);
	return d.no_memory ? keep_no_memory(e) : 0;
}
