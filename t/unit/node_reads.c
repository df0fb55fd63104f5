/* The verbs that show nodes, environments and values. */
/* uses: provider */
#include "node_room.h"

static void test_list(void)
{
	struct room r;

	enter(&r);
	is_text(shown(&r, "node list", "{}"),
		"a    10.0.0.1  default     web       -           true\n"
		"a-b  10.0.0.2  default     -         -           false\n"
		"b    10.0.0.3  production  web, dns  production  true\n"
		"c    10.0.0.4  production  -         production  true\n",
		"all nodes are listed, the disabled one too");
	is_text(call(&r, "node list", "{\"filter\":[\"web\",\"production\"],"
		     "\"print\":[\"web.port,ssh\",\"nix,ssh\"]}"),
		"[{\"name\":\"b\",\"ip_address\":\"10.0.0.3\","
		"\"environment\":\"production\",\"services\":[\"web\","
		"\"dns\"],\"tags\":[\"production\"],\"enabled\":true,"
		"\"values\":{\"nix\":null,\"ssh\":{\"port\":22},"
		"\"web.port\":80}}]\n", "a filter, and values by their paths");
	is_text(shown(&r, "node list", "{\"filter\":[\"a\",\"c\"],"
		      "\"print\":[\"web.port\",\"admins\"]}"),
		"a  10.0.0.1  default     web  -           true  80  "
		"root\n"
		"c  10.0.0.4  production  -    production  true  "
		"-   root, ops\n",
		"text has a column a path, in the order asked for");
	is_text(shown(&r, "node list", "{\"filter\":[\"web.port=80\"]}"),
		"a  10.0.0.1  default     web       -           true\n"
		"b  10.0.0.3  production  web, dns  production  true\n",
		"a filter asks for values");
	is_text(call(&r, "node list", "{\"filter\":[\"staging\"]}"), "[]\n",
		"nobody is an empty list");
	fails(&r, "node list", "{\"filter\":[\"wob\"]}", "BAD_ARGS there is "
	      "no node, service, tag or environment 'wob' (did you mean "
	      "'web'?)");
	fails(&r, "node list", "{\"print\":[\"a,,b\"]}",
	      "BAD_ARGS 'a,,b' has an empty path");
	is_text(call(&r, "env list", "{}"), "[{\"name\":\"default\",\"nodes\":"
		"2},{\"name\":\"production\",\"nodes\":2},{\"name\":"
		"\"staging\",\"nodes\":0}]\n", "environments have nodes");
	leave(&r);
}

static void test_inspect(void)
{
	struct room r;

	enter(&r);
	put(&r, "nodes/c.json", "{ \"ip_address\": \"10.0.0.4\",\n"
	    "  \"x\": {\"y\": \"= {n: 1 + 1}\", \"z\": \"== 1\"} }\n");
	is_text(shown(&r, "inspect", "{\"node\":\"c\"}"),
		"name = \"c\"\nenabled = true\nenvironment = null\n"
		"services = []\ntags = []\nip_address = \"10.0.0.4\"\n"
		"ssh.port = 22\nadmins = [\"root\"]\nx.y.n = 2\n"
		"x.z = \"= 1\"\n", "all values are shown");
	is_text(shown(&r, "inspect", "{\"node\":\"c\",\"path\":\"x.y\","
		      "\"why\":true}"),
		"x.y.n = 2   # nodes/c.json:2  = {n: 1 + 1}\n",
		"a value tells its place and its expression");
	is_text(call(&r, "inspect", "{\"node\":\"b\",\"path\":\"web\","
		     "\"why\":true}"),
		"[{\"path\":\"web.port\",\"value\":80,\"file\":\"" BASE
		"services/web.json\",\"line\":2},{\"path\":\"web.mode\","
		"\"value\":\"tls\",\"file\":\"services/web.production.json\","
		"\"line\":1}]\n", "the file is the one that set it");
	fails(&r, "inspect", "{\"node\":\"b\",\"path\":\"web.prot\"}",
	      "NOT_FOUND node 'b' has no 'web.prot' (did you mean "
	      "'web.port'?)");
	fails(&r, "inspect", "{\"node\":\"e\"}",
	      "NOT_FOUND there is no node 'e' (`keep node list` shows all)");
	leave(&r);
}

static void test_expr(void)
{
	struct room r;

	enter(&r);
	is_text(call(&r, "expr", "{\"node\":\"b\",\"expr\":"
		     "\"peers[tags: 'production'].field('ip_address')\"}"),
		"[\"10.0.0.3\",\"10.0.0.4\"]\n",
		"an expression is evaluated in a node");
	is_text(call(&r, "expr", "{\"node\":\"b\",\"expr\":\"= 1\"}"),
		"1\n", "it may be written as in a file");
	fails(&r, "expr", "{\"node\":\"b\",\"expr\":\"1 +\"}",
	      "BAD_ARGS the expression: 1 problem\nEXPR:1:4: b: the "
	      "expression ends where a value is wanted");
	fails(&r, "expr", "{\"node\":\"e\",\"expr\":\"1\"}",
	      "NOT_FOUND there is no node 'e' (`keep node list` shows all)");
	ok(shown(&r, "help expressions", "{}").len > 1000,
	   "help tells all functions");
	leave(&r);
}

int main(void)
{
	test_list();
	test_inspect();
	test_expr();
	return done();
}
