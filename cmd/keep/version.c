#include <keep/suite.h>

#define R struct keep_version_result
static const struct keep_field fields[] = {
	{KEEP_TEXT(R, version), .required = true, .help = "of keep"},
	{KEEP_MAP_TEXT(R, libraries), .help = "what its libraries are linked to"},
};
#undef R
const struct keep_schema keep_version_result_schema =
	KEEP_SCHEMA(struct keep_version_result, fields);

/* Lines "name version" as entries. */
static int split(struct keep_mem *m, struct keep_slice lines,
		 struct keep_entries *out, struct keep_err *e)
{
	size_t i, start = 0, cut = 0, n = 0;
	struct keep_entry *v = KEEP_NEWS(m, lines.len, struct keep_entry);

	if (!v)
		return keep_no_memory(e);
	for (i = 0; i < lines.len; i++) {
		if (lines.p[i] == ' ' && cut <= start)
			cut = i;
		if (lines.p[i] != '\n')
			continue;
		v[n].key = (struct keep_slice){lines.p + start, cut - start};
		v[n++].value = (struct keep_slice){lines.p + cut + 1,
						   i - cut - 1};
		start = i + 1;
	}
	*out = (struct keep_entries){v, n};
	return 0;
}

static bool is_new(const struct keep_suite *s, const struct keep_command *c)
{
	const struct keep_command *i;

	for (i = s->commands; i < c; i++)
		if (keep_slice_is(keep_slice(i->libraries), c->libraries))
			return false;
	return true;
}

int keep_version(struct keep_ctx *c, const void *none,
		 struct keep_version_result *r, struct keep_err *e)
{
	struct keep_buf lines = {.mem = c->mem};
	const struct keep_suite *s;
	size_t i;

	(void)none;
	r->version = keep_slice(KEEP_VERSION);
	s = c->brief ? NULL : keep_suite_of(c, e);
	if (!s)
		return c->brief ? 0 : -e->code;
	for (i = 0; i < s->n; i++) {
		const struct keep_library *l;

		if (!is_new(s, &s->commands[i]) || !s->load)
			continue;
		l = s->load(s, keep_slice(s->commands[i].libraries), e);
		if (l && l->versions)
			l->versions(&lines);
	}
	keep_base_versions(&lines);
	*e = (struct keep_err){0};
	if (keep_buf_check(&lines, e))
		return -e->code;
	return split(c->mem, keep_buf_get(&lines), &r->libraries, e);
}
