/* keep compile: every node evaluated, what differs written. */
#include <stdlib.h>
#include <keep/file.h>
#include "leftovers.h"
#include "lock.h"
#include "node/node.h"
#include "output/env.h"
#include "output/files.h"

static const struct keep_field args[] = {
	{KEEP_TEXTS(struct keep_compile_args, filter), .source = KEEP_REST,
	 .meta = "FILTER", .max_n = KEEP_FILTER_WORDS,
	 .complete = keep_complete_filter,
	 .help = "the nodes to write; all are evaluated"},
	{KEEP_BOOL(struct keep_compile_args, check),
	 .help = "write nothing, exit 1 when something would change"},
	{KEEP_BOOL(struct keep_compile_args, frozen),
	 .help = "make no secret, draw nothing"},
};
const struct keep_schema keep_compile_args_schema =
	KEEP_SCHEMA(struct keep_compile_args, args);

static const struct keep_field results[] = {
	{KEEP_UINT(struct keep_compile_result, added), .required = true,
	 .help = "nodes that had no file"},
	{KEEP_UINT(struct keep_compile_result, changed), .required = true,
	 .help = "nodes whose files are others now"},
	{KEEP_UINT(struct keep_compile_result, removed), .required = true,
	 .help = "files of nodes that are gone or disabled"},
	{KEEP_UINT(struct keep_compile_result, unchanged), .required = true,
	 .help = "nodes whose files are as they were"},
	{KEEP_TEXTS(struct keep_compile_result, nodes), .required = true,
	 .help = "those that were added, changed or removed"},
	{KEEP_TEXTS(struct keep_compile_result, secrets), .required = true,
	 .help = "secrets that were made, as ENV/NAME"},
	{KEEP_TEXTS(struct keep_compile_result, picks), .required = true,
	 .help = "what was drawn"},
};
const struct keep_schema keep_compile_result_schema =
	KEEP_SCHEMA(struct keep_compile_result, results);
const uint16_t keep_compile_errors[] = {
	KEEP_E_DIFFERS, KEEP_E_NOT_FOUND, KEEP_E_CONFLICT, KEEP_E_BUSY,
	KEEP_E_DENIED, 0,
};

/* A compile that runs. */
struct run {
	struct keep_build b;
	struct keep_output o;
	struct keep_compile_result *r;
	const bool *chosen; /* NULL: all */
	bool change;        /* something is, or would be, written */
	struct keep_slice *nodes;
	size_t n;
};

/* NAME of NAME.json and of what lies in NAME/, when that can be a node; else
 * absent. */
static struct keep_slice owner_of(struct keep_slice file)
{
	struct keep_slice ext = KEEP_S(".json"), name = file;
	const char *slash = memchr(file.p, '/', file.len);

	if (slash)
		return (struct keep_slice){file.p, (size_t)(slash - file.p)};
	if (file.len <= ext.len)
		return (struct keep_slice){0};
	name.len -= ext.len;
	if (!keep_bytes_equal(file.p + name.len, ext.p, ext.len) ||
	    !keep_node_name_ok(name))
		return (struct keep_slice){0};
	return name;
}

/* What stays without being written: files of nodes that are not chosen, and
 * what is no node's. The enabled ones that are chosen come later. */
static void keep_others(struct run *u)
{
	const struct keep_node *n;
	struct keep_slice file, name;
	size_t i;

	for (i = 0; i < u->o.names.n; i++) {
		file = u->o.names.v[i].name;
		name = owner_of(file);
		n = name.p ? keep_world_node(u->b.world, name) : NULL;
		u->o.kept[i] = !name.p ||
			       (u->chosen && !(n && u->chosen[n->index]));
		if (u->o.kept[i] || (n && n->enabled) ||
		    memchr(file.p, '/', file.len))
			continue;
		u->r->removed++;
		u->nodes[u->n++] = name;
	}
}

static int put_node(struct run *u, const struct keep_node *n,
		    struct keep_err *e)
{
	enum keep_state state;
	int code = keep_files_put(&u->o, &u->b, n, &state, e);

	if (code)
		return code;
	u->r->unchanged += state == KEEP_SAME;
	u->r->added += state == KEEP_ADDED;
	u->r->changed += state == KEEP_CHANGED;
	if (state != KEEP_SAME)
		u->nodes[u->n++] = n->name;
	return 0;
}

static int put_all(struct keep_ctx *c, struct run *u, struct keep_err *e)
{
	const struct keep_world *w = u->b.world;
	size_t i;
	int code = 0;

	for (i = 0; i < w->n_nodes && !code; i++)
		if (w->nodes[i].enabled && (!u->chosen || u->chosen[i]))
			code = put_node(u, &w->nodes[i], e);
	keep_progress(c, KEEP_S("compiled"), i, w->n_nodes);
	return code;
}

static int by_bytes(const void *a, const void *b)
{
	const struct keep_slice *x = a, *y = b;

	return keep_slice_cmp(*x, *y);
}

static int tell(struct run *u, struct keep_err *e)
{
	qsort(u->nodes, u->n, sizeof *u->nodes, by_bytes);
	u->r->nodes = (struct keep_slices){u->nodes, u->n};
	return keep_sources_made(u->b.sources, &u->r->secrets, &u->r->picks,
				 e);
}

/* Everything is known before anything is written. */
static int compile(struct keep_ctx *c, const struct keep_compile_args *a,
		   struct run *u, struct keep_err *e)
{
	enum keep_making making = a->frozen ? KEEP_MAKE_FROZEN : KEEP_MAKE;
	bool *chosen = NULL;
	int code = keep_build(c, making, &u->b, e);

	if (!code && a->filter.n)
		code = keep_build_filter(&u->b, a->filter, &chosen, e);
	u->chosen = chosen;
	if (!code)
		code = keep_output_begin(c, a->check, &u->o, e);
	if (code)
		return code;
	u->nodes = KEEP_NEWS(c->mem, u->b.world->n_nodes + u->o.names.n,
			     struct keep_slice);
	if (!u->nodes)
		return keep_no_memory(e);
	keep_others(u);
	code = keep_env_put(&u->b, u->chosen, keep_now_s(c), &u->o, e);
	if (!code)
		code = put_all(c, u, e);
	if (!code)
		code = tell(u, e);
	if (!code)
		keep_output_anew(&u->b, &u->o);
	return code ? code : keep_output_settle(&u->o, u->b.sources,
						&u->change, e);
}

int keep_compile(struct keep_ctx *c, const struct keep_compile_args *a,
		 struct keep_compile_result *r, struct keep_err *e)
{
	struct run u = {.r = r};
	int code = a->check ? 0 : keep_provider_lock(c, "compile", e);

	if (code)
		return code;
	code = a->check ? 0 : keep_leftovers_remove(c, e);
	if (!code)
		code = compile(c, a, &u, e);
	keep_output_end(&u.o);
	if (!a->check)
		keep_provider_unlock(c);
	if (code || !a->check ||
	    (!u.change && !r->secrets.n && !r->picks.n))
		return code;
	return KEEP_E_DIFFERS;
}

static void put_list(struct keep_buf *out, const char *title,
		     struct keep_slices v)
{
	size_t i;

	if (!v.n)
		return;
	keep_buf_text(out, title);
	for (i = 0; i < v.n; i++) {
		keep_buf_byte(out, ' ');
		keep_buf_slice(out, v.v[i]);
	}
	keep_buf_byte(out, '\n');
}

void keep_compile_text(const struct keep_view *v, struct keep_buf *out)
{
	const struct keep_compile_result *r = v->result;

	keep_buf_print(out, "%u added, %u changed, %u removed, %u unchanged\n",
		       r->added, r->changed, r->removed, r->unchanged);
	put_list(out, "nodes:", r->nodes);
	put_list(out, "secrets made:", r->secrets);
	put_list(out, "drawn:", r->picks);
}
