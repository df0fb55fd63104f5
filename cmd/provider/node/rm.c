/* node rm, node mv: the files of a node go, or get another name. */
#include <fcntl.h>
#include <unistd.h>
#include "../lock.h"
#include "node.h"
#include "schemas.h"

static const struct keep_field mv_fields[] = {
	{KEEP_TEXT(struct keep_node_mv_args, node), .source = KEEP_WORD,
	 .required = true, .max = 63, .meta = "OLD",
	 .complete = keep_complete_node, .help = "the node"},
	{KEEP_TEXT(struct keep_node_mv_args, to), .source = KEEP_WORD,
	 .required = true, .max = 63, .meta = "NEW",
	 .help = "the name that it gets"},
};
const struct keep_schema keep_node_mv_args_schema =
	KEEP_SCHEMA(struct keep_node_mv_args, mv_fields);

/* The node's file, or NOT_FOUND. */
static int read_node(struct keep_ctx *c, struct keep_slice name,
		     struct keep_slice *path, struct keep_slice *text,
		     struct keep_err *e)
{
	int code = keep_node_path(c, name, path, e);

	if (!code)
		code = keep_file_read(c->mem, keep_fd_get(&c->instance),
				      path->p, KEEP_INSTANCE_FILE, text, e);
	return code == -KEEP_E_NOT_FOUND ? keep_node_missing(c, name, e) :
					   code;
}

static int judge(struct keep_ctx *c, const struct keep_draft *v, size_t n,
		 struct keep_slice node, struct keep_err *e)
{
	KEEP_AUTO(keep_trial) t = {0};
	int code = keep_trial_read(c, &t, (struct keep_drafts){v, n}, e);

	return code ? code : keep_trial_judge(c, &t, node, e);
}

/* What was renamed or removed in DIR is so after a loss of power, too. */
static int sync_dir(struct keep_ctx *c, const char *dir, struct keep_err *e)
{
	KEEP_AUTO(keep_fd) fd = {0};
	int code = keep_open(keep_fd_get(&c->instance), dir,
			     O_RDONLY | O_DIRECTORY, 0, KEEP_BENEATH, &fd, e);

	if (!code && fsync(keep_fd_get(&fd)))
		code = keep_fail_errno(e, "%s", dir);
	return code;
}

int keep_node_rm(struct keep_ctx *c, const struct keep_node_args *a,
		 struct keep_node_changed *r, struct keep_err *e)
{
	struct keep_draft gone = {0};
	struct keep_slice text;
	int code = keep_provider_lock(c, "node rm", e);

	if (!code)
		code = read_node(c, a->node, &gone.path, &text, e);
	if (!code)
		code = judge(c, &gone, 1, a->node, e);
	if (code)
		return code;
	if (unlinkat(keep_fd_get(&c->instance), gone.path.p, 0))
		return keep_fail_errno(e, "%s", gone.path.p);
	*r = (struct keep_node_changed){gone.path, true};
	return sync_dir(c, "nodes", e);
}

/* Renames DIR/OLD SUFFIX; what is not there is fine. */
static int move(struct keep_ctx *c, const struct keep_node_mv_args *a,
		const char *dir, const char *suffix, struct keep_err *e)
{
	int fd = keep_fd_get(&c->instance);
	struct keep_slice old = keep_mem_print(c->mem, "%s/%.*s%s", dir,
					       KEEP_F(a->node), suffix);
	struct keep_slice new = keep_mem_print(c->mem, "%s/%.*s%s", dir,
					       KEEP_F(a->to), suffix);
	struct stat st;

	if (!old.p || !new.p)
		return keep_no_memory(e);
	if (fstatat(fd, old.p, &st, AT_SYMLINK_NOFOLLOW))
		return 0;
	if (renameat2(fd, old.p, fd, new.p, RENAME_NOREPLACE))
		return keep_fail_errno(e, "%s to %s", old.p, new.p);
	return sync_dir(c, dir, e);
}

static const struct {
	const char *dir, *suffix;
} places[] = { /* the node's file last: whoever is interrupted tries again */
	{"files/nodes", ""}, {"facts", ".json"}, {"nodes", ".json"},
};

/* None of the new names is taken. */
static int is_free(struct keep_ctx *c, const struct keep_node_mv_args *a,
		   struct keep_err *e)
{
	struct keep_slice old, new;
	struct stat st;
	size_t i;
	int fd = keep_fd_get(&c->instance);

	for (i = 0; i < KEEP_COUNT(places); i++) {
		old = keep_mem_print(c->mem, "%s/%.*s%s", places[i].dir,
				     KEEP_F(a->node), places[i].suffix);
		new = keep_mem_print(c->mem, "%s/%.*s%s", places[i].dir,
				     KEEP_F(a->to), places[i].suffix);
		if (!old.p || !new.p)
			return keep_no_memory(e);
		if (!fstatat(fd, old.p, &st, AT_SYMLINK_NOFOLLOW) &&
		    !fstatat(fd, new.p, &st, AT_SYMLINK_NOFOLLOW))
			return keep_fail(e, KEEP_E_EXISTS, "%s exists", new.p);
	}
	return 0;
}

/* A file may state its node's name; it goes, since the file's own name says
 * it. */
static int drop_name(struct keep_ctx *c, struct keep_draft *file,
		     struct keep_err *e)
{
	const struct keep_slice key = KEEP_S("name");
	struct keep_buf out = {.mem = c->mem};
	struct keep_err why = {0};
	int code = keep_json_edit_unset(c->mem, file->text,
					(struct keep_slices){&key, 1}, &out,
					&why);

	if (!code)
		file->text = keep_buf_get(&out);
	if (!code || code == -KEEP_E_NOT_FOUND)
		return 0;
	*e = why;
	return code;
}

int keep_node_mv(struct keep_ctx *c, const struct keep_node_mv_args *a,
		 struct keep_node_changed *r, struct keep_err *e)
{
	struct keep_draft drafts[2] = {0}; /* what goes, what comes */
	struct keep_slice text = {0};
	size_t i;
	int code = keep_provider_lock(c, "node mv", e);

	if (!code)
		code = read_node(c, a->node, &drafts[0].path, &text, e);
	if (!code)
		code = keep_node_path(c, a->to, &drafts[1].path, e);
	if (!code)
		code = is_free(c, a, e);
	drafts[1].text = text;
	if (!code)
		code = drop_name(c, &drafts[1], e);
	if (!code)
		code = judge(c, drafts, KEEP_COUNT(drafts), a->to, e);
	if (!code && !keep_slice_eq(text, drafts[1].text))
		code = keep_node_put(c, drafts[0].path, drafts[1].text, e);
	for (i = 0; i < KEEP_COUNT(places) && !code; i++)
		code = move(c, a, places[i].dir, places[i].suffix, e);
	*r = (struct keep_node_changed){drafts[1].path, true};
	return code;
}
