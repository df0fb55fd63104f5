/* Zones: what is in them, and what is refused. */
/* uses: provider */
#include "env_site.h"

#define DOMAINS \
	{"provider.production.json", NULL}, {"services/dns.json", NULL}

static const struct file good[] = {
	DOMAINS,
	{"provider.json", "{\"domain\": \"Example.org\", \"dns\": {\n"
	 "\"ttl\": 600, \"contact\": \"ada.l@example.org\",\n"
	 "\"caa\": [\"letsencrypt.org\"], \"records\": [\n"
	 "{\"name\": \"@\", \"type\": \"TXT\", \"value\": \"a \\\\ \u00e4\"},\n"
	 "{\"name\": \"ns9.example.org\", \"type\": \"A\", "
	 "\"value\": \"192.0.2.99\", \"ttl\": 60},\n"
	 "{\"name\": \"NS9\", \"type\": \"A\", \"value\": \"192.0.2.98\"},\n"
	 "{\"name\": \"@\", \"type\": \"NS\", \"value\": \"ns9\"},\n"
	 "{\"name\": \"sub.example.org.\", \"type\": \"NS\", "
	 "\"value\": \"a.sub.example.org\"},\n"
	 "{\"name\": \"_x._tcp\", \"type\": \"SRV\", "
	 "\"value\": \"0 5 443 web1.example.org\"},\n"
	 "{\"name\": \"none\", \"type\": \"MX\", \"value\": \"0 .\"},\n"
	 "{\"name\": \"far\", \"type\": \"CNAME\", \"value\": \"a.org\"},\n"
	 "{\"name\": \"h\", \"type\": \"SSHFP\", \"value\": \"4\\t2  "
	 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"}"
	 "]}}"},
	{"services/mail.json", "{\"dns\": {\"+records\": [{\"name\": \"_dmarc\","
	 " \"type\": \"TXT\", \"value\": \"v=DMARC1; p=none\"}]}}"},
	{"services/dns.json", "{}"},
	{"nodes/web1.json", "{\"ip_address\": \"192.0.2.10\", \"ip_addresses\":"
	 " \"2001:db8::1\", \"networks\": {\"lan\": \"10.0.0.1\"},\n"
	 "\"services\": [\"mail\", \"dns\"], \"domain\": {\"full\": "
	 "\"web1.example.org\", \"internal\": \"web1.i\", "
	 "\"aliases\": [\"*.Example.ORG\", \"www.other.org\"]},\n"
	 "\"dns\": {\"public\": true, \"networks\": false}}"},
	{"nodes/web2.json", "{\"ip_address\": \"192.0.2.11\", \"networks\": "
	 "{\"lan\": \"10.0.0.2\"}, \"services\": \"mail\",\n"
	 "\"domain\": {\"full\": \"web2.example.org\", "
	 "\"name\": \"example.org\"}, \"dns\": {\"public\": true}}"},
	{"nodes/shy.json", "{\"ip_address\": \"192.0.2.12\", \"services\": "
	 "\"dns\", \"domain\": {\"full\": \"shy.example.org\"}}"},
};

static void test_good(void)
{
	struct env_site x;

	need(env_begin(&x, good, KEEP_COUNT(good)));
	is_text(env_faults(&x), "", "an instance with all kinds is built");
	is_text(env_text(&x, "default/zones/example.org"),
		"; example.org as of `default`, made by `keep compile`\n"
		"$ORIGIN example.org.\n$TTL 600\n"
		"@\tIN\tSOA\tns9.example.org. ada\\.l.example.org. (\n"
		"\t1000 ; serial\n\t7200 ; refresh\n\t3600 ; retry\n"
		"\t1209600 ; expire\n\t600 ) ; what is missing\n"
		"@\tIN\tNS\tns9.example.org.\n"
		"@\tIN\tNS\tweb1.example.org.\n"
		"@\tIN\tA\t10.0.0.2\n@\tIN\tA\t192.0.2.11\n"
		"@\tIN\tMX\t10 web1.example.org.\n"
		"@\tIN\tMX\t10 web2.example.org.\n"
		"@\tIN\tTXT\t\"a \\\\ \\195\\164\"\n"
		"@\tIN\tTXT\t\"v=spf1 mx -all\"\n"
		"@\tIN\tCAA\t0 issue \"letsencrypt.org\"\n"
		"*\tIN\tA\t192.0.2.10\n*\tIN\tAAAA\t2001:db8::1\n"
		"_dmarc\tIN\tTXT\t\"v=DMARC1; p=none\"\n"
		"_x._tcp\tIN\tSRV\t0 5 443 web1.example.org.\n"
		"far\tIN\tCNAME\ta.org.\n"
		"h\tIN\tSSHFP\t4 2 0123456789abcdef0123456789abcdef"
		"0123456789abcdef0123456789abcdef\n"
		"none\tIN\tMX\t0 .\n"
		"ns9\t60\tIN\tA\t192.0.2.98\nns9\t60\tIN\tA\t192.0.2.99\n"
		"sub\tIN\tNS\ta.sub.example.org.\n"
		"web1\tIN\tA\t192.0.2.10\nweb1\tIN\tAAAA\t2001:db8::1\n"
		"web2\tIN\tA\t10.0.0.2\nweb2\tIN\tA\t192.0.2.11\n",
		"the zone holds what nodes, services and lists bring, sorted");
	site_end(&x.s);
}

static void test_small(void)
{
	static const struct file one[] = {
		{"nodes/a.json", "{\"ip_address\": \"192.0.2.1\", \"domain\": "
		 "{\"full\": \"a.example.org\"}, \"dns\": {\"public\": true}}"},
		{"nodes/p.json", "{\"ip_address\": \"192.0.2.2\", \"domain\": "
		 "{\"full\": \"p.example.com\"}, \"tags\": \"production\"}"},
	};
	struct env_site x;

	need(env_begin(&x, one, KEEP_COUNT(one)));
	is_text(env_text(&x, "default/zones/example.org"),
		"; example.org as of `default`, made by `keep compile`\n"
		"$ORIGIN example.org.\n$TTL 3600\n"
		"@\tIN\tSOA\texample.org. hostmaster.example.org. (\n"
		"\t1000 ; serial\n\t7200 ; refresh\n\t3600 ; retry\n"
		"\t1209600 ; expire\n\t600 ) ; what is missing\n"
		"; no node has the service dns, and no record names a name "
		"server\n"
		"a\tIN\tA\t192.0.2.1\n",
		"a zone without a name server says so");
	is_text(env_text(&x, "production/zones/example.com"), "(none)",
		"an environment without a public node has no zone");
	site_end(&x.s);
}

static void test_spf(void)
{
	static const struct file own[] = {
		{"services/mx.json", "{}"},
		{"nodes/a.json", "{\"ip_address\": \"192.0.2.1\", \"domain\": "
		 "{\"full\": \"a.example.org\"}, \"services\": \"mx\", "
		 "\"dns\": {\"public\": true, \"records\": [{\"name\": "
		 "\"example.org\", \"type\": \"TXT\", \"value\": "
		 "\"= 'v=spf1 ip4:${ip_address} -all'\"}]}}"},
	};
	struct env_site x;
	struct keep_slice zone;

	need(env_begin(&x, own, KEEP_COUNT(own)));
	zone = env_text(&x, "default/zones/example.org");
	ok(memmem(zone.p, zone.len, "spf1 ip4:192.0.2.1 -all", 23) &&
	   !memmem(zone.p, zone.len, "spf1 mx", 7),
	   "somebody's own SPF stands alone");
	site_end(&x.s);
}

#define R(name, type, value) "{\"name\": \"" name "\", \"type\": \"" type \
	"\", \"value\": \"" value "\"}"

/* What a row of dns.records of the node a is refused with. */
static void refuses(const char *rows, const char *want, const char *title)
{
	char text[2000];
	struct env_site x;
	struct file files[] = {
		{"nodes/a.json", text},
		{"nodes/b.json", "{\"ip_address\": \"192.0.2.2\", \"domain\": "
		 "{\"full\": \"b.example.org\"}, \"dns\": {\"public\": true}}"},
	};

	snprintf(text, sizeof text, "{\"ip_address\": \"192.0.2.1\", "
		 "\"dns\": {\"records\": [\n%s]}}", rows);
	need(env_begin(&x, files, KEEP_COUNT(files)));
	is_text(env_faults(&x), want, "%s", title);
	site_end(&x.s);
}

#define A "nodes/a.json:2:"

static void test_rows(void)
{
	refuses("5", A "1: a record must be an object; {\"name\": \"www\", "
		"\"type\": \"A\", \"value\": ..}", "a row is an object");
	refuses("{\"nam\": \"x\", \"type\": 1}",
		A "2: a record has no 'nam'; did you mean 'name'?\n"
		A "1: a record needs 'name'\n"
		A "22: 'type' of a record must be a text, not integer",
		"all faults of a row are told");
	refuses("{\"name\": \"x\", \"type\": \"A\", \"value\": \"1.2.3\", "
		"\"ttl\": 0}", A "37: the value of A must be an IPv4 address, "
		"not '1.2.3'\n" A "53: 'ttl' must be seconds, 1 to 2147483647",
		"an address is one, and a ttl too");
	refuses(R("x", "SPF", "y"), A "23: unknown type of record 'SPF'; "
		"NS A AAAA CNAME MX TXT CAA SRV PTR DS SSHFP TLSA",
		"an unknown type is told with the known ones");
	refuses(R("x", "AAA", "::1"), A "23: unknown type of record 'AAA'; "
		"did you mean 'AAAA'?", "or the nearest");
	refuses(R("x", "TXT", "a\\\"b") "," R("x", "TXT", "a\\nb"),
		A "39: the value of TXT must be a text of one line without "
		"quotes, to 4000 bytes, not 'a\"b'\n"
		A "85: the value of TXT must be a text of one line without "
		"quotes, to 4000 bytes, not 'a\\x0ab'",
		"a text has no quotes and no line breaks");
	refuses(R("x", "MX", "10 1.2.3.4") "," R("x", "NS", "::1") ","
		R("x", "CNAME", "a b"),
		A "38: the value of MX must be a name, as '10 "
		"mail.example.org', not '10 1.2.3.4'\n"
		A "89: the value of NS must be a name, not '::1'\n"
		A "136: the value of CNAME must be a name, not 'a b'",
		"mail goes to a name, not to an address");
	refuses("{\"name\": \"x\", \"type\": \"TXT\", \"value\": "
		"\"= secret('s')\"}", A "39: a record is public; it may not "
		"hold a secret", "no record holds a secret");
}

static void test_names(void)
{
#define NONE(at, name) A at ": '" name "' is no name in the zone example.org" \
	"; a name like 'www' or 'www.example.org'; '@' is the zone itself"
	refuses(R("a b", "A", "192.0.2.1"), NONE("10", "a b"),
		"a name is a domain name");
	refuses(R("", "A", "192.0.2.1"), NONE("10", ""), "and not empty");
	refuses(R("a..b", "A", "192.0.2.1"), NONE("10", "a..b"),
		"no part of it is empty");
	refuses(R("www.other.org.", "A", "192.0.2.1"),
		NONE("10", "www.other.org."), "it is in the zone");
	refuses(R("a.*", "A", "192.0.2.1"), NONE("10", "a.*"),
		"a wildcard stands first");
	refuses(R("notexample.org.", "A", "192.0.2.1"),
		NONE("10", "notexample.org."),
		"a longer word is another name");
}

static void test_together(void)
{
	refuses(R("b", "CNAME", "a.org"), A "10: 'b' has a CNAME; it may have "
		"nothing else, but has A; see nodes/b.json:1:48",
		"a CNAME stands alone");
	refuses(R("c", "CNAME", "a.org") "," R("C", "CNAME", "b.org"),
		A "59: 'c' has a CNAME; it may have nothing else, but has "
		"CNAME; see nodes/a.json:2:10", "a name has one CNAME");
	refuses(R("@", "CNAME", "a.org"), A "10: a zone's own name may have no "
		"CNAME", "the zone itself has none");
	refuses("{\"name\": \"d\", \"type\": \"A\", \"value\": \"192.0.2.3\", "
		"\"ttl\": 5}, {\"name\": \"d\", \"type\": \"A\", "
		"\"value\": \"192.0.2.4\", \"ttl\": 6}",
		A "70: A of 'd' has two values of ttl, 5 and 6; see "
		"nodes/a.json:2:10", "a set has one ttl");
	refuses(R("@", "NS", "ns"), A "10: NS leads to 'ns.example.org', which "
		"has no address in the zone; a node of that name with "
		"dns.public, or a record A or AAAA",
		"a name server has an address");
	refuses(R("@", "MX", "c") "," R("c", "CNAME", "a.org"),
		A "10: MX leads to 'c.example.org', which is a CNAME; see "
		"nodes/a.json:2:52", "mail does not go to a CNAME");
	refuses(R("@", "NS", "b") "," R("@", "NS", "b.example.org") ","
		R("@", "MX", "20 far.org") "," R("*", "A", "192.0.2.5") ","
		R("@", "MX", "mail"), "",
		"what is right in these ways is not refused");
}

static void test_provider(void)
{
	static const struct file bad[] = {
		DOMAINS,
		{"provider.json", "{\"domain\": \"example.org\", \"dns\": {\n"
		 "\"ttl\": \"1h\", \"contact\": \"nobody\", "
		 "\"caa\": [\"a b\", 5], \"records\": {}}}"},
		{"nodes/a.json", "{\"ip_address\": \"192.0.2.1\"}"},
	};
	static const struct file domain[] = {
		DOMAINS,
		{"provider.json", "{\"domain\": \"../../etc\"}"},
		{"nodes/a.json", "{\"ip_address\": \"192.0.2.1\"}"},
	};
	struct env_site x;

	need(env_begin(&x, bad, KEEP_COUNT(bad)));
	is_text(env_faults(&x),
		"provider.json:2:8: 'ttl' must be seconds, 1 to 2147483647\n"
		"provider.json:2:43: 'dns.caa' must be names of those that may "
		"issue certificates\n"
		"provider.json:2:50: 'dns.caa' must be names of those that may "
		"issue certificates\n"
		"provider.json:2:25: 'dns.contact' must be a mail address\n"
		"provider.json:2:65: 'dns.records' must be a list, not object",
		"the provider's settings are checked");
	site_end(&x.s);
	need(env_begin(&x, domain, KEEP_COUNT(domain)));
	is_text(env_faults(&x), "provider.json:1:12: the provider's 'domain' "
		"is no domain name", "a domain that is a path is refused");
	site_end(&x.s);
}

int main(void)
{
	test_good();
	test_small();
	test_spf();
	test_rows();
	test_names();
	test_together();
	test_provider();
	return done();
}
