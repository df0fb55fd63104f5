/* What was deployed, by whom, and how it ended: each deploy and rollback is a
 * commit on refs/keep/history/USER with one file, deploy.json, that holds a
 * keep_history_row. It is signed where an agent signs, as git takes it for
 * gpg.format=ssh; who signed is not judged here. Source: DEPLOY 5. */
#ifndef KEEP_HISTORY_H
#define KEEP_HISTORY_H

#include <keep/verb.h>

/* Limits of what is read: bytes of a deploy.json, its nodes, and commits. */
enum {
	KEEP_HISTORY_MAX = 4 << 20,
	KEEP_HISTORY_NODES = 20000,
	KEEP_HISTORY_COMMITS = 100000,
};

/* What became of a node. */
struct keep_history_node {
	struct keep_slice name;
	struct keep_slice state; /* "changed", "failed"... */
	struct keep_slice id;    /* of its generation; absent: not reached */
	uint64_t ms;             /* how long it took: by a node's journal in
				  * whole seconds; 0: not known */
};

/* A deploy, or a rollback. */
struct keep_history_row {
	uint64_t at;
	struct keep_slice user, host;
	struct keep_slice verb;    /* "deploy", "rollback" */
	struct keep_slice deploy;  /* its id */
	struct keep_slice commit;  /* of the instance; absent: none */
	bool dirty;                /* what was deployed was other than it */
	struct keep_slice plan;    /* its id; absent: a rollback */
	struct keep_list nodes;    /* struct keep_history_node, by name */
	/* Of the commit that tells this; never in deploy.json. */
	struct keep_slice id;
	bool is_signed;
};

/* `keep history [FILTER...] [-n N] [--fetch | --live]` */
struct keep_history_args {
	struct keep_slices filter; /* PROVIDER 4; none: all */
	uint32_t count;            /* deploys that are shown */
	bool fetch;                /* has git fetch those of others first */
	bool live;                 /* asks the nodes for their journals */
	/* With live: how they are reached. */
	uint32_t jobs, transport;
	uint64_t timeout;
};

KEEP_BEGIN
extern const struct keep_schema keep_history_args_schema;
extern const struct keep_schema keep_history_row_schema;
/* Emits a keep_history_row for each deploy, newest first; with a filter, for
 * those of its nodes, and only these are in the rows. Nodes that are gone are
 * found by their names. A commit that holds no deploy is logged as a warning.
 * NOT_FOUND in no repository; with fetch what git says: UNREACHABLE.
 * With live each row is a line of a journal: its verb is "journal", its
 * node's state what the node wrote ("ok", "fail:1", "start" where it has not
 * ended). +UNREACHABLE, or +PARTIAL, when a node did not answer. */
KEEP_MUST int keep_history(struct keep_ctx *c,
			   const struct keep_history_args *a,
			   struct keep_err *e);
keep_text_fn keep_history_text;
KEEP_END

#endif
