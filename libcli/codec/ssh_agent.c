/* Messages of the agent, RFC 9987. */
#include <keep/text.h>
#include "ssh_wire.h"

enum message {
	FAILURE = 5,
	ASK_KEYS = 11,
	KEYS = 12,
	ASK_SIGNATURE = 13,
	SIGNATURE = 14,
	FAILURE_SSH2 = 30, /* of other agents */
	FAILURE_COM = 102,
};
enum { FLAG_RSA_SHA512 = 4 };

void keep_ssh_ask_keys(struct keep_buf *b)
{
	keep_ssh_put_u32(b, 1);
	keep_buf_byte(b, ASK_KEYS);
}

int keep_ssh_ask_signature(struct keep_buf *b, const struct keep_ssh_key *key,
			   struct keep_slice data, struct keep_err *e)
{
	bool rsa = keep_slice_is(keep_ssh_algorithm(key), "rsa-sha2-512");
	size_t len = 1 + 4 + 4 + 4, room = KEEP_SSH_MESSAGE_MAX - len;

	if (key->blob.len > room || data.len > room - key->blob.len)
		return keep_fail(e, KEEP_E_TOO_LARGE, "%zu bytes to sign; an "
				 "ssh-agent takes less than %d", data.len,
				 KEEP_SSH_MESSAGE_MAX);
	keep_ssh_put_u32(b, (uint32_t)(len + key->blob.len + data.len));
	keep_buf_byte(b, ASK_SIGNATURE);
	keep_ssh_put_string(b, key->blob);
	keep_ssh_put_string(b, data);
	keep_ssh_put_u32(b, rsa ? FLAG_RSA_SHA512 : 0);
	return 0;
}

int keep_ssh_message(struct keep_slice in, struct keep_slice *message,
		     struct keep_err *e)
{
	struct keep_ssh_reader r = {.rest = in};
	uint32_t len = keep_ssh_get_u32(&r);

	*message = (struct keep_slice){0};
	if (r.bad)
		return 0;
	if (len == 0 || len > KEEP_SSH_MESSAGE_MAX)
		return keep_fail(e, KEEP_E_NO_AGENT, "a message of %u bytes is "
				 "no ssh-agent's", len);
	if (len <= r.rest.len)
		*message = keep_ssh_get_bytes(&r, len);
	return 0;
}

/* Opens an answer of TYPE. */
static int open_answer(struct keep_slice message, enum message type,
		       struct keep_ssh_reader *r, struct keep_err *e)
{
	int got;

	*r = (struct keep_ssh_reader){.rest = message};
	got = (uint8_t)*keep_ssh_get_bytes(r, 1).p;
	if (got == FAILURE || got == FAILURE_SSH2 || got == FAILURE_COM)
		return keep_fail(e, KEEP_E_AGENT_REFUSED,
				 "the ssh-agent refused");
	if (got != (int)type)
		return keep_fail(e, KEEP_E_NO_AGENT, "an answer of the type %d "
				 "where %d was expected is no ssh-agent's",
				 got, (int)type);
	return 0;
}

static int garbled(struct keep_err *e, const char *what)
{
	return keep_fail(e, KEEP_E_NO_AGENT, "an answer that should hold %s, "
			 "but does not, is no ssh-agent's", what);
}

int keep_ssh_keys_get(struct keep_mem *m, struct keep_slice message,
		      struct keep_ssh_keys *out, struct keep_err *e)
{
	struct keep_ssh_reader r;
	struct keep_ssh_key *v;
	size_t n, kept = 0;
	int rc = open_answer(message, KEYS, &r, e);

	if (rc)
		return rc;
	n = keep_ssh_get_u32(&r);
	if (r.bad || n > r.rest.len / 8) /* two strings each */
		return garbled(e, "keys");
	v = KEEP_NEWS(m, n, struct keep_ssh_key);
	if (!v)
		return keep_no_memory(e);
	for (; n; n--) {
		struct keep_slice blob = keep_ssh_get_string(&r);
		struct keep_slice comment = keep_ssh_get_string(&r);

		if (keep_ssh_key_get(blob, &v[kept], NULL) == 0)
			v[kept++].comment = comment;
	}
	if (!keep_ssh_got_all(&r))
		return garbled(e, "keys");
	*out = (struct keep_ssh_keys){v, kept};
	return 0;
}

int keep_ssh_signature_get(struct keep_slice message,
			   const struct keep_ssh_key *key,
			   struct keep_slice *out, struct keep_err *e)
{
	struct keep_ssh_reader r;
	struct keep_slice got;
	int rc = open_answer(message, SIGNATURE, &r, e);

	if (rc)
		return rc;
	got = keep_ssh_get_string(&r);
	if (!keep_ssh_got_all(&r))
		return garbled(e, "a signature");
	if (!keep_ssh_signature_ok(key, got)) {
		keep_fail(e, KEEP_E_AGENT_REFUSED, "the ssh-agent's signature "
			  "is none that a key of the type %.*s makes",
			  KEEP_F(key->type));
		return keep_hint(e, "%s", keep_slice_is(
			keep_ssh_algorithm(key), "rsa-sha2-512") ?
			"it may know RSA with SHA-1 only: use another key, or "
			"OpenSSH's agent" : "use OpenSSH's agent");
	}
	*out = got;
	return 0;
}
