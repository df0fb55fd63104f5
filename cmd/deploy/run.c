/* keep run: one command on many nodes. */
#include <keep/run.h>
#include "reach.h"

enum { COMMAND_MAX = 100 << 10 }; /* a word of an argv on Linux is 128 KB */

static const char *const states[] = {
	"ok", "failed", "unreachable", "skipped",
};
static const struct keep_names_of state_names = {states, KEEP_COUNT(states)};

#define A struct keep_run_args
static const struct keep_field args[] = {
	KEEP_REACH_FILTER(A),
	{KEEP_TEXTS(A, command), .source = KEEP_BEHIND, .required = true, .meta = "CMD",
	 .help = "for root's shell there"},
	KEEP_REACH_FIELDS(A),
};
#undef A
const struct keep_schema keep_run_args_schema =
	KEEP_SCHEMA(struct keep_run_args, args);

#define E struct keep_run_event
static const struct keep_field event[] = {
	{KEEP_TEXT(E, node), .required = true, .help = "the node"},
	{KEEP_TEXT(E, line), .required = true, .help = "what it printed"},
	{KEEP_BOOL(E, error), .help = "on its stderr"},
};
#undef E
const struct keep_schema keep_run_event_schema =
	KEEP_SCHEMA(struct keep_run_event, event);

#define N struct keep_run_node
static const struct keep_field node[] = {
	{KEEP_TEXT(N, node), .required = true, .help = "the node"},
	{KEEP_ENUM(N, state, &state_names), .required = true, .help = "how it ended"},
	{KEEP_UINT(N, status), KEEP_HAS(N, has_status), .help = "exit status"},
	{KEEP_UINT(N, ms), .required = true, .help = "milliseconds"},
	{KEEP_TEXT(N, by), .help = "what spoke SSH"},
	{KEEP_TEXT(N, text), .help = "what went wrong"},
	{KEEP_TEXT(N, why), .help = "why not libssh2"},
};
#undef N
static const struct keep_schema node_schema =
	KEEP_SCHEMA(struct keep_run_node, node);
static const struct keep_field result[] = {
	{KEEP_STRUCTS(struct keep_run_result, nodes, struct keep_run_node, node_schema),
	 .required = true, .help = "the nodes"},
};
const struct keep_schema keep_run_result_schema =
	KEEP_SCHEMA(struct keep_run_result, result);
const uint16_t keep_run_errors[] = {
	KEEP_E_NOT_FOUND, KEEP_E_PARTIAL, KEEP_E_UNREACHABLE, KEEP_E_NO_AGENT,
	KEEP_E_KEY_NOT_IN_AGENT, KEEP_E_AGENT_REFUSED, KEEP_E_IO, 0,
};

/* --- as text -------------------------------------------------------------- */

void keep_run_event_text(const struct keep_view *v, struct keep_buf *out)
{
	const struct keep_run_event *event_ = v->result;

	keep_buf_print(out, "%.*s: %.*s\n", KEEP_F(event_->node),
		       KEEP_F(event_->line));
}

static struct keep_slice note(const struct keep_view *v,
			      const struct keep_run_node *n)
{
	if (n->text.p)
		return n->text;
	return n->why.p ? keep_mem_print(v->mem, "by %.*s: %.*s",
					 KEEP_F(n->by), KEEP_F(n->why)) :
			  KEEP_S("");
}

void keep_run_text(const struct keep_view *v, struct keep_buf *out)
{
	const struct keep_run_result *r = v->result;
	const struct keep_run_node *n = r->nodes.v;
	struct keep_tab tab = {.mem = v->mem, .n_columns = 5};
	size_t i;

	for (i = 0; i < r->nodes.n; i++, n++) {
		keep_tab_cell(&tab, n->node);
		keep_tab_cell(&tab, keep_slice(states[n->state]));
		keep_tab_cell(&tab, n->has_status ?
			      keep_mem_print(v->mem, "%u", n->status) :
			      KEEP_S("-"));
		keep_tab_cell(&tab, keep_mem_print(v->mem, "%.1fs",
						   (double)n->ms / 1000));
		keep_tab_cell(&tab, note(v, n));
	}
	keep_tab_put(&tab, out);
}

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
	if (end->err.code == KEEP_E_CANCELLED)
		return KEEP_RUN_SKIPPED;
	return keep_reach_missed(end) && end->phase < KEEP_PHASE_OPEN ?
	       KEEP_RUN_UNREACHABLE : KEEP_RUN_FAILED;
}

static int tell(struct one *o, const struct keep_exec_end *end,
		struct keep_err *e)
{
	struct keep_run_node *row = o->row;
	struct keep_mem *m = o->c->mem;
	const char *why = end->first.code ? end->first.message :
			  o->task.target->why;

	row->state = state_of(end);
	row->has_status = !end->err.code;
	row->status = (uint32_t)end->status;
	row->ms = o->task.ms;
	row->by = keep_slice(end->by ? end->by->name : NULL);
	if (end->err.code)
		row->text = keep_mem_print(m, "%s", end->err.message);
	if (why)
		row->why = keep_mem_print(m, "%s", why);
	return (end->err.code && !row->text.p) || (why && !row->why.p) ?
	       keep_no_memory(e) : 0;
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

static int join(struct keep_mem *m, struct keep_slices words,
		const char **out, struct keep_err *e)
{
	struct keep_buf b = {.mem = m, .limit = COMMAND_MAX};
	size_t i;

	for (i = 0; i < words.n; i++) {
		keep_buf_text(&b, i ? " " : "");
		keep_buf_slice(&b, words.v[i]);
	}
	keep_buf_byte(&b, '\0');
	*out = b.p;
	if (words.n)
		return keep_buf_check(&b, e);
	return keep_fail(e, KEEP_E_BAD_ARGS, "no command");
}

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

static int run(struct keep_ctx *c, struct keep_reach *r, const char *command,
	       struct keep_run_result *out, struct keep_err *e)
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

int keep_run_on_nodes(struct keep_ctx *c, const struct keep_run_args *a,
		      struct keep_run_result *r, struct keep_err *e)
{
	const struct keep_reach_options options = KEEP_REACH_OPTIONS(a);
	struct keep_contacts contacts;
	struct keep_reach reach = {0};
	const char *command;
	int rc = join(c->mem, a->command, &command, e);

	if (!rc)
		rc = keep_contacts(c, a->filter, &contacts, e);
	if (!rc)
		rc = keep_reach_begin(c, &contacts, &options, &reach, e);
	if (!rc)
		rc = run(c, &reach, command, r, e);
	keep_reach_end(&reach);
	return rc;
}
