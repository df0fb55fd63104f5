/* Edits of a document as text: only the bytes change that have to. */
#include <string.h>
#include "json_spot.h"

/* How a new member is laid out. */
struct layout {
	bool tall;              /* one member a line */
	const char *newline;
	const char *colon;
	struct keep_slice base; /* blanks that its line begins with, */
	size_t level;           /* and UNIT so many times behind them */
	struct keep_slice unit;
};

struct edit {
	struct keep_slice text;
	struct keep_buf *out;
	size_t begin;           /* of what is put into out */
	struct layout layout;
};

/* Whether TEXT is a document, said as an error. */
static int check(struct keep_slice text, enum keep_json_dialect dialect,
		 const char *what, struct keep_err *e)
{
	KEEP_AUTO(keep_mem) m = {0};
	struct keep_problems ps = {.mem = &m};
	struct keep_json v;
	int r = keep_json_read(&m, text, NULL, dialect, &ps, &v);

	if (r == 0)
		return 0;
	if (r == -KEEP_E_NO_MEMORY || !ps.first)
		return keep_no_memory(e);
	keep_fail(e, KEEP_E_BAD_ARGS, "%s:%u:%u: %.*s", what, ps.first->line,
		  ps.first->column, KEEP_F(ps.first->message));
	if (ps.first->hint.p)
		return keep_hint(e, "%.*s", KEEP_F(ps.first->hint));
	return -KEEP_E_BAD_ARGS;
}

static int start(struct edit *d, struct keep_slices path, struct keep_err *e)
{
	const char *lf;

	if (path.n == 0)
		return keep_fail(e, KEEP_E_BAD_ARGS, "an empty path");
	lf = d->text.len ? memchr(d->text.p, '\n', d->text.len) : NULL;
	d->begin = d->out->len;
	d->layout.newline = lf && lf > d->text.p && lf[-1] == '\r' ? "\r\n"
								   : "\n";
	d->layout.colon = ": ";
	d->layout.unit = KEEP_S("  ");
	return check(d->text, KEEP_JSON_INSTANCE, "document", e);
}

/* What was put has to be a document, too: an edit may pass the depth. */
static int finish(struct edit *d, struct keep_err *e)
{
	int r = keep_buf_check(d->out, e);

	if (r == 0)
		r = check((struct keep_slice){d->out->p + d->begin,
					      d->out->len - d->begin},
			  KEEP_JSON_INSTANCE, "result", e);
	if (r)
		d->out->len = d->begin;
	return r;
}

static void copy(struct edit *d, size_t from, size_t to)
{
	keep_buf_put(d->out, d->text.p + from, to - from);
}

/* "a.b", the first N keys of a path, for messages. */
static struct keep_slice dotted(struct keep_mem *m, struct keep_slices path,
				size_t n)
{
	struct keep_buf b = {.mem = m};

	for (size_t i = 0; i < n; i++)
		keep_json_put_step(&b, path.v[i]);
	return n ? keep_buf_get(&b) : KEEP_S("the document");
}

static void break_line(struct edit *d, size_t depth)
{
	const struct layout *l = &d->layout;

	keep_buf_text(d->out, l->newline);
	keep_buf_slice(d->out, l->base);
	for (depth += l->level; depth; depth--)
		keep_buf_slice(d->out, l->unit);
}

/* Puts a member; keys before the last one become objects. */
static void put_member(struct edit *d, struct keep_slices keys,
		       struct keep_slice value)
{
	size_t i;

	for (i = 0; i < keys.n; i++) {
		if (i) {
			keep_buf_byte(d->out, '{');
			if (d->layout.tall)
				break_line(d, i);
		}
		keep_json_put_text(d->out, keys.v[i]);
		keep_buf_text(d->out, d->layout.colon);
	}
	keep_buf_slice(d->out, value);
	while (--i > 0) {
		if (d->layout.tall)
			break_line(d, i - 1);
		keep_buf_byte(d->out, '}');
	}
}

/* Puts the member behind the last one, and its remark. */
static void append(struct edit *d, const struct keep_json_spot *last,
		   struct keep_slices keys, struct keep_slice value)
{
	size_t at = keep_json_remark_end(d->text, last->end);
	bool line = d->layout.tall ||
		    (at > last->end && keep_json_line_end(d->text, at));

	copy(d, 0, last->end);
	keep_buf_byte(d->out, ',');
	copy(d, last->end, at);
	if (line)
		break_line(d, 0);
	else if (d->layout.colon[1] || at > last->end)
		keep_buf_byte(d->out, ' ');
	put_member(d, keys, value);
	copy(d, at, d->text.len);
}

/* Behind the last comment between FROM and TO; FROM when there is none. */
static size_t last_comment_end(struct keep_slice text, size_t from, size_t to)
{
	size_t at = from;

	while ((at = keep_json_blank_end(text, at)) < to) {
		at = keep_json_comment_end(text, at);
		from = at;
	}
	return from;
}

/* Puts the first member of the object at OPEN. */
static void fill(struct edit *d, size_t open, struct keep_slices keys,
		 struct keep_slice value)
{
	size_t close = keep_json_skip(d->text, open + 1);
	size_t at = last_comment_end(d->text, open + 1, close);

	copy(d, 0, at);
	if (d->layout.tall)
		break_line(d, 0);
	else if (close > open + 1)
		keep_buf_byte(d->out, ' ');
	put_member(d, keys, value);
	if (d->layout.tall && !keep_json_breaks(d->text, at, close)) {
		d->layout.level = 0;
		break_line(d, 0);
		at = close;
	}
	copy(d, at, d->text.len);
}

/* Learns from the member S of the object at OPEN how members look there. */
static void learn(struct edit *d, size_t open, const struct keep_json_spot *s)
{
	struct layout *l = &d->layout;
	struct keep_slice outer = keep_json_indent(d->text, open);
	struct keep_slice inner = keep_json_indent(d->text, s->key);
	char behind = keep_json_byte(d->text, s->value - 1);

	l->tall = keep_json_breaks(d->text, s->before, s->key);
	l->colon = behind == ':' ? ":" : ": ";
	if (l->tall && inner.len > outer.len)
		l->unit = (struct keep_slice){inner.p + outer.len,
					      inner.len - outer.len};
}

/* The object at OPEN gets a member; LAST is its last one, {0}: none. */
static void insert(struct edit *d, size_t open,
		   const struct keep_json_spot *last,
		   struct keep_slices keys, struct keep_slice value)
{
	struct layout *l = &d->layout;
	size_t close;

	l->base = keep_json_indent(d->text, open);
	l->level = 1;
	if (!last->end) {
		close = keep_json_skip(d->text, open + 1);
		l->tall |= keep_json_breaks(d->text, open, close);
		fill(d, open, keys, value);
		return;
	}
	learn(d, open, last);
	if (l->tall) {
		l->base = keep_json_indent(d->text, last->key);
		l->level = 0;
	}
	append(d, last, keys, value);
}

static void set(struct edit *d, size_t at, struct keep_slice value)
{
	copy(d, 0, at);
	keep_buf_slice(d->out, value);
	copy(d, keep_json_value_end(d->text, at), d->text.len);
}

int keep_json_edit_set(struct keep_mem *m, struct keep_slice text,
		       struct keep_slices path, struct keep_slice value,
		       struct keep_buf *out, struct keep_err *e)
{
	struct edit d = {.text = text, .out = out, .layout = {.tall = true}};
	size_t at = keep_json_skip(text, 0), from;
	struct keep_json_spot s;
	int r = start(&d, path, e);

	if (r == 0)
		r = check(value, KEEP_JSON_STRICT, "value", e);
	if (r)
		return r;
	from = keep_json_skip(value, 0);
	value = (struct keep_slice){value.p + from,
				    keep_json_value_end(value, from) - from};
	for (size_t i = 0; i < path.n; i++) {
		if (keep_json_byte(text, at) != '{')
			return keep_fail(e, KEEP_E_CONFLICT,
					 "%.*s is no object",
					 KEEP_F(dotted(m, path, i)));
		if (!keep_json_spot_find(text, at, path.v[i], &s)) {
			insert(&d, at, &s, (struct keep_slices){
				       path.v + i, path.n - i}, value);
			return finish(&d, e);
		}
		learn(&d, at, &s);
		at = s.value;
	}
	set(&d, at, value);
	return finish(&d, e);
}

/* What is taken out: FROM..TO, and the comma before it. */
struct cut {
	size_t from, to;
	size_t comma; /* 0: none */
};

/* Whether only blanks stand in FROM..TO. */
static bool is_blank(struct keep_slice text, size_t from, size_t to)
{
	return keep_json_blank_end(text, from) >= to;
}

static struct cut cut_before_another(struct keep_slice text,
				     const struct keep_json_spot *s)
{
	size_t tail = keep_json_remark_end(text, s->comma + 1);
	size_t line = keep_json_blank_begin(text, s->key), end;

	end = keep_json_line_end(text, tail);
	if (!end)
		tail = s->comma + 1;
	if (!end || (line && text.p[line - 1] != '\n'))
		return (struct cut){s->key, keep_json_blank_end(text, tail), 0};
	return (struct cut){line, end + 1 + (text.p[end] == '\r'), 0};
}

static struct cut cut_last(struct keep_slice text,
			   const struct keep_json_spot *s)
{
	size_t tail = keep_json_remark_end(text, s->end);
	struct cut c = {keep_json_blank_begin(text, s->key), tail, 0};

	if (s->previous_end)
		c.comma = s->before;
	if (s->previous_end && is_blank(text, s->previous_end, s->before) &&
	    is_blank(text, s->before + 1, s->key))
		return (struct cut){s->previous_end, tail, 0};
	if (keep_json_line_end(text, tail) && c.from &&
	    text.p[c.from - 1] == '\n')
		c.from -= c.from > 1 && text.p[c.from - 2] == '\r' ? 2 : 1;
	return c;
}

static void unset(struct edit *d, const struct keep_json_spot *s)
{
	struct keep_slice text = d->text;
	struct cut c = s->comma ? cut_before_another(text, s)
				: cut_last(text, s);
	size_t close = keep_json_blank_end(text, c.to);

	if (!s->comma && !s->previous_end &&
	    is_blank(text, s->before + 1, c.from) &&
	    keep_json_byte(text, close) == '}') {
		c.from = s->before + 1;
		c.to = close;
	}
	if (c.comma) {
		copy(d, 0, c.comma);
		copy(d, c.comma + 1, c.from);
	} else {
		copy(d, 0, c.from);
	}
	copy(d, c.to, text.len);
}

int keep_json_edit_unset(struct keep_mem *m, struct keep_slice text,
			 struct keep_slices path, struct keep_buf *out,
			 struct keep_err *e)
{
	struct edit d = {.text = text, .out = out};
	size_t at = keep_json_skip(text, 0);
	struct keep_json_spot s;
	int r = start(&d, path, e);

	if (r)
		return r;
	for (size_t i = 0; i < path.n; i++) {
		if (keep_json_byte(text, at) != '{' ||
		    !keep_json_spot_find(text, at, path.v[i], &s))
			return keep_fail(e, KEEP_E_NOT_FOUND,
					 "%.*s is not set",
					 KEEP_F(dotted(m, path, i + 1)));
		at = s.value;
	}
	unset(&d, &s);
	return finish(&d, e);
}
