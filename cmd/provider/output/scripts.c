/* Scripts, read. */
#include "scripts.h"

static const char *const names[] = {
	"apply", "check", "recipe.json", "remove", "test",
};

/* Those of a service. */
struct keep_service_scripts {
	struct keep_slice service;
	struct keep_material_script v[KEEP_COUNT(names)];
	size_t n;
};

/* Where it lies: in the instance, else in the platform; absent: nowhere. */
static int read_one(struct keep_ctx *c, const struct keep_world *w,
		    struct keep_mem *m, struct keep_material_script *s,
		    struct keep_err *e)
{
	const struct keep_slice dirs[] = {KEEP_S("."), w->platform_path};
	struct keep_err why = {0};
	struct keep_slice path;
	size_t i;
	int code = -KEEP_E_NOT_FOUND;

	for (i = 0; i < KEEP_COUNT(dirs) && code == -KEEP_E_NOT_FOUND; i++) {
		if (!dirs[i].p)
			continue;
		path = keep_mem_print(m, "%.*s/recipes/%.*s/%.*s",
				      KEEP_F(dirs[i]), KEEP_F(s->service),
				      KEEP_F(s->name));
		if (!path.p)
			return keep_no_memory(e);
		code = keep_file_read(m, keep_fd_get(&c->instance), path.p,
				      KEEP_SCRIPT_MAX, &s->content, &why);
	}
	if (code && code != -KEEP_E_NOT_FOUND)
		*e = why;
	return code == -KEEP_E_NOT_FOUND ? 0 : code;
}

static int read_service(struct keep_ctx *c, const struct keep_world *w,
			struct keep_mem *m, struct keep_service_scripts *of,
			struct keep_err *e)
{
	struct keep_material_script s;
	size_t i;
	int code = 0;

	for (i = 0; i < KEEP_COUNT(names) && !code; i++) {
		s = (struct keep_material_script){
			.service = of->service, .name = keep_slice(names[i]),
		};
		code = read_one(c, w, m, &s, e);
		if (!code && s.content.p)
			of->v[of->n++] = s;
	}
	return code;
}

static const struct keep_service_scripts *find(const struct keep_scripts *known,
					       struct keep_slice service)
{
	const struct keep_service_scripts *v = (const void *)known->services.p;
	size_t i, n = known->services.len / sizeof *v;

	for (i = 0; i < n; i++)
		if (keep_slice_eq(v[i].service, service))
			return &v[i];
	return NULL;
}

static int put(struct keep_ctx *c, const struct keep_world *w,
	       struct keep_scripts *known, struct keep_slice service,
	       struct keep_buf *all, struct keep_err *e)
{
	const struct keep_service_scripts *of = find(known, service);
	struct keep_service_scripts new = {.service = service};

	if (!of) {
		if (read_service(c, w, known->mem, &new, e))
			return -e->code;
		keep_buf_put(&known->services, &new, sizeof new);
		of = &new;
	}
	keep_buf_put(all, of->v, of->n * sizeof *of->v);
	return keep_buf_check(&known->services, e);
}

/* Base is every node's, and may also be listed. */
int keep_scripts_read(struct keep_ctx *c, const struct keep_world *w,
		      struct keep_scripts *known, struct keep_material *m,
		      struct keep_err *e)
{
	struct keep_buf all = {.mem = c->mem};
	size_t i;
	int code = put(c, w, known, KEEP_S("base"), &all, e);

	for (i = 0; i < m->services.n && !code; i++)
		if (!keep_slice_is(m->services.v[i], "base"))
			code = put(c, w, known, m->services.v[i], &all, e);
	m->scripts = (const void *)all.p;
	m->n_scripts = all.len / sizeof *m->scripts;
	return code ? code : keep_buf_check(&all, e);
}
