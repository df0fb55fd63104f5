/* Signatures of files, OpenSSH's PROTOCOL.sshsig. */
#include <keep/hash.h>
#include <keep/text.h>
#include "ssh_wire.h"

enum { VERSION = 1, COLUMNS = 70 };

static void put_names(struct keep_buf *b, struct keep_slice name)
{
	keep_ssh_put_string(b, name);
	keep_ssh_put_string(b, KEEP_S("")); /* reserved */
	keep_ssh_put_string(b, KEEP_S("sha512"));
}

int keep_sshsig_begin(struct keep_buf *b, struct keep_slice name,
		      struct keep_slice message, struct keep_err *e)
{
	uint8_t hash[KEEP_SHA512_LEN];

	if (!name.len)
		return keep_fail(e, KEEP_E_BAD_ARGS, "a signature needs a "
				 "namespace that tells what it is for");
	keep_sha512(message, hash);
	keep_buf_text(b, "SSHSIG");
	put_names(b, name);
	keep_ssh_put_string(b, (struct keep_slice){(char *)hash, sizeof hash});
	return 0;
}

static void put_armored(struct keep_buf *b, struct keep_slice blob)
{
	KEEP_AUTO(keep_buf) base64 = {0};
	struct keep_slice rest;

	keep_base64_put(&base64, blob);
	b->failed |= base64.failed;
	keep_buf_text(b, "-----BEGIN SSH SIGNATURE-----\n");
	for (rest = keep_buf_get(&base64); rest.len;) {
		size_t n = rest.len < COLUMNS ? rest.len : COLUMNS;

		keep_buf_put(b, rest.p, n);
		keep_buf_byte(b, '\n');
		rest = (struct keep_slice){rest.p + n, rest.len - n};
	}
	keep_buf_text(b, "-----END SSH SIGNATURE-----\n");
}

void keep_sshsig_put(struct keep_buf *b, const struct keep_ssh_key *key,
		     struct keep_slice name, struct keep_slice signature)
{
	KEEP_AUTO(keep_buf) blob = {0};

	keep_buf_text(&blob, "SSHSIG");
	keep_ssh_put_u32(&blob, VERSION);
	keep_ssh_put_string(&blob, key->blob);
	put_names(&blob, name);
	keep_ssh_put_string(&blob, signature);
	b->failed |= blob.failed;
	put_armored(b, keep_buf_get(&blob));
}
