/* One item into the struct that a schema describes. All faults are told. */
#include <inttypes.h>
#include <string.h>
#include "decode.h"

enum { MANY_DEFAULT = 65536, PLACE = 256 };

static void put_place(struct keep_buf *b, const struct keep_step *at)
{
	struct keep_slice name;

	if (!at)
		return;
	put_place(b, at->up);
	name = at->field ? keep_slice(at->field) : at->key;
	if (!name.p) {
		keep_buf_print(b, "[%zu]", at->i);
		return;
	}
	if (b->len)
		keep_buf_byte(b, '.');
	keep_buf_put(b, name.p, name.len < PLACE ? name.len : PLACE);
}

struct keep_slice keep_decode_place(const struct keep_decoder *d)
{
	struct keep_buf b = {.mem = d->mem};

	if (d->faults.kept < KEEP_PROBLEMS_MAX)
		put_place(&b, d->at);
	return keep_buf_get(&b);
}

static void decode_struct(struct keep_decoder *d, const struct keep_schema *s,
			  struct keep_cbor_head h, struct keep_slice *in,
			  void *out);

static bool decode_choice(struct keep_decoder *d, const struct keep_field *f,
			  struct keep_cbor_head h, struct keep_slice *in,
			  void *p)
{
	struct keep_cbor_head index = keep_cbor_next(in);
	struct keep_cbor_head body = keep_cbor_next(in);
	const struct keep_schema *arm;
	void *value;

	if (h.v != 2 || index.kind != KEEP_CBOR_UINT ||
	    index.v >= f->sub->n || body.kind != KEEP_CBOR_MAP)
		return keep_fault(d, "wants [0..%d, map]", f->sub->n - 1);
	arm = f->sub->fields[index.v].sub;
	value = keep_mem_alloc(d->mem, arm->size);
	d->no_memory |= !value;
	if (!value)
		return false;
	decode_struct(d, arm, body, in, value);
	*(struct keep_choice *)p =
		(struct keep_choice){true, (uint32_t)index.v, value};
	return true;
}

static bool decode_value(struct keep_decoder *d, const struct keep_field *f,
			 struct keep_cbor_head h, struct keep_slice *in,
			 void *p)
{
	enum keep_cbor_kind want = keep_type_rows[f->type].kind;

	if (want != KEEP_CBOR_END && h.kind != want)
		return keep_fault(d, "wants %s, got %s",
				  keep_cbor_kind_name(want),
				  keep_cbor_kind_name(h.kind));
	if (f->type == KEEP_T_CHOICE)
		return decode_choice(d, f, h, in, p);
	if (f->type != KEEP_T_STRUCT)
		return keep_scalar_decoders[f->type](d, f, h, in, p);
	decode_struct(d, f->sub, h, in, p);
	return true;
}

/* One element; whatever is wrong with it, *in stands behind it afterwards. */
static void decode_one(struct keep_decoder *d, const struct keep_field *f,
		       struct keep_slice *in, void *p)
{
	struct keep_slice start = *in;

	if (f->type == KEEP_T_ITEM) {
		*(struct keep_slice *)p = keep_cbor_skip(in);
		return;
	}
	if (decode_value(d, f, keep_cbor_next(in), in, p))
		return;
	*in = start;
	keep_cbor_skip(in);
}

static char *new_elements(struct keep_decoder *d, const struct keep_field *f,
			  uint64_t n, struct keep_list *list)
{
	uint64_t max = f->max_n ? f->max_n : MANY_DEFAULT;
	void *v;

	if (n > max) {
		keep_fault(d, "%" PRIu64 " elements; at most %" PRIu64, n,
			   max);
		return NULL;
	}
	v = keep_mem_array(d->mem, n, keep_field_stride(f));
	if (!v)
		d->no_memory = true;
	else
		*list = (struct keep_list){v, n};
	return v;
}

static bool decode_list(struct keep_decoder *d, const struct keep_field *f,
			struct keep_cbor_head h, struct keep_slice *in,
			void *list)
{
	char *v = new_elements(d, f, h.v, list);
	struct keep_step step = {.up = d->at};

	d->at = &step;
	for (; v && step.i < h.v; step.i++)
		decode_one(d, f, in, v + step.i * keep_field_stride(f));
	d->at = step.up;
	return v != NULL;
}

static bool decode_map(struct keep_decoder *d, const struct keep_field *f,
		       struct keep_cbor_head h, struct keep_slice *in,
		       void *list)
{
	char *at = new_elements(d, f, h.v, list);
	struct keep_step step = {.up = d->at};

	for (; at && step.i < h.v; step.i++, at += keep_field_stride(f)) {
		struct keep_cbor_head head = keep_cbor_next(in);

		if (head.kind != KEEP_CBOR_TEXT)
			return keep_fault(d, "wants texts as keys, got %s",
					  keep_cbor_kind_name(head.kind));
		step.key = (struct keep_slice){head.p, head.v};
		*(struct keep_slice *)at = step.key;
		d->at = &step;
		decode_one(d, f, in, at + keep_field_value_at(f));
		d->at = step.up;
	}
	return at != NULL;
}

static void decode_field(struct keep_decoder *d, const struct keep_field *f,
			 struct keep_slice *in, void *out)
{
	bool is_list = f->shape == KEEP_LIST, good;
	struct keep_slice start = *in;
	struct keep_cbor_head h;

	if (f->has)
		((bool *)out)[f->has - 1] = true;
	if (f->shape == KEEP_ONE) {
		decode_one(d, f, in, keep_member(f, out));
		return;
	}
	h = keep_cbor_next(in);
	if (h.kind != (is_list ? KEEP_CBOR_LIST : KEEP_CBOR_MAP))
		good = keep_fault(d, "wants %s, got %s",
				  is_list ? "a list" : "a map",
				  keep_cbor_kind_name(h.kind));
	else
		good = (is_list ? decode_list : decode_map)(
			d, f, h, in, keep_member(f, out));
	if (good)
		return;
	*in = start;
	keep_cbor_skip(in);
}

static void decode_default(struct keep_decoder *d, const struct keep_field *f,
			   void *out)
{
	struct keep_buf item = {.mem = d->mem};
	struct keep_err e = {0};
	struct keep_slice in;

	if (keep_field_parse(d->mem, f, keep_slice(f->dflt), &item, &e) ||
	    keep_buf_check(&item, &e)) {
		d->no_memory |= e.code == KEEP_E_NO_MEMORY;
		keep_fault(d, "default: %s", e.message);
		return;
	}
	in = keep_buf_get(&item);
	decode_one(d, f, &in, keep_member(f, out));
}

static void fill_missing(struct keep_decoder *d, const struct keep_schema *s,
			 uint64_t seen, void *out)
{
	struct keep_step step = {.up = d->at};
	size_t i;

	d->at = &step;
	for (i = 0; i < s->n; i++) {
		const struct keep_field *f = &s->fields[i];

		if (seen >> i & 1)
			continue;
		step.field = f->name;
		if (f->required)
			keep_fault(d, "is missing");
		else if (f->dflt)
			decode_default(d, f, out);
	}
	d->at = step.up;
}

static void decode_struct(struct keep_decoder *d, const struct keep_schema *s,
			  struct keep_cbor_head h, struct keep_slice *in,
			  void *out)
{
	struct keep_step step = {.up = d->at};
	uint64_t seen = 0, i;

	for (i = 0; i < h.v; i++) {
		struct keep_cbor_head key = keep_cbor_next(in);

		if (key.kind != KEEP_CBOR_UINT || key.v >= s->n) {
			keep_cbor_skip(in);
			if (d->strict && key.kind == KEEP_CBOR_UINT)
				keep_fault(d, "unknown key %" PRIu64, key.v);
			else if (d->strict)
				keep_fault(d, "wants numbers as keys");
			continue;
		}
		step.field = s->fields[key.v].name;
		seen |= UINT64_C(1) << key.v;
		d->at = &step;
		decode_field(d, &s->fields[key.v], in, out);
		d->at = step.up;
	}
	fill_missing(d, s, seen, out);
}

/* The faults outlive the decoder. */
static int fail(struct keep_decoder *d, const char *name, struct keep_err *e)
{
	struct keep_problems *faults = KEEP_NEW(d->mem, struct keep_problems);

	if (!faults)
		return keep_no_memory(e);
	*faults = d->faults;
	return keep_problems_fail(faults, e, KEEP_E_BAD_ARGS, "%s", name);
}

int keep_schema_decode(struct keep_mem *m, const struct keep_schema *s,
		       struct keep_slice item, bool strict, void *out,
		       struct keep_err *e)
{
	struct keep_decoder d = {.mem = m, .faults.mem = m, .strict = strict};
	struct keep_cbor_head h = keep_cbor_next(&item);

	memset(out, 0, s->size);
	if (h.kind != KEEP_CBOR_MAP)
		return keep_fail(e, KEEP_E_BAD_ARGS, "%s wants a map, got %s",
				 s->name, keep_cbor_kind_name(h.kind));
	decode_struct(&d, s, h, &item, out);
	if (d.no_memory)
		return keep_no_memory(e);
	return d.faults.total ? fail(&d, s->name, e) : 0;
}
