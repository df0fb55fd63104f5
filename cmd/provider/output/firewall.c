/* compiled/ENV/firewall.json: who may reach what, one rule a line. From each
 * node's property `firewall` {NAME: {from, to, port} or a list of them, as
 * inbound() gives}, and from the links between nodes. */
#include "../instance/merge.h"
#include "env.h"

/* One way through: FROM is "*", "sysadmin" or an address. */
struct rule {
	const struct keep_env_node *node; /* which is reached */
	struct keep_ip to;
	struct keep_slice from, port;     /* port: "22", "60000:61000" */
	uint64_t low;                     /* its first one */
	bool bad, told;                   /* a part of it was refused */
};
struct rules {
	struct keep_env_build *x;
	const struct keep_env_node *node;
	struct keep_buf v;                /* of rule */
	size_t n;                         /* combinations that were tried */
	bool mixed;                       /* two families met */
};
enum { COMBINATIONS = 1000000 }; /* of lists of rules, in one environment */

static struct keep_slice bytes_of(const struct keep_ip *ip)
{
	return (struct keep_slice){(const char *)ip->bytes, ip->len};
}

static int by_rule(const void *a, const void *b)
{
	const struct rule *x = a, *y = b;
	int order = keep_slice_cmp(x->node->node->name, y->node->node->name);

	if (!order)
		order = (x->to.len > y->to.len) - (x->to.len < y->to.len);
	if (!order)
		order = keep_slice_cmp(bytes_of(&x->to), bytes_of(&y->to));
	if (!order)
		order = (x->low > y->low) - (x->low < y->low);
	if (!order)
		order = keep_slice_cmp(x->port, y->port);
	return order ? order : keep_slice_cmp(x->from, y->from);
}

/* --- a rule's parts ------------------------------------------------------- */

static bool port_ok(struct keep_slice s, uint64_t *v)
{
	return keep_num_uint(s, v) && *v >= 1 && *v <= UINT16_MAX;
}

/* "22" or "60000:61000". */
static bool range_ok(struct keep_slice s, uint64_t *low)
{
	const char *colon = memchr(s.p, ':', s.len);
	struct keep_slice first = {s.p, colon ? (size_t)(colon - s.p) : 0};
	struct keep_slice last = {0};
	uint64_t high;

	if (!colon)
		return port_ok(s, low);
	last = (struct keep_slice){colon + 1, s.len - first.len - 1};
	return port_ok(first, low) && port_ok(last, &high) && high > *low;
}

static bool read_port(struct rules *to, const struct keep_json *v,
		      struct rule *r)
{
	if (v->type == KEEP_JSON_INT)
		r->port = keep_mem_print(to->x->c->mem, "%lld",
					 (long long)v->number);
	else if (v->type == KEEP_JSON_TEXT)
		r->port = keep_json_text(v);
	return r->port.p && range_ok(r->port, &r->low);
}

static bool set_from(struct keep_mem *m, struct keep_slice s, struct rule *r)
{
	struct keep_buf b = {.mem = m};
	struct keep_ip ip;

	r->from = s;
	if (keep_slice_is(s, "*") || keep_slice_is(s, "sysadmin"))
		return true;
	if (!keep_ip_get(s, &ip))
		return false;
	keep_ip_put(&b, &ip);
	r->from = keep_buf_get(&b);
	return !b.failed;
}

/* By which addresses a node reaches that of the rule. What does not is told at
 * the rule's own place; a link's fault was told. */
static bool set_way(struct rules *to, const struct keep_node *from,
		    const struct keep_json *at, struct rule *r)
{
	const struct keep_edge edge = {
		(uint32_t)from->index, (uint32_t)r->node->node->index,
		(uint16_t)r->low, 0
	};
	struct keep_problems ps = {.mem = to->x->c->mem};
	struct keep_reach way;

	r->told = keep_eval_reach(to->x->b->ev, &edge, &ps, &way) != 0;
	if (ps.first && at &&
	    keep_problem_at(to->x->ps, at, "%.*s", KEEP_F(ps.first->message)))
		keep_problem_hint(to->x->ps, "%.*s", KEEP_F(ps.first->hint));
	return !r->told && set_from(to->x->c->mem, way.own, r) &&
	       keep_ip_get(way.its, &r->to);
}

static bool read_from(struct rules *to, const struct keep_json *v,
		      struct rule *r)
{
	struct keep_slice s = keep_json_text(v);
	const struct keep_node *node;

	if (v->type != KEEP_JSON_TEXT)
		return false;
	node = keep_world_node(to->x->b->world, s);
	return node && node->enabled ? set_way(to, node, v, r) :
				       set_from(to->x->c->mem, s, r);
}

static bool read_to(struct rules *to, const struct keep_json *v,
		    struct rule *r)
{
	(void)to;
	return v->type == KEEP_JSON_TEXT &&
	       keep_ip_get(keep_json_text(v), &r->to);
}

static const struct part {
	const char *key, *wanted;
	bool (*read)(struct rules *to, const struct keep_json *v,
		     struct rule *r);
} parts[] = {
	{"to", "an address", read_to},
	{"port", "a port or a range like 60000:61000", read_port},
	{"from", "'*', 'sysadmin', a node or an address", read_from},
};

/* --- rules ---------------------------------------------------------------- */

static bool same_family(const struct rule *r)
{
	struct keep_ip from;

	return !keep_ip_get(r->from, &from) || from.len == r->to.len;
}

static void refuse(struct rules *to, const struct keep_json *v,
		   const struct part *part)
{
	struct keep_buf b = {.mem = to->x->c->mem};

	if (v->type == KEEP_JSON_OBJECT || v->type == KEEP_JSON_LIST)
		keep_buf_text(&b, keep_json_type_name(v->type));
	else
		keep_json_put(&b, v, KEEP_JSON_COMPACT);
	keep_problem_at(to->x->ps, v, "'%s' of a firewall rule must be %s, "
			"not %.*s", part->key, part->wanted,
			KEEP_F(keep_buf_get(&b)));
}

static void add(struct rules *to, const struct keep_json *rule, size_t part,
		const struct rule *so_far);

static void add_one(struct rules *to, const struct keep_json *rule,
		    size_t part, const struct rule *so_far,
		    const struct keep_json *v)
{
	struct rule r = *so_far;

	if (!parts[part].read(to, v, &r)) {
		if (!r.told)
			refuse(to, v, &parts[part]);
		r.bad = true;
	}
	add(to, rule, part + 1, &r);
}

/* A rule that does not say to where, or names its node, is for all addresses
 * of that. */
static void add_own(struct rules *to, const struct keep_json *rule,
		    const struct rule *so_far)
{
	struct rule r = *so_far;
	size_t i;

	for (i = 0; i < to->node->n_ips; i++) {
		r.to = to->node->ips[i].ip;
		add(to, rule, 1, &r);
	}
}

static void add_whole(struct rules *to, const struct keep_json *rule,
		      const struct rule *r)
{
	if (++to->n > COMBINATIONS)
		keep_problem_at(to->x->ps, rule, "the firewall of '%.*s' has "
				"more than %d combinations of from, to and "
				"port", KEEP_F(to->x->env->name), COMBINATIONS);
	else if (!r->bad && same_family(r))
		keep_buf_put(&to->v, r, sizeof *r);
	else
		to->mixed |= !r->bad;
}

/* Each combination of what the rule's lists hold. */
static void add(struct rules *to, const struct keep_json *rule, size_t part,
		const struct rule *so_far)
{
	const struct keep_json *v;
	uint32_t i;

	if (to->n > COMBINATIONS)
		return; /* it was told */
	if (part == KEEP_COUNT(parts)) {
		add_whole(to, rule, so_far);
		return;
	}
	v = keep_json_get(rule, keep_slice(parts[part].key));
	if (v && v->mark == KEEP_MARK_BROKEN)
		return; /* why was told */
	if (part == 0 && (!v || v->type == KEEP_JSON_NULL ||
			  keep_slice_eq(keep_json_text(v),
					to->node->node->name)))
		add_own(to, rule, so_far);
	else if (v && v->type == KEEP_JSON_LIST)
		for (i = 0; i < v->n; i++)
			add_one(to, rule, part, so_far, &v->list[i]);
	else if (v && v->type != KEEP_JSON_NULL)
		add_one(to, rule, part, so_far, v);
	else
		keep_problem_at(to->x->ps, rule, "a firewall rule needs '%s'",
				parts[part].key);
}

static void add_rule(struct rules *to, const struct keep_json *rule)
{
	static const char *const keys[] = {"from", "to", "port", NULL};
	const struct rule r = {.node = to->node};
	size_t before = to->v.len;

	if (rule->type == KEEP_JSON_NULL)
		return;
	if (rule->type != KEEP_JSON_OBJECT) {
		if (keep_problem_at(to->x->ps, rule, "a firewall rule must be "
				    "an object"))
			keep_problem_hint(to->x->ps, "{\"from\": \"*\", "
					  "\"port\": 443}");
		return;
	}
	keep_env_keys(to->x, rule, "a firewall rule", keys);
	to->mixed = false;
	add(to, rule, 0, &r);
	if (to->mixed && to->v.len == before)
		keep_problem_at(to->x->ps, rule, "'from' and 'to' of a "
				"firewall rule have no family in common");
}

static void add_node(struct rules *to)
{
	const struct keep_json *v = keep_json_get(to->node->tree,
						  KEEP_S("firewall"));
	const struct keep_json *rule;
	uint32_t i, j;

	/* what is no object is a fault of keep_property_check */
	for (i = 0; v && v->type == KEEP_JSON_OBJECT && i < v->n; i++) {
		rule = &v->members[i].value;
		if (rule->type != KEEP_JSON_LIST)
			add_rule(to, rule);
		for (j = 0; rule->type == KEEP_JSON_LIST && j < rule->n; j++)
			add_rule(to, &rule->list[j]);
	}
}

/* --- links ---------------------------------------------------------------- */

/* The first edge to a node of this index or a later one. */
static size_t first_to(const struct keep_edge *edges, size_t n, size_t index)
{
	size_t low = 0, middle;

	while (low < n) {
		middle = low + (n - low) / 2;
		if (edges[middle].to < index)
			low = middle + 1;
		else
			n = middle;
	}
	return low;
}

static int add_link(struct rules *to, const struct keep_edge *edge,
		    struct keep_err *e)
{
	const struct keep_env_build *x = to->x;
	struct rule r = {
		.node = to->node, .low = edge->port,
		.port = keep_mem_print(x->c->mem, "%u", edge->port),
	};

	if (!r.port.p)
		return keep_no_memory(e);
	if (set_way(to, &x->b->world->nodes[edge->from], NULL, &r))
		keep_buf_put(&to->v, &r, sizeof r);
	return 0;
}

static int add_links(struct rules *to, struct keep_err *e)
{
	const struct keep_edge *edges;
	size_t i, n, index;
	int code = to->x->partial ? -KEEP_E_BAD_ARGS :
		keep_eval_edges(to->x->b->ev, to->x->ps, &edges, &n);

	if (code == -KEEP_E_NO_MEMORY)
		return keep_no_memory(e);
	if (code)
		return 0; /* the fault is told */
	index = to->node->node->index;
	for (i = first_to(edges, n, index);
	     i < n && edges[i].to == index && !code; i++)
		code = add_link(to, &edges[i], e);
	return code;
}

static void put(struct keep_buf *b, const struct rule *r)
{
	bool range = memchr(r->port.p, ':', r->port.len) != NULL;

	keep_buf_text(b, "{\"node\": ");
	keep_json_put_text(b, r->node->node->name);
	keep_buf_text(b, ", \"to\": \"");
	keep_ip_put(b, &r->to);
	keep_buf_print(b, range ? "\", \"port\": \"%.*s\"" :
		       "\", \"port\": %.*s", KEEP_F(r->port));
	keep_buf_text(b, ", \"from\": ");
	keep_json_put_text(b, r->from);
	keep_buf_byte(b, '}');
}

/* Sorted, each once. */
static void put_all(struct rules *rules, struct keep_buf *b)
{
	struct rule *v = (void *)rules->v.p;
	size_t i, n = rules->v.len / sizeof *v;
	const char *between = "[\n";

	if (n)
		qsort(v, n, sizeof *v, by_rule);
	for (i = 0; i < n; i++) {
		if (i > 0 && by_rule(&v[i - 1], &v[i]) == 0)
			continue;
		keep_buf_text(b, between);
		put(b, &v[i]);
		between = ",\n";
	}
	keep_buf_text(b, n ? "\n]\n" : "[]\n");
}

int keep_env_firewall(struct keep_env_build *x, struct keep_err *e)
{
	struct keep_env_file *f = keep_env_file(x, KEEP_S("firewall.json"));
	struct rules to = {.x = x, .v = {.mem = x->c->mem}};
	size_t i;
	int code = f ? 0 : keep_no_memory(e);

	for (i = 0; i < x->n_nodes && !code; i++) {
		to.node = &x->nodes[i];
		code = add_links(&to, e);
		add_node(&to);
	}
	if (code || to.v.failed)
		return code ? code : keep_no_memory(e);
	put_all(&to, &f->text);
	return keep_buf_check(&f->text, e);
}
