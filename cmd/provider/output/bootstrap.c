/* compiled/ENV/bootstrap/: what clients begin with. provider.json tells of the
 * provider, SERVICE-service.json what a service publishes, configs.json where
 * those are. Source: LEAP, provider.json and service definitions. */
#include "../instance/merge.h"
#include "env.h"

/* An object that is put together; the first of a key stays. */
struct object {
	struct keep_buf v; /* of keep_json_member */
};

static struct keep_json json_of(const struct object *o)
{
	return (struct keep_json){
		.type = KEEP_JSON_OBJECT,
		.members = (const void *)o->v.p,
		.n = (uint32_t)(o->v.len / sizeof(struct keep_json_member)),
	};
}

static const struct keep_json *get(const struct object *o,
				   struct keep_slice key)
{
	struct keep_json all = json_of(o);

	return keep_json_get(&all, key);
}

static void put_new(struct object *o, struct keep_slice key,
		    const struct keep_json *value)
{
	struct keep_json_member new = {.key = key, .value = *value};

	if (value->type != KEEP_JSON_NULL)
		keep_buf_put(&o->v, &new, sizeof new);
}

static void add(struct object *o, struct keep_slice key,
		const struct keep_json *value)
{
	if (value && !get(o, key))
		put_new(o, key, value);
}

static void add_text(struct object *o, struct keep_slice key,
		     struct keep_slice s)
{
	struct keep_json v = keep_json_of(s);

	o->v.failed |= !s.p;
	if (s.p)
		add(o, key, &v);
}

/* The first that come: their keys differ. */
static void begin(struct object *o, const struct keep_json *from)
{
	uint32_t i;

	for (i = 0; from->type == KEEP_JSON_OBJECT && i < from->n; i++)
		put_new(o, from->members[i].key, &from->members[i].value);
}

/* What clients read holds no secret. */
static void check_public(struct keep_env_build *x, const struct keep_json *v)
{
	uint32_t i;

	if (v->type == KEEP_JSON_TEXT && v->mark & KEEP_MARK_SECRET)
		keep_problem_at(x->ps, v, "this is published; it may not hold "
				"a secret");
	for (i = 0; v->type == KEEP_JSON_LIST && i < v->n; i++)
		check_public(x, &v->list[i]);
	for (i = 0; v->type == KEEP_JSON_OBJECT && i < v->n; i++)
		check_public(x, &v->members[i].value);
}

/* Keys are sorted; a line of two blanks is of the object itself. */
static int put(struct keep_env_build *x, const char *name, struct object *o,
	       struct keep_err *e)
{
	static const char mark[] = "\n  \"serial\": ";
	struct keep_slice path = keep_mem_print(x->c->mem, "bootstrap/%s",
						name);
	const struct keep_json zero = {.type = KEEP_JSON_INT};
	const struct keep_json *foreign = get(o, KEEP_S("serial"));
	struct keep_env_file *f = path.p ? keep_env_file(x, path) : NULL;
	struct keep_json all;
	char *at;

	if (foreign)
		keep_problem_at(x->ps, foreign, "'serial' cannot be published; "
				"compile counts it");
	if (foreign && f)
		return 0;
	add(o, KEEP_S("serial"), &zero);
	if (!f || o->v.failed)
		return keep_no_memory(e);
	all = json_of(o);
	check_public(x, &all);
	keep_build_text(&all, &f->text);
	at = f->text.failed ? NULL : memmem(f->text.p, f->text.len, mark,
					    sizeof mark - 1);
	if (!at)
		return keep_no_memory(e);
	f->serial_at = (size_t)(at - f->text.p) + sizeof mark - 1;
	memmove(f->text.p + f->serial_at, f->text.p + f->serial_at + 1,
		f->text.len - f->serial_at - 1);
	f->text.len--;
	return 0;
}

/* --- provider.json -------------------------------------------------------- */

/* Where clients ask: the first node that has such a property. */
static void add_api(struct keep_env_build *x, struct object *o)
{
	const struct keep_json *domain, *port, *v;
	size_t i;

	for (i = 0; i < x->n_nodes; i++) {
		domain = keep_json_at(x->nodes[i].tree, KEEP_S("api.domain"));
		port = keep_json_at(x->nodes[i].tree, KEEP_S("api.port"));
		if (!domain || domain->type != KEEP_JSON_TEXT || !port ||
		    port->type != KEEP_JSON_INT)
			continue;
		check_public(x, domain);
		add_text(o, KEEP_S("api_uri"),
			 keep_mem_print(x->c->mem, "https://%.*s:%lld",
					KEEP_F(keep_json_text(domain)),
					(long long)port->number));
		v = keep_json_at(x->nodes[i].tree, KEEP_S("api.version"));
		if (v && v->type == KEEP_JSON_INT)
			add_text(o, KEEP_S("api_version"),
				 keep_mem_print(x->c->mem, "%lld",
						(long long)v->number));
		return;
	}
}

/* The authority by which clients know the provider, as leap writes it. */
static int add_fingerprint(struct keep_env_build *x, struct object *o,
			   struct keep_err *e)
{
	static const char text[] = "file?('ca/ca.crt') == null ? null : "
		"'SHA256: ' + fingerprint('ca/ca.crt').slice(7, 64)";
	struct keep_problems ps = {.mem = x->c->mem};
	struct keep_json v;
	int code = keep_eval_text(x->b->ev, &x->self, keep_slice(text), &ps,
				  &v);

	if (code == -KEEP_E_NO_MEMORY)
		return keep_no_memory(e);
	if (code && !x->partial) /* else files/ may be what is at fault */
		keep_problem_in(x->ps, "files/ca/ca.crt", "this is no "
				"certificate");
	else if (!code)
		add(o, KEEP_S("ca_cert_fingerprint"), &v);
	return 0;
}

static int add_provider(struct keep_env_build *x, struct object *o,
			struct keep_err *e)
{
	static const char *const paths[] = {
		"provider.domain", "provider.name", "provider.description",
		"provider.languages", "provider.default_language",
		"provider.enrollment_policy", "provider.service",
	};
	struct keep_json v;
	size_t i;
	int code = keep_env_path(x, &x->self, "provider.publish", &v, e);

	if (!code)
		begin(o, &v);
	if (v.type != KEEP_JSON_OBJECT && v.type != KEEP_JSON_NULL)
		keep_problem_at(x->ps, &v, "the provider's 'publish' must be "
				"an object");
	for (i = 0; i < KEEP_COUNT(paths) && !code; i++) {
		code = keep_env_path(x, &x->self, paths[i], &v, e);
		add(o, keep_slice(paths[i] + strlen("provider.")), &v);
		if (i == 0 && v.type == KEEP_JSON_TEXT)
			add_text(o, KEEP_S("ca_cert_uri"),
				 keep_mem_print(x->c->mem,
						"https://%.*s/ca.crt",
						KEEP_F(keep_json_text(&v))));
	}
	add_api(x, o);
	add_text(o, KEEP_S("api_version"), KEEP_S("1"));
	return code ? code : add_fingerprint(x, o, e);
}

/* --- services ------------------------------------------------------------- */

static bool is_used(const struct keep_env_build *x, struct keep_slice service)
{
	size_t i, j;

	for (i = 0; i < x->n_nodes; i++)
		for (j = 0; j < x->nodes[i].node->services.n; j++)
			if (keep_slice_eq(x->nodes[i].node->services.v[j],
					  service))
				return true;
	return false;
}

/* What services come to. */
struct told {
	struct object configs; /* name -> path */
	struct keep_buf users; /* of keep_json: names of those for users */
	struct keep_slice version;
};

static int put_service(struct keep_env_build *x, struct keep_slice name,
		       const struct keep_json *publish, struct told *t,
		       struct keep_err *e)
{
	struct object o = {.v = {.mem = x->c->mem}};
	char file[80];

	if (publish->type != KEEP_JSON_OBJECT) {
		keep_problem_at(x->ps, publish, "'publish' of the service "
				"'%.*s' must be an object", KEEP_F(name));
		return 0;
	}
	snprintf(file, sizeof file, "%.*s-service.json", KEEP_F(name));
	add_text(&t->configs, name,
		 keep_mem_print(x->c->mem, "/%.*s/configs/%s",
				KEEP_F(t->version), file));
	begin(&o, publish);
	return put(x, file, &o, e);
}

static int add_service(struct keep_env_build *x, size_t i, struct told *t,
		       struct keep_err *e)
{
	const struct keep_object *s = &x->env->services.v[i];
	struct keep_node self = keep_env_self(x, s->name, i, s->tree);
	struct keep_json publish, type = {0}, name = keep_json_of(s->name);
	int code = keep_env_path(x, &self, "publish", &publish, e);

	if (!code)
		code = keep_env_path(x, &self, "service_type", &type, e);
	if (code)
		return code;
	if (publish.type != KEEP_JSON_NULL ||
	    keep_slice_is(keep_json_text(&type), "user_service"))
		keep_buf_put(&t->users, &name, sizeof name);
	return publish.type == KEEP_JSON_NULL ? 0 :
		put_service(x, s->name, &publish, t, e);
}

static int put_configs(struct keep_env_build *x, struct told *t,
		       struct keep_err *e)
{
	struct object o = {.v = {.mem = x->c->mem}};
	struct keep_json services = json_of(&t->configs);

	add(&o, KEEP_S("services"), &services);
	return t->configs.v.failed ? keep_no_memory(e) :
		put(x, "configs.json", &o, e);
}

static struct keep_slice version_of(const struct object *o)
{
	const struct keep_json *v = get(o, KEEP_S("api_version"));

	return v && v->type == KEEP_JSON_TEXT ? keep_json_text(v) :
						KEEP_S("1");
}

int keep_env_bootstrap(struct keep_env_build *x, struct keep_err *e)
{
	struct object o = {.v = {.mem = x->c->mem}};
	struct told t = {
		.configs = {.v = {.mem = x->c->mem}},
		.users = {.mem = x->c->mem},
	};
	struct keep_json users = {.type = KEEP_JSON_LIST};
	size_t i;
	int code = add_provider(x, &o, e);

	t.version = version_of(&o);
	for (i = 0; i < x->env->services.n && !code; i++)
		if (is_used(x, x->env->services.v[i].name))
			code = add_service(x, i, &t, e);
	if (!code)
		code = put_configs(x, &t, e);
	if (code || t.users.failed)
		return code ? code : keep_no_memory(e);
	users.list = (const void *)t.users.p;
	users.n = (uint32_t)(t.users.len / sizeof users);
	add(&o, KEEP_S("services"), &users);
	return put(x, "provider.json", &o, e);
}
