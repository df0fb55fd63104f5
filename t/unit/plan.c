/* Plans: what differs between two generations, folded over nodes. */
/* uses: deploy provider zlib git2 */
#include <keep/git2.h>
#include <keep/hash.h>
#include "../../cmd/deploy/plan/build.h"
#include "tap.h"

/* Two keys that ssh-keygen made, and its fingerprints. */
#define ADA "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIh3uBwJm9IKr9xPTBgmNxSty1NE" \
	"+cq8fU8yklsG/LBS"
#define ADA_FP "ssh-ed25519 SHA256:t/JxD2qZ5mWxacsAsYnBFVQKYGGV2tA6bxrsebSII4Q"
#define BOB "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAy" \
	"NTYAAABBBMciuF+mHWB07VAMGqIzsNB1kk3I5JTv7yYsbLY2M93ePfQN2lOKjg1zk4sk" \
	"FM/R3RNubrGfUA7eghRREM3Pid0="
#define BOB_FP "ecdsa-sha2-nistp256 " \
	"SHA256:vB6S/pEH+2S0fvgglmfUJBYDDpVnYSzDKAnLvHN6XvQ"

/* A file of a generation. */
struct file {
	const char *path, *text;
	bool secret;
};
enum { FILES = 8 };

/* A plan that is made. */
struct room {
	struct keep_mem mem;
	struct keep_plan_build b;
	struct keep_plan_result r;
	struct keep_err e;
};
static const struct file nothing[1];

static void begin(struct room *r)
{
	*r = (struct room){0};
	r->b = (struct keep_plan_build){
		.mem = &r->mem, .diff = keep_git2_api.diff,
		.edits = {.mem = &r->mem}, .access = {.mem = &r->mem},
	};
}

static void end(struct room *r)
{
	keep_mem_end(&r->mem);
}

static struct keep_slice text_of(void *from,
				 const struct keep_manifest_line *line)
{
	const struct file *f = from;

	for (; f->path; f++)
		if (keep_slice_is(line->path, f->path) && f->text)
			return keep_slice(f->text);
	return (struct keep_slice){0};
}

/* Texts that begin with ? are not known, those of secrets never. */
static struct keep_plan_side side(struct room *r, const struct file *f)
{
	struct keep_buf b = {.mem = &r->mem};
	struct keep_plan_side out = {.text = text_of};
	struct file *known = KEEP_NEWS(&r->mem, FILES + 1, struct file);
	uint8_t hash[KEEP_SHA256_LEN];
	size_t i;

	need(known);
	out.from = known;
	for (i = 0; f[i].path; i++) {
		known[i] = f[i];
		if (*f[i].text == '?')
			known[i].text = NULL;
		keep_sha256(keep_slice(f[i].text), hash);
		keep_buf_print(&b, "%s %zu ", f[i].secret ? "0600" : "0644",
			       strlen(f[i].text));
		keep_hex_put(&b, hash, sizeof hash);
		keep_buf_print(&b, " %s\n", f[i].path);
	}
	need(!keep_manifest_read(&r->mem, keep_buf_get(&b), &out.manifest,
				 &r->e));
	return out;
}

static void add(struct room *r, const char *node, const struct file *old,
		const struct file *new)
{
	struct keep_plan_side was = side(r, old), is = side(r, new);

	need(!keep_plan_add(&r->b, keep_slice(node), &was, &is, &r->e));
}

static void fold(struct room *r)
{
	need(!keep_plan_fold(&r->b, &r->r, &r->e));
}

static const struct keep_plan_change *change(const struct room *r,
					     const char *path)
{
	const struct keep_plan_change *v = r->r.changes.v;
	size_t i;

	for (i = 0; i < r->r.changes.n; i++)
		if (keep_slice_is(v[i].path, path))
			return &v[i];
	return NULL;
}

/* The access changes, a line each: "+ 0 root: ... !warning (2)". */
static struct keep_slice told(struct room *r)
{
	const struct keep_plan_access *v = r->r.access.v;
	struct keep_buf b = {.mem = &r->mem};
	size_t i;

	for (i = 0; i < r->r.access.n; i++)
		keep_buf_print(&b, "%c%u %.*s: %.*s%s (%zu)\n",
			       "+-~"[v[i].what], v[i].kind,
			       KEEP_F(v[i].subject), KEEP_F(v[i].detail),
			       v[i].warning.p ? "!" : "", v[i].nodes.n);
	return keep_buf_get(&b);
}

static void test_same(void)
{
	static const struct file v[] = {
		{"config.json", "{}", 0}, {"secret/pw", "x", 1}, {0},
	};
	struct room r;

	begin(&r);
	add(&r, "web1", v, v);
	fold(&r);
	is_int(r.r.changes.n, 0, "what is the same is no change");
	is_int(r.r.access.n, 0, "and changes nobody's access");
	end(&r);
}

static void test_diff(void)
{
	static const struct file old[] = {
		{"config.json", "a\n", 0}, {"config.sh", "A\n", 0},
		{"files/gone", "1\n", 0}, {"files/motd", "hi\nthere\n", 0},
		{"files/odd", "?", 0}, {0},
	};
	static const struct file new[] = {
		{"config.json", "b\n", 0}, {"config.sh", "B\n", 0},
		{"files/motd", "ho\nthere\n", 0}, {"files/new", "2\n", 0},
		{"files/odd", "3\n", 0}, {0},
	};
	struct room r;

	begin(&r);
	add(&r, "web1", old, new);
	fold(&r);
	is_int(r.r.changes.n, 5, "each path that differs is a change");
	ok(!change(&r, "config.sh"), "but not what only follows another");
	is_text(change(&r, "files/motd")->diff,
		"@@ -1,2 +1,2 @@\n-hi\n+ho\n there\n",
		"a change has a unified diff");
	is_int(change(&r, "files/gone")->what, KEEP_PLAN_LOST,
	       "a file that goes is told");
	is_text(change(&r, "files/gone")->diff, "@@ -1 +0,0 @@\n-1\n",
		"and shown");
	is_int(change(&r, "files/new")->what, KEEP_PLAN_GAINED,
	       "a file that comes is told");
	is_text(change(&r, "files/new")->diff, "@@ -0,0 +1 @@\n+2\n",
		"and shown");
	is_text(change(&r, "files/odd")->note,
		"what the node has is not known here",
		"a diff that cannot be made says so");
	ok(!change(&r, "files/odd")->diff.p, "and is none");
	end(&r);
}

static void test_secret(void)
{
	static const struct file old[] = {
		{"files/a", "pw=<db>\nx\n", 1}, {"files/b", "plain\n", 0},
		{"files/c", "<db>\n", 1}, {"salt", "?s", 1},
		{"secret/gone", "?1", 1}, {"secret/pw", "?2", 1}, {0},
	};
	static const struct file new[] = {
		{"files/a", "pw=<db>\ny\n", 1}, {"files/b", "now <db>\n", 1},
		{"files/c", "plain\n", 0}, {"salt", "?t", 1},
		{"secret/new", "?4", 1}, {"secret/pw", "?3", 1}, {0},
	};
	struct room r;

	begin(&r);
	add(&r, "web1", old, new);
	fold(&r);
	is_text(change(&r, "files/a")->diff, "@@ -1,2 +1,2 @@\n pw=<db>\n-x\n"
		"+y\n", "a file with a secret is shown with its name");
	ok(change(&r, "files/a")->secret, "and told to hold one");
	ok(!change(&r, "files/b")->diff.p, "the text that a file had before a "
	   "secret came is not shown");
	ok(!change(&r, "files/c")->diff.p, "nor that before it went");
	is_text(change(&r, "secret/pw")->note, "secret",
		"of a secret only that it changes is told");
	ok(change(&r, "salt"), "so is it of the salt");
	is_text(told(&r), "-4 gone:  (1)\n+4 new:  (1)\n",
		"which secrets a node gets and loses is told first");
	end(&r);
}

/* N nodes have the same change, and one of them another beside it. */
static void test_fold(void)
{
	static const struct file old[] = {{"files/motd", "hi\n", 0}, {0}};
	static const struct file new[] = {{"files/motd", "ho\n", 0}, {0}};
	static const struct file more[] = {
		{"files/motd", "ho\n", 0}, {"files/two", "2\n", 0}, {0},
	};
	struct room r;
	char name[8];
	int i;

	begin(&r);
	for (i = 49; i >= 0; i--) {
		snprintf(name, sizeof name, "n%02d", i);
		add(&r, keep_mem_copy(&r.mem, keep_slice(name)).p, old,
		    i == 7 ? more : new);
	}
	fold(&r);
	is_int(r.r.changes.n, 2, "equal changes of 50 nodes are one");
	need(change(&r, "files/motd") && change(&r, "files/two"));
	is_int(change(&r, "files/motd")->nodes.n, 50, "of all of them");
	is_text(change(&r, "files/motd")->nodes.v[7], "n07", "by name");
	is_int(change(&r, "files/two")->nodes.n, 1,
	       "what one has beside that is its own");
	is_text(change(&r, "files/two")->nodes.v[0], "n07", "by its name");
	end(&r);
}

/* Files may differ and yet change alike. */
static void test_fold_like(void)
{
	static const struct file a[] = {{"config.json", "n\n2\n3\n4\n5\n", 0},
					{0}};
	static const struct file b[] = {{"config.json", "n\n2\n3\n4\n6\n", 0},
					{0}};
	static const struct file c[] = {{"config.json", "m\n2\n3\n4\n5\n", 0},
					{0}};
	static const struct file d[] = {{"config.json", "m\n2\n3\n4\n6\n", 0},
					{0}};
	struct room r;

	begin(&r);
	add(&r, "web1", a, b);
	add(&r, "web2", c, d);
	fold(&r);
	is_int(r.r.changes.n, 1, "diffs that are equal are folded, though the "
	       "files are not");
	is_int(change(&r, "config.json")->nodes.n, 2, "of both nodes");
	end(&r);
}

/* What a node's move from the one to the other tells. */
static void is_told(const char *want, const struct file *old,
		    const struct file *new, const char *title)
{
	struct room r;

	begin(&r);
	add(&r, "web1", old, new);
	fold(&r);
	is_text(told(&r), want, "%s", title);
	end(&r);
}

#define ONE(path, text) (const struct file[]){{path, text, 0}, {0}}
#define KEYS "files/root/.ssh/authorized_keys"

static void test_logins(void)
{
	is_told("", ONE(KEYS, "# us\n" ADA " ada@desk\n"),
		ONE(KEYS, ADA " ada@home\n\n"),
		"a key's comment lets nobody in");
	is_told("+0 root: " BOB_FP " bob (1)\n",
		ONE(KEYS, ADA " ada\n"), ONE(KEYS, BOB " bob\n" ADA " ada\n"),
		"a key that is let in is told");
	is_told("-0 root: " ADA_FP " (1)\n",
		ONE(KEYS, ADA "\n" BOB "\n"), ONE(KEYS, BOB "\n"),
		"and one that is not any more");
	is_told("-0 root: " ADA_FP " ada (1)\n+0 root: " ADA_FP " ada "
		"(no-pty,command=\"a \\\"b c\") (1)\n",
		ONE(KEYS, ADA " ada\n"),
		ONE(KEYS, "no-pty,command=\"a \\\"b c\" " ADA " ada\n"),
		"a key that may do less now is another");
	is_told("+0 root: what \\x1b[2Jis this (1)\n",
		ONE(KEYS, ""), ONE(KEYS, "what \x1b[2Jis this\n"),
		"a line that is no key is told, and moves no terminal");
	is_told("~0 root: ! (1)\n", ONE(KEYS, "?"), ONE(KEYS, ADA "\n"),
		"keys that are not known are told to be so");
	is_told("~0 root: ! (1)\n+0 root: " ADA_FP " (1)\n",
		nothing, ONE(KEYS, ADA "\n"),
		"a file that was not ours is told to become so");
	is_told("-0 root: " ADA_FP " (1)\n", ONE(KEYS, ADA "\n"), nothing,
		"all keys of a file that goes lose login");
	is_told("+0 bob: " BOB_FP " (1)\n",
		ONE("files/home/bob/.ssh/authorized_keys", ""),
		ONE("files/home/bob/.ssh/authorized_keys", BOB),
		"a login is that of the home");
	is_told("+0 eve: " BOB_FP " (1)\n",
		ONE("files/etc/ssh/authorized_keys/eve", ""),
		ONE("files/etc/ssh/authorized_keys/eve", BOB),
		"or that of the file's name");
	is_told("+0 /srv/a/authorized_keys: " BOB_FP " (1)\n",
		ONE("files/srv/a/authorized_keys", ""),
		ONE("files/srv/a/authorized_keys", BOB),
		"or the file, where nobody knows whose it is");
}

static void test_hosts(void)
{
	static const char hosts[] = "files/etc/ssh/ssh_known_hosts";

	is_told("", ONE(hosts, "a,10.0.0.1 " ADA "\nb " BOB "\n"),
		ONE(hosts, "# x\nb " BOB " c\na,10.0.0.1 " ADA "\n"),
		"the order of known hosts is no change");
	is_told("+1 a: " BOB_FP " (1)\n-1 a: " ADA_FP " (1)\n",
		ONE(hosts, "a " ADA "\n"), ONE(hosts, "a " BOB "\n"),
		"another host key is told, with the one before");
	is_told("+1 *: " BOB_FP " (@revoked) (1)\n",
		ONE(hosts, ""), ONE(hosts, "@revoked * " BOB "\n"),
		"a mark is told, too");
	is_told("+1 ?: odd (1)\n", ONE(hosts, ""), ONE(hosts, "odd"),
		"so is a line that is none");
}

static void test_firewall(void)
{
	is_told("+2 web: from * to 10.0.0.1 port 443 (1)\n",
		ONE("config.json", "{\"firewall\": {\"ssh\": {\"from\": \"*\", "
		    "\"port\": 22}}}"),
		ONE("config.json", "{\"firewall\": {\"sh\": {\"port\": 22, "
		    "\"from\": \"*\"}, \"web\": [{\"from\": \"*\", \"port\": "
		    "443, \"to\": \"10.0.0.1\"}]}, \"x\": 1}"),
		"an opening is told; another name of one is none");
	is_told("-2 a: from [\"x\",\"y\"] port 1 (1)\n",
		ONE("config.json", "{\"firewall\": {\"a\": {\"from\": [\"x\", "
		    "\"y\"], \"port\": 1}, \"b\": 3}}"),
		ONE("config.json", "{\"firewall\": null}"),
		"so is one that closes");
	is_told("~2 rules: ! (1)\n", ONE("config.json", "?"),
		ONE("config.json", "{}"), "one that is not known is, too");
	is_told("", ONE("config.json", "no json"), ONE("config.json", "{}"),
		"what is no configuration opens nothing");
	is_told("~3 /etc/sudoers.d/x:  (1)\n",
		ONE("files/etc/sudoers.d/x", "a"),
		ONE("files/etc/sudoers.d/x", "b"),
		"a file that decides is told");
}

/* Manifests stand in order: recipes/base, list, mail, vpn, web. */
static void test_services(void)
{
	struct file old[] = {
		{"recipes/base/apply", "1", 0}, {"recipes/base/test", "1", 0},
		{"recipes/list", "base\nmail\nvpn\n", 0},
		{"recipes/mail/apply", "1", 0}, {"recipes/mail/remove", "?", 0},
		{"recipes/vpn/apply", "1", 0}, {0},
	};
	static const struct file new[] = {
		{"recipes/base/apply", "2", 0}, {"recipes/base/check", "2", 0},
		{"recipes/base/test", "1", 0},
		{"recipes/list", "base\nweb\n", 0},
		{"recipes/web/apply", "1", 0}, {0},
	};
	static const char want[] = "-5 mail: its remove script runs (1)\n"
		"-5 vpn: ! (1)\n+5 web:  (1)\n~6 base: apply, check (1)\n";

	is_told(want, old, new, "services that come and leave are told, and "
		"which scripts are others");
	old[2].text = "?";
	is_told(want, old, new, "also where only recipes tell them");
	is_told("-5 bare: ! (1)\n", ONE("recipes/list", "bare\n"),
		ONE("recipes/list", ""),
		"a service without a recipe leaves with a warning");
}

int main(void)
{
	test_same();
	test_diff();
	test_secret();
	test_fold();
	test_fold_like();
	test_logins();
	test_hosts();
	test_firewall();
	test_services();
	return done();
}
