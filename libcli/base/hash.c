#include <sodium.h>
#include <keep/hash.h>

void keep_sha256(struct keep_slice bytes, uint8_t hash[KEEP_SHA256_LEN])
{
	crypto_hash_sha256(hash, (const unsigned char *)bytes.p, bytes.len);
}

void keep_sha512(struct keep_slice bytes, uint8_t hash[KEEP_SHA512_LEN])
{
	crypto_hash_sha512(hash, (const unsigned char *)bytes.p, bytes.len);
}
