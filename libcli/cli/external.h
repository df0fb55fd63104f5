/* External commands: what finds them, runs them and speaks with them. */
#ifndef CLI_EXTERNAL_H
#define CLI_EXTERNAL_H

#include <keep/external.h>
#include <keep/frame.h>
#include <keep/loop.h>

/* One that runs. What it writes is taken as it comes; what should end gets a
 * while for it. */
struct keep_outside {
	struct keep_ctx *c;
	const char *const *argv;
	bool speaks;             /* stdin is a socket, and KEEP_IO is cbor */
	uint32_t grace_ms;       /* from when it should end */
	struct keep_slice input; /* what it reads when it speaks */
	/* Takes what it wrote to FD, 1 or 2. An error kills it. */
	int (*took)(struct keep_outside *o, int fd, struct keep_slice bytes,
		    struct keep_err *e);
	void *user;
	int status;              /* as waitpid gives it, once it ended */
	/* Its own. */
	struct keep_err why;     /* it should end; code 0: not */
	bool ending, ended;
	pid_t group;
	struct keep_loop loop;
	struct keep_child child;
	struct keep_watch watch[3];
	struct keep_fd fd[3];    /* this end of its stdin, stdout, stderr */
	struct keep_timer kill;
};

/* --- external.c */

/* The file of keep-NAME; false: there is none. */
bool keep_external_find(const struct keep_suite *s, struct keep_slice name,
			struct keep_slice *file, struct keep_mem *m);
/* NO_SUCH_COMMAND, with the name that is nearest. */
int keep_external_unknown(const struct keep_suite *s, struct keep_slice name,
			  struct keep_err *e);

/* --- outside.c */

/* Runs it to its end: 0, or why it should have ended. */
KEEP_MUST int keep_outside_run(struct keep_outside *o, struct keep_err *e);
/* It should end: its stdin is closed, or a plain one gets SIGTERM. WHY NULL:
 * it has done what it should. */
void keep_outside_stop(struct keep_outside *o, const struct keep_err *why);
/* What it writes to FD from now on is not read. */
void keep_outside_deaf(struct keep_outside *o, int fd);

/* --- external_plain.c, external_frames.c: keep_external_call of each */

extern const struct keep_verb keep_words_verb;
KEEP_MUST int keep_external_words(struct keep_ctx *c,
				  const struct keep_external *x,
				  const struct keep_verb_call *call,
				  uint32_t max, struct keep_buf *out,
				  struct keep_err *e);
KEEP_MUST int keep_external_frames(struct keep_ctx *c,
				   const struct keep_external *x,
				   const struct keep_verb_call *call,
				   uint32_t max, struct keep_buf *out,
				   struct keep_err *e);

#endif
