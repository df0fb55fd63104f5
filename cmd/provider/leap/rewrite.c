/* The text of one JSON file: what changes is cut out and put in, all else
 * stays byte for byte. */
#include <keep/text.h>
#include "../instance/merge.h"
#include "import.h"
#include "leap.h"

/* A piece of the text and what comes in its place. */
struct change {
	size_t from, to;
	struct keep_slice text;
};

struct rewrite {
	struct keep_leap *l;
	struct keep_err *e;
	const char *file;
	struct keep_ruby ruby;   /* but for its text */
	struct keep_slice text;
	size_t at;               /* where we are in it, and its place */
	uint32_t line, column;
	struct keep_buf path;    /* as lists.h says */
	struct keep_buf changes; /* by place */
	bool in_list;
	int failed;
};

/* --- places -------------------------------------------------------------- */

/* The offset of a place; they are asked for in the order of the text. */
static size_t seek(struct rewrite *w, uint32_t line, uint32_t column)
{
	while (w->at < w->text.len &&
	       (w->line < line || (w->line == line && w->column < column))) {
		char c = w->text.p[w->at++];

		if (c == '\n') {
			w->line++;
			w->column = 1;
		} else if ((c & 0xc0) != 0x80) {
			w->column++;
		}
	}
	while (w->at < w->text.len && (w->text.p[w->at] & 0xc0) == 0x80)
		w->at++;
	return w->at;
}

/* Behind the scalar or key that begins at AT. */
static size_t token_end(const struct rewrite *w, size_t at)
{
	const char *p = w->text.p;

	if (p[at] != '"') {
		while (at < w->text.len && !strchr(",:]} \t\r\n/", p[at]))
			at++;
		return at;
	}
	for (at++; at < w->text.len && p[at] != '"'; at++)
		at += p[at] == '\\';
	return at + 1;
}

static void change(struct rewrite *w, uint32_t line, uint32_t column,
		   struct keep_slice text)
{
	struct change c = {.text = text};

	c.from = seek(w, line, column);
	c.to = token_end(w, c.from);
	keep_buf_put(&w->changes, &c, sizeof c);
	if (!text.p || w->changes.failed)
		w->failed = keep_no_memory(w->e);
}

/* The value, or key, at the place of V becomes the text S. */
static void change_text(struct rewrite *w, const struct keep_json *v,
			struct keep_slice s)
{
	struct keep_buf b = {.mem = w->l->m};

	keep_json_put_text(&b, s);
	change(w, v->line, v->column,
	       b.failed ? (struct keep_slice){0} : keep_buf_get(&b));
}

/* --- expressions --------------------------------------------------------- */

/* S as a literal of an expression, behind what is in B. */
static void put_literal(struct keep_buf *b, struct keep_slice s)
{
	size_t i;

	keep_buf_byte(b, '\'');
	for (i = 0; i < s.len; i++) {
		if (s.p[i] == '\'' || s.p[i] == '$')
			keep_buf_byte(b, (uint8_t)s.p[i]);
		keep_buf_byte(b, (uint8_t)s.p[i]);
	}
	keep_buf_byte(b, '\'');
}

static void left(struct rewrite *w, const struct keep_json *v,
		 struct keep_slice original, const char *why)
{
	struct keep_import_left what = {
		.file = keep_slice(w->file), .line = v->line,
		.original = original, .why = keep_slice(why),
	};

	if (!w->failed)
		w->failed = keep_leap_left(w->l, &what, w->e);
}

/* In place of what cannot be rewritten: an error when it is evaluated. */
static void refuse(struct rewrite *w, const struct keep_json *v,
		   const char *why)
{
	struct keep_buf b = {.mem = w->l->m}, message = {.mem = w->l->m};

	keep_buf_print(&message, "line %u of leap's %s could not be "
		       "rewritten: %s", v->line, w->file, why);
	keep_buf_text(&b, "= error(");
	put_literal(&b, keep_buf_get(&message));
	keep_buf_byte(&b, ')');
	if (message.failed || b.failed)
		w->failed = keep_no_memory(w->e);
	else
		change_text(w, v, keep_buf_get(&b));
}

static void expression(struct rewrite *w, const struct keep_json *v,
		       struct keep_slice source)
{
	struct keep_ruby ruby = w->ruby;
	struct keep_err why = {0};
	struct keep_slice kx;
	struct keep_buf b = {.mem = w->l->m};
	int rc;

	w->l->expressions++;
	ruby.text = source;
	rc = keep_ruby_rewrite(w->l->m, &ruby, &kx, &why);
	if (rc == -KEEP_E_NO_MEMORY) {
		w->failed = keep_no_memory(w->e);
	} else if (rc) {
		left(w, v, keep_json_text(v), why.message);
		refuse(w, v, why.message);
	} else {
		w->l->rewritten++;
		keep_buf_print(&b, "= %.*s", KEEP_F(kx));
		change_text(w, v, keep_buf_get(&b));
	}
}

/* --- values -------------------------------------------------------------- */

/* A text that is one in leap, but not here. */
static void literal(struct rewrite *w, const struct keep_json *v,
		    struct keep_slice s)
{
	struct keep_buf b = {.mem = w->l->m};

	if (keep_slice_starts(s, "== ")) {
		keep_buf_text(&b, "= ");
		put_literal(&b, s);
	} else {
		keep_buf_print(&b, "=%.*s", KEEP_F(s));
	}
	change_text(w, v, keep_buf_get(&b));
}

static void text(struct rewrite *w, const struct keep_json *v)
{
	struct keep_slice s = keep_json_text(v);
	size_t mark = keep_slice_starts(s, "= ") ? 2 :
		      keep_slice_starts(s, "=> ") ? 3 : 0;

	if (mark && !w->in_list)
		expression(w, v, (struct keep_slice){s.p + mark,
						     s.len - mark});
	else if (mark == 2 || keep_slice_starts(s, "== "))
		literal(w, v, s);
	else if (!w->in_list &&
		 (keep_slice_is(s, "true") || keep_slice_is(s, "false")))
		change(w, v->line, v->column, s);
}

static bool is_scalar(const struct keep_json *v)
{
	struct keep_slice s = keep_json_text(v);

	return v->type != KEEP_JSON_NULL && v->type != KEEP_JSON_LIST &&
	       v->type != KEEP_JSON_OBJECT && !keep_is_required(v) &&
	       !keep_slice_starts(s, "= ") && !keep_slice_starts(s, "=> ");
}

/* The key k becomes "+k", unless the object has one already. */
static void prefix_key(struct rewrite *w, const struct keep_json *object,
		       const struct keep_json_member *m)
{
	const struct keep_json key = {.line = m->line, .column = m->column};
	struct keep_slice name = keep_mem_print(w->l->m, "+%.*s",
						KEEP_F(m->key));

	if (!name.p)
		w->failed = keep_no_memory(w->e);
	else if (!keep_json_get(object, name))
		change_text(w, &key, name);
}

/* A scalar that leap appends to a list; false: it is none of these. */
static bool append(struct rewrite *w, const struct keep_json *object,
		   const struct keep_json_member *m, char prefix)
{
	enum keep_leap_list older = KEEP_LEAP_NO_LIST;
	struct keep_buf b = {.mem = w->l->m};
	size_t from, to;

	if (w->in_list || prefix == '!' || !is_scalar(&m->value))
		return false;
	if (w->l->rules && !prefix)
		older = keep_leap_lists_get(&w->l->lists,
					    keep_buf_get(&w->path));
	if (!prefix && older == KEEP_LEAP_NO_LIST)
		return false;
	if (older == KEEP_LEAP_FULL_LIST)
		prefix_key(w, object, m);
	from = seek(w, m->value.line, m->value.column);
	to = token_end(w, from);
	keep_buf_byte(&b, '[');
	keep_buf_put(&b, w->text.p + from, to - from);
	keep_buf_byte(&b, ']');
	change(w, m->value.line, m->value.column,
	       b.failed ? (struct keep_slice){0} : keep_buf_get(&b));
	return true;
}

static void walk(struct rewrite *w, const struct keep_json *v);

static void member(struct rewrite *w, const struct keep_json *object,
		   const struct keep_json_member *m)
{
	size_t len = w->path.len;
	char prefix;

	keep_json_put_step(&w->path, keep_key_name(m->key, &prefix));
	if (!append(w, object, m, prefix))
		walk(w, &m->value);
	w->path.len = len;
}

static void walk(struct rewrite *w, const struct keep_json *v)
{
	bool in_list = w->in_list;
	uint32_t i;

	if (v->type == KEEP_JSON_TEXT)
		text(w, v);
	for (i = 0; v->type == KEEP_JSON_OBJECT && i < v->n; i++)
		if (!w->failed)
			member(w, v, &v->members[i]);
	w->in_list |= v->type == KEEP_JSON_LIST;
	for (i = 0; v->type == KEEP_JSON_LIST && i < v->n; i++)
		if (!w->failed)
			walk(w, &v->list[i]);
	w->in_list = in_list;
}

/* --- the text ------------------------------------------------------------ */

static int put_changes(struct rewrite *w, struct keep_buf *b)
{
	const struct change *c = (const void *)w->changes.p;
	size_t i, at = 0, n = w->changes.len / sizeof *c;

	for (i = 0; i < n; i++) {
		keep_buf_put(b, w->text.p + at, c[i].from - at);
		keep_buf_slice(b, c[i].text);
		at = c[i].to;
	}
	keep_buf_put(b, w->text.p + at, w->text.len - at);
	return keep_buf_check(b, w->e);
}

int keep_leap_rewrite(struct keep_leap *l, const struct keep_leap_doc *d,
		      struct keep_slice *out, struct keep_err *e)
{
	struct rewrite w = {
		.l = l, .e = e, .file = d->path, .text = d->text, .line = 1,
		.column = 1, .path = {.mem = l->m}, .changes = {.mem = l->m},
		.ruby = {.object = d->object},
	};
	struct keep_buf b = {.mem = l->m};
	int rc;

	if (keep_slice_starts(d->object, "services."))
		w.ruby.own = &d->tree;
	keep_buf_byte(&w.path, (uint8_t)d->root);
	walk(&w, &d->tree);
	if (w.failed || w.path.failed)
		return w.failed ? w.failed : keep_no_memory(e);
	rc = put_changes(&w, &b);
	*out = keep_buf_get(&b);
	return rc;
}
