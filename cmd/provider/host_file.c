/* file('x'): files/x of the instance, else of its platform. Templates alike. */
#include <fcntl.h>
#include <keep/file.h>
#include "expr/form.h"
#include "host.h"
#include "instance/instance.h"

static const struct {
	const char *own, *base; /* base: beneath the platform */
} places[] = {
	[KEEP_IN_FILES] = {"files", "files"},
	[KEEP_IN_TEMPLATES] = {"files/templates", "templates"},
};

static bool same(const void *array, uint32_t i, const void *key)
{
	const struct keep_cached *v = array, *wanted = key;

	return v[i].place == wanted->place &&
	       keep_slice_eq(v[i].path, wanted->path);
}

/* Beneath DIR of what lies at ROOT of the instance. DIR is no link: files/ that
 * leads to the top would give away secrets, and what git keeps to itself. */
static int read_in(struct keep_sources *s, struct keep_slice root,
		   const char *dir, struct keep_cached *out, struct keep_err *e)
{
	KEEP_AUTO(keep_fd) top = {0}, fd = {0};
	int code;

	code = keep_open(keep_fd_get(&s->c->instance), root.p,
			 O_RDONLY | O_DIRECTORY, 0, KEEP_BENEATH, &top, e);
	if (!code)
		code = keep_open(keep_fd_get(&top), dir,
				 O_RDONLY | O_DIRECTORY, 0, KEEP_NO_LINKS,
				 &fd, e);
	if (!code)
		code = keep_file_read(s->mem, keep_fd_get(&fd), out->path.p,
				      KEEP_INSTANCE_FILE, &out->content, e);
	if (code)
		return code;
	out->name = keep_slice_is(root, ".") ?
		keep_mem_print(s->mem, "%s/%.*s", dir, KEEP_F(out->path)) :
		keep_mem_print(s->mem, "%.*s/%s/%.*s", KEEP_F(root), dir,
			       KEEP_F(out->path));
	return out->name.p ? 0 : keep_no_memory(e);
}

static int read_any(struct keep_world *w, struct keep_cached *out,
		    struct keep_err *e)
{
	const char *own = places[out->place].own;
	struct keep_err why = {0};
	int code = read_in(w->host_data, KEEP_S("."), own, out, &why);

	if (code == -KEEP_E_NOT_FOUND && w->platform_path.p)
		code = read_in(w->host_data, w->platform_path,
			       places[out->place].base, out, &why);
	if (code == -KEEP_E_NOT_FOUND)
		return 0;
	if (code)
		*e = why;
	return code ? keep_err_at(e, "%s", own) : 0;
}

static const struct keep_cached *cached_at(const struct keep_sources *s,
					   uint32_t i)
{
	return (const struct keep_cached *)(const void *)s->cache.p + i;
}

static int cached(struct keep_world *w, struct keep_cached *out,
		  struct keep_err *e)
{
	struct keep_sources *s = w->host_data;
	uint32_t hash = keep_hash(out->place, out->path.p, out->path.len);
	uint32_t i = keep_index_find(&s->cache_ix, hash, same, s->cache.p, out);
	int code;

	if (i != KEEP_INDEX_NONE) {
		*out = *cached_at(s, i);
		return 0;
	}
	out->path = keep_mem_copy(w->mem, out->path);
	code = out->path.p ? read_any(w, out, e) : keep_no_memory(e);
	if (code)
		return code;
	out->has_form = keep_form_find(out->content, &out->form);
	i = (uint32_t)(s->cache.len / sizeof *out);
	keep_buf_put(&s->cache, out, sizeof *out);
	return s->cache.failed ||
	       !keep_index_add(&s->cache_ix, s->mem, hash, i) ?
	       keep_no_memory(e) : 0;
}

int keep_host_find(struct keep_world *w, enum keep_place place,
		   struct keep_slice path, struct keep_cached *out,
		   struct keep_err *e)
{
	const char *own = places[place].own;
	int code;

	*out = (struct keep_cached){.place = place, .path = path};
	code = cached(w, out, e);
	if (code || out->content.p)
		return code;
	keep_fail(e, KEEP_E_NOT_FOUND, "%s/%.*s: not found", own,
		  KEEP_F(path));
	return keep_hint(e, "put it into %s/; the platform has none, too",
			 own);
}

int keep_host_file(struct keep_world *w, struct keep_slice path,
		   struct keep_slice *content, struct keep_err *e)
{
	struct keep_cached found;
	int code = keep_host_find(w, KEEP_IN_FILES, path, &found, e);

	*content = found.content;
	return code;
}

int keep_host_template(struct keep_world *w, struct keep_slice path,
		       struct keep_slice *content, struct keep_slice *name,
		       struct keep_err *e)
{
	struct keep_cached found;
	int code = keep_host_find(w, KEEP_IN_TEMPLATES, path, &found, e);

	*content = found.content;
	*name = found.name;
	return code;
}
