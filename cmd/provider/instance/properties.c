/* The properties that every node has, and the check of a node's values. */
#include <keep/text.h>
#include "reading.h"

/* path, type, values, min, max, help */
const struct keep_property keep_properties[] = {
	{"name", "name", NULL, 0, 0, "the name of the node's file"},
	{"enabled", "bool", NULL, 0, 0, "whether the node is compiled and deployed"},
	{"ip_address", "ip", NULL, 0, 0, "the main address; no other node has it"},
	{"ip_addresses", "list:ip", NULL, 0, 0, "further addresses, of both families"},
	{"networks", "object:ip", NULL, 0, 0, "addresses by the name of a network"},
	{"environment", "name", NULL, 0, 0, "set by a tag or here; none is 'default'"},
	{"services", "list:text", NULL, 0, 0, "what the node does, in the order of inheritance"},
	{"tags", "list:text", NULL, 0, 0, "what the node is, in the order of inheritance"},
	{"ssh", "object", NULL, 0, 0, "how the node is reached"},
	{"ssh.port", "int", NULL, 1, 65535, "the port of sshd"},
	{"ssh.user", "text", NULL, 0, 0, "who logs in to deploy"},
	{"ssh.authorized_keys", "enum", "exclusive|shared", 0, 0, "whether keep owns the file"},
	{"domain", "object", NULL, 0, 0, "the node's names in the DNS"},
	{"domain.name", "domain", NULL, 0, 0, "the name that it tells to others"},
	{"domain.aliases", "list:domain", NULL, 0, 0, "further names"},
	{"domain.full", "domain", NULL, 0, 0, "the name in the provider's domain"},
	{"domain.internal", "domain", NULL, 0, 0, "the name between nodes"},
	{"dns", "object", NULL, 0, 0, "the node in zones"},
	{"dns.public", "bool", NULL, 0, 0, "whether the zone holds it"},
	{"dns.aliases", "list:domain", NULL, 0, 0, "further names in the zone"},
	{"dns.networks", "bool", NULL, 0, 0, "whether the zone holds the addresses of networks"},
	{"dns.records", "list", NULL, 0, 0, "records for the zone: {name, type, value, ttl}"},
	{"location", "object", NULL, 0, 0, "where the machine stands"},
	{"location.name", "text", NULL, 0, 0, "nodes of one name are near each other"},
	{"location.country_code", "country", NULL, 0, 0, "two letters, as ISO 3166"},
	{"x509", "object", NULL, 0, 0, "the node's certificate"},
	{"x509.use", "bool", NULL, 0, 0, "whether it has one"},
	{"firewall", "object", NULL, 0, 0, "rules by name: {from, to, port}, or lists of them"},
	{"publish", "object", NULL, 0, 0, "what clients are told; of a service, not of a node"},
	{"files", "object", NULL, 0, 0, "files on the node, by absolute path"},
};
const size_t keep_n_properties = KEEP_COUNT(keep_properties);

static const struct keep_property *find(const struct keep_property *rows,
					size_t n, struct keep_slice path)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (keep_slice_is(path, rows[i].path))
			return &rows[i];
	return NULL;
}

const struct keep_property *keep_property_find(struct keep_slice path)
{
	return find(keep_properties, keep_n_properties, path);
}

const struct keep_property *keep_node_property(const struct keep_node *n,
					       struct keep_slice path)
{
	const struct keep_property *row = keep_property_find(path);
	const struct keep_object *o;
	size_t i;

	for (i = 0; !row && i < n->services.n; i++) {
		o = keep_objects_find(&n->env->services, n->services.v[i]);
		row = o ? find(o->rows, o->n_rows, path) : NULL;
	}
	return row;
}

/* --- types ------------------------------------------------------------- */

static bool is_ip(const struct keep_json *v)
{
	struct keep_ip ip;

	return keep_ip_get(keep_json_text(v), &ip);
}

static bool is_name(const struct keep_json *v)
{
	return keep_node_name_ok(keep_json_text(v));
}

static bool is_domain_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '-' || c == '_';
}

static bool is_label(struct keep_slice s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (!is_domain_char(s.p[i]))
			return false;
	return s.len > 0 && s.len <= 63 && s.p[0] != '-' &&
	       s.p[s.len - 1] != '-';
}

bool keep_domain_ok(struct keep_slice s)
{
	struct keep_slice label = {s.p, 0};
	const char *end;

	if (!s.len || s.len > 253)
		return false;
	end = s.p + s.len;
	if (keep_slice_starts(s, "*."))
		label.p += 2;
	for (; label.p <= end; label.p += label.len + 1) {
		label.len = 0;
		while (label.p + label.len < end && label.p[label.len] != '.')
			label.len++;
		if (!is_label(label))
			return false;
	}
	return true;
}

static bool is_domain(const struct keep_json *v)
{
	return keep_domain_ok(keep_json_text(v));
}

static bool is_country(const struct keep_json *v)
{
	struct keep_slice s = keep_json_text(v);

	return s.len == 2 && s.p[0] >= 'A' && s.p[0] <= 'Z' &&
	       s.p[1] >= 'A' && s.p[1] <= 'Z';
}

static bool is_number(const struct keep_json *v)
{
	return v->type == KEEP_JSON_INT || v->type == KEEP_JSON_DOUBLE;
}

static const struct type {
	const char *name;
	int json;                               /* its JSON type; -1: any */
	bool (*ok)(const struct keep_json *v);  /* NULL: all of that type */
	const char *wanted;
} types[] = {
	{"bool", KEEP_JSON_BOOL, NULL, "true or false"},
	{"int", KEEP_JSON_INT, NULL, "an integer"},
	{"number", -1, is_number, "a number"},
	{"text", KEEP_JSON_TEXT, NULL, "a text"},
	{"ip", KEEP_JSON_TEXT, is_ip, "an IPv4 or IPv6 address"},
	{"name", KEEP_JSON_TEXT, is_name, "a name of a-z, 0-9 and '-'"},
	{"domain", KEEP_JSON_TEXT, is_domain, "a domain name"},
	{"country", KEEP_JSON_TEXT, is_country, "two letters like 'DE'"},
	{"enum", KEEP_JSON_TEXT, NULL, "a text"},
	{"list", KEEP_JSON_LIST, NULL, "a list"},
	{"object", KEEP_JSON_OBJECT, NULL, "an object"},
	{"any", -1, NULL, "any value"},
};

static const struct type *type_of(const char *name)
{
	struct keep_slice first = {name, strcspn(name, ":")};
	size_t i;

	for (i = 0; i < KEEP_COUNT(types); i++)
		if (keep_slice_is(first, types[i].name))
			return &types[i];
	return NULL;
}

bool keep_property_type_ok(const char *type)
{
	const char *of = strchr(type, ':');

	if (!of)
		return type_of(type) != NULL;
	return (keep_slice_starts(keep_slice(type), "list:") ||
		keep_slice_starts(keep_slice(type), "object:")) &&
	       !strchr(of + 1, ':') && type_of(of + 1) &&
	       !keep_slice_is(keep_slice(of + 1), "enum");
}

/* --- checks ------------------------------------------------------------ */

struct check {
	const struct keep_property *row;
	struct keep_problems *ps;
};

static void refuse(const struct check *c, const struct keep_json *v,
		   const char *wanted)
{
	struct keep_slice text = keep_json_text(v);

	if (v->type == KEEP_JSON_TEXT)
		keep_problem_at(c->ps, v, "'%s' must be %s, not '%.*s'",
				c->row->path, wanted, KEEP_F(text));
	else
		keep_problem_at(c->ps, v, "'%s' must be %s, not %s",
				c->row->path, wanted,
				keep_json_type_name(v->type));
}

static void check_enum(const struct check *c, const struct keep_json *v)
{
	struct keep_guess guess = {.wanted = keep_json_text(v)};
	const char *p = c->row->values;

	while (p && *p) {
		struct keep_slice one = {p, strcspn(p, "|")};

		if (keep_slice_eq(one, guess.wanted))
			return;
		keep_guess_offer(&guess, one);
		p += one.len + (p[one.len] == '|');
	}
	if (!keep_problem_at(c->ps, v, "'%s' may not be '%.*s'", c->row->path,
			     KEEP_F(guess.wanted)))
		return;
	if (guess.best.p)
		keep_problem_hint(c->ps, "did you mean '%.*s'?",
				  KEEP_F(guess.best));
	else
		keep_problem_hint(c->ps, "it may be: %s", c->row->values);
}

static void check_range(const struct check *c, const struct keep_json *v)
{
	const struct keep_property *row = c->row;

	if ((row->min || row->max) &&
	    (v->number < row->min || v->number > row->max))
		keep_problem_at(c->ps, v, "'%s' is %lld; it must be %lld to "
				"%lld", row->path, (long long)v->number,
				(long long)row->min, (long long)row->max);
}

static void check_one(const struct check *c, const struct keep_json *v,
		      const char *type)
{
	const struct type *t = type_of(type);
	const char *of = strchr(type, ':');
	uint32_t i;

	if (v->type == KEEP_JSON_NULL || !t)
		return;
	if (t->json == KEEP_JSON_LIST && v->type != KEEP_JSON_LIST &&
	    v->type != KEEP_JSON_OBJECT) {
		if (of)
			check_one(c, v, of + 1);
	} else if ((t->json >= 0 && v->type != t->json) ||
		   (t->ok && !t->ok(v))) {
		refuse(c, v, t->wanted);
	} else if (keep_slice_is(keep_slice(type), "enum")) {
		check_enum(c, v);
	} else if (v->type == KEEP_JSON_INT) {
		check_range(c, v);
	} else if (of && v->type == KEEP_JSON_LIST) {
		for (i = 0; i < v->n; i++)
			check_one(c, &v->list[i], of + 1);
	} else if (of) {
		for (i = 0; i < v->n; i++)
			check_one(c, &v->members[i].value, of + 1);
	}
}

static void missing(const struct keep_node *n,
		    const struct keep_object *service,
		    const struct keep_property *row, struct keep_problems *ps)
{
	if (keep_problem_at(ps, &n->tree, "service '%.*s' needs '%s'",
			    KEEP_F(service->name), row->path))
		keep_problem_hint(ps, "set it in nodes/%.*s.json: %s",
				  KEEP_F(n->name), row->help ? row->help : "");
}

/* Whether what stands at the path, or on the way there, is known. */
static bool is_known(const struct keep_json *tree, struct keep_slice path)
{
	const struct keep_json *v = tree;
	struct keep_slice rest = path;

	while (v && v->mark != KEEP_MARK_BROKEN && rest.p)
		v = keep_json_get(v, keep_split(rest, &rest));
	return !v || v->mark != KEEP_MARK_BROKEN;
}

/* What the reader needed, and so has checked, before there is a tree. */
static bool is_head(const char *path)
{
	static const char *const heads[] = {
		"enabled", "environment", "services", "tags",
	};
	size_t i;

	for (i = 0; i < KEEP_COUNT(heads); i++)
		if (keep_slice_is(keep_slice(heads[i]), path))
			return true;
	return false;
}

static void check_rows(const struct keep_node *n, const struct keep_json *tree,
		       const struct keep_object *rows,
		       struct keep_problems *ps)
{
	const struct keep_json *v;
	struct check c = {.ps = ps};
	size_t i;

	for (i = 0; i < rows->n_rows; i++) {
		c.row = &rows->rows[i];
		if (is_head(c.row->path))
			continue;
		v = keep_json_at(tree, keep_slice(c.row->path));
		if (v && v->type != KEEP_JSON_NULL)
			check_one(&c, v, c.row->type);
		else if (c.row->required &&
			 is_known(tree, keep_slice(c.row->path)))
			missing(n, rows, c.row, ps);
	}
}

void keep_property_check(const struct keep_node *n,
			 const struct keep_json *tree,
			 struct keep_problems *ps)
{
	const struct keep_object all = {
		.rows = keep_properties, .n_rows = keep_n_properties
	};
	const struct keep_object *o;
	size_t i;

	check_rows(n, tree, &all, ps);
	for (i = 0; i < n->services.n; i++) {
		o = keep_objects_find(&n->env->services, n->services.v[i]);
		if (o)
			check_rows(n, tree, o, ps);
	}
}
