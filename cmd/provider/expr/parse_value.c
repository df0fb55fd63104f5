#include <keep/text.h>
#include "fn.h"
#include "form.h"
#include "parse.h"

static const char *const roots[] = {
	[KEEP_ROOT_SELF] = "self", [KEEP_ROOT_PROVIDER] = "provider",
	[KEEP_ROOT_SERVICES] = "services", [KEEP_ROOT_TAGS] = "tags",
	[KEEP_ROOT_ENV] = "env", [KEEP_ROOT_PLATFORM] = "platform",
	[KEEP_ROOT_NODES] = "nodes", [KEEP_ROOT_PEERS] = "peers",
	[KEEP_ROOT_NEAR] = "near",
};

bool keep_root_find(struct keep_slice name, int64_t *root)
{
	size_t i;

	for (i = 0; i < KEEP_COUNT(roots); i++)
		if (keep_slice_is(name, roots[i]))
			break;
	*root = (int64_t)i;
	return i < KEEP_COUNT(roots);
}

static struct keep_ast *text_part(struct keep_parser *p, struct keep_buf *b,
				  size_t at)
{
	struct keep_ast *x = keep_ast_new(p, KEEP_AST_TEXT, at);

	if (!x)
		return NULL;
	x->text = keep_mem_copy(p->mem, keep_buf_get(b));
	if (b->failed || !x->text.p) {
		p->rc = keep_no_memory(&p->fault->err);
		return NULL;
	}
	b->len = 0;
	if (keep_form_count(x->text))
		return keep_parse_fail(p, at, "the text holds the form that "
				       "stands for a secret");
	return x;
}

/* Puts the text up to its quote or to "${" into b; false after a fault. */
static bool text_run(struct keep_parser *p, struct keep_buf *b)
{
	struct keep_slice s = p->lex.text;
	size_t i = p->lex.pos;

	for (; i < s.len; i++) {
		bool twice = i + 1 < s.len && s.p[i] == s.p[i + 1];

		if (s.p[i] == '\'' && !twice)
			break;
		if (s.p[i] == '$' && !twice)
			break;
		keep_buf_byte(b, (uint8_t)s.p[i]);
		if (s.p[i] == '\'' || s.p[i] == '$')
			i++;
	}
	p->lex.pos = i;
	if (i == s.len)
		return keep_parse_fail(p, p->lex.at, "the text has no end");
	if (s.p[i] == '$' && (i + 1 == s.len || s.p[i + 1] != '{'))
		return keep_parse_fail(p, i, "a dollar in a text is $$");
	return true;
}

static struct keep_ast *hole(struct keep_parser *p)
{
	struct keep_ast *x;

	p->lex.pos += 2;
	keep_lex_next(&p->lex);
	x = keep_parse_expr(p);
	if (x && p->lex.kind != KEEP_L_OBJECT_END)
		return keep_parse_unexpected(p, "`}`");
	return x;
}

static struct keep_ast *text(struct keep_parser *p)
{
	KEEP_AUTO(keep_buf) b = {0};
	struct keep_ast *x = keep_ast_new(p, KEEP_AST_JOIN, p->lex.at), *kid;

	while (x) {
		if (!text_run(p, &b))
			return NULL;
		kid = text_part(p, &b, x->at);
		if (!kid)
			return NULL;
		keep_ast_add(x, kid);
		if (p->lex.text.p[p->lex.pos] == '\'')
			break;
		kid = hole(p);
		if (!kid)
			return NULL;
		keep_ast_add(x, kid);
	}
	if (!x)
		return NULL;
	p->lex.pos++;
	keep_lex_next(&p->lex);
	return x->n == 1 ? x->last : x;
}

static struct keep_ast *list(struct keep_parser *p)
{
	struct keep_ast *x = keep_ast_new(p, KEEP_AST_LIST, p->lex.at), *kid;

	keep_lex_next(&p->lex);
	while (x && (x->n || p->lex.kind != KEEP_L_LIST_END)) {
		kid = keep_parse_expr(p);
		if (!kid)
			return NULL;
		keep_ast_add(x, kid);
		if (!keep_parse_take(p, KEEP_L_COMMA))
			break;
	}
	if (x && !keep_parse_take(p, KEEP_L_LIST_END))
		return keep_parse_unexpected(p, "`,` or `]`");
	return x;
}

static bool has_label(const struct keep_ast *x, struct keep_slice label)
{
	const struct keep_ast *kid;

	for (kid = x->kid; kid; kid = kid->next)
		if (keep_slice_eq(kid->label, label))
			return true;
	return false;
}

static struct keep_ast *member(struct keep_parser *p, const struct keep_ast *x)
{
	struct keep_slice label;
	size_t at = p->lex.at;
	struct keep_ast *kid;

	if (!keep_parse_label(p, &label))
		return keep_parse_unexpected(p, "a member `name: value`");
	if (has_label(x, label))
		return keep_parse_fail(p, at, "the object has `%.*s` twice",
				       KEEP_F(label));
	kid = keep_parse_expr(p);
	if (kid)
		kid->label = label;
	return kid;
}

static struct keep_ast *object(struct keep_parser *p)
{
	struct keep_ast *x = keep_ast_new(p, KEEP_AST_OBJECT, p->lex.at), *kid;

	keep_lex_next(&p->lex);
	while (x && (x->n || p->lex.kind != KEEP_L_OBJECT_END)) {
		kid = member(p, x);
		if (!kid)
			return NULL;
		keep_ast_add(x, kid);
		if (!keep_parse_take(p, KEEP_L_COMMA))
			break;
	}
	if (x && !keep_parse_take(p, KEEP_L_OBJECT_END))
		return keep_parse_unexpected(p, "`,` or `}`");
	return x;
}

static struct keep_ast *parens(struct keep_parser *p)
{
	struct keep_ast *x;

	keep_lex_next(&p->lex);
	x = keep_parse_expr(p);
	if (x && !keep_parse_take(p, KEEP_L_CLOSE))
		return keep_parse_unexpected(p, "`)`");
	return x;
}

static struct keep_ast *number(struct keep_parser *p)
{
	struct keep_ast *x = keep_ast_new(p, KEEP_AST_INT, p->lex.at);

	if (x && !keep_num_int(p->lex.token, &x->number))
		return keep_parse_fail(p, x->at, "%.*s does not fit in 64 bits",
				       KEEP_F(p->lex.token));
	keep_lex_next(&p->lex);
	return x;
}

static enum keep_ast_kind word_kind(struct keep_ast *x)
{
	x->number = keep_slice_is(x->text, "true");
	if (x->number || keep_slice_is(x->text, "false"))
		return KEEP_AST_BOOL;
	if (keep_slice_is(x->text, "null"))
		return KEEP_AST_NULL;
	return keep_root_find(x->text, &x->number) ? KEEP_AST_ROOT
						   : KEEP_AST_NAME;
}

static struct keep_ast *word(struct keep_parser *p)
{
	struct keep_ast *x = keep_ast_new(p, KEEP_AST_NAME, p->lex.at);

	if (!x)
		return NULL;
	x->text = p->lex.token;
	keep_lex_next(&p->lex);
	if (p->lex.kind != KEEP_L_OPEN) {
		x->kind = (uint8_t)word_kind(x);
		return x;
	}
	x->kind = KEEP_AST_CALL;
	x->fn = keep_fn_find(x->text, false);
	return x->fn ? keep_parse_args(p, x) : keep_fn_unknown(p, x);
}

struct keep_ast *keep_parse_value(struct keep_parser *p)
{
	switch (p->lex.kind) {
	case KEEP_L_INT: return number(p);
	case KEEP_L_QUOTE: return text(p);
	case KEEP_L_LIST: return list(p);
	case KEEP_L_OBJECT: return object(p);
	case KEEP_L_OPEN: return parens(p);
	case KEEP_L_NAME: return word(p);
	default: return keep_parse_unexpected(p, "a value");
	}
}
