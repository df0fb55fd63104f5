/* A change of one node's file: made in memory, judged, written. */
#include "node.h"

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

int keep_node_write(struct keep_ctx *c, const struct keep_node_edit *ed,
		    bool *changed, struct keep_err *e)
{
	KEEP_AUTO(keep_trial) t = {0};
	struct keep_slice text;
	int code = compose(c, ed, &t, &text, e);

	if (code)
		return code;
	*changed = ed->pretty || !keep_slice_eq(text, ed->text);
	if (!*changed)
		return 0;
	code = keep_trial_judge(c, &t, ed->node, e);
	if (!code)
		code = keep_dir_make(keep_fd_get(&c->instance), "nodes", 0755,
				     e);
	return code ? code : keep_file_replace(keep_fd_get(&c->instance),
					       ed->path.p, text, 0644, e);
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
