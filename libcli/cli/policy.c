/* Which verbs a server exposes. */
#include <keep/server.h>

/* What is exposed by name only. */
enum {
	BY_NAME = KEEP_V_CHANGES | KEEP_V_AGENT | KEEP_V_RUNS,
	WORDS_MAX = 8,
};

/* `node.list` is "node list". */
static bool is_name_of(struct keep_slice name, const char *path)
{
	size_t i;

	for (i = 0; i < name.len && path[i]; i++)
		if (name.p[i] != (path[i] == ' ' ? '.' : path[i]))
			return false;
	return i == name.len && !path[i];
}

static bool is_named(const struct keep_slices *names, const char *path)
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
	bool allowed = is_named(&s->allow, v->path);

	if (is_never(v) ||
	    (s->only.n && !allowed && !is_named(&s->only, v->path)))
		return not_exposed(v, e);
	if (v->flags & KEEP_V_CLIENT) {
		keep_fail(e, KEEP_E_NOT_PROXIED, "%s asks another socket",
			  v->path);
		return keep_hint(e, "call it there, or at a shell");
	}
	if (v->flags & KEEP_V_INTERACTIVE && !allowed) {
		keep_fail(e, KEEP_E_INTERACTIVE, "%s talks to a person",
			  v->path);
		return keep_hint(e, "run it at a shell");
	}
	return v->flags & BY_NAME && !allowed ? not_exposed(v, e) : 0;
}

static const struct keep_verb *find(const struct keep_suite *s,
				    struct keep_slice name, struct keep_err *e)
{
	struct keep_slice words[WORDS_MAX], rest = name;
	const struct keep_verb *v;
	size_t n = 0, len, used = 0;

	while (rest.len && n < WORDS_MAX) {
		for (len = 0; len < rest.len && rest.p[len] != '.'; len++)
			;
		words[n++] = (struct keep_slice){rest.p, len};
		len += len < rest.len;
		rest = (struct keep_slice){rest.p + len, rest.len - len};
	}
	v = n ? keep_suite_verb(s, words, n, &used, e) : NULL;
	if (v && is_name_of(name, v->path))
		return v;
	keep_fail(e, KEEP_E_BAD_ARGS, "'%.*s' is no verb", KEEP_F(name));
	keep_hint(e, "verbs are named with dots, as node.list; keep describe "
		  "lists them");
	return NULL;
}

static int check_names(const struct keep_server *s,
		       const struct keep_slices *names, struct keep_err *e)
{
	const struct keep_verb *v;
	size_t i;

	for (i = 0; i < names->n; i++) {
		v = find(s->suite, names->v[i], e);
		if (!v)
			return -e->code;
		if (is_never(v))
			return keep_fail(e, KEEP_E_BAD_ARGS, "%s cannot be "
					 "exposed", v->path);
	}
	return 0;
}

int keep_server_begin(struct keep_server *s, struct keep_err *e)
{
	if (s->base->instance_path.p)
		keep_instance_id(s->base->instance_path, &s->id);
	if (check_names(s, &s->only, e))
		return -e->code;
	return check_names(s, &s->allow, e);
}
