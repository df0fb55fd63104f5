/* gzip, by zlib (RFC 1952): the same bytes for the same input and the same
 * zlib. What is packed may be secret: zlib's own memory is wiped. */
#ifndef KEEP_ZLIB_H
#define KEEP_ZLIB_H

#include <keep/mem.h>

KEEP_BEGIN
/* Appends BYTES as one gzip member, without a name or time. -NO_MEMORY, or
 * -TOO_LARGE where out->limit is passed. */
KEEP_MUST int keep_zlib_gzip(struct keep_slice bytes, struct keep_buf *out,
			     struct keep_err *e);
KEEP_END

#endif
