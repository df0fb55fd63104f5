/* Characters of an expression, and nodes of its tree. */
#include "ruby_parse.h"

struct keep_rb *keep_rb_new(struct keep_rb_parser *p, enum keep_ruby_kind kind)
{
	struct keep_rb *x;

	if (p->rc)
		return NULL;
	if (p->nodes++ == KEEP_RUBY_NODES)
		return keep_rb_fail(p, "it has more than %d parts",
				    KEEP_RUBY_NODES);
	x = KEEP_NEW(p->mem, struct keep_rb);
	if (!x) {
		p->rc = keep_no_memory(p->e);
		return NULL;
	}
	x->kind = (uint8_t)kind;
	x->at = (uint32_t)p->pos;
	return x;
}

void keep_rb_add(struct keep_rb *x, struct keep_rb *kid)
{
	if (x->last)
		x->last->next = kid;
	else
		x->kid = kid;
	x->last = kid;
	x->n++;
}

void *keep_rb_fail(struct keep_rb_parser *p, const char *fmt, ...)
{
	char what[256];
	va_list ap;

	if (p->rc)
		return NULL;
	va_start(ap, fmt);
	vsnprintf(what, sizeof what, fmt, ap);
	va_end(ap);
	p->rc = keep_fail(p->e, KEEP_E_BAD_ARGS, "%s", what);
	return NULL;
}

void *keep_rb_unexpected(struct keep_rb_parser *p, const char *wanted)
{
	struct keep_slice rest;

	keep_rb_blanks(p);
	rest = (struct keep_slice){p->text.p + p->pos, p->text.len - p->pos};
	if (!rest.len)
		return keep_rb_fail(p, "it ends where %s is wanted", wanted);
	if (rest.len > 16)
		rest.len = 16;
	return keep_rb_fail(p, "`%.*s` stands where %s is wanted", KEEP_F(rest),
			    wanted);
}

char keep_rb_peek(const struct keep_rb_parser *p, size_t i)
{
	return p->text.len - p->pos > i ? p->text.p[p->pos + i] : '\0';
}

void keep_rb_blanks(struct keep_rb_parser *p)
{
	while (keep_rb_peek(p, 0) == ' ' || keep_rb_peek(p, 0) == '\t')
		p->pos++;
}

bool keep_rb_take(struct keep_rb_parser *p, const char *s)
{
	struct keep_slice rest;

	keep_rb_blanks(p);
	rest = (struct keep_slice){p->text.p + p->pos, p->text.len - p->pos};
	if (!keep_slice_starts(rest, s))
		return false;
	p->pos += strlen(s);
	return true;
}

bool keep_rb_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool keep_rb_is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

struct keep_slice keep_rb_word(struct keep_rb_parser *p)
{
	size_t from = p->pos;
	char next;

	while (keep_rb_is_letter(keep_rb_peek(p, 0)) ||
	       (p->pos > from && keep_rb_is_digit(keep_rb_peek(p, 0))))
		p->pos++;
	next = keep_rb_peek(p, 0);
	if (p->pos > from && (next == '?' || next == '!') &&
	    keep_rb_peek(p, 1) != '=')
		p->pos++;
	return (struct keep_slice){p->text.p + from, p->pos - from};
}
