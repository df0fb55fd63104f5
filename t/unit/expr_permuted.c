/* uses: provider */
/* What names nodes have changes no relation, and no local port but theirs. */
#include "tap.h"
#include "expr_stage.h"

enum { NODES = 9, TRIES = 40, TARGETS = 250 };

/* Node i, which links to those whose number is in the list; what it tells of
 * relations are numbers, so that it must be the same under other names. */
static void put_node(struct keep_buf *b, const char *name, int i)
{
	static const char *const to[NODES] = {
		"1, 2, 3", "0", "", "3, 4, 5, 6, 7, 8", "4", "", "0, 1, 2",
		"8", "0, 1, 2, 3, 4, 5, 6, 7, 8",
	};

	keep_buf_print(b, "%s\"%s\": {" E ", \"i\": %d, "
		       "\"ip_address\": \"10.0.0.%d\", "
		       "\"early\": \"= inbound().map(e: nodes[e.from].i * "
		       "100000 + e.port).sort()\", "
		       "\"to\": {\"a\": \"= link(nodes[i: [%s]], %d)\", "
		       "\"b\": \"= link(nodes[i: [%s]], 9000)\"}, "
		       "\"hosts\": \"= hosts().keys().map(n: nodes[n].i)"
		       ".sort()\", "
		       "\"heard\": \"= nodes.where(n: self.i in n.hosts)"
		       ".field('i').sort()\", "
		       "\"ports\": \"= to.a.values().map(l: l.local_port)"
		       ".count()\"}",
		       b->len ? ", " : "", name, i, i + 1, to[i], 1000 + i,
		       to[(i + 1) % NODES]);
}

/* Node i has the name of order[i]. */
static bool world_of(struct stage *s, const int *order)
{
	KEEP_AUTO(keep_buf) b = {0};
	char name[8];
	int i;

	for (i = 0; i < NODES; i++) {
		snprintf(name, sizeof name, "n%c", 'a' + order[i]);
		put_node(&b, name, i);
	}
	keep_buf_byte(&b, '\0');
	return !b.failed && set_up(s, b.p);
}

/* What every node tells, by number, and all edges, by numbers. */
static bool tells(struct stage *s, const int *order, struct keep_slice *out,
		  bool edge[NODES][NODES])
{
	static const char *const paths[] = {
		"early", "hosts", "heard", "ports",
	};
	int number[NODES], i, k;
	const struct keep_edge *edges;
	size_t n, at;
	bool found;

	for (i = 0; i < NODES; i++) {
		struct keep_buf b = {.mem = &s->mem};

		number[order[i]] = i;
		for (k = 0; k < 4; k++) {
			if (keep_eval_path(s->ev, &s->w.nodes[order[i]],
					   keep_slice(paths[k]), &found,
					   &s->ps, &s->v))
				return false;
			keep_buf_slice(&b, json(s));
		}
		out[i] = keep_buf_get(&b);
	}
	if (keep_eval_edges(s->ev, &s->ps, &edges, &n))
		return false;
	for (at = 0; at < n; at++)
		edge[number[edges[at].from]][number[edges[at].to]] = true;
	return true;
}

static void shuffle(int *order, unsigned seed)
{
	int i, k, was;

	for (i = NODES - 1; i > 0; i--) {
		seed = seed * 1103515245u + 12345u;
		k = (int)(seed >> 16) % (i + 1);
		was = order[i];
		order[i] = order[k];
		order[k] = was;
	}
}

static bool is_same(const struct keep_slice *a, const struct keep_slice *b)
{
	int i;

	for (i = 0; i < NODES; i++)
		if (!keep_slice_eq(a[i], b[i]))
			return false;
	return true;
}

static void permuted(void)
{
	int order[NODES] = {0, 1, 2, 3, 4, 5, 6, 7, 8};
	struct keep_slice want[NODES], got[NODES];
	bool edges[NODES][NODES] = {{false}}, other[NODES][NODES];
	struct stage first, s;
	unsigned i, bad = 0;

	need(world_of(&first, order) && tells(&first, order, want, edges));
	is_text(want[2], "[1000,509000,601006,709000,801008,809000]"
		"[0,3,4,5,6,7,8][0,3,4,5,6,7,8]0",
		"a node tells who links to it");
	for (i = 0; i < TRIES; i++) {
		shuffle(order, i);
		memset(other, 0, sizeof other);
		need(world_of(&s, order));
		bad += !tells(&s, order, got, other) || !is_same(want, got) ||
		       !keep_bytes_equal(edges, other, sizeof edges);
		stage_end(&s);
	}
	is_int(bad, 0, "nodes with other names have the same relations");
	stage_end(&first);
}

/* A node that links to many, in two ways; MORE: other nodes. */
static bool many(struct stage *s, const char *more)
{
	KEEP_AUTO(keep_buf) b = {0};
	int i;

	keep_buf_print(&b, "\"a\": {" E ", \"ip_address\": \"10.0.0.1\", "
		       "\"x\": \"= link(nodes[to: true], 80)\", "
		       "\"y\": \"= link(nodes[to: true], 443)\", "
		       "\"ports\": \"= (x.values() + y.values())"
		       ".map(l: l.local_port)\", "
		       "\"uniq\": \"= ports.uniq().count()\", "
		       "\"fit\": \"= ports.all(p: p >= 20000 && p < 30000)\"}"
		       "%s", more);
	for (i = 0; i < TARGETS; i++)
		keep_buf_print(&b, ", \"b%d\": {" E ", \"to\": true, "
			       "\"ip_address\": \"10.0.1.%d\"}", i, i + 1);
	keep_buf_byte(&b, '\0');
	return !b.failed && set_up(s, b.p);
}

static struct keep_slice at(struct stage *s, const char *path)
{
	const struct keep_node *n = keep_world_node(&s->w, KEEP_S("a"));
	bool found;

	if (keep_eval_path(s->ev, n, keep_slice(path), &found, &s->ps, &s->v))
		return told(s);
	return json(s);
}

/* The local ports of a whole node, evaluated in two steps. */
static struct keep_slice whole(struct stage *s)
{
	struct keep_json v;
	bool later;
	size_t i;

	need(many(s, ""));
	for (i = 0; i < s->w.n_nodes; i++)
		need(!keep_eval_early(s->ev, &s->w.nodes[i], &s->ps, &s->v,
				      &later));
	node(s, "a");
	v = s->v;
	s->v = expr_at(&v, "ports");
	return json(s);
}

static void local_ports(void)
{
	struct stage s, other;

	need(many(&s, ""));
	is_text(at(&s, "uniq"), "500", "no two links of a node have the same "
		"local port");
	is_text(at(&s, "fit"), "true", "all are from 20000 to 29999");
	is_text(at(&s, "x.b7_80.local_port"), "26536",
		"a local port follows from the name and the port");
	need(many(&other, ", \"aa\": {" E ", \"ip_address\": \"10.0.2.1\"}, "
		  "\"zz\": {" E ", \"ip_address\": \"10.0.2.2\", \"x\": "
		  "\"= link(nodes['a'], 80)\"}"));
	is_slice(at(&other, "ports"), at(&s, "ports"), "nodes that come to it "
		 "change no local port of others");
	stage_end(&other);
	is_slice(whole(&other), at(&s, "ports"), "a local port that another "
		 "link has taken is not in any value");
	stage_end(&other);
	stage_end(&s);
}

int main(void)
{
	permuted();
	local_ports();
	return done();
}
