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
static int read_in(struct keep_sources *s, struct keep_mem *m,
		   struct keep_slice root, const char *dir,
		   struct keep_cached *out, struct keep_err *e)
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
		code = keep_file_read(m, keep_fd_get(&fd), out->path.p,
				      KEEP_INSTANCE_FILE, &out->content, e);
	if (code)
		return code;
	out->name = keep_slice_is(root, ".") ?
		keep_mem_print(s->mem, "%s/%.*s", dir, KEEP_F(out->path)) :
		keep_mem_print(s->mem, "%.*s/%s/%.*s", KEEP_F(root), dir,
			       KEEP_F(out->path));
	return out->name.p ? 0 : keep_no_memory(e);
}

/* The content goes into M. */
static int read_any(struct keep_world *w, struct keep_mem *m,
		    struct keep_cached *out, struct keep_err *e)
{
	const char *own = places[out->place].own;
	struct keep_err why = {0};
	int code = read_in(w->host_data, m, KEEP_S("."), own, out, &why);

	if (code == -KEEP_E_NOT_FOUND && w->platform_path.p)
		code = read_in(w->host_data, m, w->platform_path,
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

/* Whether it is in files/ as it was hashed; else *new is how it stands, or
 * nothing. */
static const struct keep_stamp *stamped(struct keep_sources *s,
					const struct keep_cached *file,
					struct keep_stamp *new)
{
	KEEP_AUTO(keep_fd) fd = {0};
	struct keep_err why;

	*new = (struct keep_stamp){0};
	if (!s->files.plus_one || file->place != KEEP_IN_FILES ||
	    keep_open(keep_fd_get(&s->files), file->path.p, O_PATH, 0,
		      KEEP_BENEATH, &fd, &why) ||
	    !keep_look(keep_fd_get(&fd), "", &new->as))
		return NULL;
	return keep_stamps_find(&s->stamps, &new->as);
}

static int hash(struct keep_sources *s, struct keep_slice content,
		struct keep_stamp *new, struct keep_err *e)
{
	int code = s->later->git_id(content, false, new->git_id, e);

	s->later->sha256(content, new->sha256);
	if (!code && new->as.inode && new->as.size == content.len)
		keep_stamps_add(&s->stamps, new);
	new->as.size = content.len;
	return code;
}

static int set_source(struct keep_world *w, const struct keep_stamp *from,
		      struct keep_cached *out, struct keep_err *e)
{
	out->source = KEEP_NEW(w->mem, struct keep_material_source);
	if (!out->source)
		return keep_no_memory(e);
	*out->source = (struct keep_material_source){
		.len = from->as.size, .world = w, .path = out->path};
	memcpy(out->source->sha256, from->sha256, KEEP_SHA256_LEN);
	memcpy(out->source->git_id, from->git_id, KEEP_GIT_ID);
	return 0;
}

/* What holds the form of a secret is held, so that it can be shown, and never
 * has a stamp. */
static int read_later(struct keep_world *w, struct keep_cached *out,
		      struct keep_err *e)
{
	struct keep_sources *s = w->host_data;
	KEEP_AUTO(keep_mem) brief = {0};
	struct keep_stamp new;
	const struct keep_stamp *known = stamped(s, out, &new);
	int code = known ? 0 : read_any(w, &brief, out, e);

	if (known)
		return set_source(w, known, out, e);
	if (code || !out->content.p)
		return code;
	out->has_form = keep_form_find(out->content, &out->form);
	if (out->has_form) {
		out->content = keep_mem_copy(w->mem, out->content);
		return out->content.p ? 0 : keep_no_memory(e);
	}
	code = hash(s, out->content, &new, e);
	out->content = (struct keep_slice){0};
	return code ? code : set_source(w, &new, out, e);
}

static int read_now(struct keep_world *w, struct keep_cached *out,
		    struct keep_err *e)
{
	int code = read_any(w, w->mem, out, e);

	out->has_form = !code && keep_form_find(out->content, &out->form);
	return code;
}

int keep_material_read(struct keep_material_source *s, struct keep_err *e)
{
	struct keep_cached found = {.place = KEEP_IN_FILES, .path = s->path};
	const struct keep_sources *of = s->world->host_data;
	uint8_t hash[KEEP_SHA256_LEN];
	int code = s->content.p ? 0 :
		   read_any(s->world, s->world->mem, &found, e);

	if (code || s->content.p)
		return code;
	of->later->sha256(found.content, hash);
	if (!found.content.p ||
	    !keep_bytes_equal(hash, s->sha256, sizeof hash))
		return keep_fail(e, KEEP_E_CONFLICT, "files/%.*s was changed "
				 "meanwhile", KEEP_F(s->path));
	s->content = found.content;
	return 0;
}

static int cached(struct keep_world *w, struct keep_cached *out, bool held,
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
	code = !out->path.p ? keep_no_memory(e) :
	       held ? read_now(w, out, e) : read_later(w, out, e);
	if (code)
		return code;
	i = (uint32_t)(s->cache.len / sizeof *out);
	keep_buf_put(&s->cache, out, sizeof *out);
	return s->cache.failed ||
	       !keep_index_add(&s->cache_ix, s->mem, hash, i) ?
	       keep_no_memory(e) : 0;
}

static int find(struct keep_world *w, bool held, struct keep_cached *out,
		struct keep_err *e)
{
	const char *own = places[out->place].own;
	int code = cached(w, out, held, e);

	if (code || out->content.p || out->source)
		return code;
	keep_fail(e, KEEP_E_NOT_FOUND, "%s/%.*s: not found", own,
		  KEEP_F(out->path));
	return keep_hint(e, "put it into %s/; the platform has none, too",
			 own);
}

int keep_host_find(struct keep_world *w, enum keep_place place,
		   struct keep_slice path, struct keep_cached *out,
		   struct keep_err *e)
{
	int code;

	*out = (struct keep_cached){.place = place, .path = path};
	code = find(w, true, out, e);
	if (!code && out->source)
		code = keep_material_read(out->source, e);
	if (!code && out->source)
		out->content = out->source->content;
	return code;
}

int keep_host_source(struct keep_world *w, struct keep_slice path,
		     struct keep_cached *out, struct keep_err *e)
{
	const struct keep_sources *s = w->host_data;

	*out = (struct keep_cached){.place = KEEP_IN_FILES, .path = path};
	return find(w, !s->later, out, e);
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
