/* keep local down, keep local list */
#include <poll.h>
#include <signal.h>
#include <sys/pidfd.h>
#include <unistd.h>
#include "local.h"

#define A struct keep_local_args
static const struct keep_field args[] = {
	{KEEP_TEXTS(A, filter), .source = KEEP_REST, .meta = "FILTER", .max_n = 256,
	 .help = "of the nodes with the tag local; none: all of them"},
};
#undef A
const struct keep_schema keep_local_args_schema =
	KEEP_SCHEMA(struct keep_local_args, args);

#define R struct keep_local_row
static const struct keep_field fields[] = {
	{KEEP_TEXT(R, name), .required = true, .help = "the node"},
	{KEEP_TEXT(R, address), .help = "its address; absent: the instance has it no more"},
	{KEEP_UINT(R, port), KEEP_HAS(R, has_port), .help = "where its sshd listens"},
	{KEEP_BOOL(R, up), .required = true, .help = "whether it runs"},
	{KEEP_UINT(R, pid), KEEP_HAS(R, has_pid), .help = "the process that began it"},
	{KEEP_TEXT(R, root), .help = "its root directory, for root of this machine"},
};
#undef R
const struct keep_schema keep_local_row_schema =
	KEEP_SCHEMA(struct keep_local_row, fields);

int keep_local_emit(struct keep_ctx *c, const struct keep_local *l,
		    struct keep_err *e)
{
	size_t i;
	int code = 0;

	for (i = 0; i < l->n && !code; i++) {
		const struct keep_local_node *n = &l->v[i];
		struct keep_local_row row = {
			.name = n->name, .address = n->address,
			.has_port = n->address.p, .port = n->port,
			.up = n->pid, .has_pid = n->pid,
			.pid = (uint64_t)n->pid,
		};

		if (n->pid) {
			row.root = keep_mem_print(c->mem, "/proc/%d/root",
						  (int)n->pid);
			if (!row.root.p)
				return keep_no_memory(e);
		}
		code = keep_emit(c, &row, e);
	}
	return code;
}

/* The first process of its PID namespace: all the others end before it does,
 * and with the last its mounts and links. */
static int stop(struct keep_ctx *c, const struct keep_local *l,
		struct keep_local_node *n, struct keep_err *e)
{
	KEEP_AUTO(keep_fd) process = {0};
	struct keep_slice dir = keep_mem_print(c->mem, "%s/%s", l->path.p,
					       n->name.p);
	int code;

	if (!dir.p)
		return keep_no_memory(e);
	process = keep_local_process(c->mem, n->pid, dir);
	n->pid = 0;
	if (!process.plus_one)
		return 0;
	if (pidfd_send_signal(keep_fd_get(&process), SIGKILL, NULL, 0))
		return keep_fail_errno(e, "process of node %.*s",
				       KEEP_F(n->name));
	code = keep_wait(c, keep_fd_get(&process), POLLIN, e);
	return code ? keep_err_at(e, "node %.*s", KEEP_F(n->name)) : 0;
}

int keep_local_down(struct keep_ctx *c, const struct keep_local_args *a,
		    struct keep_err *e)
{
	KEEP_AUTO(keep_local) l = {.ends = true};
	size_t i;
	int code = keep_local_open(c, a->filter, "local down", &l, e);

	for (i = 0; i < l.n && !code; i++) {
		code = stop(c, &l, &l.v[i], e);
		if (!code && !l.v[i].address.p && !l.broken)
			code = keep_dir_remove(keep_fd_get(&l.dir),
					       l.v[i].name.p, e);
	}
	if (l.path.p)
		rmdir(l.path.p); /* fails where nodes are known of */
	return code ? code : keep_local_emit(c, &l, e);
}

int keep_local_list(struct keep_ctx *c, const struct keep_local_args *a,
		    struct keep_err *e)
{
	KEEP_AUTO(keep_local) l = {0};
	int code = keep_local_open(c, a->filter, NULL, &l, e);

	return code ? code : keep_local_emit(c, &l, e);
}

/* --- text ----------------------------------------------------------------- */

static void cells(const struct keep_view *v, const struct keep_local_row *row,
		  struct keep_tab *t)
{
	struct keep_slice at = KEEP_S("-"), pid = KEEP_S("-");
	bool up = row->up;

	if (row->address.p)
		at = keep_mem_print(v->mem, "%.*s:%u", KEEP_F(row->address),
				    row->port);
	if (up)
		pid = keep_mem_print(v->mem, "%ju", (uintmax_t)row->pid);
	t->failed |= !at.p || !pid.p;
	keep_tab_cell(t, keep_text_safe(v->mem, row->name, 80));
	keep_tab_cell(t, up ? KEEP_S("up") : KEEP_S("down"));
	keep_tab_cell(t, keep_text_safe(v->mem, at, 80));
	keep_tab_cell(t, pid);
	keep_tab_cell(t, row->root.p ? row->root : KEEP_S("-"));
}

void keep_local_text(const struct keep_view *v, struct keep_buf *out)
{
	static const char *const heads[] = {
		"NAME", "STATE", "ADDRESS", "PID", "ROOT",
	};
	const struct keep_local_row *rows = v->items.v;
	struct keep_tab t = {.mem = v->mem, .n_columns = KEEP_COUNT(heads),
			     .heading = v->terminal && v->color};
	size_t i;

	for (i = 0; v->terminal && i < KEEP_COUNT(heads); i++)
		keep_tab_cell(&t, keep_slice(heads[i]));
	for (i = 0; i < v->items.n; i++)
		cells(v, &rows[i], &t);
	keep_tab_put(&t, out);
	out->failed |= t.failed;
}
