/* CBOR in and out (RFC 8949), bounded. Bytes from outside pass the validator
 * first: one linear pass, no allocation. What passed it is read by a cursor
 * and written by keep_cbor_put_*, in the deterministic form of 4.2.1.
 * Source: WIRE 2. */
#ifndef KEEP_CBOR_H
#define KEEP_CBOR_H

#include <keep/mem.h>

enum { KEEP_CBOR_DEPTH_MAX = 64 }; /* no profile may allow more */

/* What an item may hold. Every profile refuses indefinite lengths, heads that
 * are not the shortest, duplicate or unsorted keys, bad UTF-8 and NUL in
 * text, trailing bytes. */
struct keep_cbor_profile {
	size_t max_len;      /* bytes of the whole item */
	uint32_t max_depth;  /* nested lists, maps and tags, from 1 */
	bool tags;
	bool negative_keys;  /* map keys may be negative integers too */
	bool doubles;        /* finite 64-bit doubles */
};

/* Sockets (WIRE 2), and COSE (RFC 9052). */
extern const struct keep_cbor_profile keep_cbor_socket
	__attribute__((visibility("default")));
extern const struct keep_cbor_profile keep_cbor_cose
	__attribute__((visibility("default")));

/* What a head begins, and which members hold it. */
enum keep_cbor_kind {
	KEEP_CBOR_END = 0, /* nothing left, or not well-formed */
	KEEP_CBOR_UINT,    /* v */
	KEEP_CBOR_NINT,    /* -1 - v */
	KEEP_CBOR_BYTES,   /* v bytes at p */
	KEEP_CBOR_TEXT,    /* v bytes at p */
	KEEP_CBOR_LIST,    /* v items follow */
	KEEP_CBOR_MAP,     /* v pairs follow */
	KEEP_CBOR_TAG,     /* number v; one item follows */
	KEEP_CBOR_BOOL,    /* v is 0 or 1 */
	KEEP_CBOR_NULL,
	KEEP_CBOR_DOUBLE,  /* d */
};

/* A head as it was read. */
struct keep_cbor_head {
	enum keep_cbor_kind kind;
	uint64_t v;
	double d;
	const char *p;
};

KEEP_BEGIN
/* Appends "libcbor 0.8.0\n". */
void keep_wire_versions(struct keep_buf *out);
/* Whether BYTES are exactly one item of the profile. BAD_FRAME (or TOO_LARGE
 * over max_len); the message names the reason and the offset. */
KEEP_MUST int keep_cbor_check(struct keep_slice bytes,
			      const struct keep_cbor_profile *profile,
			      struct keep_err *e);
/* The same for the first item of a sequence (RFC 8742): its length. */
KEEP_MUST int keep_cbor_check_first(struct keep_slice bytes,
				    const struct keep_cbor_profile *profile,
				    size_t *len, struct keep_err *e);

/* Takes one head (for bytes and text also the content) off *in, which holds
 * checked bytes. KEEP_CBOR_END at the end and on anything malformed. */
struct keep_cbor_head keep_cbor_next(struct keep_slice *in);
/* The head that comes next; takes nothing. */
struct keep_cbor_head keep_cbor_peek(struct keep_slice in);
/* "a number", "a list": a kind as messages call it. */
const char *keep_cbor_kind_name(enum keep_cbor_kind k);
/* Takes one whole item off *in and returns its bytes; absent at the end. */
struct keep_slice keep_cbor_skip(struct keep_slice *in);

/* Each appends one head or item. */
void keep_cbor_put_uint(struct keep_buf *b, uint64_t v);
void keep_cbor_put_int(struct keep_buf *b, int64_t v);
void keep_cbor_put_bytes(struct keep_buf *b, struct keep_slice s);
void keep_cbor_put_text(struct keep_buf *b, struct keep_slice s);
void keep_cbor_put_list(struct keep_buf *b, uint64_t n);
void keep_cbor_put_map(struct keep_buf *b, uint64_t pairs);
void keep_cbor_put_bool(struct keep_buf *b, bool v);
void keep_cbor_put_null(struct keep_buf *b);
void keep_cbor_put_double(struct keep_buf *b, double v);
/* Appends what keep_cbor_next gave, content included: how any item is copied,
 * and how tags and integers below INT64_MIN are written. */
void keep_cbor_put_head(struct keep_buf *b, const struct keep_cbor_head *h);
/* Turns what was put since offset AT into one list of N items. */
void keep_cbor_wrap_list(struct keep_buf *b, size_t at, uint64_t n);
/* Order of two encoded text keys: shorter first, then by bytes. */
int keep_cbor_key_cmp(struct keep_slice a, struct keep_slice b);

/* Diagnostic notation (RFC 8949 8) of one checked item. */
void keep_cbor_diag(struct keep_slice item, struct keep_buf *out);
KEEP_END

#endif
