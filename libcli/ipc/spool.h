/* What the writer and the reader of the spool share. */
#ifndef IPC_SPOOL_H
#define IPC_SPOOL_H

#include <keep/spool.h>

/* The directory; with MAKE it is made. */
KEEP_MUST int keep_spool_open(struct keep_mem *m, struct keep_slice state_dir,
			      bool make, struct keep_fd *out,
			      struct keep_err *e);
/* Its files, oldest first. */
KEEP_MUST int keep_spool_list(struct keep_mem *m, int dir,
			      struct keep_names *out, struct keep_err *e);
KEEP_MUST int keep_spool_load(struct keep_mem *m, int dir, const char *name,
			      struct keep_slice *out, struct keep_err *e);
/* As keep_spool_get, but what is in the record stays unread in *map. */
KEEP_MUST bool keep_spool_skip(struct keep_slice *in, struct keep_slice *map);
/* How many records are lost, and the file that went last. */
KEEP_MUST int keep_spool_lost(struct keep_mem *m, int dir, uint64_t *n,
			      struct keep_slice *last, struct keep_err *e);

#endif
