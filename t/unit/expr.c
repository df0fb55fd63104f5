/* uses: provider */
#include "tap.h"
#include "expr_world.h"

/* What expressions give in web1 of the small world. */
static const struct {
	const char *text, *gives;
} facts[] = {
	{"1", "1"},
	{"-1", "-1"},
	{"-9223372036854775808", "-9223372036854775808"},
	{"9223372036854775807", "9223372036854775807"},
	{"0", "0"},
	{"null", "null"},
	{"true", "true"},
	{"!true", "false"},
	{"'a'", "\"a\""},
	{"''", "\"\""},
	{"'it''s'", "\"it's\""},
	{"'$$5'", "\"$5\""},
	{"'a${one}b${yes}c${name}'", "\"a1btruecweb1\""},
	{"'${'x${'y'}'}'", "\"xy\""},
	{"[]", "[]"},
	{"[1, 'a', null]", "[1,\"a\",null]"},
	{"{}", "{}"},
	{"{a: 1, b: {c: [2]}}", "{\"a\":1,\"b\":{\"c\":[2]}}"},
	{"(1)", "1"},
	{"1 + 2 * 3", "7"},
	{"(1 + 2) * 3", "9"},
	{"10 - 2 - 3", "5"},
	{"20 / 2 / 5", "2"},
	{"7 / 2", "3"},
	{"-7 / 2", "-3"},
	{"7 % 3", "1"},
	{"-7 % 3", "-1"},
	{"-9223372036854775808 % -1", "0"},
	{"2 * 3 % 4", "2"},
	{"-one", "-1"},
	{"-(2)", "-2"},
	{"1 - -1", "2"},
	{"'a' + 'b' + 'c'", "\"abc\""},
	{"[1] + [2, 3]", "[1,2,3]"},
	{"1 < 2", "true"},
	{"2 <= 2", "true"},
	{"3 > 4", "false"},
	{"4 >= 4", "true"},
	{"'a' < 'b'", "true"},
	{"'a' < 'B'", "false"},
	{"1 == 1", "true"},
	{"1 != 1", "false"},
	{"'a' == 'a'", "true"},
	{"[1, [2]] == [1, [2]]", "true"},
	{"[1] == ['1']", "false"},
	{"{a: 1} == {a: 1}", "true"},
	{"{a: 1} == {b: 1}", "false"},
	{"null == null", "true"},
	{"1 == null", "false"},
	{"nil == null", "true"},
	{"self == self", "true"},
	{"peers == peers", "true"},
	{"1 + 1 == 2", "true"},
	{"1 < 2 && 2 < 3", "true"},
	{"true || false && false", "true"},
	{"false || true", "true"},
	{"false && error('no')", "false"},
	{"true || error('no')", "true"},
	{"yes ? 1 : 2", "1"},
	{"!yes ? 1 : 2", "2"},
	{"false ? 1 : false ? 2 : 3", "3"},
	{"yes ? false ? 1 : 2 : 3", "2"},
	{"1 in [1, 2]", "true"},
	{"'x' in ['a']", "false"},
	{"'a' in {a: 1}", "true"},
	{"'web' in self.services", "true"},
	{"self in peers", "true"},
	{"'db1' in peers", "true"},
	{"'web2' in peers", "false"},
	{"'xamp' in 'example'", "true"},
	{"'' in 'a'", "true"},
	{"nil ?? 1", "1"},
	{"nosuch ?? 1", "1"},
	{"web.nosuch ?? 1", "1"},
	{"nosuch.deeper.still ?? 'd'", "\"d\""},
	{"list[9] ?? 'd'", "\"d\""},
	{"web['p'] ?? 'd'", "\"d\""},
	{"nil ?? null ?? 3", "3"},
	{"1 ?? error('no')", "1"},
	{"nosuch ?? nosuch2 ?? 2", "2"},
	{"peers[services: 'none'] ?? 5", "5"},
	{"(peers[services: 'none'] ?? nodes[services: 'db']).names()",
	 "[\"db1\"]"},
	{"false ?? true", "false"},
	{"web?.nosuch", "null"},
	{"web?.port", "80"},
	{"web?.nosuch ?? 7", "7"},
	{"nil?.a", "null"},
	{"nil?.a?.b", "null"},
	{"self?.nosuch", "null"},
	{"self?.nosuch?.deeper", "null"},
	{"name", "\"web1\""},
	{"self.name", "\"web1\""},
	{"self['my-key']", "true"},
	{"environment", "\"prod\""},
	{"enabled", "true"},
	{"self.services", "[\"web\",\"dns\"]"},
	{"self.tags", "[\"prod\"]"},
	{"ip_address", "\"10.0.0.1\""},
	{"domain.full", "\"web1.example.com\""},
	{"domain.internal", "\"web1.example.com.i\""},
	{"web.url", "\"http://web1.example.com/\""},
	{"two", "2"},
	{"lit", "\"= x\""},
	{"list", "[3,2,\"x\"]"},
	{"list[1]", "2"},
	{"self.list[0] + 1", "4"},
	{"provider.domain", "\"example.com\""},
	{"provider.zone", "\"zone of web1\""},
	{"provider.ratio", "1.50"},
	{"provider.levels['2'].name", "\"pro\""},
	{"services.db.db.port", "5432"},
	{"services.db.db.who", "\"web1.db\""},
	{"services.keys()", "[\"db\",\"web\"]"},
	{"tags.prod.environment", "\"prod\""},
	{"env.name", "\"prod\""},
	{"env.provider.domain", "\"example.com\""},
	{"platform", "{\"version\":\"0.3\",\"commit\":\"abc\"}"},
	{"nodes.names()", "[\"db1\",\"old1\",\"web1\",\"web2\"]"},
	{"peers.names()", "[\"db1\",\"web1\"]"},
	{"near.names()", "[\"web1\"]"},
	{"peers['db1'].ip_address", "\"10.0.0.3\""},
	{"nodes[0].name", "\"db1\""},
	{"peers['db1'].db.clients", "[\"web1\"]"},
	{"nodes['web2'].environment", "\"default\""},
	{"nodes[services: 'web'].names()", "[\"web1\",\"web2\"]"},
	{"nodes[services: ['db', 'dns']].names()", "[\"db1\",\"web1\"]"},
	{"nodes[services: ['web', 'dns']].names()", "[\"web1\",\"web2\"]"},
	{"nodes[!services: 'web'].names()", "[\"db1\",\"old1\"]"},
	{"nodes[environment: 'default'].names()", "[\"old1\",\"web2\"]"},
	{"nodes[!environment: 'default'].names()", "[\"db1\",\"web1\"]"},
	{"nodes[environment: ['prod', 'default']].count()", "4"},
	{"nodes[tags: 'prod', services: 'db'].names()", "[\"db1\"]"},
	{"nodes[services: []].names()", "[]"},
	{"nodes[name: 'web2'].names()", "[\"web2\"]"},
	{"nodes[web.port: 8080].names()", "[\"web2\"]"},
	{"nodes[web.port: '8080'].names()", "[]"},
	{"nodes[!web.port: 80].names()", "[\"db1\",\"old1\",\"web2\"]"},
	{"nodes[web.port: null].names()", "[\"db1\",\"old1\"]"},
	{"nodes[location.name: ['Oslo', 'Rome']].names()", "[\"db1\"]"},
	{"nodes[ip_addresses: '10.1.0.2'].names()", "[\"web2\"]"},
	{"peers[environment: 'default'].names()", "[]"},
	{"peers[environment: 'prod'].names()", "[\"db1\",\"web1\"]"},
	{"near[services: 'dns'].names()", "[\"web1\"]"},
	{"near[services: 'db'].names()", "[]"},
	{"nodes[services: 'web'][environment: 'prod'].names()", "[\"web1\"]"},
	{"provider.levels.values()[name: 'pro']", "[{\"name\":\"pro\"}]"},
	{"peers.except(self).names()", "[\"db1\"]"},
	{"peers.except(peers[services: 'db']).names()", "[\"web1\"]"},
	{"nodes.field('ip_address')",
	 "[\"10.0.0.3\",\"10.0.0.4\",\"10.0.0.1\",\"10.0.0.2\"]"},
	{"nodes.field('location.name')", "[\"Oslo\",null,\"Paris\",null]"},
	{"peers.fields('domain.full', 'ip_address')",
	 "{\"db1\":{\"domain_full\":null,\"ip_address\":\"10.0.0.3\"},\"web"
	 "1\":{\"domain_full\":\"web1.example.com\",\"ip_address\":\"10.0.0"
	 ".1\"}}"},
	{"nodes[services: 'web'].fields('web.port')",
	 "{\"web1\":80,\"web2\":8080}"},
	{"self.fields('web.port', 'name')",
	 "{\"web_port\":80,\"name\":\"web1\"}"},
	{"self.field('web.port')", "80"},
	{"self.field('no.such')", "null"},
	{"peers.first().name", "\"db1\""},
	{"peers.last().name", "\"web1\""},
	{"nodes[services: 'none'].first()", "null"},
	{"peers.count()", "2"},
	{"peers.where(n: 'dns' in n.services).names()", "[\"web1\"]"},
	{"peers.map(n: n.name + '!')", "[\"db1!\",\"web1!\"]"},
	{"nodes.map(n: n.web?.port ?? 0)", "[0,0,80,8080]"},
	{"nodes.any(n: n.name == 'web2')", "true"},
	{"nodes.all(n: n.enabled)", "true"},
	{"[].any(x: error('no'))", "false"},
	{"[].all(x: error('no'))", "true"},
	{"[1, 2, 3].where(x: x % 2 == 1)", "[1,3]"},
	{"[1, 2].map(x: [3, 4].map(y: x * y))", "[[3,4],[6,8]]"},
	{"[1, 2].map(x: [3].map(x: x))", "[[3],[3]]"},
	{"provider.contacts.default.map(e: e.split('@').join(' at the "
	 "domain ')).join(', ')",
	 "\"root at the domain example.com, ops at the domain a.b\""},
	{"provider.levels.values().any(l: l?.rate == null)", "true"},
	{"provider.levels.values().map(l: l.name)", "[\"free\",\"pro\"]"},
	{"provider.levels.keys()", "[\"1\",\"2\"]"},
	{"replace_suffix(domain.full, '.' + domain.full.split('.').last(), "
	 "'.i')",
	 "\"web1.example.i\""},
	{"replace_suffix('a', 'ab', 'c')", "\"a\""},
	{"(self?.static?.domains ?? {}).values().map(d: "
	 "d).flatten().compact().uniq()",
	 "[]"},
	{"pick('x', near[services: 'openvpn'] ?? peers[services: "
	 "'web']).name",
	 "\"web1\""},
	{"pick('x', peers[services: 'none'])", "null"},
	{"'https://${domain.full}:${web.port}/${nil ?? 1}'",
	 "\"https://web1.example.com:80/1\""},
	{"(environment == 'local' ? peers : nodes[!environment: "
	 "'local']).count()",
	 "4"},
	{"'a,b,,c'.split(',')", "[\"a\",\"b\",\"\",\"c\"]"},
	{"''.split(',')", "[]"},
	{"['a', 1, true].join('-')", "\"a-1-true\""},
	{"[].join(',')", "\"\""},
	{"'Ab'.upper()", "\"AB\""},
	{"'Ab'.lower()", "\"ab\""},
	{"'mañana'.slice(2, 3)", "\"ñan\""},
	{"'abc'.slice(1)", "\"bc\""},
	{"'abc'.slice(9)", "\"\""},
	{"[1, 2, 3].slice(1, 1)", "[2]"},
	{"[1, 2, 3].slice(5, 2)", "[]"},
	{"'mañana'.size()", "6"},
	{"{a: 1}.size()", "1"},
	{"[1].has(1)", "true"},
	{"{a: 1}.has('b')", "false"},
	{"self.has('web')", "true"},
	{"nodes.has('db1')", "true"},
	{"nodes.has(self)", "true"},
	{"'abc'.has('bc')", "true"},
	{"[2, 10, 1].sort()", "[1,2,10]"},
	{"['b', 'a', 'B'].sort()", "[\"B\",\"a\",\"b\"]"},
	{"[1, '1', 1, [1], [1]].uniq()", "[1,\"1\",[1]]"},
	{"[3, 1, 3, 2, 1].uniq()", "[3,1,2]"},
	{"[].uniq()", "[]"},
	{"nodes.map(n: n in peers)", "[true,false,true,false]"},
	{"[null, 1].compact()", "[1]"},
	{"[[1, [2]], 3].flatten()", "[1,2,3]"},
	{"{a: 1, b: 2}.keys()", "[\"a\",\"b\"]"},
	{"[1, 2].first()", "1"},
	{"[].first()", "null"},
	{"[].last()", "null"},
	{"{a: 1}.count()", "1"},
	{"str(1) + str(true) + str('x')", "\"1truex\""},
	{"int('-12')", "-12"},
	{"len([1, 2])", "2"},
	{"len(peers)", "2"},
	{"b64('a')", "\"YQ==\""},
	{"hex('a')", "\"61\""},
	{"sha256('a')",
	 "\"ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48b"
	 "b\""},
	{"json([1, 'a\"b', {x: null}])",
	 "\"[1,\\\"a\\\\\\\"b\\\",{\\\"x\\\":null}]\""},
	{"json(web.port)", "\"80\""},
	{"sh('a b')", "\"'a b'\""},
	{"sh('')", "\"''\""},
	{"ips(peers)", "[\"10.0.0.3\",\"10.0.0.1\"]"},
	{"ips(nodes['web2'])", "[\"10.0.0.2\",\"10.1.0.2\",\"fd00::2\"]"},
	{"fromlist([1, 2], x: ['k${x}', x * 2])", "{\"k1\":2,\"k2\":4}"},
	{"fromlist([], x: [x, x])", "{}"},
	{"randint('p', 7, 9)", "7"},
	{"file('motd')", "\"hello\\n\""},
	{"file?('motd')", "\"hello\\n\""},
	{"file?('none')", "null"},
	{"file? ('none') ?? 'x'", "\"x\""},
	{"assert(true, 'x')", "true"},
	{"secret('db')", "\"<secret db>\""},
	{"secret('new')", "\"<secret new, not made>\""},
	{"'a:' + secret('db') + ':${secret('x')}'",
	 "\"a:<secret db>:<secret x>\""},
	{"['a', secret('db')].join(':')", "\"a:<secret db>\""},
	{"b64(secret('db'))", "\"<b64 secret db>\""},
	{"hex(secret('db'))", "\"<hex secret db>\""},
	{"sha256(secret('new'))", "\"<sha256 secret new, not made>\""},
	{"'Basic ' + b64(secret('db'))", "\"Basic <b64 secret db>\""},
	{"secret('db') ?? 'x'", "\"<secret db>\""},
	{"{pw: secret('a')}.pw", "\"<secret a>\""},
	{"[secret('a'), secret('a')]", "[\"<secret a>\",\"<secret a>\"]"},
	{"pw + '!'", "\"<secret db>!\""},
	{"tls.pw", "\"<secret db>\""},
	{"provider.nothing ?? 'n'", "\"n\""},
	{"web", "{\"port\":80,\"url\":\"http://web1.example.com/\"}"},
	{"empty", "{}"},
	{"none", "[]"},
	{"  1  ", "1"},
};

/* The value as JSON, or the first fault. */
static struct keep_slice value(struct keep_mem *m, struct keep_world *w,
			       const char *text)
{
	struct keep_problems ps = {.mem = m};
	struct keep_buf b = {.mem = m};
	struct keep_eval *ev = keep_eval_new(m, w);
	struct keep_json v;

	if (!ev || keep_eval_text(ev, keep_world_node(w, KEEP_S("web1")),
				  keep_slice(text), &ps, &v))
		return ps.first ? ps.first->message : KEEP_S("no value");
	keep_json_put(&b, &v, KEEP_JSON_COMPACT);
	return keep_buf_get(&b);
}

static void is_value(struct keep_world *w, const char *text, const char *gives)
{
	KEEP_AUTO(keep_mem) mem = {0};

	is_text(value(&mem, w, text), gives, "%s is %s", text, gives);
}

static void help(struct keep_world *w)
{
	KEEP_AUTO(keep_mem) mem = {0};
	struct keep_buf b = {.mem = &mem};
	const struct keep_expr_fn *fn;
	size_t i;

	keep_expr_help(&b);
	for (i = 0; (fn = keep_expr_fn_at(i)); i++) {
		is_value(w, fn->example, fn->gives);
		ok(memmem(b.p, b.len, fn->example, strlen(fn->example)),
		   "the help shows an example of %s", fn->name);
	}
}

/* Every beginning of every text above: a value, or faults that are told. */
static void truncated(struct keep_world *w)
{
	size_t i, len, bad = 0;

	for (i = 0; i < KEEP_COUNT(facts); i++)
		for (len = 0; len < strlen(facts[i].text); len++) {
			KEEP_AUTO(keep_mem) mem = {0};
			struct keep_problems ps = {.mem = &mem};
			struct keep_eval *ev = keep_eval_new(&mem, w);
			struct keep_slice s = {facts[i].text, len};
			struct keep_json v;
			int rc = !ev ? 0 : keep_eval_text(ev, w->nodes, s, &ps,
							  &v);

			bad += (rc != 0) != (ps.total != 0);
		}
	is_int(bad, 0, "every beginning of these is a value or is refused");
}

/* An evaluator that may use ever more memory, until it is enough. */
static void without_memory(struct keep_world *w)
{
	const struct keep_node *n = keep_world_node(w, KEEP_S("db1"));
	size_t limit, bad = 0;
	int rc = -KEEP_E_NO_MEMORY;

	for (limit = 16; rc && limit < 1 << 20; limit += 16) {
		KEEP_AUTO(keep_mem) told = {0};
		struct keep_mem mem = {.limit = limit};
		struct keep_problems ps = {.mem = &told};
		struct keep_eval *ev = keep_eval_new(&mem, w);
		struct keep_json v;

		if (ev)
			rc = keep_eval_node(ev, n, &ps, &v);
		bad += (rc && rc != -KEEP_E_NO_MEMORY) || ps.total;
		keep_mem_end(&mem);
	}
	ok(!rc && limit > 1024, "a node is evaluated when memory is enough");
	is_int(bad, 0, "a lack of memory is told as that, not as a fault");
}

int main(void)
{
	KEEP_AUTO(keep_mem) mem = {0};
	struct keep_world w;
	size_t i;

	if (!ok(expr_world(&w, &mem, expr_world_text), "the world is read"))
		return done();
	for (i = 0; i < KEEP_COUNT(facts); i++)
		is_value(&w, facts[i].text, facts[i].gives);
	expr_mend(&w);
	help(&w);
	truncated(&w);
	without_memory(&w);
	return done();
}
