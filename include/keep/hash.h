/* Hashes of public bytes. Source: FIPS 180-4; RFC 3720 12.1. */
#ifndef KEEP_HASH_H
#define KEEP_HASH_H

#include <keep/base.h>

/* Bytes of a hash. */
enum { KEEP_SHA256_LEN = 32, KEEP_SHA512_LEN = 64, KEEP_GIT_ID = 20 };

KEEP_BEGIN
/* SHA-256, SHA-512 of bytes that are all there. */
void keep_sha256(struct keep_slice bytes, uint8_t hash[KEEP_SHA256_LEN]);
void keep_sha512(struct keep_slice bytes, uint8_t hash[KEEP_SHA512_LEN]);
/* CRC-32C: against accidents only. */
uint32_t keep_crc32c(struct keep_slice bytes);
KEEP_END

#endif
