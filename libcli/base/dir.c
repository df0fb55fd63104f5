/* Directories: made, listed, removed. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>
#include "base.h"

/* Each level holds a descriptor. */
enum { DEPTH_MAX = 256 };

struct dir {
	DIR *handle;
};

static void dir_end(struct dir *d)
{
	if (d->handle)
		closedir(d->handle);
}

static int open_dir(int dir_fd, const char *path, enum keep_beneath how,
		    struct dir *out, struct keep_err *e)
{
	KEEP_AUTO(keep_fd) fd = {0};
	int rc = keep_open(dir_fd, path, O_RDONLY | O_DIRECTORY, 0, how, &fd,
			   e);

	if (rc)
		return rc;
	out->handle = fdopendir(keep_fd_get(&fd));
	if (!out->handle)
		return keep_fail_errno(e, "%s", path);
	keep_take(&fd);
	return 0;
}

/* The next entry but . and ..; *out is NULL at the end. */
static int next(const struct dir *d, struct dirent **out, struct keep_err *e)
{
	do {
		errno = 0;
		*out = readdir(d->handle);
	} while (*out && (!strcmp((*out)->d_name, ".") ||
			  !strcmp((*out)->d_name, "..")));
	return !*out && errno ? keep_fail_errno(e, "reading a directory") : 0;
}

static int make_one(int dir_fd, const char *path, mode_t mode,
		    struct keep_err *e)
{
	KEEP_AUTO(keep_fd) parent = {0};
	const char *name;
	int rc = keep_open_parent(dir_fd, path, &parent, &name, e);

	if (rc)
		return rc;
	if (mkdirat(keep_fd_get(&parent), name, mode) != 0 && errno != EEXIST)
		return keep_fail_errno(e, "%s", path);
	return 0;
}

/* Whether P begins with a name that can be made. */
static bool is_name(const char *p, size_t len)
{
	return len > 0 && !(len == 1 && p[0] == '.') &&
	       !(len == 2 && p[0] == '.' && p[1] == '.');
}

int keep_dir_make(int dir_fd, const char *path, mode_t mode,
		  struct keep_err *e)
{
	KEEP_AUTO(keep_fd) made = {0};
	char part[PATH_MAX];
	const char *p = path;
	size_t len;
	int rc = 0;

	if (strlen(path) >= sizeof part) {
		errno = ENAMETOOLONG;
		return keep_fail_errno(e, "%.100s...", path);
	}
	for (; !rc && *p; p += len + (p[len] == '/')) {
		len = strcspn(p, "/");
		snprintf(part, sizeof part, "%.*s",
			 (int)(p - path) + (int)len, path);
		if (is_name(p, len))
			rc = make_one(dir_fd, part, mode, e);
	}
	/* Is what was there before a directory, and beneath? */
	return rc ? rc : keep_open(dir_fd, path, O_PATH | O_DIRECTORY, 0,
				   KEEP_BENEATH, &made, e);
}

static int empty(int dir_fd, const char *name, unsigned depth,
		 struct keep_err *e);

static int remove_one(int dir_fd, const char *name, unsigned depth,
		      struct keep_err *e)
{
	int rc;

	if (unlinkat(dir_fd, name, 0) == 0 || errno == ENOENT)
		return 0;
	if (errno != EISDIR)
		return keep_fail_errno(e, "%s", name);
	rc = empty(dir_fd, name, depth, e);
	if (!rc && unlinkat(dir_fd, name, AT_REMOVEDIR) != 0 &&
	    errno != ENOENT)
		rc = keep_fail_errno(e, "%s", name);
	return rc;
}

static int empty(int dir_fd, const char *name, unsigned depth,
		 struct keep_err *e)
{
	KEEP_AUTO(dir) d = {0};
	struct dirent *entry = NULL;
	int rc;

	if (depth == DEPTH_MAX)
		return keep_fail(e, KEEP_E_TOO_LARGE,
				 "%s: more than %d directories deep", name,
				 DEPTH_MAX);
	rc = open_dir(dir_fd, name, KEEP_NO_LINKS, &d, e);
	if (!rc)
		rc = next(&d, &entry, e);
	while (!rc && entry) {
		rc = remove_one(dirfd(d.handle), entry->d_name, depth + 1, e);
		if (!rc)
			rc = next(&d, &entry, e);
	}
	return rc;
}

int keep_dir_remove(int dir_fd, const char *path, struct keep_err *e)
{
	KEEP_AUTO(keep_fd) parent = {0};
	struct keep_err why = {0};
	const char *name;
	int rc = keep_open_parent(dir_fd, path, &parent, &name, &why);

	if (rc == -KEEP_E_NOT_FOUND)
		return 0;
	if (!rc)
		rc = remove_one(keep_fd_get(&parent), name, 0, &why);
	if (rc)
		keep_err_at(&why, "removing %s", path);
	if (rc && e)
		*e = why;
	return rc;
}

static unsigned char type_of(const struct dir *d, const struct dirent *entry)
{
	struct stat st;

	if (entry->d_type != DT_UNKNOWN ||
	    fstatat(dirfd(d->handle), entry->d_name, &st,
		    AT_SYMLINK_NOFOLLOW) != 0)
		return entry->d_type;
	return (unsigned char)IFTODT(st.st_mode);
}

/* As many names as there are, behind one another in b. */
static int collect(struct keep_mem *m, const struct dir *d, struct keep_buf *b,
		   struct keep_err *e)
{
	struct dirent *entry = NULL;
	struct keep_name n;
	int rc;

	while ((rc = next(d, &entry, e)) == 0 && entry) {
		n = (struct keep_name){
			keep_mem_copy(m, keep_slice(entry->d_name)),
			type_of(d, entry), entry->d_ino,
		};
		keep_buf_put(b, &n, sizeof n);
		if (!n.name.p || b->failed)
			return keep_no_memory(e);
	}
	return rc;
}

static int by_name(const void *a, const void *b)
{
	const struct keep_name *x = a, *y = b;

	return keep_slice_cmp(x->name, y->name);
}

int keep_dir_list(struct keep_mem *m, int dir_fd, const char *path,
		  struct keep_names *out, struct keep_err *e)
{
	KEEP_AUTO(dir) d = {0};
	struct keep_buf b = {.mem = m};
	struct keep_name *v;
	int rc = open_dir(dir_fd, path, KEEP_BENEATH, &d, e);

	if (!rc)
		rc = collect(m, &d, &b, e);
	if (rc)
		return rc;
	v = b.len ? (void *)b.p : KEEP_NEW(m, struct keep_name);
	if (!v)
		return keep_no_memory(e);
	*out = (struct keep_names){v, b.len / sizeof *v};
	qsort(v, out->n, sizeof *v, by_name);
	return 0;
}
