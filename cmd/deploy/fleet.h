/* What the verbs share that push generations: deploy and rollback. */
#ifndef DEPLOY_FLEET_H
#define DEPLOY_FLEET_H

#include "push.h"
#include "push/record.h"

/* A verb's run. */
struct keep_fleet {
	struct keep_push push;
	struct keep_record record;
	const char *verb;
	struct keep_slice resume;  /* the command that goes on */
	bool unrecorded, unpublished; /* that could not be done, which is
				       * told once */
	size_t counts[KEEP_NODE_STATES], n_ended; /* as progress tells them */
	/* For history, set before it runs. */
	struct keep_slice plan;    /* its id; absent: a rollback */
	struct keep_slice commit;  /* HEAD; absent: it goes out for none */
	bool dirty;                /* what goes out is other than it */
};

/* Draws an id, or takes that of --resume, begins its record, and sets what a
 * node's journal is told. f->push.c, reach, v and n are set before. */
KEEP_MUST int keep_fleet_begin(struct keep_fleet *f, const char *verb,
			       struct keep_slice id, struct keep_err *e);
/* How much longer than to let us in a node may take, when each script of it may
 * take that: the node ends its scripts itself. */
uint64_t keep_fleet_more_ms(uint64_t script_ms);
/* Asks the person, unless YES; BEFORE: lines above the question. CANCELLED when
 * the answer is no, INTERACTIVE where there is nobody. */
KEEP_MUST int keep_fleet_ask(struct keep_ctx *c, bool yes, const char *before,
			     const char *what, struct keep_err *e);
/* Runs it, and fills the result: 0, or the verdict. */
KEEP_MUST int keep_fleet_run(struct keep_fleet *f,
			     struct keep_deploy_result *r,
			     struct keep_err *e);
void keep_fleet_end(struct keep_fleet *f);
/* fleet_past.c: publishes what happened to a node, and adds what all came to to
 * history. */
void keep_fleet_publish(struct keep_fleet *f,
			const struct keep_deploy_event *event);
void keep_fleet_remember(struct keep_fleet *f,
			 const struct keep_deploy_result *r);
/* deploy_text.c: shows a person what happened; before it is emitted. */
void keep_fleet_show(struct keep_fleet *f,
		     const struct keep_deploy_event *event);
/* "rolled_back" */
extern const struct keep_names_of keep_node_state_names;

#endif
