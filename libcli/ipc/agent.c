#include <poll.h>
#include "agent_wire.h"

enum { LOOP_QUEUE_MS = 500 }; /* others of the loop wait, too */

/* What stands in a->out may go. */
static int asked(struct keep_agent *a, enum keep_agent_asked what,
		 struct keep_err *e)
{
	if (a->out.failed) {
		keep_agent_lose(a);
		return keep_no_memory(e);
	}
	a->asked = what;
	a->events = POLLOUT;
	return 0;
}

int keep_agent_keys(struct keep_agent *a, struct keep_mem *m,
		    struct keep_ssh_keys *out, struct keep_err *e)
{
	struct keep_slice message = {0}, copy;
	int rc = keep_agent_connect(a, UINT32_MAX, e);

	if (rc)
		return rc;
	keep_ssh_ask_keys(&a->out);
	rc = asked(a, KEEP_AGENT_KEYS, e);
	while (!rc && !message.p) {
		rc = keep_agent_wait(a, e);
		if (!rc)
			rc = keep_agent_turn(a, &message, e);
	}
	if (rc)
		return rc;
	a->asked = KEEP_AGENT_NOTHING;
	copy = keep_mem_copy(m, message);
	if (!copy.p)
		return keep_no_memory(e);
	rc = keep_ssh_keys_get(m, copy, out, e);
	return rc ? keep_agent_foreign(a, rc, e) : 0;
}

static int begin(struct keep_agent *a, const struct keep_ssh_key *key,
		 struct keep_slice data, struct keep_err *e)
{
	int rc;

	a->key = *key;
	rc = keep_ssh_ask_signature(&a->out, key, data, e);
	return rc ? rc : asked(a, KEEP_AGENT_SIGNATURE, e);
}

int keep_agent_begin(struct keep_agent *a, const struct keep_ssh_key *key,
		     struct keep_slice data, struct keep_err *e)
{
	int rc = keep_agent_connect(a, LOOP_QUEUE_MS, e);

	return rc ? rc : begin(a, key, data, e);
}

/* --- why there is no signature ----------------------------------------- */

static bool holds(const struct keep_ssh_keys *keys, struct keep_slice blob)
{
	for (size_t i = 0; i < keys->n; i++) {
		if (keep_slice_eq(keys->v[i].blob, blob))
			return true;
	}
	return false;
}

static int tell_reason(const struct keep_agent *a,
		       const struct keep_ssh_keys *keys, struct keep_err *e)
{
	KEEP_AUTO(keep_buf) name = {0};

	keep_ssh_fingerprint_put(&name, &a->key);
	if (holds(keys, a->key.blob)) {
		keep_fail(e, KEEP_E_AGENT_REFUSED, "the ssh-agent did not sign "
			  "with the key %.*s", KEEP_F(keep_buf_get(&name)));
		return keep_hint(e, "a key that was added by ssh-add -c, or is "
				 "on hardware, needs a person at each use");
	}
	if (keys->n == 0) {
		keep_fail(e, KEEP_E_KEY_NOT_IN_AGENT,
			  "the ssh-agent at %.*s shows no key",
			  KEEP_F(a->path));
		return keep_hint(e, "ssh-add FILE adds one; if it is locked, "
				 "ssh-add -X unlocks it");
	}
	keep_fail(e, KEEP_E_KEY_NOT_IN_AGENT, "the ssh-agent at %.*s does not "
		  "hold the key %.*s", KEEP_F(a->path),
		  KEEP_F(keep_buf_get(&name)));
	return keep_hint(e, "ssh-add FILE adds it; ssh-add -l shows which it "
			 "holds");
}

static int ask_reason(struct keep_agent *a, struct keep_err *e)
{
	a->in.len = 0;
	keep_ssh_ask_keys(&a->out);
	return asked(a, KEEP_AGENT_REASON, e);
}

static int take_reason(struct keep_agent *a, struct keep_slice message,
		       struct keep_err *e)
{
	KEEP_AUTO(keep_mem) m = {0};
	struct keep_ssh_keys keys;
	int rc = keep_ssh_keys_get(&m, message, &keys, e);

	return rc ? keep_agent_foreign(a, rc, e) : tell_reason(a, &keys, e);
}

static int take_signature(struct keep_agent *a, struct keep_mem *m,
			  struct keep_slice message, struct keep_slice *out,
			  struct keep_err *e)
{
	struct keep_slice got;
	int rc = keep_ssh_signature_get(message, &a->key, &got, e);

	if (rc)
		return keep_agent_foreign(a, rc, e);
	*out = keep_mem_copy(m, got);
	return out->p ? 0 : keep_no_memory(e);
}

int keep_agent_step(struct keep_agent *a, struct keep_mem *m,
		    struct keep_slice *out, struct keep_err *e)
{
	enum keep_agent_asked what = a->asked;
	struct keep_slice message;
	int rc = keep_agent_turn(a, &message, e);

	*out = (struct keep_slice){0};
	if (rc || !message.p)
		return rc;
	a->asked = KEEP_AGENT_NOTHING;
	if (what == KEEP_AGENT_REASON)
		return take_reason(a, message, e);
	/* A refusal, which carries no reason; no signature is so short. */
	if (message.len == 1)
		return ask_reason(a, e);
	return take_signature(a, m, message, out, e);
}

int keep_agent_sign(struct keep_agent *a, struct keep_mem *m,
		    const struct keep_ssh_key *key, struct keep_slice data,
		    struct keep_slice *out, struct keep_err *e)
{
	int rc = keep_agent_connect(a, UINT32_MAX, e);

	*out = (struct keep_slice){0};
	if (!rc)
		rc = begin(a, key, data, e);
	while (!rc && !out->p) {
		rc = keep_agent_wait(a, e);
		if (!rc)
			rc = keep_agent_step(a, m, out, e);
	}
	return rc;
}

int keep_agent_sshsig(struct keep_agent *a, const struct keep_ssh_key *key,
		      struct keep_slice name, struct keep_slice message,
		      struct keep_buf *out, struct keep_err *e)
{
	KEEP_AUTO(keep_mem) m = {0};
	struct keep_buf data = {.mem = &m};
	struct keep_slice signature;
	int rc = keep_sshsig_begin(&data, name, message, e);

	if (!rc)
		rc = keep_buf_check(&data, e);
	if (!rc)
		rc = keep_agent_sign(a, &m, key, keep_buf_get(&data),
				     &signature, e);
	if (rc)
		return rc;
	keep_sshsig_put(out, key, name, signature);
	return keep_buf_check(out, e);
}
