#include "parse.h"
#include "template.h"

struct reader {
	struct keep_parser p;
	struct keep_slice text;
	size_t pos;
	unsigned nest;
	size_t line; /* where the last control line began */
};

/* What a control line says, or that the text is at its end. */
enum word { FOR, IF, ELSE, END, NOTHING };

static const char *const words[] = {
	[FOR] = "for", [IF] = "if", [ELSE] = "else", [END] = "end",
};

static bool is_end(const struct reader *r)
{
	return r->pos == r->text.len;
}

static bool begins_line(const struct reader *r)
{
	return r->pos == 0 || r->text.p[r->pos - 1] == '\n';
}

/* Whether byte i is there, and is c. */
static bool has(const struct reader *r, size_t i, char c)
{
	return i < r->text.len && r->text.p[i] == c;
}

static struct keep_piece *new_piece(struct reader *r,
				    enum keep_piece_kind kind)
{
	struct keep_piece *new = KEEP_NEW(r->p.mem, struct keep_piece);

	if (new)
		new->kind = (uint8_t)kind;
	else
		r->p.rc = keep_no_memory(&r->p.fault->err);
	return new;
}

/* Up to a dollar, or to a line that begins with a percent sign. */
static struct keep_piece *text(struct reader *r)
{
	struct keep_piece *new = new_piece(r, KEEP_PIECE_TEXT);
	size_t from = r->pos, i = from;

	while (i < r->text.len && r->text.p[i] != '$' &&
	       !(i > from && r->text.p[i - 1] == '\n' && r->text.p[i] == '%'))
		i++;
	if (has(r, i, '$') && has(r, i + 1, '$')) {
		r->pos = i + 2;
		i++;
	} else {
		r->pos = i;
	}
	if (new)
		new->text = (struct keep_slice){r->text.p + from, i - from};
	return new;
}

static const struct keep_ast *expr(struct reader *r, enum keep_token end,
				   const char *wanted)
{
	const struct keep_ast *x = keep_parse_expr(&r->p);

	return x && r->p.lex.kind != end ?
		keep_parse_unexpected(&r->p, wanted) : x;
}

static struct keep_piece *hole(struct reader *r)
{
	struct keep_piece *new;

	if (!has(r, r->pos + 1, '{'))
		return keep_parse_fail(&r->p, r->pos, "a dollar in a template "
				       "is $$");
	new = new_piece(r, KEEP_PIECE_HOLE);
	if (!new)
		return NULL;
	r->p.lex = (struct keep_lex){.text = r->text, .pos = r->pos + 2};
	keep_lex_next(&r->p.lex);
	new->expr = expr(r, KEEP_L_OBJECT_END, "`}`");
	r->pos = r->p.lex.pos;
	return new;
}

/* The word of a control line; the lexer stands behind it. */
static enum word control(struct reader *r)
{
	const char *end = memchr(r->text.p + r->pos, '\n',
				 r->text.len - r->pos);
	size_t len = end ? (size_t)(end - r->text.p) : r->text.len;
	enum word word = NOTHING;

	r->line = r->pos;
	r->p.lex = (struct keep_lex){.text = {r->text.p, len},
				     .pos = r->pos + 1};
	r->pos = end ? len + 1 : len;
	keep_lex_next(&r->p.lex);
	if (has(r, r->line + 1, ' ') || has(r, r->line + 1, '\t'))
		for (word = FOR; word < NOTHING; word++)
			if (keep_slice_is(r->p.lex.token, words[word]))
				break;
	if (word == NOTHING)
		keep_parse_fail(&r->p, r->line, "a line that begins with %% "
				"has `for x in EXPR`, `if EXPR`, `else` or "
				"`end` behind it, or a second %%");
	else
		keep_lex_next(&r->p.lex);
	return word;
}

/* The name that `% for` binds, and its `in`. */
static bool binding(struct reader *r, struct keep_slice *name)
{
	size_t at = r->p.lex.at;
	int64_t root;

	if (r->p.lex.kind != KEEP_L_NAME || !keep_parse_name(&r->p, name))
		keep_parse_unexpected(&r->p, "the name of `for x in EXPR`");
	else if (keep_root_find(*name, &root))
		keep_parse_fail(&r->p, at, "`%.*s` has a meaning of its own "
				"and cannot be bound", KEEP_F(*name));
	else if (!keep_parse_take(&r->p, KEEP_L_IN))
		keep_parse_unexpected(&r->p, "`in`");
	return !r->p.rc;
}

static struct keep_piece *block(struct reader *r, enum word *stop);

static void check_end(struct reader *r, size_t line, enum word word,
		      enum word stop)
{
	if (stop == NOTHING)
		keep_parse_fail(&r->p, line, "this `%% %s` has no `%% end`",
				words[word]);
	else if (stop == ELSE)
		keep_parse_fail(&r->p, r->line, "`%% else` stands once, "
				"between `%% if` and its `%% end`");
}

static struct keep_piece *nested(struct reader *r, enum word word)
{
	struct keep_piece *new = new_piece(r, word == IF ? KEEP_PIECE_IF :
						   KEEP_PIECE_FOR);
	size_t line = r->line;
	enum word stop;

	if (!new || (word == FOR && !binding(r, &new->text)))
		return NULL;
	new->expr = expr(r, KEEP_L_END, "the end of the line");
	if (r->nest == KEEP_TEMPLATE_NEST)
		keep_parse_fail(&r->p, line, "lines are nested deeper than %d",
				KEEP_TEMPLATE_NEST);
	if (r->p.rc)
		return NULL;
	r->nest++;
	new->kid = block(r, &stop);
	if (word == IF && stop == ELSE)
		new->otherwise = block(r, &stop);
	r->nest--;
	check_end(r, line, word, stop);
	return new;
}

/* The next part; NULL at a line that ends this block, *stop tells which. */
static struct keep_piece *piece(struct reader *r, enum word *stop)
{
	*stop = NOTHING;
	if (is_end(r))
		return NULL;
	if (begins_line(r) && has(r, r->pos, '%')) {
		if (!has(r, r->pos + 1, '%')) {
			*stop = control(r);
			if (*stop == FOR || *stop == IF)
				return r->p.rc ? NULL : nested(r, *stop);
			if (!r->p.rc && r->p.lex.kind != KEEP_L_END)
				keep_parse_unexpected(&r->p, "the end of the "
						      "line");
			return NULL;
		}
		r->pos++;
	}
	return has(r, r->pos, '$') && !has(r, r->pos + 1, '$') ? hole(r) :
								 text(r);
}

static struct keep_piece *block(struct reader *r, enum word *stop)
{
	struct keep_piece *first = NULL, **to = &first;

	do {
		*to = piece(r, stop);
		if (*to)
			to = &(*to)->next;
		else
			break;
	} while (!r->p.rc);
	return first;
}

int keep_template_parse(struct keep_mem *m, struct keep_slice text,
			struct keep_piece **out,
			struct keep_parse_fault *fault)
{
	struct reader r = {.p = {.mem = m, .fault = fault}, .text = text};
	enum word stop;

	*out = block(&r, &stop);
	if (!r.p.rc && stop != NOTHING)
		keep_parse_fail(&r.p, r.line, "there is nothing that this "
				"`%% %s` could end", words[stop]);
	return r.p.rc;
}
