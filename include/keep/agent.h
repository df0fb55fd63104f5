/* The client of an ssh-agent: it lists keys and has them sign; private keys
 * stay with the agent. Every request has a deadline, and ends when the caller
 * cancels. Source: RFC 9987, ARCHITECTURE 5.
 *
 *	KEEP_AUTO(keep_agent) agent = keep_agent_of(c);
 *	rc = keep_agent_keys(&agent, c->mem, &keys, e);
 *
 * Errors of every request: NO_AGENT (no path, nobody there, or who answers is
 * no agent), DEADLINE, CANCELLED, NO_MEMORY, AGENT_REFUSED. Of those for a
 * signature also KEY_NOT_IN_AGENT and TOO_LARGE. A hint names the command that
 * helps. */
#ifndef KEEP_AGENT_H
#define KEEP_AGENT_H

#include <keep/file.h>
#include <keep/ssh.h>

/* People touch keys, and type passphrases. */
enum { KEEP_AGENT_TIMEOUT_MS = 60000 };

/* What the next message answers. */
enum keep_agent_asked {
	KEEP_AGENT_NOTHING = 0,
	KEEP_AGENT_KEYS,
	KEEP_AGENT_SIGNATURE,
	KEEP_AGENT_REASON, /* the keys, to tell why it did not sign */
	KEEP_AGENT_LOST,   /* nothing more comes */
};

/* An agent. It is connected to by the first request, and again by one that
 * finds the connection gone. One request at a time. */
struct keep_agent {
	struct keep_slice path; /* its socket, of SSH_AUTH_SOCK; borrowed */
	int cancel_fd_plus_one; /* readable or hung up: cancelled; 0: none */
	/* Asked what it means that it is readable: 0 goes on. NULL: cancelled.
	 * <keep/cli.h> has an agent of a verb. */
	int (*heed)(void *of, struct keep_err *e);
	void *of;
	uint32_t timeout_ms;    /* of a request; 0: KEEP_AGENT_TIMEOUT_MS */
	/* For who waits himself: what for, and until when. */
	struct keep_fd fd;
	short events;           /* of poll */
	uint64_t due_ms;        /* as keep_loop_now_ms() */
	/* Its own. */
	enum keep_agent_asked asked;
	struct keep_ssh_key key;
	struct keep_buf out, in;
};

KEEP_BEGIN
/* The keys that it holds, in its order, in M; a locked agent shows none. */
KEEP_MUST int keep_agent_keys(struct keep_agent *a, struct keep_mem *m,
			      struct keep_ssh_keys *out, struct keep_err *e);
/* KEY's signature of DATA (RFC 4253 6.6), in M. */
KEEP_MUST int keep_agent_sign(struct keep_agent *a, struct keep_mem *m,
			      const struct keep_ssh_key *key,
			      struct keep_slice data, struct keep_slice *out,
			      struct keep_err *e);
/* Appends KEY's armored signature of MESSAGE in the namespace NAME, as
 * `ssh-keygen -Y sign -n NAME` makes it; git's is "git". BAD_ARGS for an empty
 * name. Nothing is appended on failure. */
KEEP_MUST int keep_agent_sshsig(struct keep_agent *a,
				const struct keep_ssh_key *key,
				struct keep_slice name,
				struct keep_slice message,
				struct keep_buf *out, struct keep_err *e);

/* The same as keep_agent_sign() for a loop: begin, then step whenever fd is
 * ready for events or due_ms has come, until *out is there or it fails. KEY is
 * borrowed until then; DATA is copied. fd stays the same and open until the
 * next request begins, or the end: wait for it no more before. Where the queue
 * of the agent is full begin waits itself, for half a second. */
KEEP_MUST int keep_agent_begin(struct keep_agent *a,
			       const struct keep_ssh_key *key,
			       struct keep_slice data, struct keep_err *e);
KEEP_MUST int keep_agent_step(struct keep_agent *a, struct keep_mem *m,
			      struct keep_slice *out, struct keep_err *e);
/* Closes the connection, whatever was asked; {0} is fine. */
void keep_agent_end(struct keep_agent *a);
KEEP_END

#endif
