/* The files of environments: from evaluated nodes to compiled/ENV/. */
#include "../instance/reading.h"
#include "env.h"

enum { OLD_MAX = 64 << 20 }; /* bytes of a file that is compared */

/* In the order that faults are told. */
static keep_env_fn *const generators[] = {
	keep_env_hosts, keep_env_known_hosts, keep_env_ssh_config,
	keep_env_firewall, keep_env_zone, keep_env_bootstrap,
};

struct keep_env_file *keep_env_file(struct keep_env_build *x,
				    struct keep_slice name)
{
	struct keep_env_file *f = keep_buf_grow(x->files, sizeof *f);
	struct keep_slice path = keep_mem_print(x->c->mem, "%.*s/%.*s",
						KEEP_F(x->env->name),
						KEEP_F(name));

	if (!f || !path.p)
		return NULL;
	*f = (struct keep_env_file){.path = path, .text.mem = x->c->mem};
	return f;
}

/* --- what is evaluated ---------------------------------------------------- */

struct keep_node keep_env_self(const struct keep_env_build *x,
			       struct keep_slice name, size_t i,
			       struct keep_json tree)
{
	size_t env = (size_t)(x->env - x->b->world->envs);
	size_t each = x->env->services.n + 1; /* in every environment */

	return (struct keep_node){
		.name = name,
		.index = x->b->world->n_nodes + env * each + i,
		.env = x->env, .tree = tree,
	};
}

static int read_provider(struct keep_env_build *x, struct keep_err *e)
{
	struct keep_json_member *m = KEEP_NEW(x->c->mem,
					      struct keep_json_member);
	struct keep_json tree = {
		.type = KEEP_JSON_OBJECT, .n = 1, .members = m,
	};

	if (!m)
		return keep_no_memory(e);
	m->key = KEEP_S("provider");
	m->value = x->env->provider;
	x->self = keep_env_self(x, m->key, x->env->services.n, tree);
	return 0;
}

int keep_env_path(struct keep_env_build *x, const struct keep_node *self,
		  const char *path, struct keep_json *out, struct keep_err *e)
{
	const struct keep_json *at = keep_json_at(&self->tree,
						  keep_slice(path));
	bool found;
	int code = keep_eval_path(x->b->ev, self, keep_slice(path), &found,
				  x->ps, out);

	if (code || !found)
		*out = (struct keep_json){0};
	if (at && !out->source) {
		out->source = at->source;
		out->line = at->line;
		out->column = at->column;
	}
	return code == -KEEP_E_NO_MEMORY ? keep_no_memory(e) : 0;
}

static void refuse(struct keep_env_build *x, const struct keep_json *key,
		   const char *what, const char *const *keys)
{
	struct keep_guess g = {.wanted = keep_json_text(key)};
	struct keep_buf all = {.mem = x->c->mem};
	size_t i;

	for (i = 0; keys[i]; i++) {
		keep_guess_offer(&g, keep_slice(keys[i]));
		keep_buf_print(&all, "%s%s", i ? ", " : "", keys[i]);
	}
	if (keep_problem_at(x->ps, key, "%s has no '%.*s'", what,
			    KEEP_F(g.wanted)))
		keep_guess_hint(x->ps, &g, "%.*s",
				KEEP_F(keep_buf_get(&all)));
}

void keep_env_keys(struct keep_env_build *x, const struct keep_json *object,
		   const char *what, const char *const *keys)
{
	struct keep_json key;
	uint32_t i;
	size_t j;

	for (i = 0; i < object->n; i++) {
		key = keep_key(&object->members[i]);
		for (j = 0; keys[j]; j++)
			if (keep_slice_is(object->members[i].key, keys[j]))
				break;
		if (!keys[j])
			refuse(x, &key, what, keys);
	}
}

/* --- one environment ------------------------------------------------------ */

/* The enabled nodes without faults of their own. */
static bool is_ours(const struct keep_env_build *x, size_t i)
{
	const struct keep_node *n = &x->b->world->nodes[i];
	const struct keep_json *tree = x->b->trees[i];

	return n->enabled && n->env == x->env && tree &&
	       tree->type == KEEP_JSON_OBJECT;
}

static int read_nodes(struct keep_env_build *x, struct keep_err *e)
{
	const struct keep_world *w = x->b->world;
	struct keep_env_node *v;
	size_t i, n = 0;
	int code;

	for (i = 0; i < w->n_nodes; i++)
		n += is_ours(x, i);
	v = KEEP_NEWS(x->c->mem, n, struct keep_env_node);
	code = v ? 0 : keep_no_memory(e);
	x->nodes = v;
	for (i = 0; i < w->n_nodes && !code; i++) {
		if (!is_ours(x, i))
			continue;
		v[x->n_nodes].node = &w->nodes[i];
		v[x->n_nodes].tree = x->b->trees[i];
		x->contacts[i] = &v[x->n_nodes];
		code = keep_env_node(x, &v[x->n_nodes++], e);
	}
	return code;
}

static int make(struct keep_env_build *x, struct keep_err *e)
{
	size_t i;
	int code = read_nodes(x, e);

	if (code || x->n_nodes == 0)
		return code;
	code = read_provider(x, e);
	if (!code)
		code = keep_env_names_check(x, e);
	for (i = 0; i < KEEP_COUNT(generators) && !code; i++)
		code = generators[i](x, e);
	return code;
}

/* --- all of them ---------------------------------------------------------- */

static int list_key_dirs(struct keep_ctx *c, struct keep_problems *ps,
			 struct keep_names *names, struct keep_err *e)
{
	static const char dir[] = "files/nodes";
	struct keep_err why = {0};
	int code = keep_dir_list(c->mem, keep_fd_get(&c->instance), dir, names,
				 &why);

	if (code == -KEEP_E_NO_MEMORY)
		return keep_no_memory(e);
	if (code && code != -KEEP_E_NOT_FOUND)
		keep_problem_why(ps, dir, &why);
	return 0;
}

int keep_env_build(struct keep_ctx *c, struct keep_build *b,
		   struct keep_problems *ps, struct keep_err *e)
{
	/* by whose name an object tells that no node is */
	const struct keep_node provider = {.name = KEEP_S("provider")};
	struct keep_fold f = {.world = b->world, .ps = ps, .last = ps->last};
	struct keep_names key_dirs = {0};
	size_t i;
	int code = list_key_dirs(c, ps, &key_dirs, e);

	b->env_files = (struct keep_buf){.mem = c->mem};
	for (i = 0; i < b->world->n_envs && !code; i++) {
		struct keep_env_build x = {
			.c = c, .b = b, .env = &b->world->envs[i], .ps = ps,
			.key_dirs = key_dirs,
			.partial = ps->total > 0, .files = &b->env_files,
			.contacts = b->contacts,
		};

		code = make(&x, e);
		keep_fold_node(&f, &provider);
	}
	keep_fold_end(&f);
	return code ? code : keep_buf_check(&b->env_files, e);
}

struct keep_slice keep_env_name_in(const struct keep_env_file *f,
				   const struct keep_env *env)
{
	size_t n = env->name.len;
	struct keep_slice p = f->path;

	if (p.len <= n || p.p[n] != '/' ||
	    !keep_bytes_equal(p.p, env->name.p, n))
		return (struct keep_slice){0};
	return (struct keep_slice){p.p + n + 1, p.len - n - 1};
}

const struct keep_env_file *keep_env_find(const struct keep_build *b,
					  const struct keep_env *env,
					  struct keep_slice name)
{
	const struct keep_env_file *f = (const void *)b->env_files.p;
	size_t i;

	for (i = 0; i < b->env_files.len / sizeof *f; i++)
		if (keep_slice_eq(keep_env_name_in(&f[i], env), name))
			return &f[i];
	return NULL;
}

/* --- into compiled/ ------------------------------------------------------- */

static bool is_chosen(const struct keep_build *b, struct keep_slice env,
		      const bool *chosen)
{
	size_t i;

	if (!chosen)
		return true;
	for (i = 0; i < b->world->n_nodes; i++)
		if (chosen[i] &&
		    keep_slice_eq(b->world->nodes[i].env->name, env))
			return true;
	return false;
}

/* What lies there; nothing when it cannot be read: it is replaced then. */
static struct keep_slice old_text(struct keep_output *o, const char *path)
{
	struct keep_slice text = {0};

	if (o->old.plus_one)
		keep_ignore(keep_file_read(o->c->mem, keep_fd_get(&o->old),
					   path, OLD_MAX, &text, NULL),
			    "a serial begins anew then");
	return text;
}

static int put(struct keep_env_file *f, uint64_t now_s, struct keep_output *o,
	       struct keep_err *e)
{
	struct keep_buf text = {.mem = o->c->mem};
	struct keep_slice old = {0};
	enum keep_state state;
	int code;

	if (f->serial_at)
		old = old_text(o, f->path.p);
	keep_env_text(f, old, now_s, &text);
	code = keep_buf_check(&text, e);
	f->whole = keep_buf_get(&text);
	return code ? code : keep_output_put(o, f->path, f->whole, true,
						&state, e);
}

int keep_env_put(struct keep_build *b, const bool *chosen, uint64_t now_s,
		 struct keep_output *o, struct keep_err *e)
{
	struct keep_env_file *f = (void *)b->env_files.p;
	struct keep_slice env;
	size_t i;
	int code = 0;

	for (i = 0; i < b->env_files.len / sizeof *f && !code; i++) {
		env = f[i].path;
		env.len = (size_t)((const char *)memchr(env.p, '/', env.len) -
				   env.p);
		if (is_chosen(b, env, chosen))
			code = put(&f[i], now_s, o, e);
	}
	return code;
}
