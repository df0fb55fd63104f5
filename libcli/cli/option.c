/* Fields as people type them. */
#include <ctype.h>
#include "option.h"

bool keep_option_is_word(const struct keep_field *f)
{
	return f->source == KEEP_WORD || f->source == KEEP_REST ||
	       f->source == KEEP_BEHIND || f->source == KEEP_LINE;
}

static void walk(const struct keep_argv_tree *t, keep_option_fn *each,
		 void *to)
{
	size_t i;

	for (i = 0; i < t->schema->n; i++) {
		const struct keep_slot *s = &t->slots[i];

		if (s->inside)
			walk(s->inside, each, to);
		else if (s->field->source != KEEP_NOWHERE)
			each(to, s);
	}
}

bool keep_option_each(const struct keep_schema *s, keep_option_fn *each,
		      void *to)
{
	KEEP_AUTO(keep_mem) mem = {0};
	const struct keep_argv_tree *t = s ? keep_argv_tree_new(&mem, s) : NULL;

	if (t)
		walk(t, each, to);
	return t || !s;
}

static const char *meta_of_type(enum keep_type type)
{
	switch (type) {
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

void keep_option_meta(const struct keep_field *f, struct keep_buf *out)
{
	const char *text = f->meta ? f->meta : meta_of_type(f->type), *p;

	if (f->shape == KEEP_MAP && !f->meta) {
		keep_buf_print(out, "KEY=%s", text ? text : "VALUE");
		return;
	}
	for (p = text ? "" : f->name; *p; p++)
		keep_buf_byte(out, (uint8_t)toupper((unsigned char)*p));
	keep_buf_text(out, text ? text : "");
}

void keep_option_form(const struct keep_slot *s, struct keep_buf *out)
{
	const struct keep_field *f = s->field;

	if (keep_option_is_word(f)) {
		keep_option_meta(f, out);
		return;
	}
	if (f->type == KEEP_T_SECRET) {
		keep_buf_print(out, "--%s-fd N, --%s-file FILE", s->name,
			       s->name);
		return;
	}
	keep_buf_print(out, "--%s", s->name);
	if (f->shape == KEEP_ONE && keep_argv_is_flag(f))
		return;
	keep_buf_byte(out, ' ');
	keep_option_meta(f, out);
}

/* A member of a nested struct or an arm is required only beside its like. */
static bool is_inner(const struct keep_slot *s)
{
	const char *a = s->name, *b = s->field->name;

	while (*a && *b && (*a == *b || (*a == '-' && *b == '_')))
		a++, b++;
	return *a || *b;
}

void keep_option_notes(const struct keep_slot *s, struct keep_buf *out)
{
	const struct keep_field *f = s->field;
	size_t i;

	keep_buf_text(out, f->help ? f->help : "");
	for (i = 0; f->type == KEEP_T_ENUM && i < f->names->n; i++)
		keep_buf_print(out, "%s%s", i ? ", " : ": ", f->names->v[i]);
	if (f->dflt)
		keep_buf_print(out, " (default: %s)", f->dflt);
	if (f->env)
		keep_buf_print(out, " (variable: %s)", f->env);
	if (f->shape != KEEP_ONE && !keep_option_is_word(f))
		keep_buf_text(out, " (may be repeated)");
	if (f->required && !keep_option_is_word(f) && !is_inner(s))
		keep_buf_text(out, " (required)");
	if (f->source == KEEP_STDIN)
		keep_buf_text(out, " (without it: standard input)");
}
