/* SHA-256 of many public bytes: manifests, files. */
#ifndef DEPLOY_DIGEST_H
#define DEPLOY_DIGEST_H

#include <keep/hash.h>
#include <keep/verb.h>

typedef void keep_digest(struct keep_slice bytes,
			 uint8_t hash[KEEP_SHA256_LEN]);

/* OpenSSL's, which is several times as fast; where it is not, keep_sha256. */
keep_digest *keep_digest_of(struct keep_ctx *c);

#endif
