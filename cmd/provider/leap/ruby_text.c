/* Texts: '..', "..", %(..), %q(..), %Q(..), :sym, :'..', /../ */
#include "ruby_parse.h"

/* How a text ends, and what is read in it. */
struct quote {
	char open, close;   /* open: nested ones are counted; 0: none */
	bool holes;         /* #{..} and \n */
};

static bool is_percent(const struct keep_rb_parser *p)
{
	char next = keep_rb_peek(p, 1);

	if (next == 'q' || next == 'Q')
		next = keep_rb_peek(p, 2);
	return keep_rb_peek(p, 0) == '%' && next && strchr("([{<|", next);
}

bool keep_rb_is_text(const struct keep_rb_parser *p)
{
	char c = keep_rb_peek(p, 0), next = keep_rb_peek(p, 1);

	if (c == ':')
		return keep_rb_is_letter(next) || next == '\'' || next == '"';
	return c == '\'' || c == '"' || c == '/' || is_percent(p);
}

/* A character behind a backslash; false: it is not read. */
static bool escaped(const struct quote *q, char c, struct keep_buf *b)
{
	static const char from[] = "nrtse0", to[] = "\n\r\t \033";
	const char *at = c ? strchr(from, c) : NULL;

	if (!q->holes) {
		if (c != '\\' && c != q->close && (!q->open || c != q->open))
			keep_buf_byte(b, '\\');
		keep_buf_byte(b, (uint8_t)c);
		return true;
	}
	if (at && *at == '0')
		return false;
	if (!at && (keep_rb_is_letter(c) || keep_rb_is_digit(c) || !c))
		return false;
	keep_buf_byte(b, (uint8_t)(at ? to[at - from] : c));
	return true;
}

/* The text up to its end or a hole. */
static bool run(struct keep_rb_parser *p, const struct quote *q,
		unsigned *nested, struct keep_buf *b)
{
	char c;

	for (; p->pos < p->text.len; p->pos++) {
		c = keep_rb_peek(p, 0);
		if (c == '\\') {
			p->pos++;
			if (p->pos == p->text.len)
				break;
			if (!escaped(q, keep_rb_peek(p, 0), b))
				return keep_rb_fail(p, "the escape \\%c",
						    keep_rb_peek(p, 0));
			continue;
		}
		if (q->holes && c == '#' && keep_rb_peek(p, 1) == '{')
			return true;
		if (c == q->close && !*nested)
			return true;
		*nested += q->open && c == q->open;
		*nested -= c == q->close;
		keep_buf_byte(b, (uint8_t)c);
	}
	return keep_rb_fail(p, "a text has no end");
}

static struct keep_rb *hole(struct keep_rb_parser *p)
{
	struct keep_rb *x;

	p->pos += 2;
	x = keep_rb_statement(p);
	if (x && !keep_rb_take(p, "}"))
		return keep_rb_unexpected(p, "`}`");
	return x;
}

static struct keep_rb *piece(struct keep_rb_parser *p, const struct keep_buf *b)
{
	struct keep_rb *x = keep_rb_new(p, KEEP_RB_TEXT);

	if (!x)
		return NULL;
	x->text = keep_mem_copy(p->mem, keep_buf_get(b));
	if (!b->failed && x->text.p)
		return x;
	p->rc = keep_no_memory(p->e);
	return NULL;
}

/* Behind the opening sign. */
static struct keep_rb *quoted(struct keep_rb_parser *p, struct quote q)
{
	struct keep_rb *x = keep_rb_new(p, KEEP_RB_JOIN), *kid;
	KEEP_AUTO(keep_buf) b = {0};
	unsigned nested = 0;

	while (x) {
		b.len = 0;
		kid = run(p, &q, &nested, &b) ? piece(p, &b) : NULL;
		if (!kid)
			return NULL;
		keep_rb_add(x, kid);
		if (keep_rb_peek(p, 0) == q.close)
			break;
		kid = hole(p);
		if (!kid)
			return NULL;
		keep_rb_add(x, kid);
	}
	if (!x)
		return NULL;
	p->pos++;
	return x->n == 1 ? x->kid : x;
}

static struct keep_rb *percent(struct keep_rb_parser *p)
{
	static const char opens[] = "([{<|", closes[] = ")]}>|";
	struct quote q = {.holes = keep_rb_peek(p, 1) != 'q'};

	p->pos += keep_rb_is_letter(keep_rb_peek(p, 1)) ? 2 : 1;
	q.open = keep_rb_peek(p, 0);
	q.close = closes[strchr(opens, q.open) - opens];
	if (q.open == q.close)
		q.open = '\0';
	p->pos++;
	return quoted(p, q);
}

static struct keep_rb *symbol(struct keep_rb_parser *p)
{
	char c = keep_rb_peek(p, 1);
	struct keep_rb *x;

	p->pos += keep_rb_is_letter(c) ? 1 : 2;
	if (!keep_rb_is_letter(c)) {
		x = quoted(p, (struct quote){'\0', c, c == '"'});
	} else {
		x = keep_rb_new(p, KEEP_RB_TEXT);
		if (x)
			x->text = keep_rb_word(p);
	}
	if (x)
		x->symbol = true;
	return x;
}

static struct keep_rb *regex(struct keep_rb_parser *p)
{
	struct keep_rb *x = keep_rb_new(p, KEEP_RB_REGEX);
	size_t from = p->pos;

	for (p->pos++; keep_rb_peek(p, 0) != '/'; p->pos++) {
		if (keep_rb_peek(p, 0) == '\\')
			p->pos++;
		if (p->pos >= p->text.len)
			return keep_rb_fail(p, "a pattern has no end");
	}
	for (p->pos++; keep_rb_is_letter(keep_rb_peek(p, 0)); p->pos++)
		;
	if (x)
		x->text = (struct keep_slice){p->text.p + from, p->pos - from};
	return x;
}

struct keep_rb *keep_rb_text(struct keep_rb_parser *p)
{
	char c = keep_rb_peek(p, 0);

	if (c == ':')
		return symbol(p);
	if (c == '/')
		return regex(p);
	if (c == '%')
		return percent(p);
	p->pos++;
	return quoted(p, (struct quote){'\0', c, c == '"'});
}
