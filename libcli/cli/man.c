/* Manual pages: scdoc source, from rows, schemas and prose. */
#include "option.h"
#include "shell.h"

static const uint16_t common_errors[] = {
	KEEP_E_BAD_ARGS, KEEP_E_CANCELLED, KEEP_E_IO, KEEP_E_INTERNAL,
	KEEP_E_BAD_CONFIG, KEEP_E_NO_MEMORY, 0,
};

static void put_plain(struct keep_buf *out, struct keep_slice text)
{
	size_t i;

	for (i = 0; i < text.len; i++) {
		if (!keep_text_glob(KEEP_S("[a-zA-Z0-9 ,.;:=/()'-]"),
				    (struct keep_slice){text.p + i, 1}) &&
		    (unsigned char)text.p[i] < 0x80)
			keep_buf_byte(out, '\\');
		keep_buf_byte(out, (uint8_t)text.p[i]);
	}
}

static void put_styled(struct keep_buf *out, char style,
		       struct keep_slice text)
{
	keep_buf_byte(out, (uint8_t)style);
	put_plain(out, text);
	keep_buf_byte(out, (uint8_t)style);
}

/* "--print PATH, -x": options are bold, values underlined. */
static void put_form(struct keep_buf *out, struct keep_slice form)
{
	while (form.len) {
		struct keep_slice word = {form.p, 0};
		size_t blank, comma;

		while (word.len < form.len && form.p[word.len] != ' ')
			word.len++;
		blank = word.len < form.len;
		form.p += word.len + blank;
		form.len -= word.len + blank;
		comma = word.len && word.p[word.len - 1] == ',';
		word.len -= comma;
		put_styled(out, keep_slice_starts(word, "-") ? '*' : '_', word);
		keep_buf_text(out, comma ? "," : "");
		keep_buf_text(out, blank ? " " : "");
	}
}

static void put_option(void *to, const struct keep_slot *s)
{
	struct keep_buf *out = to;
	KEEP_AUTO(keep_buf) form = {0}, notes = {0};

	keep_option_form(s, &form);
	keep_option_notes(s, &notes);
	if (s->field->letter)
		keep_buf_print(out, "*-%c*, ", s->field->letter);
	put_form(out, keep_buf_get(&form));
	keep_buf_text(out, "\n\t");
	put_plain(out, keep_buf_get(&notes));
	keep_buf_text(out, "\n\n");
	out->failed |= form.failed || notes.failed;
}

/* "*keep node add* [OPTION...] NAME" */
static void put_usage(void *to, const struct keep_verb *v)
{
	struct keep_buf *out = to;
	KEEP_AUTO(keep_buf) usage = {0};
	size_t name = sizeof "keep" + keep_slice(v->path).len;
	struct keep_slice rest;

	keep_help_usage(v, &usage);
	out->failed |= usage.failed;
	if (usage.failed)
		return;
	rest = keep_buf_get(&usage);
	if (out->len && out->p[out->len - 1] != '\n')
		keep_buf_text(out, "++\n");
	put_styled(out, '*', (struct keep_slice){rest.p, name});
	put_plain(out, (struct keep_slice){rest.p + name, rest.len - name});
}

static void put_verb(void *to, const struct keep_verb *v)
{
	struct keep_buf *out = to;

	keep_buf_text(out, "## keep ");
	keep_buf_print(out, "%s\n\n", v->path);
	put_plain(out, keep_slice(v->summary));
	keep_buf_text(out, v->flags & KEEP_V_CHANGES ? "; changes files.\n\n" :
		      ".\n\n");
	out->failed |= !keep_option_each(v->args, put_option, out);
}

static void put_error(struct keep_buf *out, int code)
{
	keep_buf_print(out, "*%d* ", keep_exit_status(code));
	put_plain(out, keep_slice(keep_code_name(code)));
	keep_buf_text(out, "\n\t");
	put_plain(out, keep_slice(keep_code_meaning(code)));
	keep_buf_text(out, "\n\n");
}

/* The codes that a command's verbs name, as bits. */
static void gather(void *to, const struct keep_verb *v)
{
	uint64_t *codes = to;
	const uint16_t *e;

	for (e = v->errors; e && *e; e++)
		if (*e < 64)
			*codes |= (uint64_t)1 << *e;
}

static void put_statuses(uint64_t codes, struct keep_buf *out)
{
	const uint16_t *e;
	int code;

	for (e = common_errors; *e; e++)
		codes |= (uint64_t)1 << *e;
	keep_buf_text(out, "# EXIT STATUS\n\n*0*\n\tit is done\n\n");
	for (code = 1; code < 64; code++)
		if (codes >> code & 1)
			put_error(out, code);
}

static void put_variable(void *to, const struct keep_slot *s)
{
	struct keep_buf *out = to;

	if (!s->field->env)
		return;
	keep_buf_text(out, "*");
	put_plain(out, keep_slice(s->field->env));
	keep_buf_text(out, "*\n\t");
	put_plain(out, keep_slice(s->field->help));
	keep_buf_text(out, "\n\n");
}

static void put_variables(void *to, const struct keep_verb *v)
{
	struct keep_buf *out = to;

	out->failed |= !keep_option_each(v->args, put_variable, out);
}

/* The prose under the line `# NAME` of about.md. */
static struct keep_slice prose(struct keep_slice about, const char *name)
{
	struct keep_slice found = {0};
	bool inside = false;

	while (about.len) {
		struct keep_slice line = {about.p, 0};

		while (line.len < about.len && line.p[line.len] != '\n')
			line.len++;
		about.p += line.len + (line.len < about.len);
		about.len -= line.len + (line.len < about.len);
		if (keep_slice_starts(line, "# ")) {
			inside = keep_slice_is((struct keep_slice){
				line.p + 2, line.len - 2}, name);
			continue;
		}
		if (inside && !found.p)
			found.p = line.p;
		if (inside)
			found.len = (size_t)(about.p - found.p);
	}
	return found;
}

static void put_head(const char *page, const char *summary,
		     struct keep_buf *out)
{
	keep_buf_print(out, "%s(1)\n\n# NAME\n\n%s - ", page, page);
	put_plain(out, keep_slice(summary));
	keep_buf_text(out, "\n\n# SYNOPSIS\n\n");
}

static void put_about(struct keep_slice about, const char *name,
		      struct keep_buf *out)
{
	struct keep_slice text = prose(about, name);

	keep_buf_text(out, text.p ? "\n\n# DESCRIPTION\n\n" : "\n\n");
	keep_buf_slice(out, text);
	keep_buf_text(out, text.p ? "\n" : "");
}

void keep_man_command(const struct keep_suite *s,
		      const struct keep_command *c, struct keep_slice about,
		      struct keep_buf *out)
{
	KEEP_AUTO(keep_buf) variables = {0};
	uint64_t codes = 0;
	char page[80];

	snprintf(page, sizeof page, "keep-%s", c->name);
	put_head(page, c->summary, out);
	keep_suite_each(s, c, put_usage, NULL, out);
	put_about(about, c->name, out);
	keep_buf_text(out, "# OPTIONS\n\nThe options of all commands are told "
		      "by *keep*(1).\n\n");
	keep_suite_each(s, c, put_verb, NULL, out);
	keep_suite_each(s, c, gather, NULL, &codes);
	put_statuses(codes, out);
	keep_suite_each(s, c, put_variables, NULL, &variables);
	if (variables.len)
		keep_buf_text(out, "# ENVIRONMENT\n\n");
	keep_buf_slice(out, keep_buf_get(&variables));
	out->failed |= variables.failed;
	keep_buf_text(out, "# SEE ALSO\n\n*keep*(1)\n");
}

void keep_man_suite(const struct keep_suite *s, struct keep_slice about,
		    struct keep_buf *out)
{
	size_t i;

	put_head("keep", "command suite of a secure-communications provider",
		 out);
	keep_buf_text(out,
		      "*keep* [OPTION...] COMMAND [VERB] [ARGUMENT...]");
	put_about(about, "keep", out);
	keep_buf_text(out, "# COMMANDS\n\n");
	for (i = 0; i < s->n; i++) {
		if (keep_command_is_plumbing(&s->commands[i]))
			continue;
		keep_buf_print(out, "*keep-%s*(1)\n\t", s->commands[i].name);
		put_plain(out, keep_slice(s->commands[i].summary));
		keep_buf_text(out, "\n\n");
	}
	keep_buf_text(out, "# OPTIONS\n\nThey stand before the command, the "
		      "long ones also behind it.\n\n");
	out->failed |= !keep_option_each(&keep_globals_schema, put_option,
					 out);
	put_statuses(~(uint64_t)0 >> (64 - KEEP_E_NO_MEMORY) << 1, out);
	keep_buf_text(out, "# ENVIRONMENT\n\n"
		      "*NO\\_COLOR*\n\tset and not empty: no colours\n\n"
		      "*PATH*\n\twhere external commands keep-NAME are "
		      "searched, after libexec/keep\n\n"
		      "# SEE ALSO\n\n*keep-help*(1)\n");
}
