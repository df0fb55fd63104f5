/* Plans: what changes in access, told by what lets in. */
/* uses: deploy provider zlib git2 ssh2 */
#include "plan_room.h"

/* Two keys that ssh-keygen made, and its fingerprints. */
#define ADA "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIh3uBwJm9IKr9xPTBgmNxSty1NE" \
	"+cq8fU8yklsG/LBS"
#define ADA_FP "ssh-ed25519 SHA256:t/JxD2qZ5mWxacsAsYnBFVQKYGGV2tA6bxrsebSII4Q"
#define BOB "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAy" \
	"NTYAAABBBMciuF+mHWB07VAMGqIzsNB1kk3I5JTv7yYsbLY2M93ePfQN2lOKjg1zk4sk" \
	"FM/R3RNubrGfUA7eghRREM3Pid0="
#define BOB_FP "ecdsa-sha2-nistp256 " \
	"SHA256:vB6S/pEH+2S0fvgglmfUJBYDDpVnYSzDKAnLvHN6XvQ"

static const struct file nothing[1];

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

#define LIST "files/etc/keep/authorized_keys"

static void test_list(void)
{
	is_told("+0 ssh.user: " BOB_FP " (1)\n-0 ssh.user: " ADA_FP " (1)\n",
		ONE(LIST, ADA "\n"), ONE(LIST, BOB "\n"),
		"users who reach a node are told");
	is_told("~0 ssh.user: ! (1)\n", ONE(LIST, ADA "\n"),
		ONE(LIST, "# nobody\n"),
		"that nobody does takes no key from it, and is told");
	is_told("~0 ssh.user: ! (1)\n", nothing, ONE(LIST, "# nobody\n"),
		"also at the first time");
	is_told("~0 ssh.user: ! (1)\n+0 ssh.user: " ADA_FP " (1)\n",
		ONE(LIST, ""), ONE(LIST, ADA "\n"),
		"the first one takes the others' place, which is told");
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
	test_logins();
	test_list();
	test_hosts();
	test_firewall();
	test_services();
	return done();
}
