/* What differs between two platforms. */
#include <fcntl.h>
#include <stdlib.h>
#include <keep/text.h>
#include "update.h"

/* A file of one of them; bytes absent: it has none of that path. */
struct side {
	struct keep_slice bytes;
	bool runs; /* it is executable */
};

/* The lists of the result as they grow. */
struct report {
	struct keep_update *u;
	struct keep_buf added, changed, removed, diff;
};

int keep_update_by_bytes(const void *a, const void *b)
{
	return keep_slice_cmp(*(const struct keep_slice *)a,
			      *(const struct keep_slice *)b);
}

static int list(struct keep_making *k, const struct keep_fd *dir,
		struct keep_err *e)
{
	int rc = 0;

	if (dir->plus_one)
		rc = keep_making_copy(k, keep_fd_get(dir), "", e);
	if (!rc && k->n)
		qsort(k->v, k->n, sizeof *k->v, keep_update_by_bytes);
	return rc;
}

static int read_side(struct keep_mem *m, const struct keep_fd *dir,
		     struct keep_slice path, struct side *out,
		     struct keep_err *e)
{
	struct stat st;

	if (fstatat(keep_fd_get(dir), path.p, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return keep_fail_errno(e, "%s", path.p);
	out->runs = st.st_mode & 0100;
	return keep_file_read(m, keep_fd_get(dir), path.p,
			      KEEP_PLATFORM_BYTES, &out->bytes, e);
}

static int put_diff(struct report *r, const char *name, const struct side *old,
		    const struct side *new, struct keep_err *e)
{
	struct keep_buf *all = &r->diff;
	size_t before = all->len;
	int rc;

	if (r->u->r->cut)
		return 0;
	rc = r->u->git->diff(old->bytes, new->bytes, name, all, e);
	if (!rc && all->len > KEEP_PLATFORM_DIFF) {
		r->u->r->cut = true;
		all->len = before;
	}
	return rc;
}

static bool same(const struct side *old, const struct side *new)
{
	return old->bytes.p && new->bytes.p && old->runs == new->runs &&
	       keep_slice_eq(old->bytes, new->bytes);
}

static int put(struct report *r, struct keep_slice path,
	       const struct side *old, const struct side *new,
	       struct keep_err *e)
{
	struct keep_mem *m = r->u->c->mem;
	struct keep_buf *to = !old->bytes.p ? &r->added :
			      !new->bytes.p ? &r->removed : &r->changed;
	struct keep_slice name, raw;

	if (same(old, new))
		return 0;
	raw = keep_mem_print(m, "%.*s/%.*s", KEEP_F(r->u->path),
			     KEEP_F(path));
	if (!raw.p)
		return keep_no_memory(e);
	name = keep_text_safe(m, raw, raw.len * 4);
	keep_buf_put(to, &name, sizeof name);
	if (old->bytes.p)
		keep_buf_put(&r->u->gone, &raw, sizeof raw);
	if (to->failed || r->u->gone.failed)
		return keep_no_memory(e);
	return put_diff(r, name.p, old, new, e);
}

/* Which of them has the next path: the old one below 0, both 0. */
static int next(struct keep_update *u, size_t i, size_t j)
{
	return i == u->was.n ? 1 : j == u->now.n ? -1 :
	       keep_slice_cmp(u->was.v[i], u->now.v[j]);
}

static int compare(struct report *r, struct keep_err *e)
{
	KEEP_AUTO(keep_mem) mem = {0};
	struct keep_update *u = r->u;
	size_t i = 0, j = 0;
	int rc = 0, order;

	while (!rc && (i < u->was.n || j < u->now.n)) {
		struct side old = {0}, new = {0};
		struct keep_slice path;

		order = next(u, i, j);
		path = order <= 0 ? u->was.v[i] : u->now.v[j];
		if (order <= 0)
			rc = read_side(&mem, &u->old, u->was.v[i++], &old, e);
		if (!rc && order >= 0)
			rc = read_side(&mem, &u->new, u->now.v[j++], &new, e);
		if (!rc)
			rc = put(r, path, &old, &new, e);
		keep_mem_reset(&mem);
	}
	return rc;
}

static struct keep_slices slices(const struct keep_buf *b)
{
	return (struct keep_slices){(const void *)keep_buf_get(b).p,
				    b->len / sizeof(struct keep_slice)};
}

int keep_update_compare(struct keep_update *u, struct keep_err *e)
{
	struct keep_mem *m = u->c->mem;
	struct report r = {u, {.mem = m}, {.mem = m}, {.mem = m}, {.mem = m}};
	int rc;

	u->was.m = u->now.m = u->gone.mem = m;
	rc = list(&u->was, &u->old, e);
	if (rc)
		return keep_err_at(e, "%.*s", KEEP_F(u->path));
	rc = list(&u->now, &u->new, e);
	if (!rc)
		rc = u->git->begin(e);
	if (rc)
		return keep_err_at(e, "the new platform");
	rc = compare(&r, e);
	u->git->end();
	if (rc)
		return rc;
	u->r->added = slices(&r.added);
	u->r->changed = slices(&r.changed);
	u->r->removed = slices(&r.removed);
	u->r->diff = keep_buf_get(&r.diff);
	return 0;
}
