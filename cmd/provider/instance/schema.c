/* What services tell about their properties: services/S.schema.json (its
 * format stands in instance.h). */
#include <keep/text.h>
#include "reading.h"
#include "types.h"

static void set_type(struct keep_reading *r, struct keep_property *row,
		     const struct keep_json *v)
{
	row->type = keep_json_text(v).p;
	if (!row->type || !keep_property_type_ok(row->type)) {
		if (keep_problem_at(r->ps, v, "this is no type"))
			keep_problem_hint(r->ps, "bool int number text line ip "
					  "name domain country enum any list "
					  "object, list:T or object:T");
		row->type = "any";
	}
}

static void set_values(struct keep_reading *r, struct keep_property *row,
		       const struct keep_json *v)
{
	struct keep_buf b = {.mem = r->m};
	uint32_t i;

	for (i = 0; v->type == KEEP_JSON_LIST && i < v->n; i++) {
		struct keep_slice s = keep_json_text(&v->list[i]);

		if (!s.p || s.len == 0 || memchr(s.p, '|', s.len))
			break;
		keep_buf_print(&b, "%s%.*s", i ? "|" : "", KEEP_F(s));
	}
	keep_buf_byte(&b, '\0');
	if (v->type != KEEP_JSON_LIST || i < v->n || i == 0)
		keep_problem_at(r->ps, v, "'values' must be a list of texts "
				"without '|'");
	row->values = b.failed ? NULL : b.p;
}

static void set_number(struct keep_reading *r, int64_t *number,
		       const struct keep_json *v)
{
	if (v->type == KEEP_JSON_INT)
		*number = v->number;
	else
		keep_problem_at(r->ps, v, "this must be an integer");
}

static void set_min(struct keep_reading *r, struct keep_property *row,
		    const struct keep_json *v)
{
	set_number(r, &row->min, v);
}

static void set_max(struct keep_reading *r, struct keep_property *row,
		    const struct keep_json *v)
{
	set_number(r, &row->max, v);
}

static void set_required(struct keep_reading *r, struct keep_property *row,
			 const struct keep_json *v)
{
	if (v->type != KEEP_JSON_BOOL)
		keep_problem_at(r->ps, v, "'required' must be true or false");
	row->required = v->type == KEEP_JSON_BOOL && v->number;
}

static void set_help(struct keep_reading *r, struct keep_property *row,
		     const struct keep_json *v)
{
	if (v->type != KEEP_JSON_TEXT)
		keep_problem_at(r->ps, v, "'help' must be a text");
	row->help = v->type == KEEP_JSON_TEXT ? v->text : "";
}

static void set_keys(struct keep_reading *r, struct keep_property *row,
		     const struct keep_json *v)
{
	const char *name = keep_json_text(v).p;
	const struct keep_property_type *t;

	t = name ? keep_property_type(name) : NULL;
	if (t && t->json == KEEP_JSON_TEXT && t->ok && !strchr(name, ':'))
		row->keys = name;
	else if (keep_problem_at(r->ps, v, "this is no type of a name"))
		keep_problem_hint(r->ps, "line ip name domain country");
}

static const struct {
	const char *name;
	/* NULL: set_members, which needs memory */
	void (*set)(struct keep_reading *r, struct keep_property *row,
		    const struct keep_json *v);
} fields[] = {
	{"type", set_type},
	{"values", set_values},
	{"min", set_min},
	{"max", set_max},
	{"required", set_required},
	{"help", set_help},
	{"keys", set_keys},
	{"members", NULL},
};

static int set_members(struct keep_reading *r, struct keep_property *row,
		       const struct keep_json *v, struct keep_err *e);

static int set_field(struct keep_reading *r, struct keep_property *row,
		     const struct keep_json_member *m, struct keep_err *e)
{
	struct keep_guess g = {.wanted = m->key};
	struct keep_json key = keep_key(m);
	size_t i;

	for (i = 0; i < KEEP_COUNT(fields); i++) {
		if (!keep_slice_is(m->key, fields[i].name)) {
			keep_guess_offer(&g, keep_slice(fields[i].name));
			continue;
		}
		if (!fields[i].set)
			return set_members(r, row, &m->value, e);
		fields[i].set(r, row, &m->value);
		return 0;
	}
	if (keep_problem_at(r->ps, &key, "a property has no '%.*s'",
			    KEEP_F(m->key)))
		keep_guess_hint(r->ps, &g, "type, values, min, max, required, "
				"help, keys, members");
	return 0;
}

static bool holds(const struct keep_property *row)
{
	struct keep_slice type = keep_slice(row->type);

	return keep_slice_is(type, "object") || keep_slice_is(type, "list");
}

/* PARENT: what it is a member of, or NULL. */
static int read_row(struct keep_reading *r, const char *parent,
		    const struct keep_json_member *m,
		    struct keep_property *row, struct keep_err *e)
{
	struct keep_slice path = keep_mem_print(r->m, "%s%s%.*s",
						parent ? parent : "",
						parent ? ".*." : "",
						KEEP_F(m->key));
	uint32_t i;
	int code = 0;

	if (!path.p)
		return keep_no_memory(e);
	*row = (struct keep_property){path.p, .type = "any", .help = ""};
	if (m->value.type != KEEP_JSON_OBJECT) {
		keep_problem_at(r->ps, &m->value, "a property is described by "
				"an object");
		return 0;
	}
	for (i = 0; i < m->value.n && !code; i++)
		code = set_field(r, row, &m->value.members[i], e);
	if (keep_slice_is(keep_slice(row->type), "enum") && !row->values)
		keep_problem_at(r->ps, &m->value, "an enum needs 'values'");
	if (row->members && !holds(row))
		keep_problem_at(r->ps, &m->value, "what has 'members' is of "
				"type object or list");
	if (row->keys && !keep_slice_starts(keep_slice(row->type), "object"))
		keep_problem_at(r->ps, &m->value, "what has 'keys' is of type "
				"object or object:T");
	return code;
}

static int set_members(struct keep_reading *r, struct keep_property *row,
		       const struct keep_json *v, struct keep_err *e)
{
	struct keep_property *rows;
	uint32_t i;
	int code = 0;

	if (v->type != KEEP_JSON_OBJECT) {
		keep_problem_at(r->ps, v, "'members' must be an object");
		return 0;
	}
	rows = KEEP_NEWS(r->m, v->n, struct keep_property);
	if (!rows)
		return keep_no_memory(e);
	row->members = rows;
	for (i = 0; i < v->n && !code; i++)
		code = read_row(r, row->path, &v->members[i], &rows[i], e);
	row->n_members = i;
	return code;
}

static int read_schema(struct keep_reading *r, struct keep_slice service,
		       const char *file, struct keep_object *to,
		       struct keep_err *e)
{
	struct keep_property *rows;
	struct keep_json v;
	uint32_t i;
	int code = keep_read_object(r, file, true, &v, e);

	rows = code ? NULL : KEEP_NEWS(r->m, v.n, struct keep_property);
	if (!rows)
		return code ? code : keep_no_memory(e);
	for (i = 0; i < v.n && v.type == KEEP_JSON_OBJECT && !code; i++)
		code = read_row(r, NULL, &v.members[i], &rows[i], e);
	*to = (struct keep_object){.name = service, .rows = rows, .n_rows = i};
	if (v.type != KEEP_JSON_OBJECT)
		to->tree.mark = KEEP_MARK_BROKEN;
	return code;
}

static bool is_schema(struct keep_slice stem)
{
	struct keep_slice rest;

	keep_split(stem, &rest);
	return keep_slice_is(rest, "schema");
}

/* The instance's come first, so that they win. */
static int read_from(struct keep_reading *r, bool base, struct keep_object *v,
		     size_t *n, const struct keep_slices *stems,
		     struct keep_err *e)
{
	struct keep_slice rest, path;
	const char *file;
	size_t i, j;
	int code = 0;

	for (i = 0; i < stems->n && !code; i++) {
		if (!is_schema(stems->v[i]))
			continue;
		for (j = 0; j < *n; j++)
			if (keep_slice_eq(v[j].name,
					  keep_split(stems->v[i], &rest)))
				break;
		if (j < *n)
			continue;
		path = keep_mem_print(r->m, "services/%.*s.json",
				      KEEP_F(stems->v[i]));
		file = base && path.p ? keep_base_path(r, path.p) : path.p;
		if (!file)
			return keep_no_memory(e);
		code = read_schema(r, keep_split(stems->v[i], &rest), file,
				   &v[(*n)++], e);
	}
	return code;
}

static int by_name(const void *a, const void *b)
{
	return keep_slice_cmp(((const struct keep_object *)a)->name,
			      ((const struct keep_object *)b)->name);
}

/* All rows of lists, those that every node has first. */
static int gather_lists(struct keep_reading *r, struct keep_err *e)
{
	size_t i, j, n = keep_n_properties;
	struct keep_property *rows;

	for (i = 0; i < r->schemas.n; i++)
		n += r->schemas.v[i].n_rows;
	rows = KEEP_NEWS(r->m, n, struct keep_property);
	if (!rows)
		return keep_no_memory(e);
	r->lists = rows;
	for (i = 0; i < keep_n_properties; i++)
		if (keep_slice_starts(keep_slice(keep_properties[i].type),
				      "list"))
			rows[r->n_lists++] = keep_properties[i];
	for (i = 0; i < r->schemas.n; i++)
		for (j = 0; j < r->schemas.v[i].n_rows; j++)
			if (keep_slice_starts(
				    keep_slice(r->schemas.v[i].rows[j].type),
				    "list"))
				rows[r->n_lists++] = r->schemas.v[i].rows[j];
	return 0;
}

int keep_read_schemas(struct keep_reading *r, struct keep_err *e)
{
	struct keep_slices own = {0}, base = {0};
	struct keep_object *v;
	const char *dir = keep_base_path(r, "services");
	int code = keep_json_names(r, "services", &own, e);

	if (!code && !dir)
		code = keep_no_memory(e);
	if (!code && r->platform.p)
		code = keep_json_names(r, dir, &base, e);
	if (code)
		return code;
	v = KEEP_NEWS(r->m, own.n + base.n, struct keep_object);
	if (!v)
		return keep_no_memory(e);
	r->schemas.v = v;
	code = read_from(r, false, v, &r->schemas.n, &own, e);
	if (!code)
		code = read_from(r, true, v, &r->schemas.n, &base, e);
	qsort(v, r->schemas.n, sizeof *v, by_name);
	return code ? code : gather_lists(r, e);
}
