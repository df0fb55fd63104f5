/* Macros of leap: words that a node's expressions may call. */
#include "ruby_rw.h"

static struct keep_slice property(struct keep_rw *r, const char *name)
{
	return keep_kx_at(r, keep_rw_end(r, keep_rw_property(r, keep_slice(
		name))), KEEP_KX_POST);
}

/* The first argument, which must be a set of nodes. */
static struct keep_kx set_of(struct keep_rw *r, const struct keep_rb *x)
{
	struct keep_kx k = keep_rw(r, x->kid);

	if (k.s.p && k.type != KEEP_KX_SET)
		return keep_rw_fail(r, "`%.*s` of what is no set of nodes",
				    KEEP_F(x->text));
	return k;
}

static struct keep_kx object(struct keep_rw *r, const struct keep_rb *x)
{
	(void)r;
	(void)x;
	return (struct keep_kx){KEEP_S(""), KEEP_KX_POST,
				.type = KEEP_KX_GLOBAL};
}

static struct keep_kx self(struct keep_rw *r, const struct keep_rb *x)
{
	static const struct keep_rb node = {.kind = KEEP_RB_SELF};

	(void)x;
	return keep_rw(r, &node);
}

static struct keep_kx vagrant(struct keep_rw *r, const struct keep_rb *x)
{
	(void)x;
	return keep_kx_make(r, KEEP_KX_CMP, KEEP_KX_BOOL, "%.*s == 'local'",
			    KEEP_F(property(r, "environment")));
}

/* --- secrets -------------------------------------------------------------- */

static struct keep_kx secret(struct keep_rw *r, const struct keep_rb *x)
{
	return keep_kx_make(r, KEEP_KX_POST, KEEP_KX_SECRET, "secret(%.*s)",
			    KEEP_F(keep_rw_name(r, x->kid).s));
}

static struct keep_kx rand_range(struct keep_rw *r, const struct keep_rb *x)
{
	const struct keep_rb *range = x->last;
	struct keep_kx to;

	if (range->kind != KEEP_RB_RANGE)
		return keep_rw_fail(r, "`rand_range` without a range");
	to = keep_rw(r, range->last);
	return keep_kx_make(r, KEEP_KX_POST, KEEP_KX_INT,
			    range->flag ? "randint(%.*s, %.*s, %.*s - 1)" :
			    "randint(%.*s, %.*s, %.*s)",
			    KEEP_F(keep_rw_name(r, x->kid).s),
			    KEEP_F(keep_rw(r, range->kid).s),
			    KEEP_F(keep_kx_at(r, to, KEEP_KX_SUM)));
}

/* --- nodes and relations -------------------------------------------------- */

/* Machines of somebody's desk see each other only. */
static struct keep_kx host_ips(struct keep_rw *r, const struct keep_rb *x)
{
	struct keep_kx set = set_of(r, x);
	struct keep_slice s = keep_kx_at(r, set, KEEP_KX_POST);

	if (set.mine)
		return keep_kx_make(r, KEEP_KX_POST, KEEP_KX_LIST, "ips(%.*s)",
				    KEEP_F(set.s));
	return keep_kx_make(r, KEEP_KX_POST, KEEP_KX_LIST,
			    "ips(%.*s ? %.*s[environment: 'local'] : "
			    "%.*s[!environment: 'local'])",
			    KEEP_F(vagrant(r, x).s), KEEP_F(s), KEEP_F(s));
}

static struct keep_kx hostnames(struct keep_rw *r, const struct keep_rb *x)
{
	struct keep_kx set = set_of(r, x);

	return keep_kx_make(r, KEEP_KX_POST, KEEP_KX_LIST,
			    "%.*s.field('domain.name')",
			    KEEP_F(keep_kx_at(r, set, KEEP_KX_POST)));
}

static struct keep_kx hosts_file(struct keep_rw *r, const struct keep_rb *x)
{
	struct keep_kx set;

	if (!x->n)
		return keep_kx_make(r, KEEP_KX_POST, KEEP_KX_ANY, "hosts()");
	set = set_of(r, x);
	return keep_kx_make(r, KEEP_KX_POST, KEEP_KX_ANY,
			    "fromlist(%.*s.names(), n: [n, ips(nodes[n])])",
			    KEEP_F(keep_kx_at(r, set, KEEP_KX_POST)));
}

static struct keep_kx stunnel_client(struct keep_rw *r, const struct keep_rb *x)
{
	struct keep_kx set = set_of(r, x), port = keep_rw(r, x->last);

	return keep_kx_make(r, KEEP_KX_POST, KEEP_KX_ANY,
			    "link(%.*s.except(self), %.*s)",
			    KEEP_F(keep_kx_at(r, set, KEEP_KX_POST)),
			    KEEP_F(port.s));
}

/* The port that stands open for all is 10,000 from that of the service. */
static struct keep_kx stunnel_server(struct keep_rw *r, const struct keep_rb *x)
{
	struct keep_kx port = keep_rw(r, x->kid);
	struct keep_slice s = keep_kx_at(r, port, KEEP_KX_SUM);

	return keep_kx_make(r, KEEP_KX_POST, KEEP_KX_ANY,
			    "{accept_port: %.*s < 50000 ? %.*s + 10000 : "
			    "%.*s - 10000, connect_port: %.*s}", KEEP_F(s),
			    KEEP_F(s), KEEP_F(s), KEEP_F(port.s));
}

static struct keep_kx couchdb_port(struct keep_rw *r, const struct keep_rb *x)
{
	(void)x;
	return keep_kx_make(r, KEEP_KX_COND, KEEP_KX_INT,
			    "'couchdb' in %.*s ? %.*s.port : "
			    "%.*s.clients.couch_client.values().first()"
			    ".local_port", KEEP_F(property(r, "services")),
			    KEEP_F(property(r, "couch")),
			    KEEP_F(property(r, "stunnel")));
}

/* Macros whose work nothing here does: a call of one is no property. */
static struct keep_kx none(struct keep_rw *r, const struct keep_rb *x)
{
	return keep_rw_fail(r, "the macro `%.*s`", KEEP_F(x->text));
}

static const struct keep_rw_row rows[] = {
	{.name = "nodes", .kx = "nodes", .type = KEEP_KX_SET},
	{.name = "nodes_like_me", .kx = "peers", .type = KEEP_KX_SET},
	{.name = "nodes_near_me", .kx = "near", .type = KEEP_KX_SET},
	{.name = "provider", .kx = "provider"},
	{.name = "global", .run = object},
	{.name = "env", .run = object},
	{.name = "node", .run = self},
	{.name = "vagrant?", .run = vagrant},
	{.name = "try", .block = KEEP_RW_BLOCK, .run = keep_rw_try},
	{.name = "pick_node", .least = 2, .most = 2, .run = keep_rw_pick},
	{.name = "secret", .least = 1, .most = 2, .run = secret},
	{.name = "hex_secret", .least = 1, .most = 2, .run = secret},
	{.name = "base32_secret", .least = 1, .most = 2, .run = secret},
	{.name = "rand_range", .least = 2, .most = 2, .run = rand_range},
	{.name = "host_ips", .least = 1, .most = 1, .run = host_ips},
	{.name = "hostnames", .least = 1, .most = 1, .run = hostnames},
	{.name = "hosts_file", .most = 1, .run = hosts_file},
	{.name = "stunnel_client", .least = 2, .most = 2, .run = stunnel_client},
	{.name = "stunnel_server", .least = 1, .most = 1, .run = stunnel_server},
	{.name = "stunnel_firewall", .kx = "inbound()", .type = KEEP_KX_LIST},
	{.name = "couchdb_port", .run = couchdb_port},
	/* users/ says whose keys; this, that there are no others. */
	{.name = "authorized_keys", .kx = "'exclusive'", .type = KEEP_KX_TEXT},
	{.name = "enabled_services", .type = KEEP_KX_LIST,
	 .kx = "peers.map(n: n.services).flatten().uniq().where(s: "
	       "(services[s].service_type ?? null) == 'user_service').sort()"},
	{.name = "service_levels", .run = none},
	{.name = "manager", .run = none},
};
const struct keep_rw_rows keep_rw_macros = {rows, KEEP_COUNT(rows)};
