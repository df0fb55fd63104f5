/* The verbs of the suite itself, in their order. */
#include "checks.h"
#include <keep/suite.h>

KEEP_VERB(keep_describe)
KEEP_VERB_LIST(keep_doctor)
KEEP_VERB(keep_version)
KEEP_VERB(keep_x_complete)
KEEP_VERB(keep_x_man)
KEEP_VERB(keep_x_wire_lock)
KEEP_VERB(keep_help)
KEEP_VERB(keep_encode)
KEEP_VERB_LIST(keep_config_show)

static void help_text(const struct keep_view *v, struct keep_buf *out)
{
	const struct keep_help_result *r = v->result;

	keep_buf_slice(out, r->text);
}

static void x_text(const struct keep_view *v, struct keep_buf *out)
{
	const struct keep_x_text_result *r = v->result;

	keep_buf_slice(out, r->text);
}

static void version_text(const struct keep_view *v, struct keep_buf *out)
{
	const struct keep_version_result *r = v->result;

	keep_buf_print(out, "keep %.*s\n", KEEP_F(r->version));
}

/* A text as it is, `-` for what is not set, JSON for the rest. */
static struct keep_slice config_value(const struct keep_view *v,
				      struct keep_slice item)
{
	struct keep_buf text = {.mem = v->mem};
	struct keep_json value;
	struct keep_err e;

	if (keep_json_from_cbor(v->mem, item, &value, &e) ||
	    value.type == KEEP_JSON_NULL)
		return KEEP_S("-");
	if (value.type == KEEP_JSON_TEXT)
		return keep_text_safe(v->mem, keep_json_text(&value), 4096);
	keep_json_put(&text, &value, KEEP_JSON_COMPACT);
	return keep_buf_get(&text);
}

/* "key value", and the origin when it was asked for. */
static void config_text(const struct keep_view *v, struct keep_buf *out)
{
	const struct keep_config_item *items = v->items.v;
	struct keep_tab tab = {.mem = v->mem, .n_columns = 2};
	size_t i;

	for (i = 0; i < v->items.n; i++)
		tab.n_columns = items[i].origin.p ? 3 : tab.n_columns;
	for (i = 0; i < v->items.n; i++) {
		keep_tab_cell(&tab, keep_text_safe(v->mem, items[i].key, 4096));
		keep_tab_cell(&tab, config_value(v, items[i].value));
		if (tab.n_columns == 3)
			keep_tab_cell(&tab, keep_text_safe(
					      v->mem, items[i].origin, 4096));
	}
	keep_tab_put(&tab, out);
}

static const uint16_t config_errors[] = {KEEP_E_NOT_FOUND, KEEP_E_BAD_CONFIG,
					 0};
static const struct keep_verb verbs[] = {
	{"config", "show the configuration of keep", KEEP_V_REPEATABLE,
	 keep_config_show_row, .args = &keep_config_args_schema,
	 .result = &keep_config_item_schema, .kind = KEEP_R_LIST,
	 .errors = config_errors, .text = config_text},
	{"describe", "describe verbs for programs", KEEP_V_REPEATABLE,
	 keep_describe_row, .args = &keep_describe_args_schema,
	 .result = &keep_describe_result_schema, .text = keep_describe_text},
	{"doctor", "look for faults, and say what mends them",
	 KEEP_V_REPEATABLE, keep_doctor_row, .args = &keep_doctor_args_schema,
	 .kind = KEEP_R_LIST, .result = &keep_doctor_item_schema, .text = keep_doctor_text},
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
	{"x-man", "write a manual page", KEEP_V_REPEATABLE, keep_x_man_row,
	 .args = &keep_x_man_args_schema,
	 .result = &keep_x_text_result_schema, .text = x_text},
	{"x-wire-lock", "write what programs rely on", KEEP_V_REPEATABLE,
	 keep_x_wire_lock_row, .result = &keep_x_text_result_schema,
	 .text = x_text},
};

const struct keep_library keep_suite_verbs = {
	.abi = KEEP_LIBRARY_ABI,
	.name = "suite",
	.verbs = verbs,
	.n = KEEP_COUNT(verbs),
	.checks = keep_suite_checks,
	.n_checks = KEEP_N_SUITE_CHECKS,
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
