/* Sorting words: options with their values, and the rest. */
#include <string.h>
#include "option.h"

struct scan {
	struct keep_words *a;
	const struct keep_slice *words;
	size_t n, at;
	struct keep_slice *rest;
	size_t n_rest;
};

#define fault(a, where, ...) \
	keep_problem((a)->faults, where, 0, 0, __VA_ARGS__)

static void guess_from(struct keep_argv_tree *t, struct keep_guess *g)
{
	size_t i;

	for (i = 0; t && i < t->schema->n; i++) {
		if (t->slots[i].inside)
			guess_from(t->slots[i].inside, g);
		else if (t->slots[i].field->source == KEEP_OPTION)
			keep_guess_offer(g, keep_slice(t->slots[i].name));
	}
}

/* A word may have been meant. */
static void hint_words(struct keep_words *a, struct keep_slice word)
{
	size_t i;

	for (i = 0; a->tree && i < a->tree->schema->n; i++)
		if (keep_option_is_word(a->tree->slots[i].field)) {
			keep_problem_hint(a->faults, "a word that begins with "
					  "- stands behind --: -- %.*s",
					  KEEP_F(word));
			return;
		}
}

static bool takes(const struct keep_field *f, struct keep_slice value)
{
	size_t i, n = 0;

	if (f->source == KEEP_OPTION && f->type == KEEP_T_ENUM)
		n = f->names->n;
	for (i = 0; i < n && !keep_slice_is(value, f->names->v[i]); i++)
		;
	return i < n;
}

/* A value may have been typed for its option: --json. */
static const char *option_of(struct keep_argv_tree *t, struct keep_slice value)
{
	const char *name = NULL;
	size_t i;

	for (i = 0; t && !name && i < t->schema->n; i++) {
		if (t->slots[i].inside)
			name = option_of(t->slots[i].inside, value);
		else if (takes(t->slots[i].field, value))
			name = t->slots[i].name;
	}
	return name;
}

static void unknown(struct keep_words *a, struct keep_slice word,
		    struct keep_slice name)
{
	struct keep_guess g = {.wanted = name};
	const char *of = option_of(a->tree, name);

	if (!of)
		of = option_of(a->globals, name);
	guess_from(a->tree, &g);
	guess_from(a->globals, &g);
	fault(a, word, "there is no such option");
	if (of)
		keep_problem_hint(a->faults, "did you mean --%s=%.*s?", of,
				  KEEP_F(name));
	else if (g.best.p)
		keep_problem_hint(a->faults, "did you mean --%.*s?",
				  KEEP_F(g.best));
	else
		hint_words(a, word);
}

static struct keep_slot *find(struct keep_words *a, struct keep_slice name)
{
	struct keep_slot *s = keep_argv_find(a->tree, name);

	return s ? s : keep_argv_find(a->globals, name);
}

/* A secret NAME is --NAME-fd N or --NAME-file F: kept as "fd:N", "file:F". */
static struct keep_slot *find_secret(struct keep_words *a,
				     struct keep_slice name, const char **kind)
{
	static const char *const kinds[] = {"fd", "file"};
	struct keep_slot *s;
	size_t i, cut;

	for (i = 0; i < KEEP_COUNT(kinds); i++) {
		cut = keep_slice(kinds[i]).len + 1;
		if (name.len <= cut || name.p[name.len - cut] != '-' ||
		    !keep_slice_is((struct keep_slice){
			    name.p + name.len - cut + 1, cut - 1}, kinds[i]))
			continue;
		s = find(a, (struct keep_slice){name.p, name.len - cut});
		*kind = kinds[i];
		if (s && s->field->type == KEEP_T_SECRET)
			return s;
	}
	return NULL;
}

/* Words are texts on the wire: UTF-8. (A word of a shell holds no NUL.) */
static bool is_text(struct keep_words *a, struct keep_slice word)
{
	bool good = keep_utf8_ok(word) && !memchr(word.p, '\0', word.len);

	if (!good)
		fault(a, word, "is not UTF-8");
	return good;
}

static bool take_value(struct scan *s, struct keep_slice word, bool has_value,
		       struct keep_slice *value)
{
	if (has_value)
		return true;
	if (s->at == s->n) {
		fault(s->a, word, "wants a value");
		return false;
	}
	*value = s->words[s->at++];
	return is_text(s->a, *value);
}

static void refuse_secret(struct scan *s, struct keep_slot *slot,
			  struct keep_slice word, bool has_value)
{
	if (!has_value && s->at < s->n)
		s->at++;
	keep_argv_give(s->a, slot, KEEP_S("refused:"));
	fault(s->a, word, "a secret is never given on the command line");
	keep_problem_hint(s->a->faults, "use --%s-fd N, --%s-file FILE, or "
			  "leave it out and be asked", slot->name, slot->name);
}

static void option(struct scan *s, struct keep_slot *slot,
		   struct keep_slice word, bool has_value,
		   struct keep_slice value)
{
	if (slot->field->type == KEEP_T_SECRET)
		refuse_secret(s, slot, word, has_value);
	else if (keep_argv_is_flag(slot->field) && !has_value)
		keep_argv_give(s->a, slot, KEEP_S("true"));
	else if (slot->field->type == KEEP_T_STRUCT && !slot->field->sub->n)
		fault(s->a, word, "takes no value");
	else if (take_value(s, word, has_value, &value))
		keep_argv_give(s->a, slot, value);
}

static void secret(struct scan *s, struct keep_slot *slot, const char *kind,
		   struct keep_slice word, bool has_value,
		   struct keep_slice value)
{
	struct keep_slice from;

	if (!take_value(s, word, has_value, &value))
		return;
	from = keep_mem_print(s->a->c->mem, "%s:%.*s", kind, KEEP_F(value));
	s->a->no_memory |= !from.p;
	keep_argv_give(s->a, slot, from);
}

static void long_option(struct scan *s, struct keep_slice word)
{
	struct keep_slice name = {word.p + 2, 0}, value = {0};
	bool has_value = false;
	const char *kind = NULL;
	struct keep_slot *slot;

	while (name.len + 2 < word.len && name.p[name.len] != '=')
		name.len++;
	if (name.len + 2 < word.len) {
		has_value = true;
		value = (struct keep_slice){name.p + name.len + 1,
					    word.len - name.len - 3};
	}
	word.len = name.len + 2;
	slot = find(s->a, name);
	if (slot) {
		option(s, slot, word, has_value, value);
		return;
	}
	slot = find_secret(s->a, name, &kind);
	if (slot)
		secret(s, slot, kind, word, has_value, value);
	else
		unknown(s->a, word, name);
}

static void letters(struct scan *s, struct keep_slice word)
{
	size_t i, len;

	for (i = 1; i < word.len; i++) {
		struct keep_slice shown = {word.p, word.len};
		struct keep_slice rest = {word.p + i + 1, word.len - i - 1};
		struct keep_slot *slot =
		    keep_argv_find_letter(s->a->tree, word.p[i]);

		if (!slot)
			slot = keep_argv_find_letter(s->a->globals, word.p[i]);
		if (!slot) {
			keep_utf8_get(word.p + i, &len);
			fault(s->a, shown, "there is no option -%.*s",
			      (int)len, word.p + i);
			hint_words(s->a, word);
			return;
		}
		if (keep_argv_is_flag(slot->field)) {
			keep_argv_give(s->a, slot, KEEP_S("true"));
			continue;
		}
		if (slot->field->type == KEEP_T_SECRET)
			shown.len = i + 1;
		option(s, slot, shown, rest.len > 0, rest);
		return;
	}
}

static bool takes_line(const struct keep_argv_tree *t)
{
	size_t i;

	for (i = 0; t && i < t->schema->n; i++)
		if (t->schema->fields[i].source == KEEP_LINE)
			return true;
	return false;
}

/* In a line only the global options are ours. */
static bool is_global(const struct keep_words *a, struct keep_slice word)
{
	struct keep_slice name = {word.p + 2, 0};

	if (!keep_slice_starts(word, "--"))
		return false;
	while (name.len + 2 < word.len && name.p[name.len] != '=')
		name.len++;
	return name.len && keep_argv_find(a->globals, name);
}

size_t keep_argv_scan(struct keep_words *a, const struct keep_slice *words,
		      size_t n, bool stop)
{
	struct scan s = {.a = a, .words = words, .n = n};
	bool plain = false, line = takes_line(a->tree);

	s.rest = KEEP_NEWS(a->c->mem, n, struct keep_slice);
	if (!s.rest) {
		a->no_memory = true;
		return 0;
	}
	while (s.at < s.n) {
		struct keep_slice word = s.words[s.at++];
		bool dash = word.len > 1 && word.p[0] == '-' && !plain &&
			    (!line || !s.n_rest || is_global(a, word));

		if (!is_text(a, word))
			continue;
		if (!plain)
			a->n_before = s.n_rest;
		if (dash && keep_slice_is(word, "--"))
			plain = true;
		else if (dash && word.p[1] == '-')
			long_option(&s, word);
		else if (dash)
			letters(&s, word);
		else if (stop)
			return s.at - 1;
		else
			s.rest[s.n_rest++] = word;
		plain |= line && keep_slice_is(word, "--");
	}
	if (!plain)
		a->n_before = s.n_rest;
	a->words = (struct keep_slices){s.rest, s.n_rest};
	return s.at;
}

/* Gives what stands behind -- to who wants that; how many words are left. */
static size_t place_behind(struct keep_words *a)
{
	size_t i, at;

	for (i = 0; a->tree && i < a->tree->schema->n; i++) {
		struct keep_slot *s = &a->tree->slots[i];

		if (s->field->source != KEEP_BEHIND)
			continue;
		for (at = a->n_before; at < a->words.n; at++)
			keep_argv_give(a, s, a->words.v[at]);
		return a->n_before;
	}
	return a->words.n;
}

void keep_argv_place(struct keep_words *a)
{
	size_t i, at = 0, n = place_behind(a);

	for (i = 0; a->tree && i < a->tree->schema->n; i++) {
		struct keep_slot *s = &a->tree->slots[i];
		bool rest = s->field->source == KEEP_REST ||
			    s->field->source == KEEP_LINE;

		if (s->field->source != KEEP_WORD && !rest)
			continue;
		while (at < n && (rest || s->n == 0))
			keep_argv_give(a, s, a->words.v[at++]);
	}
	for (; at < n; at++)
		fault(a, a->words.v[at], "one word too many");
}
