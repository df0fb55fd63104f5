/* The new platform is copied beside the old one, and takes its place. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
#include "update.h"

/* Beneath .keep/, which git ignores; who is killed leaves it, and the next
 * one removes it. */
const char keep_update_staged[] = ".keep/platform.new";

int keep_update_stage(struct keep_update *u, struct keep_err *e)
{
	int dir = keep_fd_get(&u->c->instance);
	struct keep_making copy = {.m = u->c->mem};
	int rc = keep_dir_remove(dir, keep_update_staged, e);

	if (!rc)
		rc = keep_dir_make(dir, keep_update_staged, 0777, e);
	if (!rc)
		rc = keep_open(dir, keep_update_staged,
			       O_RDONLY | O_DIRECTORY, 0, KEEP_NO_LINKS,
			       &copy.root, e);
	if (!rc)
		rc = keep_making_copy(&copy, keep_fd_get(&u->new), "", e);
	if (!rc && (copy.n != u->now.n || copy.bytes != u->now.bytes))
		rc = keep_fail(e, KEEP_E_CONFLICT, "the new platform changed "
			       "while it was copied");
	if (!rc && syncfs(keep_fd_get(&copy.root)) != 0)
		rc = keep_fail_errno(e, "%s", keep_update_staged);
	keep_fd_end(&copy.root);
	return rc;
}

/* The directory that the platform's is in. */
static int open_parent(const struct keep_update *u, struct keep_fd *out,
		       const char **name, struct keep_err *e)
{
	int dir = keep_fd_get(&u->c->instance), rc = 0;
	const char *slash = strrchr(u->path.p, '/');
	struct keep_slice parent = KEEP_S(".");

	*name = slash ? slash + 1 : u->path.p;
	if (slash)
		parent = keep_mem_copy(u->c->mem, (struct keep_slice){
			u->path.p, (size_t)(slash - u->path.p)});
	if (!parent.p)
		return keep_no_memory(e);
	if (slash)
		rc = keep_dir_make(dir, parent.p, 0777, e);
	return rc ? rc : keep_open(dir, parent.p, O_RDONLY | O_DIRECTORY, 0,
				   KEEP_BENEATH, out, e);
}

int keep_update_settle(struct keep_update *u, struct keep_err *e)
{
	unsigned flags = u->old.plus_one ? RENAME_EXCHANGE : RENAME_NOREPLACE;
	KEEP_AUTO(keep_fd) parent = {0};
	KEEP_AUTO(keep_fd) from = {0};
	int dir = keep_fd_get(&u->c->instance);
	const char *name;
	int rc = open_parent(u, &parent, &name, e);

	if (!rc)
		rc = keep_open(dir, ".keep", O_RDONLY | O_DIRECTORY, 0,
			       KEEP_NO_LINKS, &from, e);
	if (rc)
		return rc;
	if (renameat2(dir, keep_update_staged, keep_fd_get(&parent), name,
		      flags) != 0)
		return keep_fail_errno(e, "%s: exchanging", u->path.p);
	if (fsync(keep_fd_get(&parent)) != 0 || fsync(keep_fd_get(&from)) != 0)
		return keep_fail_errno(e, "%s: syncing", u->path.p);
	return 0;
}

void keep_update_end(struct keep_update *u)
{
	if (u->locked)
		keep_ignore(keep_dir_remove(keep_fd_get(&u->c->instance),
					    keep_update_staged, NULL),
			    "the next update removes it");
	keep_fd_end(&u->old);
	keep_fd_end(&u->new);
	keep_buf_end(&u->gone);
}
