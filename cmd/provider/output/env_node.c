/* What others know a node by: its names, addresses and host keys. */
#include "../instance/reading.h"
#include "env.h"

/* Where names stand. */
static const struct {
	const char *path;
	bool is_public;
} name_paths[] = {
	{"domain.full", true},
	{"name", false},
	{"domain.internal", false},
	{"domain.name", true},
	{"domain.aliases", true},
	{"dns.aliases", true},
};

static bool same_text(struct keep_slice a, struct keep_slice b)
{
	return a.len == b.len && strncasecmp(a.p, b.p, a.len) == 0;
}

bool keep_env_is_host(struct keep_slice name)
{
	return !name.len || !memchr(name.p, '*', name.len);
}

struct keep_slice keep_env_lower(struct keep_env_build *x, struct keep_slice s)
{
	char *p = keep_mem_alloc(x->c->mem, s.len + 1);
	size_t i;

	for (i = 0; p && i < s.len; i++)
		p[i] = (char)tolower((unsigned char)s.p[i]);
	return (struct keep_slice){p, p ? s.len : 0};
}

static void add_name(struct keep_buf *b, const struct keep_json *v,
		     bool is_public)
{
	const struct keep_env_name *old = (const void *)b->p;
	struct keep_env_name new = {keep_json_text(v), v, is_public};
	size_t i;

	/* what is no name is a fault of keep_property_check */
	if (v->type != KEEP_JSON_TEXT || !keep_domain_ok(new.text))
		return;
	for (i = 0; i < b->len / sizeof new; i++)
		if (same_text(old[i].text, new.text))
			return;
	keep_buf_put(b, &new, sizeof new);
}

static int read_names(struct keep_env_build *x, struct keep_env_node *n,
		      struct keep_err *e)
{
	struct keep_buf b = {.mem = x->c->mem};
	const struct keep_json *v;
	size_t i;
	uint32_t j;

	for (i = 0; i < KEEP_COUNT(name_paths); i++) {
		v = keep_json_at(n->tree, keep_slice(name_paths[i].path));
		if (v && v->type == KEEP_JSON_TEXT)
			add_name(&b, v, name_paths[i].is_public);
		for (j = 0; v && v->type == KEEP_JSON_LIST && j < v->n; j++)
			add_name(&b, &v->list[j], name_paths[i].is_public);
	}
	n->names = (const void *)keep_buf_get(&b).p;
	n->n_names = b.len / sizeof *n->names;
	return keep_buf_check(&b, e);
}

static void add_ip(struct keep_buf *b, const struct keep_json *v,
		   bool is_network)
{
	const struct keep_env_ip *old = (const void *)b->p;
	struct keep_env_ip new = {.at = v, .is_network = is_network};
	size_t i;

	if (!keep_ip_get(keep_json_text(v), &new.ip))
		return;
	for (i = 0; i < b->len / sizeof new; i++)
		if (old[i].ip.len == new.ip.len &&
		    keep_bytes_equal(old[i].ip.bytes, new.ip.bytes,
				     new.ip.len))
			return;
	keep_buf_put(b, &new, sizeof new);
}

static int read_ips(struct keep_env_build *x, struct keep_env_node *n,
		    struct keep_err *e)
{
	static const char *const paths[] = {
		"ip_address", "ip_addresses", "networks",
	};
	struct keep_buf b = {.mem = x->c->mem};
	const struct keep_json *v;
	size_t i;
	uint32_t j;

	for (i = 0; i < KEEP_COUNT(paths); i++) {
		v = keep_json_get(n->tree, keep_slice(paths[i]));
		if (v && v->type == KEEP_JSON_TEXT)
			add_ip(&b, v, false);
		for (j = 0; v && v->type == KEEP_JSON_LIST && j < v->n; j++)
			add_ip(&b, &v->list[j], false);
		for (j = 0; v && v->type == KEEP_JSON_OBJECT && j < v->n; j++)
			add_ip(&b, &v->members[j].value, true);
	}
	n->ips = (const void *)keep_buf_get(&b).p;
	n->n_ips = b.len / sizeof *n->ips;
	return keep_buf_check(&b, e);
}

/* A user that means nothing else to ssh. */
static bool user_ok(struct keep_slice s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (!((s.p[i] >= 'a' && s.p[i] <= 'z') ||
		      (s.p[i] >= 'A' && s.p[i] <= 'Z') || s.p[i] == '_' ||
		      (i > 0 && ((s.p[i] >= '0' && s.p[i] <= '9') ||
				 s.p[i] == '-' || s.p[i] == '.'))))
			return false;
	return s.len > 0 && s.len <= 32;
}

static void read_ssh(struct keep_env_build *x, struct keep_env_node *n)
{
	const struct keep_json *v;

	n->port = 22;
	v = keep_json_at(n->tree, KEEP_S("ssh.port"));
	if (v && v->type == KEEP_JSON_INT && v->number > 0 &&
	    v->number <= UINT16_MAX)
		n->port = (uint32_t)v->number;
	v = keep_json_at(n->tree, KEEP_S("ssh.user"));
	if (!v || v->type != KEEP_JSON_TEXT)
		return;
	if (user_ok(keep_json_text(v)))
		n->user = keep_json_text(v);
	else
		keep_problem_at(x->ps, v, "'ssh.user' is no user's name: "
				"'%.*s'", KEEP_F(keep_json_text(v)));
}

static struct keep_slice domain_at(const struct keep_json *tree,
				   const char *path)
{
	const struct keep_json *v = keep_json_at(tree, keep_slice(path));
	struct keep_slice s = {0};

	if (v && v->type == KEEP_JSON_TEXT)
		s = keep_json_text(v);
	return keep_domain_ok(s) && keep_env_is_host(s) ? s :
		(struct keep_slice){0};
}

int keep_env_node(struct keep_env_build *x, struct keep_env_node *n,
		  struct keep_err *e)
{
	int code = read_names(x, n, e);

	if (!code)
		code = read_ips(x, n, e);
	n->full = domain_at(n->tree, "domain.full");
	n->internal = domain_at(n->tree, "domain.internal");
	read_ssh(x, n);
	return code ? code : keep_env_host_keys(x, n, e);
}

/* --- names that two have -------------------------------------------------- */

struct claim {
	struct keep_slice name;
	const struct keep_env_node *node;
	const struct keep_json *at;
};

static int by_claim(const void *a, const void *b)
{
	const struct claim *x = a, *y = b;
	size_t n = x->name.len < y->name.len ? x->name.len : y->name.len;
	int order = strncasecmp(x->name.p, y->name.p, n);

	if (order == 0)
		order = (x->name.len > y->name.len) -
			(x->name.len < y->name.len);
	return order ? order : (x->node > y->node) - (x->node < y->node);
}

static void claim(struct keep_buf *b, const struct keep_env_node *n,
		  const char *path, struct keep_slice name)
{
	struct claim c = {name, n, keep_json_at(n->tree, keep_slice(path))};

	if (name.p)
		keep_buf_put(b, &c, sizeof c);
}

static void tell(struct keep_env_build *x, const struct claim *first,
		 const struct claim *second)
{
	if (keep_problem_at(x->ps, second->at, "node '%.*s' has the name "
			    "'%.*s' of node '%.*s'",
			    KEEP_F(second->node->node->name),
			    KEEP_F(second->name),
			    KEEP_F(first->node->node->name)))
		keep_problem_hint(x->ps, "a name that several share is an "
				  "alias: domain.aliases");
}

int keep_env_names_check(struct keep_env_build *x, struct keep_err *e)
{
	KEEP_AUTO(keep_buf) b = {0};
	struct claim *v;
	size_t i, n;

	for (i = 0; i < x->n_nodes; i++) {
		claim(&b, &x->nodes[i], "domain.full", x->nodes[i].full);
		claim(&b, &x->nodes[i], "domain.internal",
		      x->nodes[i].internal);
	}
	n = b.len / sizeof *v;
	v = (void *)b.p;
	if (n)
		qsort(v, n, sizeof *v, by_claim);
	for (i = 1; i < n && !b.failed; i++)
		if (same_text(v[i - 1].name, v[i].name) &&
		    v[i - 1].node != v[i].node)
			tell(x, &v[i - 1], &v[i]);
	return keep_buf_check(&b, e);
}
