/* Rows of the library, in the order in which help lists them. */
#include <keep/serve.h>

KEEP_VERB(keep_serve)
KEEP_VERB(keep_call)

static const uint16_t serve_errors[] = {
	KEEP_E_NOT_FOUND, KEEP_E_BUSY, KEEP_E_EXISTS, KEEP_E_BAD_CONFIG, 0};
static const uint16_t call_errors[] = {
	KEEP_E_UNREACHABLE, KEEP_E_NOT_EXPOSED, KEEP_E_INTERACTIVE,
	KEEP_E_DENIED, KEEP_E_CONFLICT, KEEP_E_BUSY, KEEP_E_DEADLINE, 0};

static const struct keep_verb verbs[] = {
	{"serve", "answer calls over a socket", KEEP_V_RUNS, keep_serve_row,
	 .args = &keep_serve_args_schema, .result = &keep_serve_result_schema,
	 .errors = serve_errors, .text = keep_serve_text},
	{"call", "have a server run a command", KEEP_V_CLIENT | KEEP_V_STREAMS,
	 keep_call_row, .args = &keep_call_args_schema, .kind = KEEP_R_ITEM,
	 .event = &keep_call_answer_schema, .errors = call_errors,
	 .event_text = keep_call_answer_text},
};

__attribute__((visibility("default")))
const struct keep_library keep_serve_verbs = {
	.abi = KEEP_LIBRARY_ABI,
	.name = "serve",
	.verbs = verbs,
	.n = KEEP_COUNT(verbs),
};
