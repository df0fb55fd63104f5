/* The client of a daemon's socket. Many calls may be under way; each has a
 * number, and what comes says which call it belongs to. One thread.
 * Source: WIRE 3, 4.
 *
 *	KEEP_AUTO(keep_client) k = {0};
 *	if (keep_client_connect(&k, &socket, e) ||
 *	    keep_client_ask(&k, &call, &id, e))
 *		return -e->code;
 *	do
 *		rc = keep_client_next(&k, c->mem, 0, &got, e);
 *	while (!rc && got.kind < KEEP_GOT_RESULT);
 */
#ifndef KEEP_CLIENT_H
#define KEEP_CLIENT_H

#include <keep/envelope.h>
#include <keep/frame.h>
#include <keep/socket.h>

/* A connection to a server. */
struct keep_client {
	struct keep_slice name;  /* its client id; absent: "keep/VERSION" */
	int cancel_fd_plus_one;  /* readable or hung up: cancelled; 0: none */
	uint32_t max_frame;      /* of the server's; 0: KEEP_FRAME_MAX */
	/* Its own. */
	struct keep_fd fd;
	struct keep_frames in;
	struct keep_buf out;
	struct keep_buf asked;   /* uint32_t: calls without their last answer */
	uint32_t last_id;
};

/* What came. RESULT and ERROR are the last of their call. */
enum keep_got_kind {
	KEEP_GOT_PROGRESS,
	KEEP_GOT_ITEM,
	KEEP_GOT_RESULT,
	KEEP_GOT_ERROR,
};

/* One answer; what it points to lies in the arena. */
struct keep_got {
	uint32_t id;               /* the call's */
	enum keep_got_kind kind;
	struct keep_slice value;   /* item or result, checked; absent: none */
	struct keep_progress progress;
	int verdict;               /* of a result; 0: none */
	struct keep_err error;
};

KEEP_BEGIN
/* Connects; as keep_socket_connect. */
KEEP_MUST int keep_client_connect(struct keep_client *k,
				  const struct keep_socket *to,
				  struct keep_err *e);
/* Uses a socket that is connected, and owns it. */
void keep_client_use(struct keep_client *k, struct keep_fd fd);
/* Puts a call (NULL: a ping) behind those that are under way; nothing is sent
 * before keep_client_next. *id is its number. Its deadline is the server's to
 * keep. TOO_LARGE, NO_MEMORY. */
KEEP_MUST int keep_client_ask(struct keep_client *k,
			      const struct keep_verb_call *call, uint32_t *id,
			      struct keep_err *e);
/* Asks that the call ends; it still gets its last answer. The answer to this
 * comes as another, with the number *id. */
KEEP_MUST int keep_client_cancel(struct keep_client *k, uint32_t call,
				 uint32_t *id, struct keep_err *e);
/* How many have not got their last answer. */
size_t keep_client_asked(const struct keep_client *k);
/* Sends what is to be sent, and waits for the next answer to any of them, at
 * most until DUE_MS (as keep_loop_now_ms; 0: as long as it takes): DEADLINE,
 * CANCELLED, after which one may go on. What follows ends the connection:
 * UNREACHABLE, it was closed; BAD_FRAME; an error that answers no call, as
 * BUSY and DENIED; IO. NOT_FOUND when nothing was asked. */
KEEP_MUST int keep_client_next(struct keep_client *k, struct keep_mem *m,
			       uint64_t due_ms, struct keep_got *out,
			       struct keep_err *e);
/* Closes the connection, which cancels all; {0} is fine. */
void keep_client_end(struct keep_client *k);
KEEP_END

#endif
