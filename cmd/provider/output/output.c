/* compiled/: compared, made anew beside it, exchanged. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#include <keep/file.h>
#include "made.h"
#include "tree.h"

/* Beneath .keep/, which git ignores; who is killed leaves it, and the next
 * one removes it. */
static const char compiled[] = "compiled", staged[] = ".keep/compiled.new";

static int by_name(const void *key, const void *v)
{
	const struct keep_name *name = v;

	return keep_slice_cmp(*(const struct keep_slice *)key, name->name);
}

static bool find(const struct keep_output *o, struct keep_slice name,
		 size_t *i)
{
	const struct keep_name *found =
		!o->names.n ? NULL : bsearch(&name, o->names.v, o->names.n,
					     sizeof *o->names.v, by_name);

	*i = found ? (size_t)(found - o->names.v) : 0;
	return found;
}

/* A file or a link there is somebody's own. */
static int refuse_others(int dir, struct keep_err *e)
{
	struct stat st;

	if (fstatat(dir, compiled, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
	    S_ISDIR(st.st_mode))
		return 0;
	keep_fail(e, KEEP_E_CONFLICT, "%s is no directory", compiled);
	return keep_hint(e, "move it away; compile makes a directory there");
}

int keep_output_open(struct keep_ctx *c, struct keep_output *o,
		     struct keep_err *e)
{
	int dir = keep_fd_get(&c->instance), code;
	struct keep_err why = {0};

	o->c = c;
	o->check = true;
	code = refuse_others(dir, e);
	if (code)
		return code;
	code = keep_open(dir, compiled, O_RDONLY | O_DIRECTORY, 0,
			 KEEP_NO_LINKS, &o->old, &why);
	if (code && code != -KEEP_E_NOT_FOUND)
		*e = why;
	return code == -KEEP_E_NOT_FOUND ? 0 : code;
}

int keep_output_list(struct keep_output *o, struct keep_err *e)
{
	int code = o->old.plus_one ? keep_made_read(o, e) : 0;

	if (code)
		return code;
	o->kept = KEEP_NEWS(o->c->mem, o->names.n, bool);
	return o->kept ? 0 : keep_no_memory(e);
}

int keep_output_begin(struct keep_ctx *c, bool check, struct keep_output *o,
		      struct keep_err *e)
{
	int code = keep_output_open(c, o, e);

	if (!code)
		code = keep_output_list(o, e);
	o->check = check;
	return code || check ? code :
	       keep_dir_remove(keep_fd_get(&c->instance), staged, e);
}

/* Whether the file of that path holds TEXT, and no more. What cannot be read
 * as a file does not. The calls are few, since they are most of a compile that
 * changes nothing. */
static int compare(struct keep_output *o, const char *path,
		   struct keep_slice text, bool *same, struct keep_err *e)
{
	KEEP_AUTO(keep_fd) fd = {0};
	int flags = O_RDONLY | O_NONBLOCK;
	struct keep_err why;
	char *was;
	ssize_t n;

	o->was.len = 0;
	was = keep_buf_grow(&o->was, text.len + 1);
	if (!was)
		return keep_no_memory(e);
	n = keep_open(keep_fd_get(&o->old), path, flags, 0, KEEP_NO_LINKS, &fd,
		      &why) ? -1 : read(keep_fd_get(&fd), was, text.len + 1);
	*same = n >= 0 && (size_t)n == text.len &&
		keep_bytes_equal(was, text.p, text.len);
	return 0;
}

static int stage(struct keep_output *o, struct keep_err *e)
{
	int dir = keep_fd_get(&o->c->instance), code;

	if (o->new.plus_one)
		return 0;
	code = keep_dir_make(dir, staged, 0755, e);
	return code ? code : keep_open(dir, staged, O_RDONLY | O_DIRECTORY, 0,
				       KEEP_NO_LINKS, &o->new, e);
}

static int write_new(struct keep_output *o, struct keep_slice path,
		     struct keep_slice text, bool stays,
		     struct keep_err *e)
{
	int code = stage(o, e);

	if (!code)
		code = keep_tree_new(o, path, e);
	if (!code && stays && keep_tree_again(o, path, text))
		return 0;
	if (!code)
		code = keep_tree_write(o, path, text, e);
	if (!code && stays)
		keep_tree_wrote(o, path, text);
	return code ? keep_err_at(e, "%s/%s", compiled, path.p) : 0;
}

/* The path outlives the caller's: the list of what was made names it. */
static int note(struct keep_output *o, struct keep_slice *path,
		struct keep_err *e)
{
	o->differ++;
	*path = keep_mem_copy(o->c->mem, *path);
	if (path->p && memchr(path->p, '/', path->len))
		keep_buf_put(&o->put, path, sizeof *path);
	return path->p && !o->put.failed ? 0 : keep_no_memory(e);
}

int keep_output_put(struct keep_output *o, struct keep_slice path,
		    struct keep_slice text, bool stays,
		    enum keep_state *state, struct keep_err *e)
{
	size_t i;
	bool was = find(o, path, &i), same = false;
	int code = was ? compare(o, path.p, text, &same, e) : 0;

	*state = same ? KEEP_SAME : was ? KEEP_CHANGED : KEEP_ADDED;
	if (was)
		o->kept[i] = same;
	if (!code && !same)
		code = note(o, &path, e);
	return code || same || o->check ? code :
	       write_new(o, path, text, stays, e);
}

static int exchange(struct keep_output *o, struct keep_err *e)
{
	int dir = keep_fd_get(&o->c->instance);
	KEEP_AUTO(keep_fd) keep = {0};
	unsigned flags = o->old.plus_one ? RENAME_EXCHANGE : RENAME_NOREPLACE;
	int code = keep_open(dir, ".keep", O_RDONLY | O_DIRECTORY, 0,
			     KEEP_NO_LINKS, &keep, e);

	if (code)
		return code;
	if (renameat2(dir, staged, dir, compiled, flags) != 0)
		return keep_fail_errno(e, "%s: exchanging", compiled);
	if (fsync(dir) != 0 || fsync(keep_fd_get(&keep)) != 0)
		return keep_fail_errno(e, "%s: syncing", compiled);
	return 0;
}

static bool differs(const struct keep_output *o)
{
	bool stale = false;
	size_t i;

	for (i = 0; i < o->names.n; i++)
		stale |= !o->kept[i];
	return stale || o->differ;
}

int keep_output_settle(struct keep_output *o, struct keep_sources *prepare,
		       bool *change, struct keep_err *e)
{
	int code = keep_made_put(o, e);

	*change = !code && differs(o);
	if (code || o->check)
		return code;
	if (*change)
		code = stage(o, e);
	if (!code && *change)
		code = keep_tree_link(o, e);
	if (!code && *change)
		code = keep_tree_sync(o, e);
	if (!code)
		code = keep_sources_save(prepare, e);
	return code || !*change ? code : exchange(o, e);
}

void keep_output_end(struct keep_output *o)
{
	keep_fd_end(&o->in_new.fd);
	keep_fd_end(&o->in_old.fd);
	if (o->new.plus_one)
		keep_ignore(keep_dir_remove(keep_fd_get(&o->c->instance),
					    staged, NULL),
			    "the next compile removes it");
	keep_fd_end(&o->new);
	keep_fd_end(&o->old);
	keep_buf_end(&o->put);
	keep_buf_end(&o->strays);
	keep_buf_end(&o->was);
}
