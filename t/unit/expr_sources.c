/* uses: provider */
/* Keys, files that are sent, fingerprints. */
#include "tap.h"
#include "expr_stage.h"

/* What expressions in web1 of the small world give, or what is told. */
static const struct {
	const char *text, *gives;
} facts[] = {
	{"keypair('vpn', 'rsa2048')",
	 "{\"public\":\"<keypair vpn public>\",\"private\":\"<keypair vpn>\","
	 "\"fingerprint\":\"<keypair vpn fingerprint>\"}"},
	{"'p=' + keypair('a.b', 'wireguard').public + ';'",
	 "\"p=<keypair a.b public>;\""},
	{"b64(keypair('a', 'ed25519').private)", "\"<b64 keypair a>\""},
	{"'p=' + hex(keypair('a', 'ed25519').public)",
	 "\"p=<hex keypair a public>\""},
	{"'<sha256 keypair a>'",
	 "1: the text holds the form that stands for a secret"},
	{"send('keys/host.pub')", "\"/etc/keep/files/keys/host.pub\""},
	{"fingerprint('ca.crt')",
	 "\"SHA256:2d711642b726b04401627ca9fbac32f5"
	 "c8530fb1903cc4db02258717921a4881\""},
	{"fingerprint('keys/host.pub')",
	 "\"SHA256:99a28bef1817b731b9c7efc42332f891"
	 "9a2101a8aa7c078ea0b532beb7e57e4c\""},
	{"keypair('a', 'x25519').private == ''",
	 "35: a secret cannot be used as part of a comparison"},
	{"keypair('a', 'ed25519').public.upper()",
	 "31: a secret cannot be used as what a method works on"},
	{"keypair('A', 'ed25519')",
	 "1: keypair: 'A' is no name; a-z, 0-9, and behind the first also "
	 ". _ -"},
	{"keypair('a', 'dsa')",
	 "1: keypair: 'dsa' is no type of key; rsa2048, ed25519, x25519 or "
	 "wireguard"},
	{"'<keypair a public>'",
	 "1: the text holds the form that stands for a secret"},
	{"'<keypair a finger' + 'print>'",
	 "23: the text would hold the form that stands for a secret"},
	{"send('nothing')", "1: send: files/nothing: not found"},
	{"send('forged')",
	 "1: send: forged holds the form that stands for a secret"},
	{"send('')", "1: send: '' is no path beneath files/; names joined by "
	 "single /, without . and .."},
	{"send('/motd')", "1: send: '/motd' is no path beneath files/"},
	{"send('a//motd')", "1: send: 'a//motd' is no path beneath files/"},
	{"send('../motd')", "1: send: '../motd' is no path beneath files/"},
	{"send('./motd')", "1: send: './motd' is no path beneath files/"},
	{"send('motd/')", "1: send: 'motd/' is no path beneath files/"},
	{"send('mo\ttd')", "1: send: 'mo\\x09td' is no path beneath files/"},
	{"fingerprint('motd')",
	 "1: fingerprint: motd holds no certificate and no public key of "
	 "ssh; a certificate is PEM: -----BEGIN CERTIFICATE-----"},
	{"fingerprint('cut.crt')",
	 "1: fingerprint: cut.crt holds no certificate and no public key"},
	{"fingerprint('odd.crt')",
	 "1: fingerprint: odd.crt holds no certificate and no public key"},
	{"fingerprint('other.pub')",
	 "1: fingerprint: other.pub holds no certificate and no public key"},
	{"fingerprint('nothing')",
	 "1: fingerprint: files/nothing: not found"},
};

static struct keep_slice value(struct keep_mem *m, struct keep_world *w,
			       const char *text)
{
	struct keep_problems ps = {.mem = m};
	struct keep_buf b = {.mem = m};
	struct keep_eval *ev = keep_eval_new(m, w);
	const struct keep_problem *p;
	struct keep_json v;
	int rc = ev ? keep_eval_text(ev, keep_world_node(w, KEEP_S("web1")),
				     keep_slice(text), &ps, &v) : 0;

	if (!ev)
		return KEEP_S("no memory");
	if (!rc)
		keep_json_put(&b, &v, KEEP_JSON_COMPACT);
	for (p = ps.first; p; p = p->next)
		keep_buf_print(&b, "%u: %s%s%.*s", p->column,
			       p->message.p + strlen("web1: "),
			       p->hint.p ? "; " : "", KEEP_F(p->hint));
	return keep_buf_get(&b);
}

static void sent(void)
{
	struct keep_slices paths = {0};
	struct stage s;

	if (!set_up(&s, "\"a\": {" E ", \"x\": \"= send('motd')\", \"y\": "
		    "[\"= send('keys/host.pub')\", \"= send('motd')\"]},"
		    " \"b\": {" E ", \"x\": \"= nodes['a'].x\"}"))
		return;
	need(!keep_eval_sent(s.ev, s.w.nodes, &paths, NULL));
	is_int(paths.n, 0, "no file is sent before a node is evaluated");
	node(&s, "b");
	node(&s, "a");
	is_text(json(&s), "{\"environment\":\"e\",\"x\":"
		"\"/etc/keep/files/motd\",\"y\":["
		"\"/etc/keep/files/keys/host.pub\",\"/etc/keep/files/motd\"]}",
		"a file that is sent has a place on the node");
	need(!keep_eval_sent(s.ev, s.w.nodes, &paths, NULL) && paths.n == 2);
	is_text(paths.v[0], "keys/host.pub", "files are sent in order");
	is_text(paths.v[1], "motd", "each once");
	need(!keep_eval_sent(s.ev, s.w.nodes + 1, &paths, NULL));
	is_int(paths.n, 0, "a node that only asks for the path gets none");
	stage_end(&s);
}

int main(void)
{
	KEEP_AUTO(keep_mem) all = {0};
	struct keep_world w;
	size_t i;

	if (!ok(expr_world(&w, &all, expr_world_text), "the world is read"))
		return done();
	for (i = 0; i < KEEP_COUNT(facts); i++) {
		KEEP_AUTO(keep_mem) mem = {0};
		struct keep_slice got = value(&mem, &w, facts[i].text);

		if (!ok(keep_slice_starts(got, facts[i].gives), "%s is %s",
			facts[i].text, facts[i].gives))
			printf("# got '%.*s'\n", KEEP_F(got));
	}
	sent();
	return done();
}
