/* What clients begin with, and serials. */
/* uses: provider */
#include "env_site.h"

/* Of leap's test provider, whose provider.json tells its fingerprint. */
static const char ca[] =
	"-----BEGIN CERTIFICATE-----\n"
	"MIICbDCCAdWgAwIBAgIBATANBgkqhkiG9w0BAQ0FADBKMRAwDgYDVQQKDAdFeGFt\n"
	"cGxlMRwwGgYDVQQLDBNodHRwczovL2V4YW1wbGUub3JnMRgwFgYDVQQDDA9FeGFt\n"
	"cGxlIFJvb3QgQ0EwIBcNMTYwOTI4MDAwMDAwWhgPMjExNjA5MjgwMDAwMDBaMEox\n"
	"EDAOBgNVBAoMB0V4YW1wbGUxHDAaBgNVBAsME2h0dHBzOi8vZXhhbXBsZS5vcmcx\n"
	"GDAWBgNVBAMMD0V4YW1wbGUgUm9vdCBDQTCBnzANBgkqhkiG9w0BAQEFAAOBjQAw\n"
	"gYkCgYEA2qvO4cFgWRuMMgubaTP8L6ygeBPvHQrK0ZbM3MRJxtBUKfF0uT/+Y8CH\n"
	"XtQ9Jz+uy4+0n/W/BvExOilY/A/S7cmdD/xdRl7IxSmpCpvQmuhtgV48wSvC9E1v\n"
	"TB9pSZBJtfYiLqf6WXncSe/3AbjsF+z1id3Ye/4wcbY77MeSaRMCAwEAAaNgMF4w\n"
	"HQYDVR0OBBYEFLWsA8r7sW8c87nGA4JQcSbYlZGBMA4GA1UdDwEB/wQEAwICBDAM\n"
	"BgNVHRMEBTADAQH/MB8GA1UdIwQYMBaAFLWsA8r7sW8c87nGA4JQcSbYlZGBMA0G\n"
	"CSqGSIb3DQEBDQUAA4GBAEeo1alEkXmugRJHjczC7od50zZxaoG/1fIfXqhTGPs7\n"
	"99FuXnlKKeFjQOUN1V0Ef5m3MOaTVk4Zx8zyZ9ybljriVS6Dwf2AdMUkOppYe4wp\n"
	"soLvZ2y0bY//F279Xn/GvmHHLfA722mPJ/Z7csirWHaEhqp9prBXN5Fqin8mNCiF\n"
	"-----END CERTIFICATE-----\n";

static const struct file good[] = {
	{"files/ca/ca.crt", ca},
	{"provider.production.json", NULL},
	{"provider.json", "{\"domain\": \"example.org\", \"private\": 1,\n"
	 "\"name\": {\"en\": \"= 'Ex'\"}, \"service\": {\"free\": true},\n"
	 "\"publish\": {\"min\": \"= 1 + 1\", \"domain\": \"x.org\"}}"},
	{"services/vpn.json", "{\"vpn\": {\"port\": 1194}, \"publish\": {\n"
	 "\"port\": \"= vpn.port\", \"gateways\": "
	 "\"= peers[services: 'vpn'].fields('ip_address')\"}}"},
	{"services/mx.json", "{\"service_type\": \"user_service\"}"},
	{"services/db.json", "{\"service_type\": \"internal_service\"}"},
	{"services/idle.json", "{\"publish\": {}}"},
	{"nodes/v.json", "{\"ip_address\": \"192.0.2.1\", \"services\": "
	 "[\"vpn\", \"mx\", \"db\"], \"api\": {\"domain\": \"api.x.org\", "
	 "\"port\": 4430, \"version\": 2}}"},
};

static void test_good(void)
{
	struct env_site x;

	need(env_begin(&x, good, KEEP_COUNT(good)));
	is_text(env_faults(&x), "", "an instance that publishes is built");
	is_text(env_text(&x, "default/bootstrap/provider.json"),
		"{\n  \"api_uri\": \"https://api.x.org:4430\",\n"
		"  \"api_version\": \"2\",\n"
		"  \"ca_cert_fingerprint\": \"SHA256: 9265051b7efafc3cccc882b"
		"2cd6f8196e546a42b519ed6cfa68a5507c64e1081\",\n"
		"  \"ca_cert_uri\": \"https://example.org/ca.crt\",\n"
		"  \"domain\": \"x.org\",\n  \"languages\": [\n    \"en\"\n"
		"  ],\n  \"min\": 2,\n  \"name\": {\n    \"en\": \"Ex\"\n  },\n"
		"  \"serial\": 1000,\n  \"service\": {\n    \"free\": true\n"
		"  },\n  \"services\": [\n    \"mx\",\n    \"vpn\"\n  ]\n}\n",
		"provider.json tells what clients may know, and what the "
		"provider publishes over it");
	is_text(env_text(&x, "default/bootstrap/vpn-service.json"),
		"{\n  \"gateways\": {\n    \"v\": \"192.0.2.1\"\n  },\n"
		"  \"port\": 1194,\n  \"serial\": 1000\n}\n",
		"a service publishes what it is by itself, and of its nodes");
	is_text(env_text(&x, "default/bootstrap/configs.json"),
		"{\n  \"serial\": 1000,\n  \"services\": {\n    \"vpn\": "
		"\"/2/configs/vpn-service.json\"\n  }\n}\n",
		"configs.json lists the services that publish");
	is_text(env_text(&x, "default/bootstrap/idle-service.json"), "(none)",
		"a service without a node publishes nothing");
	ok(x.b.trees && x.b.trees[0] &&
	   !keep_json_get(x.b.trees[0], KEEP_S("publish")),
	   "no node inherits what its services publish");
	site_end(&x.s);
}

static void test_faults(void)
{
	static const struct file bad[] = {
		{"provider.production.json", NULL},
		{"provider.json", "{\"domain\": \"example.org\",\n"
		 "\"publish\": [1], \"name\": \"= secret('n')\"}"},
		{"services/vpn.json", "{\n\"publish\": {\"a\": [{\"b\": "
		 "\"= secret('n')\"}], \"c\": \"REQUIRED\", "
		 "\"d\": \"= nothing\"}}"},
		{"services/mx.json", "{\n\"publish\": 5}"},
		{"files/ca/ca.crt", "none"},
		{"nodes/v.json", "{\"ip_address\": \"192.0.2.1\", "
		 "\"services\": [\"vpn\", \"mx\"]}"},
	};
	struct env_site x;

	need(env_begin(&x, bad, KEEP_COUNT(bad)));
	is_text(env_faults(&x),
		"provider.json:2:12: the provider's 'publish' must be an "
		"object\n"
		"files/ca/ca.crt:0:0: this is no certificate\n"
		"services/mx.json:2:12: 'publish' of the service 'mx' must be "
		"an object\n"
		"services/vpn.json:2:49: vpn: publish.c: the value is "
		"REQUIRED, and it is not set here\n"
		"services/vpn.json:2:69: vpn: publish.d: the node has no "
		"property `nothing`; where it may be missing: "
		"self?.nothing, or nothing ?? other\n"
		"provider.json:2:25: this is published; it may not hold a "
		"secret", "what may not be published is told at its place");
	site_end(&x.s);
}

static void test_secrets(void)
{
	static const struct file bad[] = {
		{"services/vpn.json", "{\n\"publish\": {\"a\": [{\"b\": "
		 "\"= secret('n')\"}], \"c\": \"= inbound()\"}}"},
		{"services/mx.json", "{\n\"publish\": {\"a\": [{\"b\": "
		 "\"= 'x' + secret('n')\"}]}}"},
		{"nodes/v.json", "{\"ip_address\": \"192.0.2.1\", "
		 "\"services\": [\"vpn\", \"mx\"]}"},
	};
	struct env_site x;

	need(env_begin(&x, bad, KEEP_COUNT(bad)));
	is_text(env_faults(&x),
		"services/mx.json:2:25: this is published; it may not hold a "
		"secret\n"
		"services/vpn.json:2:52: vpn: publish.c: inbound: only a node "
		"has this; `vpn` stands by itself",
		"no secret is published, and nothing of one node");
	site_end(&x.s);
}

static void test_taken(void)
{
	static const struct file bad[] = {
		{"provider.json", "{\"domain\": \"example.org\",\n"
		 "\"publish\": {\"serial\": 55}}"},
		{"services/vpn.json", "{\n\"publish\": {\"serial\": \"x\"}}"},
		{"nodes/v.json", "{\"ip_address\": \"192.0.2.1\", "
		 "\"services\": [\"vpn\"],\n"
		 "\"api\": {\"port\": 1, \"domain\": \"= secret('n')\"}}"},
	};
	struct env_site x;

	need(env_begin(&x, bad, KEEP_COUNT(bad)));
	is_text(env_faults(&x),
		"nodes/v.json:2:30: this is published; it may not hold a "
		"secret\n"
		"services/vpn.json:2:23: 'serial' cannot be published; compile "
		"counts it\n"
		"provider.json:2:23: 'serial' cannot be published; compile "
		"counts it",
		"a serial is compile's own, and the API's address no secret");
	site_end(&x.s);
}

static void check_serial(const char *body, const char *old, uint64_t now,
			 const char *want, const char *title)
{
	KEEP_AUTO(keep_buf) out = {0};
	struct keep_env_file f = {.path = KEEP_S("x")};

	keep_buf_text(&f.text, body);
	f.serial_at = strcspn(body, ";");
	keep_env_text(&f, keep_slice(old), now, &out);
	is_text(keep_buf_get(&out), want, "%s", title);
	keep_buf_end(&f.text);
}

static void test_serials(void)
{
	static const struct {
		const char *body, *old;
		uint64_t now;
		const char *want, *title;
	} t[] = {
		{"a\n\t; s\nb\n", NULL, 7, "a\n\t7; s\nb\n",
		 "the first serial is the time"},
		{"a\n\t; s\nb\n", "a\n\t5; s\nb\n", 7, "a\n\t5; s\nb\n",
		 "while the rest is equal it stays"},
		{"a\n\t; s\nb\n", "a\n\t5; s\nc\n", 7, "a\n\t7; s\nb\n",
		 "else it is the time"},
		{"a\n\t; s\nb\n", "a\n\t7; s\nc\n", 7, "a\n\t8; s\nb\n",
		 "or one more than it was, in the same second"},
		{"a\n\t; s\nb\n", "z\n\t70; s\n\t90\n", 7, "a\n\t71; s\nb\n",
		 "and when the clock was set back"},
		{"a\n\t; s\n", "a\n\t4294967295; s\nb", 7, "a\n\t7; s\n",
		 "at the end of 32 bits it begins anew"},
		{"a\n\t; s\n", "a\n\t99999999999999999999; s\n", 7,
		 "a\n\t7; s\n", "what is no number is none"},
		{"a\n\t; s\n", "", 7, "a\n\t7; s\n", "nor is an empty file"},
		{"a\n\t; s\n", "a\n\t", 7, "a\n\t7; s\n", "or half of one"},
	};
	size_t i;

	for (i = 0; i < KEEP_COUNT(t); i++)
		check_serial(t[i].body, t[i].old, t[i].now, t[i].want,
			     t[i].title);
}

static void test_same(void)
{
	struct env_site x;
	struct keep_slice a, b;

	need(env_begin(&x, good, KEEP_COUNT(good)));
	a = env_text(&x, "default/bootstrap/vpn-service.json");
	b = env_over(&x, "default/bootstrap/vpn-service.json", KEEP_S(
		"{\n  \"gateways\": {\n    \"v\": \"192.0.2.1\"\n  },\n"
		"  \"port\": 1194,\n  \"serial\": 5\n}\n"));
	ok(memmem(b.p, b.len, "\"serial\": 5\n", 12) != NULL,
	   "the serial of a client's file stays while the rest does");
	b = env_over(&x, "default/bootstrap/vpn-service.json", KEEP_S(
		"{\n  \"port\": 1,\n  \"serial\": 2000,\n  \"x\": 1\n}\n"));
	ok(memmem(b.p, b.len, "\"serial\": 2001\n", 15) != NULL,
	   "and grows, wherever it stood");
	is_int(a.len, b.len, "nothing else depends on the old file");
	site_end(&x.s);
}

int main(void)
{
	test_good();
	test_faults();
	test_secrets();
	test_taken();
	test_serials();
	test_same();
	return done();
}
