/* The conversation of a deploy with each of its nodes, and the fleet's run of
 * them: some at once, in batches, until all have come to a state. Source:
 * DEPLOY 2, 4, 5. */
#ifndef DEPLOY_PUSH_H
#define DEPLOY_PUSH_H

#include <keep/deploy.h>
#include "known.h"
#include "push/talk.h"
#include "reach.h"

struct keep_push;

/* A node of it. */
struct keep_push_node {
	/* The owner's. */
	const struct keep_target *target;
	const struct keep_generation *g; /* NULL: a rollback. Its parts may
					    be left out, see whole */
	bool rejoin;                /* an earlier run may have begun it */
	/* To be read. */
	enum keep_node_state state;
	struct keep_slice id;       /* its generation; absent: not known */
	struct keep_slice text;     /* why; absent: as the state says */
	struct keep_slice more;     /* a command that tells it all */
	uint64_t took_ms;
	bool begun, done, told_why;
	/* Its own. */
	struct keep_push *push;
	struct keep_mem mem;        /* as long as it is at work */
	struct keep_mem shot;       /* as long as an exec */
	struct keep_task task, confirm;
	struct keep_talk talk, confirm_talk;
	struct keep_timer again, retry;
	struct keep_known base;
	struct keep_manifest base_lines;
	struct keep_slice input;
	struct keep_buf said;       /* what its stderr began with */
	uint64_t since_ms;
	size_t lines, skip_lines;   /* of output: shown, to be left out */
	struct keep_buf last;       /* line of output */
	struct keep_buf step, words; /* what failed, and its last line */
	bool back;                  /* what comes is no more of that */
	unsigned needs, losses, confirms;
	bool ask;                   /* what it has, before anything is sent */
	/* Its input: waits for the node's word, was given, may be followed by
	 * another, will not come. */
	bool wait, sent, stays, refuses;
	bool direct;                /* its runner is asked before the script */
	bool indirect;              /* that gave no answer */
	bool rejoins, breaks, heard, magic, confirming;
	char other[KEEP_DEPLOY_ID_LEN + 1]; /* a deploy whose end is awaited */
	struct keep_slice other_want;
};

/* A run. Zero but for what the owner sets. */
struct keep_push {
	struct keep_ctx *c;
	struct keep_reach *reach;
	struct keep_push_node *v;
	size_t n;
	struct keep_slice deploy, who, commit; /* words of the node's journal */
	bool rollback;
	struct keep_slice to;       /* of a rollback; absent: the previous */
	bool magic, downgrade, break_lock, repair;
	uint64_t timeout_s;         /* of each script; 0: the runner's */
	size_t at_once;
	const size_t *batches;      /* cumulated; NULL: one */
	size_t n_batches;
	bool has_max_fail, fail_fast;
	size_t max_fail;            /* nodes that may fail */
	/* The generation that another deploy of this instance began with on
	 * the node; absent: it is not ours. */
	struct keep_slice (*ours)(struct keep_push *p, struct keep_slice id,
				  struct keep_slice node);
	/* Sets n->g to the same with its parts, where it has none: CONFLICT
	 * when there is no such any more. */
	int (*whole)(struct keep_push *p, struct keep_push_node *n,
		     struct keep_err *e);
	void *maker; /* whole's */
	/* Told whatever happens. N is NULL when it is of all; the text lives
	 * as long as the call, and is safe. */
	int (*told)(struct keep_push *p, struct keep_push_node *n,
		    enum keep_deploy_what what, struct keep_slice text,
		    struct keep_err *e);
	void *user;
	/* Its own. */
	struct keep_hook hook;
	struct keep_timer more;     /* the next may start */
	size_t next, batch, running, bad, failed;
	bool noticed;               /* that it is cancelled */
	char asked[64];             /* a commit: whether HEAD lacks it */
	bool lacks;
	struct keep_packer packer;
	struct keep_slice stopped;  /* why no more start; absent: they do */
};

/* Runs it. What happens to a node is its state, never an error. */
KEEP_MUST int keep_push_run(struct keep_push *p, struct keep_err *e);

#endif
