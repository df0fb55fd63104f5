/* Reading instances that are as they should be, or nearly. */
/* uses: provider */
#include "world.h"

static void test_good(void)
{
	struct trial t;
	const struct keep_node *n;

	run(&t, NULL, 0);
	is_int(t.r, 0, "an instance is read");
	is_text(print(&t.mem, &t.ps), "", "it has no fault");
	is_text(print(&t.mem, &t.warn), "", "and nothing to warn of");
	is_int(t.w.n_nodes, 4, "every node is there, disabled ones too");
	is_int(t.w.n_envs, 3, "environments come from tags");
	if (t.r || t.w.n_nodes != 4) {
		keep_mem_end(&t.mem);
		return;
	}
	is_text(t.w.nodes[1].name, "a-b", "nodes are ordered by name");
	ok(!t.w.nodes[1].enabled && t.w.nodes[0].enabled,
	   "a node says itself that it is disabled");
	is_text(t.w.envs[0].name, "default", "default is always there");
	n = keep_world_node(&t.w, KEEP_S("a"));
	is_text(n->env->name, "default",
		"a node without an environment is in default");
	is_int(n->services.n, 1, "a service may stand without a list");
	is_text(json(&t.mem, &n->tree), "{\"name\":\"a\",\"enabled\":true,"
		"\"environment\":null,\"services\":[\"web\"],\"tags\":[],"
		"\"ip_address\":\"10.0.0.1\",\"ssh\":{\"port\":22},\"admins\":["
		"\"root\"],\"web\":{\"port\":80,\"mode\":\"plain\"}}",
		"a node is common, its services and its file");
	keep_mem_end(&t.mem);
}

static void test_inheritance(void)
{
	const struct keep_env *env;
	struct trial t;

	run(&t, NULL, 0);
	if (!ok(t.r == 0, "it is read once more")) {
		keep_mem_end(&t.mem);
		return;
	}
	is_text(at(&t, "a", "ip_address"), "\"10.0.0.1\" nodes/a.json:2:17",
		"a value remembers its place in the node's file");
	is_text(at(&t, "a", "web.port"), "80 platform/provider_base/services/"
		"web.json:2:19", "or in the platform's service");
	is_text(at(&t, "b", "web.mode"), "\"tls\" services/web.production.json:"
		"1:19", "an environment's file changes a service");
	is_text(at(&t, "b", "environment"), "\"production\" "
		"tags/production.json:1:18", "a tag sets the environment");
	is_text(at(&t, "c", "admins"), "[\"root\",\"ops\"] "
		"tags/production.json:1:43", "a tag adds to a common list");
	is_text(at(&t, "b", "admins"), "[\"b\"] nodes/b.json:1:92",
		"a node replaces it");
	env = keep_world_env(&t.w, KEEP_S("production"));
	is_text(json(&t.mem, &env->provider), "{\"domain\":\"example.com\","
		"\"languages\":[\"en\"]}",
		"the provider has an environment's file");
	is_text(json(&t.mem, &keep_objects_find(&env->services,
						KEEP_S("web"))->tree),
		"{\"web\":{\"port\":80,\"mode\":\"tls\"}}",
		"a service's own tree is its stack");
	is_text(json(&t.mem, &keep_objects_find(&env->tags,
						KEEP_S("production"))->tree),
		"{\"environment\":\"production\",\"admins\":[\"ops\"]}",
		"a tag's own tree bears no prefix");
	is_text(json(&t.mem, &t.w.platform),
		"{\"version\":\"0.3\",\"commit\":null}",
		"the platform tells its version");
	ok(keep_world_node(&t.w, KEEP_S("a"))->tree.members[6].value.members ==
	   keep_world_node(&t.w, KEEP_S("c"))->tree.members[6].value.members,
	   "nodes share what they inherit");
	keep_mem_end(&t.mem);
}

/* Messages of the kernel differ; the place and the refusal do not. */
static void test_files(void)
{
	static const struct {
		const char *title, *where;
		struct file files[2];
	} v[] = {
		{"a node that is a link out of the instance", "nodes/d.json",
		 {{"nodes/d.json", ">/etc/hostname"}}},
		{"a node that is a link by ..", "nodes/d.json",
		 {{"nodes/d.json", ">../../../../../../etc/hostname"}}},
		{"a node that is a dangling link", "nodes/d.json",
		 {{"nodes/d.json", ">nowhere"}}},
		{"services behind a link out of the instance", "services",
		 {{"services", ">/etc"}}},
		{"a platform behind a link out of the instance", "Keepfile",
		 {{"Keepfile", "{\"platform\": {\"path\": \"out\"}}\n"},
		  {"out", ">/usr"}}},
		{"a platform that is not there", "Keepfile",
		 {{"Keepfile", "{\"platform\": {\"path\": \"none\"}}\n"}}},
	};
	struct trial t;
	size_t i;

	for (i = 0; i < KEEP_COUNT(v); i++) {
		run(&t, v[i].files, 2);
		is_int(t.r, -KEEP_E_BAD_ARGS, "%s is refused", v[i].title);
		is_text(t.ps.first ? t.ps.first->where : KEEP_S("-"),
			v[i].where, "%s: the place is told", v[i].title);
		printf("# %.*s\n", KEEP_F(print(&t.mem, &t.ps)));
		keep_mem_end(&t.mem);
	}
}

static void test_git_platform(void)
{
	static const struct file files[] = {
		{"Keepfile", "{\"platform\": {\"git\": \"x\", \"commit\":"
		 " \"0123456789012345678901234567890123456789\"}}\n"},
		{".keep/platform/0123456789012345678901234567890123456789/"
		 "provider_base/common.json", "{\"from\": \"git\"}\n"},
	};
	struct trial t;

	run(&t, files, 1);
	is_text(t.ps.first ? t.ps.first->hint : KEEP_S("-"),
		"`keep platform fetch` gets it",
		"a platform that was not fetched is refused with a hint");
	keep_mem_end(&t.mem);
	run(&t, files, 2);
	is_int(t.r, 0, "a platform that was fetched is read");
	is_text(at(&t, "b", "from"), "\"git\" .keep/platform/0123456789012345"
		"678901234567890123456789/provider_base/common.json:1:10",
		"from where it was fetched to");
	is_text(json(&t.mem, &t.w.platform), "{\"version\":null,\"commit\":"
		"\"0123456789012345678901234567890123456789\"}",
		"expressions can ask for its commit");
	keep_mem_end(&t.mem);
}

static void test_warnings(void)
{
	static const struct file files[] = {
		{"nodes/c.json", "{\"ip_address\": \"10.1.1.1\", \"servcies\": [],\n"
		 "\"ssh\": {\"prot\": 1}, \"web\": {}, \"own-thing\": 1}\n"},
		{"services/dns.prodction.json", "{}\n"},
		{BASE "services/web.staging.json", "{}\n"},
		{"nodes/b.json", "{\"ip_address\": \"10.1.1.2\", \"+services\": "
		 "[\"web\"], \"services2\": 1}\n"},
	};
	struct trial t;

	run(&t, files, KEEP_COUNT(files));
	is_int(t.r, 0, "what is only strange is read");
	is_text(print(&t.mem, &t.warn),
		BASE "services/web.staging.json:0:0: a platform has no "
		"environments; it is not read\n"
		"services/dns.prodction.json:1:1: no tag and no node is in the "
		"environment 'prodction'; did you mean 'production'?\n"
		"nodes/b.json:1:50: unknown property 'services2'; did you mean "
		"'services'?\n"
		"nodes/c.json:1:28: unknown property 'servcies'; did you mean "
		"'services'?\n"
		"nodes/c.json:2:9: unknown property 'ssh.prot'; did you mean "
		"'port'?\n"
		"nodes/c.json:2:21: unknown property 'web'; it is kept as it "
		"is\n"
		"nodes/c.json:2:32: unknown property 'own-thing'; it is kept "
		"as it is", "and warned of");
	keep_mem_end(&t.mem);
}

int main(void)
{
	test_good();
	test_inheritance();
	test_files();
	test_git_platform();
	test_warnings();
	return done();
}
