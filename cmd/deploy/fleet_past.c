/* What a run leaves behind: events for the bus, and its commit of history.
 * Neither can fail what was done on nodes: a failure is logged. */
#include <keep/text.h>
#include "fleet.h"
#include "past.h"

static struct keep_slice instance_name(const struct keep_ctx *c)
{
	struct keep_slice path = c->instance_path;
	size_t at = path.len;

	while (at > 0 && path.p[at - 1] != '/')
		at--;
	return keep_text_safe(c->item_mem,
			      (struct keep_slice){path.p + at, path.len - at},
			      100);
}

static const char *word_of(const struct keep_deploy_event *event)
{
	if (event->what == KEEP_DEPLOY_STARTED)
		return "started";
	return event->state <= KEEP_NODE_CHANGED ? "done" : "failed";
}

void keep_fleet_publish(struct keep_fleet *f,
			const struct keep_deploy_event *event)
{
	struct keep_ctx *c = f->push.c;
	struct keep_buf payload = {.mem = c->item_mem};
	struct keep_err why = {0};
	struct keep_slice topic;
	int rc;

	if (!event->node.len || event->what == KEEP_DEPLOY_OUTPUT)
		return;
	topic = keep_mem_print(c->item_mem, "deploy/%.*s/%.*s/%s",
			       KEEP_F(instance_name(c)), KEEP_F(event->node),
			       word_of(event));
	rc = topic.p ? keep_schema_encode(&keep_deploy_event_schema, event,
					  &payload, &why)
		     : keep_no_memory(&why);
	if (!rc)
		rc = keep_publish(c, topic, keep_buf_get(&payload), &why);
	if (rc && !f->unpublished)
		keep_log(c->log, KEEP_LOG_WARNING, "not published: %s",
			 why.message);
	f->unpublished |= rc != 0;
}

static int record(struct keep_fleet *f, const struct keep_deploy_result *r,
		  struct keep_past_told *told, struct keep_err *e)
{
	const struct keep_push *p = &f->push;
	const struct keep_deploy_node *from = r->nodes.v;
	struct keep_history_node *v = KEEP_NEWS(p->c->mem, r->nodes.n,
						struct keep_history_node);
	struct keep_history_row row = {
		.verb = keep_slice(f->verb), .deploy = r->deploy,
		.commit = f->commit, .dirty = f->dirty, .plan = f->plan,
		.nodes = {v, r->nodes.n}};
	size_t i;

	if (!v)
		return keep_no_memory(e);
	for (i = 0; i < r->nodes.n; i++)
		v[i] = (struct keep_history_node){
			from[i].node, keep_slice(keep_node_state_names.v[
				from[i].state]), from[i].id, from[i].took};
	return keep_past_record(p->c, &row, p->reach->over, told, e);
}

void keep_fleet_remember(struct keep_fleet *f,
			 const struct keep_deploy_result *r)
{
	const struct keep_log *log = f->push.c->log;
	struct keep_past_told told;
	struct keep_err why = {0};

	if (record(f, r, &told, &why)) {
		keep_log(log, KEEP_LOG_WARNING, "not in the history: %s",
			 why.message);
		return;
	}
	if (told.unsigned_.p)
		keep_log(log, KEEP_LOG_WARNING, "history: not signed: %.*s",
			 KEEP_F(told.unsigned_));
	if (told.unpushed.p)
		keep_log(log, KEEP_LOG_WARNING, "history: not pushed: %.*s",
			 KEEP_F(told.unpushed));
}
