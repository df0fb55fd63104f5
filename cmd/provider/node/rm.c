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

static int judge(struct keep_ctx *c, struct keep_drafts drafts, bool named,
		 struct keep_slice node, struct keep_err *e)
{
	KEEP_AUTO(keep_trial) t = {0};
	int code = keep_trial_read(c, &t, drafts, e);

	if (!code && named)
		code = keep_node_name_free(&t.world, node, e);
	return code ? code : keep_trial_judge(c, &t, node, e);
}

/* A directory of nodes' files, never outside of the instance. */
static int open_dir(struct keep_ctx *c, const char *dir, struct keep_fd *fd,
		    struct keep_err *e)
{
	return keep_open(keep_fd_get(&c->instance), dir,
			 O_RDONLY | O_DIRECTORY, 0, KEEP_BENEATH, fd, e);
}

/* What was renamed or removed in DIR is so after a loss of power, too. */
static int sync_dir(const struct keep_fd *fd, const char *dir,
		    struct keep_err *e)
{
	return fsync(keep_fd_get(fd)) ? keep_fail_errno(e, "%s", dir) : 0;
}

static int unlink_node(struct keep_ctx *c, struct keep_slice path,
		       struct keep_err *e)
{
	KEEP_AUTO(keep_fd) fd = {0};
	int code = open_dir(c, "nodes", &fd, e);

	if (code)
		return code;
	if (unlinkat(keep_fd_get(&fd), path.p + sizeof "nodes", 0))
		return keep_fail_errno(e, "%s", path.p);
	return sync_dir(&fd, "nodes", e);
}

int keep_node_rm(struct keep_ctx *c, const struct keep_node_args *a,
		 struct keep_node_changed *r, struct keep_err *e)
{
	struct keep_draft gone = {0};
	struct keep_slice text;
	int code = keep_provider_lock(c, "node rm", e);

	if (code)
		return code;
	code = read_node(c, a->node, &gone.path, &text, e);
	if (!code)
		code = judge(c, (struct keep_drafts){&gone, 1}, false, a->node,
			     e);
	if (!code)
		code = unlink_node(c, gone.path, e);
	*r = (struct keep_node_changed){gone.path, true};
	keep_provider_unlock(c);
	return code;
}

static const struct place {
	const char *dir, *suffix;
} places[] = { /* the node's file last: whoever is interrupted tries again */
	{"files/nodes", ""}, {"facts", ".json"}, {"nodes", ".json"},
};

/* A rename of what a place has of a node; of nothing when fd is empty. */
struct keep_move {
	struct keep_fd fd;
	struct keep_slice old, new; /* in fd */
};

static void keep_move_end(struct keep_move *m)
{
	keep_fd_end(&m->fd);
}

static int plan(struct keep_ctx *c, const struct keep_node_mv_args *a,
		const struct place *at, struct keep_move *m, struct keep_err *e)
{
	struct keep_err why = {0};
	struct stat st;
	int code = open_dir(c, at->dir, &m->fd, &why);

	m->old = keep_mem_print(c->mem, "%.*s%s", KEEP_F(a->node), at->suffix);
	m->new = keep_mem_print(c->mem, "%.*s%s", KEEP_F(a->to), at->suffix);
	if (!m->old.p || !m->new.p)
		return keep_no_memory(e);
	if (code && code != -KEEP_E_NOT_FOUND)
		*e = why;
	else if (code || fstatat(keep_fd_get(&m->fd), m->old.p, &st,
				 AT_SYMLINK_NOFOLLOW))
		keep_move_end(m);
	return code == -KEEP_E_NOT_FOUND ? 0 : code;
}

static int move(struct keep_ctx *c, const struct keep_node_mv_args *a,
		const struct place *at, struct keep_err *e)
{
	KEEP_AUTO(keep_move) m = {0};
	int code = plan(c, a, at, &m, e), fd = keep_fd_get(&m.fd);

	if (code || fd < 0)
		return code;
	if (renameat2(fd, m.old.p, fd, m.new.p, RENAME_NOREPLACE))
		return keep_fail_errno(e, "%s/%s to %s", at->dir, m.old.p,
				       m.new.p);
	return sync_dir(&m.fd, at->dir, e);
}

/* Whether the place can be changed, and has nothing by the new name. */
static int is_free(struct keep_ctx *c, const struct keep_node_mv_args *a,
		   const struct place *at, struct keep_err *e)
{
	KEEP_AUTO(keep_move) m = {0};
	struct stat st;
	int code = plan(c, a, at, &m, e), fd = keep_fd_get(&m.fd);

	if (code || fd < 0 || fstatat(fd, m.new.p, &st, AT_SYMLINK_NOFOLLOW))
		return code;
	return keep_fail(e, KEEP_E_EXISTS, "%s/%s exists", at->dir, m.new.p);
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

static int rename_node(struct keep_ctx *c, const struct keep_node_mv_args *a,
		       struct keep_slice *path, struct keep_err *e)
{
	struct keep_draft drafts[2] = {0}; /* what goes, what comes */
	struct keep_slice text = {0};
	size_t i;
	int code = read_node(c, a->node, &drafts[0].path, &text, e);

	if (!code)
		code = keep_node_path(c, a->to, path, e);
	for (i = 0; i < KEEP_COUNT(places) && !code; i++)
		code = is_free(c, a, &places[i], e);
	drafts[1] = (struct keep_draft){*path, text};
	if (!code)
		code = drop_name(c, &drafts[1], e);
	if (!code)
		code = judge(c, (struct keep_drafts){drafts, 2}, true, a->to,
			     e);
	if (!code && !keep_slice_eq(text, drafts[1].text))
		code = keep_node_put(c, drafts[0].path, drafts[1].text, e);
	for (i = 0; i < KEEP_COUNT(places) && !code; i++)
		code = move(c, a, &places[i], e);
	return code;
}

int keep_node_mv(struct keep_ctx *c, const struct keep_node_mv_args *a,
		 struct keep_node_changed *r, struct keep_err *e)
{
	int code = keep_provider_lock(c, "node mv", e);

	if (code)
		return code;
	code = rename_node(c, a, &r->file, e);
	r->changed = true;
	keep_provider_unlock(c);
	return code;
}
