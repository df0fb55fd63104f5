/* The connection to an ssh-agent, for agent.c. Whatever fails loses it. */
#ifndef AGENT_WIRE_H
#define AGENT_WIRE_H

#include <keep/agent.h>

/* Uses it no more: the next request connects again. */
void keep_agent_lose(struct keep_agent *a);
/* Connects where it is not, or was lost; empties the buffers, sets due_ms. A
 * queue that is full is waited for no longer than QUEUE_MS. */
KEEP_MUST int keep_agent_connect(struct keep_agent *a, uint32_t queue_ms,
				 struct keep_err *e);
/* Waits until fd is ready, the deadline has come, or the caller cancels. */
KEEP_MUST int keep_agent_wait(struct keep_agent *a, struct keep_err *e);
/* Sends and receives what goes without waiting. *message is absent while the
 * answer is not whole; it borrows a->in. */
KEEP_MUST int keep_agent_turn(struct keep_agent *a, struct keep_slice *message,
			      struct keep_err *e);
/* RC of reading a message: where the speaker is no agent, loses it. */
KEEP_MUST int keep_agent_foreign(struct keep_agent *a, int rc,
				 struct keep_err *e);

#endif
