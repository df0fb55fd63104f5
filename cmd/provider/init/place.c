/* Where a new instance goes, and how it gets there whole. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include <keep/secret.h>
#include "place.h"

static bool is_there(int dir, const char *name)
{
	struct stat st;

	return fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

/* DIR without the slashes at its end; "" is /. */
static char *trimmed(struct keep_mem *m, struct keep_slice dir)
{
	char *s = keep_mem_alloc(m, dir.len + 1);

	if (!s)
		return NULL;
	memcpy(s, dir.p, dir.len);
	while (dir.len > 0 && s[dir.len - 1] == '/')
		s[--dir.len] = '\0';
	return s;
}

/* DIR is not there: its parent is. */
static int open_parent(char *dir, struct keep_place *p, struct keep_err *e)
{
	char *slash = strrchr(dir, '/');
	int rc;

	if (!slash || !strcmp(slash, "/.") || !strcmp(slash, "/.."))
		return keep_fail(e, KEEP_E_NOT_FOUND, "%s: there is no such "
				 "directory", dir);
	*slash = '\0';
	p->name = slash + 1;
	rc = keep_open(AT_FDCWD, slash == dir ? "/" : dir,
		       O_RDONLY | O_DIRECTORY, 0, KEEP_BENEATH, &p->base, e);
	if (rc == -KEEP_E_NOT_FOUND)
		keep_hint(e, "make it first: mkdir -p '%s'", dir);
	return rc;
}

static int open_base(char *dir, struct keep_place *p, struct keep_err *e)
{
	struct keep_err why = {0};
	int rc = keep_open(AT_FDCWD, *dir ? dir : "/", O_RDONLY | O_DIRECTORY,
			   0, KEEP_BENEATH, &p->base, &why);

	if (rc == -KEEP_E_NOT_FOUND)
		return open_parent(dir, p, e);
	if (rc && is_there(AT_FDCWD, dir))
		return keep_fail(e, KEEP_E_EXISTS, "%s is no directory that "
				 "can be opened", dir);
	if (rc && e)
		*e = why;
	if (rc || !is_there(keep_fd_get(&p->base), "Keepfile"))
		return rc;
	keep_fail(e, KEEP_E_EXISTS, "%s is a provider instance already", dir);
	return keep_hint(e, "`keep -C '%s' node list` shows its nodes", dir);
}

/* The temporary directory in p->base. */
static int open_temp(struct keep_place *p, struct keep_fd *root,
		     struct keep_err *e)
{
	uint64_t suffix;

	keep_random(&suffix, sizeof suffix);
	snprintf(p->temp, sizeof p->temp, ".keep-%016jx.tmp",
		 (uintmax_t)suffix);
	if (mkdirat(keep_fd_get(&p->base), p->temp, 0777) != 0) {
		p->temp[0] = '\0';
		return keep_fail_errno(e, "%.*s", KEEP_F(p->path));
	}
	return keep_open(keep_fd_get(&p->base), p->temp,
			 O_RDONLY | O_DIRECTORY, 0, KEEP_NO_LINKS, root, e);
}

/* A copy of DIR to work on; NULL without memory. */
static char *begin(struct keep_mem *m, struct keep_slice dir,
		   struct keep_place *p)
{
	char *path = trimmed(m, dir);

	p->path = keep_mem_copy(m, keep_slice(path && *path ? path : "/"));
	return p->path.p ? path : NULL;
}

int keep_place_open(struct keep_mem *m, struct keep_slice dir,
		    struct keep_place *p, struct keep_fd *root,
		    struct keep_err *e)
{
	char *path = begin(m, dir, p);
	int rc = path ? open_base(path, p, e) : keep_no_memory(e);

	if (rc)
		return rc;
	p->had_git = !p->name && is_there(keep_fd_get(&p->base), ".git");
	return open_temp(p, root, e);
}

static int must_be_empty(struct keep_mem *m, const char *path,
			 struct keep_err *e)
{
	struct keep_names names = {0};
	struct keep_err why = {0};
	int rc = keep_dir_list(m, AT_FDCWD, path, &names, &why);

	if (rc == -KEEP_E_NOT_FOUND && !is_there(AT_FDCWD, path))
		return 0;
	if (!rc && names.n == 0)
		return 0;
	if (rc == -KEEP_E_NO_MEMORY)
		return keep_no_memory(e);
	keep_fail(e, KEEP_E_EXISTS, "%s is there already", path);
	return keep_hint(e, "take a directory that is new or empty");
}

int keep_place_open_empty(struct keep_mem *m, struct keep_slice dir,
			  struct keep_place *p, struct keep_fd *root,
			  struct keep_err *e)
{
	char *path = begin(m, dir, p);
	int rc;

	if (!path)
		return keep_no_memory(e);
	if (!*path || !strcmp(strrchr(path, '/'), "/.") ||
	    !strcmp(strrchr(path, '/'), "/..")) {
		keep_fail(e, KEEP_E_BAD_ARGS, "%.*s cannot be replaced",
			  KEEP_F(p->path));
		return keep_hint(e, "name the directory from above it");
	}
	rc = must_be_empty(m, path, e);
	if (!rc)
		rc = open_parent(path, p, e);
	return rc ? rc : open_temp(p, root, e);
}

void keep_place_end(struct keep_place *p)
{
	if (p->temp[0] && !p->settled)
		keep_ignore(keep_dir_remove(keep_fd_get(&p->base), p->temp,
					    NULL), "a fault is told already");
	keep_fd_end(&p->base);
}

static int check_names(struct keep_place *p, struct keep_err *e)
{
	const char *name;
	size_t i;

	for (i = 0; i < p->names.n; i++) {
		name = p->names.v[i].name.p;
		if (!is_there(keep_fd_get(&p->base), name))
			continue;
		keep_fail(e, KEEP_E_EXISTS, "%.*s/%s is there already",
			  KEEP_F(p->path), name);
		return keep_hint(e, "take a directory that is new or empty");
	}
	return 0;
}

static int move(struct keep_place *p, size_t i, bool back)
{
	const char *name = p->names.v[i].name.p;
	int base = keep_fd_get(&p->base), temp;
	int rc;

	temp = openat(base, p->temp, O_PATH | O_DIRECTORY | O_CLOEXEC);
	rc = back ? renameat(base, name, temp, name)
		  : renameat(temp, name, base, name);
	if (temp >= 0)
		close(temp);
	return rc;
}

static void give_up(struct keep_place *p, struct keep_err *e)
{
	keep_hint(e, "not all could be taken back: see what is in %.*s, and "
		  "remove what `keep init` made", KEEP_F(p->path));
}

void keep_place_unsettle(struct keep_place *p, struct keep_err *e)
{
	int base = keep_fd_get(&p->base);
	bool stays = false;

	while (p->moved > 0)
		stays |= move(p, --p->moved, true) != 0;
	if (p->settled)
		p->settled = renameat(base, p->name, base, p->temp) != 0;
	if (stays || p->settled)
		give_up(p, e);
}

static int settle_in(struct keep_mem *m, struct keep_place *p,
		     struct keep_err *e)
{
	int rc = keep_dir_list(m, keep_fd_get(&p->base), p->temp, &p->names,
			       e);

	if (!rc)
		rc = check_names(p, e);
	for (; !rc && p->moved < p->names.n; p->moved += !rc)
		if (move(p, p->moved, false) != 0)
			rc = keep_fail_errno(e, "%.*s", KEEP_F(p->path));
	return rc;
}

static int settle_new(struct keep_place *p, struct keep_err *e)
{
	int base = keep_fd_get(&p->base);

	p->settled = renameat(base, p->temp, base, p->name) == 0;
	if (p->settled)
		return 0;
	if (errno == ENOTEMPTY || errno == ENOTDIR)
		return keep_fail(e, KEEP_E_EXISTS, "%.*s is there already",
				 KEEP_F(p->path));
	return keep_fail_errno(e, "%.*s", KEEP_F(p->path));
}

int keep_place_settle(struct keep_mem *m, struct keep_place *p,
		      struct keep_err *e)
{
	int base = keep_fd_get(&p->base);
	int rc;

	if (syncfs(base) != 0)
		return keep_fail_errno(e, "%.*s", KEEP_F(p->path));
	rc = p->name ? settle_new(p, e) : settle_in(m, p, e);
	if (!rc && fsync(base) != 0)
		rc = keep_fail_errno(e, "%.*s", KEEP_F(p->path));
	if (rc)
		keep_place_unsettle(p, e);
	return rc;
}
