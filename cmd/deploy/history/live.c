/* What the journals of nodes tell. */
#include <stdlib.h>
#include <keep/text.h>
#include "../reach.h"
#include "history.h"

enum { LINES_MAX = 2000, LINE = 1000 }; /* of a journal that are asked for */

/* A journal while it is read. */
struct journal {
	struct keep_task task;
	struct live *live;
	struct keep_lines lines;
	struct keep_buf rows; /* struct keep_history_row, oldest first */
	size_t seen;          /* lines */
};

/* All of them. */
struct live {
	struct keep_ctx *c;
	struct keep_reach reach;
	struct journal *v;
	size_t n_rows, failed, missed;
};

/* The begin of a deploy is told only while its end is not. */
static int on_line(struct keep_lines *l, struct keep_slice line,
		   struct keep_err *e)
{
	struct journal *j = l->user;
	struct keep_mem *m = j->live->c->mem;
	struct keep_history_row row, *last = (void *)j->rows.p;
	struct keep_history_node *node;
	size_t n = j->rows.len / sizeof row;

	if (j->seen++ >= LINES_MAX || line.len > LINE)
		return 0;
	line = keep_mem_copy(m, line);
	node = KEEP_NEW(m, struct keep_history_node);
	if (!node || !line.p)
		return keep_no_memory(e);
	if (!keep_past_journal(line, &row, node))
		return 0;
	node->name = j->task.target->name;
	if (n && keep_slice_eq(last[n - 1].deploy, row.deploy)) {
		if (row.at > last[n - 1].at)
			node->ms = 1000 * (row.at - last[n - 1].at);
		j->rows.len -= sizeof row;
	}
	keep_buf_put(&j->rows, &row, sizeof row);
	return keep_buf_check(&j->rows, e);
}

static int on_output(struct keep_exec *x, enum keep_stream from,
		     struct keep_slice bytes, struct keep_err *e)
{
	struct journal *j = x->user;

	return from == KEEP_STDOUT ? keep_lines_put(&j->lines, bytes, e) : 0;
}

static int on_end(struct keep_task *t, const struct keep_exec_end *end,
		  struct keep_err *e)
{
	struct journal *j = t->x.user;
	struct live *l = j->live;

	l->n_rows += j->rows.len / sizeof(struct keep_history_row);
	if (!end->err.code)
		return keep_lines_flush(&j->lines, e);
	l->failed++;
	l->missed += keep_reach_missed(end);
	keep_log(l->c->log, KEEP_LOG_WARNING, "%.*s: %s",
		 KEEP_F(t->target->name), end->err.message);
	return 0;
}

static int ask_all(struct live *l, uint32_t count, struct keep_err *e)
{
	struct keep_slice command = keep_mem_print(
		l->c->mem, "tail -n %u \"${KEEP_ROOT:-/var/lib/keep}/journal\" "
		"2> /dev/null; true", count < LINES_MAX / 2 ? 2 * count
							    : LINES_MAX);
	size_t i;
	int rc = 0;

	l->v = KEEP_NEWS(l->c->mem, l->reach.n, struct journal);
	if (!l->v || !command.p)
		return keep_no_memory(e);
	for (i = 0; !rc && i < l->reach.n; i++) {
		struct journal *j = &l->v[i];

		*j = (struct journal){
			.task = {.x = {.output = on_output, .user = j},
				 .target = &l->reach.v[i],
				 .command = command.p, .ended = on_end},
			.live = l, .lines = {.line = on_line, .user = j},
			.rows = {.mem = l->c->mem}};
		rc = keep_task_put(&l->reach, &j->task, e);
	}
	return rc ? rc : keep_reach_run(&l->reach, e);
}

static int newest_first(const void *a, const void *b)
{
	const struct keep_history_row *x = a, *y = b;
	const struct keep_history_node *m = x->nodes.v, *n = y->nodes.v;

	if (x->at != y->at)
		return x->at < y->at ? 1 : -1;
	return keep_slice_cmp(m->name, n->name);
}

static int emit_all(struct live *l, uint32_t count, struct keep_err *e)
{
	struct keep_history_row *v = KEEP_NEWS(l->c->mem, l->n_rows,
					       struct keep_history_row);
	size_t i, j, n = 0;
	int rc = 0;

	if (!v)
		return keep_no_memory(e);
	for (i = 0; i < l->reach.n; i++) {
		const struct keep_history_row *own = (void *)l->v[i].rows.p;

		for (j = 0; j < l->v[i].rows.len / sizeof *own; j++)
			v[n++] = own[j];
	}
	if (n)
		qsort(v, n, sizeof *v, newest_first);
	for (i = 0; !rc && i < n && i < count; i++)
		rc = keep_emit(l->c, &v[i], e);
	if (rc || !l->failed)
		return rc;
	return l->missed == l->failed ? KEEP_E_UNREACHABLE : KEEP_E_PARTIAL;
}

int keep_past_live(struct keep_ctx *c, const struct keep_history_args *a,
		   struct keep_err *e)
{
	const struct keep_reach_options options = KEEP_REACH_OPTIONS(a);
	struct keep_contacts contacts;
	struct live l = {.c = c};
	size_t i;
	int rc = keep_contacts(c, a->filter, &contacts, e);

	if (!rc)
		rc = keep_reach_begin(c, &contacts, &options, &l.reach, e);
	if (!rc)
		rc = ask_all(&l, a->count, e);
	if (!rc)
		rc = emit_all(&l, a->count, e);
	for (i = 0; l.v && i < l.reach.n; i++)
		keep_lines_end(&l.v[i].lines);
	keep_reach_end(&l.reach);
	return rc;
}
