/* One item into the struct that a schema describes. All faults are told. */
#include <inttypes.h>
#include <string.h>
#include "schema.h"

enum { MANY_DEFAULT = 65536, PLACE = 256 };

struct decoder {
	struct keep_mem *mem;
	struct keep_problems *faults;
	bool strict;
	bool no_memory;
	size_t len;
	char place[PLACE]; /* "filter[1]", len bytes */
};

/* h: the head that was taken; in: what the item holds behind it. */
typedef void decode_fn(struct decoder *d, const struct keep_field *f,
		       struct keep_cbor_head h, struct keep_slice *in,
		       void *p);
static void decode_struct(struct decoder *d, const struct keep_schema *s,
			  struct keep_cbor_head h, struct keep_slice *in,
			  void *out);

#define fault(d, ...) \
	keep_problem((d)->faults, keep_slice((d)->place), 0, 0, __VA_ARGS__)

static void add(struct decoder *d, const char *p, size_t n)
{
	size_t room = sizeof d->place - 1 - d->len;

	n = n < room ? n : room;
	memcpy(d->place + d->len, p, n);
	d->len += n;
	d->place[d->len] = '\0';
}

/* Goes one step deeper in the place; returns where to cut it again. */
static size_t enter(struct decoder *d, const char *before,
		    struct keep_slice name, const char *behind)
{
	size_t old = d->len;

	if (old)
		add(d, before, strlen(before));
	add(d, name.p, name.len);
	add(d, behind, strlen(behind));
	return old;
}

static void leave(struct decoder *d, size_t old)
{
	d->len = old;
	d->place[old] = '\0';
}

static bool length_ok(struct decoder *d, const struct keep_field *f,
		      uint64_t len)
{
	if (f->max && len > f->max)
		fault(d, "%" PRIu64 " bytes; at most %" PRIu64, len, f->max);
	else if (len < f->min && f->min == 1)
		fault(d, "is empty");
	else if (len < f->min)
		fault(d, "%" PRIu64 " bytes; at least %" PRIu64, len, f->min);
	else
		return true;
	return false;
}

static void decode_number(struct decoder *d, const struct keep_field *f,
			  struct keep_cbor_head h, struct keep_slice *in,
			  void *p)
{
	uint64_t max = keep_field_max(f);

	(void)in;
	if (f->type == KEEP_T_ENUM && h.v > max)
		fault(d, "%" PRIu64 " is none of its %zu values", h.v,
		      f->names->n);
	else if (h.v > max)
		fault(d, "%" PRIu64 " is too large; at most %" PRIu64, h.v,
		      max);
	else if (h.v < f->min)
		fault(d, "%" PRIu64 " is too small; at least %" PRIu64, h.v,
		      f->min);
	else
		keep_number_set(f, p, h.v);
}

static void decode_int(struct decoder *d, const struct keep_field *f,
		       struct keep_cbor_head h, struct keep_slice *in, void *p)
{
	(void)in;
	if (h.kind != KEEP_CBOR_UINT && h.kind != KEEP_CBOR_NINT)
		fault(d, "wants a number, got %s", keep_cbor_kind_name(h.kind));
	else if (h.v > keep_field_max(f))
		fault(d, "the number is out of range");
	else
		keep_number_set(f, p, h.kind == KEEP_CBOR_UINT ? h.v : ~h.v);
}

static void decode_bool(struct decoder *d, const struct keep_field *f,
			struct keep_cbor_head h, struct keep_slice *in, void *p)
{
	(void)d, (void)f, (void)in;
	*(bool *)p = h.v != 0;
}

static void decode_double(struct decoder *d, const struct keep_field *f,
			  struct keep_cbor_head h, struct keep_slice *in,
			  void *p)
{
	(void)d, (void)f, (void)in;
	memcpy(p, &h.d, sizeof h.d);
}

static void decode_slice(struct decoder *d, const struct keep_field *f,
			 struct keep_cbor_head h, struct keep_slice *in,
			 void *p)
{
	struct keep_slice s = {h.p, h.v};

	(void)in;
	if (f->type == KEEP_T_PATH && !keep_slice_starts(s, "/"))
		fault(d, "'%.*s' is not an absolute path", KEEP_F(s));
	else if (length_ok(d, f, s.len))
		*(struct keep_slice *)p = s;
}

static void decode_fixed(struct decoder *d, const struct keep_field *f,
			 struct keep_cbor_head h, struct keep_slice *in,
			 void *p)
{
	(void)in;
	if (h.v != f->size)
		fault(d, "%" PRIu64 " bytes; wants exactly %u", h.v, f->size);
	else
		memcpy(p, h.p, f->size);
}

static void decode_ip(struct decoder *d, const struct keep_field *f,
		      struct keep_cbor_head h, struct keep_slice *in, void *p)
{
	struct keep_slice text = {h.p, h.v};

	(void)f, (void)in;
	if (!keep_ip_get(text, p))
		fault(d, "'%.*s' is not an IP address", KEEP_F(text));
}

static void decode_share(struct decoder *d, const struct keep_field *f,
			 struct keep_cbor_head h, struct keep_slice *in,
			 void *p)
{
	struct keep_cbor_head value = keep_cbor_next(in);
	struct keep_cbor_head percent = keep_cbor_next(in);

	(void)f;
	if (h.v != 2 || value.kind != KEEP_CBOR_UINT ||
	    percent.kind != KEEP_CBOR_BOOL || (percent.v && value.v > 100))
		fault(d, "wants [count, is percent]");
	else
		*(struct keep_share *)p = (struct keep_share){value.v,
							      percent.v != 0};
}

static void decode_sub(struct decoder *d, const struct keep_field *f,
		       struct keep_cbor_head h, struct keep_slice *in, void *p)
{
	decode_struct(d, f->sub, h, in, p);
}

static void decode_choice(struct decoder *d, const struct keep_field *f,
			  struct keep_cbor_head h, struct keep_slice *in,
			  void *p)
{
	struct keep_cbor_head index = keep_cbor_next(in);
	struct keep_cbor_head body = keep_cbor_next(in);
	const struct keep_schema *arm;
	void *value;

	if (h.v != 2 || index.kind != KEEP_CBOR_UINT ||
	    index.v >= f->sub->n || body.kind != KEEP_CBOR_MAP) {
		fault(d, "wants [0..%d, map]", f->sub->n - 1);
		return;
	}
	arm = f->sub->fields[index.v].sub;
	value = keep_mem_alloc(d->mem, arm->size);
	if (!value) {
		d->no_memory = true;
		return;
	}
	decode_struct(d, arm, body, in, value);
	*(struct keep_choice *)p =
		(struct keep_choice){true, (uint32_t)index.v, value};
}

static decode_fn *const decoders[] = {
	[KEEP_T_BOOL] = decode_bool, [KEEP_T_UINT] = decode_number,
	[KEEP_T_INT] = decode_int, [KEEP_T_DOUBLE] = decode_double,
	[KEEP_T_TEXT] = decode_slice, [KEEP_T_BYTES] = decode_slice,
	[KEEP_T_ENUM] = decode_number, [KEEP_T_TIME] = decode_number,
	[KEEP_T_DURATION] = decode_number, [KEEP_T_SIZE] = decode_number,
	[KEEP_T_SHARE] = decode_share, [KEEP_T_IP] = decode_ip,
	[KEEP_T_PATH] = decode_slice, [KEEP_T_BLOB] = decode_slice,
	[KEEP_T_FIXED] = decode_fixed, [KEEP_T_FIXED_TEXT] = decode_fixed,
	[KEEP_T_SECRET] = decode_slice, [KEEP_T_STRUCT] = decode_sub,
	[KEEP_T_CHOICE] = decode_choice,
};

/* One element; whatever is wrong with it, *in stands behind it afterwards. */
static void decode_one(struct decoder *d, const struct keep_field *f,
		       struct keep_slice *in, void *p)
{
	enum keep_cbor_kind want = keep_type_rows[f->type].kind;
	struct keep_slice item = keep_cbor_skip(in), rest = item;
	struct keep_cbor_head h;

	if (f->type == KEEP_T_ITEM) {
		*(struct keep_slice *)p = item;
		return;
	}
	h = keep_cbor_next(&rest);
	if (want != KEEP_CBOR_END && h.kind != want)
		fault(d, "wants %s, got %s", keep_cbor_kind_name(want),
		      keep_cbor_kind_name(h.kind));
	else
		decoders[f->type](d, f, h, &rest, p);
}

static char *new_elements(struct decoder *d, const struct keep_field *f,
			  uint64_t n, struct keep_list *list)
{
	uint64_t max = f->max_n ? f->max_n : MANY_DEFAULT;
	void *v;

	if (n > max) {
		fault(d, "%" PRIu64 " elements; at most %" PRIu64, n, max);
		return NULL;
	}
	v = keep_mem_array(d->mem, n, keep_field_stride(f));
	if (!v)
		d->no_memory = true;
	else
		*list = (struct keep_list){v, n};
	return v;
}

static void decode_list(struct decoder *d, const struct keep_field *f,
			struct keep_cbor_head h, struct keep_slice *in,
			struct keep_list *list)
{
	char *v = new_elements(d, f, h.v, list), number[24];
	size_t i, old;

	for (i = 0; v && i < list->n; i++) {
		snprintf(number, sizeof number, "[%zu", i);
		old = enter(d, "", keep_slice(number), "]");
		decode_one(d, f, in, v + i * keep_field_stride(f));
		leave(d, old);
	}
}

static void decode_map(struct decoder *d, const struct keep_field *f,
		       struct keep_cbor_head h, struct keep_slice *in,
		       struct keep_list *list)
{
	char *v = new_elements(d, f, h.v, list);
	size_t i, old;

	for (i = 0; v && i < list->n; i++) {
		char *at = v + i * keep_field_stride(f);
		struct keep_cbor_head head = keep_cbor_next(in);
		struct keep_slice key = {head.p, head.v};

		if (head.kind != KEEP_CBOR_TEXT) {
			fault(d, "wants texts as keys, got %s",
			      keep_cbor_kind_name(head.kind));
			return;
		}
		*(struct keep_slice *)at = key;
		old = enter(d, ".", key, "");
		decode_one(d, f, in, at + keep_field_value_at(f));
		leave(d, old);
	}
}

static void decode_field(struct decoder *d, const struct keep_field *f,
			 struct keep_slice *in, void *out)
{
	bool is_list = f->shape == KEEP_LIST;
	struct keep_slice rest;
	struct keep_cbor_head h;

	if (f->has)
		((bool *)out)[f->has - 1] = true;
	if (f->shape == KEEP_ONE) {
		decode_one(d, f, in, keep_member(f, out));
		return;
	}
	rest = keep_cbor_skip(in);
	h = keep_cbor_next(&rest);
	if (h.kind != (is_list ? KEEP_CBOR_LIST : KEEP_CBOR_MAP))
		fault(d, "wants %s, got %s", is_list ? "a list" : "a map",
		      keep_cbor_kind_name(h.kind));
	else
		(is_list ? decode_list : decode_map)(d, f, h, &rest,
						     keep_member(f, out));
}

static void decode_default(struct decoder *d, const struct keep_field *f,
			   void *out)
{
	struct keep_buf item = {.mem = d->mem};
	struct keep_err e = {0};
	struct keep_slice in;

	if (keep_field_parse(d->mem, f, keep_slice(f->dflt), &item, &e) ||
	    keep_buf_check(&item, &e)) {
		d->no_memory |= e.code == KEEP_E_NO_MEMORY;
		fault(d, "default: %s", e.message);
		return;
	}
	in = keep_buf_get(&item);
	decode_one(d, f, &in, keep_member(f, out));
}

static void fill_missing(struct decoder *d, const struct keep_schema *s,
			 uint64_t seen, void *out)
{
	size_t i, old;

	for (i = 0; i < s->n; i++) {
		const struct keep_field *f = &s->fields[i];

		if (seen >> i & 1)
			continue;
		old = enter(d, ".", keep_slice(f->name), "");
		if (f->required)
			fault(d, "is missing");
		else if (f->dflt)
			decode_default(d, f, out);
		leave(d, old);
	}
}

static void decode_struct(struct decoder *d, const struct keep_schema *s,
			  struct keep_cbor_head h, struct keep_slice *in,
			  void *out)
{
	uint64_t seen = 0, i;
	size_t old;

	for (i = 0; i < h.v; i++) {
		struct keep_cbor_head key = keep_cbor_next(in);
		const struct keep_field *f;

		if (key.kind != KEEP_CBOR_UINT || key.v >= s->n) {
			keep_cbor_skip(in);
			if (d->strict && key.kind == KEEP_CBOR_UINT)
				fault(d, "unknown key %" PRIu64, key.v);
			else if (d->strict)
				fault(d, "wants numbers as keys");
			continue;
		}
		f = &s->fields[key.v];
		seen |= UINT64_C(1) << key.v;
		old = enter(d, ".", keep_slice(f->name), "");
		decode_field(d, f, in, out);
		leave(d, old);
	}
	fill_missing(d, s, seen, out);
}

int keep_schema_decode(struct keep_mem *m, const struct keep_schema *s,
		       struct keep_slice item, bool strict, void *out,
		       struct keep_err *e)
{
	struct keep_problems *faults = KEEP_NEW(m, struct keep_problems);
	struct decoder d = {.mem = m, .faults = faults, .strict = strict};
	struct keep_cbor_head h = keep_cbor_next(&item);

	if (!faults)
		return keep_no_memory(e);
	faults->mem = m;
	memset(out, 0, s->size);
	if (h.kind != KEEP_CBOR_MAP)
		return keep_fail(e, KEEP_E_BAD_ARGS, "%s wants a map, got %s",
				 s->name, keep_cbor_kind_name(h.kind));
	decode_struct(&d, s, h, &item, out);
	if (d.no_memory)
		return keep_no_memory(e);
	return keep_problems_fail(faults, e, KEEP_E_BAD_ARGS, "%s", s->name);
}
