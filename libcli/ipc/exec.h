/* What an exec and its window tell each other. */
#ifndef IPC_EXEC_H
#define IPC_EXEC_H

#include <keep/transport.h>

/* X runs, or waits, no more. */
void keep_window_leave(struct keep_exec *x);

#endif
