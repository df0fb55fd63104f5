/* A connection: what takes its frames and what moves its bytes. */
#ifndef IPC_CONN_H
#define IPC_CONN_H

#include <keep/daemon.h>
#include <keep/loop.h>
#include "children.h"

/* Where a child tells its parent of deadlines. */
struct keep_conn_seat {
	struct keep_children *of;
	size_t i;
};

/* A call that waits or runs, in an arena of its own. */
struct keep_pending {
	struct keep_mem mem;
	struct keep_pending *next;
	struct keep_slice id, client;
	struct keep_verb_call call;
	size_t len; /* of its frame's call */
	uint64_t began_ms, due_ms; /* as keep_loop_now_ms; UINT64_MAX: none */
};

/* --- answer.c: frames in c->in become answers in c->out and calls that wait;
 * no descriptor is touched */

/* Takes frames until there is none, or too many calls wait. */
void keep_conn_take(struct keep_conn *c);
/* Runs the first call that waits. */
void keep_conn_run(struct keep_conn *c);
/* Whether no further call is taken. */
bool keep_conn_full(const struct keep_conn *c);
/* An error that answers ID; it ends the connection when it cannot be put. */
void keep_conn_refuse(struct keep_conn *c, struct keep_slice id,
		      const struct keep_err *error);
/* TOO_LARGE leaves all as it was; other failures end the connection. */
KEEP_MUST int keep_conn_reply(struct keep_conn *c, const struct keep_ok *ok,
			      struct keep_err *e);
/* What runs is to end. */
void keep_conn_cancel(struct keep_conn *c);
/* Gives all back but the descriptors. */
void keep_conn_drop(struct keep_conn *c);

/* --- connection.c: the same with descriptors */

/* keep_conn_serve in a child whose parent hears at SEAT of deadlines. */
KEEP_MUST int keep_conn_serve_at(const struct keep_daemon *d, struct keep_fd fd,
				 int life, const struct keep_conn_seat *seat,
				 struct keep_err *e);
/* The wake-up of keep_conn_cancel_fd tells whether it is cancelled. */
void keep_conn_tell(struct keep_conn *c);

static inline uint32_t keep_limit(uint32_t set, uint32_t usual)
{
	return set ? set : usual;
}

#endif
