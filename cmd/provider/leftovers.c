/* Files that were left by a kill: they have names of their own. */
#include <dirent.h>
#include <fcntl.h>
#include <keep/file.h>
#include <unistd.h>
#include "leftovers.h"

const char *const keep_written_dirs[] = {
	".", "nodes", "services", "tags", "picks", NULL,
};

bool keep_leftover_is(struct keep_slice name)
{
	static const char like[] = ".keep-0000000000000000.tmp";
	size_t i;

	if (name.len != sizeof like - 1)
		return false;
	for (i = 0; i < name.len; i++)
		if (like[i] == '0' ? !strchr("0123456789abcdef", name.p[i])
				   : name.p[i] != like[i])
			return false;
	return true;
}

static int remove_in(struct keep_ctx *c, const char *path, struct keep_err *e)
{
	KEEP_AUTO(keep_fd) dir = {0};
	struct keep_names names;
	size_t i;
	int rc = keep_open(keep_fd_get(&c->instance), path,
			   O_RDONLY | O_DIRECTORY, 0, KEEP_NO_LINKS, &dir,
			   NULL);

	if (!rc)
		rc = keep_dir_list(c->mem, keep_fd_get(&dir), ".", &names,
				   NULL);
	for (i = 0; !rc && i < names.n; i++)
		if (names.v[i].type == DT_REG &&
		    keep_leftover_is(names.v[i].name))
			keep_ignore(unlinkat(keep_fd_get(&dir),
					     names.v[i].name.p, 0),
				    "doctor tells of it");
	/* what cannot be read is the matter of who needs it */
	return rc == -KEEP_E_NO_MEMORY ? keep_no_memory(e) : 0;
}

int keep_leftovers_remove(struct keep_ctx *c, struct keep_err *e)
{
	size_t i;
	int rc = 0;

	for (i = 0; !rc && keep_written_dirs[i]; i++)
		rc = remove_in(c, keep_written_dirs[i], e);
	return rc;
}
