/* PATH=VALUE: values as the schema wants them, put into a file's text. */
#include <inttypes.h>
#include <keep/text.h>
#include "../instance/merge.h"
#include "node.h"

/* --- one value -------------------------------------------------------- */

static bool is_scalar(const struct keep_json *v)
{
	return v->type != KEEP_JSON_NULL && v->type != KEEP_JSON_LIST &&
	       v->type != KEEP_JSON_OBJECT;
}

static struct keep_json as_number(const struct keep_json *v, bool whole)
{
	struct keep_slice s = keep_json_text(v);
	struct keep_json out = *v;
	double d;

	if (keep_num_int(s, &out.number)) {
		out.type = KEEP_JSON_INT;
	} else {
		out = *v;
		if (!whole && keep_num_double(s, &d))
			out.type = KEEP_JSON_DOUBLE;
	}
	return out;
}

static struct keep_json as_bool(const struct keep_json *v)
{
	struct keep_json out = *v;

	if (!keep_slice_is(keep_json_text(v), "true") &&
	    !keep_slice_is(keep_json_text(v), "false"))
		return out;
	out.type = KEEP_JSON_BOOL;
	out.number = keep_json_text(v).len == sizeof "true" - 1;
	return out;
}

static struct keep_json as_text(struct keep_mem *m, const struct keep_json *v)
{
	struct keep_buf b = {.mem = m};

	keep_json_put(&b, v, KEEP_JSON_COMPACT);
	return keep_json_of(keep_mem_copy(m, keep_buf_get(&b)));
}

static struct keep_slice trim(const char *p, size_t len)
{
	while (len && *p == ' ') {
		p++;
		len--;
	}
	while (len && p[len - 1] == ' ')
		len--;
	return (struct keep_slice){p, len};
}

/* "a, b" as a list of two; "" as an empty one. */
static struct keep_json split(struct keep_mem *m, struct keep_slice s)
{
	struct keep_json *v = KEEP_NEWS(m, s.len + 1, struct keep_json);
	struct keep_json out = {.type = KEEP_JSON_LIST, .list = v};
	size_t i, begin = 0;

	for (i = 0; v && s.len && i <= s.len; i++) {
		if (i < s.len && s.p[i] != ',')
			continue;
		v[out.n++] = keep_json_of(keep_mem_copy(m,
			trim(s.p + begin, i - begin)));
		begin = i + 1;
	}
	return out;
}

static struct keep_json as_list(struct keep_mem *m, const char *of,
				const struct keep_json *v)
{
	struct keep_json out = {.type = KEEP_JSON_LIST, .list = v, .n = 1};
	struct keep_json *own;
	uint32_t i;

	if (v->type == KEEP_JSON_TEXT)
		out = split(m, keep_json_text(v));
	else if (v->type == KEEP_JSON_LIST)
		out = *v;
	own = KEEP_NEWS(m, out.n, struct keep_json);
	if (!own || !out.list)
		return (struct keep_json){0};
	for (i = 0; i < out.n; i++)
		own[i] = of ? keep_value_as(m, of, &out.list[i]) : out.list[i];
	out.list = own;
	return out;
}

struct keep_json keep_value_as(struct keep_mem *m, const char *type,
			       const struct keep_json *v)
{
	static const char *const texts[] = {
		"text", "ip", "name", "domain", "country", "enum",
	};
	struct keep_slice t = {type, strcspn(type, ":")};
	size_t i;

	if (v->type == KEEP_JSON_NULL || keep_is_expression(v))
		return *v;
	if (keep_slice_is(t, "list") && v->type != KEEP_JSON_OBJECT)
		return as_list(m, type[t.len] ? type + t.len + 1 : NULL, v);
	if (v->type == KEEP_JSON_TEXT) {
		if (keep_slice_is(t, "int") || keep_slice_is(t, "number"))
			return as_number(v, keep_slice_is(t, "int"));
		return keep_slice_is(t, "bool") ? as_bool(v) : *v;
	}
	for (i = 0; is_scalar(v) && i < KEEP_COUNT(texts); i++)
		if (keep_slice_is(t, texts[i]))
			return as_text(m, v);
	return *v;
}

/* --- all values ------------------------------------------------------- */

struct applying {
	struct keep_mem *m;
	const struct keep_node_edit *ed;
	const struct keep_node *n;
	struct keep_problems *ps;
	struct keep_slice text;
	int code;                   /* of the first fault */
};

static void refuse(struct applying *a, struct keep_slice path,
		   const struct keep_err *why)
{
	keep_problem(a->ps, path, 0, 0, "%s", why->message);
	if (why->hint[0])
		keep_problem_hint(a->ps, "%s", why->hint);
	if (!a->code)
		a->code = why->code;
}

/* The row of a path whose last key may bear a prefix. */
static const struct keep_property *row_of(struct applying *a,
					  const struct keep_slice *keys,
					  size_t n)
{
	struct keep_buf path = {.mem = a->m};
	char prefix;
	size_t i;

	for (i = 0; i < n; i++)
		keep_json_put_step(&path, keep_key_name(keys[i], &prefix));
	return a->n && a->n->env ? keep_node_property(a->n, keep_buf_get(&path))
				 : keep_property_find(keep_buf_get(&path));
}

static int set(struct applying *a, struct keep_slices keys,
	       struct keep_slice item, struct keep_buf *out,
	       struct keep_err *e)
{
	const struct keep_property *row = row_of(a, keys.v, keys.n);
	const char *type = row ? row->type : "any";
	struct keep_buf json = {.mem = a->m};
	struct keep_json v;
	char prefix;
	int code = keep_json_from_cbor(a->m, item, &v, e);

	if (code)
		return code;
	keep_key_name(keys.v[keys.n - 1], &prefix);
	if (!row && (prefix == '+' || prefix == '-'))
		type = "list";
	v = keep_value_as(a->m, type, &v);
	keep_json_put(&json, &v, KEEP_JSON_COMPACT);
	code = keep_buf_check(&json, e);
	return code ? code : keep_json_edit_set(a->m, a->text, keys,
						keep_buf_get(&json), out, e);
}

static void apply(struct applying *a, const struct keep_entry *entry)
{
	struct keep_json_path way;
	struct keep_slices path = {.v = way.keys};
	struct keep_buf out = {.mem = a->m, .limit = KEEP_INSTANCE_FILE};
	struct keep_err why = {0};
	int code = keep_json_path_read(a->m, entry->key, &way, &why);

	path.n = way.n;
	if (!code)
		code = entry->value.p ?
		       set(a, path, entry->value, &out, &why) :
		       keep_json_edit_unset(a->m, a->text, path, &out, &why);
	if (code)
		refuse(a, entry->key, &why);
	else
		a->text = keep_buf_get(&out);
}

/* How many members the object at KEYS has in the text; -1: there is none. */
static int64_t count(struct applying *a, struct keep_slice text,
		     struct keep_slices keys)
{
	struct keep_problems ps = {.mem = a->m};
	const struct keep_json *v;
	struct keep_json root;
	size_t i;

	if (keep_json_read(a->m, text, NULL, KEEP_JSON_INSTANCE, &ps, &root))
		return -1;
	for (v = &root, i = 0; v && i < keys.n; i++)
		v = keep_json_get(v, keys.v[i]);
	return v && v->type == KEEP_JSON_OBJECT ? (int64_t)v->n : -1;
}

/* Takes out the objects around a path that this edit left empty. */
static void prune(struct applying *a, const struct keep_entry *entry)
{
	struct keep_json_path way;
	struct keep_slices path = {.v = way.keys};
	struct keep_err why = {0};

	if (entry->value.p || keep_json_path_read(a->m, entry->key, &way, &why))
		return;
	path.n = way.n;
	while (--path.n && count(a, a->text, path) == 0 &&
	       count(a, a->ed->text, path) > 0) {
		struct keep_buf out = {.mem = a->m};

		if (keep_json_edit_unset(a->m, a->text, path, &out, &why)) {
			refuse(a, entry->key, &why);
			return;
		}
		a->text = keep_buf_get(&out);
	}
}

/* The text with a layout of its own: two blanks a level. */
static int lay_out(struct applying *a, struct keep_err *e)
{
	struct keep_problems ps = {.mem = a->m};
	struct keep_buf out = {.mem = a->m};
	struct keep_json v;
	int code = keep_json_read(a->m, a->text, NULL, KEEP_JSON_INSTANCE, &ps,
				  &v);

	if (code)
		return keep_fail(e, -code, "the values cannot be written");
	keep_json_put(&out, &v, KEEP_JSON_PRETTY);
	keep_buf_byte(&out, '\n');
	a->text = keep_buf_get(&out);
	return keep_buf_check(&out, e);
}

int keep_node_apply(struct keep_mem *m, const struct keep_node_edit *ed,
		    const struct keep_node *n, struct keep_slice *text,
		    struct keep_err *e)
{
	struct applying a = {.m = m, .ed = ed, .n = n, .text = ed->text,
			     .ps = KEEP_NEW(m, struct keep_problems)};
	const struct keep_json_source source = {ed->path};
	struct keep_json was;
	size_t i;
	int code;

	if (!a.ps)
		return keep_no_memory(e);
	a.ps->mem = m;
	code = keep_json_read(m, ed->text, &source, KEEP_JSON_INSTANCE,
			      a.ps, &was);
	if (code == -KEEP_E_NO_MEMORY)
		return keep_no_memory(e);
	if (code)
		return keep_problems_fail(a.ps, e, -code, "the file was not "
					  "changed");
	for (i = 0; i < ed->values.n; i++)
		apply(&a, &ed->values.v[i]);
	for (i = 0; i < ed->values.n; i++)
		prune(&a, &ed->values.v[i]);
	if (a.code)
		return keep_problems_fail(a.ps, e, a.code, "%.*s",
					  KEEP_F(ed->path));
	if (ed->pretty)
		code = lay_out(&a, e);
	*text = a.text;
	return code;
}
