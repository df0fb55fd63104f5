/* How ssh is called, and what it says of its end. */
#ifndef IPC_OPENSSH_H
#define IPC_OPENSSH_H

#include <keep/transport.h>

/* The end of what came on stderr, where ssh says why it failed. */
struct keep_ssh_tail {
	char text[1024];
	size_t len;
};
void keep_ssh_tail_add(struct keep_ssh_tail *t, struct keep_slice bytes);

/* Its command line, in x->mem. */
KEEP_MUST int keep_openssh_argv(struct keep_exec *x, const char *const **argv,
				struct keep_err *e);
/* Judges an exit status of 255; end->phase is how far it came. */
void keep_openssh_judge(const struct keep_ssh_tail *t,
			struct keep_exec_end *end);

#endif
