/* `keep x-wire-lock`: all that programs rely on, as lines that can be
 * compared. A block may grow at its end; any other change breaks somebody. */
#include <inttypes.h>
#include <keep/suite.h>

#define R struct keep_x_text_result
static const struct keep_field result[] = {
	{KEEP_TEXT(R, text), .required = true, .help = "what was made"},
};
#undef R
const struct keep_schema keep_x_text_result_schema =
	KEEP_SCHEMA(struct keep_x_text_result, result);

/* The place of a block, "node add args", and the schemas around it. */
struct place {
	const char *name;
	const struct keep_schema *schema;
	const struct place *up;
};

static void put_place(const struct place *p, struct keep_buf *out)
{
	if (p->up) {
		put_place(p->up, out);
		keep_buf_byte(out, ' ');
	}
	keep_buf_text(out, p->name);
}

static void put_title(const struct place *p, struct keep_buf *out)
{
	keep_buf_text(out, "\n[");
	put_place(p, out);
	keep_buf_text(out, "]\n");
}

static void put_field(const struct keep_field *f, size_t key,
		      struct keep_buf *out)
{
	static const char *const shapes[] = {"", " list", " map"};

	keep_buf_print(out, "%zu %s %s%s", key, f->name,
		       keep_type_name(f->type), shapes[f->shape]);
	if (f->type == KEEP_T_FIXED || f->type == KEEP_T_FIXED_TEXT)
		keep_buf_print(out, " of %u", f->size);
	keep_buf_text(out, f->required ? " required" : "");
	if (f->min || f->max)
		keep_buf_print(out, " %" PRIu64 "..%" PRIu64, f->min, f->max);
	if (f->max_n)
		keep_buf_print(out, " at most %u", f->max_n);
	if (f->dflt)
		keep_buf_print(out, " default %s", f->dflt);
	keep_buf_byte(out, '\n');
}

static void put_names(const struct place *p, const struct keep_names_of *names,
		      struct keep_buf *out)
{
	size_t i;

	put_title(p, out);
	for (i = 0; i < names->n; i++)
		keep_buf_print(out, "%zu %s\n", i, names->v[i]);
}

static bool is_around(const struct place *p, const struct keep_schema *s)
{
	while (p && p->schema != s)
		p = p->up;
	return p != NULL;
}

static void put_schema(const struct place *p, struct keep_buf *out)
{
	const struct keep_schema *s = p->schema;
	size_t i;

	put_title(p, out);
	for (i = 0; i < s->n; i++)
		put_field(&s->fields[i], i, out);
	for (i = 0; i < s->n; i++) {
		const struct keep_field *f = &s->fields[i];
		struct place inner = {f->name, f->sub, p};

		if (f->sub && !is_around(p, f->sub))
			put_schema(&inner, out);
		else if (f->names)
			put_names(&inner, f->names, out);
	}
}

static void put_verb(void *to, const struct keep_verb *v)
{
	static const char *const kinds[] = {"struct", "list", "any"};
	struct keep_buf *out = to;
	struct place verb = {v->path, NULL, NULL};
	const struct place parts[] = {
		{"args", v->args, &verb},
		{"result", v->result, &verb},
		{"event", v->event, &verb},
	};
	const uint16_t *error;
	size_t i;

	put_title(&verb, out);
	keep_buf_print(out, "flags %u\nresult %s\n", v->flags,
		       v->kind == KEEP_R_STRUCT && !v->result ? "none" :
		       kinds[v->kind]);
	for (error = v->errors; error && *error; error++)
		keep_buf_print(out, "error %s\n", keep_code_name(*error));
	for (i = 0; i < KEEP_COUNT(parts); i++)
		if (parts[i].schema)
			put_schema(&parts[i], out);
}

static void put_envelopes(struct keep_buf *out)
{
	static const struct place wire = {"wire", NULL, NULL};
	const struct keep_schema *const *s;

	for (s = keep_envelopes; *s; s++) {
		struct place p = {(*s)->name, *s, &wire};

		put_schema(&p, out);
	}
}

int keep_x_wire_lock(struct keep_ctx *c, const void *none,
		     struct keep_x_text_result *r, struct keep_err *e)
{
	const struct keep_suite *s = keep_suite_of(c, e);
	struct keep_buf text = {.mem = c->mem};

	(void)none;
	if (!s)
		return -e->code;
	keep_buf_text(&text, "What programs rely on; `make wire-lock` writes "
		      "it.\n\n[errors: code, name, exit status]\n");
#define KEEP_E(number, name, status, meaning) \
	keep_buf_text(&text, #number " " #name " " #status "\n");
#include <keep/errcodes.def>
#undef KEEP_E
	put_envelopes(&text);
	keep_suite_verbs_each(s, put_verb, &text);
	r->text = keep_buf_get(&text);
	return keep_buf_check(&text, e);
}
