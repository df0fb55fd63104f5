/* The reader: one pass over the text, one level of C stack a level of JSON,
 * at most KEEP_JSON_DEPTH_MAX of them. */
#include <string.h>
#include <keep/text.h>
#include "json_reader.h"

static char peek(const struct keep_json_reader *r)
{
	return keep_json_byte(r->text, r->at);
}

/* Passes blanks and comments. */
static bool blank(struct keep_json_reader *r)
{
	size_t end;

	for (;;) {
		r->at = keep_json_blank_end(r->text, r->at);
		end = keep_json_comment_end(r->text, r->at);
		if (end == r->at)
			return true;
		if (r->dialect == KEEP_JSON_STRICT || end == KEEP_JSON_OPEN)
			break;
		r->at = end;
	}
	if (r->dialect == KEEP_JSON_STRICT) {
		keep_json_fault(r, keep_json_place(r, r->at), "a comment");
		keep_problem_hint(r->ps, "comments are not allowed here");
		return false;
	}
	keep_json_fault(r, keep_json_place(r, r->at),
			"a comment begins here and does not end");
	keep_problem_hint(r->ps, "close it with */");
	return false;
}

static bool push(struct keep_json_reader *r, struct keep_buf *b,
		 const void *element, size_t len)
{
	keep_buf_put(b, element, len);
	r->no_memory |= b->failed;
	return !r->no_memory;
}

/* Moves what was pushed since offset BASE to the arena. */
static const void *pop(struct keep_json_reader *r, struct keep_buf *b,
		       size_t base)
{
	size_t len = b->len - base;
	void *p = len ? keep_mem_alloc(r->m, len) : NULL;

	if (p)
		memcpy(p, b->p + base, len);
	else if (len)
		r->no_memory = true;
	b->len = base;
	return p;
}

/* Takes the bracket that opens a list or an object. */
static bool enter(struct keep_json_reader *r)
{
	struct keep_json_place place = keep_json_place(r, r->at);

	if (r->depth == KEEP_JSON_DEPTH_MAX) {
		keep_json_fault(r, place,
				"more than %d lists and objects in each other",
				KEEP_JSON_DEPTH_MAX);
		return false;
	}
	r->open[r->depth++] = place.line;
	r->at++;
	return blank(r);
}

/* After an element: whether another one follows, else CLOSE was taken. */
static bool another(struct keep_json_reader *r, char close, bool *more)
{
	struct keep_json_place comma;

	if (!blank(r))
		return false;
	*more = peek(r) == ',';
	if (!*more && peek(r) != close)
		return keep_json_unexpected(r, close == ']' ? "',' or ']'"
							    : "',' or '}'");
	if (!*more)
		return true;
	comma = keep_json_place(r, r->at++);
	if (!blank(r))
		return false;
	if (peek(r) != ']' && peek(r) != '}')
		return true;
	keep_json_fault(r, comma, "a comma stands before '%c'", peek(r));
	keep_problem_hint(r->ps, "take the trailing comma out");
	return false;
}

static bool value(struct keep_json_reader *r, struct keep_json *v);

static bool list(struct keep_json_reader *r, struct keep_json *v)
{
	size_t base = r->values.len;
	struct keep_json element;
	bool more;

	v->type = KEEP_JSON_LIST;
	if (!enter(r))
		return false;
	for (more = peek(r) != ']'; more; v->n++)
		if (!value(r, &element) ||
		    !push(r, &r->values, &element, sizeof element) ||
		    !another(r, ']', &more))
			return false;
	r->at++;
	r->depth--;
	v->list = pop(r, &r->values, base);
	return !r->no_memory;
}

static bool member(struct keep_json_reader *r, struct keep_json_member *m)
{
	struct keep_json_place place = keep_json_place(r, r->at);

	if (peek(r) != '"')
		return keep_json_unexpected(r, "a key in double quotes");
	*m = (struct keep_json_member){.line = place.line,
				       .column = place.column};
	if (!keep_json_take_text(r, &m->key) || !blank(r))
		return false;
	if (peek(r) != ':')
		return keep_json_unexpected(r, "':'");
	r->at++;
	return blank(r) && value(r, &m->value);
}

static bool object(struct keep_json_reader *r, struct keep_json *v)
{
	size_t base = r->members.len;
	struct keep_json_member m;
	bool more;

	v->type = KEEP_JSON_OBJECT;
	if (!enter(r))
		return false;
	for (more = peek(r) != '}'; more; v->n++)
		if (!member(r, &m) || !push(r, &r->members, &m, sizeof m) ||
		    !another(r, '}', &more))
			return false;
	r->at++;
	r->depth--;
	v->members = pop(r, &r->members, base);
	if (!r->no_memory)
		keep_json_find_duplicates(r, v);
	return !r->no_memory;
}

static bool text(struct keep_json_reader *r, struct keep_json *v)
{
	struct keep_slice s;

	if (!keep_json_take_text(r, &s))
		return false;
	v->type = KEEP_JSON_TEXT;
	v->text = s.p;
	v->n = (uint32_t)s.len;
	return true;
}

/* A word that begins like a number. A bad one does not end the reading. */
static bool number(struct keep_json_reader *r, struct keep_json *v,
		   struct keep_slice word)
{
	double d;

	v->type = KEEP_JSON_INT;
	if (keep_num_int(word, &v->number))
		return true;
	if (!keep_num_double(word, &d) || !keep_json_is_double(word)) {
		keep_json_fault(r, (struct keep_json_place){v->line, v->column},
				"%.*s is no number of 64 bits", KEEP_F(word));
		keep_problem_hint(r->ps, "numbers look like 10, -1, 0.5, 1e6; "
				  "longer ones are texts");
		return true;
	}
	v->type = KEEP_JSON_DOUBLE;
	word = keep_mem_copy(r->m, word);
	r->no_memory |= !word.p;
	v->text = word.p;
	v->n = (uint32_t)word.len;
	return !r->no_memory;
}

/* null, true, false or a number. */
static bool bare(struct keep_json_reader *r, struct keep_json *v)
{
	size_t end = keep_json_word_end(r->text, r->at);
	struct keep_slice word = {r->text.p + r->at, end - r->at};

	if (word.len && word.p[0] <= '9') {
		r->at = end;
		return number(r, v, word);
	}
	v->type = keep_slice_is(word, "null") ? KEEP_JSON_NULL : KEEP_JSON_BOOL;
	v->number = keep_slice_is(word, "true");
	if (v->type == KEEP_JSON_BOOL && !v->number &&
	    !keep_slice_is(word, "false"))
		return keep_json_unexpected(r, "a value");
	r->at = end;
	return true;
}

static bool value(struct keep_json_reader *r, struct keep_json *v)
{
	struct keep_json_place place = keep_json_place(r, r->at);

	*v = (struct keep_json){.line = place.line, .column = place.column,
				.source = r->source};
	switch (peek(r)) {
	case '{': return object(r, v);
	case '[': return list(r, v);
	case '"': return text(r, v);
	default: return bare(r, v);
	}
}

/* Whether the bytes can be a document at all. */
static bool readable(struct keep_json_reader *r)
{
	struct keep_json_place begin = {1, 1};
	size_t bad;

	if (r->text.len >= UINT32_MAX) {
		keep_json_fault(r, begin, "more than 4 GiB");
		return false;
	}
	if (keep_slice_starts(r->text, "\xef\xbb\xbf")) {
		keep_json_fault(r, begin, "a byte order mark");
		keep_problem_hint(r->ps, "save it as UTF-8 without a mark");
		return false;
	}
	bad = keep_utf8_check(r->text);
	if (bad == r->text.len)
		return true;
	keep_json_fault(r, keep_json_place(r, bad), "byte 0x%02x is not UTF-8",
			(unsigned char)r->text.p[bad]);
	keep_problem_hint(r->ps, "save it as UTF-8");
	return false;
}

static void document(struct keep_json_reader *r, struct keep_json *v)
{
	if (!readable(r) || !blank(r) || !value(r, v) || !blank(r))
		return;
	if (r->at < r->text.len)
		keep_json_unexpected(r, "the end");
}

int keep_json_read(struct keep_mem *m, struct keep_slice text,
		   const struct keep_json_source *source,
		   enum keep_json_dialect dialect,
		   struct keep_problems *ps, struct keep_json *out)
{
	struct keep_json_reader r = {.m = m, .ps = ps, .source = source,
				     .dialect = dialect,
				     .text = text.p ? text : KEEP_S(""),
				     .place = {1, 1}};
	size_t before = ps->total;

	document(&r, out);
	keep_buf_end(&r.values);
	keep_buf_end(&r.members);
	keep_buf_end(&r.order);
	if (r.no_memory)
		keep_json_fault(&r, r.place, "out of memory");
	if (ps->total == before)
		return 0;
	*out = (struct keep_json){0};
	return r.no_memory ? -KEEP_E_NO_MEMORY : -KEEP_E_BAD_ARGS;
}
