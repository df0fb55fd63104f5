/* A connection of libssh2 on its way through the phases. A step returns GONE
 * when the exec was ended in it, and then nothing may be touched. */
#ifndef SSH2_SSH2_H
#define SSH2_SSH2_H

#include <libssh2.h>
#include <keep/ssh2.h>

enum { GONE = 1 };

struct keep_ssh2 {
	struct keep_exec *x;
	enum keep_phase phase;
	struct keep_fd fd;
	struct keep_watch watch;
	struct keep_timer deadline, alive;
	struct keep_timer more;       /* to be read, when others had a turn */
	uint64_t heard_ms;            /* when the peer sent something last */
	bool *gone;                   /* set when the exec is ended */
	LIBSSH2_SESSION *session;
	LIBSSH2_CHANNEL *channel;
	/* login */
	struct keep_agent agent;
	struct keep_watch agent_watch;
	size_t key;                   /* of login->keys: is tried now */
	size_t tried;
	struct keep_slice signature;  /* RFC 4253 6.6, in x->mem */
	struct keep_err agent_err;
	/* run */
	struct keep_slice pending;    /* of the input */
	unsigned stuck;               /* what has a packet half sent */
	bool full;                    /* the node takes no more for now */
	bool input_ended, eof_sent;
	bool again;                   /* resumed by a callback */
	bool took;                    /* something, in this pass */
	unsigned long left;           /* by the last one, to be read */
};

/* Goes on to PHASE, whose deadline begins. */
void keep_ssh2_enter(struct keep_ssh2 *s, enum keep_phase phase);
/* Waits for what libssh2 waits for. */
KEEP_MUST int keep_ssh2_wait(struct keep_ssh2 *s, struct keep_err *e);
/* Ends with a fault of libssh2. GONE, or what x->ended says. */
KEEP_MUST int keep_ssh2_fail(struct keep_ssh2 *s, int result,
			     struct keep_err *e);
/* Ends with CODE. */
KEEP_MUST int keep_ssh2_stop(struct keep_ssh2 *s, int code, bool other_may,
			     const char *why, struct keep_err *e);
/* Ends with the agent's error, or with what the node says of our keys. */
KEEP_MUST int keep_ssh2_refused(struct keep_ssh2 *s, struct keep_err *e);
/* Ends with *end, whose phase is set here. */
KEEP_MUST int keep_ssh2_finish(struct keep_ssh2 *s, struct keep_exec_end *end,
			       struct keep_err *e);

/* The steps of the phases: 0 when they wait, or have gone on. */
KEEP_MUST int keep_ssh2_step(struct keep_ssh2 *s, struct keep_err *e);
KEEP_MUST int keep_ssh2_handshake(struct keep_ssh2 *s, struct keep_err *e);
KEEP_MUST int keep_ssh2_login(struct keep_ssh2 *s, struct keep_err *e);
KEEP_MUST int keep_ssh2_open(struct keep_ssh2 *s, struct keep_err *e);
KEEP_MUST int keep_ssh2_run(struct keep_ssh2 *s, struct keep_err *e);

#endif
