/* secrets.json of leap. Values are only ever in locked memory, and in no
 * message. */
#include <inttypes.h>
#include "../expr/form.h"
#include "../instance/merge.h"
#include "../value_source.h"
#include "import.h"

enum { PICK_NAME = 128 };

struct moving {
	struct keep_leap *l;
	const char *path;
	struct keep_mem *locked;
	struct keep_secret_ids picks; /* of no environment */
	struct keep_err *e;
};

static int left(struct moving *v, const struct keep_json_member *m,
		const char *why)
{
	return keep_leap_left(v->l, &(struct keep_import_left){
		.file = keep_slice(v->path), .line = m->line,
		.original = m->key, .why = keep_slice(why),
	}, v->e);
}

/* A number was drawn by rand_range: no secret, one for all environments. */
static int pick(struct moving *v, const struct keep_json_member *m)
{
	const struct keep_secret_id id = {KEEP_S(""), m->key};
	struct keep_slice number, path;
	int rc;

	if (keep_secret_ids_has(&v->picks, id))
		return left(v, m, "the number is drawn in another "
			    "environment, too; the first is kept");
	number = keep_mem_print(v->l->m, "%" PRId64 "\n", m->value.number);
	path = keep_mem_print(v->l->m, "picks/%.*s", KEEP_F(m->key));
	if (!number.p || !path.p)
		return keep_no_memory(v->e);
	rc = keep_secret_ids_add(&v->picks, id, v->e);
	return rc ? rc : keep_leap_put(v->l, path.p, number, 0666, v->e);
}

/* One value; *is_secret: it goes to secrets.dev.json. */
static int value(struct moving *v, const struct keep_json_member *m,
		 bool *is_secret)
{
	*is_secret = false;
	if (!keep_form_name(m->key) || m->key.len > PICK_NAME)
		return left(v, m, "a name of a secret has a-z, 0-9, and behind "
			    "the first also . _ -");
	if (m->value.type == KEEP_JSON_INT)
		return pick(v, m);
	*is_secret = m->value.type == KEEP_JSON_TEXT;
	return *is_secret ? 0 : left(v, m, "neither a text nor a number");
}

static int environment(struct moving *v, struct keep_json_member *env)
{
	struct keep_json_member *kept;
	bool is_secret;
	uint32_t i, n = 0;
	int rc = 0;

	if (env->value.type != KEEP_JSON_OBJECT) {
		env->value = (struct keep_json){.type = KEEP_JSON_OBJECT};
		return left(v, env, "it holds no secrets by name");
	}
	kept = KEEP_NEWS(v->locked, env->value.n, struct keep_json_member);
	if (!kept)
		return keep_no_memory(v->e);
	for (i = 0; !rc && i < env->value.n; i++) {
		kept[n] = env->value.members[i];
		rc = value(v, &kept[n], &is_secret);
		n += is_secret;
	}
	env->value.members = kept;
	env->value.n = n;
	return rc;
}

static int write_out(struct moving *v, const struct keep_json *tree)
{
	struct keep_buf b = {.mem = v->locked};

	keep_json_put(&b, tree, KEEP_JSON_PRETTY);
	keep_buf_byte(&b, '\n');
	if (keep_buf_check(&b, v->e))
		return -KEEP_E_NO_MEMORY;
	return keep_leap_put(v->l, "secrets.dev.json", keep_buf_get(&b),
			     0600, v->e);
}

static int move(struct moving *v, const struct keep_json *tree)
{
	struct keep_json_member *envs = KEEP_NEWS(v->locked, tree->n,
						  struct keep_json_member);
	struct keep_json out = *tree;
	uint32_t i;
	int rc = 0;

	if (!envs)
		return keep_no_memory(v->e);
	for (i = 0; !rc && i < tree->n; i++) {
		envs[i] = tree->members[i];
		rc = environment(v, &envs[i]);
	}
	out.members = envs;
	return rc ? rc : write_out(v, &out);
}

int keep_leap_secrets(struct keep_leap *l, const char *path,
		      struct keep_err *e)
{
	KEEP_AUTO(keep_mem) locked = {.secret = true};
	const struct keep_json_source source = {keep_slice(path)};
	struct keep_problems ps = {.mem = &locked};
	struct moving v = {.l = l, .path = path, .locked = &locked,
			   .picks = {.mem = l->m}, .e = e};
	struct keep_slice text;
	struct keep_json tree;
	int rc = keep_leap_read(l, &locked, path, KEEP_SECRETS_DEV, &text, e);

	if (rc || !text.p)
		return rc;
	rc = keep_json_read(&locked, text, &source, KEEP_JSON_INSTANCE, &ps,
			    &tree);
	if (rc == -KEEP_E_NO_MEMORY)
		return keep_no_memory(e);
	/* what stands there may be a secret: only the place is told */
	if (rc || tree.type != KEEP_JSON_OBJECT) {
		keep_problem(l->ps, source.name, ps.first ? ps.first->line : 1,
			     ps.first ? ps.first->column : 1,
			     "this is no JSON object");
		return 0;
	}
	return move(&v, &tree);
}
