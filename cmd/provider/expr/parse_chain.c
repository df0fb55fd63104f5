#include "fn.h"
#include "parse.h"

/* Whether what follows "[" is a filter: ["!"] PATH ":". */
static bool is_filter(const struct keep_parser *p)
{
	struct keep_lex l = p->lex;

	if (l.kind == KEEP_L_NOT)
		keep_lex_next(&l);
	while (l.kind == KEEP_L_NAME) {
		keep_lex_next(&l);
		if (l.kind != KEEP_L_DOT)
			return l.kind == KEEP_L_COLON;
		keep_lex_next(&l);
	}
	return false;
}

static struct keep_slice path(struct keep_parser *p)
{
	size_t from = p->lex.at, to = from;

	while (p->lex.kind != KEEP_L_COLON) {
		if (p->lex.at > to)
			keep_parse_fail(p, p->lex.at,
					"a path holds no blanks");
		to = p->lex.pos;
		keep_lex_next(&p->lex);
	}
	keep_lex_next(&p->lex);
	return (struct keep_slice){p->lex.text.p + from, to - from};
}

static struct keep_ast *filter(struct keep_parser *p, size_t at)
{
	struct keep_ast *x = keep_ast_new(p, KEEP_AST_FILTER, at), *kid;
	struct keep_slice label;
	bool negated;

	while (x) {
		if (!is_filter(p))
			return keep_parse_unexpected(p, "a filter `a.b: c`");
		negated = keep_parse_take(p, KEEP_L_NOT);
		label = path(p);
		kid = keep_parse_expr(p);
		if (!kid || p->rc)
			return NULL;
		kid->label = label;
		kid->negated = negated;
		keep_ast_add(x, kid);
		if (!keep_parse_take(p, KEEP_L_COMMA))
			break;
	}
	return x;
}

static struct keep_ast *brackets(struct keep_parser *p, size_t at)
{
	struct keep_ast *x, *kid;

	if (is_filter(p)) {
		x = filter(p, at);
	} else {
		kid = keep_parse_expr(p);
		x = kid ? keep_ast_new(p, KEEP_AST_INDEX, at) : NULL;
		if (x)
			keep_ast_add(x, kid);
	}
	if (x && !keep_parse_take(p, KEEP_L_LIST_END))
		return keep_parse_unexpected(p, "`]`");
	return x;
}

static struct keep_ast *member(struct keep_parser *p, bool maybe, size_t at)
{
	struct keep_slice name;
	struct keep_ast *x;

	if (!keep_parse_name(p, &name))
		return keep_parse_unexpected(p, "the name of a member");
	if (p->lex.kind != KEEP_L_OPEN) {
		x = keep_ast_new(p, maybe ? KEEP_AST_MAYBE : KEEP_AST_MEMBER,
				 at);
		if (x)
			x->text = name;
		return x;
	}
	if (maybe)
		return keep_parse_fail(p, at, "a method is called by `.%.*s(`",
				       KEEP_F(name));
	x = keep_ast_new(p, KEEP_AST_METHOD, at);
	if (!x)
		return NULL;
	x->text = name;
	x->fn = keep_fn_find(name, true);
	return x->fn ? keep_parse_args(p, x) : keep_fn_unknown(p, x);
}

static struct keep_ast *step(struct keep_parser *p)
{
	enum keep_token kind = p->lex.kind;
	size_t at = p->lex.at;

	keep_lex_next(&p->lex);
	if (kind == KEEP_L_LIST)
		return brackets(p, at);
	return member(p, kind == KEEP_L_MAYBE, at);
}

static bool begins_step(enum keep_token kind)
{
	return kind == KEEP_L_DOT || kind == KEEP_L_MAYBE ||
	       kind == KEEP_L_LIST;
}

struct keep_ast *keep_parse_chain(struct keep_parser *p)
{
	struct keep_ast *kid = keep_parse_value(p), *x;

	if (!kid || !begins_step(p->lex.kind))
		return kid;
	x = keep_ast_new(p, KEEP_AST_CHAIN, kid->at);
	while (x && kid) {
		keep_ast_add(x, kid);
		if (!begins_step(p->lex.kind))
			return x;
		kid = step(p);
	}
	return NULL;
}
