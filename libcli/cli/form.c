/* Structs as JSON: the reverse is form_read.c. */
#include <keep/cli.h>
#include "form.h"

static struct keep_json no_value(struct keep_former *m)
{
	m->failed = true;
	return (struct keep_json){0};
}

static struct keep_json of_buf(struct keep_former *m, struct keep_buf *b,
			       enum keep_json_type type)
{
	struct keep_json v = keep_json_of(keep_buf_get(b));

	m->failed |= b->failed;
	v.type = (uint8_t)type;
	return v;
}

static struct keep_json of_text(struct keep_former *m,
				const struct keep_field *f, const void *p,
				enum keep_json_type type)
{
	struct keep_buf b = {.mem = m->mem};

	keep_field_text(f, p, 0, &b);
	return of_buf(m, &b, type);
}

/* JSON here has integers of 63 bits and a sign: what is over them is a text
 * in JSON. */
static struct keep_json of_number(struct keep_former *m,
				  const struct keep_field *f, const void *p)
{
	struct keep_json v = of_text(m, f, p, KEEP_JSON_DOUBLE);
	int64_t n;

	if (f->type == KEEP_T_DOUBLE)
		return v;
	if (keep_num_int(keep_json_text(&v), &n))
		return (struct keep_json){.type = KEEP_JSON_INT, .number = n};
	v.type = KEEP_JSON_TEXT;
	return v;
}

static struct keep_json of_secret(struct keep_former *m,
				  const struct keep_slice *bytes)
{
	struct keep_buf b = {.mem = m->mem};

	keep_base64_put(&b, *bytes);
	return of_buf(m, &b, KEEP_JSON_TEXT);
}

/* An object of N members, to be filled by the caller. */
static struct keep_json_member *new_object(struct keep_former *m, size_t n,
					   struct keep_json *v)
{
	struct keep_json_member *members =
		KEEP_NEWS(m->mem, n, struct keep_json_member);

	*v = (struct keep_json){.type = KEEP_JSON_OBJECT, .members = members};
	if (!members)
		*v = no_value(m);
	return members;
}

static struct keep_json of_choice(struct keep_former *m,
				  const struct keep_field *f,
				  const struct keep_choice *c)
{
	const struct keep_field *arm = keep_form_arm(f, c);
	struct keep_json v;
	struct keep_json_member *member = new_object(m, 1, &v);

	if (!member)
		return v;
	member->key = keep_slice(arm->name);
	member->value = keep_form_struct(m, arm->sub, c->value);
	v.n = 1;
	return v;
}

struct keep_json keep_form_item(struct keep_former *m, struct keep_slice item)
{
	struct keep_buf b = {.mem = m->mem};
	struct keep_err e = {0};
	struct keep_json v;

	if (!keep_json_from_cbor(m->mem, item, &v, &e))
		return v;
	if (e.code == KEEP_E_NO_MEMORY)
		return no_value(m);
	keep_cbor_diag(item, &b);
	return of_buf(m, &b, KEEP_JSON_TEXT);
}

struct keep_json keep_form_value(struct keep_former *m,
				 const struct keep_field *f, const void *p)
{
	switch (f->type) {
	case KEEP_T_BOOL:
		return (struct keep_json){.type = KEEP_JSON_BOOL,
					  .number = *(const bool *)p};
	case KEEP_T_UINT:
	case KEEP_T_INT:
	case KEEP_T_DOUBLE:
	case KEEP_T_SHARE: return of_number(m, f, p);
	case KEEP_T_TEXT:
	case KEEP_T_PATH: return keep_json_of(*(const struct keep_slice *)p);
	case KEEP_T_ITEM:
		return keep_form_item(m, *(const struct keep_slice *)p);
	case KEEP_T_SECRET: return of_secret(m, p);
	case KEEP_T_STRUCT: return keep_form_struct(m, f->sub, p);
	case KEEP_T_CHOICE: return of_choice(m, f, p);
	default: return of_text(m, f, p, KEEP_JSON_TEXT);
	}
}

static struct keep_json of_list(struct keep_former *m,
				const struct keep_field *f,
				const struct keep_list *l)
{
	struct keep_json *list = KEEP_NEWS(m->mem, l->n, struct keep_json);
	size_t i;

	if (!list)
		return no_value(m);
	for (i = 0; i < l->n; i++)
		list[i] = keep_form_value(m, f, (const char *)l->v +
						i * keep_field_stride(f));
	return (struct keep_json){.type = KEEP_JSON_LIST, .list = list,
				  .n = (uint32_t)l->n};
}

static struct keep_json of_map(struct keep_former *m,
			       const struct keep_field *f,
			       const struct keep_list *l)
{
	struct keep_json v;
	struct keep_json_member *member = new_object(m, l->n, &v);
	size_t i;

	for (i = 0; member && i < l->n; i++, member++) {
		const char *at = (const char *)l->v + i * keep_field_stride(f);

		member->key = *(const struct keep_slice *)at;
		member->value = keep_form_value(m, f,
						at + keep_field_value_at(f));
		v.n++;
	}
	return v;
}

static struct keep_json of_field(struct keep_former *m,
				 const struct keep_field *f, const void *p)
{
	if (f->shape == KEEP_LIST)
		return of_list(m, f, p);
	if (f->shape == KEEP_MAP)
		return of_map(m, f, p);
	return keep_form_value(m, f, p);
}

struct keep_json keep_form_struct(struct keep_former *m,
				  const struct keep_schema *s, const void *in)
{
	struct keep_json v;
	struct keep_json_member *members = new_object(m, s->n, &v);
	size_t i;

	for (i = 0; members && i < s->n; i++) {
		const struct keep_field *f = &s->fields[i];

		if (!keep_field_present(f, in) ||
		    (m->hide && f->type == KEEP_T_SECRET))
			continue;
		members[v.n].key = keep_slice(f->name);
		members[v.n++].value =
			of_field(m, f, keep_form_member(f, in));
	}
	return v;
}

void keep_form_json(const struct keep_schema *s, const void *in, int style,
		    struct keep_buf *out)
{
	KEEP_AUTO(keep_mem) own = {0};
	struct keep_former m = {.mem = out->mem ? out->mem : &own};
	struct keep_json v = keep_form_struct(&m, s, in);

	keep_json_put(out, &v, style);
	out->failed |= m.failed;
}
