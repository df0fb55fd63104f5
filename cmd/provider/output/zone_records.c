/* The records of a zone: those that nodes and their services bring by
 * themselves, and the lists `dns.records` of the provider and of nodes (which
 * inherit those of their services). */
#include "../instance/merge.h"
#include "zone.h"

enum { TTL = 3600 };

/* Services that answer for the domain, as the default platform and leap's
 * call them. */
static const struct {
	const char *service;
	enum keep_rr type;
	const char *before; /* the name */
} duties[] = {
	{"dns", KEEP_RR_NS, ""},
	{"mail", KEEP_RR_MX, "10 "},
	{"mx", KEEP_RR_MX, "10 "},
};

/* --- names ---------------------------------------------------------------- */

/* How many bytes of S stand before ".ZONE"; s.len + 1: S is not in it. */
static size_t inside(const struct keep_zone *z, struct keep_slice s)
{
	size_t at = s.len - z->name.len;

	if (s.len < z->name.len ||
	    strncasecmp(s.p + at, z->name.p, z->name.len) != 0)
		return s.len + 1;
	if (at == 0)
		return 0;
	return at >= 2 && s.p[at - 1] == '.' ? at - 1 : s.len + 1;
}

struct keep_slice keep_zone_name(const struct keep_zone *z,
				 struct keep_slice s, bool full)
{
	size_t len;

	if (s.len == 0)
		return (struct keep_slice){0};
	if (s.len > 1 && s.p[s.len - 1] == '.') {
		s.len--;
		full = true;
	}
	len = inside(z, s);
	if (!full && (len > s.len || keep_slice_is(s, "@")))
		len = keep_slice_is(s, "@") ? 0 : s.len;
	if (len == 0)
		return KEEP_S("@");
	s.len = len > s.len ? 0 : len;
	return (keep_domain_ok(s) || keep_slice_is(s, "*")) &&
	       s.len + 1 + z->name.len <= 253 ?
		keep_env_lower(z->x, s) : (struct keep_slice){0};
}

/* --- by themselves -------------------------------------------------------- */

static void add(struct keep_zone *z, enum keep_rr type, struct keep_slice name,
		struct keep_slice value, const struct keep_json *at)
{
	struct keep_record r = {.name = name, .type = type, .at = at};
	const char *wanted;

	z->records.failed |= !value.p;
	if (value.p && name.p && keep_zone_value(z, value, &r, &wanted))
		keep_buf_put(&z->records, &r, sizeof r);
}

static bool is_true(const struct keep_json *tree, const char *path, bool dflt)
{
	const struct keep_json *v = keep_json_at(tree, keep_slice(path));

	return v && v->type == KEEP_JSON_BOOL ? v->number : dflt;
}

static void add_addresses(struct keep_zone *z, const struct keep_env_node *n,
			  struct keep_slice name, const struct keep_json *at)
{
	bool networks = is_true(n->tree, "dns.networks", true);
	struct keep_buf text = {.mem = z->x->c->mem};
	size_t i;

	for (i = 0; i < n->n_ips; i++) {
		if (n->ips[i].is_network && !networks)
			continue;
		text = (struct keep_buf){.mem = z->x->c->mem};
		keep_ip_put(&text, &n->ips[i].ip);
		add(z, n->ips[i].ip.len == 4 ? KEEP_RR_A : KEEP_RR_AAAA, name,
		    keep_buf_get(&text), at);
	}
}

static void add_duties(struct keep_zone *z, const struct keep_env_node *n)
{
	struct keep_mem *m = z->x->c->mem;
	size_t i, j;

	for (i = 0; i < n->node->services.n && n->full.p; i++)
		for (j = 0; j < KEEP_COUNT(duties); j++)
			if (keep_slice_is(n->node->services.v[i],
					  duties[j].service))
				add(z, duties[j].type, KEEP_S("@"),
				    keep_mem_print(m, "%s%.*s.",
						   duties[j].before,
						   KEEP_F(n->full)),
				    keep_json_at(n->tree,
						 KEEP_S("domain.full")));
}

static void add_node(struct keep_zone *z, const struct keep_env_node *n)
{
	struct keep_slice name;
	size_t i;

	if (!is_true(n->tree, "dns.public", false))
		return;
	for (i = 0; i < n->n_names; i++) {
		name = keep_zone_name(z, n->names[i].text, true);
		if (n->names[i].is_public && name.p)
			add_addresses(z, n, name, n->names[i].at);
	}
	add_duties(z, n);
}

/* Mail of the domain comes from those that take it (RFC 7208). */
static void add_spf(struct keep_zone *z)
{
	const struct keep_record *v = (const void *)z->records.p;
	size_t i, n = z->records.len / sizeof *v;

	for (i = 0; i < n && !z->has_spf; i++)
		if (v[i].type == KEEP_RR_MX && v[i].target.p &&
		    keep_slice_is(v[i].name, "@")) {
			add(z, KEEP_RR_TXT, KEEP_S("@"),
			    KEEP_S("v=spf1 mx -all"), v[i].at);
			return;
		}
}

/* --- the provider's settings ---------------------------------------------- */

static void add_caa(struct keep_zone *z, const struct keep_json *v)
{
	struct keep_slice s = keep_json_text(v);

	if (v->type == KEEP_JSON_TEXT && keep_domain_ok(s))
		add(z, KEEP_RR_CAA, KEEP_S("@"),
		    keep_mem_print(z->x->c->mem, "0 issue %.*s", KEEP_F(s)),
		    v);
	else
		keep_problem_at(z->x->ps, v, "'dns.caa' must be names of those "
				"that may issue certificates");
}

/* A mail address as a name: dots before the '@' are no separators. */
static void read_contact(struct keep_zone *z, const struct keep_json *v)
{
	struct keep_buf b = {.mem = z->x->c->mem};
	struct keep_slice s = keep_json_text(v), host = {0};
	const char *at = s.p ? memchr(s.p, '@', s.len) : NULL;
	size_t i, n = at ? (size_t)(at - s.p) : 0;

	for (i = 0; i < n; i++) {
		if (!isalnum((unsigned char)s.p[i]) && !strchr("._+-", s.p[i]))
			break;
		keep_buf_print(&b, s.p[i] == '.' ? "\\%c" : "%c", s.p[i]);
	}
	if (at)
		host = (struct keep_slice){at + 1, s.len - n - 1};
	keep_buf_print(&b, ".%.*s", KEEP_F(host));
	if (n && i == n && n <= 63 && keep_domain_ok(host) &&
	    keep_env_is_host(host))
		z->contact = keep_buf_get(&b);
	else
		keep_problem_at(z->x->ps, v, "'dns.contact' must be a mail "
				"address");
	z->records.failed |= b.failed;
}

static void read_settings(struct keep_zone *z, const struct keep_json *dns)
{
	const struct keep_json *v = keep_json_get(dns, KEEP_S("caa"));
	uint32_t i;

	z->ttl = TTL;
	keep_zone_ttl(z, keep_json_get(dns, KEEP_S("ttl")), &z->ttl);
	if (v && v->type == KEEP_JSON_TEXT)
		add_caa(z, v);
	for (i = 0; v && v->type == KEEP_JSON_LIST && i < v->n; i++)
		add_caa(z, &v->list[i]);
	v = keep_json_get(dns, KEEP_S("contact"));
	if (v && v->type != KEEP_JSON_NULL)
		read_contact(z, v);
	keep_zone_rows(z, keep_json_get(dns, KEEP_S("records")));
}

int keep_zone_gather(struct keep_zone *z, struct keep_err *e)
{
	struct keep_json dns;
	size_t i;
	int code = keep_env_path(z->x, &z->x->self, "provider.dns", &dns, e);

	if (code)
		return code;
	read_settings(z, &dns);
	for (i = 0; i < z->x->n_nodes; i++) {
		add_node(z, &z->x->nodes[i]);
		keep_zone_rows(z, keep_json_at(z->x->nodes[i].tree,
					       KEEP_S("dns.records")));
	}
	add_spf(z);
	return keep_buf_check(&z->records, e);
}
