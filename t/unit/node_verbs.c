/* The verbs that change nodes. */
/* uses: provider */
#include "node_room.h"

#define WEB1 "{\"name\":\"web1\",\"values\":{\"ip_address\":\"10.1.0.1\","
#define CHANGED(n, yes) \
	"{\"file\":\"nodes/" n ".json\",\"changed\":" yes "}\n"
#define NOTHING " (nothing was written)\n"

static void test_add(void)
{
	struct room r;

	enter(&r);
	is_text(call(&r, "node add", WEB1 "\"services\":\"web, dns\","
		     "\"ssh.port\":\"22\",\"web.port\":\"8080\","
		     "\"web.owner\":22,\"dns.public\":\"true\","
		     "\"note\":\"22\",\"web.url\":\"= 1 + 1\"}}"),
		CHANGED("web1", "true"), "a node is added");
	is_text(file(&r, "nodes/web1.json"),
		"{\n"
		"  \"ip_address\": \"10.1.0.1\",\n"
		"  \"services\": [\n    \"web\",\n    \"dns\"\n  ],\n"
		"  \"ssh\": {\n    \"port\": 22\n  },\n"
		"  \"dns\": {\n    \"public\": true\n  },\n"
		"  \"note\": \"22\",\n"
		"  \"web\": {\n    \"owner\": \"22\",\n    \"port\": 8080,\n"
		"    \"url\": \"= 1 + 1\"\n  }\n"
		"}\n", "its file is laid out, each value as its schema wants");
	fails(&r, "node add", "{\"name\":\"web1\"}", "EXISTS node 'web1' "
	      "exists (`keep node set web1 PATH=VALUE` changes it)");
	leave(&r);
}

static const struct {
	const char *args, *want;
} bad_nodes[] = {
	{"{\"name\":\"New\"}",
	 "BAD_ARGS 'New' is no name of a node (a name has a-z, 0-9 and '-', "
	 "no '-' at its ends, and at most 63 bytes)"},
	{"{\"name\":\"../x\"}",
	 "BAD_ARGS '../x' is no name of a node (a name has a-z, 0-9 and '-', "
	 "no '-' at its ends, and at most 63 bytes)"},
	{"{\"name\":\"\"}",
	 "BAD_ARGS '' is no name of a node (a name has a-z, 0-9 and '-', "
	 "no '-' at its ends, and at most 63 bytes)"},
	{"{\"name\":\"web\",\"values\":{\"ip_address\":\"10.1.0.1\"}}",
	 "BAD_ARGS no node can be named 'web': filters mean the service by it "
	 "(name it otherwise, as 'web1')"},
	{"{\"name\":\"all\",\"values\":{\"ip_address\":\"10.1.0.1\"}}",
	 "BAD_ARGS no node can be named 'all': filters mean every node by it "
	 "(name it otherwise, as 'all1')"},
	{"{\"name\":\"default\",\"values\":{\"ip_address\":\"10.1.0.1\"}}",
	 "BAD_ARGS no node can be named 'default': filters mean the "
	 "environment by it (name it otherwise, as 'default1')"},
	{"{\"name\":\"new\"}",
	 "BAD_ARGS the change: 1 problem" NOTHING
	 BASE "common.json:2:17: 'ip_address' of node 'new' is REQUIRED; set "
	 "it in nodes/new.json"},
	{"{\"name\":\"production\",\"values\":{\"ip_address\":\"10.1.0.1\"}}",
	 "BAD_ARGS no node can be named 'production': filters mean the "
	 "environment by it (name it otherwise, as 'production1')"},
	{"{\"name\":\"new\",\"values\":{\"ip_address\":\"10.0.0.1\"}}",
	 "BAD_ARGS the change: 1 problem" NOTHING
	 "nodes/new.json:2:17: node 'new' has the address 10.0.0.1 of node "
	 "'a' (nodes/a.json:2:17)"},
	{"{\"name\":\"new\",\"values\":{\"ip_address\":\"300.1\","
	 "\"ssh.port\":70000,\"dns.public\":\"yes\"}}",
	 "BAD_ARGS the change: 3 problems" NOTHING
	 "nodes/new.json:2:17: 'ip_address' must be an IPv4 or IPv6 address, "
	 "not '300.1'\n"
	 "nodes/new.json:4:13: 'ssh.port' is 70000; it must be 1 to 65535\n"
	 "nodes/new.json:7:15: 'dns.public' must be true or false, not 'yes'"},
	{"{\"name\":\"new\",\"values\":{\"ip_address\":\"10.1.0.1\","
	 "\"services\":\"wib\",\"tags\":[\"x\",7]}}",
	 "BAD_ARGS the change: 3 problems" NOTHING
	 "nodes/new.json:4:5: there is no service 'wib'; did you mean 'web'?\n"
	 "nodes/new.json:7:5: there is no tag 'x'; tags/x.json would make it\n"
	 "nodes/new.json:8:5: there is no tag '7'; tags/7.json would make it"},
	{"{\"name\":\"new\",\"values\":{\"a..b\":1,\".\":2,\"\":3,"
	 "\"ssh\":4,\"ssh.port\":5}}",
	 "CONFLICT nodes/new.json: 4 problems\n"
	 "ssh.port:0:0: ssh is no object\n"
	 ":0:0: '' is no path: a name is missing in it\n"
	 ".:0:0: '.' is no path: a name is missing in it\n"
	 "a..b:0:0: 'a..b' is no path: a name is missing in it"},
	{"{\"name\":\"new\",\"values\":{\"ip_address\":\"10.1.0.1\","
	 "\"x\":\"= nodse\"}}",
	 "BAD_ARGS the change: 1 problem" NOTHING
	 "nodes/new.json:3:11: new: x: the node has no property `nodse`; "
	 "where it may be missing: self?.nodse, or nodse ?? other"},
	{"{\"name\":\"new\",\"values\":{\"ip_address\":\"10.1.0.1\","
	 "\"services\":\"web\"}}",
	 "BAD_ARGS the change: 1 problem" NOTHING
	 "nodes/new.json:1:1: service 'web' needs 'web.owner'; set it in "
	 "nodes/new.json: who pays"},
};

static void test_bad_add(void)
{
	struct room r;
	size_t i;

	enter(&r);
	for (i = 0; i < KEEP_COUNT(bad_nodes); i++)
		fails(&r, "node add", bad_nodes[i].args, bad_nodes[i].want);
	is_text(file(&r, "nodes/new.json"), "-",
		"a refused node leaves no file");
	leave(&r);
}

static void test_set(void)
{
	struct room r;

	enter(&r);
	put(&r, "nodes/a.json", "// ours\n{\n\t\"ip_address\": \"10.0.0.1\", "
	    "/* main */\n\t\"services\": \"web\",\n"
	    "\t\"web\": {\"owner\": \"x\"}\n}\n");
	is_text(call(&r, "node set", "{\"node\":\"a\",\"values\":{"
		     "\"web.port\":\"81\",\"+admins\":\"x,y\","
		     "\"ip_address\":\"10.9.0.1\"}}"),
		CHANGED("a", "true"), "values are set");
	is_text(file(&r, "nodes/a.json"),
		"// ours\n{\n\t\"ip_address\": \"10.9.0.1\", /* main */\n"
		"\t\"services\": \"web\",\n"
		"\t\"web\": {\"owner\": \"x\", \"port\": 81},\n"
		"\t\"+admins\": [\"x\",\"y\"]\n}\n",
		"comments, order and layout stay");
	is_text(call(&r, "node set", "{\"node\":\"a\",\"values\":{"
		     "\"web.port\":81}}"), CHANGED("a", "false"),
		"to set what is set changes nothing");
	is_text(call(&r, "node unset", "{\"node\":\"a\",\"paths\":["
		     "\"+admins\",\"web.port\"]}"), CHANGED("a", "true"),
		"values are taken out");
	is_text(file(&r, "nodes/a.json"),
		"// ours\n{\n\t\"ip_address\": \"10.9.0.1\", /* main */\n"
		"\t\"services\": \"web\",\n"
		"\t\"web\": {\"owner\": \"x\"}\n}\n",
		"and nothing beside them");
	leave(&r);
}

/* What node c's file says, and what nobody may write into it. */
#define FILE_C "{ \"ip_address\": \"10.0.0.4\", \"tags\": \"production\" }\n"
static const struct {
	const char *verb, *args, *want;
} bad_changes[] = {
	{"node set", "{\"node\":\"d\",\"values\":{\"x\":1}}",
	 "NOT_FOUND there is no node 'd' (`keep node list` shows all)"},
	{"node set", "{\"node\":\"a-c\",\"values\":{\"x\":1}}",
	 "NOT_FOUND there is no node 'a-c' (did you mean 'a-b'?)"},
	{"node set", "{\"node\":\"../c\",\"values\":{\"x\":1}}",
	 "BAD_ARGS '../c' is no name of a node (a name has a-z, 0-9 and '-', "
	 "no '-' at its ends, and at most 63 bytes)"},
	{"node set", "{\"node\":\"c\",\"values\":{\"ssh.port\":\"no\"}}",
	 "BAD_ARGS the change: 1 problem" NOTHING
	 "nodes/c.json:1:67: 'ssh.port' is text here, but integer in "
	 BASE "common.json:3:19; \"!port\" replaces a value by one of another "
	 "type"},
	{"node set", "{\"node\":\"c\",\"values\":{\"enabled\":\"no\"}}",
	 "BAD_ARGS the change: 1 problem" NOTHING
	 "nodes/c.json:1:62: 'enabled' must be true or false"},
	{"node set", "{\"node\":\"c\",\"values\":{\"ip_address\":"
	 "\"10.0.0.1\"}}", "BAD_ARGS the change: 1 problem" NOTHING
	 "nodes/c.json:1:17: node 'c' has the address 10.0.0.1 of node 'a' "
	 "(nodes/a.json:2:17)"},
	{"node set", "{\"node\":\"c\",\"values\":{\"environment\":"
	 "\"staging\"}}", "BAD_ARGS the change: 1 problem" NOTHING
	 "nodes/c.json:1:66: the environment is 'staging' here, but "
	 "'production' in tags/production.json:1:18"},
	{"node unset", "{\"node\":\"c\",\"paths\":[\"tags\",\"tag\","
	 "\"ssh.port\"]}", "NOT_FOUND nodes/c.json: 2 problems\n"
	 "tag:0:0: tag is not set\nssh.port:0:0: ssh is not set"},
	{"node unset", "{\"node\":\"c\",\"paths\":[\"ip_address\"]}",
	 "BAD_ARGS the change: 1 problem" NOTHING
	 BASE "common.json:2:17: 'ip_address' of node 'c' is REQUIRED; set it "
	 "in nodes/c.json"},
	{"node enable", "{\"node\":\"d\"}",
	 "NOT_FOUND there is no node 'd' (`keep node list` shows all)"},
	{"node rm", "{\"node\":\"a-c\"}",
	 "NOT_FOUND there is no node 'a-c' (did you mean 'a-b'?)"},
	{"node mv", "{\"node\":\"d\",\"to\":\"e\"}",
	 "NOT_FOUND there is no node 'd' (`keep node list` shows all)"},
	{"node mv", "{\"node\":\"c\",\"to\":\"b\"}",
	 "EXISTS nodes/b.json exists"},
	{"node mv", "{\"node\":\"c\",\"to\":\"c\"}",
	 "EXISTS nodes/c.json exists"},
	{"node mv", "{\"node\":\"c\",\"to\":\"c/d\"}",
	 "BAD_ARGS 'c/d' is no name of a node (a name has a-z, 0-9 and '-', "
	 "no '-' at its ends, and at most 63 bytes)"},
	{"node mv", "{\"node\":\"c\",\"to\":\"web\"}",
	 "BAD_ARGS no node can be named 'web': filters mean the service by it "
	 "(name it otherwise, as 'web1')"},
	{"node mv", "{\"node\":\"c\",\"to\":\"staging\"}",
	 "BAD_ARGS no node can be named 'staging': filters mean the "
	 "environment by it (name it otherwise, as 'staging1')"},
};

static void test_bad_changes(void)
{
	struct room r;
	size_t i;

	enter(&r);
	for (i = 0; i < KEEP_COUNT(bad_changes); i++)
		fails(&r, bad_changes[i].verb, bad_changes[i].args,
		      bad_changes[i].want);
	is_text(file(&r, "nodes/c.json"), FILE_C,
		"a refused change leaves the file as it was");
	leave(&r);
}

/* The fault of one node is not in the way of changes of another, nor of its
 * own mending. */
static void test_old_faults(void)
{
	struct room r;

	enter(&r);
	put(&r, "nodes/d.json", "{\"ip_address\": \"10.0.0.9\", "
	    "\"services\": [\"wob\"], \"tags\": [\"what\"]}\n");
	is_text(call(&r, "node set", "{\"node\":\"c\",\"values\":{"
		     "\"note\":1}}"), CHANGED("c", "true"),
		"a node is changed beside one that is broken");
	fails(&r, "node set", "{\"node\":\"c\",\"values\":{\"note\":"
	      "\"= nosuch\",\"ssh.port\":0}}",
	      "BAD_ARGS the change: 2 problems" NOTHING
	      "nodes/c.json:1:62: c: note: the node has no property `nosuch`; "
	      "where it may be missing: self?.nosuch, or nosuch ?? other\n"
	      "nodes/c.json:1:87: 'ssh.port' is 0; it must be 1 to 65535");
	is_text(call(&r, "node set", "{\"node\":\"d\",\"values\":{"
		     "\"tags\":[]}}"), CHANGED("d", "true"),
		"a broken node is mended step by step");
	fails(&r, "node set", "{\"node\":\"d\",\"values\":{\"tags\":"
	      "\"new\"}}", "BAD_ARGS the change: 1 problem" NOTHING
	      "nodes/d.json:1:58: there is no tag 'new'; tags/new.json would "
	      "make it");
	is_text(call(&r, "node set", "{\"node\":\"d\",\"values\":{"
		     "\"services\":\"web\",\"web.port\":0}}"),
		CHANGED("d", "true"),
		"what a fault hid before is not in its way");
	is_text(call(&r, "node rm", "{\"node\":\"d\"}"),
		CHANGED("d", "true"), "a broken node is removed");
	leave(&r);
}

static void test_unset(void)
{
	struct room r;

	enter(&r);
	put(&r, "nodes/c.json", "{\"ip_address\": \"10.0.0.4\", \"a\": "
	    "{\"b\": {\"c\": 1, \"d\": 2}}, \"e\": {\"f\": {}, \"g\": 1}}");
	is_text(call(&r, "node unset", "{\"node\":\"c\",\"paths\":["
		     "\"a.b.c\",\"e.g\"]}"), CHANGED("c", "true"),
		"values below objects are taken out");
	is_text(file(&r, "nodes/c.json"), "{\"ip_address\": \"10.0.0.4\", "
		"\"a\": {\"b\": {\"d\": 2}}, \"e\": {\"f\": {}}}",
		"objects that hold more stay, and those that were empty");
	is_text(call(&r, "node unset", "{\"node\":\"c\",\"paths\":["
		     "\"a.b.d\",\"e.f\"]}"), CHANGED("c", "true"),
		"the last ones are taken out");
	is_text(file(&r, "nodes/c.json"), "{\"ip_address\": \"10.0.0.4\"}",
		"the objects that were emptied so go as well");
	leave(&r);
}

static void test_links(void)
{
	struct room r;
	char to[64];
	ssize_t n;

	enter(&r);
	put(&r, "shared/c.json", "{\"ip_address\": \"10.0.0.4\"}");
	put(&r, "shared/link.json", ">c.json");
	put(&r, "nodes/c.json", ">../shared/link.json");
	is_text(call(&r, "node set", "{\"node\":\"c\",\"values\":{"
		     "\"x\":1}}"), CHANGED("c", "true"),
		"a node whose file is a link is changed");
	is_text(file(&r, "shared/c.json"), "{\"ip_address\": \"10.0.0.4\", "
		"\"x\": 1}", "where the link points");
	n = readlinkat(keep_fd_get(&r.c.instance), "nodes/c.json", to,
		       sizeof to);
	is_text(((struct keep_slice){to, n > 0 ? (size_t)n : 0}),
		"../shared/link.json", "the link stays");
	leave(&r);
}

static void test_enable(void)
{
	struct room r;

	enter(&r);
	is_text(call(&r, "node disable", "{\"node\":\"c\"}"),
		CHANGED("c", "true"), "a node is disabled");
	is_text(file(&r, "nodes/c.json"), "{ \"ip_address\": \"10.0.0.4\", "
		"\"tags\": \"production\", \"enabled\": false }\n",
		"its file says so");
	is_text(call(&r, "node disable", "{\"node\":\"c\"}"),
		CHANGED("c", "false"), "once");
	is_text(call(&r, "node enable", "{\"node\":\"a-b\"}"),
		CHANGED("a-b", "true"), "a node is enabled");
	is_text(shown(&r, "expr", "{\"node\":\"a\",\"expr\":"
		      "\"nodes.names().join(' ')\"}"), "\"a a-b b\"\n",
		"both are seen by the others");
	leave(&r);
}

static void test_mv_rm(void)
{
	struct room r;

	enter(&r);
	put(&r, "nodes/c.json", "{\n  // ours\n  \"name\": \"c\",\n"
	    "  \"ip_address\": \"10.0.0.4\"\n}\n");
	put(&r, "files/nodes/c/host.pub", "key\n");
	put(&r, "facts/c.json", "{}\n");
	put(&r, "facts/e.json", "{}\n");
	fails(&r, "node mv", "{\"node\":\"c\",\"to\":\"e\"}",
	      "EXISTS facts/e.json exists");
	is_text(file(&r, "files/nodes/c/host.pub"), "key\n",
		"then nothing has moved");
	is_text(call(&r, "node mv", "{\"node\":\"c\",\"to\":\"d\"}"),
		CHANGED("d", "true"), "a node gets another name");
	is_text(file(&r, "nodes/d.json"), "{\n  // ours\n"
		"  \"ip_address\": \"10.0.0.4\"\n}\n",
		"its file goes with it, without its old name");
	is_text(file(&r, "files/nodes/d/host.pub"), "key\n",
		"its keys go with it");
	is_text(file(&r, "facts/d.json"), "{}\n", "its facts, too");
	is_text(file(&r, "nodes/c.json"), "-", "nothing is left behind");
	is_text(call(&r, "node rm", "{\"node\":\"d\"}"),
		CHANGED("d", "true"), "a node is removed");
	is_text(file(&r, "nodes/d.json"), "-", "its file is gone");
	leave(&r);
}

int main(void)
{
	test_add();
	test_bad_add();
	test_set();
	test_bad_changes();
	test_old_faults();
	test_unset();
	test_links();
	test_enable();
	test_mv_rm();
	return done();
}
