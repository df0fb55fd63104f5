/* The host keys that a node shows: to ssh-keyscan, and to the user's ssh where
 * that knows a way to the node. Source: ssh_config(5), KnownHostsCommand. */
#include <keep/cli.h>
#include <keep/text.h>
#include "node.h"

enum { SCAN_MAX = 256 << 10, KEYS_MAX = 16 };

/* Lines of a word, a type and a key; others are passed over. */
static int read_keys(struct keep_ctx *c, struct keep_slice text,
		     struct keep_ssh_keys *out, struct keep_err *e)
{
	struct keep_ssh_key *v = KEEP_NEWS(c->mem, KEYS_MAX,
					   struct keep_ssh_key);
	struct keep_slice line;
	const char *end;
	size_t n = 0;

	if (!v)
		return keep_no_memory(e);
	while (text.len && n < KEYS_MAX) {
		end = memchr(text.p, '\n', text.len);
		line = (struct keep_slice){text.p, end ? (size_t)
					   (end - text.p) : text.len};
		text.p += line.len + (end != NULL);
		text.len -= line.len + (end != NULL);
		if (keep_slice_starts(line, "#"))
			continue;
		keep_next_word(&line);
		n += !keep_ssh_line_get(c->mem, line, &v[n], NULL);
	}
	*out = (struct keep_ssh_keys){v, n};
	return 0;
}

/* --- where the node is reached as it is ----------------------------------- */

static int silent(const struct keep_login *l, struct keep_err *e)
{
	keep_fail(e, KEEP_E_UNREACHABLE, "no ssh server shows a host key at "
		  "%s port %u", l->address, l->port);
	return keep_hint(e, "is %s up? where it is behind a jump host, say so "
			 "in ~/.ssh/config: Host %s, ProxyJump ...", l->host,
			 l->host);
}

static int scan(struct keep_ctx *c, const struct keep_login *l,
		struct keep_ssh_keys *out, struct keep_err *e)
{
	struct keep_slice port = keep_mem_print(c->mem, "%u", l->port);
	struct keep_slice text = {0};
	const char *const argv[] = {
		"ssh-keyscan", "-T", "10", "-t", "ed25519,ecdsa,rsa",
		"-p", port.p, l->address, NULL,
	};
	const struct keep_program p = {argv, KEEP_S(""), SCAN_MAX};
	struct keep_err why = {0};
	int code = port.p ? keep_program_run(c, &p, &text, &why) :
		   keep_no_memory(&why);

	if (code && code != -KEEP_E_IO) {
		*e = why;
		return code;
	}
	code = code ? silent(l, e) : read_keys(c, text, out, e);
	return code || out->n ? code : silent(l, e);
}

/* --- where ssh knows the way ---------------------------------------------- */

/* Knows no key, and so trusts none and logs in nowhere; it tells that which it
 * is shown. What it says is all on its stdout. */
static const char by_ssh[] =
	"exec 2>&1\n"
	"ssh -T -a -x -oStrictHostKeyChecking=yes"
	" -oUserKnownHostsFile=/dev/null -oGlobalKnownHostsFile=/dev/null"
	" -oVerifyHostKeyDNS=no -oUpdateHostKeys=no -oControlMaster=no"
	" -oControlPath=none -oBatchMode=yes -oLogLevel=INFO"
	" -oConnectTimeout=10"
	" -oKnownHostsCommand='/bin/sh -c \"echo %H %t %K >&2\"' \"$@\" true ||"
	" :";

static int hidden(struct keep_ctx *c, const struct keep_login *l,
		  struct keep_slice said, struct keep_err *e)
{
	while (said.len && (said.p[said.len - 1] == '\n' ||
			    said.p[said.len - 1] == '\r'))
		said.len--;
	keep_fail(e, KEEP_E_UNREACHABLE, "ssh is shown no host key of %s, the "
		  "way that ssh_config names: %.*s", l->host,
		  KEEP_F(keep_text_safe(c->mem, said, 300)));
	return keep_hint(e, "ssh -v %s tells more", l->host);
}

static int scan_by_ssh(struct keep_ctx *c, const struct keep_login *l,
		       struct keep_ssh_keys *out, struct keep_err *e)
{
	struct keep_mem *m = c->mem;
	struct keep_slice said;
	const char *const argv[] = {
		"sh", "-c", by_ssh, "sh",
		keep_mem_print(m, "-oHostName=%s", l->address).p,
		keep_mem_print(m, "-p%u", l->port).p,
		keep_mem_print(m, "-l%s", l->user).p, "--", l->host, NULL,
	};
	const struct keep_program p = {argv, KEEP_S(""), SCAN_MAX};
	int code;

	if (!argv[4] || !argv[5] || !argv[6])
		return keep_no_memory(e);
	code = keep_program_run(c, &p, &said, e);
	if (!code)
		code = read_keys(c, said, out, e);
	return code || out->n ? code : hidden(c, l, said, e);
}

int keep_node_scan(struct keep_ctx *c, const struct keep_contact *n,
		   struct keep_ssh_keys *out, struct keep_err *e)
{
	struct keep_login l;
	bool detour = false;
	int rc = keep_reach_login(c, n, &l, e);

	if (!rc)
		rc = keep_reach_detour(c, &l, &detour, e);
	if (rc)
		return rc;
	return detour ? scan_by_ssh(c, &l, out, e) : scan(c, &l, out, e);
}
