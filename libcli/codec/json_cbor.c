/* Values to and from CBOR. */
#include <math.h>
#include <keep/text.h>
#include "json_lex.h"
#include "json_sort.h"

static void put_object(struct keep_buf *out, const struct keep_json *v)
{
	KEEP_AUTO(keep_buf) scratch = {0};
	const struct keep_json_member **sorted =
		keep_json_sort(&scratch, v, keep_cbor_key_cmp);
	uint32_t i;

	out->failed |= !sorted;
	keep_cbor_put_map(out, v->n);
	for (i = 0; sorted && i < v->n; i++) {
		keep_cbor_put_text(out, sorted[i]->key);
		keep_json_to_cbor(&sorted[i]->value, out);
	}
}

static void put_list(struct keep_buf *out, const struct keep_json *v)
{
	uint32_t i;

	keep_cbor_put_list(out, v->n);
	for (i = 0; i < v->n; i++)
		keep_json_to_cbor(&v->list[i], out);
}

static void put_double(struct keep_buf *out, const struct keep_json *v)
{
	double d = 0;

	out->failed |= !keep_num_double(keep_json_text(v), &d);
	keep_cbor_put_double(out, d);
}

void keep_json_to_cbor(const struct keep_json *v, struct keep_buf *out)
{
	switch (v->type) {
	case KEEP_JSON_NULL: keep_cbor_put_null(out); break;
	case KEEP_JSON_BOOL: keep_cbor_put_bool(out, v->number != 0); break;
	case KEEP_JSON_INT: keep_cbor_put_int(out, v->number); break;
	case KEEP_JSON_DOUBLE: put_double(out, v); break;
	case KEEP_JSON_TEXT:
		keep_cbor_put_text(out, keep_json_text(v));
		break;
	case KEEP_JSON_LIST: put_list(out, v); break;
	default: put_object(out, v);
	}
}

struct source {
	struct keep_mem *m;
	struct keep_slice in; /* what is left of the item */
	unsigned depth;
	struct keep_err *e;
};

static int take(struct source *s, struct keep_json *v);

static int refuse(struct source *s, const char *what)
{
	return keep_fail(s->e, KEEP_E_BAD_ARGS, "JSON has no %s", what);
}

static int integer(struct source *s, const struct keep_cbor_head *h,
		   struct keep_json *v)
{
	bool negative = h->kind == KEEP_CBOR_NINT;

	if (h->v > INT64_MAX)
		return refuse(s, negative ? "integers under -2^63 here"
					  : "integers over 2^63-1 here");
	v->type = KEEP_JSON_INT;
	v->number = negative ? -1 - (int64_t)h->v : (int64_t)h->v;
	return 0;
}

/* What B holds, in the arena, becomes a value. A NUL goes behind it. */
static int become(struct source *s, struct keep_json *v,
		  enum keep_json_type type, struct keep_buf *b)
{
	keep_buf_byte(b, '\0');
	v->type = (uint8_t)type;
	v->text = b->p;
	v->n = (uint32_t)(b->len - 1);
	return keep_buf_check(b, s->e);
}

static int number(struct source *s, double d, struct keep_json *v)
{
	struct keep_buf b = {.mem = s->m};

	if (!isfinite(d))
		return refuse(s, "infinity and no NaN");
	keep_double_put(&b, d);
	if (!keep_json_is_double(keep_buf_get(&b)))
		keep_buf_text(&b, ".0");
	return become(s, v, KEEP_JSON_DOUBLE, &b);
}

static int text(struct source *s, const struct keep_cbor_head *h,
		struct keep_json *v)
{
	struct keep_buf b = {.mem = s->m};

	if (h->kind == KEEP_CBOR_BYTES)
		keep_hex_put(&b, h->p, h->v);
	else
		keep_buf_put(&b, h->p, h->v);
	return become(s, v, KEEP_JSON_TEXT, &b);
}

static int list(struct source *s, uint64_t n, struct keep_json *v)
{
	struct keep_json *elements;
	uint64_t i;
	int r = 0;

	if (n > s->in.len)
		return refuse(s, "broken lists");
	elements = KEEP_NEWS(s->m, n, struct keep_json);
	if (!elements)
		return keep_no_memory(s->e);
	v->type = KEEP_JSON_LIST;
	v->n = (uint32_t)n;
	v->list = elements;
	for (i = 0; r == 0 && i < n; i++)
		r = take(s, &elements[i]);
	return r;
}

static int member(struct source *s, struct keep_json_member *m)
{
	struct keep_cbor_head key = keep_cbor_next(&s->in);

	if (key.kind != KEEP_CBOR_TEXT)
		return refuse(s, "keys but texts");
	m->key = keep_mem_copy(s->m, (struct keep_slice){key.p, key.v});
	return m->key.p ? take(s, &m->value) : keep_no_memory(s->e);
}

static int object(struct source *s, uint64_t n, struct keep_json *v)
{
	struct keep_json_member *members;
	uint64_t i;
	int r = 0;

	if (n > s->in.len / 2)
		return refuse(s, "broken maps");
	members = KEEP_NEWS(s->m, n, struct keep_json_member);
	if (!members)
		return keep_no_memory(s->e);
	v->type = KEEP_JSON_OBJECT;
	v->n = (uint32_t)n;
	v->members = members;
	for (i = 0; r == 0 && i < n; i++)
		r = member(s, &members[i]);
	return r;
}

static int nested(struct source *s, const struct keep_cbor_head *h,
		  struct keep_json *v)
{
	int r;

	if (s->depth == KEEP_CBOR_DEPTH_MAX)
		return refuse(s, "items this deep");
	s->depth++;
	r = h->kind == KEEP_CBOR_LIST ? list(s, h->v, v) : object(s, h->v, v);
	s->depth--;
	return r;
}

static int take(struct source *s, struct keep_json *v)
{
	struct keep_cbor_head h = keep_cbor_next(&s->in);

	*v = (struct keep_json){0};
	switch (h.kind) {
	case KEEP_CBOR_UINT:
	case KEEP_CBOR_NINT: return integer(s, &h, v);
	case KEEP_CBOR_BYTES:
	case KEEP_CBOR_TEXT: return text(s, &h, v);
	case KEEP_CBOR_LIST:
	case KEEP_CBOR_MAP: return nested(s, &h, v);
	case KEEP_CBOR_DOUBLE: return number(s, h.d, v);
	case KEEP_CBOR_NULL: return 0;
	case KEEP_CBOR_BOOL:
		v->type = KEEP_JSON_BOOL;
		v->number = h.v != 0;
		return 0;
	case KEEP_CBOR_TAG: return refuse(s, "tags");
	default: return refuse(s, "broken items");
	}
}

int keep_json_from_cbor(struct keep_mem *m, struct keep_slice item,
			struct keep_json *out, struct keep_err *e)
{
	struct source s = {.m = m, .in = item, .e = e};
	int r;

	*out = (struct keep_json){0};
	if (item.len > INT32_MAX)
		return keep_fail(e, KEEP_E_TOO_LARGE, "an item of %zu bytes",
				 item.len);
	r = take(&s, out);
	if (r)
		*out = (struct keep_json){0};
	return r;
}
