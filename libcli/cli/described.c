/* A verb that is known by its description only: what others wrote is checked,
 * and becomes schemas whose structs are laid out here. */
#include "external.h"

enum {
	DEPTH_MAX = 16,  /* of nested fields */
	NAME_LEN = 40,   /* of a field */
	ALIGN = 8,
};

/* --- reading ------------------------------------------------------------- */

/* It goes to a terminal; CDDL has lines. */
static bool shows(struct keep_slice s, bool lines)
{
	size_t at, len;

	for (at = 0; at < s.len; at += len) {
		uint32_t code = keep_utf8_get(s.p + at, &len);

		if (!keep_text_shows(code) &&
		    !(lines && (code == '\n' || code == '\t')))
			return false;
	}
	return true;
}

/* [a-z0-9][a-z0-9-]*, or with _ instead of -. */
static bool is_name(struct keep_slice s, char between, size_t max)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (!(s.p[i] >= 'a' && s.p[i] <= 'z') &&
		    !(s.p[i] >= '0' && s.p[i] <= '9') &&
		    (s.p[i] != between || i == 0))
			return false;
	return s.len > 0 && s.len <= max;
}

static bool path_ok(const struct keep_slices *path)
{
	size_t i;

	for (i = 0; i < path->n; i++)
		if (!is_name(path->v[i], '-', KEEP_PATH_WORD_MAX))
			return false;
	return path->n > 0;
}

static bool texts_ok(const struct keep_described_verb *d)
{
	return shows(d->summary, false) && shows(d->socket, false) &&
	       shows(d->args, true) && shows(d->result, true) &&
	       shows(d->item, true);
}

int keep_described_get(struct keep_mem *m, struct keep_slice item,
		       struct keep_described_verb *out, struct keep_err *e)
{
	int rc = keep_cbor_check(item, &keep_cbor_socket, e);

	if (!rc)
		rc = keep_schema_decode(m, &keep_described_verb_schema, item,
					false, out, e);
	if (rc == -KEEP_E_NO_MEMORY)
		return rc;
	if (rc) {
		e->code = KEEP_E_BAD_FRAME;
		return keep_err_at(e, "a description");
	}
	if (!path_ok(&out->path) || !texts_ok(out))
		return keep_fail(e, KEEP_E_BAD_FRAME, "a description has a "
				 "path, and no control characters");
	return 0;
}

/* --- schemas ------------------------------------------------------------- */

/* Schemas while they are made. */
struct maker {
	struct keep_mem *mem;
	struct keep_err *e;
	int depth;
};

static int bad_field(struct maker *k, const struct keep_described_field *d,
		     const char *why)
{
	return keep_fail(k->e, KEEP_E_BAD_FRAME, "a described field '%.*s' %s",
			 KEEP_F(d->name), why);
}

static uint32_t size_of(enum keep_type type)
{
	switch (type) {
	case KEEP_T_BOOL: return sizeof(bool);
	case KEEP_T_DOUBLE: return sizeof(double);
	case KEEP_T_ENUM: return sizeof(uint32_t);
	case KEEP_T_SHARE: return sizeof(struct keep_share);
	case KEEP_T_IP: return sizeof(struct keep_ip);
	case KEEP_T_CHOICE: return sizeof(struct keep_choice);
	case KEEP_T_UINT: case KEEP_T_INT: case KEEP_T_TIME:
	case KEEP_T_DURATION: case KEEP_T_SIZE: return sizeof(uint64_t);
	default: return sizeof(struct keep_slice);
	}
}

/* Of two with one name the first is wider. */
static bool find_type(struct keep_slice name, enum keep_type *type)
{
	int t;

	for (t = KEEP_T_BOOL; t <= KEEP_T_CHOICE; t++) {
		*type = (enum keep_type)t;
		if (keep_slice_is(name, keep_type_name(*type)))
			return true;
	}
	return false;
}

static const struct keep_names_of *names_of(struct keep_mem *m,
					    const struct keep_slices *from)
{
	struct keep_names_of *names = KEEP_NEW(m, struct keep_names_of);
	const char **v = KEEP_NEWS(m, from->n, const char *);
	size_t i;

	if (!names || !v)
		return NULL;
	for (i = 0; i < from->n; i++) {
		v[i] = keep_mem_copy(m, from->v[i]).p;
		if (!v[i])
			return NULL;
	}
	*names = (struct keep_names_of){v, from->n};
	return names;
}

static const struct keep_schema *schema_of(struct maker *k, const char *name,
					   const struct keep_list *from,
					   bool arms);

/* What its type brings along. */
static int set_inside(struct maker *k, const struct keep_described_field *d,
		      struct keep_field *f, bool arm)
{
	bool nests = f->type == KEEP_T_STRUCT || f->type == KEEP_T_CHOICE;

	if (nests && !d->nested.n && !arm) /* one that nests itself */
		f->type = KEEP_T_ITEM;
	else if (nests && !(f->sub = schema_of(k, f->name, &d->nested,
					       f->type == KEEP_T_CHOICE)))
		return -k->e->code;
	f->size = f->type == KEEP_T_STRUCT ? f->sub->size : size_of(f->type);
	if (f->type != KEEP_T_ENUM)
		return 0;
	if (!d->names.n)
		return bad_field(k, d, "has no names");
	f->names = names_of(k->mem, &d->names);
	return f->names ? 0 : keep_no_memory(k->e);
}

static int set_field(struct maker *k, const struct keep_described_field *d,
		     struct keep_field *f, bool arm)
{
	struct keep_slice type = d->type;
	bool known;

	if (!is_name(d->name, '_', NAME_LEN))
		return bad_field(k, d, "is no name");
	f->shape = d->flags & KEEP_D_LIST ? KEEP_LIST : KEEP_ONE;
	if (keep_slice_starts(type, "map of ")) {
		type = (struct keep_slice){type.p + 7, type.len - 7};
		f->shape = KEEP_MAP;
	}
	known = find_type(type, &f->type);
	f->name = keep_mem_copy(k->mem, d->name).p;
	f->help = "";
	f->required = d->flags & KEEP_D_REQUIRED;
	if (d->flags & KEEP_D_WORD)
		f->source = f->shape == KEEP_ONE ? KEEP_WORD : KEEP_REST;
	if (!known || (arm && (f->type != KEEP_T_STRUCT || f->shape)))
		return bad_field(k, d, "has no type that is known");
	return f->name ? set_inside(k, d, f, arm) : keep_no_memory(k->e);
}

/* Each member, and behind it whether it is there. */
static void lay_out(struct keep_field *f, uint32_t *at)
{
	f->offset = *at;
	*at += f->shape == KEEP_ONE ? f->size :
	       (uint32_t)sizeof(struct keep_list);
	if (f->shape == KEEP_ONE && !f->required)
		f->has = ++*at;
	*at = (*at + ALIGN - 1) / ALIGN * ALIGN;
}

static bool is_twice(const struct keep_described_field *d, size_t i)
{
	size_t j;

	for (j = 0; j < i; j++)
		if (keep_slice_eq(d[j].name, d[i].name))
			return true;
	return false;
}

static int set_fields(struct maker *k, const struct keep_list *from, bool arms,
		      struct keep_schema *s, struct keep_field *f)
{
	const struct keep_described_field *d = from->v;
	size_t i;

	for (i = 0; i < from->n; i++) {
		if (d[i].key != i)
			return bad_field(k, &d[i], "is not at its key");
		if (is_twice(d, i))
			return bad_field(k, &d[i], "is there twice");
		if (set_field(k, &d[i], &f[i], arms))
			return -k->e->code;
		if (!arms) /* which lie where they are pointed to */
			lay_out(&f[i], &s->size);
	}
	return 0;
}

static const struct keep_schema *schema_of(struct maker *k, const char *name,
					   const struct keep_list *from,
					   bool arms)
{
	struct keep_schema *s = KEEP_NEW(k->mem, struct keep_schema);
	struct keep_field *f;

	if (from->n > KEEP_FIELDS_MAX || k->depth == DEPTH_MAX) {
		keep_fail(k->e, KEEP_E_BAD_FRAME, "%s is described with too "
			  "many fields, or too deep", name);
		return NULL;
	}
	f = KEEP_NEWS(k->mem, from->n, struct keep_field);
	if (!s || !f) {
		keep_no_memory(k->e);
		return NULL;
	}
	*s = (struct keep_schema){.name = name, .fields = f,
				  .n = (uint16_t)from->n};
	k->depth++;
	if (set_fields(k, from, arms, s, f))
		return NULL;
	k->depth--;
	return s;
}

/* --- rows ---------------------------------------------------------------- */

static const char *path_of(struct keep_mem *m, const struct keep_slices *path)
{
	struct keep_buf text = {.mem = m};
	size_t i;

	for (i = 0; i < path->n; i++) {
		keep_buf_text(&text, i ? " " : "");
		keep_buf_slice(&text, path->v[i]);
	}
	return text.failed ? NULL : keep_mem_copy(m, keep_buf_get(&text)).p;
}

static int set_item(struct maker *k, const struct keep_described_verb *d,
		    struct keep_verb *v)
{
	const struct keep_schema *s;

	if (!d->item_fields.n)
		return keep_fail(k->e, KEEP_E_BAD_FRAME, "items of %s are "
				 "not described", v->path);
	s = schema_of(k, "item", &d->item_fields, false);
	*(v->kind == KEEP_R_LIST ? &v->result : &v->event) = s;
	return s ? 0 : -k->e->code;
}

static int set_result(struct maker *k, const struct keep_described_verb *d,
		      struct keep_verb *v)
{
	if (keep_slice_starts(d->result, "result = [* "))
		v->kind = KEEP_R_LIST;
	else if (d->result.len && !d->result_fields.n)
		v->kind = KEEP_R_ITEM;
	else if (d->result_fields.n &&
		 !(v->result = schema_of(k, "result", &d->result_fields,
					 false)))
		return -k->e->code;
	return v->kind == KEEP_R_LIST || d->item.len ? set_item(k, d, v) : 0;
}

int keep_described_row(struct keep_mem *m, const struct keep_described_verb *d,
		       struct keep_verb *out, struct keep_err *e)
{
	struct maker k = {m, e, 0};
	const char *path = path_of(m, &d->path);
	const char *summary = keep_mem_copy(m, d->summary).p;

	if (!path || !summary)
		return keep_no_memory(e);
	if (keep_described_is_plain(d)) {
		*out = keep_words_verb;
		out->path = path;
		return 0;
	}
	*out = (struct keep_verb){path, summary, d->flags, NULL};
	if (d->args_fields.n &&
	    !(out->args = schema_of(&k, "args", &d->args_fields, false)))
		return -e->code;
	return set_result(&k, d, out);
}
