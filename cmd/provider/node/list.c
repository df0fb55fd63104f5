/* node list [FILTER...] [--print PATH,...] */
#include "../expr/expr.h"
#include "../open.h"
#include "node.h"
#include "schemas.h"

static const struct keep_field args_fields[] = {
	{KEEP_TEXTS(struct keep_node_list_args, filter), .source = KEEP_REST,
	 .meta = "FILTER", .max_n = KEEP_FILTER_WORDS,
	 .complete = keep_complete_filter,
	 .help = "nodes, services, tags, environments, path=value"},
	{KEEP_TEXTS(struct keep_node_list_args, print), .letter = 'p',
	 .meta = "PATH,...", .complete = keep_complete_path,
	 .help = "show these values too; may be repeated"},
};
const struct keep_schema keep_node_list_args_schema =
	KEEP_SCHEMA(struct keep_node_list_args, args_fields);

static const struct keep_field row_fields[] = {
	{KEEP_TEXT(struct keep_node_row, name), .required = true,
	 .help = "the node"},
	{KEEP_TEXT(struct keep_node_row, ip_address),
	 .help = "its main address"},
	{KEEP_TEXT(struct keep_node_row, environment), .required = true,
	 .help = "its environment, or default"},
	{KEEP_TEXTS(struct keep_node_row, services), .required = true,
	 .help = "what it does"},
	{KEEP_TEXTS(struct keep_node_row, tags), .required = true,
	 .help = "what it is"},
	{KEEP_BOOL(struct keep_node_row, enabled), .required = true,
	 .help = "whether it is compiled and deployed"},
	{KEEP_MAP_ITEM(struct keep_node_row, values),
	 .help = "what was asked for by --print; null: it is not there"},
};
const struct keep_schema keep_node_row_schema =
	KEEP_SCHEMA(struct keep_node_row, row_fields);

struct listing {
	struct keep_ctx *c;
	struct keep_world *w;
	struct keep_eval *ev;
	struct keep_slices paths;
	struct keep_problems *ps;
};

/* A value of a node; null when it is missing. Faults go to ps. */
static int get(void *to, const struct keep_node *n, struct keep_slice path,
	       struct keep_json *v, struct keep_err *e)
{
	struct listing *l = to;
	bool found;
	int code = keep_eval_path(l->ev, n, path, &found, l->ps, v);

	return code == -KEEP_E_NO_MEMORY ? keep_no_memory(e) : 0;
}

static bool among(const struct keep_slice *v, size_t n, struct keep_slice s)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (keep_slice_eq(v[i], s))
			return true;
	return false;
}

/* Takes the path before the first comma off *s. */
static struct keep_slice take_path(struct keep_slice *s)
{
	struct keep_slice path = {s->p, keep_json_path_end(*s, ',')};

	*s = path.len < s->len
		? (struct keep_slice){s->p + path.len + 1,
				      s->len - path.len - 1}
		: (struct keep_slice){0};
	return path;
}

/* "a,b" and "c" as three paths, each of them once. */
static int read_paths(struct keep_mem *m, struct keep_slices print,
		      struct keep_slices *paths, struct keep_err *e)
{
	struct keep_json_path way;
	struct keep_slice *v, rest, path;
	size_t i, n = 0, all = 0;
	int code;

	for (i = 0; i < print.n; i++)
		all += print.v[i].len + 1;
	v = KEEP_NEWS(m, all, struct keep_slice);
	if (!v)
		return keep_no_memory(e);
	for (i = 0; i < print.n; i++) {
		for (rest = print.v[i]; rest.p; ) {
			path = take_path(&rest);
			if (!path.len)
				return keep_fail(e, KEEP_E_BAD_ARGS, "'%.*s' "
						 "has an empty path",
						 KEEP_F(print.v[i]));
			code = keep_json_path_read(m, path, &way, e);
			if (code)
				return code;
			if (!among(v, n, path))
				v[n++] = path;
		}
	}
	*paths = (struct keep_slices){v, n};
	return 0;
}

static int read_values(struct listing *l, const struct keep_node *n,
		       struct keep_entries *values, struct keep_err *e)
{
	struct keep_mem *m = l->c->item_mem;
	struct keep_entry *v = KEEP_NEWS(m, l->paths.n, struct keep_entry);
	size_t i;
	int code = v ? 0 : keep_no_memory(e);

	for (i = 0; i < l->paths.n && !code; i++) {
		struct keep_buf b = {.mem = m};
		struct keep_json value;

		code = get(l, n, l->paths.v[i], &value, e);
		if (code)
			return code;
		keep_json_to_cbor(&value, &b);
		code = keep_buf_check(&b, e);
		v[i] = (struct keep_entry){l->paths.v[i], keep_buf_get(&b)};
	}
	*values = (struct keep_entries){v, i};
	return code;
}

static struct keep_slices present(struct keep_slices s)
{
	static const struct keep_slice none;

	return s.v ? s : (struct keep_slices){&none, 0};
}

static int emit(struct listing *l, const struct keep_node *n,
		struct keep_err *e)
{
	struct keep_node_row row = {
		.name = n->name, .environment = n->env->name,
		.services = present(n->services), .tags = present(n->tags),
		.enabled = n->enabled,
	};
	struct keep_json ip;
	int code = get(l, n, KEEP_S("ip_address"), &ip, e);

	if (!code && ip.type == KEEP_JSON_TEXT)
		row.ip_address = keep_json_text(&ip);
	if (!code && l->paths.n)
		code = read_values(l, n, &row.values, e);
	if (!code && l->ps->total)
		code = keep_problems_fail(l->ps, e, KEEP_E_BAD_ARGS,
					  "node '%.*s'", KEEP_F(n->name));
	return code ? code : keep_emit(l->c, &row, e);
}

int keep_node_list(struct keep_ctx *c, const struct keep_node_list_args *a,
		   struct keep_err *e)
{
	struct listing l = {.c = c, .ps = KEEP_NEW(c->mem,
						   struct keep_problems)};
	bool *chosen = NULL;
	size_t i;
	int code = l.ps ? keep_provider_open(c, &l.w, &l.ev, e) :
			  keep_no_memory(e);

	if (!code)
		code = read_paths(c->mem, a->print, &l.paths, e);
	if (code)
		return code;
	l.ps->mem = c->mem;
	if (a->filter.n)
		code = keep_filter(l.w, a->filter, get, &l, &chosen, e);
	if (!code && l.ps->total)
		code = keep_problems_fail(l.ps, e, KEEP_E_BAD_ARGS,
					  "the filter");
	for (i = 0; i < l.w->n_nodes && !code; i++)
		if (!chosen || chosen[i])
			code = emit(&l, &l.w->nodes[i], e);
	return code;
}

/* --- text ------------------------------------------------------------- */

enum { LONGEST_PATH = 80 };

static struct keep_slice cell_of(const struct keep_view *v,
				 const struct keep_node_row *row,
				 const struct keep_field *f)
{
	const void *at = (const char *)row + f->offset;
	const struct keep_slices *list = at;
	struct keep_buf b = {.mem = v->mem};
	size_t i;

	if (f->shape == KEEP_ONE && keep_field_present(f, row))
		keep_field_text(f, at, 0, &b);
	for (i = 0; f->shape == KEEP_LIST && i < list->n; i++) {
		keep_buf_text(&b, i ? ", " : "");
		keep_buf_slice(&b, list->v[i]);
	}
	return b.len ? keep_buf_get(&b) : KEEP_S("-");
}

static void head(const struct keep_view *v, struct keep_tab *t,
		 struct keep_slices paths)
{
	static const char *const names[] = {
		"NAME", "IP_ADDRESS", "ENVIRONMENT", "SERVICES", "TAGS",
		"ENABLED",
	};
	size_t i;

	for (i = 0; i < KEEP_COUNT(names); i++)
		keep_tab_cell(t, keep_slice(names[i]));
	for (i = 0; i < paths.n; i++)
		keep_tab_cell(t, keep_text_safe(v->mem, paths.v[i],
						LONGEST_PATH));
}

static struct keep_slice value_of(const struct keep_node_row *row,
				  struct keep_slice path)
{
	size_t i = 0;

	while (i < row->values.n && !keep_slice_eq(row->values.v[i].key, path))
		i++;
	return i < row->values.n ? row->values.v[i].value : KEEP_S("\xf6");
}

static void put_row(const struct keep_view *v, struct keep_tab *t,
		    const struct keep_node_row *row, struct keep_slices paths)
{
	size_t i;

	for (i = 0; row_fields[i].shape != KEEP_MAP; i++)
		keep_tab_cell(t, cell_of(v, row, &row_fields[i]));
	for (i = 0; i < paths.n; i++)
		keep_tab_cell(t, keep_item_cell(v->mem,
						value_of(row, paths.v[i])));
}

void keep_node_list_text(const struct keep_view *v, struct keep_buf *out)
{
	const struct keep_node_row *rows = v->items.v;
	const struct keep_node_list_args *a = v->args;
	struct keep_tab t = {.mem = v->mem,
			     .heading = v->terminal && v->color};
	struct keep_slices paths = {0};
	size_t i;

	if (!v->items.n)
		return;
	/* a map has no order: that of the columns is the one asked for */
	t.failed = a && read_paths(v->mem, a->print, &paths, NULL);
	t.n_columns = KEEP_COUNT(row_fields) - 1 + paths.n;
	if (v->terminal)
		head(v, &t, paths);
	for (i = 0; i < v->items.n; i++)
		put_row(v, &t, &rows[i], paths);
	keep_tab_put(&t, out);
	out->failed |= t.failed;
}
