#include <keep/text.h>
#include "lex.h"

/* Longer ones first: `?.` and `??` are tokens, whatever follows. */
static const struct {
	char text[3];
	uint8_t kind;
} signs[] = {
	{"||", KEEP_L_OR}, {"??", KEEP_L_ELSE}, {"?.", KEEP_L_MAYBE},
	{"&&", KEEP_L_AND}, {"==", KEEP_L_EQ}, {"!=", KEEP_L_NE},
	{"<=", KEEP_L_LE}, {">=", KEEP_L_GE}, {"<", KEEP_L_LT},
	{">", KEEP_L_GT}, {"+", KEEP_L_ADD}, {"-", KEEP_L_SUB},
	{"*", KEEP_L_MUL}, {"/", KEEP_L_DIV}, {"%", KEEP_L_MOD},
	{"!", KEEP_L_NOT}, {"?", KEEP_L_ASK}, {":", KEEP_L_COLON},
	{".", KEEP_L_DOT}, {",", KEEP_L_COMMA}, {"(", KEEP_L_OPEN},
	{")", KEEP_L_CLOSE}, {"[", KEEP_L_LIST}, {"]", KEEP_L_LIST_END},
	{"{", KEEP_L_OBJECT}, {"}", KEEP_L_OBJECT_END}, {"'", KEEP_L_QUOTE},
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static struct keep_slice rest(const struct keep_lex *l, size_t at)
{
	return (struct keep_slice){l->text.p + at, l->text.len - at};
}

static char peek(const struct keep_lex *l)
{
	return l->pos < l->text.len ? l->text.p[l->pos] : '\0';
}

static void skip_blanks(struct keep_lex *l)
{
	while (peek(l) == ' ' || peek(l) == '\t' || peek(l) == '\n' ||
	       peek(l) == '\r')
		l->pos++;
}

/* `file?` is one token where a call follows. */
static bool ends_in_ask(struct keep_lex *l)
{
	struct keep_lex ahead = *l;

	if (l->pos - l->at != 4 || peek(l) != '?' ||
	    !keep_slice_starts(rest(l, l->at), "file"))
		return false;
	ahead.pos++;
	skip_blanks(&ahead);
	return peek(&ahead) == '(';
}

static enum keep_token name(struct keep_lex *l)
{
	while (is_letter(peek(l)) || is_digit(peek(l)))
		l->pos++;
	if (ends_in_ask(l))
		l->pos++;
	l->token = (struct keep_slice){l->text.p + l->at, l->pos - l->at};
	return keep_slice_is(l->token, "in") ? KEEP_L_IN : KEEP_L_NAME;
}

static enum keep_token sign(struct keep_lex *l)
{
	struct keep_slice s = rest(l, l->at);
	size_t i, len = 1;

	for (i = 0; i < KEEP_COUNT(signs); i++)
		if (keep_slice_starts(s, signs[i].text))
			break;
	if (i < KEEP_COUNT(signs))
		len = signs[i].text[1] ? 2 : 1;
	else if (keep_utf8_ok(s))
		keep_utf8_get(s.p, &len);
	l->pos += len;
	return i < KEEP_COUNT(signs) ? signs[i].kind : KEEP_L_BAD;
}

void keep_lex_next(struct keep_lex *l)
{
	skip_blanks(l);
	l->at = l->pos;
	if (l->pos == l->text.len) {
		l->kind = KEEP_L_END;
	} else if (is_digit(peek(l))) {
		while (is_digit(peek(l)))
			l->pos++;
		l->kind = KEEP_L_INT;
	} else if (is_letter(peek(l))) {
		l->kind = name(l);
	} else {
		l->kind = sign(l);
	}
	l->token = (struct keep_slice){l->text.p + l->at, l->pos - l->at};
}
