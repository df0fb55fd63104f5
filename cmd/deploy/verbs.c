/* The rows of the library, in the order in which help shows them. */
#include <keep/history.h>
#include <keep/deploy.h>
#include <keep/local.h>
#include <keep/nodes.h>
#include <keep/plan.h>
#include <keep/run.h>

KEEP_VERB(keep_plan)
KEEP_VERB(keep_deploy)
KEEP_VERB(keep_rollback)
KEEP_VERB(keep_run_on_nodes)
KEEP_VERB(keep_test_nodes)
KEEP_VERB_LIST(keep_ssh_to)
KEEP_VERB_LIST(keep_history)
KEEP_VERB_LIST(keep_node_init)
KEEP_VERB_LIST(keep_node_status)
KEEP_VERB_LIST(keep_node_verify)
KEEP_VERB_LIST(keep_node_facts)
KEEP_VERB(keep_node_rekey)
KEEP_VERB(keep_node_revoke)
KEEP_VERB_LIST(keep_local_up)
KEEP_VERB_LIST(keep_local_down)
KEEP_VERB_LIST(keep_local_list)

static const uint16_t local_errors[] = {
	KEEP_E_NOT_FOUND, KEEP_E_DENIED, KEEP_E_IO, 0,
};

static const uint16_t history_errors[] = {
	KEEP_E_NOT_FOUND, KEEP_E_PARTIAL, KEEP_E_UNREACHABLE, KEEP_E_NO_AGENT,
	KEEP_E_KEY_NOT_IN_AGENT, KEEP_E_AGENT_REFUSED, KEEP_E_DENIED,
	KEEP_E_IO, 0,
};

static const uint16_t init_errors[] = {
	KEEP_E_NOT_FOUND, KEEP_E_CONFLICT, KEEP_E_UNTRUSTED,
	KEEP_E_INTERACTIVE, KEEP_E_PARTIAL, KEEP_E_UNREACHABLE,
	KEEP_E_NO_AGENT, KEEP_E_KEY_NOT_IN_AGENT, KEEP_E_AGENT_REFUSED,
	KEEP_E_BUSY, KEEP_E_DENIED, KEEP_E_IO, 0,
};
static const uint16_t ask_errors[] = {
	KEEP_E_NOT_FOUND, KEEP_E_PARTIAL, KEEP_E_UNREACHABLE, KEEP_E_DIFFERS,
	KEEP_E_NO_AGENT, KEEP_E_KEY_NOT_IN_AGENT, KEEP_E_AGENT_REFUSED,
	KEEP_E_DENIED, KEEP_E_IO, 0,
};
static const uint16_t revoke_errors[] = {
	KEEP_E_NOT_FOUND, KEEP_E_BUSY, KEEP_E_DENIED, KEEP_E_IO, 0,
};

/* A verb that asks nodes, and tells of each. */
#define ASK(path_, fn, flags_, args_, row_, errors_) \
	.path = (path_), .run = fn##_row, .kind = KEEP_R_LIST, \
	.flags = KEEP_V_RUNS | KEEP_V_AGENT | KEEP_V_REPEATABLE | (flags_), \
	.args = &(args_), .result = &(row_), .errors = (errors_), \
	.text = fn##_text

static const struct keep_verb verbs[] = {
	{.path = "plan", .summary = "show what a deploy would change",
	 .flags = KEEP_V_REPEATABLE | KEEP_V_RUNS | KEEP_V_AGENT,
	 .run = keep_plan_row, .args = &keep_plan_args_schema,
	 .result = &keep_plan_result_schema,
	 .errors = keep_plan_errors, .text = keep_plan_text},
	{.path = "deploy", .summary = "make nodes what the instance says",
	 .flags = KEEP_V_CHANGES | KEEP_V_REPEATABLE | KEEP_V_RUNS |
		  KEEP_V_STREAMS | KEEP_V_INTERACTIVE | KEEP_V_AGENT,
	 .run = keep_deploy_row, .args = &keep_deploy_args_schema,
	 .result = &keep_deploy_result_schema,
	 .event = &keep_deploy_event_schema, .errors = keep_deploy_errors,
	 .text = keep_deploy_text, .event_text = keep_deploy_event_text},
	{ASK("node init", keep_node_init, KEEP_V_CHANGES | KEEP_V_INTERACTIVE,
	     keep_node_init_args_schema, keep_node_init_row_schema,
	     init_errors),
	 .summary = "meet nodes: pin host keys, look at what a deploy needs"},
	{ASK("node status", keep_node_status, 0, keep_node_ask_args_schema,
	     keep_node_status_row_schema, ask_errors),
	 .summary = "show what nodes have, and how their last deploy ended"},
	{ASK("node verify", keep_node_verify, 0, keep_node_ask_args_schema,
	     keep_node_verify_row_schema, ask_errors),
	 .summary = "look for drift: what is not as it was deployed"},
	{ASK("node facts", keep_node_facts, KEEP_V_CHANGES,
	     keep_node_facts_args_schema, keep_node_facts_row_schema,
	     ask_errors),
	 .summary = "show what nodes are: system, processors, memory"},
	{.path = "node rekey",
	 .summary = "pin the host key of a node installed anew",
	 .flags = KEEP_V_CHANGES | KEEP_V_REPEATABLE | KEEP_V_INTERACTIVE |
		  KEEP_V_RUNS,
	 .run = keep_node_rekey_row, .args = &keep_node_rekey_args_schema,
	 .result = &keep_node_rekey_result_schema, .errors = init_errors,
	 .text = keep_node_rekey_text},
	{.path = "node revoke", .summary = "let a node go that is in other hands",
	 .flags = KEEP_V_CHANGES | KEEP_V_REPEATABLE,
	 .run = keep_node_revoke_row, .args = &keep_node_revoke_args_schema,
	 .result = &keep_node_revoke_result_schema, .errors = revoke_errors,
	 .text = keep_node_revoke_text},
	{.path = "rollback", .summary = "make nodes what they were before",
	 .flags = KEEP_V_CHANGES | KEEP_V_RUNS | KEEP_V_STREAMS |
		  KEEP_V_INTERACTIVE | KEEP_V_AGENT,
	 .run = keep_rollback_row, .args = &keep_rollback_args_schema,
	 .result = &keep_deploy_result_schema,
	 .event = &keep_deploy_event_schema, .errors = keep_deploy_errors,
	 .text = keep_deploy_text, .event_text = keep_deploy_event_text},
	{.path = "run", .summary = "run a command on nodes",
	 .flags = KEEP_V_CHANGES | KEEP_V_RUNS | KEEP_V_STREAMS | KEEP_V_AGENT,
	 .run = keep_run_on_nodes_row, .args = &keep_run_args_schema,
	 .result = &keep_run_result_schema, .event = &keep_run_event_schema,
	 .errors = keep_run_errors, .text = keep_run_text,
	 .event_text = keep_run_event_text},
	{.path = "test", .summary = "run the tests of the services on nodes",
	 .flags = KEEP_V_REPEATABLE | KEEP_V_RUNS | KEEP_V_STREAMS | KEEP_V_AGENT,
	 .run = keep_test_nodes_row, .args = &keep_test_args_schema,
	 .result = &keep_run_result_schema, .event = &keep_run_event_schema,
	 .errors = keep_run_errors, .text = keep_run_text,
	 .event_text = keep_run_event_text},
	{.path = "ssh", .summary = "log in to a node",
	 .flags = KEEP_V_RUNS | KEEP_V_INTERACTIVE,
	 .run = keep_ssh_to_row, .args = &keep_ssh_args_schema,
	 .errors = keep_ssh_errors},
	{.path = "history", .summary = "show what was deployed, and how it ended",
	 .flags = KEEP_V_REPEATABLE | KEEP_V_RUNS, .run = keep_history_row,
	 .args = &keep_history_args_schema, .kind = KEEP_R_LIST,
	 .result = &keep_history_row_schema, .errors = history_errors,
	 .text = keep_history_text},
	{.path = "local up", .summary = "start nodes on this machine",
	 .flags = KEEP_V_CHANGES | KEEP_V_REPEATABLE | KEEP_V_RUNS,
	 .run = keep_local_up_row, .args = &keep_local_up_args_schema,
	 .kind = KEEP_R_LIST, .result = &keep_local_row_schema,
	 .errors = local_errors, .text = keep_local_text},
	{.path = "local down", .summary = "end nodes on this machine",
	 .flags = KEEP_V_CHANGES | KEEP_V_REPEATABLE,
	 .run = keep_local_down_row, .args = &keep_local_args_schema,
	 .kind = KEEP_R_LIST, .result = &keep_local_row_schema,
	 .errors = local_errors, .text = keep_local_text},
	{.path = "local list", .summary = "list the nodes of this machine",
	 .flags = KEEP_V_REPEATABLE,
	 .run = keep_local_list_row, .args = &keep_local_args_schema,
	 .kind = KEEP_R_LIST, .result = &keep_local_row_schema,
	 .errors = local_errors, .text = keep_local_text},
};

const struct keep_library keep_deploy_verbs = {
	.abi = KEEP_LIBRARY_ABI,
	.name = "deploy",
	.verbs = verbs,
	.n = KEEP_COUNT(verbs),
};
