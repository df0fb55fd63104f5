#include <keep/text.h>
#include "parse.h"

/* From the weakest to the strongest. */
static const struct level {
	uint8_t kind;
	bool once;
	uint8_t n;
	uint8_t ops[7];
} levels[] = {
	{KEEP_AST_OR, false, 2, {KEEP_L_OR, KEEP_L_ELSE}},
	{KEEP_AST_AND, false, 1, {KEEP_L_AND}},
	{KEEP_AST_CMP, true, 7, {KEEP_L_EQ, KEEP_L_NE, KEEP_L_LT, KEEP_L_LE,
				 KEEP_L_GT, KEEP_L_GE, KEEP_L_IN}},
	{KEEP_AST_SUM, false, 2, {KEEP_L_ADD, KEEP_L_SUB}},
	{KEEP_AST_MUL, false, 3, {KEEP_L_MUL, KEEP_L_DIV, KEEP_L_MOD}},
};

struct keep_ast *keep_ast_new(struct keep_parser *p, enum keep_ast_kind kind,
			      size_t at)
{
	struct keep_ast *x = KEEP_NEW(p->mem, struct keep_ast);

	if (!x) {
		if (!p->rc)
			p->rc = keep_no_memory(&p->fault->err);
		return NULL;
	}
	x->kind = (uint8_t)kind;
	x->at = (uint32_t)at;
	return x;
}

void keep_ast_add(struct keep_ast *x, struct keep_ast *kid)
{
	if (x->last)
		x->last->next = kid;
	else
		x->kid = kid;
	x->last = kid;
	x->n++;
}

void *keep_parse_fail(struct keep_parser *p, size_t at, const char *fmt, ...)
{
	char what[256];
	va_list ap;

	if (p->rc)
		return NULL;
	va_start(ap, fmt);
	vsnprintf(what, sizeof what, fmt, ap);
	va_end(ap);
	p->fault->at = at;
	p->rc = keep_fail(&p->fault->err, KEEP_E_BAD_ARGS, "%s", what);
	return NULL;
}

void *keep_parse_unexpected(struct keep_parser *p, const char *wanted)
{
	struct keep_slice got = p->lex.token;

	if (p->lex.kind == KEEP_L_END)
		return keep_parse_fail(p, p->lex.at,
				       "the expression ends where %s is wanted",
				       wanted);
	if (p->lex.kind == KEEP_L_QUOTE)
		return keep_parse_fail(p, p->lex.at, "a text stands where %s "
				       "is wanted", wanted);
	if (got.len > 64)
		got.len = 64;
	return keep_parse_fail(p, p->lex.at, "`%.*s` stands where %s is wanted",
			       KEEP_F(got), wanted);
}

bool keep_parse_take(struct keep_parser *p, enum keep_token kind)
{
	if (p->lex.kind != kind)
		return false;
	keep_lex_next(&p->lex);
	return true;
}

bool keep_parse_name(struct keep_parser *p, struct keep_slice *name)
{
	if (p->lex.kind != KEEP_L_NAME && p->lex.kind != KEEP_L_IN)
		return false;
	if (keep_slice_is(p->lex.token, "file?"))
		return false;
	*name = p->lex.token;
	keep_lex_next(&p->lex);
	return true;
}

bool keep_parse_label(struct keep_parser *p, struct keep_slice *label)
{
	struct keep_lex start = p->lex;

	if (keep_parse_name(p, label) && keep_parse_take(p, KEEP_L_COLON))
		return true;
	p->lex = start;
	*label = (struct keep_slice){0};
	return false;
}

/* A number with its sign: the least one has no positive of its own. */
static struct keep_ast *negative(struct keep_parser *p, size_t at)
{
	struct keep_ast *x;
	uint64_t v;

	if (!keep_num_uint(p->lex.token, &v) || v > (uint64_t)INT64_MAX + 1)
		return keep_parse_fail(p, at,
				       "-%.*s does not fit in 64 bits",
				       KEEP_F(p->lex.token));
	keep_lex_next(&p->lex);
	x = keep_ast_new(p, KEEP_AST_INT, at);
	if (x)
		x->number = (int64_t)(0 - v);
	return x;
}

static struct keep_ast *unary(struct keep_parser *p)
{
	size_t at = p->lex.at;
	bool minus = p->lex.kind == KEEP_L_SUB;
	struct keep_ast *x, *kid;

	if (!minus && p->lex.kind != KEEP_L_NOT)
		return keep_parse_chain(p);
	keep_lex_next(&p->lex);
	if (minus && p->lex.kind == KEEP_L_INT)
		return negative(p, at);
	kid = keep_parse_chain(p);
	x = kid ? keep_ast_new(p, minus ? KEEP_AST_NEG : KEEP_AST_NOT, at)
		: NULL;
	if (x)
		keep_ast_add(x, kid);
	return x;
}

static bool is_op(const struct level *l, enum keep_token kind)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		if (l->ops[i] == kind)
			return true;
	return false;
}

static struct keep_ast *operand(struct keep_parser *p, size_t level);

static struct keep_ast *row(struct keep_parser *p, size_t level)
{
	const struct level *l = &levels[level];
	struct keep_ast *x, *kid = operand(p, level + 1);
	uint8_t op = 0;

	if (!kid || !is_op(l, p->lex.kind))
		return kid;
	x = keep_ast_new(p, l->kind, kid->at);
	while (x && kid) {
		kid->op = op;
		keep_ast_add(x, kid);
		if (!is_op(l, p->lex.kind) || (l->once && op))
			return x;
		op = (uint8_t)p->lex.kind;
		keep_lex_next(&p->lex);
		kid = operand(p, level + 1);
	}
	return NULL;
}

static struct keep_ast *operand(struct keep_parser *p, size_t level)
{
	return level < KEEP_COUNT(levels) ? row(p, level) : unary(p);
}

static struct keep_ast *branches(struct keep_parser *p, struct keep_ast *cond)
{
	struct keep_ast *x = keep_ast_new(p, KEEP_AST_COND, cond->at);
	struct keep_ast *yes, *no;

	yes = x ? keep_parse_expr(p) : NULL;
	if (!yes)
		return NULL;
	if (!keep_parse_take(p, KEEP_L_COLON))
		return keep_parse_unexpected(p, "`:` of `a ? b : c`");
	no = keep_parse_expr(p);
	if (!no)
		return NULL;
	keep_ast_add(x, cond);
	keep_ast_add(x, yes);
	keep_ast_add(x, no);
	return x;
}

struct keep_ast *keep_parse_expr(struct keep_parser *p)
{
	struct keep_ast *x;

	if (p->depth == KEEP_EXPR_DEPTH)
		return keep_parse_fail(p, p->lex.at,
				       "it is nested deeper than %d",
				       KEEP_EXPR_DEPTH);
	p->depth++;
	x = row(p, 0);
	if (x && keep_parse_take(p, KEEP_L_ASK))
		x = branches(p, x);
	p->depth--;
	return x;
}

int keep_parse(struct keep_mem *m, struct keep_slice text,
	       const struct keep_ast **out, struct keep_parse_fault *fault)
{
	struct keep_parser p = {.mem = m, .lex = {.text = text},
				.fault = fault};

	if (text.len > KEEP_EXPR_SOURCE) {
		keep_parse_fail(&p, 0, "the expression has %zu bytes; at most "
				"%d are read", text.len, KEEP_EXPR_SOURCE);
		return p.rc;
	}
	keep_lex_next(&p.lex);
	*out = keep_parse_expr(&p);
	if (*out && p.lex.kind != KEEP_L_END)
		keep_parse_unexpected(&p, "the end");
	return p.rc;
}
