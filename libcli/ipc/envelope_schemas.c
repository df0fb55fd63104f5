/* The envelopes of WIRE 3, each member in the order of its key. */
#include "envelope.h"

#define R struct keep_request
static const struct keep_field request[] = {
	{KEEP_TEXT(R, client), .required = true, .min = KEEP_CLIENT_ID_MIN,
	 .max = KEEP_CLIENT_ID_MAX, .help = "who asks, for logs"},
	{KEEP_BYTES(R, id), .required = true, .min = KEEP_ID_MIN, .max = KEEP_ID_MAX,
	 .help = "chosen by the client"},
	{KEEP_BYTES(R, token), .min = 1, .max = KEEP_TOKEN_MAX, .help = "ignored"},
	{KEEP_BYTES(R, call), .help = "call, encoded; none: a ping"},
};
#undef R
const struct keep_schema keep_request_schema =
	KEEP_SCHEMA(struct keep_request, request);

#define C struct keep_verb_call
static const struct keep_field call[] = {
	{KEEP_TEXTS(C, path), .required = true, .min = 1, .max = KEEP_PATH_WORD_MAX,
	 .max_n = KEEP_PATH_WORDS, .help = "words of the verb"},
	{KEEP_ITEM(C, args), .help = "its arguments"},
	{KEEP_UINT(C, deadline_ms), KEEP_HAS(C, has_deadline_ms), .help = "from its receipt"},
	{KEEP_UINT(C, mode), KEEP_HAS(C, has_mode), .max = KEEP_AS_THEY_COME,
	 .help = "0: final answer only, 1: items as they come"},
	{KEEP_BYTES(C, instance), .min = KEEP_INSTANCE_ID, .max = KEEP_INSTANCE_ID,
	 .help = "id of the instance"},
};
#undef C
const struct keep_schema keep_call_schema = {
	.name = "call", .fields = call, .n = KEEP_COUNT(call),
	.size = sizeof(struct keep_verb_call),
};

/* `more` is its own companion: what is there is true. */
#define O struct keep_ok
static const struct keep_field ok[] = {
	{KEEP_BYTES(O, id), .required = true, .min = KEEP_ID_MIN, .max = KEEP_ID_MAX,
	 .help = "of the request"},
	{KEEP_BYTES(O, payload), .help = "result or item, encoded"},
	{KEEP_BOOL(O, more), KEEP_HAS(O, more), .help = "true: more follows"},
	{KEEP_UINT(O, verdict), KEEP_HAS(O, has_verdict), .max = UINT16_MAX,
	 .help = "code of the last"},
};
#undef O
const struct keep_schema keep_ok_schema = KEEP_SCHEMA(struct keep_ok, ok);

#define R struct keep_refusal
static const struct keep_field refusal[] = {
	{KEEP_BYTES(R, id), .required = true, .min = KEEP_ID_MIN, .max = KEEP_ID_MAX,
	 .help = "of the request"},
	{KEEP_UINT(R, code), .required = true, .max = UINT16_MAX, .help = "of errcodes.def"},
	{KEEP_TEXT(R, message), .help = "what failed"},
	{KEEP_BYTES(R, detail), .help = "error-detail, encoded"},
};
#undef R
const struct keep_schema keep_refusal_schema =
	KEEP_SCHEMA(struct keep_refusal, refusal);

#define P struct keep_wire_problem
static const struct keep_field problem[] = {
	{KEEP_TEXT(P, where), .required = true, .help = "file or field"},
	{KEEP_UINT(P, line), KEEP_HAS(P, has_line), .help = "from 1"},
	{KEEP_UINT(P, column), KEEP_HAS(P, has_column), .help = "from 1"},
	{KEEP_TEXT(P, message), .required = true, .help = "what is wrong"},
	{KEEP_TEXT(P, hint), .help = "what to do"},
};
#undef P
const struct keep_schema keep_wire_problem_schema =
	KEEP_SCHEMA(struct keep_wire_problem, problem);

#define D struct keep_error_detail
static const struct keep_field detail[] = {
	{KEEP_TEXTS(D, fields), .help = "that are wrong"},
	{KEEP_UINT(D, retry_after_ms), KEEP_HAS(D, has_retry_after_ms),
	 .help = "when to try again"},
	{KEEP_TEXT(D, hint), .help = "what to do"},
	{KEEP_STRUCTS(D, problems, struct keep_wire_problem, keep_wire_problem_schema),
	 .max_n = KEEP_PROBLEMS_MAX, .help = "all faults of the input"},
};
#undef D
const struct keep_schema keep_error_detail_schema =
	KEEP_SCHEMA(struct keep_error_detail, detail);

#define P struct keep_progress
static const struct keep_field progress[] = {
	{KEEP_TEXT(P, text), .required = true, .help = "what is done"},
	{KEEP_UINT(P, done), .help = "so far"},
	{KEEP_UINT(P, total), .help = "in all; 0: not known"},
};
#undef P
const struct keep_schema keep_progress_schema =
	KEEP_SCHEMA(struct keep_progress, progress);

static const struct keep_field cancel_args[] = {
	{KEEP_BYTES(struct keep_cancel_args, id), .required = true, .min = KEEP_ID_MIN,
	 .max = KEEP_ID_MAX, .help = "of the call"},
};
const struct keep_schema keep_cancel_args_schema =
	KEEP_SCHEMA(struct keep_cancel_args, cancel_args);

#define U struct keep_updated
static const struct keep_field updated[] = {
	{KEEP_BYTES(U, old), .required = true, .min = 20, .max = 32, .help = "id before"},
	{KEEP_BYTES(U, now), .required = true, .min = 20, .max = 32, .help = "id now"},
	{KEEP_BYTES(U, namespace), .required = true, .help = "of the ref"},
	{KEEP_TEXT(U, ref), .required = true, .help = "within its namespace"},
};
#undef U
const struct keep_schema keep_updated_schema =
	KEEP_SCHEMA(struct keep_updated, updated);

const struct keep_schema *const keep_envelopes[] = {
	&keep_request_schema, &keep_ok_schema, &keep_refusal_schema,
	&keep_call_schema, &keep_error_detail_schema, &keep_progress_schema,
	&keep_cancel_args_schema, &keep_updated_schema, NULL,
};
