/* Secrets: locked, guarded, wiped memory (libsodium), and what compares and
 * wipes without telling time. Source: STYLE 6. */
#ifndef KEEP_SECRET_H
#define KEEP_SECRET_H

#include <keep/mem.h>

/* A secret of any length: locked, between guard pages, wiped at its end.
 * {0} is absent. */
struct keep_secret {
	uint8_t *p;
	size_t len;
};
/* A symmetric key of 32 bytes, on a stack or inside a locked struct. */
struct keep_key32 {
	uint8_t bytes[32];
};

KEEP_BEGIN
/* LEN zeroed bytes of locked memory; NO_MEMORY with a hint (ulimit -l). */
KEEP_MUST int keep_secret_new(struct keep_secret *s, size_t len,
			      struct keep_err *e);
/* The whole of fd, at most MAX bytes; TOO_LARGE. Never through a buffer that
 * is not locked. */
KEEP_MUST int keep_secret_read(struct keep_secret *s, int fd, size_t max,
			       struct keep_err *e);
void keep_secret_end(struct keep_secret *s);
void keep_key32_end(struct keep_key32 *k);
/* Overwrites; never optimised away. */
void keep_wipe(void *p, size_t len);
/* In a time that depends on the lengths only. */
bool keep_secret_equal(struct keep_slice a, struct keep_slice b);
/* LEN random bytes of the kernel's generator. Never fails (aborts). */
void keep_random(void *p, size_t len);
KEEP_END

#endif
