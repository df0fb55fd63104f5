/* What was given, as the map that a socket client would send. */
#include <stdlib.h>
#include "argv.h"

#define fault(a, s, ...) \
	keep_problem((a)->faults, keep_argv_called(a, s), 0, 0, __VA_ARGS__)

static bool any_given(const struct keep_argv_tree *t)
{
	size_t i;

	for (i = 0; i < t->schema->n; i++)
		if (t->slots[i].inside ? any_given(t->slots[i].inside) :
					 t->slots[i].n > 0)
			return true;
	return false;
}

/* What nobody typed: a variable, the terminal, standard input. */
static void fill(struct keep_words *a, struct keep_slot *s)
{
	const struct keep_field *f = s->field;
	const char *value = f->env && s->n == 0 ? getenv(f->env) : NULL;

	if (value && f->type != KEEP_T_SECRET)
		keep_argv_give(a, s, keep_slice(value));
	else if (f->source == KEEP_STDIN && s->n == 0)
		keep_argv_give(a, s, KEEP_S("-"));
	else if (f->type == KEEP_T_SECRET && f->required && s->n == 0)
		keep_argv_give(a, s, KEEP_S("ask:"));
}

/* A variable gives the struct that its field is in. Arms are chosen by hand. */
static void fill_inside(struct keep_words *a, const struct keep_argv_tree *t)
{
	size_t i;

	for (i = 0; i < t->schema->n; i++) {
		struct keep_slot *s = &t->slots[i];

		if (s->inside && s->field->type == KEEP_T_STRUCT)
			fill_inside(a, s->inside);
		else if (!s->inside && s->field->env)
			fill(a, s);
	}
}

static int by_key(const void *a, const void *b)
{
	const struct keep_entry *x = a, *y = b;

	return keep_cbor_key_cmp(x->key, y->key);
}

static struct keep_entry *split(struct keep_words *a, const struct keep_slot *s)
{
	struct keep_entry *v = KEEP_NEWS(a->c->mem, s->n, struct keep_entry);
	size_t i;

	a->no_memory |= !v;
	for (i = 0; v && i < s->n; i++) {
		struct keep_slice text = s->given[i];
		size_t at = keep_json_path_end(text, '=');

		if (at == text.len || at == 0)
			fault(a, s, "'%.*s' is not KEY=VALUE", KEEP_F(text));
		v[i].key = (struct keep_slice){text.p, at};
		if (at < text.len)
			v[i].value = (struct keep_slice){text.p + at + 1,
							 text.len - at - 1};
		else
			v[i].value = KEEP_S("");
	}
	return v;
}

static void encode_map(struct keep_words *a, struct keep_slot *s,
		       struct keep_buf *out)
{
	struct keep_entry *v = split(a, s);
	size_t i;

	if (!v)
		return;
	qsort(v, s->n, sizeof *v, by_key);
	keep_cbor_put_map(out, s->n);
	for (i = 0; i < s->n; i++) {
		if (i && keep_slice_eq(v[i].key, v[i - 1].key)) {
			fault(a, s, "'%.*s' is given twice", KEEP_F(v[i].key));
			keep_problem_hint(a->faults, "leave one of them out");
		}
		keep_cbor_put_text(out, v[i].key);
		keep_argv_value(a, s, v[i].value, out);
	}
}

static void encode_choice(struct keep_words *a, struct keep_slot *s,
			  struct keep_buf *out)
{
	struct keep_argv_tree *arms = s->inside;
	size_t i, n = 0;

	for (i = 0; i < arms->schema->n; i++) {
		struct keep_slot *arm = &arms->slots[i];

		if (arm->inside ? !any_given(arm->inside) : arm->n == 0)
			continue;
		if (n++)
			continue;
		keep_cbor_put_list(out, 2);
		keep_cbor_put_uint(out, i);
		if (arm->inside)
			keep_argv_encode(a, arm->inside, out);
		else
			keep_cbor_put_map(out, 0);
	}
	if (n > 1)
		fault(a, s, "%zu of its alternatives are given; choose one", n);
}

static void encode_slot(struct keep_words *a, struct keep_slot *s,
			struct keep_buf *out)
{
	size_t i, max = s->field->max_n ? s->field->max_n : 65536;

	if (s->inside && s->field->type == KEEP_T_CHOICE) {
		encode_choice(a, s, out);
	} else if (s->inside) {
		keep_argv_encode(a, s->inside, out);
	} else if (s->n > 1 && s->field->shape == KEEP_ONE &&
		   s->field->type != KEEP_T_BOOL) {
		fault(a, s, "is given %zu times", s->n);
		keep_problem_hint(a->faults, "it takes one value");
	} else if (s->n > max) {
		fault(a, s, "%zu values; at most %zu", s->n, max);
	} else if (s->field->shape == KEEP_MAP) {
		encode_map(a, s, out);
	} else {
		if (s->field->shape == KEEP_LIST)
			keep_cbor_put_list(out, s->n);
		for (i = 0; i < s->n; i++)
			if (s->field->shape == KEEP_LIST || i == s->n - 1)
				keep_argv_value(a, s, s->given[i], out);
	}
}

/* Who forgets the -- has given it as the last word. */
static void missing(struct keep_words *a, const struct keep_slot *s)
{
	struct keep_slice word = keep_argv_called(a, s);

	fault(a, s, "is missing");
	if (s->field->source != KEEP_BEHIND)
		return;
	if (a->words.n > 1)
		word = a->words.v[a->words.n - 1];
	keep_problem_hint(a->faults, "it stands behind --: -- %.*s",
			  KEEP_F(word));
}

static bool is_given(const struct keep_slot *s)
{
	return s->inside ? any_given(s->inside) : s->n > 0;
}

void keep_argv_encode(struct keep_words *a, struct keep_argv_tree *t,
		      struct keep_buf *out)
{
	uint64_t n = 0;
	size_t i;

	fill_inside(a, t);
	for (i = 0; i < t->schema->n; i++) {
		struct keep_slot *s = &t->slots[i];

		fill(a, s);
		n += is_given(s);
		if (!is_given(s) && s->field->required)
			missing(a, s);
	}
	keep_cbor_put_map(out, n);
	for (i = 0; i < t->schema->n; i++) {
		if (!is_given(&t->slots[i]))
			continue;
		keep_cbor_put_uint(out, i);
		encode_slot(a, &t->slots[i], out);
	}
}

static bool was_given(struct keep_argv_tree *t, const char *name)
{
	const struct keep_slot *s = keep_argv_find(t, keep_slice(name));

	return s && s->n > 0;
}

/* --args FILE is all of the arguments. */
static void nothing_beside_file(struct keep_words *a)
{
	static const char why[] = "stands beside --args, which gives all "
				  "arguments";
	size_t i;

	for (i = 0; i < a->words.n; i++)
		keep_problem(a->faults, a->words.v[i], 0, 0, why);
	for (i = 0; i < a->tree->schema->n; i++)
		if (is_given(&a->tree->slots[i]))
			fault(a, &a->tree->slots[i], why);
}

static void encode_all(struct keep_words *a, struct keep_buf *out)
{
	keep_argv_place(a);
	keep_argv_encode(a, a->tree, out);
	keep_argv_ask(a, out);
}

int keep_argv(struct keep_ctx *c, const struct keep_verb *v,
	      struct keep_argv_tree *globals, struct keep_slices words,
	      struct keep_buf *out, struct keep_err *e)
{
	static const struct keep_schema none = {.name = "no arguments"};
	struct keep_problems *faults = KEEP_NEW(c->mem, struct keep_problems);
	struct keep_words a = {.c = c, .faults = faults, .globals = globals};
	int rc;

	a.tree = keep_argv_tree_new(c->mem, v->args ? v->args : &none);
	if (!faults || !a.tree)
		return keep_no_memory(e);
	faults->mem = c->mem;
	keep_argv_scan(&a, words.v, words.n, false);
	if (was_given(globals, "usage") || was_given(globals, "help"))
		return 0;
	if (was_given(globals, "args"))
		nothing_beside_file(&a);
	else
		encode_all(&a, out);
	if (a.no_memory)
		return keep_no_memory(e);
	rc = keep_problems_fail(faults, e, KEEP_E_BAD_ARGS, "keep %s",
				v->path);
	return rc ? keep_hint(e, "keep %s -h shows how it is called", v->path)
		  : keep_buf_check(out, e);
}

int keep_words_encode(struct keep_ctx *c, const struct keep_verb *v,
		      struct keep_slices words, struct keep_buf *out,
		      struct keep_err *e)
{
	return keep_argv(c, v, NULL, words, out, e);
}
