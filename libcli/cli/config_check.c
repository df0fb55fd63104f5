/* The configuration as a whole: whose its sections are, and their faults. */
#include "config.h"

static const char *const formats[] = {"text", "json", "cbor"};
const struct keep_names_of keep_format_names = {formats, 3};
static const char *const colors[] = {"auto", "always", "never"};
const struct keep_names_of keep_color_names = {colors, 3};

#define C struct keep_core
static const struct keep_field core[] = {
	{KEEP_ENUM(C, format, &keep_format_names), .dflt = "text",
	 .help = "how results are printed"},
	{KEEP_ENUM(C, color, &keep_color_names), .dflt = "auto",
	 .help = "whether output has colours"},
	{KEEP_TEXT(C, pager), .max = 4096,
	 .help = "the command that shows long output on a terminal"},
	{KEEP_DURATION(C, lock_timeout), .dflt = "10s",
	 .help = "how long to wait for another writer"},
	{KEEP_MAP_TEXT(C, aliases), .max = 4096, .max_n = 1000,
	 .help = "commands under other names"},
};
#undef C
const struct keep_schema keep_core_schema = KEEP_SCHEMA(struct keep_core, core);

static const struct keep_schema *of_libraries(const struct keep_suite *s,
					      const struct keep_command *c)
{
	struct keep_slice names = keep_slice(c->libraries);
	struct keep_err missing;

	while (names.len) {
		const struct keep_library *l =
			keep_suite_library(s, keep_next_word(&names), &missing);

		if (l && l->config)
			return l->config;
	}
	return NULL;
}

const struct keep_schema *keep_config_schema(const struct keep_config *c,
					     struct keep_slice section)
{
	size_t i;

	if (keep_slice_is(section, "core"))
		return &keep_core_schema;
	for (i = 0; i < c->suite->n; i++) {
		const struct keep_command *row = &c->suite->commands[i];

		if (row->section && keep_slice_is(section, row->section))
			return of_libraries(c->suite, row);
	}
	return NULL;
}

static bool is_section(const struct keep_suite *s, struct keep_slice name,
		       struct keep_guess *near)
{
	bool found = keep_slice_is(name, "core");
	size_t i;

	keep_guess_offer(near, KEEP_S("core"));
	for (i = 0; i < s->n; i++) {
		if (!s->commands[i].section)
			continue;
		found |= keep_slice_is(name, s->commands[i].section);
		keep_guess_offer(near, keep_slice(s->commands[i].section));
	}
	return found;
}

static void unknown_sections(const struct keep_config *c,
			     const struct keep_config_layer *l,
			     struct keep_problems *faults)
{
	uint32_t i;

	for (i = 0; l->tree.type == KEEP_JSON_OBJECT && i < l->tree.n; i++) {
		const struct keep_json_member *m = &l->tree.members[i];
		struct keep_guess near = {.wanted = m->key};

		if (is_section(c->suite, m->key, &near))
			continue;
		keep_problem(faults, l->source.name, m->line, m->column,
			     "there is no section '%.*s'", KEEP_F(m->key));
		if (near.best.p)
			keep_problem_hint(faults, "did you mean %.*s?",
					  KEEP_F(near.best));
	}
}

void keep_config_files(const struct keep_config *c,
		       struct keep_problems *faults)
{
	size_t i;

	keep_config_add(faults, c->faults);
	for (i = 0; i < c->n; i++) {
		const struct keep_config_layer *l = &c->layers[i];

		if (l->unsafe.p && !l->passed_over) {
			keep_problem(faults, l->source.name, 0, 0, "%.*s",
				     KEEP_F(l->unsafe));
			keep_problem_hint(faults, "%.*s", KEEP_F(l->mend));
		}
		unknown_sections(c, l, faults);
	}
}

static bool is_first(const struct keep_suite *s, size_t at)
{
	size_t i;

	for (i = 0; i < at; i++)
		if (s->commands[i].section &&
		    keep_slice_is(keep_slice(s->commands[at].section),
				  s->commands[i].section))
			return false;
	return true;
}

int keep_config_check(const struct keep_config *c,
		      struct keep_problems *faults, struct keep_err *e)
{
	size_t i;
	int rc = keep_config_section(c, KEEP_S("core"), &keep_core_schema,
				     NULL, faults, e);

	keep_config_files(c, faults);
	for (i = 0; i < c->suite->n && !rc; i++) {
		const char *section = c->suite->commands[i].section;
		const struct keep_schema *s = section && is_first(c->suite, i) ?
			keep_config_schema(c, keep_slice(section)) : NULL;

		if (s)
			rc = keep_config_section(c, keep_slice(section), s,
						 NULL, faults, e);
	}
	return rc;
}

int keep_config_fail(const struct keep_problems *faults, struct keep_err *e)
{
	return keep_problems_fail(faults, e, KEEP_E_BAD_CONFIG,
				  "the configuration");
}
