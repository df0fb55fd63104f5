/* `keep x-encode`: the arguments of a verb, for programs that call it. */
#include <keep/suite.h>

#define A struct keep_encode_args
static const struct keep_field args[] = {
	{KEEP_TEXTS(A, words), .source = KEEP_REST, .required = true, .meta = "WORD",
	 .help = "a verb and its arguments, behind --"},
};
#undef A
const struct keep_schema keep_encode_args_schema =
	KEEP_SCHEMA(struct keep_encode_args, args);
#define R struct keep_encode_result
static const struct keep_field result[] = {
	{KEEP_BLOB(R, args), .required = true, .help = "CBOR"},
};
#undef R
const struct keep_schema keep_encode_result_schema =
	KEEP_SCHEMA(struct keep_encode_result, result);

int keep_encode(struct keep_ctx *c, const struct keep_encode_args *a,
		struct keep_encode_result *r, struct keep_err *e)
{
	const struct keep_suite *s = keep_suite_of(c, e);
	struct keep_buf bytes = {.mem = c->mem};
	struct keep_fd dir = c->caller_dir;
	const struct keep_verb *v;
	struct keep_slices words;
	size_t used = 0;
	int rc;

	v = s ? keep_suite_verb(s, a->words.v, a->words.n, &used, e) : NULL;
	if (!v)
		return -e->code;
	words = (struct keep_slices){a->words.v + used, a->words.n - used};
	c->caller_dir = (struct keep_fd){0}; /* as when keep reads a line */
	rc = keep_words_encode(c, v, words, &bytes, e);
	c->caller_dir = dir;
	r->args = keep_buf_get(&bytes);
	return rc;
}
