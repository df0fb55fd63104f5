/* Which verbs a server exposes. */
#include "policy.h"

/* What is exposed by name only. */
enum {
	BY_NAME = KEEP_V_CHANGES | KEEP_V_AGENT | KEEP_V_RUNS,
	WORDS_MAX = 8,
};

struct keep_slice keep_policy_take(struct keep_slice *text, char end)
{
	struct keep_slice word = {text->p, 0};
	size_t skip;

	while (word.len < text->len && text->p[word.len] != end)
		word.len++;
	skip = word.len + (word.len < text->len);
	*text = (struct keep_slice){text->p + skip, text->len - skip};
	return word;
}

/* `node.list` is "node list". */
static bool is_name_of(struct keep_slice name, const char *path)
{
	size_t i;

	for (i = 0; i < name.len && path[i]; i++)
		if (name.p[i] != (path[i] == ' ' ? '.' : path[i]))
			return false;
	return i == name.len && !path[i];
}

bool keep_policy_names(const struct keep_slices *names, const char *path)
{
	size_t i;

	for (i = 0; i < names->n; i++)
		if (is_name_of(names->v[i], path))
			return true;
	return false;
}

/* A server inside of a server, and plumbing, which scripts of keep run
 * themselves; and verbs that carry secrets, as long as the buffers of frames
 * are not locked. */
static bool is_never(const struct keep_verb *v)
{
	struct keep_slice path = keep_slice(v->path);

	return keep_slice_is(path, "serve") || keep_slice_is(path, "call") ||
	       keep_slice_starts(path, "x-") || v->flags & KEEP_V_SECRET;
}

static int not_exposed(const struct keep_verb *v, struct keep_err *e)
{
	struct keep_slice path = keep_slice(v->path);
	char name[64];
	size_t i;

	keep_fail(e, KEEP_E_NOT_EXPOSED, "this server does not expose %s",
		  v->path);
	if (is_never(v) || path.len >= sizeof name)
		return -KEEP_E_NOT_EXPOSED;
	for (i = 0; i <= path.len; i++)
		name[i] = path.p[i] == ' ' ? '.' : path.p[i];
	return keep_hint(e, "a server that is started by keep serve "
			 "--allow %s does", name);
}

int keep_server_exposes(const struct keep_server *s, const struct keep_verb *v,
			struct keep_err *e)
{
	bool allowed = keep_policy_names(&s->allow, v->path);

	if (is_never(v) ||
	    (s->only.n && !allowed && !keep_policy_names(&s->only, v->path)))
		return not_exposed(v, e);
	if (v->flags & KEEP_V_CLIENT) {
		keep_fail(e, KEEP_E_NOT_PROXIED, "%s asks another socket",
			  v->path);
		return keep_hint(e, "call it there, or at a shell");
	}
	if (v->flags & KEEP_V_INTERACTIVE && !allowed) {
		keep_fail(e, KEEP_E_INTERACTIVE, "%s talks to a person",
			  v->path);
		return keep_hint(e, "run it at a shell; --allow of keep serve "
				 "exposes it, with nobody to ask");
	}
	return v->flags & BY_NAME && !allowed ? not_exposed(v, e) : 0;
}

/* The words of "node.list". */
static size_t split(struct keep_slice name, struct keep_slice *words)
{
	size_t n = 0;

	while (name.len && n < WORDS_MAX)
		words[n++] = keep_policy_take(&name, '.');
	return n;
}

static const struct keep_verb *find_external(const struct keep_server *s,
					     struct keep_slice name)
{
	size_t i;

	for (i = 0; i < s->externals.n; i++)
		if (keep_slice_eq(s->externals.v[i].name, name))
			return &s->externals.v[i].row;
	return NULL;
}

const struct keep_verb *keep_policy_verb(const struct keep_server *s,
					 struct keep_slice name,
					 struct keep_problems *ps)
{
	struct keep_slice words[WORDS_MAX];
	const struct keep_verb *v = NULL;
	size_t n = split(name, words), used = 0;
	struct keep_err e = {0};

	if (n)
		v = keep_suite_verb(s->suite, words, n, &used, &e);
	if (!v)
		v = find_external(s, name);
	if (!v && keep_external_is(s->suite, name)) {
		keep_problem(ps, name, 0, 0, "is not allowed");
		keep_problem_hint(ps, "an external command is exposed by "
				  "--allow %.*s", KEEP_F(name));
		return NULL;
	}
	if (!v || !is_name_of(name, v->path)) {
		keep_problem(ps, name, 0, 0, "'%.*s' is no verb",
			     KEEP_F(name));
		keep_problem_hint(ps, "%s", e.hint[0] ? e.hint : "verbs are "
				  "named with dots, as node.list; keep "
				  "describe lists them, keep help -a commands "
				  "of others");
		return NULL;
	}
	if (!is_never(v))
		return v;
	keep_problem(ps, name, 0, 0, "%s cannot be exposed", v->path);
	return NULL;
}

/* Nobody else is asked what it is. */
static int open_externals(struct keep_server *s, struct keep_err *e)
{
	struct keep_ctx c = *s->base;
	struct keep_buf all = {.mem = c.mem};
	struct keep_external x;
	size_t i;

	for (i = 0; i < s->allow.n; i++) {
		if (!keep_external_is(s->suite, s->allow.v[i]))
			continue;
		if (keep_external_open(&c, s->suite, s->allow.v[i], &x, e))
			return -e->code;
		keep_buf_put(&all, &x, sizeof x);
	}
	s->externals = (struct keep_externals){
		(const void *)all.p, all.len / sizeof x};
	if (!all.len)
		return keep_buf_check(&all, e);
	return keep_session_put(c.session, keep_externals_key, &s->externals,
				NULL, e);
}

int keep_server_begin(struct keep_server *s, struct keep_err *e)
{
	struct keep_problems *ps = KEEP_NEW(s->base->mem,
					    struct keep_problems);
	size_t i;

	if (!ps)
		return keep_no_memory(e);
	ps->mem = s->base->mem;
	if (s->base->instance_path.p)
		keep_instance_id(s->base->instance_path, &s->id);
	if (open_externals(s, e))
		return -e->code;
	for (i = 0; i < s->only.n; i++)
		keep_policy_verb(s, s->only.v[i], ps);
	for (i = 0; i < s->allow.n; i++)
		keep_policy_verb(s, s->allow.v[i], ps);
	if (keep_policy_peers(s, ps, e))
		return -e->code;
	return keep_problems_fail(ps, e, KEEP_E_BAD_ARGS, "who may call what");
}
