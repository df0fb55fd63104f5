/* uses: provider */
/* Links between nodes: addresses, ports, and what sees them. */
#include "tap.h"
#include "expr_stage.h"

#define IP(ip) "\"ip_address\": \"" ip "\""

/* What a node's path is, or what is told. */
static struct keep_slice at(struct stage *s, const char *name,
			    const char *path)
{
	const struct keep_node *n = keep_world_node(&s->w, keep_slice(name));
	struct keep_problems ps = {.mem = &s->mem};
	bool found;

	s->ps = ps;
	s->rc = keep_eval_path(s->ev, n, keep_slice(path), &found, &s->ps,
			       &s->v);
	return s->rc ? told(s) : json(s);
}

static void is_at(const char *nodes, const char *name, const char *path,
		  const char *want, const char *title)
{
	struct stage s;

	if (!set_up(&s, nodes))
		return;
	is_text(at(&s, name, path), want, "%s", title);
	stage_end(&s);
}

/* Nodes a and b with these members, and what `to` is that a links to. */
static const struct {
	const char *a, *b, *host, *title;
} ways[] = {
	{IP("10.0.0.1"), IP("10.0.0.2"), "\"10.0.0.2\"",
	 "a link leads to the main address"},
	{IP("fd00::1"), IP("fd00::2"), "\"fd00::2\"",
	 "a link between two IPv6 nodes leads to an IPv6 address"},
	{IP("10.0.0.1"), IP("fd00::2") ", \"ip_addresses\": [\"10.0.0.2\"]",
	 "\"10.0.0.2\"", "the family is one that both have"},
	{IP("10.0.0.1") ", \"ip_addresses\": [\"fd00::1\"]", IP("fd00::2"),
	 "\"fd00::2\"", "it may be that of a further address"},
	{IP("10.0.0.1") ", \"ip_addresses\": [\"fd00::1\"]",
	 IP("fd00::2") ", \"ip_addresses\": [\"10.0.0.2\"]", "\"fd00::2\"",
	 "where both have both, the main address is taken"},
	{IP("10.0.0.1") ", \"networks\": {\"lan\": \"192.168.0.1\"}",
	 IP("10.0.0.2") ", \"networks\": {\"lan\": \"192.168.0.2\"}",
	 "\"192.168.0.2\"", "a network that both share goes first"},
	{IP("10.0.0.1") ", \"networks\": {\"vpn\": \"fd00::1\", "
	 "\"lan\": \"192.168.0.1\"}",
	 IP("10.0.0.2") ", \"networks\": {\"vpn\": \"fd00::2\", "
	 "\"lan\": \"192.168.0.2\"}", "\"192.168.0.2\"",
	 "of two networks that both share, the first by name is taken"},
	{IP("10.0.0.1") ", \"networks\": {\"lan\": \"192.168.0.1\"}",
	 IP("10.0.0.2") ", \"networks\": {\"wan\": \"192.168.0.2\"}",
	 "\"10.0.0.2\"", "a network that only one has does not count"},
	{IP("10.0.0.1") ", \"networks\": {\"lan\": \"192.168.0.1\"}",
	 IP("10.0.0.2") ", \"networks\": {\"lan\": \"fd00::2\"}",
	 "\"10.0.0.2\"", "nor one in which their families differ"},
	{"\"networks\": {\"lan\": \"192.168.0.1\"}",
	 "\"networks\": {\"lan\": \"192.168.0.2\"}", "\"192.168.0.2\"",
	 "nodes need no other address than that of a network"},
	{IP("10.0.0.1"), IP("= '10.0.0.' + '2'"), "\"10.0.0.2\"",
	 "an address may be an expression"},
	{IP("10.0.0.1"), IP("fd00::2"), "1:66: a: to: a and b share no "
	 "network, and have no family of addresses in common",
	 "a link without a common family is refused"},
	{IP("10.0.0.1"), "\"x\": 1", "1:66: a: to: a and b share no "
	 "network, and have no family of addresses in common",
	 "a link to a node without an address is refused"},
	{IP("10.0.0.1"), IP("= secret('ip')"), "1:66: a: to: a secret cannot "
	 "be used as an address", "an address is no secret"},
};

static void addresses(void)
{
	char text[1024];
	size_t i;

	for (i = 0; i < KEEP_COUNT(ways); i++) {
		snprintf(text, sizeof text,
			 "\"a\": {" E ", \"to\": \"= link(nodes['b'], 80)\", "
			 "\"host\": \"= to['b_80'].host\", %s}, "
			 "\"b\": {" E ", %s}", ways[i].a, ways[i].b);
		is_at(text, "a", ways[i].host[0] == '"' ? "host" : "to",
		      ways[i].host, ways[i].title);
	}
}

/* Four nodes: c and d are linked to by both a and b, b also by a. */
#define FOUR \
	"\"a\": {" E ", " IP("10.0.0.1") ", " \
	"\"to\": \"= link(nodes[role: 'db'], 5432)\", " \
	"\"b\": \"= link(nodes['b'], 80)\", \"in\": \"= inbound()\"}, " \
	"\"b\": {" E ", " IP("10.0.0.2") ", " \
	"\"ip_addresses\": [\"fd00::2\"], " \
	"\"to\": \"= link(nodes[role: 'db'], 5432)\", " \
	"\"again\": \"= to\", \"twice\": [\"= to\", \"= link(nodes[" \
	"role: 'db'], 5432)\", \"= link(nodes['c'], 22)\"], " \
	"\"in\": \"= inbound()\", \"h\": \"= hosts()\"}, " \
	"\"c\": {" E ", " IP("10.0.0.3") ", \"role\": \"db\", " \
	"\"ip_addresses\": [\"10.1.0.3\", \"fd00::3\"], " \
	"\"networks\": {\"lan\": \"10.0.0.3\"}, " \
	"\"in\": \"= inbound()\", \"h\": \"= hosts()\"}, " \
	"\"d\": {" E ", " IP("10.0.0.4") ", \"role\": \"db\", " \
	"\"from\": \"= inbound().map(e: nodes[e.from].ip_address)\"}, " \
	"\"e\": {" E ", \"enabled\": false, " IP("10.0.0.5") ", " \
	"\"to\": \"= link(nodes['a'], 1)\", \"in\": \"= inbound()\"}"

static const struct {
	const char *node, *path, *gives, *title;
} views[] = {
	{"c", "in", "[{\"from\":\"a\",\"to\":\"c\",\"port\":5432},"
	 "{\"from\":\"b\",\"to\":\"c\",\"port\":22},"
	 "{\"from\":\"b\",\"to\":\"c\",\"port\":5432}]",
	 "a node knows the links to it, each once"},
	{"a", "in", "[]", "nobody links to a"},
	{"b", "in", "[{\"from\":\"a\",\"to\":\"b\",\"port\":80}]",
	 "a node with links of its own knows those to it"},
	{"d", "from", "[\"10.0.0.1\",\"10.0.0.2\"]",
	 "of those that link to it a node may ask more"},
	{"c", "h", "{\"a\":[\"10.0.0.1\"],\"b\":[\"10.0.0.2\",\"fd00::2\"]}",
	 "a node knows the addresses of those that link to it"},
	{"b", "h", "{\"a\":[\"10.0.0.1\"],\"c\":[\"10.0.0.3\",\"fd00::3\"],"
	 "\"d\":[\"10.0.0.4\"]}", "and of those that it links to"},
	{"e", "in", "[]", "a disabled node has no links"},
};

static void four(void)
{
	const struct keep_edge *edges;
	struct keep_reach way;
	struct stage s;
	size_t i, n;

	for (i = 0; i < KEEP_COUNT(views); i++)
		is_at(FOUR, views[i].node, views[i].path, views[i].gives,
		      views[i].title);
	if (!set_up(&s, FOUR))
		return;
	need(!keep_eval_edges(s.ev, &s.ps, &edges, &n));
	need(n == 6);
	ok(edges[0].to == 1 && edges[0].from == 0 && edges[0].port == 80 &&
	   edges[5].to == 3 && edges[5].from == 1,
	   "all links are listed by whom they lead to");
	need(!keep_eval_reach(s.ev, &edges[1], &s.ps, &way));
	is_text(way.own, "10.0.0.1", "an end has an address");
	is_text(way.its, "10.0.0.3", "and so has the other");
	stage_end(&s);
}

/* Worlds where something waits for what waits. */
static const struct {
	const char *nodes, *node, *path, *gives, *title;
} orders[] = {
	{"\"a\": {" E ", " IP("10.0.0.1") ", \"n\": \"= inbound().count()\", "
	 "\"to\": \"= n == 0 ? link(nodes['a'], 80) : {}\"}", "a", "to",
	 "1:129: a: to: link: a relation cannot depend on inbound() or hosts()",
	 "a link that depends on links is refused, where it stands"},
	{"\"a\": {" E ", " IP("10.0.0.1") ", \"n\": [\"= inbound()\", \"= "
	 "nodes['a'].m\"], \"m\": \"= self.n\"}", "a", "m",
	 "1:107: a: n.1: the value needs itself: a: n.1 (w.json:1:104) -> "
	 "a: n.1",
	 "a value that needs itself by way of links is refused"},
	{"\"a\": {" E ", " IP("10.0.0.1") ", \"x\": \"= {to: link(nodes['a'], "
	 "80).keys(), in: inbound()}\"}", "a", "x",
	 "{\"to\":[\"a_80\"],\"in\":[{\"from\":\"a\",\"to\":\"a\","
	 "\"port\":80}]}",
	 "a value may hold a link and ask for all of them"},
	{"\"a\": {" E ", " IP("10.0.0.1") ", \"x\": \"= [inbound(), "
	 "link(nodes['a'], 80)]\"}", "a", "x",
	 "1:103: a: x: link: a relation cannot depend on inbound() or hosts()",
	 "the link goes first, then"},
	{"\"a\": {" E ", " IP("10.0.0.1") ", \"x\": \"= [80, 81].map(p: "
	 "link(nodes['a'], p).values().map(l: l.local_port))\", "
	 "\"n\": \"= inbound().count()\"}", "a", "n", "2",
	 "a value may hold several links, and use them"},
	{"\"a\": {" E ", " IP("10.0.0.1") ", \"n\": \"= inbound().count()\"}, "
	 "\"b\": {" E ", " IP("10.0.0.2") ", \"to\": {\"a\": \"= m\", "
	 "\"b\": \"= [m, l]\"}, \"m\": \"= nodes['a'].n\", \"l\": "
	 "\"= link(nodes['a'], 80)\"}", "b", "to.a", "1",
	 "what waits is evaluated when all links are known"},
	{"\"a\": {" E ", " IP("10.0.0.1") ", \"n\": \"= inbound()\"}, "
	 "\"b\": {" E ", \"x\": \"= 1 / 0\"}", "a", "n",
	 "1:142: b: x: 1 / 0: division by zero",
	 "links are not known while a node has faults"},
	{"\"a\": {" E ", " IP("10.0.0.1") ", \"x\": \"= 1\"}, "
	 "\"b\": {" E ", \"x\": \"= 1 / 0\"}", "a", "x", "1",
	 "who does not ask for links does not see them"},
};

static void waiting(void)
{
	size_t i;

	for (i = 0; i < KEEP_COUNT(orders); i++)
		is_at(orders[i].nodes, orders[i].node, orders[i].path,
		      orders[i].gives, orders[i].title);
}

/* Whole nodes in two steps give what one step gives. */
static void two_steps(void)
{
	struct keep_slice first[5];
	struct stage s;
	bool later[5];
	size_t i;

	if (!set_up(&s, FOUR))
		return;
	for (i = 0; i < 5; i++) {
		s.rc = keep_eval_early(s.ev, &s.w.nodes[i], &s.ps, &s.v,
				       &later[i]);
		need(!s.rc);
	}
	ok(later[0] && later[1] && later[3] && later[4],
	   "a node with links is not final at first");
	for (i = 0; i < 5; i++) {
		need(!keep_eval_node(s.ev, &s.w.nodes[i], &s.ps, &s.v));
		first[i] = json(&s);
	}
	s.ev = keep_eval_new(&s.mem, &s.w);
	need(s.ev);
	for (i = 5; i-- > 0;) {
		need(!keep_eval_node(s.ev, &s.w.nodes[i], &s.ps, &s.v));
		is_slice(json(&s), first[i], "node %zu is the same in one step "
			 "and in any order", i);
	}
	stage_end(&s);
}

/* A text that somebody types. */
static void typed(void)
{
	const struct keep_edge *edges;
	struct stage s;
	size_t n;

	if (!set_up(&s, "\"a\": {" E ", " IP("10.0.0.1") "}"))
		return;
	need(!keep_eval_text(s.ev, s.w.nodes, KEEP_S("link(nodes, 80).keys()"),
			     &s.ps, &s.v));
	is_text(json(&s), "[\"a_80\"]", "a link that is typed has a value");
	need(!keep_eval_text(s.ev, s.w.nodes, KEEP_S("[inbound(), hosts()]"),
			     &s.ps, &s.v));
	is_text(json(&s), "[[],{}]", "but makes no relation");
	need(!keep_eval_edges(s.ev, &s.ps, &edges, &n));
	is_int(n, 0, "nor an edge");
	s.rc = keep_eval_text(s.ev, s.w.nodes, KEEP_S("link(nodes, 0)"), &s.ps,
			      &s.v);
	is_text(told(&s), "1:1: a: link: 0 is no port: 1 to 65535",
		"a port is 1 to 65535");
	stage_end(&s);
}

int main(void)
{
	addresses();
	four();
	waiting();
	two_steps();
	typed();
	return done();
}
