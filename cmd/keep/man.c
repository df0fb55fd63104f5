/* `keep x-man`: manual pages for the build. */
#include <keep/suite.h>

#define A struct keep_x_man_args
static const struct keep_field args[] = {
	{KEEP_TEXT(A, command), .source = KEEP_WORD, .help = "none: keep itself"},
	{KEEP_BLOB(A, about), .max = 1 << 20, .help = "prose of all commands"},
};
#undef A
const struct keep_schema keep_x_man_args_schema =
	KEEP_SCHEMA(struct keep_x_man_args, args);

int keep_x_man(struct keep_ctx *c, const struct keep_x_man_args *a,
	       struct keep_x_text_result *r, struct keep_err *e)
{
	const struct keep_suite *s = keep_suite_of(c, e);
	const struct keep_command *command;
	struct keep_buf text = {.mem = c->mem};

	if (!s)
		return -e->code;
	command = a->command.p ? keep_suite_command(s, a->command) : NULL;
	if (a->command.p && !command)
		return keep_fail(e, KEEP_E_NO_SUCH_COMMAND,
				 "'%.*s' is not a command of keep",
				 KEEP_F(a->command));
	if (command)
		keep_man_command(s, command, a->about, &text);
	else
		keep_man_suite(s, a->about, &text);
	r->text = keep_buf_get(&text);
	return keep_buf_check(&text, e);
}
