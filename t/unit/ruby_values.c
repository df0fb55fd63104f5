/* uses: provider */
#include "../../cmd/provider/leap/leap.h"
#include "tap.h"
#include "expr_world.h"

/* What leap computes of web1, and so do we. */
static const struct {
	const char *ruby, *gives;
} values[] = {
	{"provider.contacts.default.map {|m| m.split('@').join(' at ')}"
	 ".join(', ')", "\"root at example.com, ops at a.b\""},
	{"provider.domain.sub(/\\.[^\\.]*$/, '.i')", "\"example.i\""},
	{"'nodot'.sub(/\\.[^\\.]*$/, '.i')", "\"nodot\""},
	{"provider.domain.sub(/ple\\.com$/, 's')", "\"exams\""},
	{"provider.levels.select {|l| l['rate'].nil?}.any?", "true"},
	{"[{'a' => 1}].select {|l| l['a'] == 1}.count", "1"},
	{"provider.levels.select {|l| l['name'] == 'none'}.any?", "false"},
	{"services.include?('dns')", "true"},
	{"provider['nothing'] || 'd'", "\"d\""},
	{"provider['absent']", "null"},
	{"provider['absent'].nil?", "true"},
	{"self['my-key'] ? 1 : 2", "1"},
	{"nil_at if self['absent']", "null"},
	{"!!try{web[provider.domain]}", "false"},
	{"!!try{web['port']}", "true"},
	{"!!try{web.nothing.at.all}", "false"},
	{"!!self['my-key']", "true"},
	{"!!empty", "true"},
	{"nil && 1", "null"},
	{"yes && one", "1"},
	{"try{absent.values.collect{|d| try{d.x.values.collect{|l| l.y}}}"
	 ".flatten.compact.uniq} || []", "[]"},
	{"nodes_like_me[:services => :web].exclude(self).keys", "[]"},
	{"nodes[:services => 'web', :name => 'db1'].keys",
	 "[\"db1\",\"web1\",\"web2\"]"},
	{"nodes['services' => '!web'].keys", "[\"db1\",\"old1\"]"},
	{"nodes[['db1', 'web2'].uniq].keys", "[\"db1\",\"web2\"]"},
	{"nodes_like_me.fields('ip_address').size", "2"},
	{"try{pick_node(:x, nodes_near_me[:services => 'no'])"
	 ".pick_fields('name')} || try{pick_node(:x, nodes_like_me"
	 "[:services => 'no']).pick_fields('name')}", "null"},
	{"try{pick_node(:x, nodes_near_me[:services => 'db'])"
	 ".field('name')} || try{pick_node(:x, nodes_like_me"
	 "[:services => 'db']).field('name')}", "\"db1\""},
	{"(self.name + 'abc')[0..5]", "\"web1ab\""},
	{"Leap::Platform.major_version", "\"0.3\""},
	{"%(#{name}:#{one})", "\"web1:1\""},
	{"name.start_with?('web') && name.end_with?('1')", "true"},
	{"stunnel_server(5984)",
	 "{\"accept_port\":15984,\"connect_port\":5984}"},
	{"stunnel_server(60000)['accept_port']", "50000"},
	{"fingerprint('ca.crt').split(' ').size", "2"},
	{"file_path 'absent'", "null"},
	{"file_path 'motd'", "\"/etc/keep/files/motd\""},
	{"Hash[['a', 'b'].map{|x| [x, x.upcase]}]",
	 "{\"a\":\"A\",\"b\":\"B\"}"},
	{"[3, 1].sort.map{|x| x + 1}", "[2,4]"},
	{"[nil, false].any? || [1].any?", "true"},
	{"'a_b_c'.gsub('_', '-')", "\"a-b-c\""},
};

static void gives(struct keep_world *w, const char *text, const char *wanted)
{
	KEEP_AUTO(keep_mem) mem = {0};
	struct keep_problems ps = {.mem = &mem};
	struct keep_eval *ev = keep_eval_new(&mem, w);
	struct keep_buf b = {.mem = &mem};
	struct keep_ruby ruby = {.text = keep_slice(text)};
	struct keep_slice kx = {0};
	struct keep_err e = {0};
	struct keep_json v = {0};
	int rc = keep_ruby_rewrite(&mem, &ruby, &kx, &e);

	if (!rc && ev)
		rc = keep_eval_text(ev, keep_world_node(w, KEEP_S("web1")), kx,
				    &ps, &v);
	keep_json_put(&b, &v, KEEP_JSON_COMPACT);
	is_text(keep_buf_get(&b), wanted, "%s gives what it gives in leap",
		text);
	if (rc)
		fprintf(stderr, "# %s %.*s %.*s\n", e.message, KEEP_F(kx),
			KEEP_F(ps.first ? ps.first->message :
			       (struct keep_slice){0}));
}

/* Expressions of services/web.json, which has a, name, couch. */
static const struct {
	const char *ruby, *kx;
} own[] = {
	{"'x' + a.b + c.b", "'x' + (a.b ?? services.web.a.b) + c.b"},
	{"a.b.map{|a| a.c}", "(a.b ?? services.web.a.b).map(a: a.c)"},
	{"a['b'] || 1", "a.b ?? services.web.a.b ?? 1"},
	{"a[0]", "(a ?? services.web.a)[0] ?? null"},
	{"self['a.b']", "a.b ?? services.web.a.b ?? null"},
	{"self['b.c']", "b.c ?? null"},
	{"pick_node(:x, nodes).b",
	 "pick('x_' + (name ?? services.web.name), nodes).b"},
	{"couchdb_port", "'couchdb' in self.services ? "
	 "(couch ?? services.web.couch).port : "
	 "stunnel.clients.couch_client.values().first().local_port"},
};

static void own_names(void)
{
	static const struct keep_json_source source = {{"s.json", 6}};
	KEEP_AUTO(keep_mem) mem = {0};
	struct keep_problems ps = {.mem = &mem};
	struct keep_slice kx = {0};
	struct keep_ruby ruby = {.text = KEEP_S("self.a + services.size + b"),
				 .object = KEEP_S("provider")};
	struct keep_err e = {0};
	struct keep_json web;
	size_t i;

	need(!keep_ruby_rewrite(&mem, &ruby, &kx, &e));
	is_text(kx, "provider.a + provider.services.size() + provider.b",
		"names in provider.json are those of the provider");
	need(!keep_json_read(&mem, KEEP_S("{\"a\": 1, \"name\": 2, "
					  "\"couch\": 3}"), &source,
			     KEEP_JSON_INSTANCE, &ps, &web));
	for (i = 0; i < KEEP_COUNT(own); i++) {
		ruby = (struct keep_ruby){keep_slice(own[i].ruby),
					  KEEP_S("services.web"), &web};
		if (keep_ruby_rewrite(&mem, &ruby, &kx, &e))
			kx = keep_slice(e.message);
		is_text(kx, own[i].kx, "%s of a service becomes %s",
			own[i].ruby, own[i].kx);
	}
}

int main(void)
{
	KEEP_AUTO(keep_mem) mem = {0};
	struct keep_world w;
	size_t i;

	need(expr_world(&w, &mem, expr_world_text));
	expr_mend(&w);
	for (i = 0; i < KEEP_COUNT(values); i++)
		gives(&w, values[i].ruby, values[i].gives);
	own_names();
	return done();
}
