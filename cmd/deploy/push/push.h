/* The parts of a run. */
#ifndef PUSH_PUSH_H
#define PUSH_PUSH_H

#include "../push.h"
#include "change.h"

/* node.c: begins the conversation with a node, or goes on with another exec;
 * keep_push_done() is told of its end. */
KEEP_MUST int keep_push_begin(struct keep_push_node *n, struct keep_err *e);
KEEP_MUST int keep_push_exec(struct keep_push_node *n, struct keep_err *e);
/* Ends all that is under way for it. */
void keep_push_node_end(struct keep_push_node *n);
/* Reaches the node anew in DELAY_MS, to hear how it ended. */
void keep_push_rejoin(struct keep_push_node *n, uint64_t delay_ms);

/* pack.c: what an exec is told and sent, in n->shot. */
KEEP_MUST int keep_push_words(struct keep_push_node *n, struct keep_task *t,
			      struct keep_err *e);
/* What the node lacks of the base that it named, on the same stdin. */
KEEP_MUST int keep_push_send(struct keep_push_node *n, struct keep_err *e);
/* Has n->g made whole, which was thought to be there already. */
KEEP_MUST int keep_push_whole(struct keep_push_node *n, struct keep_err *e);
/* A command with these flags for no input, in n->mem: it may outlast the exec
 * beside it. */
KEEP_MUST int keep_push_command(struct keep_push_node *n, const char *flags,
				struct keep_task *t, struct keep_err *e);

/* Whether HEAD lacks the commit that a node has, and that matters. */
bool keep_push_lacks(struct keep_push_node *n, struct keep_slice commit);
/* answer.c: the last answer of an exec, or its lack. */
KEEP_MUST int keep_push_answered(struct keep_push_node *n, int status,
				 struct keep_err *e);
KEEP_MUST int keep_push_lost(struct keep_push_node *n,
			     const struct keep_exec_end *end,
			     struct keep_err *e);

/* reason.c: hears a line of the node's output. */
KEEP_MUST int keep_push_hear(struct keep_push_node *n, struct keep_slice line,
			     struct keep_err *e);
/* Forgets them: others come. */
void keep_push_forget(struct keep_push_node *n);
/* Why it failed, in n->mem: the step, the status and the last words of that, as
 * far as they are known; and sets n->more. */
struct keep_slice keep_push_reason(struct keep_push_node *n);

/* A need that waits for an answer: it is given, or refused by the end of
 * stdin, behind which the exec ends as one that needs. */
KEEP_MUST int keep_push_needed(struct keep_push_node *n, struct keep_err *e);

/* confirm.c: reaches the node over a fresh connection. */
KEEP_MUST int keep_push_confirm(struct keep_push_node *n, struct keep_err *e);

/* fleet.c: the node has come to a state. TEXT may be foreign. */
KEEP_MUST int keep_push_done(struct keep_push_node *n,
			     enum keep_node_state state,
			     struct keep_slice text, struct keep_err *e);

#endif
