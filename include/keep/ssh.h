/* What OpenSSH writes and an ssh-agent says: public keys, the agent's
 * messages, signatures of files. Bytes in, bytes out; the socket is
 * <keep/agent.h>'s. Nothing here verifies a signature or judges a key: a
 * well-formed key may be weak, and nobody's.
 * Source: RFC 4251 5, RFC 4253 6.6, RFC 5656, RFC 8332, RFC 8709; OpenSSH's
 * PROTOCOL.u2f, PROTOCOL.certkeys, PROTOCOL.sshsig; RFC 9987 (agent). */
#ifndef KEEP_SSH_H
#define KEEP_SSH_H

#include <keep/mem.h>

/* Bytes of a key, and of a message of the agent without its length. */
enum { KEEP_SSH_KEY_MAX = 16 << 10 };
enum { KEEP_SSH_MESSAGE_MAX = 256 << 10 };

/* A public key. */
struct keep_ssh_key {
	struct keep_slice type;    /* "ssh-ed25519"; points into blob */
	struct keep_slice blob;    /* as the wire has it */
	struct keep_slice comment; /* any bytes: keep_text_safe() to show it */
};
struct keep_ssh_keys {
	const struct keep_ssh_key *v;
	size_t n;
};

KEEP_BEGIN
/* Reads a blob. Of the types that OpenSSH makes (Ed25519, ECDSA, RSA, on
 * hardware, in certificates) it must have the key's parts; of a certificate no
 * more is looked at, and another type is taken as it is. *out borrows BLOB and
 * has no comment. BAD_ARGS, TOO_LARGE. */
KEEP_MUST int keep_ssh_key_get(struct keep_slice blob, struct keep_ssh_key *out,
			       struct keep_err *e);
/* Reads "TYPE BASE64 [COMMENT]", the line of a .pub file, with or without its
 * end. The blob lies in M, the comment borrows LINE. BAD_ARGS, TOO_LARGE. */
KEEP_MUST int keep_ssh_line_get(struct keep_mem *m, struct keep_slice line,
				struct keep_ssh_key *out, struct keep_err *e);
/* Appends "TYPE BASE64", without a comment. */
void keep_ssh_line_put(struct keep_buf *b, const struct keep_ssh_key *key);
/* Appends "SHA256:...", as `ssh-keygen -l` shows it: a certificate has the one
 * of its key. */
void keep_ssh_fingerprint_put(struct keep_buf *b,
			      const struct keep_ssh_key *key);
KEEP_END

/* --- messages of the agent --------------------------------------------- */

KEEP_BEGIN
/* Appends the request for the agent's keys. */
void keep_ssh_ask_keys(struct keep_buf *b);
/* Appends the request for a signature of DATA. RSA keys sign with SHA-512, as
 * SSHSIG and every server since OpenSSH 7.2 take it. TOO_LARGE. */
KEEP_MUST int keep_ssh_ask_signature(struct keep_buf *b,
				     const struct keep_ssh_key *key,
				     struct keep_slice data,
				     struct keep_err *e);
/* The message that IN begins with, its type first; absent while bytes are
 * missing. It is message->len + 4 bytes of IN. NO_AGENT for a length that no
 * message has. */
KEEP_MUST int keep_ssh_message(struct keep_slice in,
			       struct keep_slice *message, struct keep_err *e);
/* The keys of an answer: the list lies in M, its bytes borrow MESSAGE. Keys
 * that keep_ssh_key_get() refuses are left out. AGENT_REFUSED when the
 * answer is that; NO_AGENT when it is none to this request. */
KEEP_MUST int keep_ssh_keys_get(struct keep_mem *m, struct keep_slice message,
				struct keep_ssh_keys *out, struct keep_err *e);
/* The signature of an answer (RFC 4253 6.6), which borrows MESSAGE.
 * AGENT_REFUSED also when it was not made by KEY's algorithm (RSA: with
 * SHA-512); NO_AGENT as above. */
KEEP_MUST int keep_ssh_signature_get(struct keep_slice message,
				     const struct keep_ssh_key *key,
				     struct keep_slice *out,
				     struct keep_err *e);
KEEP_END

/* --- signatures of files (SSHSIG) -------------------------------------- */

KEEP_BEGIN
/* Appends the bytes that a key signs for MESSAGE in the namespace NAME ("git",
 * which tells what a signature is for). The hash is SHA-512. BAD_ARGS for an
 * empty name. */
KEEP_MUST int keep_sshsig_begin(struct keep_buf *b, struct keep_slice name,
				struct keep_slice message, struct keep_err *e);
/* Appends the armored signature, -----BEGIN to the end of its last line, as
 * `ssh-keygen -Y verify` and git read it. */
void keep_sshsig_put(struct keep_buf *b, const struct keep_ssh_key *key,
		     struct keep_slice name, struct keep_slice signature);
KEEP_END

#endif
