/* The children of a daemon: each has a seat, at which it says until when its
 * call may run. Seats lie in memory that all share: neither are descriptors
 * kept for them, nor does a call cost more than a store, but one with a
 * deadline, which wakes the parent. */
#ifndef IPC_CHILDREN_H
#define IPC_CHILDREN_H

#include <signal.h>
#include <stdatomic.h>
#include <sys/types.h>
#include <keep/socket.h>

/* What a child says, of which only the parent ends it. */
struct keep_seat {
	_Atomic uint64_t due_ms; /* as keep_loop_now_ms; 0: it has time */
};
struct keep_children {
	struct keep_seat *seats; /* shared */
	pid_t *pids;             /* of each; 0: free */
	uint32_t *uids;          /* whom each serves */
	size_t n, max;
	struct keep_fd bell;     /* an eventfd: somebody has a deadline */
	struct sigaction before; /* of SIGCHLD: who ignores it buries none */
	struct keep_mem mem;
};

KEEP_MUST int keep_children_begin(struct keep_children *c, size_t max,
				  struct keep_err *e);
void keep_children_end(struct keep_children *c);
/* Whether there is a seat for that peer. No other user takes those of all. */
bool keep_children_room(const struct keep_children *c,
			const struct keep_peer *p);
/* A free seat; there must be one. */
size_t keep_children_seat(const struct keep_children *c);
void keep_children_add(struct keep_children *c, size_t seat, pid_t pid,
		       uint32_t uid);
/* One was buried. */
void keep_children_forget(struct keep_children *c, pid_t pid);
/* In the child: what runs has until then; UINT64_MAX: as long as it takes. */
void keep_children_tell(struct keep_children *c, size_t seat, uint64_t due_ms);
/* When the first is due; UINT64_MAX: none is. */
uint64_t keep_children_due(const struct keep_children *c);
/* Kills those that were due by then (UINT64_MAX: all); how many. */
size_t keep_children_kill(struct keep_children *c, uint64_t by_ms);

#endif
