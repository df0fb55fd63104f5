/* Help, made from rows and schemas. */
#include "option.h"
#include "shell.h"

enum { LEFT = 28 }; /* columns before the explanation */

struct usage {
	struct keep_buf *out;
	bool options, words; /* what to put */
};

static void put_usage(void *to, const struct keep_slot *s)
{
	struct usage *u = to;
	const struct keep_field *f = s->field;

	if (!keep_option_is_word(f)) {
		u->options = true;
		return;
	}
	if (!u->words)
		return;
	keep_buf_text(u->out, f->required ? " " : " [");
	keep_buf_text(u->out, f->source == KEEP_BEHIND ? "-- " : "");
	keep_option_meta(f, u->out);
	keep_buf_text(u->out, f->source == KEEP_WORD ? "" : "...");
	keep_buf_text(u->out, f->required ? "" : "]");
}

void keep_help_usage(const struct keep_verb *v, struct keep_buf *out)
{
	struct usage u = {.out = out};

	keep_buf_print(out, "keep %s", v->path);
	out->failed |= !keep_option_each(v->args, put_usage, &u);
	keep_buf_text(out, u.options ? " [OPTION...]" : "");
	u.words = true;
	out->failed |= !keep_option_each(v->args, put_usage, &u);
}

/* Blanks up to the column of explanations, or a line of its own. */
static void put_gap(struct keep_buf *out, size_t start)
{
	if (out->len - start > LEFT - 2) {
		keep_buf_byte(out, '\n');
		start = out->len;
	}
	while (!out->failed && out->len - start < LEFT)
		keep_buf_byte(out, ' ');
}

static void put_field(void *to, const struct keep_slot *s)
{
	struct keep_buf *out = to;
	size_t start = out->len;

	if (keep_option_is_word(s->field))
		keep_buf_text(out, "  ");
	else if (s->field->letter)
		keep_buf_print(out, "  -%c, ", s->field->letter);
	else
		keep_buf_text(out, "      ");
	keep_option_form(s, out);
	put_gap(out, start);
	keep_option_notes(s, out);
	keep_buf_byte(out, '\n');
}

static void put_errors(const uint16_t *codes, struct keep_buf *out)
{
	size_t start;

	keep_buf_text(out, "\nexit status, beside 0 and those of all verbs:\n");
	for (; *codes; codes++) {
		start = out->len;
		keep_buf_print(out, "  %-3d %s", keep_exit_status(*codes),
			       keep_code_name(*codes));
		put_gap(out, start);
		keep_buf_print(out, "%s\n", keep_code_meaning(*codes));
	}
}

void keep_help_verb(const struct keep_verb *v, struct keep_buf *out)
{
	keep_buf_text(out, "usage: ");
	keep_help_usage(v, out);
	keep_buf_print(out, "\n\n%s\n", v->summary);
	if (v->args && v->args->n)
		keep_buf_byte(out, '\n');
	out->failed |= !keep_option_each(v->args, put_field, out);
	if (v->errors && *v->errors)
		put_errors(v->errors, out);
}

static void put_verb(void *to, const struct keep_verb *v)
{
	struct keep_buf *out = to;

	keep_buf_text(out, "  ");
	keep_help_usage(v, out);
	keep_buf_print(out, "\n      %s\n", v->summary);
}

static void put_missing(void *to, struct keep_slice library)
{
	keep_buf_print(to, "  (library %.*s is missing)\n", KEEP_F(library));
}

void keep_help_command(const struct keep_suite *s,
		       const struct keep_command *c, struct keep_buf *out)
{
	keep_buf_print(out, "keep %s: %s\n\n", c->name, c->summary);
	keep_suite_each(s, c, put_verb, put_missing, out);
	keep_buf_print(out, "\nkeep %s VERB -h explains one.\n", c->name);
}

void keep_help_globals(struct keep_buf *out)
{
	keep_buf_text(out, "options of all commands (the long ones also "
		      "behind them):\n");
	out->failed |= !keep_option_each(&keep_globals_schema, put_field, out);
}
