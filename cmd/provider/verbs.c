/* The rows of the library, in the order in which help shows them. */
#include <keep/cli.h>
#include <keep/compile.h>
#include <keep/git2.h>
#include <keep/graph.h>
#include <keep/import.h>
#include <keep/init.h>
#include <keep/platform.h>
#include <keep/provider.h>
#include "doctor/doctor.h"
#include "node/schemas.h"

KEEP_VERB(keep_init)
KEEP_VERB(keep_node_add)
KEEP_VERB(keep_node_set)
KEEP_VERB(keep_node_unset)
KEEP_VERB(keep_node_rm)
KEEP_VERB(keep_node_mv)
KEEP_VERB(keep_node_enable)
KEEP_VERB(keep_node_disable)
KEEP_VERB_LIST(keep_node_list)
KEEP_VERB_LIST(keep_env_list)
KEEP_VERB(keep_compile)
KEEP_VERB_LIST(keep_inspect)
KEEP_VERB(keep_expr)
KEEP_VERB(keep_graph)
KEEP_VERB(keep_platform_update)
KEEP_VERB(keep_platform_fetch)
KEEP_VERB(keep_help_expressions)
KEEP_VERB(keep_help_filter)
KEEP_VERB(keep_help_users)
KEEP_VERB(keep_import_leap)

static const uint16_t init_errors[] = {
	KEEP_E_EXISTS, KEEP_E_NOT_FOUND, KEEP_E_TOO_LARGE, 0,
};
static const uint16_t missing[] = {KEEP_E_NOT_FOUND, 0};
static const uint16_t graph_errors[] = {
	KEEP_E_NOT_FOUND, KEEP_E_TOO_LARGE, KEEP_E_IO, 0,
};
static const uint16_t change_errors[] = {
	KEEP_E_NOT_FOUND, KEEP_E_BUSY, KEEP_E_DENIED, 0,
};
static const uint16_t edit_errors[] = { /* a path goes through a text */
	KEEP_E_NOT_FOUND, KEEP_E_CONFLICT, KEEP_E_BUSY, KEEP_E_DENIED, 0,
};
static const uint16_t add_errors[] = {
	KEEP_E_NOT_FOUND, KEEP_E_EXISTS, KEEP_E_CONFLICT, KEEP_E_BUSY,
	KEEP_E_DENIED, 0,
};
static const uint16_t move_errors[] = {
	KEEP_E_NOT_FOUND, KEEP_E_EXISTS, KEEP_E_BUSY, KEEP_E_DENIED, 0,
};

/* A verb that changes one node's file. */
#define CHANGE(path_, fn, args_, errors_) \
	.path = (path_), .flags = KEEP_V_CHANGES, .run = fn##_row, \
	.args = &(args_), .result = &keep_node_changed_schema, \
	.errors = (errors_)

static const struct keep_verb verbs[] = {
	{.path = "init", .summary = "make a provider instance",
	 .flags = KEEP_V_CHANGES, .run = keep_init_row,
	 .args = &keep_init_args_schema, .result = &keep_init_result_schema,
	 .errors = init_errors, .text = keep_init_text},
	{CHANGE("node add", keep_node_add, keep_node_add_args_schema, add_errors),
	 .summary = "write the file of a new node"},
	{CHANGE("node set", keep_node_set, keep_node_set_args_schema, edit_errors),
	 .summary = "set values in a node's file"},
	{CHANGE("node unset", keep_node_unset, keep_node_unset_args_schema, change_errors),
	 .summary = "take values out of a node's file"},
	{CHANGE("node rm", keep_node_rm, keep_node_args_schema, change_errors),
	 .summary = "remove a node's file"},
	{CHANGE("node mv", keep_node_mv, keep_node_mv_args_schema, move_errors),
	 .summary = "give a node another name"},
	{CHANGE("node enable", keep_node_enable, keep_node_args_schema, change_errors),
	 .summary = "compile and deploy a node again"},
	{CHANGE("node disable", keep_node_disable, keep_node_args_schema, change_errors),
	 .summary = "leave a node out of compile and deploy"},
	{.path = "node list", .summary = "list nodes and values of theirs",
	 .flags = KEEP_V_REPEATABLE, .run = keep_node_list_row,
	 .args = &keep_node_list_args_schema, .kind = KEEP_R_LIST,
	 .result = &keep_node_row_schema, .errors = missing,
	 .text = keep_node_list_text},
	{.path = "env list", .summary = "list environments",
	 .flags = KEEP_V_REPEATABLE, .run = keep_env_list_row,
	 .kind = KEEP_R_LIST, .result = &keep_env_row_schema,
	 .errors = missing},
	{.path = "compile", .summary = "compile the configuration of the nodes",
	 .flags = KEEP_V_CHANGES | KEEP_V_REPEATABLE, .run = keep_compile_row,
	 .args = &keep_compile_args_schema,
	 .result = &keep_compile_result_schema, .errors = keep_compile_errors,
	 .text = keep_compile_text},
	{.path = "inspect", .summary = "show what a node's properties are, and why",
	 .flags = KEEP_V_REPEATABLE, .run = keep_inspect_row,
	 .args = &keep_inspect_args_schema, .kind = KEEP_R_LIST,
	 .result = &keep_inspect_row_schema, .errors = missing,
	 .text = keep_inspect_text},
	{.path = "expr", .summary = "evaluate an expression in a node",
	 .flags = KEEP_V_REPEATABLE, .run = keep_expr_row,
	 .args = &keep_expr_args_schema, .kind = KEEP_R_ITEM,
	 .errors = missing},
	{.path = "graph", .summary = "draw nodes and the links between them",
	 .flags = KEEP_V_REPEATABLE | KEEP_V_RUNS, .run = keep_graph_row,
	 .args = &keep_graph_args_schema, .result = &keep_graph_result_schema,
	 .errors = graph_errors, .text = keep_graph_text},
	{.path = "platform update", .summary = "take a newer platform, and show what changed",
	 .flags = KEEP_V_CHANGES | KEEP_V_REPEATABLE, .run = keep_platform_update_row,
	 .args = &keep_platform_update_args_schema,
	 .result = &keep_platform_update_result_schema,
	 .errors = keep_platform_update_errors, .text = keep_platform_update_text},
	{.path = "platform fetch", .summary = "get the platform that lies in a git repository",
	 .flags = KEEP_V_CHANGES | KEEP_V_REPEATABLE | KEEP_V_RUNS,
	 .run = keep_platform_fetch_row,
	 .result = &keep_platform_fetch_result_schema,
	 .errors = keep_platform_fetch_errors},
	{.path = "help expressions", .summary = "show what expressions may call",
	 .flags = KEEP_V_REPEATABLE, .run = keep_help_expressions_row,
	 .result = &keep_expr_help_result_schema, .text = keep_expr_help_text},
	{.path = "help filter", .summary = "show how nodes are selected",
	 .flags = KEEP_V_REPEATABLE, .run = keep_help_filter_row,
	 .result = &keep_expr_help_result_schema, .text = keep_expr_help_text},
	{.path = "help users", .summary = "show how people are let into nodes",
	 .flags = KEEP_V_REPEATABLE, .run = keep_help_users_row,
	 .result = &keep_expr_help_result_schema, .text = keep_expr_help_text},
	{.path = "import leap", .summary = "make an instance, or a platform, of leap's",
	 .flags = KEEP_V_CHANGES, .run = keep_import_leap_row,
	 .args = &keep_import_leap_args_schema,
	 .result = &keep_import_leap_result_schema,
	 .errors = keep_import_leap_errors, .text = keep_import_leap_text},
};

static void versions(struct keep_ctx *c, struct keep_buf *out)
{
	struct keep_err why;
	const struct keep_git2_api *git = keep_library_symbol(
		c->run_dir, KEEP_S("git2"), "keep_git2_api", &why);

	if (git)
		git->version(out);
}

const struct keep_library keep_provider_verbs = {
	.abi = KEEP_LIBRARY_ABI,
	.name = "provider",
	.verbs = verbs,
	.n = KEEP_COUNT(verbs),
	.checks = keep_provider_checks,
	.versions = versions,
	.n_checks = KEEP_N_PROVIDER_CHECKS,
};
