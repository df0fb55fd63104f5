/* inspect NODE [PATH] [--why] */
#include <keep/text.h>
#include "../expr/expr.h"
#include "../open.h"
#include "node.h"
#include "schemas.h"

static const struct keep_field args_fields[] = {
	{KEEP_TEXT(struct keep_inspect_args, node), .source = KEEP_WORD,
	 .required = true, .max = 63, .complete = keep_complete_node,
	 .help = "the node"},
	{KEEP_TEXT(struct keep_inspect_args, path), .source = KEEP_WORD,
	 .complete = keep_complete_path,
	 .help = "a property, as ssh.port; none: all of them"},
	{KEEP_BOOL(struct keep_inspect_args, why),
	 .help = "show which file sets each value, and how"},
};
const struct keep_schema keep_inspect_args_schema =
	KEEP_SCHEMA(struct keep_inspect_args, args_fields);

static const struct keep_field row_fields[] = {
	{KEEP_TEXT(struct keep_inspect_row, path), .required = true,
	 .help = "the property"},
	{KEEP_ITEM(struct keep_inspect_row, value), .required = true,
	 .help = "its value"},
	{KEEP_TEXT(struct keep_inspect_row, file),
	 .help = "the file that sets it"},
	{KEEP_UINT(struct keep_inspect_row, line),
	 KEEP_HAS(struct keep_inspect_row, has_line), .help = "where in it"},
	{KEEP_TEXT(struct keep_inspect_row, expr),
	 .help = "the expression that gives it"},
};
const struct keep_schema keep_inspect_row_schema =
	KEEP_SCHEMA(struct keep_inspect_row, row_fields);

struct inspecting {
	struct keep_ctx *c;
	bool why;
};

static void tell_why(const struct keep_json *from,
		     struct keep_inspect_row *row)
{
	struct keep_slice text = keep_json_text(from);

	if (from->source)
		row->file = from->source->name;
	row->line = from->line;
	row->has_line = from->line > 0;
	if (keep_expr_is(from))
		row->expr = (struct keep_slice){text.p + 2, text.len - 2};
}

static int emit(struct inspecting *in, struct keep_slice path,
		const struct keep_json *from, const struct keep_json *v,
		struct keep_err *e)
{
	struct keep_buf b = {.mem = in->c->item_mem};
	struct keep_inspect_row row = {.path = path};
	int code;

	keep_json_to_cbor(v, &b);
	code = keep_buf_check(&b, e);
	if (code)
		return code;
	row.value = keep_buf_get(&b);
	if (in->why)
		tell_why(from, &row);
	return keep_emit(in->c, &row, e);
}

/* FROM: what stands in the files where V comes from. An expression gives all
 * that is below it. */
static int walk(struct inspecting *in, struct keep_slice path,
		const struct keep_json *from, const struct keep_json *v,
		struct keep_err *e)
{
	const struct keep_json *below;
	uint32_t i;
	int code = 0;

	if (v->type != KEEP_JSON_OBJECT || v->n == 0)
		return emit(in, path, from, v, e);
	for (i = 0; i < v->n && !code; i++) {
		struct keep_buf deeper = {.mem = in->c->mem};

		below = keep_json_get(from, v->members[i].key);
		keep_buf_slice(&deeper, path);
		keep_json_put_step(&deeper, v->members[i].key);
		code = keep_buf_check(&deeper, e);
		if (!code)
			code = walk(in, keep_buf_get(&deeper),
				    below ? below : from,
				    &v->members[i].value, e);
	}
	return code;
}

/* The first name of what is left of a path, as it is written. */
static struct keep_slice first_of(struct keep_slice rest)
{
	return (struct keep_slice){rest.p, keep_json_path_end(rest, '.')};
}

/* Behind that name and its dot. */
static struct keep_slice behind(struct keep_slice rest)
{
	size_t len = first_of(rest).len;

	len += len < rest.len;
	return (struct keep_slice){rest.p + len, rest.len - len};
}

/* What stands in the files at PATH, or at the nearest that leads there. */
static const struct keep_json *origin(const struct keep_json *tree,
				      struct keep_slice path)
{
	const struct keep_json *found = tree;

	for (; found && path.len; path = behind(path)) {
		tree = found;
		found = keep_json_at(tree, first_of(path));
	}
	return found ? found : tree;
}

static int missing(const struct keep_node *n, struct keep_slice path,
		   struct keep_err *e)
{
	const struct keep_json *in = NULL, *below = &n->tree;
	struct keep_slice rest = path, after = path;
	struct keep_guess g = {0};
	KEEP_AUTO(keep_buf) name = {0};
	uint32_t i;

	for (; below && after.len; after = behind(rest)) {
		in = below;
		rest = after;
		g.wanted = first_of(rest);
		below = keep_json_at(in, g.wanted);
	}
	for (i = 0; in && in->type == KEEP_JSON_OBJECT && i < in->n; i++)
		keep_guess_offer(&g, in->members[i].key);
	keep_fail(e, KEEP_E_NOT_FOUND, "node '%.*s' has no '%.*s'",
		  KEEP_F(n->name), KEEP_F(path));
	if (!g.best.p)
		return keep_hint(e, "`keep inspect %.*s` shows all",
				 KEEP_F(n->name));
	keep_json_put_step(&name, g.best);
	return keep_hint(e, "did you mean '%.*s%.*s%.*s'?",
			 (int)(rest.p - path.p), path.p,
			 KEEP_F(keep_buf_get(&name)),
			 (int)(rest.len - g.wanted.len),
			 rest.p + g.wanted.len);
}

static int evaluate(struct keep_ctx *c, struct keep_eval *ev,
		    const struct keep_node *n, struct keep_slice path,
		    struct keep_json *v, struct keep_err *e)
{
	struct keep_problems *ps = KEEP_NEW(c->mem, struct keep_problems);
	bool found = true;
	int code;

	if (!ps)
		return keep_no_memory(e);
	ps->mem = c->mem;
	code = path.p ? keep_eval_path(ev, n, path, &found, ps, v) :
			keep_eval_node(ev, n, ps, v);
	if (code == -KEEP_E_NO_MEMORY)
		return keep_no_memory(e);
	if (code || ps->total)
		return keep_problems_fail(ps, e, KEEP_E_BAD_ARGS,
					  "node '%.*s'", KEEP_F(n->name));
	return found ? 0 : missing(n, path, e);
}

int keep_inspect(struct keep_ctx *c, const struct keep_inspect_args *a,
		 struct keep_err *e)
{
	struct inspecting in = {c, a->why};
	struct keep_world *w;
	struct keep_eval *ev;
	const struct keep_node *n = NULL;
	struct keep_json v;
	struct keep_json_path way;
	int code = a->path.p ? keep_json_path_read(c->mem, a->path, &way, e)
			     : 0;

	if (!code)
		code = keep_provider_open(c, &w, &ev, e);
	if (!code)
		code = keep_node_get(c, w, a->node, &n, e);
	if (!code)
		code = evaluate(c, ev, n, a->path, &v, e);
	if (code)
		return code;
	return walk(&in, a->path.p ? a->path : KEEP_S(""),
		    a->path.p ? origin(&n->tree, a->path) : &n->tree, &v, e);
}

/* --- text ------------------------------------------------------------- */

static void put_row(const struct keep_view *v,
		    const struct keep_inspect_row *row, struct keep_buf *out)
{
	struct keep_buf json = {.mem = v->mem};
	struct keep_json value;

	if (keep_json_from_cbor(v->mem, row->value, &value, NULL))
		value = (struct keep_json){0};
	keep_json_put(&json, &value, KEEP_JSON_COMPACT);
	out->failed |= json.failed;
	keep_buf_slice(out, keep_text_safe(v->mem, row->path, SIZE_MAX - 8));
	keep_buf_text(out, " = ");
	keep_buf_slice(out, keep_text_safe(v->mem, keep_buf_get(&json),
					   SIZE_MAX - 8));
	if (row->file.p)
		keep_buf_print(out, "   # %.*s:%u",
			       KEEP_F(keep_text_safe(v->mem, row->file, 512)),
			       row->line);
	if (row->expr.p) {
		keep_buf_text(out, "  = ");
		keep_buf_slice(out, keep_text_safe(v->mem, row->expr,
						   SIZE_MAX - 8));
	}
	keep_buf_byte(out, '\n');
}

void keep_inspect_text(const struct keep_view *v, struct keep_buf *out)
{
	const struct keep_inspect_row *rows = v->items.v;
	size_t i;

	for (i = 0; i < v->items.n; i++)
		put_row(v, &rows[i], out);
}
