/* Values of one head, or nearly, into their members. */
#include <inttypes.h>
#include <string.h>
#include "decode.h"

static bool length_ok(struct keep_decoder *d, const struct keep_field *f,
		      uint64_t len)
{
	if (f->max && len > f->max)
		return keep_fault(d, "%" PRIu64 " bytes; at most %" PRIu64, len,
				  f->max);
	if (len < f->min && f->min == 1)
		return keep_fault(d, "is empty");
	if (len < f->min)
		return keep_fault(d, "%" PRIu64 " bytes; at least %" PRIu64,
				  len, f->min);
	return true;
}

static bool decode_number(struct keep_decoder *d, const struct keep_field *f,
			  struct keep_cbor_head h, struct keep_slice *in,
			  void *p)
{
	uint64_t max = keep_field_max(f);

	(void)in;
	if (f->type == KEEP_T_ENUM && h.v > max)
		return keep_fault(d, "%" PRIu64 " is none of its %zu values",
				  h.v, f->names->n);
	if (h.v > max)
		return keep_fault(d, "%" PRIu64 " is too large; at most %"
				  PRIu64, h.v, max);
	if (h.v < f->min)
		return keep_fault(d, "%" PRIu64 " is too small; at least %"
				  PRIu64, h.v, f->min);
	keep_number_set(f, p, h.v);
	return true;
}

static bool decode_int(struct keep_decoder *d, const struct keep_field *f,
		       struct keep_cbor_head h, struct keep_slice *in, void *p)
{
	(void)in;
	if (h.kind != KEEP_CBOR_UINT && h.kind != KEEP_CBOR_NINT)
		return keep_fault(d, "wants a number, got %s",
				  keep_cbor_kind_name(h.kind));
	if (h.v > keep_field_max(f))
		return keep_fault(d, "the number is out of range");
	keep_number_set(f, p, h.kind == KEEP_CBOR_UINT ? h.v : ~h.v);
	return true;
}

static bool decode_bool(struct keep_decoder *d, const struct keep_field *f,
			struct keep_cbor_head h, struct keep_slice *in, void *p)
{
	(void)d, (void)f, (void)in;
	*(bool *)p = h.v != 0;
	return true;
}

static bool decode_double(struct keep_decoder *d, const struct keep_field *f,
			  struct keep_cbor_head h, struct keep_slice *in,
			  void *p)
{
	(void)d, (void)f, (void)in;
	memcpy(p, &h.d, sizeof h.d);
	return true;
}

static bool decode_slice(struct keep_decoder *d, const struct keep_field *f,
			 struct keep_cbor_head h, struct keep_slice *in,
			 void *p)
{
	struct keep_slice s = {h.p, h.v};

	(void)in;
	if (f->type == KEEP_T_PATH && !keep_slice_starts(s, "/"))
		return keep_fault(d, "'%.*s' is not an absolute path",
				  KEEP_F(s));
	if (!length_ok(d, f, s.len))
		return false;
	*(struct keep_slice *)p = s;
	return true;
}

static bool decode_fixed(struct keep_decoder *d, const struct keep_field *f,
			 struct keep_cbor_head h, struct keep_slice *in,
			 void *p)
{
	(void)in;
	if (h.v != f->size)
		return keep_fault(d, "%" PRIu64 " bytes; wants exactly %u", h.v,
				  f->size);
	memcpy(p, h.p, f->size);
	return true;
}

static bool decode_ip(struct keep_decoder *d, const struct keep_field *f,
		      struct keep_cbor_head h, struct keep_slice *in, void *p)
{
	struct keep_slice text = {h.p, h.v};

	(void)f, (void)in;
	return keep_ip_get(text, p) ||
	       keep_fault(d, "'%.*s' is not an IP address", KEEP_F(text));
}

static bool decode_share(struct keep_decoder *d, const struct keep_field *f,
			 struct keep_cbor_head h, struct keep_slice *in,
			 void *p)
{
	struct keep_cbor_head value = keep_cbor_next(in);
	struct keep_cbor_head percent = keep_cbor_next(in);

	(void)f;
	if (h.v != 2 || value.kind != KEEP_CBOR_UINT ||
	    percent.kind != KEEP_CBOR_BOOL || (percent.v && value.v > 100))
		return keep_fault(d, "wants [count, is percent]");
	*(struct keep_share *)p = (struct keep_share){value.v, percent.v != 0};
	return true;
}

keep_decode_fn *const keep_scalar_decoders[] = {
	[KEEP_T_BOOL] = decode_bool, [KEEP_T_UINT] = decode_number,
	[KEEP_T_INT] = decode_int, [KEEP_T_DOUBLE] = decode_double,
	[KEEP_T_TEXT] = decode_slice, [KEEP_T_BYTES] = decode_slice,
	[KEEP_T_ENUM] = decode_number, [KEEP_T_TIME] = decode_number,
	[KEEP_T_DURATION] = decode_number, [KEEP_T_SIZE] = decode_number,
	[KEEP_T_SHARE] = decode_share, [KEEP_T_IP] = decode_ip,
	[KEEP_T_PATH] = decode_slice, [KEEP_T_BLOB] = decode_slice,
	[KEEP_T_FIXED] = decode_fixed, [KEEP_T_FIXED_TEXT] = decode_fixed,
	[KEEP_T_SECRET] = decode_slice,
};
