/* keep deploy, keep rollback: the generations of nodes, sent to them over SSH
 * and made what they are. Source: DEPLOY 2, 5.
 *
 * A deploy has an id of 12 letters and digits. What its nodes came to is told
 * as it happens (events), at the end (result), and stands in .keep/deploys/ID,
 * which --resume goes on from. */
#ifndef KEEP_DEPLOY_H
#define KEEP_DEPLOY_H

#include <keep/verb.h>

/* Bytes of a deploy's id. */
enum { KEEP_DEPLOY_ID_LEN = 12 };

/* What a node came to. */
enum keep_node_state {
	KEEP_NODE_UNCHANGED = 0, /* it was so already */
	KEEP_NODE_CHANGED,
	KEEP_NODE_FAILED,        /* and stays as it is now */
	KEEP_NODE_ROLLED_BACK,   /* failed, and is what it was before */
	KEEP_NODE_RUNNING,       /* out of sight; it goes on by itself */
	KEEP_NODE_BEHIND,        /* has a commit that HEAD lacks */
	KEEP_NODE_UNREACHABLE,
	KEEP_NODE_LOCKED,        /* another deploy is at work there */
	KEEP_NODE_SKIPPED,       /* vetoed, or not begun */
	KEEP_NODE_STATES,
};

/* deploy FILTER... */
struct keep_deploy_args {
	struct keep_slices filter; /* PROVIDER 4; or resume */
	bool yes;                  /* nobody is asked */
	struct keep_slice batch;   /* "1,10%,100%" */
	bool has_max_fail;
	struct keep_share max_fail;
	bool fail_fast;
	struct keep_slice resume;  /* id of a deploy */
	bool magic;
	bool downgrade, break_lock, repair;
	bool dirty, unpushed;
	uint32_t jobs;             /* nodes at once */
	uint32_t transport;        /* an enum keep_by */
	uint64_t timeout;          /* ms that a script of a recipe may run */
	struct keep_slice plan;    /* id of one: exactly that */
};

/* rollback FILTER... [--to ID] */
struct keep_rollback_args {
	struct keep_slices filter;
	struct keep_slice to;      /* id of a generation, or at least 4 digits
				    * that one of each node's begins with;
				    * absent: the previous */
	bool yes, magic, break_lock;
	uint32_t jobs;             /* nodes at once */
	uint32_t transport;        /* an enum keep_by */
	uint64_t timeout;          /* ms that a script of a recipe may run */
};

/* A node at the end. */
struct keep_deploy_node {
	struct keep_slice node;
	uint32_t state;            /* enum keep_node_state */
	uint64_t took;             /* ms */
	struct keep_slice id;      /* its generation now; absent: not known */
	struct keep_slice text;    /* why; absent: as the state says */
	struct keep_slice more;    /* of who failed: the command that shows all
				    * that it printed */
};

/* All of them. */
struct keep_deploy_result {
	struct keep_slice deploy;  /* the id */
	struct keep_list nodes;    /* of keep_deploy_node, by name */
	struct keep_slice resume;  /* the command that goes on; absent: none */
};

/* What happens, as it does. */
enum keep_deploy_what {
	KEEP_DEPLOY_STARTED = 0,
	KEEP_DEPLOY_OUTPUT, /* a line of a recipe, or what is to be known */
	KEEP_DEPLOY_STATE,  /* the node is done with */
};
struct keep_deploy_event {
	struct keep_slice node;    /* "": of all */
	uint32_t what;             /* enum keep_deploy_what */
	struct keep_slice text;
	bool has_state;
	uint32_t state;
};

KEEP_BEGIN
/* Both: +PARTIAL when a node is failed, rolled back, running, behind, locked
 * or skipped, as are those that a cancelled one has not begun, +UNREACHABLE
 * when some are that and nothing else is wrong, +IO when all is well but the
 * record for --resume, which could not be written. BAD_ARGS without a filter,
 * and with every fault of the instance; CONFLICT when `keep compile` would
 * change something; INTERACTIVE when nobody can be asked; DENIED, NO_AGENT.
 * Results live in c->mem. */

/* Makes each node of the filter what the instance says. */
KEEP_MUST int keep_deploy(struct keep_ctx *c, const struct keep_deploy_args *a,
			  struct keep_deploy_result *r, struct keep_err *e);
/* Makes each node what it was before, or the generation TO. */
KEEP_MUST int keep_rollback(struct keep_ctx *c,
			    const struct keep_rollback_args *a,
			    struct keep_deploy_result *r, struct keep_err *e);
extern const struct keep_schema keep_deploy_args_schema;
extern const struct keep_schema keep_rollback_args_schema;
extern const struct keep_schema keep_deploy_result_schema;
extern const struct keep_schema keep_deploy_event_schema;
extern const uint16_t keep_deploy_errors[];
keep_text_fn keep_deploy_text, keep_deploy_event_text;
KEEP_END

#endif
