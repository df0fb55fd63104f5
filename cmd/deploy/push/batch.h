/* Batches of a run, and shares of its nodes. */
#ifndef PUSH_BATCH_H
#define PUSH_BATCH_H

#include <keep/schema.h>

/* Reads "1,10%,100%" for N nodes: so many first, then so many more; the last
 * again until all are done. OUT is cumulated, in M, and ends with N. BAD_ARGS;
 * at most 100 words. */
KEEP_MUST int keep_batches(struct keep_mem *m, struct keep_slice text, size_t n,
			   const size_t **out, size_t *n_out,
			   struct keep_err *e);
/* How many of N nodes may fail. */
size_t keep_share_of(struct keep_share s, size_t n);

#endif
