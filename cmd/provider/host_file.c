/* file('x'): files/x of the instance, else of its platform. */
#include <fcntl.h>
#include <keep/file.h>
#include "host.h"
#include "instance/instance.h"

static bool same(const void *array, uint32_t i, const void *key)
{
	const struct keep_cached *v = array;

	return keep_slice_eq(v[i].path, *(const struct keep_slice *)key);
}

/* Beneath DIR, which is itself beneath the instance. */
static int read_in(struct keep_sources *s, struct keep_slice dir,
		   struct keep_cached *out, struct keep_err *e)
{
	KEEP_AUTO(keep_fd) fd = {0};
	int code = keep_open(keep_fd_get(&s->c->instance), dir.p,
			     O_RDONLY | O_DIRECTORY, 0, KEEP_BENEATH, &fd, e);

	return code ? code : keep_file_read(s->mem, keep_fd_get(&fd),
					    out->path.p, KEEP_INSTANCE_FILE,
					    &out->content, e);
}

static int read_any(struct keep_world *w, struct keep_cached *out,
		    struct keep_err *e)
{
	struct keep_slice base = keep_mem_print(w->mem, "%.*s/files",
						KEEP_F(w->platform_path));
	struct keep_err why = {0};
	int code;

	if (!base.p)
		return keep_no_memory(e);
	code = read_in(w->host_data, KEEP_S("files"), out, &why);
	if (code == -KEEP_E_NOT_FOUND)
		code = read_in(w->host_data, base, out, &why);
	if (code == -KEEP_E_NOT_FOUND)
		return 0;
	if (code)
		*e = why;
	return code ? keep_err_at(e, "files") : 0;
}

static const struct keep_cached *cached_at(const struct keep_sources *s,
					   uint32_t i)
{
	return (const struct keep_cached *)(const void *)s->cache.p + i;
}

static int cached(struct keep_world *w, struct keep_slice path,
		  struct keep_slice *content, struct keep_err *e)
{
	struct keep_sources *s = w->host_data;
	struct keep_cached new = {keep_mem_copy(w->mem, path), {0}};
	uint32_t hash = keep_hash(0, path.p, path.len);
	uint32_t i = keep_index_find(&s->cache_ix, hash, same, s->cache.p,
				     &path);
	int code;

	if (i != KEEP_INDEX_NONE) {
		*content = cached_at(s, i)->content;
		return 0;
	}
	code = new.path.p ? read_any(w, &new, e) : keep_no_memory(e);
	if (code)
		return code;
	i = (uint32_t)(s->cache.len / sizeof new);
	keep_buf_put(&s->cache, &new, sizeof new);
	*content = new.content;
	return s->cache.failed ||
	       !keep_index_add(&s->cache_ix, s->mem, hash, i) ?
	       keep_no_memory(e) : 0;
}

int keep_host_file(struct keep_world *w, struct keep_slice path,
		   struct keep_slice *content, struct keep_err *e)
{
	int code = cached(w, path, content, e);

	if (code || content->p)
		return code;
	keep_fail(e, KEEP_E_NOT_FOUND, "files/%.*s: not found", KEEP_F(path));
	return keep_hint(e, "put it into files/; the platform has none, too");
}
