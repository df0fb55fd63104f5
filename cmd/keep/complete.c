/* `keep x-complete`: what shells ask while somebody types. */
#include <keep/suite.h>

static const struct keep_field args[] = {
	{KEEP_TEXTS(struct keep_x_complete_args, words), .source = KEEP_REST,
	 .max_n = 4096, .meta = "WORD", .help = "words after `keep`"},
};
const struct keep_schema keep_x_complete_args_schema =
	KEEP_SCHEMA(struct keep_x_complete_args, args);

#define C struct keep_completion
static const struct keep_field word_fields[] = {
	{KEEP_TEXT(C, word), .required = true, .help = "that could stand there"},
	{KEEP_TEXT(C, help), .help = "what it means"},
};
#undef C
static const struct keep_schema word_schema =
	KEEP_SCHEMA(struct keep_completion, word_fields);

#define R struct keep_x_complete_result
static const struct keep_field result[] = {
	{KEEP_STRUCTS(R, words, struct keep_completion, word_schema),
	 .required = true, .help = "in the order offered"},
	{KEEP_BOOL(R, files), .required = true, .help = "names of files fit"},
};
#undef R
const struct keep_schema keep_x_complete_result_schema =
	KEEP_SCHEMA(struct keep_x_complete_result, result);

int keep_x_complete(struct keep_ctx *c, const struct keep_x_complete_args *a,
		    struct keep_x_complete_result *r, struct keep_err *e)
{
	const struct keep_suite *s = keep_suite_of(c, e);
	struct keep_completions found = {.mem = c->mem};
	struct keep_slice all;

	if (!s || keep_complete(c, s, a->words, &found, e))
		return -e->code;
	all = keep_buf_get(&found.found);
	r->words.v = all.p;
	r->words.n = all.len / sizeof(struct keep_completion);
	r->files = found.files;
	return 0;
}

void keep_x_complete_text(const struct keep_view *v, struct keep_buf *out)
{
	const struct keep_x_complete_result *r = v->result;
	const struct keep_completion *words = r->words.v;
	size_t i;

	for (i = 0; i < r->words.n; i++)
		keep_buf_print(out, "%.*s\t%.*s\n", KEEP_F(words[i].word),
			       KEEP_F(words[i].help));
	keep_buf_text(out, r->files ? ":files\n" : "");
}
