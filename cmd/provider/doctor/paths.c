/* Paths of an instance: what is there, and the way to another place. */
#include <dirent.h>
#include <fcntl.h>
#include "doctor.h"

enum { DEPTH_MAX = 32 };

bool keep_doctor_has(const struct keep_doctor *d, const char *path)
{
	struct stat st;

	return fstatat(d->dir, path, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

struct keep_slice keep_doctor_join(const struct keep_doctor *d,
				   const char *dir, struct keep_slice name)
{
	bool is_top = strcmp(dir, ".") == 0;

	return keep_mem_print(d->m, "%s%s%.*s", is_top ? "" : dir,
			      is_top ? "" : "/", KEEP_F(name));
}

struct keep_slice keep_doctor_stem(struct keep_slice name)
{
	if (name.len <= 5 || name.p[0] == '.' ||
	    !keep_slice_is((struct keep_slice){name.p + name.len - 5, 5},
			   ".json"))
		return (struct keep_slice){0};
	return (struct keep_slice){name.p, name.len - 5};
}

int keep_doctor_list(const struct keep_doctor *d, const char *dir,
		     struct keep_names *names, struct keep_err *e)
{
	int rc = keep_dir_list(d->m, d->dir, dir, names, NULL);

	if (rc)
		*names = (struct keep_names){0};
	return rc == -KEEP_E_NO_MEMORY ? keep_no_memory(e) : 0;
}

static int walk(const struct keep_doctor *d, struct keep_doctor_file dir,
		unsigned depth, keep_doctor_file_fn *each, struct keep_err *e)
{
	struct keep_doctor_file f;
	struct keep_names names;
	size_t i;
	int rc = keep_doctor_list(d, dir.path.p, &names, e);

	for (i = 0; !rc && i < names.n; i++) {
		f.path = keep_doctor_join(d, dir.path.p, names.v[i].name);
		f.type = names.v[i].type;
		if (!f.path.p)
			return keep_no_memory(e);
		if (f.type != DT_DIR)
			rc = each(d, f, e);
		else if (depth < DEPTH_MAX)
			rc = walk(d, f, depth + 1, each, e);
	}
	return rc;
}

int keep_doctor_walk(const struct keep_doctor *d, const char *dir,
		     keep_doctor_file_fn *each, struct keep_err *e)
{
	struct keep_doctor_file top = {keep_slice(dir), DT_DIR};

	return walk(d, top, 0, each, e);
}

int keep_doctor_move(const struct keep_doctor *d, const char *from,
		     const char *to, struct keep_slice fault,
		     struct keep_err *e)
{
	struct keep_slice old = keep_doctor_word(d, from);
	struct keep_slice new = keep_doctor_word(d, to);

	if (!old.p || !new.p)
		return keep_no_memory(e);
	return keep_doctor_tell(d, fault, e, "mv -n %.*s %.*s", KEEP_F(old),
				KEEP_F(new));
}

int keep_doctor_off(const struct keep_doctor *d, const char *path,
		    struct keep_slice fault, struct keep_err *e)
{
	struct keep_slice off = keep_mem_print(d->m, "%s.off", path);

	return off.p ? keep_doctor_move(d, path, off.p, fault, e)
		     : keep_no_memory(e);
}

bool keep_doctor_is_off(struct keep_slice path)
{
	return path.len > 4 && keep_slice_is((struct keep_slice){
					     path.p + path.len - 4, 4}, ".off");
}

int keep_doctor_stow(const struct keep_doctor *d, const char *path,
		     struct keep_slice fault, struct keep_err *e)
{
	struct keep_slice old = keep_doctor_word(d, path);
	struct keep_slice to = keep_doctor_word(d, ".keep");

	if (!old.p || !to.p)
		return keep_no_memory(e);
	return keep_doctor_tell(d, fault, e, "mkdir -p %.*s && mv -n %.*s "
				"%.*s/", KEEP_F(to), KEEP_F(old), KEEP_F(to));
}
