/* `keep help`: the commands, one of them, one of its verbs. */
#include <keep/suite.h>

int keep_command_complete(struct keep_ctx *c, struct keep_slice prefix,
			  struct keep_completions *out)
{
	struct keep_err e;
	const struct keep_suite *s = keep_suite_of(c, &e);
	int rc = 0;
	size_t i;

	(void)prefix;
	for (i = 0; s && !rc && i < s->n; i++) {
		const struct keep_command *row = &s->commands[i];

		if (!keep_command_is_plumbing(row))
			rc = keep_complete_offer(out, keep_slice(row->name),
						 keep_slice(row->summary));
	}
	return rc;
}

#define A struct keep_help_args
static const struct keep_field args[] = {
	{KEEP_BOOL(A, all), .letter = 'a',
	 .help = "list external commands too, and where each comes from"},
	{KEEP_TEXTS(A, topic), .source = KEEP_REST, .max_n = 4, .meta = "TOPIC",
	 .complete = keep_command_complete,
	 .help = "a command, or a command and its verb"},
};
#undef A
const struct keep_schema keep_help_args_schema =
	KEEP_SCHEMA(struct keep_help_args, args);
#define R struct keep_help_result
static const struct keep_field result[] = {
	{KEEP_TEXT(R, text), .required = true, .help = "the explanation"},
};
#undef R
const struct keep_schema keep_help_result_schema =
	KEEP_SCHEMA(struct keep_help_result, result);

/* Pages that a library writes itself, as its verb `help TOPIC`. */
static const struct {
	const char *topic, *library;
} pages[] = {
	{"expressions", "provider"},
	{"filter", "provider"},
	{"users", "provider"},
};

static const struct keep_verb *page_of(const struct keep_suite *s,
				       struct keep_slices topic)
{
	struct keep_slice words[2] = {KEEP_S("help")};
	const struct keep_library *l;
	const struct keep_verb *v;
	size_t i;

	for (i = 0; topic.n == 1 && s->load && i < KEEP_COUNT(pages); i++) {
		if (!keep_slice_is(topic.v[0], pages[i].topic))
			continue;
		words[1] = topic.v[0];
		l = s->load(s, keep_slice(pages[i].library), NULL);
		v = l ? keep_verb_find(l, words, KEEP_COUNT(words)) : NULL;
		if (v && v->result &&
		    v->result->size == sizeof(struct keep_help_result))
			return v;
	}
	return NULL;
}

static int topic(const struct keep_suite *s, struct keep_slices words,
		 struct keep_buf *out, struct keep_err *e)
{
	const struct keep_command *c = keep_suite_command(s, words.v[0]);
	const struct keep_verb *v;
	size_t used = 0;

	if (!c && keep_help_external(s, words.v[0], out))
		return 0;
	if (!c) {
		keep_fail(e, KEEP_E_NO_SUCH_COMMAND,
			  "'%.*s' is not a command of keep",
			  KEEP_F(words.v[0]));
		return keep_hint(e, "keep help -a lists all");
	}
	v = keep_suite_verb(s, words.v, words.n, &used, e);
	if (v)
		keep_help_verb(v, out);
	else if (words.n == 1)
		keep_help_command(s, c, out);
	else
		return -e->code;
	return 0;
}

int keep_help(struct keep_ctx *c, const struct keep_help_args *a,
	      struct keep_help_result *r, struct keep_err *e)
{
	const struct keep_suite *s = keep_suite_of(c, e);
	struct keep_buf text = {.mem = c->mem};
	const struct keep_verb *page;
	int rc = 0;

	if (!s)
		return -e->code;
	page = page_of(s, a->topic);
	if (page)
		return keep_invoke(c, page, NULL, r, e);
	if (a->topic.n)
		rc = topic(s, a->topic, &text, e);
	else
		keep_help_suite(s, a->all, &text);
	r->text = keep_buf_get(&text);
	return rc ? rc : keep_buf_check(&text, e);
}
