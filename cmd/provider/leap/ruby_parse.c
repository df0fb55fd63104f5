/* Operators, from the weakest to the strongest. */
#include "ruby_parse.h"

/* An operator, and what may not follow it: a longer one. */
static const struct {
	char text[3], longer[3];
	uint8_t level, kind;
} ops[] = {
	{"||", "=", 0, KEEP_RB_OR}, {"&&", "=", 1, KEEP_RB_AND},
	{"==", "=~", 2, KEEP_RB_BINARY}, {"!=", "", 2, KEEP_RB_BINARY},
	{"<=", ">", 3, KEEP_RB_BINARY}, {">=", "", 3, KEEP_RB_BINARY},
	{"<", "<=", 3, KEEP_RB_BINARY}, {">", ">=", 3, KEEP_RB_BINARY},
	{"+", "=", 4, KEEP_RB_BINARY}, {"-", "=", 4, KEEP_RB_BINARY},
	{"*", "*=", 5, KEEP_RB_BINARY}, {"/", "=", 5, KEEP_RB_BINARY},
	{"%", "=", 5, KEEP_RB_BINARY},
};
enum { LEVELS = 6 };

/* The operator of a level that stands here, and is passed; COUNT: none. */
static size_t operator(struct keep_rb_parser *p, size_t level)
{
	size_t i, from = p->pos;
	char next;

	for (i = 0; i < KEEP_COUNT(ops); i++) {
		if (ops[i].level != level || !keep_rb_take(p, ops[i].text))
			continue;
		next = keep_rb_peek(p, 0);
		if (!next || !strchr(ops[i].longer, next))
			break;
		p->pos = from;
	}
	if (i == KEEP_COUNT(ops))
		p->pos = from;
	return i;
}

static struct keep_rb *unary(struct keep_rb_parser *p)
{
	struct keep_rb *x, *kid;
	enum keep_ruby_kind kind = KEEP_RB_NOT;

	if (!keep_rb_take(p, "!")) {
		if (!keep_rb_take(p, "-"))
			return keep_rb_chain(p);
		kind = KEEP_RB_NEG;
	}
	x = keep_rb_new(p, kind);
	kid = x ? unary(p) : NULL;
	if (!kid)
		return NULL;
	keep_rb_add(x, kid);
	return x;
}

static struct keep_rb *two(struct keep_rb_parser *p, enum keep_ruby_kind kind,
			   struct keep_rb *a, struct keep_rb *b)
{
	struct keep_rb *x = a && b ? keep_rb_new(p, kind) : NULL;

	if (!x)
		return NULL;
	keep_rb_add(x, a);
	keep_rb_add(x, b);
	return x;
}

static struct keep_rb *row(struct keep_rb_parser *p, size_t level)
{
	struct keep_rb *x = level == LEVELS ? unary(p) : row(p, level + 1);
	size_t i;

	while (x && level < LEVELS) {
		i = operator(p, level);
		if (i == KEEP_COUNT(ops))
			break;
		x = two(p, ops[i].kind, x, row(p, level + 1));
		if (x)
			x->text = keep_slice(ops[i].text);
	}
	return x;
}

static struct keep_rb *range(struct keep_rb_parser *p)
{
	struct keep_rb *x = row(p, 0);
	bool shorter;

	if (!x || !keep_rb_take(p, ".."))
		return x;
	shorter = keep_rb_take(p, ".");
	x = two(p, KEEP_RB_RANGE, x, row(p, 0));
	if (x)
		x->flag = shorter;
	return x;
}

static struct keep_rb *condition(struct keep_rb_parser *p, struct keep_rb *c,
				 struct keep_rb *yes, struct keep_rb *no)
{
	struct keep_rb *x = two(p, KEEP_RB_COND, c, yes);

	if (!x || !no)
		return NULL;
	keep_rb_add(x, no);
	return x;
}

struct keep_rb *keep_rb_expr(struct keep_rb_parser *p)
{
	struct keep_rb *x, *yes;

	if (p->depth == KEEP_RUBY_DEPTH)
		return keep_rb_fail(p, "it is nested deeper than %d",
				    KEEP_RUBY_DEPTH);
	p->depth++;
	x = range(p);
	if (x && keep_rb_take(p, "?")) {
		yes = keep_rb_expr(p);
		if (yes && !keep_rb_take(p, ":"))
			return keep_rb_unexpected(p, "`:` of `a ? b : c`");
		x = yes ? condition(p, x, yes, keep_rb_expr(p)) : NULL;
	}
	p->depth--;
	return x;
}

/* Whether the word is here; then it is passed. */
static bool take_word(struct keep_rb_parser *p, const char *word)
{
	size_t from = p->pos;

	keep_rb_blanks(p);
	if (keep_slice_is(keep_rb_word(p), word))
		return true;
	p->pos = from;
	return false;
}

struct keep_rb *keep_rb_statement(struct keep_rb_parser *p)
{
	struct keep_rb *x = keep_rb_expr(p), *nil, *c;
	bool is;

	if (!x)
		return NULL;
	is = take_word(p, "if");
	if (!is && !take_word(p, "unless"))
		return x;
	nil = keep_rb_new(p, KEEP_RB_NIL);
	c = nil ? keep_rb_expr(p) : NULL;
	return is ? condition(p, c, x, nil) : condition(p, c, nil, x);
}

int keep_ruby_parse(struct keep_mem *m, struct keep_slice text,
		    const struct keep_rb **out, struct keep_err *e)
{
	struct keep_rb_parser p = {.mem = m, .text = text, .e = e};

	*out = keep_rb_statement(&p);
	keep_rb_blanks(&p);
	if (*out && p.pos < text.len)
		keep_rb_unexpected(&p, "the end");
	return p.rc;
}
