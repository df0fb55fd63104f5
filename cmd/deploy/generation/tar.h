/* tar (POSIX.1-2017 pax, "ustar Interchange Format"), written: regular files
 * of one owner and time, so that the bytes depend on the files alone. */
#ifndef DEPLOY_TAR_H
#define DEPLOY_TAR_H

#include <keep/mem.h>

/* Appends a file, of mode 0600. Paths of any length. */
void keep_tar_put(struct keep_buf *b, struct keep_slice path,
		  struct keep_slice content);
/* The same, where the content of LEN bytes is appended by the caller: its
 * header, and what stands behind it. */
void keep_tar_begin(struct keep_buf *b, struct keep_slice path, size_t len);
void keep_tar_pad(struct keep_buf *b, size_t len);
/* Appends what ends an archive. */
void keep_tar_end(struct keep_buf *b);

#endif
