/* The properties that every node has, and the check of a node's values. */
#include <keep/text.h>
#include "reading.h"
#include "types.h"

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
		      const char *type);

/* What stands behind ".*." in the path of a row of members. */
static struct keep_slice member_name(const struct check *c,
				     const struct keep_property *row)
{
	struct keep_slice s = keep_slice(row->path);
	size_t skip = strlen(c->row->path) + sizeof ".*." - 1;

	return (struct keep_slice){s.p + skip, s.len - skip};
}

static const struct keep_property *find_member(const struct check *c,
					       struct keep_slice name,
					       struct keep_guess *g)
{
	const struct keep_property *rows = c->row->members;
	size_t i;

	for (i = 0; i < c->row->n_members; i++) {
		if (keep_slice_eq(member_name(c, &rows[i]), name))
			return &rows[i];
		keep_guess_offer(g, member_name(c, &rows[i]));
	}
	return NULL;
}

static void check_member(const struct check *c,
			 const struct keep_json_member *m)
{
	struct keep_guess g = {.wanted = m->key};
	struct check in = {find_member(c, m->key, &g), c->ps};
	const struct keep_json at = keep_key(m);
	struct keep_slice name = keep_text_safe(c->ps->mem, m->key, 100);

	if (in.row)
		check_one(&in, &m->value, in.row->type);
	else if (keep_problem_at(c->ps, &at, "'%s' has no '%.*s'",
				 c->row->path, KEEP_F(name)))
		keep_guess_hint(c->ps, &g, "the schema of the service names "
				"what it may have");
}

/* An element of a list, or of an object, that has members. */
static void check_members(const struct check *c, const struct keep_json *v)
{
	const struct keep_property *row;
	const struct keep_json *found;
	struct keep_slice name;
	uint32_t i;

	if (!c->row->n_members || v->type == KEEP_JSON_NULL)
		return;
	if (v->type != KEEP_JSON_OBJECT) {
		keep_problem_at(c->ps, v, "'%s' must hold objects, not %s",
				c->row->path, keep_json_type_name(v->type));
		return;
	}
	for (i = 0; i < v->n; i++)
		check_member(c, &v->members[i]);
	for (i = 0; i < c->row->n_members; i++) {
		row = &c->row->members[i];
		name = member_name(c, row);
		found = keep_json_get(v, name);
		if (row->required && v->mark != KEEP_MARK_BROKEN &&
		    (!found || (found->type == KEEP_JSON_NULL &&
				found->mark != KEEP_MARK_BROKEN)))
			keep_problem_at(c->ps, v, "'%s' lacks '%.*s'",
					c->row->path, KEEP_F(name));
	}
}

static void check_key(const struct check *c, const struct keep_json_member *m)
{
	const struct keep_property_type *t = keep_property_type(c->row->keys);
	struct keep_json key = keep_key(m);

	key.type = KEEP_JSON_TEXT;
	key.text = m->key.p;
	key.n = (uint32_t)m->key.len;
	if (t && t->ok && !t->ok(&key))
		keep_problem_at(c->ps, &key, "a name in '%s' must be %s, not "
				"'%.*s'", c->row->path, t->wanted,
				KEEP_F(keep_text_safe(c->ps->mem, m->key,
						      100)));
}

static void check_all(const struct check *c, const struct keep_json *v,
		      const char *of)
{
	const struct keep_json *one;
	uint32_t i;

	for (i = 0; i < v->n; i++) {
		one = v->type == KEEP_JSON_LIST ? &v->list[i] :
						  &v->members[i].value;
		if (c->row->keys && v->type == KEEP_JSON_OBJECT)
			check_key(c, &v->members[i]);
		if (of)
			check_one(c, one, of + 1);
		else
			check_members(c, one);
	}
}

static void check_one(const struct check *c, const struct keep_json *v,
		      const char *type)
{
	const struct keep_property_type *t = keep_property_type(type);
	const char *of = strchr(type, ':');

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
	} else if (v->type == KEEP_JSON_LIST || v->type == KEEP_JSON_OBJECT) {
		check_all(c, v, of);
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
