/* A change of one node's file: made in memory, judged, written. */
#include <errno.h>
#include <unistd.h>
#include "node.h"

enum { LINKS_MAX = 40, LINK_MAX_BYTES = 4096 };

static int trial(struct keep_ctx *c, const struct keep_node_edit *ed,
		 struct keep_slice text, struct keep_trial *t,
		 struct keep_err *e)
{
	/* the world of a trial names its drafts until it ends */
	struct keep_draft *draft = KEEP_NEW(c->mem, struct keep_draft);

	if (!draft)
		return keep_no_memory(e);
	*draft = (struct keep_draft){ed->path, text};
	return keep_trial_read(c, t, (struct keep_drafts){draft, 1}, e);
}

/* What a node's services say of its properties is known only when the
 * instance was read with the change: types are then looked at once more. */
static int compose(struct keep_ctx *c, const struct keep_node_edit *ed,
		   struct keep_trial *t, struct keep_slice *text,
		   struct keep_err *e)
{
	struct keep_slice first;
	int code = keep_node_apply(c->mem, ed, NULL, &first, e);

	if (!code)
		code = trial(c, ed, first, t, e);
	if (!code)
		code = keep_node_apply(c->mem, ed,
				       keep_world_node(&t->world, ed->node),
				       text, e);
	if (!code && !keep_slice_eq(first, *text))
		code = trial(c, ed, *text, t, e);
	return code;
}

/* What a symbolic link at *path stands for: its directory, and the target. */
static int follow(struct keep_ctx *c, struct keep_slice *path,
		  struct keep_err *e)
{
	char to[LINK_MAX_BYTES];
	const char *slash = strrchr(path->p, '/');
	ssize_t n = readlinkat(keep_fd_get(&c->instance), path->p, to,
			       sizeof to);

	if (n < 0)
		return errno == EINVAL || errno == ENOENT ? 0 :
			keep_fail_errno(e, "%s", path->p);
	*path = keep_mem_print(c->mem, "%.*s%.*s", slash ?
			       (int)(slash + 1 - path->p) : 0, path->p,
			       (int)n, to);
	return path->p ? 1 : keep_no_memory(e);
}

int keep_node_put(struct keep_ctx *c, struct keep_slice path,
		  struct keep_slice text, struct keep_err *e)
{
	struct keep_slice file = path;
	int i, more = 1;

	for (i = 0; i < LINKS_MAX && more > 0; i++)
		more = follow(c, &file, e);
	if (more > 0)
		return keep_fail(e, KEEP_E_TOO_LARGE, "%s: more than %d "
				 "symbolic links", path.p, LINKS_MAX);
	return more ? more : keep_file_replace(keep_fd_get(&c->instance),
					       file.p, text, 0644, e);
}

int keep_node_write(struct keep_ctx *c, const struct keep_node_edit *ed,
		    bool *changed, struct keep_err *e)
{
	KEEP_AUTO(keep_trial) t = {0};
	struct keep_slice text;
	int code = compose(c, ed, &t, &text, e);

	if (!code && ed->pretty)
		code = keep_node_name_free(&t.world, ed->node, e);
	if (code)
		return code;
	*changed = ed->pretty || !keep_slice_eq(text, ed->text);
	if (!*changed)
		return 0;
	code = keep_trial_judge(c, &t, ed->node, e);
	if (!code)
		code = keep_dir_make(keep_fd_get(&c->instance), "nodes", 0755,
				     e);
	if (!code)
		code = keep_node_put(c, ed->path, text, e);
	if (!code)
		keep_trial_warn(c, &t, ed->path);
	return code;
}

int keep_node_change(struct keep_ctx *c, struct keep_slice node,
		     struct keep_entries values, struct keep_node_changed *r,
		     struct keep_err *e)
{
	struct keep_node_edit ed = {.node = node, .values = values};
	int code = keep_node_path(c, node, &ed.path, e);

	if (code)
		return code;
	code = keep_file_read(c->mem, keep_fd_get(&c->instance), ed.path.p,
			      KEEP_INSTANCE_FILE, &ed.text, e);
	if (code == -KEEP_E_NOT_FOUND)
		return keep_node_missing(c, node, e);
	r->file = ed.path;
	return code ? code : keep_node_write(c, &ed, &r->changed, e);
}
