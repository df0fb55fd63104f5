/* Schemas that a verb's file gives to the row in verbs.c. */
#ifndef PROVIDER_SCHEMAS_H
#define PROVIDER_SCHEMAS_H

#include <keep/verb.h>

extern const struct keep_schema keep_node_add_args_schema,
	keep_node_set_args_schema, keep_node_unset_args_schema,
	keep_node_args_schema, keep_node_mv_args_schema,
	keep_node_changed_schema, keep_node_list_args_schema,
	keep_node_row_schema, keep_env_row_schema, keep_inspect_args_schema,
	keep_inspect_row_schema, keep_expr_args_schema,
	keep_expr_help_result_schema;

/* Text of a list as columns; of values with their places; of one item; of
 * the table of functions. */
keep_text_fn keep_node_list_text, keep_inspect_text,
	keep_expr_help_text;

#endif
