/* Errors as stderr shows them. */
#include <keep/cli.h>

static void colored(const struct keep_printer *p, const char *color,
		    const char *text, struct keep_buf *out)
{
	keep_buf_text(out, p->color ? color : "");
	keep_buf_text(out, text);
	keep_buf_text(out, p->color ? KEEP_PLAIN : "");
}

static void text_of(const struct keep_printer *to,
		    const struct keep_problem *p, struct keep_buf *out)
{
	keep_buf_slice(out, p->where);
	if (p->line)
		keep_buf_print(out, ":%u", p->line);
	if (p->line && p->column)
		keep_buf_print(out, ":%u", p->column);
	keep_buf_text(out, p->where.len || p->line ? ": " : "");
	keep_buf_slice(out, p->message);
	keep_buf_byte(out, '\n');
	if (!p->hint.len)
		return;
	colored(to, KEEP_YELLOW, "  hint:", out);
	keep_buf_print(out, " %.*s\n", KEEP_F(p->hint));
}

static void print_text(const struct keep_printer *to,
		       const struct keep_err *e, struct keep_buf *out)
{
	const struct keep_problem *p = e->problems ? e->problems->first : NULL;

	for (; p; p = p->next)
		text_of(to, p, out);
	colored(to, KEEP_RED, "keep:", out);
	keep_buf_print(out, " %s\n", e->message[0] ? e->message :
		       keep_code_meaning(e->code));
	if (!e->hint[0])
		return;
	colored(to, KEEP_YELLOW, "hint:", out);
	keep_buf_print(out, " %s\n", e->hint);
}

/* A member that is left out when it is empty. */
static void put_text(const char *name, struct keep_slice s,
		     struct keep_buf *out)
{
	if (!s.len)
		return;
	keep_buf_print(out, ",\"%s\":", name);
	keep_json_put_text(out, s);
}

static void put_problem(const struct keep_problem *p, struct keep_buf *out)
{
	keep_buf_text(out, "{\"where\":");
	keep_json_put_text(out, p->where);
	if (p->line)
		keep_buf_print(out, ",\"line\":%u", p->line);
	if (p->column)
		keep_buf_print(out, ",\"column\":%u", p->column);
	put_text("message", p->message, out);
	put_text("hint", p->hint, out);
	keep_buf_byte(out, '}');
}

static void put_problems(const struct keep_problems *ps, struct keep_buf *out)
{
	const struct keep_problem *p;

	keep_buf_text(out, ",\"problems\":[");
	for (p = ps->first; p; p = p->next) {
		put_problem(p, out);
		keep_buf_text(out, p->next ? "," : "");
	}
	keep_buf_byte(out, ']');
}

static void print_json(const struct keep_err *e, struct keep_buf *out)
{
	keep_buf_print(out, "{\"error\":{\"code\":%d,\"name\":\"%s\"", e->code,
		       keep_code_name(e->code));
	put_text("message", keep_slice(e->message), out);
	put_text("hint", keep_slice(e->hint), out);
	if (e->problems)
		put_problems(e->problems, out);
	keep_buf_text(out, "}}\n");
}

void keep_print_error(const struct keep_printer *p, const struct keep_err *e,
		      struct keep_buf *out)
{
	if (p->format == KEEP_FORMAT_TEXT)
		print_text(p, e, out);
	else
		print_json(e, out);
}
