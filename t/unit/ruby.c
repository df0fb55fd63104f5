/* uses: provider */
#include <string.h>
#include "../../cmd/provider/leap/leap.h"
#include "tap.h"

/* What expressions of leap become. */
static const struct {
	const char *ruby, *kx;
} facts[] = {
	{"nil", "null"},
	{"'it\\'s $5'", "'it''s $$5'"},
	{"\"a\\tb\\\"c\"", "'a\tb\"c'"},
	{"%(x(#{y})#{z.w})", "'x(${y})${z.w}'"},
	{"%q(#{y})", "'#{y}'"},
	{":\"a b\"", "'a b'"},
	{"1_000 + 2 * (3 - a)", "1000 + 2 * (3 - a)"},
	{"[1, 'a', [nil]]", "[1, 'a', [null]]"},
	{"{:a => 1, 'b' => 2, c: {}}", "{a: 1, b: 2, c: {}}"},
	{"a.b.c", "a.b.c"},
	{"a&.b", "a?.b"},
	{"self.a", "a"},
	{"node.a", "a"},
	{"services", "self.services"},
	{"self['a.b']", "self?.a?.b"},
	{"self['a-b'].c", "self['a-b'].c"},
	{"a[:b]", "a?.b"},
	{"a[:b].c", "a.b.c"},
	{"a['b-c']", "a['b-c'] ?? null"},
	{"a[b]", "a[b]"},
	{"a[0]", "a[0] ?? null"},
	{"a[0..18]", "a.slice(0, 19)"},
	{"a[1...3]", "a.slice(1, 2)"},
	{"a || 'b'", "a ?? 'b'"},
	{"a['b'] || a.c || 1", "a.b ?? a.c ?? 1"},
	{"a == 1 || b == 2", "a == 1 || b == 2"},
	{"a == 1 || b", "a == 1 ? true : b"},
	{"a || true", "a ?? false || true"},
	{"a && b", "a ?? false ? b : a"},
	{"a != 1 && b.nil?", "a != 1 && b == null"},
	{"!a", "!(a ?? false)"},
	{"!!a", "!(a in [null, false])"},
	{"!!try{a[b]}", "!((a[b] ?? null) in [null, false])"},
	{"a ? b : c ? d : e", "a ?? false ? b : c ?? false ? d : e"},
	{"a if b", "b ?? false ? a : null"},
	{"a unless b == 1", "b == 1 ? null : a"},
	{"try{a.b.first.c}", "a.b.first().c ?? null"},
	{"try{a.b} || try{c.d} || []", "a.b ?? c.d ?? []"},
	{"try{nodes.values.first.a}", "nodes.first().a ?? null"},
	{"try{nodes.values.first.pick_fields(:a)}",
	 "nodes.first() == null ? null : nodes.first().fields('a')"},
	{"nodes", "nodes"},
	{"nodes_like_me[:a => 'x']", "peers[a: 'x']"},
	{"nodes_near_me['a.b' => :x]['c' => '!y']", "near[a.b: 'x', !c: 'y']"},
	{"nodes[:a => 'x', :b => 'y']",
	 "nodes.where(n: n in nodes[a: 'x'] || n in nodes[b: 'y'])"},
	{"nodes['x'].a", "nodes['x'].a"},
	{"nodes[a.keys]", "nodes[name: a.keys()]"},
	{"nodes.keys", "nodes.names()"},
	{"nodes.exclude(self).field('a.b')",
	 "nodes.except(self).field('a.b')"},
	{"nodes.pick_fields('a.b', :c)", "nodes.fields('a.b', 'c')"},
	{"nodes.fields('a.b', 'c')", "nodes.fields('a.b', 'c').values()"},
	{"nodes.fields('a.b')", "nodes.field('a.b').map(x: {a_b: x})"},
	{"nodes.map{|k, n| k + n.a}", "nodes.map(n: n.name + n.a)"},
	{"nodes.any?", "nodes.size() > 0"},
	{"(a ? nodes : nodes_like_me).size",
	 "(a ?? false ? nodes : peers).size()"},
	{"a.map {|x| x.b + x['c'] }", "a.values().map(x: x.b + x?.c)"},
	{"a.collect{|null| null.b}.flatten.compact.uniq.sort",
	 "a.map(null_: null_.b).flatten().compact().uniq().sort()"},
	{"a.map{|name| node.name + name}", "a.map(name: self.name + name)"},
	{"a.select{|l| l['b'] == 1}.any?", "a.values().any(l: l?.b == 1)"},
	{"a.values.reject{|x| x.b}.count",
	 "a.values().where(x: !(x.b ?? false)).size()"},
	{"a.find{|x| x.b == 1}", "a.where(x: x.b == 1).first()"},
	{"a.none?{|x| x.nil?}", "!a.any(x: x == null)"},
	{"a.all?{|x| x > 1}", "a.all(x: x > 1)"},
	{"Hash[a.map{|x| [x, x + 'b']}]", "fromlist(a, x: [x, x + 'b'])"},
	{"a.split('@').join(', ')", "a.split('@').join(', ')"},
	{"a.include?('b')", "'b' in a"},
	{"a.has_key?(:b)", "'b' in a"},
	{"a.sub(/\\.[^\\.]*$/, '.i')",
	 "replace_suffix(a, '.' + a.split('.').last(), '.i')"},
	{"a.sub(/-[^-]*\\z/, '')",
	 "replace_suffix(a, '-' + a.split('-').last(), '')"},
	{"a.sub(/\\.org$/, '.i')", "replace_suffix(a, '.org', '.i')"},
	{"a.gsub('_', '-')", "a.split('_').join('-')"},
	{"a.start_with?('b')", "a.slice(0, len('b')) == 'b'"},
	{"a.end_with?('b')", "replace_suffix(a, 'b', '') != a"},
	{"a.dig(:b, 'c')", "a?.b?.c"},
	{"a.fetch('b', 1)", "a.b ?? 1"},
	{"'v' + a.to_s", "'v' + str(a)"},
	{"a.to_i", "int(str(a))"},
	{"a.b.to_json", "json(a.b)"},
	{"a.upcase + a.downcase", "a.upper() + a.lower()"},
	{"global.services[:a].b", "services.a.b"},
	{"env.provider.a", "provider.a"},
	{"Leap::Platform.version.to_s", "platform.version"},
	{"secret :a", "secret('a')"},
	{"hex_secret(:a, 128)", "secret('a')"},
	{"base32_secret('a_' + name)", "secret('a_' + name)"},
	{"\"x:#{secret :a}\"", "'x:${secret('a')}'"},
	{"rand_range('a', 1..b)", "randint('a', 1, b)"},
	{"rand_range('a', 1...9)", "randint('a', 1, 9 - 1)"},
	{"file :ca_cert, :missing => 'it'", "file('ca/ca.crt')"},
	{"file('a/b')", "file('a/b')"},
	{"try_file [:commercial_cert, a.b]", "file?('cert/${a.b}.crt')"},
	{"file :node_x509_key", "file('nodes/${name}/${name}.key')"},
	{"file_path 'files/a'", "file?('a') == null ? null : send('a')"},
	{"fingerprint(:ca_cert)",
	 "fingerprint('ca/ca.crt').split(':').join(': ')"},
	{"remote_file_path(:dkim_pub_key) { generate_dkim_key }",
	 "keypair('mx-dkim', 'rsa2048').public"},
	{"remote_file_path('a/b.key') { generate_dkim_key(c.d) }",
	 "keypair('a-b', 'rsa' + str(c.d)).private"},
	{"tor_private_key_path(:node_tor_priv_key, 'RSA')",
	 "keypair('nodes-${name}-tor', 'RSA'.lower()).private"},
	{"pick_node(:a, nodes).b", "pick('a_' + name, nodes).b"},
	{"try{pick_node(:a, nodes_near_me[:b => 1]).c} || "
	 "try{pick_node(:a, nodes[:b => 1]).c}",
	 "pick('a_' + name, near[b: 1] ?? nodes[b: 1]).c ?? null"},
	{"stunnel_client(nodes[:a => 'b'], c.d)",
	 "link(nodes[a: 'b'].except(self), c.d)"},
	{"stunnel_server(5)",
	 "{accept_port: 5 < 50000 ? 5 + 10000 : 5 - 10000, connect_port: 5}"},
	{"stunnel_firewall", "inbound()"},
	{"hosts_file", "hosts()"},
	{"host_ips(nodes_like_me)", "ips(peers)"},
	{"hostnames(nodes)", "nodes.field('domain.name')"},
	{"vagrant? ? 1 : 2", "environment == 'local' ? 1 : 2"},
	{"error 'x'", "error('x')"},
};

/* What has no counterpart, and a word of why. */
static const struct {
	const char *ruby, *why;
} refused[] = {
	{"", "1 to"},
	{"`id`", "runs a command"},
	{"eval('x')", "`eval`"},
	{"system('id')", "macro `system`"},
	{"File.read('x')", "method `read`"},
	{"a.instance_eval('x')", "method `instance_eval`"},
	{"manager.env(a).provider", "method `env`"},
	{"env(a).provider", "`env` with 1 argument"},
	{"service_levels()", "macro `service_levels`"},
	{"onion_address(:node_tor_pub_key)", "macro `onion_address`"},
	{"Leap::Platform", "object of leap"},
	{"Leap::Platform.facts", "`facts` of an object"},
	{"global[:x]", "of an object of leap"},
	{"file :provider_json_template", "template in ruby"},
	{"file 'a.erb'", "template in ruby"},
	{"file :nothing_known", "the file :nothing_known"},
	{"remote_file_path(:ca_cert) { x }", "makes a file"},
	{"fingerprint(local_file_path(:dkim_pub_key), :mode => :rsa)",
	 "SHA-1"},
	{"secret('Big')", "no name here"},
	{"secret(:a) == 'x'", "compares a secret"},
	{"(name + secret(:a))[0..18]", "a part of a secret"},
	{"secret(:a).size", "`size` of a secret"},
	{"a.sub(/b.c$/, '')", "the pattern"},
	{"a.sub(/\\.[^.]+$/, '')", "the pattern"},
	{"a.sub(/^b/, '')", "the pattern"},
	{"a.sub(/b$/, '\\1')", "no written text"},
	{"a.sub('b', 'c')", "`sub` of that pattern"},
	{"a =~ /x/", "`=~"},
	{"a / 2", "operator `/`"},
	{"'%s' % a", "operator `%`"},
	{"'a' ? 1 : 2", "holds for true"},
	{"a[-1]", "counted from the end"},
	{"a.map{|k, v| v}", "2 parameters"},
	{"a.map{ 1 }", "0 parameters"},
	{"a.field('b')", "no set of nodes"},
	{"host_ips(a)", "no set of nodes"},
	{"{'a-b' => 1}", "no name"},
	{"'<secret a>'", "stands for a secret"},
	{"1..2", "stands alone"},
	{"/a/", "stands alone"},
	{"1.5", "integer"},
	{"9223372036854775808", "64 bits"},
	{"\"\\u0041\"", "escape"},
	{"a; b", "the end"},
	{"a = 1", "the end"},
	{"'a", "no end"},
	{"(a", "`)`"},
};

static int rewrite(struct keep_mem *m, const char *text, size_t len,
		   struct keep_slice *kx, struct keep_err *e)
{
	struct keep_ruby ruby = {.text = {text, len}};

	return keep_ruby_rewrite(m, &ruby, kx, e);
}

static bool refuses(const char *text, const char *why)
{
	KEEP_AUTO(keep_mem) mem = {0};
	struct keep_slice kx = {0};
	struct keep_err e = {0};
	int rc = rewrite(&mem, text, strlen(text), &kx, &e);
	bool good = rc == -KEEP_E_BAD_ARGS && strstr(e.message, why);

	if (!good)
		fprintf(stderr, "# %d %s %.*s\n", rc, e.message, KEEP_F(kx));
	return good;
}

/* Every beginning is rewritten or refused; a text without its end, the
 * latter. */
static void truncated(void)
{
	size_t i, len, bad = 0;

	for (i = 0; i < KEEP_COUNT(facts); i++)
		for (len = 0; len < strlen(facts[i].ruby); len++) {
			KEEP_AUTO(keep_mem) mem = {0};
			struct keep_slice kx = {0};
			struct keep_err e = {0};
			int rc = rewrite(&mem, facts[i].ruby, len, &kx, &e);

			bad += rc ? rc != -KEEP_E_BAD_ARGS : !kx.len;
		}
	is_int(bad, 0, "every beginning of these is rewritten or refused");
}

static struct keep_slice repeated(struct keep_mem *m, const char *s, size_t n)
{
	struct keep_buf b = {.mem = m};

	while (n--)
		keep_buf_text(&b, s);
	return keep_buf_get(&b);
}

static void limits(void)
{
	static const char *const parts[] = {
		"stunnel_server(", "(", "[", "!", "!!", "-", "{a: ", "a ? ",
		"a && (", "a || (", "try{a.b(", "a.map{|x| ", "\"#{", "a[",
		"a.b.", "x.first.map{|y| ", "try{a.first.map{|y| ",
	};
	KEEP_AUTO(keep_mem) mem = {0};
	struct keep_slice s, kx;
	struct keep_err e;
	size_t i, n, bad = 0;

	for (i = 0; i < KEEP_COUNT(parts); i++)
		for (n = 10; n < 2000; n *= 5) {
			e = (struct keep_err){0};
			s = repeated(&mem, parts[i], n);
			bad += rewrite(&mem, s.p, s.len, &kx, &e) !=
			       -KEEP_E_BAD_ARGS;
			keep_mem_reset(&mem);
		}
	is_int(bad, 0, "what is nested without end is refused");
	for (i = 0; i < 300; i += 7) {
		struct keep_buf b = {.mem = &mem};

		e = (struct keep_err){0};
		keep_buf_slice(&b, repeated(&mem, "stunnel_server(", i));
		keep_buf_byte(&b, '1');
		keep_buf_slice(&b, repeated(&mem, ")", i));
		s = keep_buf_get(&b);
		bad += rewrite(&mem, s.p, s.len, &kx, &e) &&
		       e.code != KEEP_E_BAD_ARGS;
		bad += mem.used > 8 << 20;
		keep_mem_reset(&mem);
	}
	is_int(bad, 0, "what would become longer and longer is refused");
}

int main(void)
{
	size_t i;

	for (i = 0; i < KEEP_COUNT(facts); i++) {
		KEEP_AUTO(keep_mem) m = {0};
		struct keep_slice kx = {0};
		struct keep_err e = {0};

		if (rewrite(&m, facts[i].ruby, strlen(facts[i].ruby), &kx, &e))
			kx = keep_slice(e.message);
		is_text(kx, facts[i].kx, "%s becomes %s", facts[i].ruby,
			facts[i].kx);
	}
	for (i = 0; i < KEEP_COUNT(refused); i++)
		ok(refuses(refused[i].ruby, refused[i].why),
		   "%s is not rewritten: %s", refused[i].ruby, refused[i].why);
	ok(refuses("a\nb", "the end"), "a second line is not read");
	ok(refuses("\xff", "UTF-8"), "what is not UTF-8 is not read");
	truncated();
	limits();
	return done();
}
