/* The writer: heads by libcbor, always the shortest. */
#include <keep/cbor.h>
#include "cborlib.h"

/* How libcbor writes the head of a kind that has a number. */
typedef size_t encode(uint64_t v, unsigned char *out, size_t size);

static void put(struct keep_buf *b, encode *write, uint64_t v)
{
	unsigned char head[KEEP_CBOR_HEAD_MAX];

	keep_buf_put(b, head, write(v, head, sizeof head));
}

void keep_cbor_put_uint(struct keep_buf *b, uint64_t v)
{
	put(b, cbor_encode_uint, v);
}

void keep_cbor_put_int(struct keep_buf *b, int64_t v)
{
	if (v < 0)
		put(b, cbor_encode_negint, (uint64_t)(-1 - v));
	else
		put(b, cbor_encode_uint, (uint64_t)v);
}

void keep_cbor_put_bytes(struct keep_buf *b, struct keep_slice s)
{
	put(b, cbor_encode_bytestring_start, s.len);
	keep_buf_slice(b, s);
}

void keep_cbor_put_text(struct keep_buf *b, struct keep_slice s)
{
	put(b, cbor_encode_string_start, s.len);
	keep_buf_slice(b, s);
}

void keep_cbor_put_list(struct keep_buf *b, uint64_t n)
{
	put(b, cbor_encode_array_start, n);
}

void keep_cbor_put_map(struct keep_buf *b, uint64_t pairs)
{
	put(b, cbor_encode_map_start, pairs);
}

void keep_cbor_put_bool(struct keep_buf *b, bool v)
{
	unsigned char head[KEEP_CBOR_HEAD_MAX];

	keep_buf_put(b, head, cbor_encode_bool(v, head, sizeof head));
}

void keep_cbor_put_null(struct keep_buf *b)
{
	unsigned char head[KEEP_CBOR_HEAD_MAX];

	keep_buf_put(b, head, cbor_encode_null(head, sizeof head));
}

void keep_cbor_put_double(struct keep_buf *b, double v)
{
	unsigned char head[KEEP_CBOR_HEAD_MAX];

	keep_buf_put(b, head, cbor_encode_double(v, head, sizeof head));
}

void keep_cbor_put_head(struct keep_buf *b, const struct keep_cbor_head *h)
{
	struct keep_slice s = {h->p, (size_t)h->v};

	switch (h->kind) {
	case KEEP_CBOR_UINT: put(b, cbor_encode_uint, h->v); break;
	case KEEP_CBOR_NINT: put(b, cbor_encode_negint, h->v); break;
	case KEEP_CBOR_BYTES: keep_cbor_put_bytes(b, s); break;
	case KEEP_CBOR_TEXT: keep_cbor_put_text(b, s); break;
	case KEEP_CBOR_LIST: keep_cbor_put_list(b, h->v); break;
	case KEEP_CBOR_MAP: keep_cbor_put_map(b, h->v); break;
	case KEEP_CBOR_TAG: put(b, cbor_encode_tag, h->v); break;
	case KEEP_CBOR_BOOL: keep_cbor_put_bool(b, h->v); break;
	case KEEP_CBOR_NULL: keep_cbor_put_null(b); break;
	case KEEP_CBOR_DOUBLE: keep_cbor_put_double(b, h->d); break;
	case KEEP_CBOR_END: break;
	}
}

void keep_cbor_wrap_list(struct keep_buf *b, size_t at, uint64_t n)
{
	unsigned char head[KEEP_CBOR_HEAD_MAX];

	keep_buf_insert(b, at, head,
			cbor_encode_array_start(n, head, sizeof head));
}

int keep_cbor_key_cmp(struct keep_slice a, struct keep_slice b)
{
	if (a.len != b.len)
		return a.len < b.len ? -1 : 1;
	return keep_slice_cmp(a, b);
}
