/* Filters: which nodes a few words select. Each word becomes a question that
 * is put to one node after another. Source: PROVIDER 4. */
#include <inttypes.h>
#include <keep/text.h>
#include "instance.h"

enum op { ADD, ONLY, DROP };
enum kind { ALL, NODE, GLOB, SERVICE, TAG, ENV, VALUE };

struct word {
	enum op op;
	enum kind kind;
	struct keep_slice name;  /* of the node, service...; the path */
	struct keep_slice value; /* VALUE: behind the '=' */
};

struct filter {
	const struct keep_world *w;
	keep_value_fn *value;
	void *to;
	struct word *words;      /* without the environments */
	size_t n;
	bool *envs;              /* by index; NULL: all of them */
};

/* --- reading words ----------------------------------------------------- */

static bool cut(struct keep_slice *s, const char *prefix)
{
	size_t n = strlen(prefix);

	if (!keep_slice_starts(*s, prefix))
		return false;
	*s = (struct keep_slice){s->p + n, s->len - n};
	return true;
}

static enum op cut_op(struct keep_slice *s)
{
	if (cut(s, "+"))
		return ONLY;
	return cut(s, "not:") || cut(s, "-") ? DROP : ADD;
}

static bool known_service(const struct keep_world *w, struct keep_slice name)
{
	size_t i;

	for (i = 0; i < w->n_envs; i++)
		if (keep_objects_find(&w->envs[i].services, name))
			return true;
	return false;
}

static bool known_tag(const struct keep_world *w, struct keep_slice name)
{
	size_t i;

	for (i = 0; i < w->n_envs; i++)
		if (keep_objects_find(&w->envs[i].tags, name))
			return true;
	return false;
}

static bool known(const struct keep_world *w, enum kind kind,
		  struct keep_slice name)
{
	switch (kind) {
	case NODE:
		return keep_world_node(w, name) != NULL;
	case SERVICE:
		return known_service(w, name);
	case TAG:
		return known_tag(w, name);
	case ENV:
		return keep_world_env(w, name) != NULL;
	default:
		return true;
	}
}

static void offer(struct keep_guess *g, const struct keep_world *w,
		  enum kind kind)
{
	size_t i, j;

	for (i = 0; kind == NODE && i < w->n_nodes; i++)
		keep_guess_offer(g, w->nodes[i].name);
	for (i = 0; kind != NODE && i < w->n_envs; i++) {
		const struct keep_env *e = &w->envs[i];
		const struct keep_objects *o =
			kind == TAG ? &e->tags : &e->services;

		if (kind == ENV)
			keep_guess_offer(g, e->name);
		for (j = 0; kind != ENV && j < o->n; j++)
			keep_guess_offer(g, o->v[j].name);
	}
}

static const struct {
	const char *prefix, *what;
	enum kind kind;
} forms[] = { /* in the order in which a bare word is looked up */
	{"env:", "environment", ENV},
	{"node:", "node", NODE},
	{"service:", "service", SERVICE},
	{"tag:", "tag", TAG},
};

const char *keep_filter_meaning(const struct keep_world *w,
				struct keep_slice name)
{
	if (keep_slice_is(name, "all"))
		return "every node";
	if (keep_world_env(w, name))
		return "the environment";
	if (known_service(w, name))
		return "the service";
	return known_tag(w, name) ? "the tag" : NULL;
}

static int unknown(const struct keep_world *w, const char *what,
		   enum kind kind, struct keep_slice name, struct keep_err *e)
{
	struct keep_guess g = {.wanted = name};
	size_t i;

	keep_fail(e, KEEP_E_BAD_ARGS, "there is no %s '%.*s'", what,
		  KEEP_F(name));
	for (i = 0; i < KEEP_COUNT(forms); i++)
		if (kind == ALL || kind == forms[i].kind)
			offer(&g, w, forms[i].kind);
	if (kind == ALL)
		keep_guess_offer(&g, KEEP_S("all"));
	if (g.best.p)
		keep_hint(e, "did you mean '%.*s'?", KEEP_F(g.best));
	else
		keep_hint(e, "`keep node list` and `keep env list` tell what "
			  "there is");
	return -KEEP_E_BAD_ARGS;
}

static int read_value(struct keep_mem *m, struct word *word, size_t path_len,
		      struct keep_err *e)
{
	struct keep_slice all = word->name;
	struct keep_json_path way;

	if (path_len == 0)
		return keep_fail(e, KEEP_E_BAD_ARGS, "'%.*s' has no path "
				 "before the '='", KEEP_F(all));
	word->kind = VALUE;
	word->name.len = path_len;
	word->value.p = all.p + path_len + 1;
	word->value.len = all.len - path_len - 1;
	return keep_json_path_read(m, word->name, &way, e);
}

static bool is_glob(struct keep_slice s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (strchr("*?[", s.p[i]))
			return true;
	return false;
}

static int read_named(const struct keep_world *w, struct word *word,
		      size_t form, struct keep_err *e)
{
	word->kind = forms[form].kind;
	if (word->kind == NODE && is_glob(word->name))
		word->kind = GLOB;
	if (known(w, word->kind, word->name))
		return 0;
	return unknown(w, forms[form].what, word->kind, word->name, e);
}

static int read_bare(const struct keep_world *w, struct word *word,
		     struct keep_err *e)
{
	size_t i;

	word->kind = ALL;
	if (keep_slice_is(word->name, "all"))
		return 0;
	for (i = 0; i < KEEP_COUNT(forms); i++) {
		word->kind = forms[i].kind;
		if (known(w, word->kind, word->name))
			return 0;
	}
	return unknown(w, "node, service, tag or environment", ALL, word->name,
		       e);
}

static int read_word(const struct keep_world *w, struct keep_slice text,
		     struct word *word, struct keep_err *e)
{
	size_t i, equals;

	*word = (struct word){.name = text};
	word->op = cut_op(&word->name);
	if (word->name.len == 0)
		return keep_fail(e, KEEP_E_BAD_ARGS, "'%.*s' is no filter word",
				 KEEP_F(text));
	for (i = 0; i < KEEP_COUNT(forms); i++)
		if (cut(&word->name, forms[i].prefix))
			return read_named(w, word, i, e);
	equals = keep_json_path_end(word->name, '=');
	if (equals < word->name.len)
		return read_value(w->mem, word, equals, e);
	return read_bare(w, word, e);
}

/* Environments are taken out, but those that take away. */
static void put_word(struct filter *f, const struct word *word)
{
	if (word->kind == ENV && word->op != DROP)
		f->envs[keep_world_env(f->w, word->name) - f->w->envs] = true;
	else
		f->words[f->n++] = *word;
}

static int read_words(struct filter *f, struct keep_slices words,
		      struct keep_err *e)
{
	struct word word;
	size_t i;
	int r;

	for (i = 0; i < words.n; i++) {
		r = read_word(f->w, words.v[i], &word, e);
		if (r)
			return r;
		if (word.kind == VALUE && !f->value)
			return keep_fail(e, KEEP_E_BAD_ARGS, "'%.*s': values "
					 "cannot be asked for here",
					 KEEP_F(words.v[i]));
		put_word(f, &word);
	}
	if (f->n && f->words[0].op == ONLY)
		f->words[0].op = ADD;
	if (f->n == words.n)
		f->envs = NULL;
	return 0;
}

/* --- asking nodes ------------------------------------------------------ */

static bool among(struct keep_slices list, struct keep_slice name)
{
	size_t i;

	for (i = 0; i < list.n; i++)
		if (keep_slice_eq(list.v[i], name))
			return true;
	return false;
}

static bool scalar_is(const struct keep_json *v, struct keep_slice text)
{
	char digits[32];

	switch (v->type) {
	case KEEP_JSON_BOOL:
		return keep_slice_is(text, v->number ? "true" : "false");
	case KEEP_JSON_INT:
		snprintf(digits, sizeof digits, "%" PRId64, v->number);
		return keep_slice_is(text, digits);
	case KEEP_JSON_DOUBLE:
	case KEEP_JSON_TEXT:
		return keep_slice_eq(keep_json_text(v), text);
	default:
		return false;
	}
}

static int has_value(const struct filter *f, const struct word *word,
		     const struct keep_node *n, bool *yes, struct keep_err *e)
{
	struct keep_json v = {0};
	int r = f->value(f->to, n, word->name, &v, e);
	uint32_t i;

	*yes = scalar_is(&v, word->value);
	for (i = 0; v.type == KEEP_JSON_LIST && i < v.n && !*yes; i++)
		*yes = scalar_is(&v.list[i], word->value);
	return r;
}

static int matches(const struct filter *f, const struct word *word,
		   const struct keep_node *n, bool *yes, struct keep_err *e)
{
	switch (word->kind) {
	case ALL:
		*yes = true;
		return 0;
	case NODE:
		*yes = keep_slice_eq(n->name, word->name);
		return 0;
	case GLOB:
		*yes = keep_text_glob(word->name, n->name);
		return 0;
	case SERVICE:
		*yes = among(n->services, word->name);
		return 0;
	case TAG:
		*yes = among(n->tags, word->name);
		return 0;
	case ENV:
		*yes = keep_slice_eq(n->env->name, word->name);
		return 0;
	case VALUE:
		return has_value(f, word, n, yes, e);
	}
	return 0;
}

/* Only words that can change the answer are asked. */
static int ask(const struct filter *f, const struct keep_node *n, bool *chosen,
	       struct keep_err *e)
{
	bool in = n->enabled && (f->n == 0 || f->words[0].op == DROP);
	bool yes = false;
	size_t i;
	int r;

	if (f->envs && !f->envs[n->env - f->w->envs])
		return 0;
	for (i = 0; i < f->n; i++) {
		const struct word *word = &f->words[i];

		if (in == (word->op == ADD) ||
		    (!in && !n->enabled && word->kind != NODE))
			continue;
		r = matches(f, word, n, &yes, e);
		if (r)
			return r;
		in = word->op == DROP ? !yes : yes;
	}
	*chosen = in;
	return 0;
}

int keep_filter(const struct keep_world *w, struct keep_slices words,
		keep_value_fn *value, void *to, bool **chosen,
		struct keep_err *e)
{
	struct filter f = {.w = w, .value = value, .to = to};
	size_t i;
	int r;

	f.words = KEEP_NEWS(w->mem, words.n, struct word);
	f.envs = KEEP_NEWS(w->mem, w->n_envs, bool);
	*chosen = KEEP_NEWS(w->mem, w->n_nodes, bool);
	if (!f.words || !f.envs || !*chosen)
		return keep_no_memory(e);
	r = read_words(&f, words, e);
	for (i = 0; i < w->n_nodes && !r; i++)
		r = ask(&f, &w->nodes[i], &(*chosen)[i], e);
	return r;
}
