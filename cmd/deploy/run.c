/* keep run: one command on many nodes. */
#include "on_all.h"

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

/* --- the verb ------------------------------------------------------------- */

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

int keep_run_on_nodes(struct keep_ctx *c, const struct keep_run_args *a,
		      struct keep_run_result *r, struct keep_err *e)
{
	struct keep_on_all how = {.options = KEEP_REACH_OPTIONS(a)};
	struct keep_contacts nodes;
	int rc = join(c->mem, a->command, &how.command, e);

	if (!rc)
		rc = keep_contacts(c, a->filter, &nodes, e);
	return rc ? rc : keep_on_all(c, &nodes, &how, r, e);
}
