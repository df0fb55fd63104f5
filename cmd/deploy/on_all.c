/* A command on many nodes: the lines of each as they come, and its end. */
#include "on_all.h"

/* --- one node ------------------------------------------------------------- */

struct one {
	struct keep_task task;
	struct keep_ctx *c;
	struct keep_lines out, err;
	struct keep_run_node *row;
};

static int on_line(struct keep_lines *l, struct keep_slice line,
		   struct keep_err *e)
{
	const struct one *o = l->user;
	const struct keep_run_event told = {
		o->row->node, keep_lines_text(o->c->item_mem, line),
		l == &o->err,
	};

	keep_work_tell(o->c, &(struct keep_work){told.node, KEEP_STEP_SAYS,
						 told.line});
	return keep_emit(o->c, &told, e);
}

static int on_output(struct keep_exec *x, enum keep_stream from,
		     struct keep_slice bytes, struct keep_err *e)
{
	struct one *o = x->user;

	return keep_lines_put(from == KEEP_STDOUT ? &o->out : &o->err, bytes,
			      e);
}

static uint32_t state_of(const struct keep_exec_end *end)
{
	if (!end->err.code)
		return end->status ? KEEP_RUN_FAILED : KEEP_RUN_OK;
	if (end->phase >= KEEP_PHASE_OPEN) /* it may have begun */
		return KEEP_RUN_FAILED;
	if (end->err.code == KEEP_E_CANCELLED)
		return KEEP_RUN_SKIPPED;
	return keep_reach_missed(end) ? KEEP_RUN_UNREACHABLE : KEEP_RUN_FAILED;
}

static int tell(struct one *o, const struct keep_exec_end *end,
		struct keep_err *e)
{
	struct keep_run_node *row = o->row;
	struct keep_mem *m = o->c->mem;

	row->state = state_of(end);
	row->has_status = !end->err.code;
	row->status = (uint32_t)end->status;
	row->ms = o->task.ms;
	row->by = keep_slice(end->by ? end->by->name : NULL);
	if (end->err.code)
		row->text = keep_mem_print(m, "%s", end->err.message);
	row->why = keep_slice(o->task.target->why);
	return end->err.code && !row->text.p ? keep_no_memory(e) : 0;
}

static int on_end(struct keep_task *t, const struct keep_exec_end *end,
		  struct keep_err *e)
{
	struct one *o = t->x.user;
	int rc = keep_lines_flush(&o->out, e);

	if (!rc)
		rc = keep_lines_flush(&o->err, e);
	keep_lines_end(&o->out);
	keep_lines_end(&o->err);
	return rc ? rc : tell(o, end, e);
}

/* --- all of them ---------------------------------------------------------- */

static int put_all(struct keep_ctx *c, struct keep_reach *r,
		   const char *command, struct one *v, struct keep_err *e)
{
	size_t i;
	int rc = 0;

	for (i = 0; i < r->n && !rc; i++) {
		v[i].c = c;
		v[i].row->node = r->v[i].name;
		v[i].out = (struct keep_lines){.line = on_line, .user = &v[i]};
		v[i].err = v[i].out;
		v[i].task = (struct keep_task){
			.x = {.output = on_output, .user = &v[i]},
			.target = &r->v[i], .command = command,
			.ended = on_end,
		};
		rc = keep_task_put(r, &v[i].task, e);
	}
	return rc;
}

static int verdict(const struct keep_run_node *n, size_t count)
{
	int code = 0;
	size_t i;

	for (i = 0; i < count; i++) {
		if (n[i].state == KEEP_RUN_OK)
			continue;
		if (n[i].state != KEEP_RUN_UNREACHABLE)
			return KEEP_E_PARTIAL;
		code = KEEP_E_UNREACHABLE;
	}
	return code;
}

static int run_on(struct keep_ctx *c, struct keep_reach *r,
		  const char *command, struct keep_run_result *out,
		  struct keep_err *e)
{
	struct keep_run_node *rows = KEEP_NEWS(c->mem, r->n,
					       struct keep_run_node);
	struct one *v = KEEP_NEWS(c->mem, r->n, struct one);
	size_t i;
	int rc;

	if (!rows || !v)
		return keep_no_memory(e);
	for (i = 0; i < r->n; i++)
		v[i].row = &rows[i];
	rc = put_all(c, r, command, v, e);
	if (!rc)
		rc = keep_reach_run(r, e);
	for (i = 0; i < r->n; i++) {
		keep_lines_end(&v[i].out);
		keep_lines_end(&v[i].err);
	}
	out->nodes = (struct keep_list){rows, r->n};
	return rc ? rc : verdict(rows, r->n);
}

int keep_on_all(struct keep_ctx *c, const struct keep_contacts *nodes,
		const struct keep_on_all *how, struct keep_run_result *r,
		struct keep_err *e)
{
	struct keep_reach reach = {0};
	int rc = keep_reach_begin(c, nodes, &how->options, &reach, e);

	if (!rc)
		rc = run_on(c, &reach, how->command, r, e);
	keep_reach_end(&reach);
	return rc;
}
