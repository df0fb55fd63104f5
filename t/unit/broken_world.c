/* Instances with faults: each is refused, and every fault has its place. */
/* uses: provider */
#include "world.h"

static const struct {
	const char *title;
	struct file files[4];
	const char *faults; /* all of them, one a line */
} broken[] = {
	{"a node of broken syntax", {{"nodes/a.json", "{\n  \"x\": 1,\n}\n"}},
	 ""},
	{"a key that is there twice", {{"nodes/a.json", "{\"x\": 1, \"x\": 2}\n"}},
	 ""},
	{"a node that is no object", {{"nodes/a.json", "[1]\n"}},
	 "nodes/a.json:1:1: the file must hold an object, not list"},
	{"a node that lacks what is required", {{"nodes/a.json", "{}\n"}},
	 BASE "common.json:2:17: 'ip_address' of node 'a' is REQUIRED; "
	 "set it in nodes/a.json"},
	{"a provider that lacks what is required", {{"provider.json", "{}\n"}},
	 BASE "provider.json:2:13: 'domain' of the provider is REQUIRED; "
	 "set it in provider.json"},
	{"a service that nobody knows",
	 {{"nodes/a.json", "{\"ip_address\": \"10.1.1.1\", \"services\": \"wbe\"}\n"}},
	 "nodes/a.json:1:40: there is no service 'wbe'; did you mean 'web'?"},
	{"a tag that resembles none",
	 {{"nodes/a.json", "{\"ip_address\": \"10.1.1.1\", \"tags\": [\"x\"]}\n"}},
	 "nodes/a.json:1:37: there is no tag 'x'; tags/x.json would make it"},
	{"services that are an expression",
	 {{"nodes/a.json", "{\"ip_address\": \"10.1.1.1\", \"services\": \"= x\"}\n"}},
	 "nodes/a.json:1:40: 'services' must be a list of names"},
	{"a service that is no text",
	 {{"nodes/a.json", "{\"ip_address\": \"10.1.1.1\", \"services\": [1]}\n"}},
	 "nodes/a.json:1:41: the name of a service is wanted here"},
	{"two environments",
	 {{"nodes/a.json", "{\"ip_address\": \"10.1.1.1\",\n \"tags\": "
	   "[\"production\", \"staging\"]}\n"}},
	 "tags/staging.json:1:18: the environment is 'staging' here, but "
	 "'production' in tags/production.json:1:18"},
	{"another environment in the node",
	 {{"nodes/c.json", "{\"ip_address\": \"10.1.1.1\", \"tags\": "
	   "[\"production\"],\n \"environment\": \"staging\"}\n"}},
	 "nodes/c.json:2:17: the environment is 'staging' here, but "
	 "'production' in tags/production.json:1:18"},
	{"an environment that is no name",
	 {{"tags/staging.json", "{\"environment\": \"Stag ing\"}\n"}},
	 "tags/staging.json:1:17: 'environment' must be a name of a-z, 0-9 and "
	 "'-', and not 'schema'"},
	{"an environment that a service sets",
	 {{"services/dns.json", "{\"environment\": \"staging\"}\n"}},
	 "services/dns.json:1:17: 'environment' can be set by tags and nodes "
	 "only"},
	{"tags that a tag sets",
	 {{"tags/staging.json", "{\"tags\": [\"production\"]}\n"}},
	 "tags/staging.json:1:10: 'tags' can be set by common.json and nodes "
	 "only"},
	{"a node with the name of an environment",
	 {{"nodes/staging.json", "{\"ip_address\": \"10.1.1.1\"}\n"}},
	 "nodes/staging.json:1:1: the node has the name of the environment "
	 "'staging'"},
	{"a file for default", {{"services/dns.default.json", "{}\n"}},
	 "services/dns.default.json:0:0: no file may be for 'default': nodes "
	 "without an environment have the file without one"},
	{"a node that is named default",
	 {{"nodes/default.json", "{\"ip_address\": \"10.1.1.1\"}\n"}},
	 "nodes/default.json:1:1: the node has the name of the environment "
	 "'default'"},
	{"a node whose file has a bad name", {{"nodes/Web_1.json", "{}\n"}},
	 "nodes/Web_1.json:0:0: 'Web_1' is no name of a node; a name has a-z, "
	 "0-9 and '-', no '-' at its ends, and at most 63 bytes"},
	{"a node that says another name",
	 {{"nodes/c.json", "{\"ip_address\": \"10.1.1.1\", \"name\": \"d\"}\n"}},
	 "nodes/c.json:1:36: the node's name is that of its file, 'c'"},
	{"a service whose file has a bad name", {{"services/a b.json", "{}\n"}},
	 "services/a b.json:0:0: a name has A-Z, a-z, 0-9, '_' and '-' only"},
	{"a node that may be enabled",
	 {{"nodes/c.json", "{\"ip_address\": \"10.1.1.1\", \"!enabled\": \"yes\"}\n"}},
	 "nodes/c.json:1:40: 'enabled' must be true or false"},
	{"types that differ between layers",
	 {{"nodes/c.json", "{\"ip_address\": \"10.1.1.1\", \"ssh\": {\"port\": \"x\"}}\n"}},
	 "nodes/c.json:1:44: 'ssh.port' is text here, but integer in "
	 BASE "common.json:3:19; \"!port\" replaces a value by one of another "
	 "type"},
	{"types that differ between a service and common",
	 {{"services/web.json", "{\"ssh\": []}\n"}},
	 "services/web.json:1:9: 'ssh' is list here, but object in "
	 BASE "common.json:3:10; \"!ssh\" replaces a value by one of another "
	 "type"},
	{"types that differ below the provider",
	 {{"provider.production.json", "{\"languages\": \"de\"}\n"}},
	 "provider.production.json:1:15: 'languages' is text here, but list in "
	 BASE "provider.json:3:16; \"!languages\" replaces a value by one of "
	 "another type"},
	{"a list that is taken from and is not there",
	 {{"nodes/c.json", "{\"ip_address\": \"10.1.1.1\",\n\"-admin\": [1]}\n"}},
	 "nodes/c.json:2:11: 'admin' has no older list to take from; remove "
	 "it, or write \"admin\": [...]"},
	{"a key with and without a prefix",
	 {{"nodes/c.json", "{\"ip_address\": \"10.1.1.1\",\n\"k\": [1], \"+k\": [2]}\n"}},
	 "nodes/c.json:2:17: 'k' is given twice here, with and without a "
	 "prefix"},
	{"several faults in several files",
	 {{"nodes/a.json", "{\"services\": [\"x\"], \"enabled\": 1}\n"},
	  {"nodes/c.json", "[]\n"},
	  {"tags/staging.json", "7\n"}},
	 "tags/staging.json:1:1: the file must hold an object, not integer\n"
	 "nodes/c.json:1:1: the file must hold an object, not list\n"
	 "nodes/a.json:1:15: there is no service 'x'; services/x.json would "
	 "make it\n"
	 "nodes/a.json:1:32: 'enabled' must be true or false"},
	/* the Keepfile */
	{"an instance without a Keepfile", {{"Keepfile", NULL}},
	 "Keepfile:0:0: there is no such file"},
	{"a Keepfile without a platform", {{"Keepfile", "{}\n"}},
	 "Keepfile:1:1: 'platform' needs either \"path\", or \"git\" and "
	 "\"commit\"; write \"platform\": {\"path\": \"platform\"}"},
	{"a platform by two ways",
	 {{"Keepfile", "{\"platform\": {\"path\": \"p\", \"git\": \"u\"}}\n"}},
	 "Keepfile:1:14: 'platform' needs either \"path\", or \"git\" and "
	 "\"commit\"; write \"platform\": {\"path\": \"platform\"}"},
	{"a platform outside by ..",
	 {{"Keepfile", "{\"platform\": {\"path\": \"a/../../b\"}}\n"}},
	 "Keepfile:1:23: the platform's path 'a/../../b' must be relative and "
	 "inside the instance"},
	{"a platform by an absolute path",
	 {{"Keepfile", "{\"platform\": {\"path\": \"/usr\"}}\n"}},
	 "Keepfile:1:23: the platform's path '/usr' must be relative and "
	 "inside the instance"},
	{"a platform that is the instance",
	 {{"Keepfile", "{\"platform\": {\"path\": \".\"}}\n"}},
	 "Keepfile:1:23: the platform's path '.' must be relative and inside "
	 "the instance"},
	{"a commit that is no whole id",
	 {{"Keepfile", "{\"platform\": {\"git\": \"u\", \"commit\": \"abc\"}}\n"}},
	 "Keepfile:1:37: 'commit' must be a whole commit id in lower-case hex"},
	{"a keep that is too old", {{"Keepfile", "{\"keep\": \">=99\","
	   "\"platform\": {\"path\": \"platform\"}}\n"}},
	 "Keepfile:1:10: this instance needs keep >=99, this is " KEEP_VERSION},
	{"a version that is none", {{"Keepfile", "{\"keep\": \"new\","
	   "\"platform\": {\"path\": \"platform\"}}\n"}},
	 "Keepfile:1:10: 'keep' must be like \">=0.1\""},
	/* schemas */
	{"a schema with an unknown type",
	 {{BASE "services/web.schema.json",
	   "{\"web.port\": {\"type\": \"integer\"}}\n"}},
	 BASE "services/web.schema.json:1:23: this is no type; bool int number "
	 "text line ip name domain country enum any list object, list:T or "
	 "object:T"},
	{"a schema with an unknown field",
	 {{"services/web.schema.json", "{\"web.port\": {\"tpye\": \"int\"}}\n"}},
	 "services/web.schema.json:1:15: a property has no 'tpye'; did you "
	 "mean 'type'?"},
	{"a schema of an enum without values",
	 {{"services/web.schema.json", "{\"web.port\": {\"type\": \"enum\"}}\n"}},
	 "services/web.schema.json:1:14: an enum needs 'values'"},
	{"a schema whose limits are texts",
	 {{"services/web.schema.json", "{\"web.port\": {\"min\": \"1\"}}\n"}},
	 "services/web.schema.json:1:22: this must be an integer"},
	{"a schema whose names are numbers",
	 {{"services/web.schema.json",
	   "{\"web.hosts\": {\"type\": \"object\", \"keys\": \"int\"}}\n"}},
	 "services/web.schema.json:1:42: this is no type of a name; line ip "
	 "name domain country"},
	{"a schema with names in a list",
	 {{"services/web.schema.json",
	   "{\"web.hosts\": {\"type\": \"list\", \"keys\": \"name\"}}\n"}},
	 "services/web.schema.json:1:15: what has 'keys' is of type object or "
	 "object:T"},
	{"a schema whose members are no object",
	 {{"services/web.schema.json",
	   "{\"web.hosts\": {\"type\": \"object\", \"members\": []}}\n"}},
	 "services/web.schema.json:1:45: 'members' must be an object"},
	{"a schema with members of a text",
	 {{"services/web.schema.json",
	   "{\"web.hosts\": {\"type\": \"text\", \"members\": {}}}\n"}},
	 "services/web.schema.json:1:15: what has 'members' is of type object "
	 "or list"},
	{"a schema with a member of an unknown type",
	 {{"services/web.schema.json", "{\"web.hosts\": {\"type\": \"object\", "
	   "\"members\": {\"root\": {\"type\": \"path\"}}}}\n"}},
	 "services/web.schema.json:1:63: this is no type; bool int number text "
	 "line ip name domain country enum any list object, list:T or "
	 "object:T"},
};

static void test_broken(void)
{
	struct trial t;
	size_t i;

	for (i = 0; i < KEEP_COUNT(broken); i++) {
		run(&t, broken[i].files, KEEP_COUNT(broken[i].files));
		is_int(t.r, -KEEP_E_BAD_ARGS, "%s is refused",
		       broken[i].title);
		if (broken[i].faults[0])
			is_text(print(&t.mem, &t.ps), broken[i].faults,
				"%s: every fault has its place",
				broken[i].title);
		else
			ok(t.ps.first && t.ps.first->line,
			   "%s: the fault has its place", broken[i].title);
		keep_mem_end(&t.mem);
	}
}

/* A node's file that holds EACH n times. */
static void test_generated(const char *title, const char *each, size_t n,
			   const char *fault)
{
	struct file file = {"nodes/a.json", NULL};
	KEEP_AUTO(keep_buf) b = {0};
	struct trial t;
	size_t i;

	keep_buf_text(&b, "{\"k\": ");
	for (i = 0; i < n; i++)
		keep_buf_text(&b, each);
	keep_buf_byte(&b, '\0');
	if (!ok(!b.failed, "%s can be made", title))
		return;
	file.text = b.p;
	run(&t, &file, 1);
	is_text(t.ps.first ? keep_mem_print(&t.mem, "%.*s:%u:%u",
					    KEEP_F(t.ps.first->where),
					    t.ps.first->line,
					    t.ps.first->column) : KEEP_S("-"),
		fault, "%s is refused where it is too much", title);
	keep_mem_end(&t.mem);
}

/* An empty service and one that cannot be read have nothing to tell apart. */
static void test_empty(void)
{
	static const struct file files[] = {
		{"services/idle.json", "{}\n"}, {"services/lost.json", "{\n"},
		{"nodes/a.json", "{\"services\": [\"idle\"]}\n"},
		{"nodes/b.json", "{\"services\": [\"lost\"]}\n"},
		{"nodes/c.json", "{\"services\": [\"idle\"]}\n"},
	};
	struct trial t;
	size_t i, lost = 0;

	run(&t, files, KEEP_COUNT(files));
	for (i = 0; i < t.w.n_nodes; i++)
		if (t.w.nodes[i].tree.mark == KEEP_MARK_BROKEN)
			lost += 1 + keep_slice_is(t.w.nodes[i].name, "b");
	is_int(lost, 2, "the node of a broken service is not known, and those "
	       "of an empty one are");
	keep_mem_end(&t.mem);
}

int main(void)
{
	test_broken();
	test_empty();
	test_generated("nesting 100,000 deep", "[", 100000,
		       "nodes/a.json:1:38");
	test_generated("a file over 4 MiB", " 1234567", 524288,
		       "nodes/a.json:0:0");
	test_generated("bytes that are not UTF-8", "\"\377\"", 1,
		       "nodes/a.json:1:8");
	return done();
}
