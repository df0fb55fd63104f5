/* SHA-256 by the instructions that many processors have for it. */
#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include <keep/hash.h>

/* As keep_sha256, where this processor has them; else false. */
bool keep_sha256_fast(struct keep_slice bytes, uint8_t hash[KEEP_SHA256_LEN]);

#endif
