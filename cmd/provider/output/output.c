/* compiled/: compared, made anew beside it, exchanged. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#include <keep/file.h>
#include "output.h"

/* Beneath .keep/, which git ignores; who is killed leaves it, and the next
 * one removes it. */
static const char compiled[] = "compiled", staged[] = ".keep/compiled.new";
/* So many files are synced one by one; more of them all at once. */
enum { SYNC_EACH = 32 };

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

int keep_output_begin(struct keep_ctx *c, bool check, struct keep_output *o,
		      struct keep_err *e)
{
	int dir = keep_fd_get(&c->instance), code;
	struct keep_err why = {0};

	o->c = c;
	o->check = check;
	code = refuse_others(dir, e);
	if (code)
		return code;
	code = keep_open(dir, compiled, O_RDONLY | O_DIRECTORY, 0,
			 KEEP_NO_LINKS, &o->old, &why);
	if (code == -KEEP_E_NOT_FOUND)
		code = 0;
	else if (!code)
		code = keep_dir_list(c->mem, keep_fd_get(&o->old), ".",
				     &o->names, &why);
	if (code) {
		*e = why;
		return code;
	}
	o->kept = KEEP_NEWS(c->mem, o->names.n, bool);
	if (!o->kept)
		return keep_no_memory(e);
	return check ? 0 : keep_dir_remove(dir, staged, e);
}

/* Whether the file of that name holds TEXT, and no more. What cannot be read
 * as a file does not. The calls are few, since they are most of a compile that
 * changes nothing. */
static int compare(struct keep_output *o, const char *name,
		   struct keep_slice text, bool *same, struct keep_err *e)
{
	int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
	KEEP_AUTO(keep_fd) fd = {0};
	char *was;
	ssize_t n;

	o->was.len = 0;
	was = keep_buf_grow(&o->was, text.len + 1);
	if (!was)
		return keep_no_memory(e);
	fd = keep_fd_of(openat(keep_fd_get(&o->old), name, flags));
	n = fd.plus_one ? read(keep_fd_get(&fd), was, text.len + 1) : -1;
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

static int write_new(struct keep_output *o, struct keep_slice name,
		     struct keep_slice text, struct keep_err *e)
{
	KEEP_AUTO(keep_fd) fd = {0};
	int code = stage(o, e);

	if (!code)
		code = keep_open(keep_fd_get(&o->new), name.p,
				 O_WRONLY | O_CREAT | O_EXCL, 0644,
				 KEEP_NO_LINKS, &fd, e);
	if (!code)
		code = keep_fd_write(keep_fd_get(&fd), text, e);
	if (!code && o->written++ < SYNC_EACH && fsync(keep_fd_get(&fd)) != 0)
		code = keep_fail_errno(e, "writing");
	return code ? keep_err_at(e, "%s/%s", compiled, name.p) : 0;
}

int keep_output_put(struct keep_output *o, struct keep_slice name,
		    struct keep_slice text, enum keep_state *state,
		    struct keep_err *e)
{
	size_t i;
	bool was = find(o, name, &i), same = false;
	int code = was ? compare(o, name.p, text, &same, e) : 0;

	*state = same ? KEEP_SAME : was ? KEEP_CHANGED : KEEP_ADDED;
	if (was)
		o->kept[i] = same;
	return code || same || o->check ? code : write_new(o, name, text, e);
}

static int link_kept(struct keep_output *o, struct keep_err *e)
{
	int old = keep_fd_get(&o->old), new = keep_fd_get(&o->new);
	const struct keep_name *n = o->names.v;
	size_t i;

	for (i = 0; i < o->names.n; i++) {
		if (n[i].type == DT_DIR) {
			keep_fail(e, KEEP_E_CONFLICT, "%s/%s is a directory "
				  "that compile did not make", compiled,
				  n[i].name.p);
			return keep_hint(e, "move it out of %s/", compiled);
		}
		if (!o->kept[i])
			continue;
		if (linkat(old, n[i].name.p, new, n[i].name.p, 0) != 0)
			return keep_fail_errno(e, "%s/%s: linking", compiled,
					       n[i].name.p);
	}
	return 0;
}

static int sync_all(const struct keep_output *o, struct keep_err *e)
{
	int new = keep_fd_get(&o->new);

	if ((o->written > SYNC_EACH && syncfs(new) != 0) || fsync(new) != 0)
		return keep_fail_errno(e, "%s: syncing", staged);
	return 0;
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
	return stale || o->new.plus_one;
}

int keep_output_settle(struct keep_output *o, struct keep_sources *prepare,
		       struct keep_err *e)
{
	bool change = differs(o);
	int code = change ? stage(o, e) : 0;

	if (!code && change)
		code = link_kept(o, e);
	if (!code && change)
		code = sync_all(o, e);
	if (!code)
		code = keep_sources_save(prepare, e);
	return code || !change ? code : exchange(o, e);
}

void keep_output_end(struct keep_output *o)
{
	if (o->new.plus_one)
		keep_ignore(keep_dir_remove(keep_fd_get(&o->c->instance),
					    staged, NULL),
			    "the next compile removes it");
	keep_fd_end(&o->new);
	keep_fd_end(&o->old);
	keep_buf_end(&o->was);
}
