/* What keep asks of OpenSSL: hashes of many public bytes, for which it has the
 * processor's instructions, and libsodium has not. A table of calls, so that
 * the library is opened when a verb first needs it:
 * keep_library_symbol(run_dir, "openssl", "keep_openssl_api", e).
 * Secret bytes never come here: <keep/hash.h> leaves no copy of them. */
#ifndef KEEP_OPENSSL_H
#define KEEP_OPENSSL_H

#include <keep/err.h>
#include <keep/hash.h>

/* The calls. */
struct keep_openssl_api {
	/* The same as keep_sha256. */
	void (*sha256)(struct keep_slice bytes, uint8_t hash[KEEP_SHA256_LEN]);
	/* What git calls BYTES as a file, or as a directory is written: their
	 * SHA-1 behind a head. NO_MEMORY. Source: Pro Git 10.2. */
	int (*git_id)(struct keep_slice bytes, bool is_tree,
		      uint8_t id[KEEP_GIT_ID], struct keep_err *e);
};

KEEP_BEGIN
extern const struct keep_openssl_api keep_openssl_api;
KEEP_END

#endif
