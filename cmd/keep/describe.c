/* `keep describe`: what a program must know of verbs. */
#include <keep/suite.h>

static const struct keep_field describe_args[] = {
	{KEEP_TEXTS(struct keep_describe_args, command), .source = KEEP_REST,
	 .max_n = 8, .meta = "COMMAND", .complete = keep_command_complete,
	 .help = "words that paths begin with"},
};
const struct keep_schema keep_describe_args_schema =
	KEEP_SCHEMA(struct keep_describe_args, describe_args);

#define L struct keep_describe_limits
static const struct keep_field limit_fields[] = {
	{KEEP_UINT(L, max_frame), .required = true, .help = "bytes of a frame"},
	{KEEP_UINT(L, max_outstanding), .required = true, .help = "requests not answered"},
	{KEEP_UINT(L, max_depth), .required = true, .help = "of nested items"},
	{KEEP_UINT(L, idle_s), .required = true, .help = "seconds until it is closed"},
};
#undef L
static const struct keep_schema limits_schema =
	KEEP_SCHEMA(struct keep_describe_limits, limit_fields);

#define R struct keep_describe_result
static const struct keep_field result_fields[] = {
	{KEEP_UINT(R, protocol), .required = true, .help = "of the wire"},
	{KEEP_TEXT(R, version), .required = true, .help = "of keep"},
	{KEEP_STRUCT(R, limits, limits_schema), .required = true,
	 .help = "of a connection"},
	{KEEP_STRUCTS(R, commands, struct keep_described_verb, keep_described_verb_schema),
	 .required = true, .help = "the verbs"},
	{KEEP_TEXT(R, instance), .help = "path of the instance"},
};
#undef R
const struct keep_schema keep_describe_result_schema =
	KEEP_SCHEMA(struct keep_describe_result, result_fields);

/* One run: the verbs that are wanted, described so far. */
struct describing {
	struct keep_mem *mem;
	struct keep_slice prefix;
	struct keep_buf verbs; /* struct keep_described_verb */
	struct keep_err *e;
	int failed;
};

static bool wanted(const struct describing *d, const char *path)
{
	size_t len = d->prefix.len;

	return keep_slice_starts(keep_slice(path), d->prefix.p) &&
	       (!len || !path[len] || path[len] == ' ');
}

static void add(void *to, const struct keep_verb *v)
{
	struct describing *d = to;
	struct keep_described_verb out;

	if (d->failed || !wanted(d, v->path))
		return;
	d->failed = keep_describe_verb(d->mem, v, &out, d->e);
	if (!d->failed)
		keep_buf_put(&d->verbs, &out, sizeof out);
}

/* The words with blanks between, and a NUL behind. */
static struct keep_slice join(struct keep_mem *m, struct keep_slices words)
{
	struct keep_buf text = {.mem = m};
	size_t i;

	for (i = 0; i < words.n; i++) {
		keep_buf_text(&text, i ? " " : "");
		keep_buf_slice(&text, words.v[i]);
	}
	return text.failed ? (struct keep_slice){0} :
	       keep_mem_copy(m, keep_buf_get(&text));
}

int keep_describe(struct keep_ctx *c, const struct keep_describe_args *a,
		  struct keep_describe_result *r, struct keep_err *e)
{
	const struct keep_suite *s = keep_suite_of(c, e);
	struct describing d = {.mem = c->mem, .verbs = {.mem = c->mem},
			       .e = e};
	struct keep_slice found;

	if (!s)
		return -e->code;
	d.prefix = join(c->mem, a->command);
	if (!d.prefix.p)
		return keep_no_memory(e);
	keep_suite_verbs_each(s, add, &d);
	if (d.failed || keep_describe_externals(c, d.prefix, &d.verbs, e))
		return -e->code;
	found = keep_buf_get(&d.verbs);
	if (!found.len && a->command.n) {
		keep_fail(e, KEEP_E_NO_SUCH_COMMAND, "there is no verb '%.*s'",
			  KEEP_F(d.prefix));
		return keep_hint(e, "keep help lists the commands");
	}
	*r = (struct keep_describe_result){
		.protocol = 1,
		.version = keep_slice(KEEP_VERSION),
		.limits = {1 << 20, 64, 40, 60},
		.commands = {found.p, found.len /
				      sizeof(struct keep_described_verb)},
		.instance = c->instance_path,
	};
	return 0;
}
