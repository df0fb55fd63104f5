/* Values of secrets in an untracked file, until they can be sealed. They are
 * only ever in locked memory; names are not secret. */
#include <fcntl.h>
#include <unistd.h>
#include <keep/file.h>
#include <keep/json.h>
#include "value_source.h"

static const char path[] = "secrets.dev.json";
/* Where git does not look, whatever happens while it is written. */
static const char staged[] = ".keep/secrets.new";
enum { VALUE_BYTES = 24, OTHERS = 077 };

/* The text of the file; absent when there is none. */
static int read_text(struct keep_ctx *c, struct keep_mem *locked,
		     struct keep_slice *text, struct keep_err *e)
{
	KEEP_AUTO(keep_fd) fd = {0};
	struct keep_err why = {0};
	struct stat st;
	int code = keep_open(keep_fd_get(&c->instance), path,
			     O_RDONLY | O_NONBLOCK | O_NOCTTY, 0,
			     KEEP_NO_LINKS, &fd, &why);

	if (code == -KEEP_E_NOT_FOUND)
		return 0;
	if (!code && fstat(keep_fd_get(&fd), &st) != 0)
		code = keep_fail_errno(&why, "%s", path);
	if (!code && !S_ISREG(st.st_mode))
		code = keep_fail(&why, KEEP_E_IO, "%s: not a regular file",
				 path);
	if (!code && st.st_mode & OTHERS) {
		keep_fail(&why, KEEP_E_DENIED, "%s is open to others: mode "
			  "%04o", path, st.st_mode & 07777);
		code = keep_hint(&why, "`chmod 600 %s`; values that others "
				 "saw are to be made anew", path);
	}
	if (!code)
		code = keep_fd_read(locked, keep_fd_get(&fd), KEEP_SECRETS_DEV,
				    text, &why);
	if (code)
		*e = why;
	return code;
}

static void check_env(const struct keep_json_member *env,
		      struct keep_problems *ps)
{
	static const char want[] =
		"must be {environment: {secret: \"value\"}}";
	const struct keep_json *v = &env->value;
	uint32_t i;

	if (v->type != KEEP_JSON_OBJECT)
		keep_problem(ps, keep_slice(path), v->line, v->column, want);
	for (i = 0; v->type == KEEP_JSON_OBJECT && i < v->n; i++)
		if (v->members[i].value.type != KEEP_JSON_TEXT)
			keep_problem(ps, keep_slice(path),
				     v->members[i].value.line,
				     v->members[i].value.column, want);
}

/* The file as a tree in locked memory; an empty object when there is none. */
static int read_tree(struct keep_ctx *c, struct keep_mem *locked,
		     struct keep_json *tree, struct keep_err *e)
{
	const struct keep_json_source source = {keep_slice(path)};
	struct keep_problems *ps = KEEP_NEW(c->mem, struct keep_problems);
	struct keep_problems found = {.mem = locked};
	struct keep_slice text = {0};
	uint32_t i;
	int code = ps ? read_text(c, locked, &text, e) : keep_no_memory(e);

	*tree = (struct keep_json){.type = KEEP_JSON_OBJECT};
	if (code || !text.p)
		return code;
	ps->mem = c->mem;
	code = keep_json_read(locked, text, &source, KEEP_JSON_STRICT, &found,
			      tree);
	if (code == -KEEP_E_NO_MEMORY)
		return keep_no_memory(e);
	/* what stands there may be a secret: only the place is told */
	if (found.first)
		keep_problem(ps, source.name, found.first->line,
			     found.first->column, "this is no JSON");
	if (!code && tree->type != KEEP_JSON_OBJECT)
		keep_problem(ps, source.name, 1, 1, "must be an object");
	for (i = 0; !ps->total && i < tree->n; i++)
		check_env(&tree->members[i], ps);
	return keep_problems_fail(ps, e, KEEP_E_BAD_ARGS, "%s", path);
}

static int list_env(const struct keep_json_member *env,
		    struct keep_secret_ids *known, struct keep_err *e)
{
	uint32_t i;
	int code = 0;

	for (i = 0; i < env->value.n && !code; i++)
		code = keep_secret_ids_add(known, (struct keep_secret_id){
			env->key, env->value.members[i].key,
		}, e);
	return code;
}

static int list(struct keep_ctx *c, struct keep_secret_ids *known,
		struct keep_err *e)
{
	KEEP_AUTO(keep_mem) locked = {.secret = true};
	struct keep_json tree;
	uint32_t i;
	int code = read_tree(c, &locked, &tree, e);

	for (i = 0; !code && i < tree.n; i++)
		code = list_env(&tree.members[i], known, e);
	return code;
}

/* Of the new ones, how many are of that environment. */
static uint32_t count(const struct keep_secret_ids *new,
		      struct keep_slice env)
{
	uint32_t n = 0;
	size_t i;

	for (i = 0; i < new->n; i++)
		n += keep_slice_eq(new->v[i].env, env);
	return n;
}

static struct keep_slice random_value(struct keep_ctx *c,
				      struct keep_mem *locked)
{
	struct keep_key32 key;
	struct keep_buf b = {.mem = locked};

	keep_ctx_random(c, key.bytes, VALUE_BYTES);
	keep_hex_put(&b, key.bytes, VALUE_BYTES);
	keep_wipe(&key, sizeof key);
	return b.failed ? (struct keep_slice){0} : keep_buf_get(&b);
}

/* Gives the environment its new ones behind those that it has. */
static int add_values(struct keep_ctx *c, struct keep_mem *locked,
		      const struct keep_secret_ids *new,
		      struct keep_json_member *env)
{
	uint32_t n = env->value.n + count(new, env->key);
	struct keep_json_member *m = KEEP_NEWS(locked, n,
					       struct keep_json_member);
	struct keep_slice value;
	size_t i;

	if (!m)
		return -KEEP_E_NO_MEMORY;
	if (env->value.n)
		memcpy(m, env->value.members, env->value.n * sizeof *m);
	for (i = 0, n = env->value.n; i < new->n; i++) {
		if (!keep_slice_eq(new->v[i].env, env->key))
			continue;
		value = random_value(c, locked);
		if (!value.p)
			return -KEEP_E_NO_MEMORY;
		m[n].key = new->v[i].name;
		m[n++].value = keep_json_of(value);
	}
	env->value.members = m;
	env->value.n = n;
	return 0;
}

/* The environments of the file, and those of the new ones. */
static struct keep_json_member *environments(struct keep_mem *locked,
					     const struct keep_secret_ids *new,
					     struct keep_json *tree)
{
	struct keep_json_member *m = KEEP_NEWS(locked, tree->n + new->n,
					       struct keep_json_member);
	size_t i, j;

	if (!m)
		return NULL;
	if (tree->n)
		memcpy(m, tree->members, tree->n * sizeof *m);
	for (i = 0; i < new->n; i++) {
		for (j = 0; j < tree->n; j++)
			if (keep_slice_eq(m[j].key, new->v[i].env))
				break;
		if (j < tree->n)
			continue;
		m[j].key = new->v[i].env;
		m[j].value.type = KEEP_JSON_OBJECT;
		tree->n++;
	}
	tree->members = m;
	return m;
}

/* Who writes holds the instance's lock: what lies there was left by one who
 * was killed. */
static int write_staged(int dir, struct keep_slice text, struct keep_err *e)
{
	KEEP_AUTO(keep_fd) fd = {0};
	int code = keep_dir_make(dir, ".keep", 0755, e);

	if (!code)
		code = keep_dir_remove(dir, staged, e);
	if (!code)
		code = keep_open(dir, staged, O_WRONLY | O_CREAT | O_EXCL,
				 0600, KEEP_NO_LINKS, &fd, e);
	if (!code)
		code = keep_fd_write(keep_fd_get(&fd), text, e);
	if (!code && fsync(keep_fd_get(&fd)) != 0)
		code = keep_fail_errno(e, "syncing");
	return code;
}

static int write_tree(struct keep_ctx *c, struct keep_mem *locked,
		      const struct keep_json *tree, struct keep_err *e)
{
	struct keep_buf b = {.mem = locked, .limit = KEEP_SECRETS_DEV};
	int dir = keep_fd_get(&c->instance), code;

	keep_json_put(&b, tree, KEEP_JSON_PRETTY | KEEP_JSON_SORTED);
	keep_buf_byte(&b, '\n');
	code = keep_buf_check(&b, e);
	if (!code)
		code = write_staged(dir, keep_buf_get(&b), e);
	if (!code && (renameat(dir, staged, dir, path) != 0 ||
		      fsync(dir) != 0))
		code = keep_fail_errno(e, "renaming");
	return code ? keep_err_at(e, "%s", path) : 0;
}

static int make(struct keep_ctx *c, const struct keep_secret_ids *new,
		struct keep_err *e)
{
	KEEP_AUTO(keep_mem) locked = {.secret = true};
	struct keep_json_member *m;
	struct keep_json tree;
	uint32_t i;
	int code = read_tree(c, &locked, &tree, e);

	if (code)
		return code;
	m = environments(&locked, new, &tree);
	if (!m)
		return keep_no_memory(e);
	for (i = 0; i < tree.n; i++)
		if (add_values(c, &locked, new, &m[i]))
			return keep_no_memory(e);
	return write_tree(c, &locked, &tree, e);
}

static int open_values(struct keep_ctx *c, struct keep_mem *locked,
		       const struct keep_secret_ids *ids,
		       struct keep_slice *values, struct keep_err *e)
{
	KEEP_AUTO(keep_mem) all = {.secret = true};
	const struct keep_json *v;
	struct keep_json tree;
	size_t i;
	int code = read_tree(c, &all, &tree, e);

	for (i = 0; !code && i < ids->n; i++) {
		v = keep_json_get(&tree, ids->v[i].env);
		v = v ? keep_json_get(v, ids->v[i].name) : NULL;
		values[i] = (struct keep_slice){0};
		if (!v)
			continue;
		values[i] = keep_mem_copy(locked, keep_json_text(v));
		if (!values[i].p)
			code = keep_no_memory(e);
	}
	return code;
}

const struct keep_value_source keep_value_source_dev = {
	.name = path, .list = list, .make = make, .open = open_values,
};
