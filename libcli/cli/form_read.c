/* JSON as the CBOR of a schema: the reverse of form.c. All faults are told. */
#include <stdio.h>
#include <stdlib.h>
#include <keep/cli.h>

enum { MANY_DEFAULT = 65536, PLACE = 256 };

struct reader {
	struct keep_mem *mem;
	struct keep_problems *faults;
	bool no_memory;
	char place[PLACE]; /* "filter[1]" */
};

static void fault(struct reader *r, const struct keep_json *at,
		  const char *fmt, ...) KEEP_PRINTF(3, 4);
static void read_struct(struct reader *r, const struct keep_schema *s,
			const struct keep_json *v, struct keep_buf *out);

/* What came from a file has its line; the field is then said behind it. */
static void fault(struct reader *r, const struct keep_json *at,
		  const char *fmt, ...)
{
	char message[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(message, sizeof message, fmt, ap);
	va_end(ap);
	if (at->source)
		keep_problem(r->faults, at->source->name, at->line, at->column,
			     "%s%s%s", r->place, *r->place ? ": " : "",
			     message);
	else
		keep_problem(r->faults, keep_slice(r->place), 0, 0, "%s",
			     message);
}

/* Goes one step deeper in the place; returns where to cut it again. */
static size_t enter(struct reader *r, struct keep_slice name)
{
	size_t old = strlen(r->place);

	snprintf(r->place + old, sizeof r->place - old, "%s%.*s",
		 old ? "." : "", KEEP_F(name));
	return old;
}

/* The types of JSON that a scalar may be written in. */
static unsigned types_of(const struct keep_field *f)
{
	switch (f->type) {
	case KEEP_T_BOOL: return 1u << KEEP_JSON_BOOL;
	case KEEP_T_UINT:
	case KEEP_T_INT: return 1u << KEEP_JSON_INT;
	case KEEP_T_DOUBLE:
		return 1u << KEEP_JSON_DOUBLE | 1u << KEEP_JSON_INT;
	case KEEP_T_SIZE:
	case KEEP_T_SHARE: return 1u << KEEP_JSON_TEXT | 1u << KEEP_JSON_INT;
	default: return 1u << KEEP_JSON_TEXT;
	}
}

/* An unsigned number that form.c writes as a text. */
static bool is_large(const struct keep_field *f, const struct keep_json *v)
{
	uint64_t n;

	return f->type == KEEP_T_UINT && v->type == KEEP_JSON_TEXT &&
	       keep_num_uint(keep_json_text(v), &n) && n > INT64_MAX;
}

static bool wants(struct reader *r, const struct keep_json *v, unsigned types)
{
	struct keep_buf b = {.mem = r->mem};
	int i;

	if (types >> v->type & 1)
		return true;
	for (i = KEEP_JSON_NULL; i <= KEEP_JSON_OBJECT; i++)
		if (types >> i & 1)
			keep_buf_print(&b, "%s%s", b.len ? " or " : "",
				       keep_json_type_name(i));
	fault(r, v, "wants %.*s, got %s", KEEP_F(keep_buf_get(&b)),
	      keep_json_type_name(v->type));
	return false;
}

/* A scalar as a person would write it. */
static struct keep_slice written(struct reader *r, const struct keep_json *v)
{
	if (v->type == KEEP_JSON_BOOL)
		return v->number ? KEEP_S("true") : KEEP_S("false");
	if (v->type == KEEP_JSON_INT)
		return keep_mem_print(r->mem, "%jd", (intmax_t)v->number);
	return keep_json_text(v);
}

static void parse(struct reader *r, const struct keep_field *f,
		  const struct keep_json *v, struct keep_buf *out)
{
	struct keep_slice text = written(r, v);
	struct keep_err e = {0};

	if (!text.p) {
		r->no_memory = true;
		return;
	}
	if (!keep_field_parse(r->mem, f, text, out, &e))
		return;
	r->no_memory |= e.code == KEEP_E_NO_MEMORY;
	fault(r, v, "%s", e.message);
	if (e.hint[0])
		keep_problem_hint(r->faults, "%s", e.hint);
}

/* No message shows what a secret is. */
static void read_secret(struct reader *r, const struct keep_field *f,
			const struct keep_json *v, struct keep_buf *out)
{
	struct keep_buf bytes = {.mem = r->mem};

	if (!keep_base64_get(keep_json_text(v), &bytes))
		fault(r, v, "is not base64");
	else if (bytes.len < f->min || (f->max && bytes.len > f->max))
		fault(r, v, "%zu bytes are too %s", bytes.len,
		      bytes.len < f->min ? "few" : "many");
	else
		keep_cbor_put_bytes(out, keep_buf_get(&bytes));
}

static void read_scalar(struct reader *r, const struct keep_field *f,
			const struct keep_json *v, struct keep_buf *out)
{
	struct keep_field hex = *f;

	if (!is_large(f, v) && !wants(r, v, types_of(f)))
		return;
	if (f->type == KEEP_T_SECRET) {
		read_secret(r, f, v, out);
		return;
	}
	if (f->type == KEEP_T_BLOB)
		hex.type = KEEP_T_BYTES;
	parse(r, &hex, v, out);
}

/* A field of the schema that is called so; else a fault. */
static const struct keep_field *find(struct reader *r,
				     const struct keep_schema *s,
				     const struct keep_json_member *m)
{
	struct keep_guess g = {.wanted = m->key};
	size_t i, old;

	for (i = 0; i < s->n; i++) {
		if (keep_slice_is(m->key, s->fields[i].name))
			return &s->fields[i];
		keep_guess_offer(&g, keep_slice(s->fields[i].name));
	}
	old = enter(r, m->key);
	fault(r, &m->value, "is not known");
	if (g.best.p)
		keep_problem_hint(r->faults, "did you mean %.*s?",
				  KEEP_F(g.best));
	r->place[old] = '\0';
	return NULL;
}

static void read_choice(struct reader *r, const struct keep_field *f,
			const struct keep_json *v, struct keep_buf *out)
{
	const struct keep_field *arm;
	size_t old;

	if (!wants(r, v, 1u << KEEP_JSON_OBJECT))
		return;
	if (v->n != 1) {
		fault(r, v, "wants exactly one member, got %u", v->n);
		return;
	}
	arm = find(r, f->sub, v->members);
	if (!arm)
		return;
	keep_cbor_put_list(out, 2);
	keep_cbor_put_uint(out, (uint64_t)(arm - f->sub->fields));
	old = enter(r, v->members->key);
	read_struct(r, arm->sub, &v->members->value, out);
	r->place[old] = '\0';
}

static void read_one(struct reader *r, const struct keep_field *f,
		     const struct keep_json *v, struct keep_buf *out)
{
	if (f->type == KEEP_T_ITEM)
		keep_json_to_cbor(v, out);
	else if (f->type == KEEP_T_STRUCT)
		read_struct(r, f->sub, v, out);
	else if (f->type == KEEP_T_CHOICE)
		read_choice(r, f, v, out);
	else
		read_scalar(r, f, v, out);
}

static void read_list(struct reader *r, const struct keep_field *f,
		      const struct keep_json *v, struct keep_buf *out)
{
	size_t old = strlen(r->place);
	uint32_t i;

	keep_cbor_put_list(out, v->n);
	for (i = 0; i < v->n; i++) {
		snprintf(r->place + old, sizeof r->place - old, "[%u]", i);
		read_one(r, f, &v->list[i], out);
		r->place[old] = '\0';
	}
}

static int by_key(const void *a, const void *b)
{
	return keep_cbor_key_cmp(
		(*(const struct keep_json_member *const *)a)->key,
		(*(const struct keep_json_member *const *)b)->key);
}

static void read_map(struct reader *r, const struct keep_field *f,
		     const struct keep_json *v, struct keep_buf *out)
{
	const struct keep_json_member **order =
		keep_mem_array(r->mem, v->n, sizeof *order);
	uint32_t i;
	size_t old;

	if (!order) {
		r->no_memory = true;
		return;
	}
	for (i = 0; i < v->n; i++)
		order[i] = &v->members[i];
	if (v->n)
		qsort(order, v->n, sizeof *order, by_key);
	keep_cbor_put_map(out, v->n);
	for (i = 0; i < v->n; i++) {
		keep_cbor_put_text(out, order[i]->key);
		old = enter(r, order[i]->key);
		read_one(r, f, &order[i]->value, out);
		r->place[old] = '\0';
	}
}

static void read_field(struct reader *r, const struct keep_field *f,
		       const struct keep_json *v, struct keep_buf *out)
{
	uint32_t max = f->max_n ? f->max_n : MANY_DEFAULT;
	bool is_list = f->shape == KEEP_LIST;

	if (f->shape == KEEP_ONE)
		read_one(r, f, v, out);
	else if (!wants(r, v, 1u << (is_list ? KEEP_JSON_LIST :
					       KEEP_JSON_OBJECT)))
		return;
	else if (v->n > max)
		fault(r, v, "%u elements; at most %u", v->n, max);
	else
		(is_list ? read_list : read_map)(r, f, v, out);
}

static void read_struct(struct reader *r, const struct keep_schema *s,
			const struct keep_json *v, struct keep_buf *out)
{
	uint32_t i, known = 0;
	size_t old;

	if (!wants(r, v, 1u << KEEP_JSON_OBJECT))
		return;
	for (i = 0; i < v->n; i++)
		known += find(r, s, &v->members[i]) != NULL;
	keep_cbor_put_map(out, known);
	for (i = 0; i < s->n; i++) {
		const struct keep_field *f = &s->fields[i];
		const struct keep_json *member =
			keep_json_get(v, keep_slice(f->name));

		old = enter(r, keep_slice(f->name));
		if (member) {
			keep_cbor_put_uint(out, i);
			read_field(r, f, member, out);
		} else if (f->required) {
			fault(r, v, "is missing");
		}
		r->place[old] = '\0';
	}
}

int keep_form_read(struct keep_mem *m, const struct keep_schema *s,
		   const struct keep_json *v, struct keep_buf *out,
		   struct keep_err *e)
{
	struct keep_problems *faults = KEEP_NEW(m, struct keep_problems);
	struct reader r = {.mem = m, .faults = faults};
	size_t begin = out->len;

	if (!faults)
		return keep_no_memory(e);
	faults->mem = m;
	read_struct(&r, s, v, out);
	if (r.no_memory)
		return keep_no_memory(e);
	if (faults->total)
		out->len = begin;
	return faults->total ? keep_problems_fail(faults, e, KEEP_E_BAD_ARGS,
						  "%s", s->name)
			     : keep_buf_check(out, e);
}
