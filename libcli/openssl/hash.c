/* Hashes, by libcrypto. */
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <keep/openssl.h>

static void sha256(struct keep_slice bytes, uint8_t hash[KEEP_SHA256_LEN])
{
	if (!SHA256((const void *)bytes.p, bytes.len, hash))
		keep_sha256(bytes, hash);
}

/* git goes on to name things by SHA-1, whatever else it is good for. */
static int git_id(struct keep_slice bytes, bool is_tree,
		  uint8_t id[KEEP_GIT_ID], struct keep_err *e)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	char head[32];
	int len = snprintf(head, sizeof head, "%s %zu",
			   is_tree ? "tree" : "blob", bytes.len) + 1;
	bool ok = ctx && EVP_DigestInit_ex(ctx, EVP_sha1(), NULL) &&
		  EVP_DigestUpdate(ctx, head, (size_t)len) &&
		  EVP_DigestUpdate(ctx, bytes.p, bytes.len) &&
		  EVP_DigestFinal_ex(ctx, id, NULL);

	EVP_MD_CTX_free(ctx);
	return ok ? 0 : keep_no_memory(e);
}

const struct keep_openssl_api keep_openssl_api = {
	.sha256 = sha256, .git_id = git_id,
};
