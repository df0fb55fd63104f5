/* The git side of a deploy: may this tree be deployed, does a node carry what
 * HEAD lacks, and the commit that tells of the deploy afterwards. */
#ifndef DEPLOY_PAST_H
#define DEPLOY_PAST_H

#include <keep/git2.h>
#include <keep/history.h>

/* What the user allows. */
struct keep_past_allow {
	bool dirty, unpushed;
};

/* What is deployed. */
struct keep_past_head {
	char id[65];    /* HEAD; "" where there is none, which --dirty allows */
	char brief[65]; /* as git shortens it */
	bool dirty;     /* the tree is other than it */
};

/* Refuses, with all reasons at once (CONFLICT), files that are not as HEAD has
 * them, and a HEAD that no remote-tracking branch holds where there is a
 * remote. What lies in .keep/ does not count. */
KEEP_MUST int keep_past_guard(struct keep_ctx *c, struct keep_past_allow allow,
			      struct keep_past_head *head, struct keep_err *e);
/* Whether COMMIT, as a node's journal names it, is none that HEAD descends
 * from, or not known here at all. A word that is no id of a commit, as where
 * nothing was committed, is never behind; "-dirty" at its end is left out. */
KEEP_MUST int keep_past_behind(struct keep_ctx *c, struct keep_slice commit,
			       bool *behind, struct keep_err *e);

/* What became of a record. All texts live in c->mem. */
struct keep_past_told {
	char id[65];                 /* of its commit */
	struct keep_slice unsigned_; /* why no agent signed; absent: one did */
	struct keep_slice unpushed;  /* why no remote has it; absent: one has,
					or there is none */
};

/* Adds the commit that tells of a deploy: WHAT's at, user, host, id and signed
 * are filled in here; nodes may come in any order. The agent signs by git's
 * user.signingkey, else by a key of users/U/ssh.pub, else by its first; USER is
 * the U that has the key, else the name of login. Then git pushes it, for at
 * most 20 s, or 5 when it was cancelled, or not at all where it was STOPPED: it
 * goes with the next. It needs no lock: when another process writes to the same
 * reference it is tried again, behind that. Work tree, index and branches stay
 * as they are. NOT_FOUND in no repository, IO, BUSY. */
KEEP_MUST int keep_past_record(struct keep_ctx *c,
			       struct keep_history_row *what, bool stopped,
			       struct keep_past_told *told,
			       struct keep_err *e);

#endif
