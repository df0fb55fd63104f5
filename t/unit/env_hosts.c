/* What is written of an environment's machines: hosts, known_hosts,
 * ssh_config, firewall.json. */
/* uses: provider */
#include "env_site.h"

#define ED25519 "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILQGY0XIcSqFtu2XoWnrIhy" \
	"3Z0vIyJnXBUQJLMgD5ZqI"
#define ECDSA "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlz" \
	"dHAyNTYAAABBBI1xgRWEigFKUxNSZLp2vh//qaGnnzcteceYejmMuePeN+93uvYS3" \
	"Uga8NeGi/xISAFW2775M5XHo4C/XTR6QJo="

static const struct file good[] = {
	{"nodes/web1.json", "{\"ip_address\": \"192.0.2.10\",\n"
	 "\"ip_addresses\": [\"2001:DB8::1\", \"192.0.2.10\"],\n"
	 "\"networks\": {\"lan\": \"10.0.0.1\"},\n"
	 "\"ssh\": {\"port\": 2222, \"user\": \"root\"},\n"
	 "\"domain\": {\"full\": \"web1.example.org\",\n"
	 "\"internal\": \"web1.i\", \"name\": \"WEB1.example.org\",\n"
	 "\"aliases\": [\"www.example.org\", \"*.example.org\"]},\n"
	 "\"dns\": {\"aliases\": \"example.org\"},\n"
	 "\"firewall\": {\"web\": {\"from\": \"*\", \"port\": [443, \"80\"]},\n"
	 "\"ssh\": {\"from\": \"sysadmin\", \"to\": \"192.0.2.10\","
	 " \"port\": 2222},\n"
	 "\"gone\": null, \"mosh\": {\"from\": [\"10.0.0.9\", \"2001:db8::9\"],"
	 " \"to\": \"10.0.0.1\", \"port\": \"60000:61000\"},\n"
	 "\"db\": [{\"from\": \"10.0.0.8\", \"to\": \"10.0.0.1\", \"port\": 5},"
	 "{\"from\": \"10.0.0.8\", \"to\": \"10.0.0.1\", \"port\": 5}]}}"},
	{"nodes/db1.json", "{\"ip_address\": \"192.0.2.9\"}"},
	{"nodes/off.json", "{\"ip_address\": \"192.0.2.8\","
	 " \"enabled\": false}"},
	{"nodes/c.json", "{\"ip_address\": \"192.0.2.7\","
	 " \"tags\": \"production\"}"},
	{"files/nodes/web1/ssh_host_ed25519_key.pub", ED25519 " root@web1\n"},
	{"files/nodes/web1/ssh_host_rsa_key", "no public key"},
	{"files/nodes/web1/web1_ssh.pub", ECDSA "\n"},
	{"files/nodes/web1/ssh_host_ecdsa_key.pub", ECDSA},
	{"files/nodes/web1/other_ssh.pub", "of somebody else"},
};

static void test_hosts(struct env_site *x)
{
	is_text(env_text(x, "default/hosts"), "# Made by `keep compile`.\n"
		"192.0.2.9 db1\n"
		"192.0.2.10 web1.example.org web1 web1.i www.example.org "
		"example.org\n"
		"2001:db8::1 web1.example.org web1 web1.i www.example.org "
		"example.org\n"
		"10.0.0.1 web1.example.org web1 web1.i www.example.org "
		"example.org\n",
		"hosts holds every address once, with every name but "
		"patterns; no disabled node");
	is_text(env_text(x, "production/hosts"), "# Made by `keep compile`.\n"
		"192.0.2.7 c\n", "each environment has its own nodes");
	is_text(env_text(x, "staging/hosts"), "(none)",
		"one without nodes has no files");
}

static void test_ssh(struct env_site *x)
{
#define NAMES "web1,web1.i,web1.example.org,192.0.2.10,2001:db8::1," \
	"10.0.0.1,[web1]:2222,[web1.i]:2222,[web1.example.org]:2222," \
	"[192.0.2.10]:2222,[2001:db8::1]:2222,[10.0.0.1]:2222 "
	is_text(env_text(x, "default/known_hosts"), "# Made by `keep compile` "
		"from files/nodes/NAME/ssh_host_ed25519_key.pub and its "
		"like.\n# Put them there from the node, or with "
		"ssh-keyscan: then compare the fingerprint\n"
		"# with what ssh-keygen -l tells on the node.\n"
		NAMES ECDSA "\n" NAMES ED25519 "\n",
		"each host key stands once, under all names and addresses, "
		"also with a port that is not 22");
	is_text(env_text(x, "default/ssh_config"),
		"# Made by `keep compile`. From the top of the instance:\n"
		"#   ssh -F compiled/default/ssh_config NODE\n\n"
		"Host db1\n\tHostName 192.0.2.9\n\tPort 22\n"
		"\tHostKeyAlias db1\n"
		"\tGlobalKnownHostsFile compiled/default/known_hosts\n"
		"\tUserKnownHostsFile none\n\tStrictHostKeyChecking yes\n\n"
		"Host web1 web1.example.org web1.i\n"
		"\tHostName 192.0.2.10\n\tPort 2222\n\tUser root\n"
		"\tHostKeyAlias web1\n"
		"\tGlobalKnownHostsFile compiled/default/known_hosts\n"
		"\tUserKnownHostsFile none\n\tStrictHostKeyChecking yes\n",
		"ssh_config tells how each node is reached");
}

static void test_firewall(struct env_site *x)
{
#define W "{\"node\": \"web1\", \"to\": "
	is_text(env_text(x, "default/firewall.json"), "[\n"
		W "\"10.0.0.1\", \"port\": 5, \"from\": \"10.0.0.8\"},\n"
		W "\"10.0.0.1\", \"port\": 80, \"from\": \"*\"},\n"
		W "\"10.0.0.1\", \"port\": 443, \"from\": \"*\"},\n"
		W "\"10.0.0.1\", \"port\": \"60000:61000\", "
		"\"from\": \"10.0.0.9\"},\n"
		W "\"192.0.2.10\", \"port\": 80, \"from\": \"*\"},\n"
		W "\"192.0.2.10\", \"port\": 443, \"from\": \"*\"},\n"
		W "\"192.0.2.10\", \"port\": 2222, \"from\": \"sysadmin\"},\n"
		W "\"2001:db8::1\", \"port\": 80, \"from\": \"*\"},\n"
		W "\"2001:db8::1\", \"port\": 443, \"from\": \"*\"}\n]\n",
		"a rule a line, each once, of one family; without 'to' it is "
		"for all addresses of its node");
	is_text(env_text(x, "production/firewall.json"), "[]\n",
		"no rules are an empty list");
}

static const struct file bad[] = {
	{"nodes/a.json", "{\"ip_address\": \"192.0.2.1\",\n"
	 "\"domain\": {\"full\": \"a.org\", \"internal\": \"b.org\"}, "
	 "\"ssh\": {\"user\": \"a b\\nProxyCommand x\"}}"},
	{"nodes/b.json", "{\"ip_address\": \"192.0.2.2\",\n"
	 "\"domain\": {\"full\": \"B.org\"},\n"
	 "\"firewall\": {\n"
	 "\"a\": {\"form\": \"*\", \"from\": \"x\", \"port\": 65536},\n"
	 "\"b\": {\"from\": \"*\", \"to\": 5},\n"
	 "\"c\": [7], \"d\": {\"from\": \"*\", \"port\": [\"9:8\", "
	 "\"80:\", {}]},\n"
	 "\"e\": {\"from\": \"2001:db8::1\", \"port\": 1},\n"
	 "\"f\": {\"port\": 1}}}"},
	{"files/nodes/b/b_ssh.pub", "ssh-rsa AAAA\n"},
	{"files/nodes/b/ssh_host_rsa_key.pub", ED25519 "\n" ED25519},
	{"files/nodes/b/ssh_host_dsa_key.pub", "ssh-dss AAAA"},
};

static void test_faults(void)
{
	struct env_site x;

	need(env_begin(&x, bad, KEEP_COUNT(bad)));
	is_int(x.s.code, -KEEP_E_BAD_ARGS, "faults refuse the whole");
	is_text(env_faults(&x),
		"nodes/a.json:2:67: 'ssh.user' is no user's name: "
		"'a b\\x0aProxyCommand x'\n"
		"files/nodes/b/b_ssh.pub:0:0: this is no public key of an ssh "
		"server; it looks like: ssh-ed25519 AAAA..., and is rsa, ecdsa "
		"or ed25519\n"
		"files/nodes/b/ssh_host_dsa_key.pub:0:0: this is no public key "
		"of an ssh server; it looks like: ssh-ed25519 AAAA..., and is "
		"rsa, ecdsa or ed25519\n"
		"files/nodes/b/ssh_host_rsa_key.pub:0:0: this is no public key "
		"of an ssh server; it looks like: ssh-ed25519 AAAA..., and is "
		"rsa, ecdsa or ed25519\n"
		"nodes/b.json:2:20: node 'b' has the name 'B.org' of node 'a'; "
		"a name that several share is an alias: domain.aliases\n"
		"nodes/b.json:4:7: a firewall rule has no 'form'; did you mean "
		"'from'?\n"
		"nodes/b.json:4:41: 'port' of a firewall rule must be a port "
		"or a range like 60000:61000, not 65536\n"
		"nodes/b.json:4:28: 'from' of a firewall rule must be '*', "
		"'sysadmin', a node or an address, not \"x\"\n"
		"nodes/b.json:5:26: 'to' of a firewall rule must be an "
		"address, not 5\n"
		"nodes/b.json:5:6: a firewall rule needs 'port'\n"
		"nodes/b.json:6:7: a firewall rule must be an object; "
		"{\"from\": \"*\", \"port\": 443}\n"
		"nodes/b.json:6:39: 'port' of a firewall rule must be a port "
		"or a range like 60000:61000, not \"9:8\"\n"
		"nodes/b.json:6:46: 'port' of a firewall rule must be a port "
		"or a range like 60000:61000, not \"80:\"\n"
		"nodes/b.json:6:53: 'port' of a firewall rule must be a port "
		"or a range like 60000:61000, not object\n"
		"nodes/b.json:7:6: 'from' and 'to' of a firewall rule have no "
		"family in common\n"
		"nodes/b.json:8:6: a firewall rule needs 'from'",
		"each is told at its place, with what is near");
	site_end(&x.s);
}

/* Every beginning of a key but the whole of it. */
static void test_cut_keys(void)
{
	struct file files[] = {
		{"nodes/a.json", "{\"ip_address\": \"192.0.2.1\"}"},
		{"files/nodes/a/a_ssh.pub", NULL},
	};
	struct keep_slice key = KEEP_S(ED25519);
	char text[sizeof ED25519];
	struct env_site x;
	size_t n, step = tap_times(9, 30);

	for (n = 0; n < key.len; n += step) {
		snprintf(text, sizeof text, "%.*s", (int)n, key.p);
		files[1].text = text;
		need(env_begin(&x, files, KEEP_COUNT(files)));
		if (x.s.code != -KEEP_E_BAD_ARGS)
			break;
		site_end(&x.s);
	}
	ok(n >= key.len, "a host key that is cut is refused, wherever");
	if (n < key.len)
		site_end(&x.s);
}

static void test_links(void)
{
	static const struct file linked[] = {
		{"services/db.json", "{}"},
		{"nodes/a.json", "{\"ip_address\": \"192.0.2.1\", "
		 "\"networks\": {\"lan\": \"10.0.0.1\"}, "
		 "\"db\": \"= link(nodes[services: 'db'], 5432)\"}"},
		{"nodes/b.json", "{\"ip_address\": \"192.0.2.2\", "
		 "\"networks\": {\"lan\": \"10.0.0.2\"}, \"services\": "
		 "\"db\", \"firewall\": {\"db\": \"= inbound()\", \"x\": "
		 "{\"from\": [\"c\", \"a\"], \"port\": 1}}}"},
		{"nodes/c.json", "{\"ip_address\": \"192.0.2.3\", "
		 "\"tags\": \"production\"}"},
	};
	struct env_site x;

	need(env_begin(&x, linked, KEEP_COUNT(linked)));
	is_text(env_faults(&x), "", "an instance with links is built");
#define B "{\"node\": \"b\", \"to\": "
	is_text(env_text(&x, "default/firewall.json"), "[\n"
		B "\"10.0.0.2\", \"port\": 1, \"from\": \"10.0.0.1\"},\n"
		B "\"10.0.0.2\", \"port\": 5432, \"from\": \"10.0.0.1\"},\n"
		B "\"192.0.2.2\", \"port\": 1, \"from\": \"192.0.2.3\"}\n"
		"]\n", "a link is a rule, by the addresses that it goes by; "
		"so is what names a node");
	site_end(&x.s);
}

int main(void)
{
	struct env_site x;

	need(env_begin(&x, good, KEEP_COUNT(good)));
	is_text(env_faults(&x), "", "an instance is built");
	test_hosts(&x);
	test_ssh(&x);
	test_firewall(&x);
	site_end(&x.s);
	test_faults();
	test_cut_keys();
	test_links();
	return done();
}
