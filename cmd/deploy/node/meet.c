/* Host keys that nobody has vouched for yet. */
#include <keep/cli.h>
#include "node.h"

/* --- as people see it ----------------------------------------------------- */

static struct keep_slice string_at(struct keep_slice blob, unsigned which)
{
	const uint8_t *p;
	size_t len;

	for (; blob.len >= 4; which--) {
		p = (const uint8_t *)blob.p;
		len = (size_t)p[0] << 24 | (size_t)p[1] << 16 |
		      (size_t)p[2] << 8 | p[3];
		if (len > blob.len - 4)
			break;
		if (!which)
			return (struct keep_slice){blob.p + 4, len};
		blob.p += 4 + len;
		blob.len -= 4 + len;
	}
	return (struct keep_slice){0};
}

/* Of an RSA key, those of its modulus (RFC 4253 6.6). */
static unsigned bits_of(const struct keep_ssh_key *key)
{
	struct keep_slice n = string_at(key->blob, 2);
	unsigned bits;

	if (keep_slice_is(key->type, "ecdsa-sha2-nistp384"))
		return 384;
	if (keep_slice_is(key->type, "ecdsa-sha2-nistp521"))
		return 521;
	if (!keep_slice_is(key->type, "ssh-rsa"))
		return 256;
	while (n.len && !n.p[0]) {
		n.p++;
		n.len--;
	}
	bits = (unsigned)n.len * 8;
	return n.len ? bits - (unsigned)__builtin_clz((uint8_t)n.p[0]) + 24 :
		       0;
}

struct keep_slice keep_node_print(struct keep_ctx *c,
				  const struct keep_ssh_key *key)
{
	struct keep_buf b = {.mem = c->mem};
	struct keep_slice type = key->type;

	keep_buf_print(&b, "%u ", bits_of(key));
	keep_ssh_fingerprint_put(&b, key);
	keep_buf_print(&b, " (%s)", keep_slice_is(type, "ssh-rsa") ? "RSA" :
		       keep_slice_starts(type, "ecdsa-") ? "ECDSA" :
		       "ED25519");
	return b.failed ? (struct keep_slice){0} : keep_buf_get(&b);
}

/* --- which of them is trusted --------------------------------------------- */

static unsigned rank(struct keep_slice type)
{
	return keep_slice_is(type, "ssh-ed25519") ? 2 :
	       keep_slice_starts(type, "ecdsa-") ? 1 : 0;
}

static const struct keep_ssh_key *best(const struct keep_ssh_keys *keys)
{
	const struct keep_ssh_key *b = &keys->v[0];
	size_t i;

	for (i = 1; i < keys->n; i++)
		if (rank(keys->v[i].type) > rank(b->type))
			b = &keys->v[i];
	return b;
}

/* "SHA256:..." of what may be a whole line of ssh-keygen -l; absent: it is
 * none. */
static struct keep_slice bare(struct keep_slice fp)
{
	struct keep_slice word;

	while (fp.len) {
		word = keep_next_word(&fp);
		if (keep_slice_starts(word, "SHA256:"))
			return word;
	}
	return (struct keep_slice){0};
}

static int by_print(struct keep_ctx *c, const struct keep_node_shown *s,
		    struct keep_ssh_key *out, struct keep_err *e)
{
	struct keep_slice want = bare(s->print);
	size_t i;

	if (!want.p) {
		keep_fail(e, KEEP_E_BAD_ARGS, "host_key: '%.*s' is no "
			  "fingerprint", KEEP_F(s->print));
		return keep_hint(e, "as ssh-keygen -l prints it: SHA256:...");
	}
	for (i = 0; i < s->keys.n; i++) {
		struct keep_buf b = {.mem = c->mem};

		keep_ssh_fingerprint_put(&b, &s->keys.v[i]);
		if (b.failed)
			return keep_no_memory(e);
		if (keep_slice_eq(keep_buf_get(&b), want)) {
			*out = s->keys.v[i];
			return 0;
		}
	}
	keep_fail(e, KEEP_E_UNTRUSTED, "node %.*s shows other host keys, as "
		  "%.*s", KEEP_F(s->node->node),
		  KEEP_F(keep_node_print(c, best(&s->keys))));
	return keep_hint(e, "is it another machine, or was it installed anew? "
			 "look at its console: ssh-keygen -lf "
			 "/etc/ssh/ssh_host_ed25519_key.pub");
}

static bool is_yes(struct keep_slice s)
{
	return keep_slice_is(s, "y") || keep_slice_is(s, "Y") ||
	       keep_slice_is(s, "yes");
}

static struct keep_slice prompt(struct keep_ctx *c,
				const struct keep_node_shown *s,
				struct keep_slice print)
{
	struct keep_slice name = s->node->node;
	struct keep_buf b = {.mem = c->mem};
	size_t i;

	for (i = 0; i < s->old.n; i++)
		keep_buf_print(&b, "%.*s had the host key\n  %.*s\n",
			       KEEP_F(name),
			       KEEP_F(keep_node_print(c, &s->old.v[i])));
	keep_buf_print(&b, "%.*s shows the host key\n  %.*s\n"
		       "Is that what its console says", KEEP_F(name),
		       KEEP_F(print));
	keep_buf_byte(&b, '\0');
	return b.failed ? (struct keep_slice){0} : keep_buf_get(&b);
}

int keep_node_choose(struct keep_ctx *c, const struct keep_node_shown *s,
		     struct keep_ssh_key *out, struct keep_err *e)
{
	struct keep_slice print, text, answer = {0};
	int code = -KEEP_E_INTERACTIVE;

	if (s->print.p)
		return by_print(c, s, out, e);
	*out = *best(&s->keys);
	print = keep_node_print(c, out);
	text = prompt(c, s, print);
	if (!print.p || !text.p)
		return keep_no_memory(e);
	if (c->ask)
		code = c->ask(c, KEEP_ASK_YES, text.p, &answer, e);
	if (code == -KEEP_E_INTERACTIVE) {
		keep_fail(e, KEEP_E_INTERACTIVE, "node %.*s shows the host "
			  "key %.*s, and there is no terminal to ask whether "
			  "it is the right one", KEEP_F(s->node->node),
			  KEEP_F(print));
		return keep_hint(e, "compare it with the node's console, then "
				 "say it by --host-key");
	}
	if (code || is_yes(answer))
		return code;
	return keep_fail(e, KEEP_E_UNTRUSTED, "node %.*s: its host key was "
			 "not accepted", KEEP_F(s->node->node));
}
