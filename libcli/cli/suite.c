/* The table of commands, and the libraries behind its rows. */
#include <dlfcn.h>
#include <limits.h>
#include <keep/cli.h>

const char keep_suite_key[] = "suite";

const struct keep_command *keep_suite_command(const struct keep_suite *s,
					      struct keep_slice name)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		if (keep_slice_is(name, s->commands[i].name))
			return &s->commands[i];
	return NULL;
}

struct keep_slice keep_next_word(struct keep_slice *text)
{
	struct keep_slice word = *text;
	size_t len = 0;

	while (len < text->len && text->p[len] != ' ')
		len++;
	word.len = len;
	len += len < text->len;
	text->p += len;
	text->len -= len;
	return word;
}

/* How many words PATH has when WORDS begin with it, else 0. */
static size_t match(const char *path, const struct keep_slice *words, size_t n)
{
	struct keep_slice rest = keep_slice(path);
	size_t used = 0;

	while (rest.len) {
		struct keep_slice word = keep_next_word(&rest);

		if (used == n || !keep_slice_eq(word, words[used]))
			return 0;
		used++;
	}
	return used;
}

static const struct keep_verb *find(const struct keep_library *l,
				    const struct keep_slice *words, size_t n,
				    size_t *used)
{
	const struct keep_verb *best = NULL;
	size_t i, m;

	*used = 0;
	for (i = 0; i < l->n; i++) {
		m = match(l->verbs[i].path, words, n);
		if (m > *used) {
			*used = m;
			best = &l->verbs[i];
		}
	}
	return best;
}

const struct keep_verb *keep_verb_find(const struct keep_library *l,
				       const struct keep_slice *words,
				       size_t n)
{
	size_t used;

	return find(l, words, n, &used);
}

const struct keep_library *keep_suite_library(const struct keep_suite *s,
					      struct keep_slice name,
					      struct keep_err *e)
{
	if (s->own && keep_slice_is(name, s->own->name))
		return s->own;
	if (s->load)
		return s->load(s, name, e);
	keep_fail(e, KEEP_E_NO_SUCH_COMMAND, "library %.*s is not here",
		  KEEP_F(name));
	return NULL;
}

/* Whether one of the first N rows has the library. */
static bool is_known(const struct keep_suite *s, size_t n,
		     struct keep_slice library)
{
	struct keep_slice all;
	size_t i;

	for (i = 0; i < n; i++)
		for (all = keep_slice(s->commands[i].libraries); all.len; )
			if (keep_slice_eq(keep_next_word(&all), library))
				return true;
	return false;
}

int keep_suite_libraries(const struct keep_suite *s,
			 int (*each)(void *to, struct keep_slice name),
			 void *to)
{
	struct keep_slice names, name;
	size_t i;
	int rc = 0;

	for (i = 0; i < s->n; i++) {
		names = keep_slice(s->commands[i].libraries);
		while (names.len && !rc) {
			name = keep_next_word(&names);
			rc = is_known(s, i, name) ? 0 : each(to, name);
		}
	}
	return rc;
}

struct verbs {
	struct keep_guess guess;
	char names[160];
	size_t len; /* over the size of names: there are too many */
};

static void add_verb(void *to, const struct keep_verb *v)
{
	struct keep_slice path = keep_slice(v->path);
	struct verbs *all = to;

	keep_next_word(&path);
	keep_guess_offer(&all->guess, path);
	if (all->len < sizeof all->names)
		all->len += (size_t)snprintf(all->names + all->len,
					     sizeof all->names - all->len,
					     " %.*s", KEEP_F(path));
}

/* What comes after the command's words is no verb, or one that nobody has. */
static void no_verb(const struct keep_suite *s, const struct keep_command *c,
		    const struct keep_slice *words, size_t n,
		    struct keep_err *e)
{
	bool option = n > 1 && keep_slice_starts(words[1], "-");
	struct verbs all = {.guess.wanted = n > 1 ? words[1] : KEEP_S("")};

	keep_suite_each(s, c, add_verb, NULL, &all);
	if (option)
		keep_fail(e, KEEP_E_BAD_ARGS, "%s wants a verb before '%.*s'",
			  c->name, KEEP_F(words[1]));
	else if (n > 1)
		keep_fail(e, KEEP_E_NO_SUCH_COMMAND, "%s has no verb '%.*s'",
			  c->name, KEEP_F(words[1]));
	else
		keep_fail(e, KEEP_E_BAD_ARGS, "%s wants a verb", c->name);
	if (!option && all.guess.best.p)
		keep_hint(e, "did you mean %.*s?", KEEP_F(all.guess.best));
	else if (all.len < sizeof all.names)
		keep_hint(e, "the verbs of %s are%s", c->name, all.names);
	else
		keep_hint(e, "keep help %s lists them", c->name);
}

static void no_command(const struct keep_suite *s, struct keep_slice name,
		       struct keep_err *e)
{
	struct keep_guess guess = {.wanted = name};
	size_t i;

	for (i = 0; i < s->n; i++)
		keep_guess_offer(&guess, keep_slice(s->commands[i].name));
	keep_fail(e, KEEP_E_NO_SUCH_COMMAND, "there is no command '%.*s'",
		  KEEP_F(name));
	if (guess.best.p)
		keep_hint(e, "did you mean %.*s?", KEEP_F(guess.best));
}

const struct keep_verb *keep_suite_verb(const struct keep_suite *s,
					const struct keep_slice *words,
					size_t n, size_t *used,
					struct keep_err *e)
{
	const struct keep_command *c = keep_suite_command(s, words[0]);
	struct keep_slice names = keep_slice(c ? c->libraries : "");
	struct keep_err missing = {0};

	while (names.len) {
		const struct keep_library *l = keep_suite_library(
			s, keep_next_word(&names), &missing);
		const struct keep_verb *v = l ? find(l, words, n, used) : NULL;

		if (v)
			return v;
	}
	if (missing.code)
		*e = missing;
	else if (c)
		no_verb(s, c, words, n, e);
	else
		no_command(s, words[0], e);
	return NULL;
}

void keep_suite_each(const struct keep_suite *s, const struct keep_command *c,
		     void (*each)(void *to, const struct keep_verb *v),
		     void (*missing)(void *to, struct keep_slice library),
		     void *to)
{
	struct keep_slice names = keep_slice(c->libraries), first, path, name;
	struct keep_err e = {0};
	size_t i;

	while (names.len) {
		const struct keep_library *l;

		name = keep_next_word(&names);
		l = keep_suite_library(s, name, &e);
		if (!l && missing)
			missing(to, name);
		for (i = 0; l && i < l->n; i++) {
			path = keep_slice(l->verbs[i].path);
			first = keep_next_word(&path);
			if (keep_slice_is(first, c->name))
				each(to, &l->verbs[i]);
		}
	}
}

/* --- libraries by dlopen: from lib/keep, never from elsewhere ------------ */

const struct keep_library *keep_suite_dlopen(const struct keep_suite *s,
					     struct keep_slice name,
					     struct keep_err *e)
{
	const struct keep_library *l;
	char symbol[96];

	snprintf(symbol, sizeof symbol, "keep_%.*s_verbs", KEEP_F(name));
	l = keep_library_symbol(s->run_dir, name, symbol, e);
	if (!l || l->abi == KEEP_LIBRARY_ABI)
		return l;
	keep_fail(e, KEEP_E_NOT_FOUND, "library %.*s is of another version "
		  "of keep", KEEP_F(name));
	keep_hint(e, "install keep and its libraries from one build");
	return NULL;
}

/* The directory that libkeep itself was loaded from. */
static struct keep_slice own_dir(struct keep_mem *m)
{
	struct keep_slice path = {0};
	Dl_info here;

	if (dladdr(keep_suite_key, &here) && here.dli_fname)
		path = keep_slice(here.dli_fname);
	while (path.len && path.p[path.len - 1] != '/')
		path.len--;
	return keep_mem_copy(m, path);
}

int keep_suite_open(struct keep_suite *s, struct keep_ctx *c,
		    struct keep_err *e)
{
	const struct keep_slice suite = KEEP_S("suite");
	const size_t *n;

	s->load = keep_suite_dlopen;
	s->run_dir = c->run_dir = own_dir(c->mem);
	s->own = keep_suite_dlopen(s, suite, e);
	if (!s->own)
		return -e->code;
	n = keep_library_symbol(s->run_dir, suite, "keep_table_n", e);
	s->commands = keep_library_symbol(s->run_dir, suite, "keep_table", e);
	if (!n || !s->commands)
		return -e->code;
	s->n = *n;
	return keep_session_put(c->session, keep_suite_key, s, NULL, e);
}
