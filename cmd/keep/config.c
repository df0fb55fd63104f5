/* `keep config`: the values in force, and where they come from. */
#include <keep/config.h>
#include <keep/suite.h>

#define A struct keep_config_args
static const struct keep_field args[] = {
	{KEEP_TEXT(A, key), .source = KEEP_WORD, .max = 256,
	 .help = "a key, or all that begins with it"},
	{KEEP_BOOL(A, show_origin), .help = "show where each value was set"},
};
#undef A
const struct keep_schema keep_config_args_schema =
	KEEP_SCHEMA(struct keep_config_args, args);
#define R struct keep_config_item
static const struct keep_field item[] = {
	{KEEP_TEXT(R, key), .required = true, .help = "section and name"},
	{KEEP_ITEM(R, value), .required = true,
	 .help = "what it is, null when it is not set"},
	{KEEP_TEXT(R, origin), .help = "file and place, -c, or default"},
};
#undef R
const struct keep_schema keep_config_item_schema =
	KEEP_SCHEMA(struct keep_config_item, item);

/* Values that are asked for, on their way out. */
struct show {
	struct keep_ctx *c;
	const struct keep_config_args *args;
	struct keep_guess near;
	bool known;
	struct keep_err *e;
};

static bool is_asked(struct keep_slice wanted, struct keep_slice key)
{
	struct keep_slice head = {key.p, wanted.len};

	if (!wanted.p)
		return true;
	return wanted.len <= key.len && keep_slice_eq(head, wanted) &&
	       (wanted.len == key.len || key.p[wanted.len] == '.');
}

static int put(void *to, const struct keep_config_value *v)
{
	struct show *s = to;
	struct keep_buf value = {.mem = s->c->mem};
	struct keep_config_item out = {.key = v->key};

	keep_guess_offer(&s->near, v->key);
	if (!is_asked(s->args->key, v->key))
		return 0;
	s->known = true;
	keep_json_to_cbor(&v->value, &value);
	if (keep_buf_check(&value, s->e))
		return -s->e->code;
	out.value = keep_buf_get(&value);
	if (s->args->show_origin)
		out.origin = v->origin;
	return keep_emit(s->c, &out, s->e);
}

/* A map that is empty shows nothing, and is known all the same. */
static bool is_field(const struct keep_schema *s, struct keep_slice section,
		     struct keep_slice key)
{
	size_t i;

	if (!is_asked(section, key) || key.len <= section.len)
		return false;
	key.p += section.len + 1;
	key.len -= section.len + 1;
	for (i = 0; i < s->n; i++)
		if (keep_slice_is(key, s->fields[i].name))
			return true;
	return false;
}

static int show_section(struct show *s, const struct keep_config *config,
			const char *name)
{
	struct keep_slice section = keep_slice(name);
	const struct keep_schema *schema = keep_config_schema(config, section);
	int rc;

	if (!schema)
		return 0;
	s->known |= is_field(schema, section, s->args->key);
	rc = keep_config_each(config, section, schema, put, s);
	if (rc && !s->e->code)
		keep_no_memory(s->e);
	return rc;
}

static int show_all(struct show *s, const struct keep_config *config)
{
	const struct keep_suite *suite = config->suite;
	int rc = show_section(s, config, "core");
	size_t i, k;

	for (i = 0; i < suite->n && !rc; i++) {
		const char *section = suite->commands[i].section;
		bool seen = !section;

		for (k = 0; k < i && !seen; k++)
			seen = suite->commands[k].section &&
			       keep_slice_is(keep_slice(section),
					     suite->commands[k].section);
		if (!seen)
			rc = show_section(s, config, section);
	}
	return rc;
}

static int unknown(const struct show *s)
{
	keep_fail(s->e, KEEP_E_NOT_FOUND, "there is no key '%.*s'",
		  KEEP_F(s->args->key));
	if (s->near.best.p)
		return keep_hint(s->e, "did you mean %.*s?",
				 KEEP_F(s->near.best));
	return keep_hint(s->e, "keep config lists all keys");
}

int keep_config_show(struct keep_ctx *c, const struct keep_config_args *a,
		     struct keep_err *e)
{
	const struct keep_suite *suite = keep_suite_of(c, e);
	struct keep_config none = {.mem = c->mem, .suite = suite};
	const struct keep_config *config = suite && suite->config ?
					   suite->config : &none;
	struct show s = {.c = c, .args = a, .near.wanted = a->key, .e = e};
	struct keep_problems *faults = KEEP_NEW(c->mem, struct keep_problems);
	int rc;

	if (!suite || !faults)
		return suite ? keep_no_memory(e) : -e->code;
	faults->mem = c->mem;
	if (keep_config_check(config, faults, e) ||
	    keep_config_fail(faults, e))
		return -e->code;
	rc = show_all(&s, config);
	return rc || !a->key.p || s.known ? rc : unknown(&s);
}
