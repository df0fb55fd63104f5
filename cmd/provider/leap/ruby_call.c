/* Words, calls, and chains a.b(c)[d] {|e| f}. */
#include "ruby_parse.h"

static bool is_one_of(struct keep_slice s, const char *const *words)
{
	for (; *words; words++)
		if (keep_slice_is(s, *words))
			return true;
	return false;
}

/* Words that begin nothing of what is read. */
static bool is_reserved(struct keep_slice s)
{
	static const char *const words[] = {
		"if", "unless", "and", "or", "not", "do", "end", "then",
		"else", "rescue", "while", "until", "in", "defined?",
		"begin", "return", "yield", "lambda", "proc", "eval", NULL,
	};

	return is_one_of(s, words);
}

/* Whether an argument without parentheses begins behind the blanks here. */
static bool is_argument(const struct keep_rb_parser *p)
{
	struct keep_rb_parser ahead = *p;
	char c;

	keep_rb_blanks(&ahead);
	c = keep_rb_peek(&ahead, 0);
	if (ahead.pos == p->pos || c == '/')
		return false;
	if (keep_rb_is_letter(c))
		return !is_reserved(keep_rb_word(&ahead));
	return keep_rb_is_digit(c) || c == '[' || keep_rb_is_text(&ahead);
}

static bool parameters(struct keep_rb_parser *p, struct keep_rb *call)
{
	if (!keep_rb_take(p, "|"))
		return true;
	do {
		keep_rb_blanks(p);
		if (call->n_params == KEEP_RUBY_PARAMS)
			return keep_rb_unexpected(p, "`|`");
		call->params[call->n_params] = keep_rb_word(p);
		if (!call->params[call->n_params++].len)
			return keep_rb_unexpected(p, "a parameter");
	} while (keep_rb_take(p, ","));
	return keep_rb_take(p, "|") || keep_rb_unexpected(p, "`|`");
}

static bool block(struct keep_rb_parser *p, struct keep_rb *call)
{
	if (!keep_rb_take(p, "{"))
		return true;
	if (!parameters(p, call))
		return false;
	call->block = keep_rb_statement(p);
	if (!call->block)
		return false;
	return keep_rb_take(p, "}") || keep_rb_unexpected(p, "`}`");
}

/* Arguments and block behind the name of a call. */
static struct keep_rb *arguments(struct keep_rb_parser *p, struct keep_rb *x)
{
	if (keep_rb_peek(p, 0) == '(') {
		p->pos++;
		if (!keep_rb_elements(p, x, ')'))
			return NULL;
	} else if (is_argument(p)) {
		return keep_rb_elements(p, x, '\0') ? x : NULL;
	}
	return block(p, x) ? x : NULL;
}

static struct keep_rb *constant(struct keep_rb_parser *p, size_t from)
{
	struct keep_rb *x = keep_rb_new(p, KEEP_RB_CONST);

	while (keep_rb_peek(p, 0) == ':' && keep_rb_peek(p, 1) == ':' &&
	       keep_rb_is_letter(keep_rb_peek(p, 2))) {
		p->pos += 2;
		keep_rb_word(p);
	}
	if (x)
		x->text = (struct keep_slice){p->text.p + from, p->pos - from};
	return x;
}

static struct keep_rb *word(struct keep_rb_parser *p)
{
	static const char *const words[] = {"nil", "true", "false", "self"};
	size_t i, from = p->pos;
	struct keep_slice s = keep_rb_word(p);
	struct keep_rb *x;

	for (i = 0; i < KEEP_COUNT(words); i++)
		if (keep_slice_is(s, words[i]))
			return keep_rb_new(p, KEEP_RB_NIL + i);
	if (is_reserved(s))
		return keep_rb_fail(p, "`%.*s`", KEEP_F(s));
	if (s.p[0] >= 'A' && s.p[0] <= 'Z')
		return constant(p, from);
	x = keep_rb_new(p, KEEP_RB_CALL);
	if (!x)
		return NULL;
	x->text = s;
	return arguments(p, x);
}

static struct keep_rb *method(struct keep_rb_parser *p, struct keep_rb *on,
			      bool safe)
{
	struct keep_rb *x = keep_rb_new(p, KEEP_RB_CALL);

	if (!x)
		return NULL;
	keep_rb_blanks(p);
	x->on = on;
	x->flag = safe;
	x->text = keep_rb_word(p);
	if (!x->text.len)
		return keep_rb_unexpected(p, "the name of a method");
	return arguments(p, x);
}

static struct keep_rb *index_of(struct keep_rb_parser *p, struct keep_rb *on)
{
	struct keep_rb *x = keep_rb_new(p, KEEP_RB_INDEX);

	p->pos++;
	if (!x)
		return NULL;
	x->on = on;
	return keep_rb_elements(p, x, ']') ? x : NULL;
}

/* The next step of a chain; NULL, with *is false: there is none. */
static struct keep_rb *step(struct keep_rb_parser *p, struct keep_rb *on,
			    bool *is)
{
	size_t from = p->pos;

	*is = true;
	if (keep_rb_peek(p, 0) == '[')
		return index_of(p, on);
	if (keep_rb_take(p, "&."))
		return method(p, on, true);
	if (keep_rb_take(p, ".") && keep_rb_peek(p, 0) != '.')
		return method(p, on, false);
	p->pos = from;
	*is = false;
	return NULL;
}

struct keep_rb *keep_rb_chain(struct keep_rb_parser *p)
{
	struct keep_rb *x, *next;
	bool is = true;

	keep_rb_blanks(p);
	x = keep_rb_is_letter(keep_rb_peek(p, 0)) ? word(p) : keep_rb_value(p);
	while (x) {
		next = step(p, x, &is);
		if (!is)
			break;
		x = next;
	}
	return x;
}
