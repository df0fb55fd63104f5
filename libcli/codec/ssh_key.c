/* Public keys: RFC 4253 6.6, RFC 5656 3.1, RFC 8709 4; keys on hardware and
 * certificates: OpenSSH's PROTOCOL.u2f, PROTOCOL.certkeys. */
#include <keep/hash.h>
#include <keep/text.h>
#include "ssh_wire.h"

enum { TYPE_MAX = 64 };

/* What a key of a type consists of. RSA has two positive numbers, the others a
 * key of LEN bytes, behind the name of its curve where there is one. */
static const struct row {
	const char *type, *certificate, *algorithm, *curve;
	size_t len;
	size_t signature_len; /* 0: it varies */
	bool hardware;
} rows[] = {
	{"ssh-ed25519", "ssh-ed25519-cert-v01@openssh.com",
	 "ssh-ed25519", NULL, 32, 64, false},
	{"ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256-cert-v01@openssh.com",
	 "ecdsa-sha2-nistp256", "nistp256", 65, 0, false},
	{"ecdsa-sha2-nistp384", "ecdsa-sha2-nistp384-cert-v01@openssh.com",
	 "ecdsa-sha2-nistp384", "nistp384", 97, 0, false},
	{"ecdsa-sha2-nistp521", "ecdsa-sha2-nistp521-cert-v01@openssh.com",
	 "ecdsa-sha2-nistp521", "nistp521", 133, 0, false},
	{"ssh-rsa", "ssh-rsa-cert-v01@openssh.com",
	 "rsa-sha2-512", NULL, 0, 0, false},
	{"sk-ssh-ed25519@openssh.com", "sk-ssh-ed25519-cert-v01@openssh.com",
	 "sk-ssh-ed25519@openssh.com", NULL, 32, 64, true},
	{"sk-ecdsa-sha2-nistp256@openssh.com", "sk-ecdsa-sha2-nistp256-cert-v01@openssh.com",
	 "sk-ecdsa-sha2-nistp256@openssh.com", "nistp256", 65, 0, true},
};

static const struct row *row_of(struct keep_slice type)
{
	for (size_t i = 0; i < KEEP_COUNT(rows); i++) {
		if (keep_slice_is(type, rows[i].type) ||
		    keep_slice_is(type, rows[i].certificate))
			return &rows[i];
	}
	return NULL;
}

static bool is_type(struct keep_slice type)
{
	size_t i;

	for (i = 0; i < type.len; i++) {
		if (type.p[i] <= ' ' || type.p[i] > '~')
			return false;
	}
	return type.len > 0 && type.len <= TYPE_MAX;
}

static bool is_positive(struct keep_slice mpint)
{
	return mpint.len > 0 && !(mpint.p[0] & 0x80);
}

static bool read_rsa(struct keep_ssh_reader *r)
{
	struct keep_slice e = keep_ssh_get_string(r);
	struct keep_slice n = keep_ssh_get_string(r);

	return is_positive(e) && is_positive(n);
}

static bool read_parts(struct keep_ssh_reader *r, const struct row *row)
{
	struct keep_slice key;

	if (!row->len)
		return read_rsa(r);
	if (row->curve && !keep_slice_is(keep_ssh_get_string(r), row->curve))
		return false;
	key = keep_ssh_get_string(r);
	if (row->hardware)
		keep_ssh_get_string(r); /* the application */
	return key.len == row->len && (!row->curve || key.p[0] == 4);
}

static bool has_parts(struct keep_ssh_reader *r, struct keep_slice type)
{
	const struct row *row = row_of(type);
	bool plain = row && keep_slice_is(type, row->type);

	if (!row)
		return !r->bad;
	if (!plain)
		keep_ssh_get_string(r); /* a nonce */
	return read_parts(r, row) && (plain ? keep_ssh_got_all(r) : !r->bad);
}

int keep_ssh_key_get(struct keep_slice blob, struct keep_ssh_key *out,
		     struct keep_err *e)
{
	struct keep_ssh_reader r = {.rest = blob};
	struct keep_slice type = keep_ssh_get_string(&r);

	if (blob.len > KEEP_SSH_KEY_MAX)
		return keep_fail(e, KEEP_E_TOO_LARGE, "a public key of %zu "
				 "bytes; at most %d are read", blob.len,
				 KEEP_SSH_KEY_MAX);
	if (!is_type(type))
		return keep_fail(e, KEEP_E_BAD_ARGS, "%zu bytes are no public "
				 "key of ssh: no type stands first", blob.len);
	if (!has_parts(&r, type))
		return keep_fail(e, KEEP_E_BAD_ARGS, "a public key of the type "
				 "%.*s does not have its parts", KEEP_F(type));
	*out = (struct keep_ssh_key){.type = type, .blob = blob};
	return 0;
}

/* --- lines ------------------------------------------------------------- */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Takes the next word off *s, and the blanks around it. */
static struct keep_slice word(struct keep_slice *s)
{
	struct keep_slice w;

	for (; s->len && is_blank(*s->p); s->p++)
		s->len--;
	w = (struct keep_slice){s->p, 0};
	for (; s->len && !is_blank(*s->p); s->p++, s->len--)
		w.len++;
	for (; s->len && is_blank(*s->p); s->p++)
		s->len--;
	return w;
}

static int no_line(struct keep_err *e, const char *why)
{
	keep_fail(e, KEEP_E_BAD_ARGS, "the line holds no public key of ssh: %s",
		  why);
	return keep_hint(e, "it looks like: ssh-ed25519 AAAA... a comment; "
			 "ssh-keygen -y -f FILE prints that of a private key");
}

int keep_ssh_line_get(struct keep_mem *m, struct keep_slice line,
		      struct keep_ssh_key *out, struct keep_err *e)
{
	struct keep_buf blob = {.mem = m, .limit = KEEP_SSH_KEY_MAX};
	struct keep_slice type, text;
	int rc;

	while (line.len && (line.p[line.len - 1] == '\n' ||
			    line.p[line.len - 1] == '\r'))
		line.len--;
	type = word(&line);
	text = word(&line);
	if (!text.len)
		return no_line(e, "it is not of two words");
	if (!keep_base64_get(text, &blob))
		return blob.failed ? keep_buf_check(&blob, e) :
				     no_line(e, "its second word is no base64");
	rc = keep_ssh_key_get(keep_buf_get(&blob), out, e);
	if (rc)
		return rc;
	if (!keep_slice_eq(type, out->type))
		return no_line(e, "its first word is not the key's type");
	out->comment = line;
	return 0;
}

void keep_ssh_line_put(struct keep_buf *b, const struct keep_ssh_key *key)
{
	keep_buf_slice(b, key->type);
	keep_buf_byte(b, ' ');
	keep_base64_put(b, key->blob);
}

/* The key in a certificate, or KEY itself, with no certificate around it. */
static void put_plain(struct keep_buf *b, const struct keep_ssh_key *key)
{
	const struct row *row = row_of(key->type);
	struct keep_ssh_reader r = {.rest = key->blob};
	const char *parts;

	keep_ssh_get_string(&r);
	if (!row || keep_slice_is(key->type, row->type)) {
		keep_buf_slice(b, key->blob);
		return;
	}
	keep_ssh_get_string(&r);
	parts = r.rest.p;
	keep_ignore(read_parts(&r, row), "it was read before");
	keep_ssh_put_string(b, keep_slice(row->type));
	keep_buf_put(b, parts, (size_t)(r.rest.p - parts));
}

void keep_ssh_fingerprint_put(struct keep_buf *b,
			      const struct keep_ssh_key *key)
{
	KEEP_AUTO(keep_buf) plain = {0};
	uint8_t hash[KEEP_SHA256_LEN];

	put_plain(&plain, key);
	b->failed |= plain.failed;
	keep_sha256(keep_buf_get(&plain), hash);
	keep_buf_text(b, "SHA256:");
	keep_base64_put(b, (struct keep_slice){(char *)hash, sizeof hash});
	if (!b->failed)
		b->len--; /* 32 bytes end in one '=', which ssh does not show */
}

/* --- signatures -------------------------------------------------------- */

struct keep_slice keep_ssh_algorithm(const struct keep_ssh_key *key)
{
	const struct row *row = row_of(key->type);

	return keep_slice(row ? row->algorithm : NULL);
}

bool keep_ssh_signature_ok(const struct keep_ssh_key *key,
			   struct keep_slice signature)
{
	const struct row *row = row_of(key->type);
	struct keep_ssh_reader r = {.rest = signature};
	struct keep_slice algorithm = keep_ssh_get_string(&r);
	struct keep_slice bytes = keep_ssh_get_string(&r);

	if (!is_type(algorithm) || !bytes.len)
		return false;
	if (!row)
		return !r.bad;
	if (row->hardware)
		keep_ssh_get_bytes(&r, 5); /* flags and a counter */
	if (row->signature_len && bytes.len != row->signature_len)
		return false;
	return keep_ssh_got_all(&r) &&
	       keep_slice_is(algorithm, row->algorithm);
}
