/* The JSON files that nodes inherit from, and those of nodes. */
#include <dirent.h>
#include <fcntl.h>
#include "../instance/merge.h"
#include "import.h"

/* The kinds, the older first; ONLY: the name that files there must have. */
static const struct {
	const char *dir, *only;
	char root;
} kinds[] = {
	{".", "provider", 'p'},
	{".", "common", 'n'},
	{"services", NULL, 'n'},
	{"tags", NULL, 'n'},
	{"nodes", NULL, 'n'},
};
enum { PROVIDER, COMMON, SERVICES, TAGS, NODES };

/* What stands before the first '.' */
static struct keep_slice first_part(struct keep_slice stem)
{
	const char *dot = memchr(stem.p, '.', stem.len);

	if (dot)
		stem.len = (size_t)(dot - stem.p);
	return stem;
}

static int put(struct keep_leap *l, const char *path, struct keep_slice text,
	       struct keep_err *e)
{
	const char *to = keep_mem_print(l->m, "%s%s", l->base, path).p;

	return to ? keep_leap_put(l, to, text, 0666, e)
		  : keep_no_memory(e);
}

/* STEM: the name of the file without ".json". */
static int import_layer(struct keep_leap *l, size_t kind, const char *path,
			struct keep_slice stem, struct keep_err *e)
{
	struct keep_leap_doc d = {.root = kinds[kind].root, .path = path};
	struct keep_slice text;
	int rc = keep_leap_read_json(l, &d, e);

	if (kind == PROVIDER)
		d.object = KEEP_S("provider");
	if (kind == SERVICES) {
		d.object = keep_mem_print(l->m, "services.%.*s",
					  KEEP_F(first_part(stem)));
		if (!d.object.p)
			return keep_no_memory(e);
	}
	if (rc || d.tree.type != KEEP_JSON_OBJECT)
		return rc;
	rc = keep_leap_rewrite(l, &d, &text, e);
	if (!rc && kind == NODES)
		rc = keep_leap_imply_tags(l, &text, e);
	if (!rc && kind == COMMON && l->base[0])
		rc = keep_leap_imply_x509(l, &text, e);
	if (!rc && kind == PROVIDER && l->base[0])
		rc = keep_leap_imply_publish(l, &text, e);
	if (!rc && kind != NODES)
		rc = keep_leap_lists_add(&l->lists, l->m, d.root, &d.tree, e);
	return rc ? rc : put(l, path, text, e);
}

/* Whether the name of a file is one that keep takes; *env: it has one. */
static bool check_name(struct keep_leap *l, size_t kind, const char *path,
		       struct keep_slice stem, bool *env)
{
	struct keep_slice name = first_part(stem);
	struct keep_slice rest = {stem.p + name.len, stem.len - name.len};

	if (rest.len) {
		rest.p++;
		rest.len--;
	}
	*env = name.len < stem.len && kind != NODES;
	if (kind == NODES ? keep_node_name_ok(stem)
			  : keep_object_name_ok(name) &&
			    (!*env || keep_node_name_ok(rest)))
		return true;
	keep_problem_in(l->ps, path, "'%.*s' is no name of a %s", KEEP_F(stem),
			kind == NODES ? "node" : "service or tag");
	return false;
}

static int file(struct keep_leap *l, size_t kind, const struct keep_name *n,
		bool of_envs, struct keep_err *e)
{
	static const char end[] = ".json";
	struct keep_slice stem = n->name;
	const char *path = keep_leap_path(l, kinds[kind].dir, n->name);
	bool env;

	if (!path)
		return keep_no_memory(e);
	if (n->type != DT_REG || !keep_leap_ends(n->name, end)) {
		if (of_envs || kinds[kind].only)
			return 0;
		return keep_leap_left_other(l, keep_slice(path), e);
	}
	stem.len -= sizeof end - 1;
	if (kinds[kind].only &&
	    !keep_slice_is(first_part(stem), kinds[kind].only))
		return 0;
	if (memchr(stem.p, '.', stem.len) ? !of_envs : of_envs)
		return 0;
	if (!check_name(l, kind, path, stem, &env))
		return 0;
	if (env && l->base[0])
		return keep_leap_left_file(l, keep_slice(path), "a platform of "
					   "keep has no environments", e);
	return import_layer(l, kind, path, stem, e);
}

int keep_leap_layers(struct keep_leap *l, struct keep_err *e)
{
	struct keep_names names;
	size_t kind, i, pass;
	int rc = 0;

	for (kind = 0; !rc && kind < KEEP_COUNT(kinds); kind++) {
		rc = keep_leap_list(l, kinds[kind].dir, &names, e);
		for (pass = 0; pass < 2; pass++)
			for (i = 0; !rc && i < names.n; i++)
				rc = file(l, kind, &names.v[i], pass == 1, e);
	}
	return rc;
}

/* --- the lists of a platform --------------------------------------------- */

static int learn(struct keep_leap *l, int dir_fd, size_t kind,
		 struct keep_slice name, struct keep_err *e)
{
	struct keep_json tree;
	const char *in = kinds[kind].dir;
	const char *path = keep_mem_print(l->m, "provider_base/%s/%.*s", in,
					  KEEP_F(name)).p;
	int rc = path ? keep_instance_json(l->m, dir_fd, path, l->ps, &tree, e)
		      : keep_no_memory(e);

	return rc ? rc : keep_leap_lists_add(&l->lists, l->m,
					     kinds[kind].root, &tree, e);
}

static int learn_kind(struct keep_leap *l, int dir_fd, size_t kind,
		      struct keep_err *e)
{
	struct keep_names names = {0};
	struct keep_err why = {0};
	const char *dir = keep_mem_print(l->m, "provider_base/%s",
					 kinds[kind].dir).p;
	struct keep_slice only;
	size_t i;
	int rc = dir ? keep_dir_list(l->m, dir_fd, dir, &names, &why)
		     : keep_no_memory(&why);

	if (rc == -KEEP_E_NOT_FOUND)
		return 0;
	if (rc)
		*e = why;
	only = keep_mem_print(l->m, "%s.json", kinds[kind].only ?
			      kinds[kind].only : "");
	for (i = 0; !rc && i < names.n; i++)
		if (keep_leap_ends(names.v[i].name, ".json") &&
		    (!kinds[kind].only ||
		     keep_slice_eq(names.v[i].name, only)))
			rc = learn(l, dir_fd, kind, names.v[i].name, e);
	return rc;
}

int keep_leap_platform_lists(struct keep_leap *l, int dir_fd,
			     struct keep_err *e)
{
	size_t kind;
	int rc = 0;

	for (kind = 0; !rc && kind < NODES; kind++)
		rc = learn_kind(l, dir_fd, kind, e);
	return rc;
}
