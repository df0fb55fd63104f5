/* The fastest SHA-256 that is there. */
#include <keep/cli.h>
#include <keep/openssl.h>
#include "digest.h"

keep_digest *keep_digest_of(struct keep_ctx *c)
{
	struct keep_err why;
	const struct keep_openssl_api *ssl = keep_library_symbol(
		c->run_dir, KEEP_S("openssl"), "keep_openssl_api", &why);

	return ssl ? ssl->sha256 : keep_sha256;
}
