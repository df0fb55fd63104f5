/* Chosen nodes of a build, with their secrets filled in. */
#include <keep/hash.h>
#include <keep/material.h>
#include "../lock.h"
#include "committed.h"
#include "env.h"
#include "files.h"
#include "fill.h"
#include "made.h"
#include "salts.h"
#include "scripts.h"

/* A gathering that runs. */
struct run {
	struct keep_build b;
	struct keep_output o;
	struct keep_committed committed;
	struct keep_fill fill;
	struct keep_scripts scripts;
	bool *chosen;
	struct keep_mem *mem; /* the caller's: c->mem may be a node's */
	struct keep_materials *out;
};
/* The node that it is at. PASS 1 notes secrets, 2 fills them in. */
struct at {
	struct run *u;
	struct keep_material *m;
	bool fill;
	struct keep_buf secrets; /* of keep_material_secret */
	struct keep_buf path;
};

static int add_secret(struct at *a, struct keep_slice text, struct keep_err *e)
{
	struct keep_ctx *c = a->u->fill.c;
	struct keep_material_secret new;
	int code;

	if (!a->fill)
		return keep_fill_note(&a->u->fill, a->m->env, text, e);
	new.path = keep_mem_copy(c->mem, keep_buf_get(&a->path));
	if (!new.path.p)
		return keep_no_memory(e);
	code = keep_fill_text(&a->u->fill, a->m->env, text, &new.value, e);
	keep_buf_put(&a->secrets, &new, sizeof new);
	return code ? code : keep_buf_check(&a->secrets, e);
}

static int walk(struct at *a, const struct keep_json *v, struct keep_err *e);

/* Goes into a member, whose name is at the end of the path meanwhile. */
static int walk_in(struct at *a, struct keep_slice name,
		   const struct keep_json *v, struct keep_err *e)
{
	size_t len = a->path.len;
	int code;

	if (len)
		keep_buf_byte(&a->path, '.');
	keep_buf_slice(&a->path, name);
	code = keep_buf_check(&a->path, e);
	if (!code)
		code = walk(a, v, e);
	a->path.len = len;
	return code;
}

static int walk_list(struct at *a, const struct keep_json *v,
		     struct keep_err *e)
{
	struct keep_slice name;
	size_t i;
	int code = 0;

	for (i = 0; i < v->n && !code; i++) {
		name = keep_mem_print(a->u->fill.c->mem, "%zu", i);
		code = name.p ? walk_in(a, name, &v->list[i], e) :
				keep_no_memory(e);
	}
	return code;
}

/* Texts of files are filled in as files. */
static int walk(struct at *a, const struct keep_json *v, struct keep_err *e)
{
	const struct keep_json_member *m;
	size_t i;
	int code = 0;

	if (v->type == KEEP_JSON_TEXT && v->mark == KEEP_MARK_SECRET)
		return add_secret(a, keep_json_text(v), e);
	if (v->type == KEEP_JSON_LIST)
		return walk_list(a, v, e);
	for (i = 0; v->type == KEEP_JSON_OBJECT && i < v->n && !code; i++) {
		m = &v->members[i];
		if (a->path.len || !keep_slice_is(m->key, "files"))
			code = walk_in(a, m->key, &m->value, e);
	}
	return code;
}

static int fill_file(struct at *a, const struct keep_rendered *from,
		     struct keep_material_file *to, struct keep_err *e)
{
	struct keep_fill *f = &a->u->fill;

	*to = (struct keep_material_file){
		.path = from->path, .owner = from->owner,
		.group = from->group, .on_change = from->on_change,
		.mode = from->mode, .secret = from->secret,
		.source = from->source,
	};
	if (from->source)
		return 0;
	to->content = to->shown = keep_files_content(from);
	if (!from->secret)
		return 0;
	return a->fill ? keep_fill_text(f, a->m->env, from->content,
					&to->content, e) :
			 keep_fill_note(f, a->m->env, from->content, e);
}

/* Either pass over what a node has. */
static int pass(struct at *a, const struct keep_node *n, struct keep_err *e)
{
	const struct keep_files *files = &a->u->b.files[n->index];
	struct keep_material_file noted, *v = NULL;
	size_t i;
	int code = walk(a, a->m->tree, e);

	if (!code && a->fill) {
		v = KEEP_NEWS(a->u->fill.c->mem, files->n,
			      struct keep_material_file);
		code = v ? 0 : keep_no_memory(e);
	}
	for (i = 0; i < files->n && !code; i++)
		code = fill_file(a, &files->v[i], v ? &v[i] : &noted, e);
	a->m->files = v;
	a->m->n_files = v ? files->n : 0;
	return code;
}

/* Whether compiled/ has what it would get. Names are read when a first node
 * has to be looked at. */
static int compare(struct run *u, const struct keep_node *n,
		   struct keep_material *m, struct keep_err *e)
{
	struct keep_ctx *c = u->fill.c;
	struct keep_mem *of_node = c->mem;
	enum keep_state state = KEEP_SAME;
	int code = 0;

	if (keep_committed_has(&u->committed, n, m->config,
			       &u->b.files[n->index]))
		return 0;
	c->mem = u->mem;
	if (!u->o.kept)
		code = keep_output_list(&u->o, e);
	c->mem = of_node;
	if (!code)
		code = keep_files_put(&u->o, &u->b, n, &state, e);
	m->stale = !code && state != KEEP_SAME;
	return code;
}

static void begin_material(const struct run *u, const struct keep_node *n,
			   struct keep_material *m)
{
	*m = (struct keep_material){
		.node = n->name, .env = n->env->name,
		.tree = u->b.trees[n->index],
		.services = {n->services.v, n->services.n}};
}

static int note_node(struct run *u, const struct keep_node *n,
		     struct keep_material *m, struct keep_err *e)
{
	struct keep_mem *mem = u->fill.c->mem;
	struct at a = {.u = u, .m = m, .path = {.mem = mem}};
	struct keep_secret_id salt = keep_salt_of(mem, n->name);
	int code = 0;

	begin_material(u, n, m);
	if (!salt.name.p)
		return keep_no_memory(e);
	if (keep_secret_ids_has(&u->fill.known, salt))
		code = keep_secret_ids_add(&u->fill.wanted, salt, e);
	return code ? code : pass(&a, n, e);
}

static int set_salt(struct run *u, struct keep_material *m,
		    struct keep_err *e)
{
	struct keep_secret_id id = keep_salt_of(u->fill.c->mem, m->node);
	struct keep_slice value;
	uint8_t *salt = keep_mem_alloc(u->fill.locked, KEEP_SHA256_LEN);

	if (!id.name.p || !salt)
		return keep_no_memory(e);
	value = keep_fill_value(&u->fill, id.env, id.name);
	if (!value.p)
		return keep_fail(e, KEEP_E_INTERNAL, "%.*s is known, and has "
				 "no value", KEEP_F(id.name));
	keep_sha256(value, salt);
	m->salt = (struct keep_slice){(char *)salt, KEEP_SHA256_LEN};
	return 0;
}

static int set_config(struct keep_ctx *c, struct keep_material *m,
		      struct keep_err *e)
{
	KEEP_AUTO(keep_buf) config = {0};
	int code = keep_files_config(c->mem, m->tree, &config, e);

	m->config = keep_mem_copy(c->mem, keep_buf_get(&config));
	return code || m->config.p ? code : keep_no_memory(e);
}

static int make_node(struct run *u, const struct keep_node *n,
		     struct keep_material *m, struct keep_err *e)
{
	struct keep_ctx *c = u->fill.c;
	struct at a = {.u = u, .m = m, .fill = true,
		       .secrets = {.mem = c->mem}, .path = {.mem = c->mem}};
	int code;

	begin_material(u, n, m);
	code = set_salt(u, m, e);
	if (!code)
		code = set_config(c, m, e);
	if (!code)
		code = compare(u, n, m, e);
	if (!code)
		code = keep_scripts_read(c, u->b.world, &u->scripts, m, e);
	if (!code)
		code = pass(&a, n, e);
	m->secrets = (const void *)a.secrets.p;
	m->n_secrets = a.secrets.len / sizeof *m->secrets;
	return code;
}

/* Its memory goes with it, unless the taker keeps it. */
static int give_node(struct run *u, const struct keep_node *n,
		     struct keep_material *m, struct keep_err *e)
{
	KEEP_AUTO(keep_mem) mem = {0};
	struct keep_ctx *c = u->fill.c;
	int code;

	c->mem = &mem;
	code = make_node(u, n, m, e);
	if (!code)
		code = u->out->take(u->out->to, m, e);
	c->mem = u->mem;
	if (code)
		keep_mem_join(c->mem, &mem);
	return code < 0 ? code : 0;
}

/* ONE of each that is chosen. */
static int nodes(struct run *u, struct keep_err *e,
		 int (*one)(struct run *u, const struct keep_node *n,
			    struct keep_material *m, struct keep_err *e))
{
	const struct keep_world *w = u->b.world;
	struct keep_material alone, *m = u->out->v;
	size_t i;
	int code = 0;

	for (i = 0; i < w->n_nodes && !code; i++)
		if (u->chosen[i])
			code = one(u, &w->nodes[i], m ? m++ : &alone, e);
	u->out->n = m ? (size_t)(m - u->out->v) : 0;
	return code;
}

static int nodes_all(struct run *u, struct keep_err *e)
{
	if (u->out->take)
		return nodes(u, e, give_node);
	u->out->v = KEEP_NEWS(u->mem, u->b.world->n_nodes,
			      struct keep_material);
	return u->out->v ? nodes(u, e, make_node) : keep_no_memory(e);
}

static int gather(struct run *u, struct keep_slices filter, unsigned how,
		  struct keep_err *e)
{
	struct keep_ctx *c = u->fill.c;
	int code;

	u->b.later = how & KEEP_MATERIAL_LATER;
	code = keep_build(c, KEEP_MAKE_FROZEN, &u->b, e);
	if (!code)
		code = keep_build_filter(&u->b, filter, &u->chosen, e);
	if (!code)
		code = keep_build_contacts(&u->b, u->chosen,
					   &u->out->contacts, e);
	if (!code)
		code = keep_output_open(c, &u->o, e);
	if (!code && how & KEEP_MATERIAL_CLEAN)
		code = keep_committed_begin(c, &u->committed, e);
	if (!code)
		code = keep_env_put(&u->b, u->chosen, keep_now_s(c), &u->o,
				    e);
	if (!code)
		code = keep_fill_begin(&u->fill, e);
	if (!code)
		code = how & KEEP_MATERIAL_MAKE ?
		       keep_salts_make(&u->fill, u->b.world, u->chosen, true,
				       e) :
		       keep_salts_need(&u->fill, u->b.world, u->chosen, e);
	if (!code)
		code = nodes(u, e, note_node);
	if (!code)
		code = keep_fill_open(&u->fill, e);
	return code ? code : nodes_all(u, e);
}

int keep_material(struct keep_ctx *c, struct keep_slices filter,
		  unsigned how, struct keep_mem *locked,
		  struct keep_materials *out, struct keep_err *e)
{
	struct run u = {.fill = {.c = c, .locked = locked}, .mem = c->mem,
			.scripts = {c->mem, {.mem = c->mem}}, .out = out};
	bool make = how & KEEP_MATERIAL_MAKE;
	int code = make ? keep_provider_lock(c, "deploy", e) : 0;

	if (code)
		return code;
	code = gather(&u, filter, how, e);
	keep_committed_end(&u.committed);
	keep_output_end(&u.o);
	if (make)
		keep_provider_unlock(c);
	return code;
}
