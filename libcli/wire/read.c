/* The cursor: libcbor's decoder calls back once a head, which is stored. */
#include <keep/cbor.h>
#include "cborlib.h"

static void set(void *head, enum keep_cbor_kind kind, uint64_t v)
{
	struct keep_cbor_head *h = head;

	h->kind = kind;
	h->v = v;
}

static void on_uint8(void *h, uint8_t v)
{
	set(h, KEEP_CBOR_UINT, v);
}

static void on_uint16(void *h, uint16_t v)
{
	set(h, KEEP_CBOR_UINT, v);
}

static void on_uint32(void *h, uint32_t v)
{
	set(h, KEEP_CBOR_UINT, v);
}

static void on_uint64(void *h, uint64_t v)
{
	set(h, KEEP_CBOR_UINT, v);
}

static void on_nint8(void *h, uint8_t v)
{
	set(h, KEEP_CBOR_NINT, v);
}

static void on_nint16(void *h, uint16_t v)
{
	set(h, KEEP_CBOR_NINT, v);
}

static void on_nint32(void *h, uint32_t v)
{
	set(h, KEEP_CBOR_NINT, v);
}

static void on_nint64(void *h, uint64_t v)
{
	set(h, KEEP_CBOR_NINT, v);
}

static void on_bytes(void *h, cbor_data p, size_t len)
{
	set(h, KEEP_CBOR_BYTES, len);
	((struct keep_cbor_head *)h)->p = (const char *)p;
}

static void on_text(void *h, cbor_data p, size_t len)
{
	set(h, KEEP_CBOR_TEXT, len);
	((struct keep_cbor_head *)h)->p = (const char *)p;
}

static void on_list(void *h, size_t n)
{
	set(h, KEEP_CBOR_LIST, n);
}

static void on_map(void *h, size_t n)
{
	set(h, KEEP_CBOR_MAP, n);
}

static void on_tag(void *h, uint64_t v)
{
	set(h, KEEP_CBOR_TAG, v);
}

static void on_bool(void *h, bool v)
{
	set(h, KEEP_CBOR_BOOL, v);
}

static void on_null(void *h)
{
	set(h, KEEP_CBOR_NULL, 0);
}

static void on_double(void *h, double d)
{
	set(h, KEEP_CBOR_DOUBLE, 0);
	((struct keep_cbor_head *)h)->d = d;
}

/* What no profile lets pass leaves the head at KEEP_CBOR_END. */
static void on_none(void *h)
{
	(void)h;
}

static void on_float(void *h, float d)
{
	(void)h;
	(void)d;
}

static const struct cbor_callbacks callbacks = {
	.uint8 = on_uint8,
	.uint16 = on_uint16,
	.uint32 = on_uint32,
	.uint64 = on_uint64,
	.negint8 = on_nint8,
	.negint16 = on_nint16,
	.negint32 = on_nint32,
	.negint64 = on_nint64,
	.byte_string_start = on_none,
	.byte_string = on_bytes,
	.string = on_text,
	.string_start = on_none,
	.indef_array_start = on_none,
	.array_start = on_list,
	.indef_map_start = on_none,
	.map_start = on_map,
	.tag = on_tag,
	.float2 = on_float,
	.float4 = on_float,
	.float8 = on_double,
	.undefined = on_none,
	.null = on_null,
	.boolean = on_bool,
	.indef_break = on_none,
};

/* Bytes of an item's head and content when the head is one byte, as nearly all
 * are; else 0. These are taken without libcbor: its call would be half of all
 * decoding. And 0.8 takes tags 6 to 20 (COSE's among them) for an error. */
static size_t short_len(struct keep_slice in)
{
	size_t major, info;

	if (in.len == 0)
		return 0;
	major = (uint8_t)in.p[0] >> 5;
	info = in.p[0] & 31;
	if (info > 23 || major > 6)
		return 0;
	if (major != 2 && major != 3)
		return 1;
	return info < in.len ? 1 + info : 0;
}

/* The head is made where it is returned: a copy would wait for it. */
static struct keep_cbor_head take_short(struct keep_slice *in, size_t len)
{
	static const enum keep_cbor_kind kinds[] = {
		KEEP_CBOR_UINT, KEEP_CBOR_NINT, KEEP_CBOR_BYTES,
		KEEP_CBOR_TEXT, KEEP_CBOR_LIST, KEEP_CBOR_MAP, KEEP_CBOR_TAG,
	};
	uint8_t first = (uint8_t)in->p[0];
	const char *p = in->p + 1;

	in->p += len;
	in->len -= len;
	return (struct keep_cbor_head){kinds[first >> 5], first & 31, 0, p};
}

static struct keep_cbor_head take_long(struct keep_slice *in)
{
	struct keep_cbor_head h = {KEEP_CBOR_END};
	size_t len = in->len ? cbor_stream_decode((cbor_data)in->p, in->len,
						  &callbacks, &h).read : 0;

	if (h.kind == KEEP_CBOR_END)
		return h;
	in->p += len;
	in->len -= len;
	return h;
}

struct keep_cbor_head keep_cbor_next(struct keep_slice *in)
{
	size_t len = short_len(*in);

	return len ? take_short(in, len) : take_long(in);
}

struct keep_cbor_head keep_cbor_peek(struct keep_slice in)
{
	return keep_cbor_next(&in);
}

/* Items that follow a head directly. */
static uint64_t children(const struct keep_cbor_head *h)
{
	if (h->kind == KEEP_CBOR_MAP)
		return h->v > UINT64_MAX / 2 ? UINT64_MAX : 2 * h->v;
	return h->kind == KEEP_CBOR_LIST ? h->v : h->kind == KEEP_CBOR_TAG;
}

struct keep_slice keep_cbor_skip(struct keep_slice *in)
{
	struct keep_slice rest = *in, item = *in;
	uint64_t left = 1;

	while (left) {
		struct keep_cbor_head h = keep_cbor_next(&rest);

		if (h.kind == KEEP_CBOR_END || children(&h) > rest.len)
			return (struct keep_slice){0};
		left += children(&h) - 1;
	}
	item.len -= rest.len;
	*in = rest;
	return item;
}

const char *keep_cbor_kind_name(enum keep_cbor_kind k)
{
	static const char *const names[] = {
		"nothing", "a number", "a negative number", "bytes", "a text",
		"a list", "a map", "a tag", "true or false", "null", "a double",
	};

	return k < KEEP_COUNT(names) ? names[k] : "?";
}
