/* What the files of libcli/ipc share. */
#ifndef IPC_IPC_H
#define IPC_IPC_H

#include <keep/loop.h>

/* How long epoll may wait, WAIT_MS at most (-1: no bound). */
int keep_timers_wait(const struct keep_loop *l, int wait_ms);
/* Fires what is due and was set before this turn. */
KEEP_MUST int keep_timers_fire(struct keep_loop *l, struct keep_err *e);

#endif
