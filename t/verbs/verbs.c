/* The rows of `try`, in their order. */
#include "tryout.h"

KEEP_VERB(keep_try_ask)
KEEP_VERB(keep_try_crash)
KEEP_VERB(keep_try_exec)
KEEP_VERB(keep_try_fail)
KEEP_VERB(keep_try_git)
KEEP_VERB(keep_try_hang)
KEEP_VERB(keep_try_item)
KEEP_VERB_LIST(keep_try_keys)
KEEP_VERB_LIST(keep_try_list)
KEEP_VERB(keep_try_net)
KEEP_VERB(keep_try_publish)
KEEP_VERB(keep_try_secret)
KEEP_VERB(keep_try_sign)
KEEP_VERB_LIST(keep_try_spool)
KEEP_VERB(keep_try_stream)
KEEP_VERB(keep_try_types)
KEEP_VERB(keep_try_verdict)
KEEP_VERB(keep_try_work)

static const struct keep_verb verbs[] = {
	{"try ask", "ask the person", KEEP_V_INTERACTIVE, keep_try_ask_row,
	 .result = &keep_try_answer_schema},
	{"try crash", "end by SIGSEGV", 0, keep_try_crash_row},
	{"try exec", "a command on a node", KEEP_V_RUNS, keep_try_exec_row,
	 .args = &keep_try_exec_schema, .result = &keep_try_exec_result_schema},
	{"try fail", "fail with a code", KEEP_V_REPEATABLE, keep_try_fail_row,
	 .args = &keep_try_number_schema},
	{"try git", "what git says of HEAD", KEEP_V_REPEATABLE, keep_try_git_row,
	 .args = &keep_try_git_args_schema, .result = &keep_try_git_schema},
	{"try hang", "run until it is cancelled", 0, keep_try_hang_row,
	 .args = &keep_try_hang_schema},
	{"try item", "an item and back", KEEP_V_REPEATABLE, keep_try_item_row,
	 .args = &keep_try_item_schema, .kind = KEEP_R_ITEM},
	{"try keys", "keys of the ssh-agent", KEEP_V_AGENT, keep_try_keys_row,
	 .result = &keep_try_key_schema, .kind = KEEP_R_LIST},
	{"try list", "a list of numbers", KEEP_V_REPEATABLE, keep_try_list_row,
	 .args = &keep_try_count_schema, .result = &keep_try_told_schema, .kind = KEEP_R_LIST},
	{"try net", "a verb that opens connections", KEEP_V_RUNS, keep_try_net_row,
	 .result = &keep_try_told_schema},
	{"try publish", "publish events", KEEP_V_CHANGES, keep_try_publish_row,
	 .args = &keep_try_publish_schema},
	{"try secret", "a secret and back", KEEP_V_SECRET, keep_try_secret_row,
	 .args = &keep_try_secret_schema, .result = &keep_try_secret_result_schema},
	{"try sign", "a signature of the ssh-agent", KEEP_V_AGENT, keep_try_sign_row,
	 .args = &keep_try_sign_schema, .result = &keep_try_armor_schema,
	 .text = keep_try_armor_text},
	{"try spool", "what was published", KEEP_V_REPEATABLE, keep_try_spool_row,
	 .result = &keep_try_spool_schema, .kind = KEEP_R_LIST},
	{"try stream", "numbers as they come", KEEP_V_STREAMS, keep_try_stream_row,
	 .args = &keep_try_count_schema, .result = &keep_try_told_schema,
	 .event = &keep_try_told_schema},
	{"try types", "every type and back", KEEP_V_REPEATABLE, keep_try_types_row,
	 .args = &keep_try_types_schema, .result = &keep_try_types_schema},
	{"try verdict", "a result with a verdict", KEEP_V_REPEATABLE, keep_try_verdict_row,
	 .args = &keep_try_number_schema, .result = &keep_try_told_schema},
	{"try work", "what stdin says", KEEP_V_STREAMS, keep_try_work_row,
	 .event = &keep_try_line_schema, .event_text = keep_try_line_text},
};

const struct keep_library keep_tryout_verbs = {
	.abi = KEEP_LIBRARY_ABI,
	.name = "tryout",
	.verbs = verbs,
	.n = KEEP_COUNT(verbs),
};
