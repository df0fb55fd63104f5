#include <stdlib.h>
#include "env.h"
#include "files_row.h"

/* Rows that are gathered. */
struct gather {
	struct keep_file_rows r;
	struct keep_rendered *v;
	size_t n;
};

static struct keep_slice text_of(const struct keep_json *v)
{
	return v ? keep_json_text(v) : (struct keep_slice){0};
}

/* Where a form begins that nobody but keep may write. */
static void tell_form(const struct gather *g, const struct keep_cached *found)
{
	struct keep_json_source source = {found->name};
	struct keep_json place = {.line = 1, .column = 1, .source = &source};
	const char *p = found->content.p, *end = p + found->form;

	for (; p < end; p++) {
		if (*p == '\n') {
			place.line++;
			place.column = 1;
		} else if (((unsigned char)*p & 0xc0) != 0x80) {
			place.column++;
		}
	}
	keep_file_fault(&g->r, &place, "the source holds the form that stands "
			"for a secret");
	keep_problem_hint(g->r.ps, "make it a template, with "
			  "${secret('name')}");
}

static int copy(struct gather *g, const struct keep_json *at,
		struct keep_slice path, struct keep_rendered *to)
{
	struct keep_cached found;
	struct keep_err e = {0};
	int code = keep_host_source(g->r.b->world, path, &found, &e);

	if (code == -KEEP_E_NO_MEMORY)
		return code;
	if (code) {
		keep_file_fault(&g->r, at, "%s", e.message);
		if (e.hint[0])
			keep_problem_hint(g->r.ps, "%s", e.hint);
	} else if (found.has_form) {
		tell_form(g, &found);
	} else {
		to->content = found.content;
		to->source = found.source;
	}
	return 0;
}

static int fill(struct gather *g, const struct keep_file_row *row,
		struct keep_rendered *to)
{
	const struct keep_json *text = row->v[KEEP_FILE_TEXT];
	const struct keep_json *source = row->v[KEEP_FILE_SOURCE];

	if (source)
		return copy(g, source, keep_json_text(source), to);
	if (row->v[KEEP_FILE_TEMPLATE])
		text = keep_eval_rendered(g->r.b->ev, g->r.node, to->path);
	to->compiled = row->v[KEEP_FILE_COMPILED];
	to->content = to->compiled ? KEEP_S("") : text_of(text);
	to->secret = text && text->mark == KEEP_MARK_SECRET;
	return 0;
}

static struct keep_slice or_root(const struct keep_json *v)
{
	return v ? keep_json_text(v) : KEEP_S("root");
}

static int add(struct gather *g, const struct keep_json_member *m)
{
	struct keep_rendered new = {.path = m->key};
	struct keep_file_row row;
	int code;

	if (!keep_file_row_read(&g->r, m, &row))
		return 0;
	code = fill(g, &row, &new);
	if (code || !(new.content.p || new.source))
		return code;
	new.owner = or_root(row.v[KEEP_FILE_OWNER]);
	new.group = or_root(row.v[KEEP_FILE_GROUP]);
	new.on_change = text_of(row.v[KEEP_FILE_ON_CHANGE]);
	new.mode_text = text_of(row.v[KEEP_FILE_MODE]);
	new.mode = new.mode_text.p ? keep_file_mode(new.mode_text) :
		   new.secret ? 0600 : 0644;
	g->v[g->n++] = new;
	return 0;
}

static int add_sent(struct gather *g, struct keep_slice path)
{
	struct keep_rendered new = {
		.owner = KEEP_S("root"), .group = KEEP_S("root"),
		.mode = keep_slice_starts(path, "keys/") ? 0600 : 0644,
	};
	int code;

	new.path = keep_mem_print(g->r.ps->mem, "/etc/keep/files/%.*s",
				  KEEP_F(path));
	if (!new.path.p)
		return -KEEP_E_NO_MEMORY;
	g->r.path = new.path;
	code = copy(g, &g->r.node->tree, path, &new);
	if (!code && (new.content.p || new.source))
		g->v[g->n++] = new;
	return code;
}

/* By bytes, but / before all others: what is in a directory follows it. */
static int by_path(const void *p, const void *q)
{
	const struct keep_rendered *a = p, *b = q;
	size_t i = 0, n = a->path.len < b->path.len ? a->path.len
						    : b->path.len;

	while (i < n && a->path.p[i] == b->path.p[i])
		i++;
	if (i == n)
		return (a->path.len > n) - (b->path.len > n);
	if (a->path.p[i] == '/' || b->path.p[i] == '/')
		return a->path.p[i] == '/' ? -1 : 1;
	return (unsigned char)a->path.p[i] - (unsigned char)b->path.p[i];
}

/* Whether file A would have to be a directory for B to be there, or is B. */
static bool clashes(const struct keep_rendered *a,
		    const struct keep_rendered *b)
{
	return a->path.len <= b->path.len &&
	       keep_bytes_equal(a->path.p, b->path.p, a->path.len) &&
	       (a->path.len == b->path.len || b->path.p[a->path.len] == '/');
}

static void check_clashes(struct gather *g)
{
	const struct keep_json *at, *files;
	size_t i;

	for (i = 1; i < g->n; i++) {
		if (!clashes(&g->v[i - 1], &g->v[i]))
			continue;
		g->r.path = g->v[i].path;
		files = keep_json_get(&g->r.node->tree, KEEP_S("files"));
		at = files ? keep_json_get(files, g->v[i].path) : NULL;
		at = at ? at : files ? files : &g->r.node->tree;
		if (g->v[i - 1].path.len == g->v[i].path.len)
			keep_file_fault(&g->r, at, "send() puts a file there, "
					"too");
		else
			keep_file_fault(&g->r, at, "%.*s is a file, so nothing "
					"can be in it",
					KEEP_F(g->v[i - 1].path));
	}
}

static int gather(struct gather *g, const struct keep_json *files,
		  const struct keep_slices *sent)
{
	size_t i, n = files ? files->n : 0;
	int code = 0;

	g->v = KEEP_NEWS(g->r.b->world->mem, n + sent->n,
			 struct keep_rendered);
	if (!g->v)
		return -KEEP_E_NO_MEMORY;
	for (i = 0; i < n && !code; i++)
		code = add(g, &files->members[i]);
	for (i = 0; i < sent->n && !code; i++)
		code = add_sent(g, sent->v[i]);
	return code;
}

int keep_files_of(const struct keep_build *b, const struct keep_node *n,
		  const struct keep_json *tree, struct keep_problems *ps,
		  struct keep_files *out)
{
	const struct keep_json *files = keep_json_get(tree, KEEP_S("files"));
	struct gather g = {.r = {.b = b, .node = n, .ps = ps}};
	struct keep_slices sent = {0};
	struct keep_err e = {0};
	int code = keep_eval_sent(b->ev, n, &sent, &e);

	*out = (struct keep_files){0};
	if (files && files->type != KEEP_JSON_OBJECT)
		files = NULL; /* the check of properties tells it */
	if (code || (!files && !sent.n))
		return code;
	code = gather(&g, files, &sent);
	if (code)
		return code;
	if (g.n)
		qsort(g.v, g.n, sizeof *g.v, by_path);
	check_clashes(&g);
	*out = (struct keep_files){g.v, g.n};
	return 0;
}

static void tell_missing(const struct keep_file_rows *r,
			 const struct keep_json *at)
{
	const struct keep_env_file *f = (const void *)r->b->env_files.p;
	struct keep_slice name;
	struct keep_guess g = {.wanted = keep_json_text(at)};
	size_t i;

	for (i = 0; i < r->b->env_files.len / sizeof *f; i++) {
		name = keep_env_name_in(&f[i], r->node->env);
		if (name.p)
			keep_guess_offer(&g, name);
	}
	name = keep_text_safe(r->ps->mem, g.wanted, 100);
	keep_file_fault(r, at, "compiled/%.*s has no %.*s",
			KEEP_F(r->node->env->name), KEEP_F(name));
	if (g.best.p)
		keep_problem_hint(r->ps, "did you mean '%.*s'?",
				  KEEP_F(g.best));
}

/* Some of an environment's files may be missing where faults were found:
 * zones, and what clients get. */
static bool may_be_hidden(const struct keep_json *name, bool partial)
{
	struct keep_slice s = keep_json_text(name);

	return partial && memchr(s.p, '/', s.len);
}

void keep_files_relate(const struct keep_build *b, struct keep_problems *ps)
{
	bool partial = ps->total > 0;
	struct keep_rendered *v;
	size_t i, j;

	for (i = 0; i < b->world->n_nodes; i++) {
		struct keep_file_rows r = {b, &b->world->nodes[i], ps, {0}};

		v = b->files[i].v;
		for (j = 0; j < b->files[i].n; j++) {
			if (!v[j].compiled)
				continue;
			r.path = v[j].path;
			v[j].whole = keep_env_find(b, r.node->env,
					keep_json_text(v[j].compiled));
			if (!v[j].whole && r.node->enabled &&
			    !may_be_hidden(v[j].compiled, partial))
				tell_missing(&r, v[j].compiled);
		}
	}
}
