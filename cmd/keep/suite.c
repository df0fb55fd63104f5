/* The verbs of the suite itself, in their order. */
#include <keep/suite.h>

KEEP_VERB(keep_describe)
KEEP_VERB_LIST(keep_doctor)
KEEP_VERB(keep_version)
KEEP_VERB(keep_x_complete)
KEEP_VERB(keep_help)
KEEP_VERB(keep_encode)

static void help_text(const struct keep_view *v, struct keep_buf *out)
{
	const struct keep_help_result *r = v->result;

	keep_buf_slice(out, r->text);
}

static void version_text(const struct keep_view *v, struct keep_buf *out)
{
	const struct keep_version_result *r = v->result;

	keep_buf_print(out, "keep %.*s\n", KEEP_F(r->version));
}

static const struct keep_verb verbs[] = {
	{"describe", "describe verbs for programs", KEEP_V_REPEATABLE,
	 keep_describe_row, .args = &keep_describe_args_schema,
	 .result = &keep_describe_result_schema, .text = keep_describe_text},
	{"doctor", "look for faults, and say what mends them",
	 KEEP_V_REPEATABLE, keep_doctor_row, .kind = KEEP_R_LIST,
	 .result = &keep_finding_schema, .text = keep_doctor_text},
	{"help", "explain a command", KEEP_V_REPEATABLE, keep_help_row,
	 .args = &keep_help_args_schema, .result = &keep_help_result_schema,
	 .text = help_text},
	{"version", "show the version of keep", KEEP_V_REPEATABLE,
	 keep_version_row, .result = &keep_version_result_schema,
	 .text = version_text},
	{"x-encode", "encode the arguments of a verb", KEEP_V_REPEATABLE,
	 keep_encode_row, .args = &keep_encode_args_schema,
	 .result = &keep_encode_result_schema},
	{"x-complete", "complete words", KEEP_V_REPEATABLE, keep_x_complete_row,
	 .args = &keep_x_complete_args_schema,
	 .result = &keep_x_complete_result_schema,
	 .text = keep_x_complete_text},
};

const struct keep_library keep_suite_verbs = {
	.abi = KEEP_LIBRARY_ABI,
	.name = "suite",
	.verbs = verbs,
	.n = KEEP_COUNT(verbs),
};

const struct keep_suite *keep_suite_of(struct keep_ctx *c, struct keep_err *e)
{
	const struct keep_suite *s = keep_session_get(c->session,
						      keep_suite_key);

	if (!s)
		keep_fail(e, KEEP_E_INTERNAL, "the session has no table of "
			  "commands");
	return s;
}

void keep_suite_verbs_each(const struct keep_suite *s,
			   void (*each)(void *to, const struct keep_verb *v),
			   void *to)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		if (!keep_command_is_plumbing(&s->commands[i]))
			keep_suite_each(s, &s->commands[i], each, NULL, to);
}
