/* SHA-256 of the processor beside libsodium's. */
#include <sodium.h>
#include <keep/hash.h>
#include "../../libcli/base/sha256.h"
#include "tap.h"

static bool same(struct keep_slice s)
{
	uint8_t ours[KEEP_SHA256_LEN], theirs[KEEP_SHA256_LEN];

	keep_sha256(s, ours);
	crypto_hash_sha256(theirs, (const unsigned char *)s.p, s.len);
	if (!keep_bytes_equal(ours, theirs, sizeof ours))
		return false;
	return !keep_sha256_fast(s, ours) ||
	       keep_bytes_equal(ours, theirs, sizeof ours);
}

int main(void)
{
	/* FIPS 180-2, B.1 */
	static const uint8_t abc[] = {
		0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41,
		0x40, 0xde, 0x5d, 0xae, 0x22, 0x23, 0xb0, 0x03, 0x61, 0xa3,
		0x96, 0x17, 0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00,
		0x15, 0xad,
	};
	uint8_t hash[KEEP_SHA256_LEN];
	static char bytes[1 << 16];
	bool all = true;
	size_t i;

	keep_sha256(KEEP_S("abc"), hash);
	ok(keep_bytes_equal(hash, abc, sizeof abc), "it is SHA-256");
	if (keep_sha256_fast(KEEP_S("abc"), hash))
		ok(keep_bytes_equal(hash, abc, sizeof abc),
		   "so it is by the processor");
	else
		ok(true, "the processor has none # SKIP no SHA extensions");
	for (i = 0; i < sizeof bytes; i++)
		bytes[i] = (char)(i * i >> 3 ^ i);
	for (i = 0; i <= 300; i++)
		all = all && same((struct keep_slice){bytes + i, i});
	ok(all, "of any number of bytes, wherever they stand");
	for (i = 1000; i < sizeof bytes; i = i * 5 / 4)
		all = all && same((struct keep_slice){bytes, i});
	ok(all && same((struct keep_slice){bytes, sizeof bytes}),
	   "of many, too");
	return done();
}
