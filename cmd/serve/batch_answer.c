/* Answers of a batch, a JSON object each. */
#include <keep/json.h>
#include "calling.h"

#define E struct keep_call_error
static const struct keep_field error[] = {
	{KEEP_UINT(E, code), .required = true, .help = "its number"},
	{KEEP_TEXT(E, name), .required = true, .help = "its name"},
	{KEEP_TEXT(E, message), .required = true, .help = "what failed"},
	{KEEP_TEXT(E, hint), .help = "what to do"},
	{KEEP_STRUCTS(E, problems, struct keep_wire_problem, keep_wire_problem_schema),
	 .help = "all faults of an input"},
};
#undef E
static const struct keep_schema error_schema =
	KEEP_SCHEMA(struct keep_call_error, error);

#define A struct keep_call_answer
static const struct keep_field answer[] = {
	{KEEP_UINT(A, line), .required = true, .help = "of the call, from 1"},
	{KEEP_ITEM(A, id), .help = "of the call, as given"},
	{KEEP_ITEM(A, item), .help = "an event; more follows"},
	{KEEP_ITEM(A, result), .help = "of the verb"},
	{KEEP_STRUCT(A, error, error_schema), KEEP_HAS(A, has_error),
	 .help = "why there is none"},
	{KEEP_UINT(A, verdict), KEEP_HAS(A, has_verdict), .help = "code of what the result says"},
};
#undef A
const struct keep_schema keep_call_answer_schema =
	KEEP_SCHEMA(struct keep_call_answer, answer);

void keep_call_answer_text(const struct keep_view *v, struct keep_buf *out)
{
	keep_form_json(&keep_call_answer_schema, v->result, KEEP_JSON_COMPACT,
		       out);
	keep_buf_byte(out, '\n');
}

static struct keep_slice text_of(const char *s)
{
	return *s ? keep_slice(s) : (struct keep_slice){0};
}

int keep_batch_error(struct keep_mem *m, const struct keep_err *from,
		     struct keep_call_error *out, struct keep_err *e)
{
	size_t n = from->problems ? from->problems->kept : 0;
	struct keep_wire_problem *v = KEEP_NEWS(m, n,
						struct keep_wire_problem);
	const struct keep_problem *p = n ? from->problems->first : NULL;
	size_t i;

	if (!v)
		return keep_no_memory(e);
	for (i = 0; p && i < n; i++, p = p->next)
		v[i] = keep_wire_problem_of(p);
	*out = (struct keep_call_error){
		(uint32_t)from->code, keep_slice(keep_code_name(from->code)),
		keep_slice(from->message[0] ? from->message :
			   keep_code_meaning(from->code)),
		text_of(from->hint), {n ? v : NULL, i}};
	return 0;
}
