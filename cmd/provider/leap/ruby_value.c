/* Values but words: numbers, lists, hashes, parentheses; and what stands
 * between commas. */
#include "ruby_parse.h"

static struct keep_rb *number(struct keep_rb_parser *p)
{
	struct keep_rb *x = keep_rb_new(p, KEEP_RB_INT);
	KEEP_AUTO(keep_buf) b = {0};
	uint64_t v;

	for (; keep_rb_is_digit(keep_rb_peek(p, 0)) ||
	     keep_rb_peek(p, 0) == '_'; p->pos++)
		if (keep_rb_peek(p, 0) != '_')
			keep_buf_byte(&b, (uint8_t)keep_rb_peek(p, 0));
	if (keep_rb_is_letter(keep_rb_peek(p, 0)) ||
	    (keep_rb_peek(p, 0) == '.' && keep_rb_is_digit(keep_rb_peek(p, 1))))
		return keep_rb_unexpected(p, "an integer of digits");
	if (!b.failed && (!keep_num_uint(keep_buf_get(&b), &v) ||
			  v > INT64_MAX))
		return keep_rb_fail(p, "%.*s is no integer of 64 bits",
				    KEEP_F(keep_buf_get(&b)));
	if (x)
		x->text = keep_mem_copy(p->mem, keep_buf_get(&b));
	if (!x || (!b.failed && x->text.p))
		return x;
	p->rc = keep_no_memory(p->e);
	return NULL;
}

/* `name:` before a value; absent when it is none. */
static struct keep_slice label(struct keep_rb_parser *p)
{
	size_t from;
	struct keep_slice s;

	keep_rb_blanks(p);
	from = p->pos;
	s = keep_rb_word(p);
	if (s.len && keep_rb_peek(p, 0) == ':' && keep_rb_peek(p, 1) != ':') {
		p->pos++;
		return s;
	}
	p->pos = from;
	return (struct keep_slice){0};
}

/* A value, or the key of a pair. */
static struct keep_rb *first(struct keep_rb_parser *p, bool *pair)
{
	struct keep_slice name = label(p);
	struct keep_rb *x;

	*pair = name.p != NULL;
	if (!*pair) {
		x = keep_rb_expr(p);
		*pair = x && keep_rb_take(p, "=>");
		return x;
	}
	x = keep_rb_new(p, KEEP_RB_TEXT);
	if (x) {
		x->text = name;
		x->symbol = true;
	}
	return x;
}

/* One element; *hash is where pairs go. */
static bool element(struct keep_rb_parser *p, struct keep_rb *x,
		    struct keep_rb **hash)
{
	struct keep_rb *kid, *value;
	bool pair;

	kid = first(p, &pair);
	if (!kid || (!pair && x->kind == KEEP_RB_HASH))
		return kid ? keep_rb_unexpected(p, "`=>`") : NULL;
	if (!pair && *hash)
		return keep_rb_unexpected(p, "`=>`");
	if (!pair) {
		keep_rb_add(x, kid);
		return true;
	}
	if (!*hash) {
		*hash = keep_rb_new(p, KEEP_RB_HASH);
		if (!*hash)
			return false;
		keep_rb_add(x, *hash);
	}
	value = keep_rb_expr(p);
	if (!value)
		return false;
	keep_rb_add(*hash, kid);
	keep_rb_add(*hash, value);
	return true;
}

bool keep_rb_elements(struct keep_rb_parser *p, struct keep_rb *x, char close)
{
	struct keep_rb *hash = x->kind == KEEP_RB_HASH ? x : NULL;
	char end[2] = {close, '\0'};

	while (!close || !keep_rb_take(p, end)) {
		if (!element(p, x, &hash))
			return false;
		if (keep_rb_take(p, ","))
			continue;
		if (!close || keep_rb_take(p, end))
			break;
		return keep_rb_unexpected(p, "`,` or the end of a list");
	}
	return true;
}

static struct keep_rb *elements(struct keep_rb_parser *p,
				enum keep_ruby_kind kind, char close)
{
	struct keep_rb *x = keep_rb_new(p, kind);

	p->pos++;
	return x && keep_rb_elements(p, x, close) ? x : NULL;
}

static struct keep_rb *parens(struct keep_rb_parser *p)
{
	struct keep_rb *x;

	p->pos++;
	x = keep_rb_statement(p);
	if (x && !keep_rb_take(p, ")"))
		return keep_rb_unexpected(p, "`)`");
	return x;
}

struct keep_rb *keep_rb_value(struct keep_rb_parser *p)
{
	char c = keep_rb_peek(p, 0);

	if (keep_rb_is_digit(c))
		return number(p);
	if (keep_rb_is_text(p))
		return keep_rb_text(p);
	switch (c) {
	case '[': return elements(p, KEEP_RB_LIST, ']');
	case '{': return elements(p, KEEP_RB_HASH, '}');
	case '(': return parens(p);
	case '`': return keep_rb_fail(p, "it runs a command");
	default: return keep_rb_unexpected(p, "a value");
	}
}
