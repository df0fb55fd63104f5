/* Help, made from rows and schemas. */
#include <ctype.h>
#include <keep/cli.h>

static void put_upper(struct keep_buf *out, const char *s)
{
	for (; *s; s++)
		keep_buf_byte(out, (uint8_t)toupper((unsigned char)*s));
}

static const char *meta(const struct keep_field *f)
{
	if (f->meta)
		return f->meta;
	switch (f->type) {
	case KEEP_T_TIME: return "TIME";
	case KEEP_T_DURATION: return "DURATION";
	case KEEP_T_SIZE: return "SIZE";
	case KEEP_T_SHARE: return "N|N%";
	case KEEP_T_IP: return "ADDRESS";
	case KEEP_T_PATH: return "PATH";
	case KEEP_T_BLOB: return "FILE";
	case KEEP_T_UINT: case KEEP_T_INT: case KEEP_T_DOUBLE: return "N";
	case KEEP_T_ITEM: case KEEP_T_STRUCT: return "JSON";
	default: return NULL;
	}
}

static void put_meta(struct keep_buf *out, const struct keep_field *f)
{
	const char *m = meta(f);

	if (m)
		keep_buf_text(out, m);
	else
		put_upper(out, f->name);
}

static void put_option_name(struct keep_buf *out, const struct keep_field *f)
{
	const char *p;

	keep_buf_text(out, "--");
	for (p = f->name; *p; p++)
		keep_buf_byte(out, *p == '_' ? '-' : (uint8_t)*p);
}

static bool is_word(const struct keep_field *f)
{
	return f->source == KEEP_WORD || f->source == KEEP_REST;
}

void keep_help_usage(const struct keep_verb *v, struct keep_buf *out)
{
	size_t i, n = v->args ? v->args->n : 0;
	bool options = false;

	keep_buf_print(out, "keep %s", v->path);
	for (i = 0; i < n; i++)
		options |= !is_word(&v->args->fields[i]);
	keep_buf_text(out, options ? " [OPTION...]" : "");
	for (i = 0; i < n; i++) {
		const struct keep_field *f = &v->args->fields[i];

		if (!is_word(f))
			continue;
		keep_buf_text(out, f->required ? " " : " [");
		put_meta(out, f);
		keep_buf_text(out, f->source == KEEP_REST ? "..." : "");
		keep_buf_text(out, f->required ? "" : "]");
	}
}

/* "  -a, --all VALUE" */
static void put_left(struct keep_buf *out, const struct keep_field *f)
{
	if (is_word(f)) {
		keep_buf_text(out, "  ");
		put_meta(out, f);
		return;
	}
	if (f->letter)
		keep_buf_print(out, "  -%c, ", f->letter);
	else
		keep_buf_text(out, "      ");
	put_option_name(out, f);
	if (f->type == KEEP_T_BOOL)
		return;
	keep_buf_byte(out, ' ');
	put_meta(out, f);
}

static void put_field(struct keep_buf *out, const struct keep_field *f)
{
	size_t start = out->len, i;

	put_left(out, f);
	do
		keep_buf_byte(out, ' ');
	while (!out->failed && out->len - start < 28);
	keep_buf_text(out, f->help ? f->help : "");
	if (f->dflt)
		keep_buf_print(out, " (default: %s)", f->dflt);
	for (i = 0; f->type == KEEP_T_ENUM && i < f->names->n; i++)
		keep_buf_print(out, "%s%s", i ? ", " : ": ", f->names->v[i]);
	keep_buf_byte(out, '\n');
}

void keep_help_verb(const struct keep_verb *v, struct keep_buf *out)
{
	size_t i;

	keep_buf_text(out, "usage: ");
	keep_help_usage(v, out);
	keep_buf_print(out, "\n\n%s\n", v->summary);
	if (v->args)
		keep_buf_byte(out, '\n');
	for (i = 0; v->args && i < v->args->n; i++)
		put_field(out, &v->args->fields[i]);
}

static void put_verb(void *to, const struct keep_verb *v)
{
	struct keep_buf *out = to;

	keep_buf_text(out, "  ");
	keep_help_usage(v, out);
	keep_buf_print(out, "\n      %s\n", v->summary);
}

static void put_missing(void *to, struct keep_slice library)
{
	keep_buf_print(to, "  (library %.*s is missing)\n", KEEP_F(library));
}

void keep_help_command(const struct keep_suite *s,
		       const struct keep_command *c, struct keep_buf *out)
{
	keep_buf_print(out, "keep %s: %s\n\n", c->name, c->summary);
	keep_suite_each(s, c, put_verb, put_missing, out);
}
