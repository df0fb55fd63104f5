#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include <keep/file.h>
#include "made.h"
#include "tree.h"

enum {
	DEPTH_MAX = 256,
	/* So many files and directories are synced one by one; more of them
	 * all at once. */
	SYNC_EACH = 32,
	/* Of a file. The old tree has as many beside the new one, and ext4
	 * bears 65,000: beyond that what is kept is copied. */
	NAMES_MAX = 30000,
};

const char *keep_tree_name(struct keep_slice path)
{
	const char *slash = memrchr(path.p, '/', path.len);

	return slash ? slash + 1 : path.p;
}

static struct keep_slice dir_of(struct keep_slice path)
{
	size_t len = (size_t)(keep_tree_name(path) - path.p);

	return len ? (struct keep_slice){path.p, len - 1} : KEEP_S(".");
}

int keep_tree_at(struct keep_output *o, int root, struct keep_slice path,
		 struct keep_at *at, struct keep_err *e)
{
	struct keep_slice dir = dir_of(path);

	if (at->fd.plus_one && keep_slice_eq(at->dir, dir))
		return 0;
	keep_fd_end(&at->fd);
	at->dir = keep_mem_copy(o->c->mem, dir);
	if (!at->dir.p)
		return keep_no_memory(e);
	return keep_open(root, at->dir.p, O_RDONLY | O_DIRECTORY, 0,
			 KEEP_NO_LINKS, &at->fd, e);
}

int keep_tree_new(struct keep_output *o, struct keep_slice path,
		  struct keep_err *e)
{
	int new = keep_fd_get(&o->new), code = 0;
	struct keep_slice dir = dir_of(path);

	if (o->in_new.fd.plus_one && keep_slice_eq(o->in_new.dir, dir))
		return 0;
	dir = keep_mem_copy(o->c->mem, dir);
	if (!dir.p)
		return keep_no_memory(e);
	if (!keep_slice_is(dir, ".")) {
		code = keep_dir_make(new, dir.p, 0755, e);
		o->dirs++;
	}
	return code ? code : keep_tree_at(o, new, path, &o->in_new, e);
}

int keep_tree_write(struct keep_output *o, struct keep_slice path,
		    struct keep_slice text, struct keep_err *e)
{
	KEEP_AUTO(keep_fd) fd = {0};
	int code = keep_open(keep_fd_get(&o->in_new.fd), keep_tree_name(path),
			     O_WRONLY | O_CREAT | O_EXCL, 0644, KEEP_NO_LINKS,
			     &fd, e);

	if (!code)
		code = keep_fd_write(keep_fd_get(&fd), text, e);
	if (!code && o->written++ < SYNC_EACH && fsync(keep_fd_get(&fd)) != 0)
		code = keep_fail_errno(e, "writing");
	return code;
}

/* A file of the new tree. */
struct file {
	struct keep_slice path;
	unsigned names;
};

static void **file_of(struct keep_output *o, struct keep_slice text)
{
	return keep_ptrmap_at(&o->files, o->c->mem, text.len ? text.p : "",
			      text.len);
}

bool keep_tree_again(struct keep_output *o, struct keep_slice path,
		     struct keep_slice text)
{
	void **at = file_of(o, text);
	struct file *file = at ? *at : NULL;

	return file && file->names++ < NAMES_MAX &&
	       linkat(keep_fd_get(&o->new), file->path.p,
		      keep_fd_get(&o->in_new.fd), keep_tree_name(path), 0) == 0;
}

void keep_tree_wrote(struct keep_output *o, struct keep_slice path,
		     struct keep_slice text)
{
	void **at = file_of(o, text);
	struct file *file = at ? KEEP_NEW(o->c->mem, struct file) : NULL;

	if (!file)
		return; /* the next is written, too */
	*file = (struct file){path, 1};
	*at = file;
}

static int foreign(const char *what, struct keep_slice path,
		   struct keep_err *e)
{
	keep_fail(e, KEEP_E_CONFLICT, "compiled/%.*s is a %s that compile did "
		  "not make", KEEP_F(path), what);
	return keep_hint(e, "move it out of compiled/");
}

static int copy_one(struct keep_output *o, struct keep_slice path,
		    struct keep_err *e)
{
	KEEP_AUTO(keep_mem) mem = {0};
	struct keep_slice text;
	int code = keep_file_read(&mem, keep_fd_get(&o->in_old.fd),
				  keep_tree_name(path), SIZE_MAX, &text, e);

	if (!code)
		code = keep_tree_write(o, path, text, e);
	return code ? keep_err_at(e, "compiled") : 0;
}

static int link_one(struct keep_output *o, struct keep_slice path,
		    struct keep_err *e)
{
	const char *name = keep_tree_name(path);
	struct keep_err why = {0};
	int code = keep_tree_at(o, keep_fd_get(&o->old), path, &o->in_old,
				&why);

	if (code == -KEEP_E_NOT_FOUND)
		return 0;
	if (code)
		*e = why;
	if (!code)
		code = keep_tree_new(o, path, e);
	if (code)
		return keep_err_at(e, "compiled");
	if (linkat(keep_fd_get(&o->in_old.fd), name,
		   keep_fd_get(&o->in_new.fd), name, 0) == 0 ||
	    errno == ENOENT)
		return 0;
	if (errno == EEXIST)
		return foreign("file", path, e);
	if (errno == EMLINK)
		return copy_one(o, path, e);
	return keep_fail_errno(e, "compiled/%.*s: linking", KEEP_F(path));
}

/* A directory that is walked through, and its path in the tree. */
struct walk {
	struct keep_output *o;
	struct keep_slice path;
	unsigned depth;
	int fd;
};

/* What is done with each directory: NAMES lie in it. */
typedef int visit_fn(const struct walk *w, struct keep_names names,
		     struct keep_err *e);

static int walk(const struct walk *w, visit_fn *visit, struct keep_err *e);

static struct keep_slice below(const struct walk *w, struct keep_slice name)
{
	struct keep_mem *m = w->o->c->mem;

	return w->path.len ? keep_mem_print(m, "%.*s/%.*s", KEEP_F(w->path),
					    KEEP_F(name)) : name;
}

static int go_down(const struct walk *w, struct keep_slice name,
		   visit_fn *visit, struct keep_err *e)
{
	KEEP_AUTO(keep_fd) fd = {0};
	struct walk next = {w->o, below(w, name), w->depth + 1, 0};
	int code;

	if (!next.path.p)
		return keep_no_memory(e);
	if (next.depth == DEPTH_MAX)
		return keep_fail(e, KEEP_E_TOO_LARGE, "compiled: more than %d "
				 "directories deep", DEPTH_MAX);
	code = keep_open(w->fd, name.p, O_RDONLY | O_DIRECTORY, 0,
			 KEEP_NO_LINKS, &fd, e);
	next.fd = keep_fd_get(&fd);
	return code ? keep_err_at(e, "compiled") : walk(&next, visit, e);
}

static int walk(const struct walk *w, visit_fn *visit, struct keep_err *e)
{
	struct keep_names names;
	int code = keep_dir_list(w->o->c->mem, w->fd, ".", &names, e);
	size_t i;

	for (i = 0; i < names.n && !code; i++)
		if (names.v[i].type == DT_DIR)
			code = go_down(w, names.v[i].name, visit, e);
	return code ? code : visit(w, names, e);
}

/* Everything below the top should be our own. */
static int note_strays(const struct walk *w, struct keep_names names,
		       struct keep_err *e)
{
	struct keep_slice path;
	size_t i;

	for (i = 0; i < names.n && w->depth; i++) {
		if (names.v[i].type == DT_DIR)
			continue;
		path = below(w, names.v[i].name);
		if (!path.p)
			return keep_no_memory(e);
		if (!keep_made_has(w->o, path))
			keep_buf_put(&w->o->strays, &path, sizeof path);
	}
	return w->o->strays.failed ? keep_no_memory(e) : 0;
}

int keep_tree_strays(struct keep_output *o, struct keep_slices *out,
		     struct keep_err *e)
{
	struct walk top = {.o = o, .fd = keep_fd_get(&o->old)};
	int code = o->old.plus_one ? walk(&top, note_strays, e) : 0;

	*out = (struct keep_slices){(const void *)o->strays.p,
				    o->strays.len / sizeof *out->v};
	return code;
}

int keep_tree_link(struct keep_output *o, struct keep_err *e)
{
	struct keep_slices strays;
	int code = keep_tree_strays(o, &strays, e);
	size_t i;

	if (!code && strays.n)
		code = foreign("file", strays.v[0], e);
	for (i = 0; i < o->names.n && !code; i++)
		if (o->kept[i])
			code = link_one(o, o->names.v[i].name, e);
	return code;
}

static int sync_dir(const struct walk *w, struct keep_names names,
		    struct keep_err *e)
{
	(void)names;
	return fsync(w->fd) == 0 ? 0 : keep_fail_errno(e, "compiled: syncing");
}

int keep_tree_sync(struct keep_output *o, struct keep_err *e)
{
	struct walk top = {.o = o, .fd = keep_fd_get(&o->new)};

	if (o->written + o->dirs <= SYNC_EACH)
		return walk(&top, sync_dir, e);
	if (syncfs(top.fd) != 0 || fsync(top.fd) != 0)
		return keep_fail_errno(e, "compiled: syncing");
	return 0;
}
