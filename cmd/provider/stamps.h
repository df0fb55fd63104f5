/* What was hashed before: files of files/ that are as they were need not be
 * read, as git does by its index. The table is .keep/sources: it may be lost at
 * any time, and is this machine's alone. */
#ifndef PROVIDER_STAMPS_H
#define PROVIDER_STAMPS_H

#include <keep/openssl.h>
#include <keep/verb.h>
#include "instance/seen.h"

/* A file that was hashed. */
struct keep_stamp {
	struct keep_look as; /* before it was read */
	uint8_t sha256[KEEP_SHA256_LEN];
	uint8_t git_id[KEEP_GIT_ID];
	uint32_t zero;       /* so that nothing lies between rows */
};
/* {0} but for the arena knows none, and has room for new ones. */
struct keep_stamps {
	struct keep_mem *mem;
	uint64_t at_ms;             /* before all that is added was looked at */
	const struct keep_stamp *v; /* by keep_stamp_order */
	size_t n;
	struct keep_buf seen;       /* of keep_stamp: of this run */
	bool grew;                  /* one of them was not known */
};

/* Reads the table; what is none is empty. Fails only as NO_MEMORY. */
KEEP_MUST int keep_stamps_read(struct keep_ctx *c, struct keep_stamps *s,
			       struct keep_err *e);
/* That of a file which is as L; NULL: it is to be read. */
const struct keep_stamp *keep_stamps_find(struct keep_stamps *s,
					  const struct keep_look *l);
/* Notes one for the table, unless it had just changed: a later change might not
 * show. */
void keep_stamps_add(struct keep_stamps *s, const struct keep_stamp *new);
/* Writes the table, of what was found and added, where that is more than it
 * has. Not durable: what a power cut tears is no table. */
KEEP_MUST int keep_stamps_write(struct keep_ctx *c, struct keep_stamps *s,
				struct keep_err *e);

#endif
