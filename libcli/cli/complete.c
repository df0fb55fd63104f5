/* Completion: what the last word of a line could become. */
#include <fcntl.h>
#include "option.h"
#include "shell.h"

enum { COMPLETER_MS = 100 };

/* One line, read up to its last word. */
struct line {
	struct keep_ctx *c;
	const struct keep_suite *s;
	struct keep_slices words; /* without the last */
	size_t at;                /* how many are read */
	struct keep_argv_tree *globals, *tree; /* tree NULL: before the verb */
	const struct keep_slot *waiting; /* an option that wants a value */
	struct keep_slice directory;     /* of -C */
	bool plain;                      /* -- was there */
	size_t n_plain;
	struct keep_completions *out;
};

/* A shell's terminal shows what is offered, and what is typed is UTF-8. */
static bool shows(struct keep_slice word)
{
	size_t at, len;

	if (!keep_utf8_ok(word))
		return false;
	for (at = 0; at < word.len; at += len)
		if (!keep_text_shows(keep_utf8_get(word.p + at, &len)))
			return false;
	return true;
}

int keep_complete_offer(struct keep_completions *out, struct keep_slice word,
			struct keep_slice help)
{
	struct keep_completion it = {.help = help};

	if (word.len < out->prefix.len || !shows(word) ||
	    !keep_bytes_equal(word.p, out->prefix.p, out->prefix.len))
		return 0;
	it.word = keep_mem_print(out->mem, "%.*s%.*s", KEEP_F(out->before),
				 KEEP_F(word));
	if (it.word.p)
		keep_buf_put(&out->found, &it, sizeof it);
	out->found.failed |= !it.word.p;
	return out->found.failed ? -KEEP_E_NO_MEMORY : 0;
}

static void offer(struct keep_completions *out, struct keep_slice word,
		  const char *help)
{
	keep_ignore(keep_complete_offer(out, word, keep_slice(help)),
		    "found.failed tells");
}

/* --- what stands before the last word --------------------------------- */

static const struct keep_slot *find(const struct line *l,
				    struct keep_slice name)
{
	const struct keep_slot *s = keep_argv_find(l->tree, name);

	return s ? s : keep_argv_find(l->globals, name);
}

/* "passphrase-file" is the option `passphrase` when that is a secret. */
static const struct keep_slot *find_secret(const struct line *l,
					   struct keep_slice name)
{
	const struct keep_slot *s;

	while (name.len && name.p[name.len - 1] != '-')
		name.len--;
	if (!name.len)
		return NULL;
	name.len--;
	s = find(l, name);
	return s && s->field->type == KEEP_T_SECRET ? s : NULL;
}

/* The option of a word; *value: what stands behind its `=` or letter. */
static const struct keep_slot *option_of(const struct line *l,
					 struct keep_slice word,
					 struct keep_slice *value)
{
	struct keep_slice name = {word.p + 2, 0};
	const struct keep_slot *s;

	*value = (struct keep_slice){0};
	if (word.p[1] != '-') {
		s = keep_argv_find_letter(l->tree, word.p[1]);
		s = s ? s : keep_argv_find_letter(l->globals, word.p[1]);
		if (word.len > 2)
			*value = (struct keep_slice){word.p + 2, word.len - 2};
		return s;
	}
	while (name.len + 2 < word.len && name.p[name.len] != '=')
		name.len++;
	if (name.len + 2 < word.len)
		*value = (struct keep_slice){name.p + name.len + 1,
					     word.len - name.len - 3};
	s = find(l, name);
	return s ? s : find_secret(l, name);
}

static void take_value(struct line *l, const struct keep_slot *s,
		       struct keep_slice value)
{
	if (s == keep_argv_find(l->globals, KEEP_S("directory")))
		l->directory = keep_mem_copy(l->c->mem, value);
}

static void read_option(struct line *l, struct keep_slice word)
{
	struct keep_slice value;
	const struct keep_slot *s = option_of(l, word, &value);

	if (s && value.p)
		take_value(l, s, value);
	else if (s && !keep_argv_is_flag(s->field))
		l->waiting = s;
}

/* Reads on; before the verb it stops at the first word that is no option. */
static void read_words(struct line *l)
{
	for (; l->at < l->words.n; l->at++) {
		struct keep_slice word = l->words.v[l->at];
		bool dash = !l->plain && word.len > 1 && word.p[0] == '-';

		if (l->waiting) {
			take_value(l, l->waiting, word);
			l->waiting = NULL;
		} else if (dash && keep_slice_is(word, "--")) {
			l->plain = true;
		} else if (dash) {
			read_option(l, word);
		} else if (!l->tree) {
			return;
		} else {
			l->n_plain++;
		}
	}
}

/* --- what the last word could be --------------------------------------- */

static void offer_option(void *to, const struct keep_slot *s)
{
	static const char *const kinds[] = {"-fd", "-file"};
	bool secret = s->field->type == KEEP_T_SECRET;
	struct keep_completions *out = to;
	size_t i;

	if (keep_option_is_word(s->field))
		return;
	for (i = 0; i < (secret ? KEEP_COUNT(kinds) : 1); i++)
		offer(out, keep_mem_print(out->mem, "--%s%s", s->name,
					  secret ? kinds[i] : ""),
		      s->field->help);
}

static void offer_options(struct line *l)
{
	bool ok = keep_option_each(&keep_globals_schema, offer_option, l->out);

	if (l->tree)
		ok &= keep_option_each(l->tree->schema, offer_option, l->out);
	l->out->found.failed |= !ok;
}

/* A completer sees the instance that -C of the line names. */
static void ask_completer(struct line *l, const struct keep_field *f)
{
	struct keep_ctx c = *l->c;
	KEEP_AUTO(keep_fd) dir = {0}, instance = {0};
	struct keep_err e = {0};

	c.deadline_ms = keep_now_ms(&c) + COMPLETER_MS;
	if (l->directory.p) {
		dir = keep_fd_of(open(l->directory.p,
				      O_PATH | O_DIRECTORY | O_CLOEXEC));
		if (keep_fd_get(&dir) < 0 ||
		    keep_instance_find(c.mem, keep_fd_get(&dir), &instance,
				       &c.instance_path, &e))
			return;
		c.caller_dir = dir;
		c.instance = instance;
	}
	keep_ignore(f->complete(&c, l->out->prefix, l->out),
		    "what it found until then serves");
}

static bool takes_file(const struct keep_field *f)
{
	struct keep_slice meta = keep_slice(f->meta);

	return f->type == KEEP_T_PATH || f->type == KEEP_T_BLOB ||
	       f->type == KEEP_T_SECRET || f->source == KEEP_STDIN ||
	       keep_slice_is(meta, "DIR") || keep_slice_is(meta, "FILE");
}

static void offer_values(struct line *l, const struct keep_field *f)
{
	size_t i;

	if (f->complete)
		ask_completer(l, f);
	else if (takes_file(f))
		l->out->files = true;
	else if (f->type == KEEP_T_BOOL)
		offer(l->out, KEEP_S("true"), f->help),
		offer(l->out, KEEP_S("false"), NULL);
	for (i = 0; f->type == KEEP_T_ENUM && i < f->names->n; i++)
		offer(l->out, keep_slice(f->names->v[i]), NULL);
}

/* The field that takes the plain word number N, or those behind --. */
static const struct keep_field *word_field(const struct keep_schema *s,
					   size_t n, bool behind)
{
	size_t i;

	for (i = 0; behind && i < s->n; i++)
		if (s->fields[i].source == KEEP_BEHIND)
			return &s->fields[i];
	for (i = 0; i < s->n; i++) {
		const struct keep_field *f = &s->fields[i];

		if (f->source == KEEP_REST || f->source == KEEP_LINE ||
		    (f->source == KEEP_WORD && !n))
			return f;
		n -= f->source == KEEP_WORD;
	}
	return NULL;
}

/* `--NAME=VALUE`, of which the value is completed. */
static bool offer_behind_equals(struct line *l, struct keep_slice last)
{
	struct keep_slice value;
	const struct keep_slot *s = option_of(l, last, &value);

	if (!s || !value.p || last.p[1] != '-')
		return false;
	l->out->before = (struct keep_slice){last.p, last.len - value.len};
	l->out->prefix = value;
	offer_values(l, s->field);
	return true;
}

static void offer_commands(struct line *l)
{
	size_t i;

	for (i = 0; i < l->s->n; i++)
		if (!keep_command_is_plumbing(&l->s->commands[i]))
			offer(l->out, keep_slice(l->s->commands[i].name),
			      l->s->commands[i].summary);
}

/* Verbs whose path goes on where the line ends. */
struct paths {
	struct line *l;
	size_t from; /* the command's word */
	struct keep_slice previous;
};

static void offer_next_word(void *to, const struct keep_verb *v)
{
	struct paths *p = to;
	struct keep_slice word;
	const char *rest = v->path;
	size_t i, len;

	for (i = p->from; ; i++, rest += len + 1) {
		for (len = 0; rest[len] && rest[len] != ' '; len++)
			;
		word = (struct keep_slice){rest, len};
		if (i == p->l->words.n)
			break;
		if (!rest[len] || !keep_slice_eq(word, p->l->words.v[i]))
			return;
	}
	if (!p->previous.p || !keep_slice_eq(word, p->previous))
		offer(p->l->out, word, rest[len] ? NULL : v->summary);
	p->previous = word;
}

/* What stands behind a verb: a value, an option, a word. */
static void offer_arguments(struct line *l, struct keep_slice last)
{
	const struct keep_field *f = NULL;

	if (!l->plain && last.len && last.p[0] == '-') {
		if (last.len < 3 || !offer_behind_equals(l, last))
			offer_options(l);
		return;
	}
	if (l->tree)
		f = word_field(l->tree->schema, l->n_plain, l->plain);
	if (f)
		offer_values(l, f);
}

static int behind_command(struct line *l, struct keep_slice last)
{
	static const struct keep_schema none = {.name = "no arguments"};
	const struct keep_command *command =
		keep_suite_command(l->s, l->words.v[l->at]);
	struct paths paths = {l, l->at, {0}};
	const struct keep_verb *v;
	struct keep_err e = {0};
	size_t used = 0;

	l->out->files = !command;
	if (!command)
		return 0;
	if (last.len == 0 || last.p[0] != '-')
		keep_suite_each(l->s, command, offer_next_word, NULL, &paths);
	v = keep_suite_verb(l->s, l->words.v + l->at, l->words.n - l->at,
			    &used, &e);
	if (!v)
		return 0;
	l->tree = keep_argv_tree_new(l->c->mem, v->args ? v->args : &none);
	if (!l->tree)
		return -KEEP_E_NO_MEMORY;
	l->at += used;
	read_words(l);
	if (l->waiting)
		offer_values(l, l->waiting->field);
	else
		offer_arguments(l, last);
	return 0;
}

int keep_complete(struct keep_ctx *c, const struct keep_suite *s,
		  struct keep_slices words, struct keep_completions *out,
		  struct keep_err *e)
{
	struct line l = {.c = c, .s = s, .words = words, .out = out};
	struct keep_slice last = KEEP_S("");

	if (words.n)
		last = words.v[--l.words.n];
	out->found.mem = out->mem;
	out->prefix = last;
	l.globals = keep_argv_tree_new(c->mem, &keep_globals_schema);
	if (!l.globals)
		return keep_no_memory(e);
	read_words(&l);
	if (l.waiting)
		offer_values(&l, l.waiting->field);
	else if (l.at < l.words.n)
		out->found.failed |= behind_command(&l, last) != 0;
	else if (last.len && last.p[0] == '-')
		offer_arguments(&l, last);
	else
		offer_commands(&l);
	return keep_buf_check(&out->found, e);
}
