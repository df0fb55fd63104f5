/* Reading a leap instance, of which nothing is trusted. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <keep/text.h>
#include "../instance/merge.h"
#include "import.h"

const char *keep_leap_path(struct keep_leap *l, const char *dir,
			   struct keep_slice name)
{
	if (dir[0] == '.' && !dir[1])
		return keep_mem_copy(l->m, name).p;
	return keep_mem_print(l->m, "%s/%.*s", dir, KEEP_F(name)).p;
}

bool keep_leap_ends(struct keep_slice s, const char *end)
{
	size_t len = strlen(end);

	return s.len > len &&
	       keep_bytes_equal(s.p + s.len - len, end, len);
}

/* Whether a name may be read; *type is DT_REG or DT_DIR then. */
static bool is_readable(struct keep_leap *l, const char *path,
			unsigned char *type)
{
	struct stat st;

	if (!keep_utf8_ok(keep_slice(path)))
		keep_problem_in(l->ps, path, "the name is not UTF-8");
	else if (fstatat(keep_fd_get(&l->from), path, &st,
			 AT_SYMLINK_NOFOLLOW) != 0)
		keep_problem_in(l->ps, path, "it cannot be read: %s",
				strerror(errno));
	else if (S_ISLNK(st.st_mode))
		keep_problem_in(l->ps, path, "it is a symbolic link, which "
				"import does not follow");
	else if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		keep_problem_in(l->ps, path, "neither a file nor a directory");
	else {
		*type = S_ISDIR(st.st_mode) ? DT_DIR : DT_REG;
		return true;
	}
	return false;
}

int keep_leap_list(struct keep_leap *l, const char *dir,
		   struct keep_names *out, struct keep_err *e)
{
	struct keep_err why = {0};
	struct keep_names all = {0};
	struct keep_name *v;
	const char *path;
	size_t i, n = 0;
	int rc = keep_dir_list(l->m, keep_fd_get(&l->from), dir, &all, &why);

	*out = (struct keep_names){0};
	if (rc == -KEEP_E_NOT_FOUND)
		return 0;
	if (rc == -KEEP_E_NO_MEMORY)
		return keep_no_memory(e);
	if (rc)
		keep_problem_why(l->ps, dir, &why);
	v = KEEP_NEWS(l->m, all.n, struct keep_name);
	if (!v)
		return keep_no_memory(e);
	for (i = 0; i < all.n; i++) {
		path = keep_leap_path(l, dir, all.v[i].name);
		if (!path)
			return keep_no_memory(e);
		v[n] = all.v[i];
		n += keep_slice_starts(v[n].name, ".git") ? 0 :
		     is_readable(l, path, &v[n].type);
	}
	*out = (struct keep_names){v, n};
	return 0;
}

static int too_many(const struct keep_leap *l, struct keep_err *e)
{
	if (l->n_read > KEEP_LEAP_FILES)
		return keep_fail(e, KEEP_E_TOO_LARGE, "there are more than %d "
				 "files to import", KEEP_LEAP_FILES);
	if (l->bytes_read > KEEP_LEAP_BYTES)
		return keep_fail(e, KEEP_E_TOO_LARGE, "the files to import "
				 "have more than %d MiB",
				 KEEP_LEAP_BYTES >> 20);
	return 0;
}

static int read_regular(struct keep_leap *l, struct keep_mem *m,
			const char *path, size_t max,
			struct keep_slice *bytes, struct keep_err *why)
{
	KEEP_AUTO(keep_fd) fd = {0};
	struct stat st;
	int rc = keep_open(keep_fd_get(&l->from), path,
			   O_RDONLY | O_NONBLOCK | O_NOCTTY, 0, KEEP_NO_LINKS,
			   &fd, why);

	if (rc)
		return rc;
	if (fstat(keep_fd_get(&fd), &st) != 0)
		return keep_fail_errno(why, "%s", path);
	if (!S_ISREG(st.st_mode))
		return keep_fail(why, KEEP_E_IO, "%s: not a regular file",
				 path);
	return keep_fd_read(m, keep_fd_get(&fd), max, bytes, why);
}

int keep_leap_read(struct keep_leap *l, struct keep_mem *m, const char *path,
		   size_t max, struct keep_slice *bytes, struct keep_err *e)
{
	struct keep_err why = {0};
	int rc;

	*bytes = (struct keep_slice){0};
	rc = read_regular(l, m, path, max, bytes, &why);
	if (rc == -KEEP_E_NO_MEMORY)
		return keep_no_memory(e);
	if (rc) {
		keep_problem_why(l->ps, path, &why);
		*bytes = (struct keep_slice){0};
		return 0;
	}
	l->n_read++;
	l->bytes_read += bytes->len;
	return too_many(l, e);
}

int keep_leap_read_json(struct keep_leap *l, struct keep_leap_doc *d,
			struct keep_err *e)
{
	struct keep_json_source *source = KEEP_NEW(l->m,
						   struct keep_json_source);
	int rc = keep_leap_read(l, l->m, d->path, KEEP_INSTANCE_FILE,
				&d->text, e);

	d->tree = (struct keep_json){0};
	if (rc || !d->text.p)
		return rc;
	if (!source)
		return keep_no_memory(e);
	source->name = keep_slice(d->path);
	rc = keep_json_read(l->m, d->text, source, KEEP_JSON_INSTANCE, l->ps,
			    &d->tree);
	if (rc == -KEEP_E_NO_MEMORY)
		return keep_no_memory(e);
	if (rc || d->tree.type == KEEP_JSON_OBJECT)
		return 0;
	keep_problem_at(l->ps, &d->tree, "the file must hold an object, not "
			"%s", keep_json_type_name(d->tree.type));
	d->tree = (struct keep_json){0};
	return 0;
}
