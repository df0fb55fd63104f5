/* What `keep describe` says to a person. */
#include <keep/suite.h>

static const char *const flag_names[] = {
	"changes state", "client of another socket", "streams", "interactive",
	"needs the agent", "safe to repeat", "external", "carries secrets",
	"runs commands or opens connections",
};

static void put_flags(uint32_t flags, struct keep_buf *out)
{
	const char *between = "; ";
	size_t i;

	for (i = 0; i < KEEP_COUNT(flag_names); i++) {
		if (!(flags >> i & 1))
			continue;
		keep_buf_print(out, "%s%s", between, flag_names[i]);
		between = ", ";
	}
}

static void put_errors(const struct keep_list *errors, struct keep_buf *out)
{
	const uint32_t *codes = errors->v;
	size_t i;

	for (i = 0; i < errors->n; i++)
		keep_buf_print(out, "%s%s", i ? ", " : "; errors: ",
			       keep_code_name((int)codes[i]));
	keep_buf_byte(out, '\n');
}

static void put_cddl(const char *what, struct keep_slice cddl,
		     struct keep_buf *out)
{
	if (cddl.len)
		keep_buf_print(out, "; %s\n%.*s", what, KEEP_F(cddl));
}

static void put_verb(const struct keep_described_verb *v,
		     struct keep_buf *out)
{
	size_t i;

	keep_buf_text(out, "; keep");
	for (i = 0; i < v->path.n; i++)
		keep_buf_print(out, " %.*s", KEEP_F(v->path.v[i]));
	keep_buf_print(out, ": %.*s\n", KEEP_F(v->summary));
	if (v->flags)
		put_flags(v->flags, out);
	keep_buf_text(out, v->flags ? "\n" : "");
	if (v->errors.n)
		put_errors(&v->errors, out);
	put_cddl("arguments", v->args, out);
	put_cddl("result", v->result, out);
	put_cddl("item", v->item, out);
}

void keep_describe_text(const struct keep_view *view, struct keep_buf *out)
{
	const struct keep_describe_result *r = view->result;
	const struct keep_described_verb *v = r->commands.v;
	size_t i;

	for (i = 0; i < r->commands.n; i++) {
		keep_buf_text(out, i ? "\n" : "");
		put_verb(&v[i], out);
	}
}
