/* gzip, by zlib (RFC 1951, 1952), of pieces that are packed apart: a packed
 * piece may stand in many members. The same bytes for the same pieces and the
 * same zlib. */
#ifndef KEEP_ZLIB_H
#define KEEP_ZLIB_H

#include <keep/mem.h>

/* What pieces are packed with, one after another. {0} is a new one; what it
 * works in is locked and wiped where mem was begun with {.secret = true}. */
enum { KEEP_ZLIB_SIZES = 2 };
struct keep_zlib {
	struct keep_mem mem;
	void *state[KEEP_ZLIB_SIZES]; /* its own: for small and large pieces */
};
/* A packed piece. */
struct keep_zlib_piece {
	struct keep_slice packed;
	uint32_t crc; /* of the unpacked bytes */
	size_t len;   /* so many are they */
};
/* A member that is made. Begin with {.out = &buf}. */
struct keep_zlib_member {
	struct keep_buf *out;
	uint32_t crc, len;
	bool begun;
};

KEEP_BEGIN
/* Packs BYTES at the end of OUT, where the piece stays. -NO_MEMORY, or
 * -TOO_LARGE where out->limit is passed. */
KEEP_MUST int keep_zlib_pack(struct keep_zlib *z, struct keep_slice bytes,
			     struct keep_buf *out,
			     struct keep_zlib_piece *piece,
			     struct keep_err *e);
/* The same for bytes that are not worth it: they are stored as they are. */
KEEP_MUST int keep_zlib_store(struct keep_slice bytes, struct keep_buf *out,
			      struct keep_zlib_piece *piece,
			      struct keep_err *e);
void keep_zlib_end(struct keep_zlib *z);
/* Appends a piece; out->failed tells of no memory. */
void keep_zlib_add(struct keep_zlib_member *m,
		   const struct keep_zlib_piece *piece);
/* Appends what ends the member. */
void keep_zlib_finish(struct keep_zlib_member *m);
KEEP_END

#endif
