#include <keep/cbor.h>
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

struct versions {
	struct keep_ctx *c;
	const struct keep_suite *suite;
	struct keep_buf lines;
};

/* One that cannot be loaded has none to tell; doctor says why. */
static int add(void *to, struct keep_slice name)
{
	struct versions *v = to;
	struct keep_err missing = {0};
	const struct keep_library *l =
		v->suite->load ? v->suite->load(v->suite, name, &missing)
			       : NULL;

	if (l && l->versions)
		l->versions(v->c, &v->lines);
	return 0;
}

int keep_version(struct keep_ctx *c, const void *none,
		 struct keep_version_result *r, struct keep_err *e)
{
	struct versions v = {.c = c, .lines.mem = c->mem};

	(void)none;
	r->version = keep_slice(KEEP_VERSION);
	v.suite = c->brief ? NULL : keep_suite_of(c, e);
	if (!v.suite)
		return c->brief ? 0 : -e->code;
	keep_base_versions(&v.lines);
	keep_wire_versions(&v.lines);
	keep_suite_libraries(v.suite, add, &v);
	if (keep_buf_check(&v.lines, e))
		return -e->code;
	return split(c->mem, keep_buf_get(&v.lines), &r->libraries, e);
}
