/* The files of an instance and of its platform, each read once. */
#include <fcntl.h>
#include <keep/file.h>
#include <keep/text.h>
#include "reading.h"

const char *keep_base_path(struct keep_reading *r, const char *path)
{
	struct keep_slice s = keep_mem_print(r->m, "%.*s/provider_base/%s",
					     KEEP_F(r->platform), path);

	return s.p;
}

static int parse(struct keep_mem *m, const char *path, struct keep_slice text,
		 struct keep_problems *ps, struct keep_json *out)
{
	struct keep_json_source *source = KEEP_NEW(m, struct keep_json_source);

	if (source)
		source->name = keep_mem_copy(m, keep_slice(path));
	if (!source || !source->name.p)
		return -KEEP_E_NO_MEMORY;
	return keep_json_read(m, text, source, KEEP_JSON_INSTANCE, ps, out);
}

int keep_instance_json(struct keep_mem *m, int dir_fd, const char *path,
		       struct keep_problems *ps, struct keep_json *out,
		       struct keep_err *e)
{
	KEEP_AUTO(keep_mem) mem = {0};
	struct keep_slice text;
	struct keep_err why = {0};
	int code = keep_file_read(&mem, dir_fd, path, KEEP_INSTANCE_FILE,
				  &text, &why);

	*out = (struct keep_json){0};
	if (code == -KEEP_E_NO_MEMORY)
		return keep_no_memory(e);
	if (code == -KEEP_E_NOT_FOUND)
		return keep_fail(e, KEEP_E_NOT_FOUND, "there is no %s", path);
	if (code) {
		keep_problem_why(ps, path, &why);
		return 0;
	}
	code = parse(m, path, text, ps, out);
	return code == -KEEP_E_NO_MEMORY ? keep_no_memory(e) : 0;
}

/* A link in what others wrote may lead to values that only this clone has. */
static bool is_private(const struct keep_reading *r, const char *path)
{
	static const char values[] = "secrets.dev.json";
	struct stat own, st;

	return fstatat(r->dir_fd, values, &own, AT_SYMLINK_NOFOLLOW) == 0 &&
	       fstatat(r->dir_fd, path, &st, 0) == 0 &&
	       st.st_dev == own.st_dev && st.st_ino == own.st_ino;
}

static int read_json(struct keep_reading *r, const char *path,
		     struct keep_json *out, struct keep_err *e)
{
	const struct keep_draft *draft = keep_draft_of(r, path);

	keep_see(r->w->seen, r->dir_fd, path);
	*out = (struct keep_json){0};
	if (!draft && is_private(r, path)) {
		keep_problem_in(r->ps, path, "it leads to the values of "
				"secrets");
		return 0;
	}
	if (!draft)
		return keep_instance_json(r->m, r->dir_fd, path, r->ps, out, e);
	return parse(r->m, path, draft->text, r->ps, out) == -KEEP_E_NO_MEMORY ?
	       keep_no_memory(e) : 0;
}

int keep_read_object(struct keep_reading *r, const char *path, bool must_exist,
		     struct keep_json *out, struct keep_err *e)
{
	size_t before = r->ps->total;
	struct keep_err why = {0};
	int code = read_json(r, path, out, &why);

	if (code == -KEEP_E_NOT_FOUND && must_exist)
		keep_problem_in(r->ps, path, "there is no such file");
	if (code)
		return code == -KEEP_E_NOT_FOUND ? 0 : keep_no_memory(e);
	if (r->ps->total > before || out->type == KEEP_JSON_OBJECT)
		return 0;
	keep_problem_at(r->ps, out, "the file must hold an object, not %s",
			keep_json_type_name(out->type));
	*out = (struct keep_json){0};
	return 0;
}

int keep_read_layer(struct keep_reading *r, const char *path,
		    struct keep_json *out, struct keep_err *e)
{
	struct keep_json file;
	size_t before = r->ps->total;
	int code = keep_read_object(r, path, true, &file, e);

	*out = file;
	out->mark = KEEP_MARK_BROKEN;
	if (code || file.type != KEEP_JSON_OBJECT)
		return code;
	file = keep_listed(r->m, &file, r->lists, r->n_lists);
	if (file.type == KEEP_JSON_OBJECT)
		*out = keep_layer(r->m, &file, r->ps);
	if (file.type != KEEP_JSON_OBJECT || out->type != KEEP_JSON_OBJECT)
		return keep_no_memory(e);
	if (r->ps->total > before)
		out->mark = KEEP_MARK_BROKEN;
	return 0;
}

struct keep_slice keep_split(struct keep_slice stem, struct keep_slice *rest)
{
	const char *dot = memchr(stem.p, '.', stem.len);
	struct keep_slice first = {stem.p, dot ? (size_t)(dot - stem.p)
					       : stem.len};

	*rest = (struct keep_slice){0};
	if (dot)
		*rest = (struct keep_slice){dot + 1, stem.len - first.len - 1};
	return first;
}

/* --- provider, common, services, tags ------------------------------------ */

static const struct {
	const char *dir, *only; /* only: the name that files there must have */
} places[KEEP_KINDS] = {
	[KEEP_PROVIDER] = {".", "provider"},
	[KEEP_COMMON] = {".", "common"},
	[KEEP_SERVICES] = {"services", NULL},
	[KEEP_TAGS] = {"tags", NULL},
};

/* Whether a file is to be read as a part; faults in its name are told. */
static bool is_part(struct keep_reading *r, const struct keep_part *p,
		    const char *path)
{
	bool ok = keep_object_name_ok(p->name);

	if (ok && !p->env.p)
		return true;
	if (!ok)
		keep_problem_in(r->ps, path, "a name has A-Z, a-z, 0-9, '_' "
				"and '-' only");
	else if (p->base)
		keep_problem_in(r->warn, path, "a platform has no "
				"environments; it is not read");
	else if (keep_slice_is(p->env, "default"))
		keep_problem_in(r->ps, path, "no file may be for 'default': "
				"nodes without an environment have the file "
				"without one");
	else if (!keep_node_name_ok(p->env))
		keep_problem_in(r->ps, path, "'%.*s' is no name of an "
				"environment", KEEP_F(p->env));
	else
		return true;
	return false;
}

static int add_part(struct keep_reading *r, struct keep_parts *to,
		    const struct keep_part *p, struct keep_err *e)
{
	struct keep_part *larger;

	if (to->n == to->cap) {
		to->cap = to->cap ? to->cap * 2 : 16;
		larger = KEEP_NEWS(r->m, to->cap, struct keep_part);
		if (!larger)
			return keep_no_memory(e);
		if (to->n)
			memcpy(larger, to->v, to->n * sizeof *larger);
		to->v = larger;
	}
	to->v[to->n++] = *p;
	return 0;
}

static void check_heads(struct keep_reading *r, enum keep_kind kind,
			const struct keep_part *p)
{
	const struct {
		const char *key, *by;
		bool may;
	} heads[] = {
		{"services", "common.json and nodes",
		 kind == KEEP_COMMON && !p->env.p},
		{"tags", "common.json and nodes",
		 kind == KEEP_COMMON && !p->env.p},
		{"environment", "tags and nodes",
		 kind == KEEP_TAGS && !p->env.p},
	};
	const struct keep_json *v;
	size_t i;

	for (i = 0; kind != KEEP_PROVIDER && i < KEEP_COUNT(heads); i++) {
		v = keep_member(&p->tree, heads[i].key);
		if (v->type != KEEP_JSON_NULL && !heads[i].may)
			keep_problem_at(r->ps, v, "'%s' can be set by %s only",
					heads[i].key, heads[i].by);
	}
}

static int read_part(struct keep_reading *r, enum keep_kind kind,
		     struct keep_slice stem, bool base, struct keep_err *e)
{
	const char *dir = places[kind].dir;
	bool in_root = dir[0] == '.';
	struct keep_part p = {.base = base};
	const struct keep_object *schema;
	struct keep_slice path;
	const char *file;
	int code;

	p.name = keep_split(stem, &p.env);
	if (places[kind].only && !keep_slice_is(p.name, places[kind].only))
		return 0;
	if (kind == KEEP_SERVICES && keep_slice_is(p.env, "schema"))
		return 0;
	path = keep_mem_print(r->m, "%s%s%.*s.json", in_root ? "" : dir,
			      in_root ? "" : "/", KEEP_F(stem));
	file = base && path.p ? keep_base_path(r, path.p) : path.p;
	if (!file)
		return keep_no_memory(e);
	if (!is_part(r, &p, file))
		return 0;
	code = keep_read_layer(r, file, &p.tree, e);
	if (code)
		return code;
	p.tree.type = KEEP_JSON_OBJECT; /* a faulty file leaves its name */
	schema = keep_objects_find(&r->schemas, p.name);
	if (kind == KEEP_SERVICES && schema && schema->tree.mark)
		p.tree.mark = KEEP_MARK_BROKEN;
	check_heads(r, kind, &p);
	return add_part(r, &r->kinds[kind], &p, e);
}

static int read_dir(struct keep_reading *r, enum keep_kind kind, bool base,
		    struct keep_err *e)
{
	const char *dir = places[kind].dir;
	struct keep_slices stems;
	size_t i;
	int code;

	if (base)
		dir = keep_base_path(r, dir);
	if (!dir)
		return keep_no_memory(e);
	code = keep_json_names(r, dir, &stems, e);
	r->kinds[kind].broken |= !stems.v;
	for (i = 0; !code && i < stems.n; i++)
		code = read_part(r, kind, stems.v[i], base, e);
	return code;
}

int keep_read_parts(struct keep_reading *r, struct keep_err *e)
{
	int kind, code = 0;

	for (kind = 0; kind < KEEP_KINDS && !code; kind++) {
		if (r->platform.p)
			code = read_dir(r, (enum keep_kind)kind, true, e);
		if (!code)
			code = read_dir(r, (enum keep_kind)kind, false, e);
	}
	return code;
}

/* --- nodes ---------------------------------------------------------------- */

static int by_name(const void *a, const void *b)
{
	return keep_slice_cmp(((const struct keep_node_file *)a)->name,
			      ((const struct keep_node_file *)b)->name);
}

static int read_node(struct keep_reading *r, struct keep_slice stem,
		     struct keep_err *e)
{
	struct keep_node_file *n = &r->nodes[r->n_nodes];
	struct keep_slice path = keep_mem_print(r->m, "nodes/%.*s.json",
						KEEP_F(stem));
	int code;

	if (!path.p)
		return keep_no_memory(e);
	if (!keep_node_name_ok(stem)) {
		keep_problem_in(r->ps, path.p, "'%.*s' is no name of a node",
				KEEP_F(stem));
		keep_problem_hint(r->ps, "a name has a-z, 0-9 and '-', no '-' "
				  "at its ends, and at most 63 bytes");
		r->lost = true;
		return 0;
	}
	n->name = stem;
	code = keep_read_layer(r, path.p, &n->tree, e);
	if (n->tree.type == KEEP_JSON_OBJECT)
		r->n_nodes++;
	else
		r->lost = true;
	return code;
}

int keep_read_nodes(struct keep_reading *r, struct keep_err *e)
{
	struct keep_slices stems;
	size_t i;
	int code = keep_json_names(r, "nodes", &stems, e);

	if (code)
		return code;
	r->lost = !stems.v;
	r->nodes = KEEP_NEWS(r->m, stems.n, struct keep_node_file);
	if (!r->nodes)
		return keep_no_memory(e);
	for (i = 0; !code && i < stems.n; i++)
		code = read_node(r, stems.v[i], e);
	qsort(r->nodes, r->n_nodes, sizeof *r->nodes, by_name);
	return code;
}
