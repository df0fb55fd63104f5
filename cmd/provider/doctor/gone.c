/* What is of a node, or of an environment, that is gone or never was. */
#include <dirent.h>
#include <keep/text.h>
#include "../instance/instance.h"
#include "doctor.h"

enum { PICK_MAX = 255 };

/* Whether no file makes a node of that name. */
static bool is_gone(const struct keep_doctor *d, struct keep_slice name)
{
	struct keep_slice path = keep_mem_print(d->m, "nodes/%.*s.json",
						KEEP_F(name));

	return path.p && keep_node_name_ok(name) &&
	       !keep_doctor_has(d, path.p);
}

static int tell_gone(const struct keep_doctor *d, struct keep_slice path,
		     struct keep_slice node, struct keep_err *e)
{
	if (!path.p)
		return keep_no_memory(e);
	return keep_doctor_off(d, path.p, keep_mem_print(d->m, "%.*s is of "
			       "the node %.*s, which is gone", KEEP_F(path),
			       KEEP_F(node)), e);
}

static int gone_facts(const struct keep_doctor *d, struct keep_err *e)
{
	struct keep_slice node;
	struct keep_names names;
	size_t i;
	int rc = keep_doctor_list(d, "facts", &names, e);

	for (i = 0; !rc && i < names.n; i++) {
		node = keep_doctor_stem(names.v[i].name);
		if (node.p && is_gone(d, node))
			rc = tell_gone(d, keep_doctor_join(d, "facts",
				       names.v[i].name), node, e);
	}
	return rc;
}

static int gone_files(const struct keep_doctor *d, struct keep_err *e)
{
	static const char dir[] = "files/nodes";
	struct keep_slice node;
	struct keep_names names;
	size_t i;
	int rc = keep_doctor_list(d, dir, &names, e);

	for (i = 0; !rc && i < names.n; i++) {
		node = names.v[i].name;
		if (names.v[i].type == DT_DIR && is_gone(d, node))
			rc = tell_gone(d, keep_doctor_join(d, dir, node), node,
				       e);
	}
	return rc;
}

/* What a pick holds, when it is not a number that was drawn. */
static struct keep_slice picked(const struct keep_doctor *d, const char *path)
{
	struct keep_slice text;
	int64_t drawn;

	if (keep_file_read(d->m, d->dir, path, PICK_MAX, &text, NULL))
		return (struct keep_slice){0};
	while (text.len && text.p[text.len - 1] == '\n')
		text.len--;
	return keep_num_int(text, &drawn) ? (struct keep_slice){0} : text;
}

static int gone_picks(const struct keep_doctor *d, struct keep_err *e)
{
	struct keep_slice path, node;
	struct keep_names names;
	size_t i;
	int rc = keep_doctor_list(d, "picks", &names, e);

	for (i = 0; !rc && i < names.n; i++) {
		path = keep_doctor_join(d, "picks", names.v[i].name);
		if (!path.p)
			return keep_no_memory(e);
		node = picked(d, path.p);
		if (!keep_doctor_is_off(path) && is_gone(d, node))
			rc = tell_gone(d, path, node, e);
	}
	return rc;
}

/* --- environments ------------------------------------------------------ */

/* ENV of NAME.ENV.json; absent: it is for all of them. */
static struct keep_slice env_of(struct keep_slice file)
{
	struct keep_slice stem = keep_doctor_stem(file);
	const char *dot = stem.p ? memchr(stem.p, '.', stem.len) : NULL;

	if (!dot)
		return (struct keep_slice){0};
	return (struct keep_slice){dot + 1,
				   stem.len - (size_t)(dot + 1 - stem.p)};
}

/* What is meant, when the name is taken for a slip of the hand. */
static struct keep_slice meant(const struct keep_doctor *d,
			       const struct keep_world *w,
			       struct keep_slice path, struct keep_slice env)
{
	struct keep_guess g = {.wanted = env};
	size_t i;

	for (i = 0; i < w->n_envs; i++)
		keep_guess_offer(&g, w->envs[i].name);
	return keep_mem_print(d->m, "%.*s%.*s.%s", (int)(path.len - env.len -
			      strlen(".json")), path.p, KEEP_F(g.best.p ?
			      g.best : env), g.best.p ? "json" : "json.off");
}

static int tell_env(const struct keep_doctor *d, const struct keep_world *w,
		    struct keep_slice path, struct keep_slice env,
		    struct keep_err *e)
{
	struct keep_slice better = meant(d, w, path, env), fault;

	if (!better.p)
		return keep_no_memory(e);
	fault = keep_mem_print(d->m, "%.*s: no node and no tag has the "
			       "environment '%.*s'", KEEP_F(path),
			       KEEP_F(env));
	return keep_doctor_has(d, better.p) ?
	       keep_doctor_off(d, path.p, fault, e) :
	       keep_doctor_move(d, path.p, better.p, fault, e);
}

static int envs_in(const struct keep_doctor *d, const struct keep_world *w,
		   const char *dir, struct keep_err *e)
{
	struct keep_slice path, env, name;
	struct keep_names names;
	size_t i;
	int rc = keep_doctor_list(d, dir, &names, e);

	for (i = 0; !rc && i < names.n; i++) {
		name = names.v[i].name;
		env = env_of(name);
		if (!env.p || keep_slice_is(env, "schema") ||
		    keep_world_env(w, env) ||
		    (dir[0] == '.' && !keep_slice_starts(name, "provider.") &&
		     !keep_slice_starts(name, "common.")))
			continue;
		path = keep_doctor_join(d, dir, name);
		rc = path.p ? tell_env(d, w, path, env, e)
			    : keep_no_memory(e);
	}
	return rc;
}

static int environments(const struct keep_doctor *d, struct keep_err *e)
{
	static const char *const dirs[] = {".", "services", "tags"};
	struct keep_problems ps = {.mem = d->m};
	struct keep_world w = {.mem = d->m};
	size_t i;
	int rc = keep_world_read(&w, d->dir, &ps, NULL, e);

	if (rc) /* what cannot be read is the matter of other checks */
		return rc == -KEEP_E_NO_MEMORY ? rc : 0;
	for (i = 0; !rc && i < KEEP_COUNT(dirs); i++)
		rc = envs_in(d, &w, dirs[i], e);
	return rc;
}

KEEP_CHECK(gone_facts)
KEEP_CHECK(gone_files)
KEEP_CHECK(gone_picks)
KEEP_CHECK(environments)
