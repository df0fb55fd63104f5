/* Properties of nodes: what values they may have (PROVIDER 1). */
/* uses: provider */
#include "world.h"

static const struct {
	const char *title, *members; /* of nodes/c.json */
	const char *faults;          /* without "nodes/c.json:1:" */
} facts[] = {
	{"addresses of both families", "\"ip_address\": \"10.0.0.4\","
	 " \"ip_addresses\": [\"2001:db8::1\"]", ""},
	{"a loopback address", "\"ip_address\": \"127.0.0.1\"", ""},
	{"one further address without a list", "\"ip_address\": \"10.0.0.4\","
	 " \"ip_addresses\": \"10.0.1.4\"", ""},
	{"an address that is none", "\"ip_address\": \"10.0.0\"",
	 "16: 'ip_address' must be an IPv4 or IPv6 address, not '10.0.0'"},
	{"an address that is a number", "\"ip_address\": 10",
	 "16: 'ip_address' must be an IPv4 or IPv6 address, not integer"},
	{"a further address that is none", "\"ip_address\": \"10.0.0.4\","
	 " \"ip_addresses\": [\"10.0.1.4\", \"x\"]",
	 "57: 'ip_addresses' must be an IPv4 or IPv6 address, not 'x'"},
	{"networks that are a list", "\"ip_address\": \"10.0.0.4\","
	 " \"networks\": []", "40: 'networks' must be an object, not list"},
	{"a network whose address is none", "\"ip_address\": \"10.0.0.4\","
	 " \"networks\": {\"lan\": \"y\"}",
	 "48: 'networks' must be an IPv4 or IPv6 address, not 'y'"},
	{"a port over its limit", "\"ip_address\": \"10.0.0.4\","
	 " \"ssh\": {\"port\": 70000}",
	 "44: 'ssh.port' is 70000; it must be 1 to 65535"},
	{"a port that is 0", "\"ip_address\": \"10.0.0.4\","
	 " \"ssh\": {\"port\": 0}",
	 "44: 'ssh.port' is 0; it must be 1 to 65535"},
	{"a port that is a text", "\"ip_address\": \"10.0.0.4\","
	 " \"ssh\": {\"!port\": \"22\"}",
	 "45: 'ssh.port' must be an integer, not '22'"},
	{"authorized keys that are shared", "\"ip_address\": \"10.0.0.4\","
	 " \"ssh\": {\"authorized_keys\": \"shared\"}", ""},
	{"a value that resembles an allowed one", "\"ip_address\": "
	 "\"10.0.0.4\", \"ssh\": {\"authorized_keys\": \"shraed\"}",
	 "55: 'ssh.authorized_keys' may not be 'shraed'; did you mean "
	 "'shared'?"},
	{"a value that resembles none", "\"ip_address\": \"10.0.0.4\","
	 " \"ssh\": {\"authorized_keys\": \"no\"}",
	 "55: 'ssh.authorized_keys' may not be 'no'; it may be: "
	 "exclusive|shared"},
	{"a domain name", "\"ip_address\": \"10.0.0.4\", \"domain\":"
	 " {\"full\": \"c.example.org\", \"aliases\": [\"*.c.example.org\"]}",
	 ""},
	{"a domain name with a blank", "\"ip_address\": \"10.0.0.4\","
	 " \"domain\": {\"full\": \"c example\"}",
	 "47: 'domain.full' must be a domain name, not 'c example'"},
	{"a domain name with an empty label", "\"ip_address\": \"10.0.0.4\","
	 " \"domain\": {\"full\": \"c..org\"}",
	 "47: 'domain.full' must be a domain name, not 'c..org'"},
	{"a domain name that ends with a dot", "\"ip_address\": \"10.0.0.4\","
	 " \"domain\": {\"full\": \"c.org.\"}",
	 "47: 'domain.full' must be a domain name, not 'c.org.'"},
	{"a domain name with a label that begins with '-'",
	 "\"ip_address\": \"10.0.0.4\", \"domain\": {\"full\": \"c.-x\"}",
	 "47: 'domain.full' must be a domain name, not 'c.-x'"},
	{"a domain name with a wildcard that is no label", "\"ip_address\":"
	 " \"10.0.0.4\", \"domain\": {\"full\": \"a*.c.org\"}",
	 "47: 'domain.full' must be a domain name, not 'a*.c.org'"},
	{"dns.public that is a text", "\"ip_address\": \"10.0.0.4\","
	 " \"dns\": {\"public\": \"true\"}",
	 "46: 'dns.public' must be true or false, not 'true'"},
	{"a country of two letters", "\"ip_address\": \"10.0.0.4\","
	 " \"location\": {\"name\": \"S\303\243o Paulo\","
	 " \"country_code\": \"BR\"}", ""},
	{"a country that is written out", "\"ip_address\": \"10.0.0.4\","
	 " \"location\": {\"country_code\": \"Brazil\"}",
	 "57: 'location.country_code' must be two letters like 'DE', not "
	 "'Brazil'"},
	{"null, which is not set", "\"ip_address\": \"10.0.0.4\","
	 " \"location\": null, \"x509\": {\"use\": null}", ""},
	/* of the schema of the service `web` */
	{"a required property of a service", "\"ip_address\": \"10.0.0.4\","
	 " \"services\": \"web\"",
	 "1: service 'web' needs 'web.owner'; set it in nodes/c.json: who "
	 "pays"},
	{"a required property that is set", "\"ip_address\": \"10.0.0.4\","
	 " \"services\": \"web\", \"web\": {\"owner\": \"me\"}", ""},
	{"a service's port over its limit", "\"ip_address\": \"10.0.0.4\","
	 " \"services\": \"web\", \"web\": {\"owner\": \"\", \"port\": 65536}",
	 "76: 'web.port' is 65536; it must be 1 to 65535"},
	{"a service's mode that is misspelt", "\"ip_address\": \"10.0.0.4\","
	 " \"services\": \"web\","
	 " \"web\": {\"owner\": \"\", \"mode\": \"tsl\"}",
	 "76: 'web.mode' may not be 'tsl'; did you mean 'tls'?"},
	{"a service's list of one", "\"ip_address\": \"10.0.0.4\","
	 " \"services\": \"web\", \"web\": {\"owner\": \"\","
	 " \"names\": \"a.org\"}", ""},
	{"a service's list of what is no domain", "\"ip_address\": "
	 "\"10.0.0.4\", \"services\": \"web\", \"web\": {\"owner\": \"\","
	 " \"names\": [\"a.org\", 1]}",
	 "87: 'web.names' must be a domain name, not integer"},
	{"hosts with what they may have", "\"ip_address\": \"10.0.0.4\","
	 " \"services\": \"web\", \"web\": {\"owner\": \"\", \"hosts\":"
	 " {\"a.org\": {\"root\": \"/srv\", \"names\": [\"b.org\"]}}}",
	 ""},
	{"hosts that are null", "\"ip_address\": \"10.0.0.4\","
	 " \"services\": \"web\", \"web\": {\"owner\": \"\", \"hosts\":"
	 " {\"a.org\": null}}",
	 ""},
	{"a host by a name that is none", "\"ip_address\": \"10.0.0.4\","
	 " \"services\": \"web\", \"web\": {\"owner\": \"\", \"hosts\":"
	 " {\"a;b\": {\"root\": \"/srv\"}}}",
	 "78: a name in 'web.hosts' must be a domain name, not 'a;b'"},
	{"a host that is a text", "\"ip_address\": \"10.0.0.4\","
	 " \"services\": \"web\", \"web\": {\"owner\": \"\", \"hosts\":"
	 " {\"a.org\": \"/srv\"}}",
	 "87: 'web.hosts' must hold objects, not text"},
	{"a host with an unknown member", "\"ip_address\": \"10.0.0.4\","
	 " \"services\": \"web\", \"web\": {\"owner\": \"\", \"hosts\":"
	 " {\"a.org\": {\"root\": \"/\", \"roots\": \"/srv\"}}}",
	 "101: 'web.hosts' has no 'roots'; did you mean 'root'?"},
	{"a host without what it needs", "\"ip_address\": \"10.0.0.4\","
	 " \"services\": \"web\", \"web\": {\"owner\": \"\", \"hosts\":"
	 " {\"a.org\": {\"names\": []}}}",
	 "87: 'web.hosts' lacks 'root'"},
	{"a host whose line ends what it stands in", "\"ip_address\": \"10.0.0.4\","
	 " \"services\": \"web\", \"web\": {\"owner\": \"\", \"hosts\":"
	 " {\"a.org\": {\"root\": \"/; }\"}}}",
	 "96: 'web.hosts.*.root' must be a text of one line without ; { }, "
	 "not '/; }'"},
	{"a host whose line is two", "\"ip_address\": \"10.0.0.4\","
	 " \"services\": \"web\", \"web\": {\"owner\": \"\", \"hosts\":"
	 " {\"a.org\": {\"root\": \"/\\n/\"}}}",
	 "96: 'web.hosts.*.root' must be a text of one line without ; { }, "
	 "not '/\\x0a/'"},
	{"a host whose list holds what it may not", "\"ip_address\": \"10.0.0.4\","
	 " \"services\": \"web\", \"web\": {\"owner\": \"\", \"hosts\":"
	 " {\"a.org\": {\"root\": \"/\", \"names\": [\"b org\"]}}}",
	 "111: 'web.hosts.*.names' must be a domain name, not 'b org'"},
	{"a schema of a service that the node has not", "\"ip_address\": "
	 "\"10.0.0.4\", \"web\": {\"port\": \"x\"}", ""},
};

/* The faults without the beginning that all have. */
static struct keep_slice shortened(struct keep_mem *m,
				   const struct keep_problems *ps)
{
	static const char start[] = "nodes/c.json:1:";
	struct keep_slice s = print(m, ps);

	if (keep_slice_starts(s, start)) {
		s.p += sizeof start - 1;
		s.len -= sizeof start - 1;
	}
	return s;
}

static void test_facts(void)
{
	struct file file = {"nodes/c.json", NULL};
	const struct keep_node *n;
	struct keep_problems ps;
	struct trial t;
	char text[256];
	size_t i;

	for (i = 0; i < KEEP_COUNT(facts); i++) {
		snprintf(text, sizeof text, "{%s}\n", facts[i].members);
		file.text = text;
		run(&t, &file, 1);
		ps = (struct keep_problems){.mem = &t.mem};
		n = keep_world_node(&t.w, KEEP_S("c"));
		if (ok(t.r == 0 && n, "%s is read", facts[i].title))
			keep_property_check(n, &n->tree, &ps);
		is_text(shortened(&t.mem, &ps), facts[i].faults,
			"%s: %s", facts[i].title,
			facts[i].faults[0] ? "is a fault" : "is none");
		keep_mem_end(&t.mem);
	}
}

static void test_table(void)
{
	const struct keep_property *row;
	const struct keep_node *n;
	struct trial t;
	size_t i;

	row = keep_property_find(KEEP_S("ssh.port"));
	ok(row && row->max == 65535, "a property is found by its path");
	ok(!keep_property_find(KEEP_S("ssh.prot")), "an unknown one is not");
	for (i = 0; i < keep_n_properties; i++)
		if (!keep_properties[i].help[0])
			break;
	is_int(i, keep_n_properties, "every property is explained");
	run(&t, NULL, 0);
	n = keep_world_node(&t.w, KEEP_S("a"));
	row = n ? keep_node_property(n, KEEP_S("web.mode")) : NULL;
	is_text(row ? keep_slice(row->values) : KEEP_S("-"), "plain|tls",
		"a service's property is found in its nodes");
	n = keep_world_node(&t.w, KEEP_S("c"));
	ok(n && !keep_node_property(n, KEEP_S("web.mode")),
	   "and not in others");
	keep_mem_end(&t.mem);
}

static const struct {
	const char *title, *members; /* of nodes/c.json */
	const char *faults;
} addresses[] = {
	{"an address of its own", "\"ip_address\": \"10.0.0.4\"", ""},
	{"the main address of another node", "\"ip_address\": \"10.0.0.1\"",
	 "16: node 'c' has the address 10.0.0.1 of node 'a' "
	 "(nodes/a.json:2:17)"},
	{"a further address that another node has", "\"ip_address\": "
	 "\"10.0.0.4\", \"ip_addresses\": [\"10.1.0.1\", \"10.0.0.3\"]",
	 "57: node 'c' has the address 10.0.0.3 of node 'b' "
	 "(nodes/b.json:1:17)"},
	{"a network's address that another node has", "\"ip_address\": "
	 "\"10.0.0.4\", \"networks\": {\"lan\": \"10.0.0.1\"}",
	 "48: node 'c' has the address 10.0.0.1 of node 'a' "
	 "(nodes/a.json:2:17)"},
	{"its own address in a network", "\"ip_address\": \"10.0.0.4\","
	 " \"networks\": {\"lan\": \"10.0.0.4\"}", ""},
	{"what is no address", "\"ip_address\": \"x\"", ""},
};

static void test_addresses(void)
{
	struct file file = {"nodes/c.json", NULL};
	const struct keep_json *trees[4] = {NULL};
	struct keep_problems ps;
	struct trial t;
	char text[256];
	size_t i, j;

	for (i = 0; i < KEEP_COUNT(addresses); i++) {
		snprintf(text, sizeof text, "{%s}\n", addresses[i].members);
		file.text = text;
		run(&t, &file, 1);
		ps = (struct keep_problems){.mem = &t.mem};
		for (j = 0; j < t.w.n_nodes && j < KEEP_COUNT(trees); j++)
			trees[j] = &t.w.nodes[j].tree;
		if (ok(t.r == 0 && j == 4, "%s is read", addresses[i].title))
			keep_address_check(&t.w, trees, &ps);
		is_text(shortened(&t.mem, &ps), addresses[i].faults,
			"%s: %s", addresses[i].title,
			addresses[i].faults[0] ? "is a fault" : "is none");
		keep_mem_end(&t.mem);
	}
}

int main(void)
{
	test_facts();
	test_table();
	test_addresses();
	return done();
}
