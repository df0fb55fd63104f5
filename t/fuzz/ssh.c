/* The first byte picks what reads the rest: a blob, a line of a .pub file, a
 * message with its length, an answer with keys, an answer with a signature of
 * the key that a list before it has. What is read is written and read again. */
#include <keep/ssh.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool good)
{
	if (!good)
		abort();
}

static bool within(struct keep_slice part, struct keep_slice all)
{
	return part.len == 0 || (part.p >= all.p &&
				 part.p + part.len <= all.p + all.len);
}

/* A key's line reads as the same key, and it can be asked to sign. */
static void holds(struct keep_mem *m, const struct keep_ssh_key *key)
{
	struct keep_buf line = {.mem = m}, name = {.mem = m}, ask = {.mem = m};
	struct keep_ssh_key again;
	struct keep_slice message;

	must(key->type.len && within(key->type, key->blob));
	keep_ssh_line_put(&line, key);
	must(keep_ssh_line_get(m, keep_buf_get(&line), &again, NULL) == 0);
	must(keep_slice_eq(key->blob, again.blob));
	must(keep_slice_eq(key->type, again.type) && again.comment.len == 0);
	keep_ssh_fingerprint_put(&name, key);
	must(name.len == 50);
	must(keep_ssh_ask_signature(&ask, key, key->blob, NULL) == 0);
	must(keep_ssh_message(keep_buf_get(&ask), &message, NULL) == 0);
	must(message.p && message.len + 4 == ask.len);
}

static void blob(struct keep_mem *m, struct keep_slice in)
{
	struct keep_ssh_key key;

	if (keep_ssh_key_get(in, &key, NULL) == 0) {
		must(keep_slice_eq(key.blob, in) && !key.comment.p);
		holds(m, &key);
	}
}

static void line(struct keep_mem *m, struct keep_slice in)
{
	struct keep_ssh_key key;

	if (keep_ssh_line_get(m, in, &key, NULL) == 0) {
		must(within(key.comment, in));
		holds(m, &key);
	}
}

static void message(struct keep_slice in)
{
	struct keep_slice got;
	int rc = keep_ssh_message(in, &got, NULL);

	must(rc == 0 || (rc == -KEEP_E_NO_AGENT && !got.p));
	must(!got.p || (got.len && within(got, in) && got.p == in.p + 4));
}

static void keys(struct keep_mem *m, struct keep_slice in)
{
	struct keep_ssh_keys got;
	int rc = keep_ssh_keys_get(m, in, &got, NULL);

	must(rc == 0 || rc == -KEEP_E_NO_AGENT || rc == -KEEP_E_AGENT_REFUSED);
	for (size_t i = 0; rc == 0 && i < got.n; i++) {
		must(within(got.v[i].blob, in));
		must(within(got.v[i].comment, in));
		holds(m, &got.v[i]);
	}
}

/* IN: the length of a key's blob, it, an answer. */
static void signature(struct keep_mem *m, struct keep_slice in)
{
	struct keep_buf armor = {.mem = m};
	struct keep_slice got, key_bytes, answer;
	struct keep_ssh_key key;
	size_t len = in.len ? (uint8_t)in.p[0] : 0;

	if (in.len < 1 + len)
		return;
	key_bytes = (struct keep_slice){in.p + 1, len};
	answer = (struct keep_slice){in.p + 1 + len, in.len - 1 - len};
	if (keep_ssh_key_get(key_bytes, &key, NULL) ||
	    keep_ssh_signature_get(answer, &key, &got, NULL))
		return;
	must(within(got, answer));
	keep_sshsig_put(&armor, &key, KEEP_S("git"), got);
	must(!armor.failed && armor.p[armor.len - 1] == '\n');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	KEEP_AUTO(keep_mem) m = {0};
	struct keep_slice in = {(const char *)data + 1, size - 1};

	if (size == 0)
		return 0;
	switch (data[0] % 5) {
	case 0: blob(&m, in); break;
	case 1: line(&m, in); break;
	case 2: message(in); break;
	case 3: keys(&m, in); break;
	default: signature(&m, in);
	}
	return 0;
}
