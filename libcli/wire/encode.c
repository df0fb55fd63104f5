/* The struct that a schema describes as one item, fields in order. */
#include <stdlib.h>
#include "schema.h"

typedef void encode_fn(const struct keep_field *f, const void *p,
		       struct keep_buf *out);
static void encode_struct(const struct keep_schema *s, const void *in,
			  struct keep_buf *out);

static void encode_number(const struct keep_field *f, const void *p,
			  struct keep_buf *out)
{
	keep_cbor_put_uint(out, keep_number_get(f, p));
}

static void encode_int(const struct keep_field *f, const void *p,
		       struct keep_buf *out)
{
	keep_cbor_put_int(out, keep_signed_get(f, p));
}

static void encode_bool(const struct keep_field *f, const void *p,
			struct keep_buf *out)
{
	(void)f;
	keep_cbor_put_bool(out, *(const bool *)p);
}

static void encode_double(const struct keep_field *f, const void *p,
			  struct keep_buf *out)
{
	(void)f;
	keep_cbor_put_double(out, *(const double *)p);
}

static void encode_text(const struct keep_field *f, const void *p,
			struct keep_buf *out)
{
	(void)f;
	keep_cbor_put_text(out, *(const struct keep_slice *)p);
}

static void encode_bytes(const struct keep_field *f, const void *p,
			 struct keep_buf *out)
{
	(void)f;
	keep_cbor_put_bytes(out, *(const struct keep_slice *)p);
}

static void encode_fixed(const struct keep_field *f, const void *p,
			 struct keep_buf *out)
{
	struct keep_slice s = {p, f->size};

	if (f->type == KEEP_T_FIXED)
		keep_cbor_put_bytes(out, s);
	else
		keep_cbor_put_text(out, s);
}

static void encode_ip(const struct keep_field *f, const void *p,
		      struct keep_buf *out)
{
	KEEP_AUTO(keep_buf) text = {0};

	(void)f;
	keep_ip_put(&text, p);
	out->failed |= text.failed;
	keep_cbor_put_text(out, keep_buf_get(&text));
}

static void encode_share(const struct keep_field *f, const void *p,
			 struct keep_buf *out)
{
	const struct keep_share *share = p;

	(void)f;
	keep_cbor_put_list(out, 2);
	keep_cbor_put_uint(out, share->value);
	keep_cbor_put_bool(out, share->percent);
}

static void encode_item(const struct keep_field *f, const void *p,
			struct keep_buf *out)
{
	(void)f;
	keep_buf_slice(out, *(const struct keep_slice *)p);
}

static void encode_sub(const struct keep_field *f, const void *p,
		       struct keep_buf *out)
{
	encode_struct(f->sub, p, out);
}

static void encode_choice(const struct keep_field *f, const void *p,
			  struct keep_buf *out)
{
	const struct keep_choice *choice = p;

	keep_cbor_put_list(out, 2);
	keep_cbor_put_uint(out, choice->arm);
	encode_struct(f->sub->fields[choice->arm].sub, choice->value, out);
}

static encode_fn *const encoders[] = {
	[KEEP_T_BOOL] = encode_bool, [KEEP_T_UINT] = encode_number,
	[KEEP_T_INT] = encode_int, [KEEP_T_DOUBLE] = encode_double,
	[KEEP_T_TEXT] = encode_text, [KEEP_T_BYTES] = encode_bytes,
	[KEEP_T_ENUM] = encode_number, [KEEP_T_TIME] = encode_number,
	[KEEP_T_DURATION] = encode_number, [KEEP_T_SIZE] = encode_number,
	[KEEP_T_SHARE] = encode_share, [KEEP_T_IP] = encode_ip,
	[KEEP_T_PATH] = encode_text, [KEEP_T_BLOB] = encode_bytes,
	[KEEP_T_FIXED] = encode_fixed, [KEEP_T_FIXED_TEXT] = encode_fixed,
	[KEEP_T_ITEM] = encode_item, [KEEP_T_SECRET] = encode_bytes,
	[KEEP_T_STRUCT] = encode_sub, [KEEP_T_CHOICE] = encode_choice,
};

static int by_key(const void *a, const void *b)
{
	return keep_cbor_key_cmp(**(const struct keep_slice *const *)a,
				 **(const struct keep_slice *const *)b);
}

/* Map keys go out in deterministic order, whatever order they lie in. */
static void encode_map(const struct keep_field *f, const struct keep_list *l,
		       struct keep_buf *out)
{
	KEEP_AUTO(keep_buf) order = {0};
	const struct keep_slice **keys;
	size_t i, size;

	keys = keep_mul(l->n, sizeof *keys, &size) ?
	       keep_buf_grow(&order, size) : NULL;
	keep_cbor_put_map(out, l->n);
	if (!keys) {
		out->failed = true;
		return;
	}
	for (i = 0; i < l->n; i++)
		keys[i] = (const void *)((const char *)l->v +
					 i * keep_field_stride(f));
	if (l->n)
		qsort(keys, l->n, sizeof *keys, by_key);
	for (i = 0; i < l->n; i++) {
		keep_cbor_put_text(out, *keys[i]);
		encoders[f->type](f, keys[i] + 1, out);
	}
}

static void encode_field(const struct keep_field *f, const void *p,
			 struct keep_buf *out)
{
	const struct keep_list *l = p;
	size_t i;

	if (f->shape == KEEP_ONE) {
		encoders[f->type](f, p, out);
	} else if (f->shape == KEEP_MAP) {
		encode_map(f, l, out);
	} else {
		keep_cbor_put_list(out, l->n);
		for (i = 0; i < l->n; i++)
			encoders[f->type](f, (const char *)l->v + i * f->size,
					  out);
	}
}

static void encode_struct(const struct keep_schema *s, const void *in,
			  struct keep_buf *out)
{
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < s->n; i++)
		n += keep_field_present(&s->fields[i], in);
	keep_cbor_put_map(out, n);
	for (i = 0; i < s->n; i++) {
		const struct keep_field *f = &s->fields[i];

		if (!keep_field_present(f, in))
			continue;
		keep_cbor_put_uint(out, i);
		encode_field(f, keep_member_of(f, in), out);
	}
}

int keep_schema_encode(const struct keep_schema *s, const void *in,
		       struct keep_buf *out, struct keep_err *e)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		if (s->fields[i].required &&
		    !keep_field_present(&s->fields[i], in))
			return keep_fail(e, KEEP_E_INTERNAL, "%s has no %s",
					 s->name, s->fields[i].name);
	encode_struct(s, in, out);
	return keep_buf_check(out, e);
}
