/* What deploy and rollback tell: schemas, and their text. */
#include <keep/deploy.h>
#include "fleet.h"

#define N struct keep_deploy_node
static const struct keep_field node[] = {
	{KEEP_TEXT(N, node), .required = true, .help = "the node"},
	{KEEP_ENUM(N, state, &keep_node_state_names), .required = true,
	 .help = "what it came to"},
	{KEEP_DURATION(N, took), .required = true, .help = "how long it took"},
	{KEEP_TEXT(N, id), .help = "its generation"},
	{KEEP_TEXT(N, text), .help = "why"},
	{KEEP_TEXT(N, more), .help = "the command that shows all that it printed"},
};
#undef N
static const struct keep_schema node_schema =
	KEEP_SCHEMA(struct keep_deploy_node, node);

#define R struct keep_deploy_result
static const struct keep_field result[] = {
	{KEEP_TEXT(R, deploy), .required = true, .help = "its id"},
	{KEEP_STRUCTS(R, nodes, struct keep_deploy_node, node_schema),
	 .required = true, .help = "the nodes"},
	{KEEP_TEXT(R, resume), .help = "the command that goes on"},
};
#undef R
const struct keep_schema keep_deploy_result_schema =
	KEEP_SCHEMA(struct keep_deploy_result, result);

static const char *const whats[] = {"started", "output", "state"};
static const struct keep_names_of what_names = {whats, KEEP_COUNT(whats)};

#define E struct keep_deploy_event
static const struct keep_field event[] = {
	{KEEP_TEXT(E, node), .required = true, .help = "the node; empty: all"},
	{KEEP_ENUM(E, what, &what_names), .required = true, .help = "what happened"},
	{KEEP_TEXT(E, text), .help = "a line of a recipe, or why"},
	{KEEP_ENUM(E, state, &keep_node_state_names), KEEP_HAS(E, has_state),
	 .help = "what it came to"},
};
#undef E
const struct keep_schema keep_deploy_event_schema =
	KEEP_SCHEMA(struct keep_deploy_event, event);

const uint16_t keep_deploy_errors[] = {
	KEEP_E_PARTIAL, KEEP_E_UNREACHABLE, KEEP_E_CONFLICT, KEEP_E_NOT_FOUND,
	KEEP_E_INTERACTIVE, KEEP_E_NO_AGENT, KEEP_E_KEY_NOT_IN_AGENT,
	KEEP_E_AGENT_REFUSED, KEEP_E_DENIED, KEEP_E_BUSY, KEEP_E_IO, 0,
};

void keep_deploy_event_text(const struct keep_view *v, struct keep_buf *out)
{
	const struct keep_deploy_event *event_ = v->result;
	struct keep_slice colon = event_->text.len ? KEEP_S(": ") : KEEP_S("");

	if (event_->what == KEEP_DEPLOY_OUTPUT && event_->node.len && v->live)
		return;
	if (!event_->node.len)
		keep_buf_print(out, "no more nodes begin%s%s%.*s\n", v->live ?
			       "; Ctrl-C again leaves those at work" : "",
			       event_->text.len ? "; to go on: " : "",
			       KEEP_F(event_->text));
	else if (event_->what == KEEP_DEPLOY_OUTPUT)
		keep_buf_print(out, "%.*s: %.*s\n", KEEP_F(event_->node),
			       KEEP_F(event_->text));
	else if (event_->what == KEEP_DEPLOY_STATE)
		keep_buf_print(out, "%.*s: %s%.*s%.*s\n", KEEP_F(event_->node),
			       keep_node_state_names.v[event_->state],
			       KEEP_F(colon), KEEP_F(event_->text));
}

/* "3 changed, 1 failed" */
static void put_counts(const size_t counts[KEEP_NODE_STATES],
		       struct keep_buf *out)
{
	const char *comma = "";
	size_t i;

	for (i = 0; i < KEEP_NODE_STATES; i++) {
		if (!counts[i])
			continue;
		keep_buf_print(out, "%s%zu %s", comma, counts[i],
			       keep_node_state_names.v[i]);
		comma = ", ";
	}
}

/* A node that failed is one whose last words matter. */
static enum keep_step step_of(const struct keep_deploy_event *event_)
{
	if (event_->what == KEEP_DEPLOY_STARTED)
		return KEEP_STEP_DOES;
	if (event_->what == KEEP_DEPLOY_OUTPUT)
		return KEEP_STEP_SAYS;
	return event_->state == KEEP_NODE_FAILED ||
	       event_->state == KEEP_NODE_ROLLED_BACK ? KEEP_STEP_FAILED :
							KEEP_STEP_DONE;
}

void keep_fleet_show(struct keep_fleet *f,
		     const struct keep_deploy_event *event_)
{
	struct keep_ctx *c = f->push.c;
	KEEP_AUTO(keep_buf) counts = {0};

	if (!event_->node.len || !c->work)
		return;
	keep_work_tell(c, &(struct keep_work){event_->node, step_of(event_),
					      event_->text});
	if (event_->has_state) {
		f->counts[event_->state]++;
		f->n_ended++;
	}
	put_counts(f->counts, &counts);
	keep_work_tell(c, &(struct keep_work){
				  .of = KEEP_S(""), .done = f->n_ended,
				  .total = f->push.n,
				  .text = keep_buf_get(&counts)});
}

/* Of one, from which others can be guessed. */
static void put_more(const struct keep_deploy_result *r, struct keep_buf *out)
{
	const struct keep_deploy_node *n = r->nodes.v;
	size_t i;

	for (i = 0; i < r->nodes.n; i++)
		if (n[i].more.p) {
			keep_buf_print(out, "all that %.*s printed: %.*s\n",
				       KEEP_F(n[i].node), KEEP_F(n[i].more));
			return;
		}
}

void keep_deploy_text(const struct keep_view *v, struct keep_buf *out)
{
	const struct keep_deploy_result *r = v->result;
	const struct keep_deploy_node *n = r->nodes.v;
	struct keep_tab tab = {.mem = v->mem, .n_columns = 4};
	size_t counts[KEEP_NODE_STATES] = {0}, i;

	for (i = 0; i < r->nodes.n; i++, n++) {
		counts[n->state]++;
		keep_tab_cell(&tab, n->node);
		keep_tab_cell(&tab, keep_slice(
				      keep_node_state_names.v[n->state]));
		keep_tab_cell(&tab, keep_mem_print(v->mem, "%.1fs",
						   (double)n->took / 1000));
		keep_tab_cell(&tab, n->text.p ? n->text : KEEP_S(""));
	}
	keep_tab_put(&tab, out);
	put_counts(counts, out);
	keep_buf_print(out, " (deploy %.*s)\n", KEEP_F(r->deploy));
	put_more(r, out);
	if (r->resume.p)
		keep_buf_print(out, "to go on: %.*s\n", KEEP_F(r->resume));
}
