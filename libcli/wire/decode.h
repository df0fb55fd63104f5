/* The decoder: what its files share. */
#ifndef WIRE_DECODE_H
#define WIRE_DECODE_H

#include "schema.h"

/* A step to where the decoder is: a field, or the key or the index of an
 * element. They are told only when something is wrong. */
struct keep_step {
	const struct keep_step *up;
	const char *field;
	struct keep_slice key;
	size_t i;
};

struct keep_decoder {
	struct keep_mem *mem;
	struct keep_problems faults;
	const struct keep_step *at;
	bool strict;
	bool no_memory;
};

/* Tells a fault of where the decoder is; false. */
#define keep_fault(d, ...) \
	({ \
		keep_problem(&(d)->faults, keep_decode_place(d), 0, 0, \
			     __VA_ARGS__); \
		false; \
	})
/* "filter[1]", "a.b.c" */
struct keep_slice keep_decode_place(const struct keep_decoder *d);

/* A value into the member at p. h: its head, which was taken; in: what follows,
 * of which it takes the rest of the value. False: a fault was told, *in stands
 * anywhere in the value. */
typedef bool keep_decode_fn(struct keep_decoder *d, const struct keep_field *f,
			    struct keep_cbor_head h, struct keep_slice *in,
			    void *p);
/* By type; NULL for STRUCT, CHOICE and ITEM. */
extern keep_decode_fn *const keep_scalar_decoders[];

#endif
