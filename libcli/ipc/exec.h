/* What an exec and its window tell each other. */
#ifndef IPC_EXEC_H
#define IPC_EXEC_H

#include <keep/transport.h>

/* What a back end could not call by: BAD_ARGS; UNTRUSTED without a host key. */
KEEP_MUST int keep_login_check(const struct keep_login *l,
			       struct keep_err *e);
/* X runs, or waits, no more. */
void keep_window_leave(struct keep_exec *x);

#endif
