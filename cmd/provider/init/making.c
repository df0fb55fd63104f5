/* Files of a new instance, one by one; and the copy of a platform. */
#include <dirent.h>
#include <fcntl.h>
#include "making.h"

static int remember(struct keep_making *k, const char *path,
		    struct keep_err *e)
{
	struct keep_slice *larger;

	if (k->n == k->cap) {
		k->cap = k->cap ? k->cap * 2 : 64;
		larger = KEEP_NEWS(k->m, k->cap, struct keep_slice);
		if (!larger)
			return keep_no_memory(e);
		if (k->n)
			memcpy(larger, k->v, k->n * sizeof *larger);
		k->v = larger;
	}
	k->v[k->n] = keep_mem_copy(k->m, keep_slice(path));
	return k->v[k->n++].p ? 0 : keep_no_memory(e);
}

static int make_parent(struct keep_making *k, const char *path,
		       struct keep_err *e)
{
	const char *slash = strrchr(path, '/');
	struct keep_slice parent;

	if (!slash)
		return 0;
	parent = keep_mem_copy(k->m, (struct keep_slice){
		path, (size_t)(slash - path)});
	return parent.p ? keep_dir_make(keep_fd_get(&k->root), parent.p, 0777,
					e) : keep_no_memory(e);
}

static int make(struct keep_making *k, const char *path,
		struct keep_slice bytes, mode_t mode, struct keep_err *e)
{
	KEEP_AUTO(keep_fd) fd = {0};
	int rc = make_parent(k, path, e);

	if (!rc)
		rc = keep_open(keep_fd_get(&k->root), path,
			       O_WRONLY | O_CREAT | O_EXCL, mode,
			       KEEP_NO_LINKS, &fd, e);
	return rc ? rc : keep_fd_write(keep_fd_get(&fd), bytes, e);
}

int keep_making_put(struct keep_making *k, const char *path,
		    struct keep_slice bytes, mode_t mode, struct keep_err *e)
{
	int rc = k->root.plus_one ? make(k, path, bytes, mode, e) : 0;

	return rc ? rc : remember(k, path, e);
}

/* --- the platform --------------------------------------------------------- */

static int copy_file(struct keep_making *k, int from, const char *path,
		     struct keep_err *e)
{
	KEEP_AUTO(keep_mem) mem = {0};
	struct keep_slice bytes, to;
	struct stat st;
	int rc;

	if (k->n >= KEEP_PLATFORM_FILES)
		return keep_fail(e, KEEP_E_TOO_LARGE, "the platform has more "
				 "than %d files", KEEP_PLATFORM_FILES);
	rc = keep_file_read(&mem, from, path, KEEP_PLATFORM_BYTES - k->bytes,
			    &bytes, e);
	if (rc)
		return rc;
	k->bytes += bytes.len;
	if (fstatat(from, path, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return keep_fail_errno(e, "%s", path);
	to = keep_mem_print(&mem, "%s%s", k->into, path);
	if (!to.p)
		return keep_no_memory(e);
	return keep_making_put(k, to.p, bytes, st.st_mode & 0100 ? 0777 : 0666,
			       e);
}

static int copy_dir(struct keep_making *k, int from, const char *path,
		    int depth, struct keep_err *e);

static int copy_entry(struct keep_making *k, int from, const char *path,
		      int depth, struct keep_err *e)
{
	struct stat st;

	if (fstatat(from, path, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return keep_fail_errno(e, "%s", path);
	if (S_ISDIR(st.st_mode))
		return copy_dir(k, from, path, depth + 1, e);
	if (S_ISREG(st.st_mode))
		return copy_file(k, from, path, e);
	return keep_fail(e, KEEP_E_BAD_ARGS, "%s: neither a file nor a "
			 "directory", path);
}

static int copy_dir(struct keep_making *k, int from, const char *path,
		    int depth, struct keep_err *e)
{
	struct keep_names names;
	struct keep_slice one;
	size_t i;
	int rc;

	if (depth > KEEP_PLATFORM_DEPTH)
		return keep_fail(e, KEEP_E_TOO_LARGE, "%s: directories are "
				 "more than %d deep", path,
				 KEEP_PLATFORM_DEPTH);
	rc = keep_dir_list(k->m, from, path, &names, e);
	for (i = 0; !rc && i < names.n; i++) {
		if (keep_slice_is(names.v[i].name, ".git")) {
			k->had_git = true;
			continue;
		}
		one = depth ? keep_mem_print(k->m, "%s/%.*s", path,
					     KEEP_F(names.v[i].name))
			    : names.v[i].name;
		rc = one.p ? copy_entry(k, from, one.p, depth, e)
			   : keep_no_memory(e);
	}
	return rc;
}

int keep_making_copy(struct keep_making *k, int from, const char *into,
		     struct keep_err *e)
{
	k->into = into;
	return copy_dir(k, from, ".", 0, e);
}

int keep_making_find(int dir_fd, const char *from, struct keep_fd *dir,
		     struct keep_err *e)
{
	struct stat st;
	int rc = keep_open(dir_fd, from, O_RDONLY | O_DIRECTORY, 0,
			   KEEP_BENEATH, dir, e);

	if (rc)
		return keep_err_at(e, "the platform");
	if (fstatat(keep_fd_get(dir), "provider_base", &st, 0) == 0)
		return 0;
	keep_fail(e, KEEP_E_BAD_ARGS, "%s is no platform", from);
	return keep_hint(e, "a platform has a directory provider_base");
}

int keep_making_platform(struct keep_making *k, const char *from,
			 struct keep_err *e)
{
	KEEP_AUTO(keep_fd) dir = {0};
	int rc = keep_making_find(AT_FDCWD, from, &dir, e);

	if (rc)
		return rc;
	rc = keep_making_copy(k, keep_fd_get(&dir), "platform/", e);
	return rc ? keep_err_at(e, "the platform %s", from) : 0;
}
