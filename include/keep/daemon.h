/* A daemon with a child for each connection: the parent accepts, looks who it
 * is, and forks; the child answers with plain blocking code, one call at a
 * time. A child that crashes harms nobody else. What a verb is, is the
 * caller's: see keep_daemon.call. Source: WIRE 4, ARCHITECTURE 5.
 *
 *	struct keep_daemon d = {
 *		.name = "lamp", .socket = {.name = KEEP_S("lamp"),
 *		.runtime_dir = keep_slice(getenv("XDG_RUNTIME_DIR"))},
 *		.call = light,
 *	};
 *	rc = keep_daemon_run(&d, &e);
 *
 * Pings, `cancel`, limits, deadlines and all errors of frames and envelopes
 * are answered here. */
#ifndef KEEP_DAEMON_H
#define KEEP_DAEMON_H

#include <keep/envelope.h>
#include <keep/frame.h>
#include <keep/log.h>
#include <keep/socket.h>

/* For idle_exit_ms: the daemon stays. */
#define KEEP_NEVER UINT64_MAX

/* What one connection may do; 0 is the default. They may change while it
 * lives. */
struct keep_limits {
	uint32_t max_frame;       /* bytes of a frame; 1 MiB */
	uint32_t max_outstanding; /* calls; 64, then nothing is read, nor while
				   * 4 MiB of them wait */
	uint32_t frame_ms;        /* to finish a started frame; 10 s */
	uint32_t write_ms;        /* of a client that does not read; 30 s */
	uint32_t idle_ms;         /* without a request; 60 s */
};

struct keep_conn;
struct keep_conn_seat;

/* All that makes a daemon; {0} but for name, socket and call is valid. It is
 * borrowed while it runs. */
struct keep_daemon {
	const char *name;          /* for logs; of its socket when systemd
				    * passes several */
	struct keep_socket socket; /* where to listen, unless systemd passes
				    * a socket */
	struct keep_limits limits;
	uint32_t max_connections;  /* then BUSY; 0: 1,500. An eighth of them for
				    * each uid but its own and root */
	uint64_t idle_exit_ms;     /* without a connection; 0: 20 minutes */
	uint32_t stop_ms;          /* that children get to end; 0: 30 s */
	uint32_t grace_ms;         /* that a call gets behind its deadline
				    * before its child is killed, with what
				    * that has started; 0: 5 s */
	const struct keep_log *log; /* one line a connection and a call */
	/* In the parent: non-zero is sent to the client, which is closed.
	 * NULL: the daemon's own uid and root; uid 65534 never comes here. */
	int (*admit)(const struct keep_daemon *d, const struct keep_peer *p,
		     struct keep_err *e);
	/* In the child, before its first call; may set c->user. An error is
	 * sent, and the connection ends. NULL: nothing. */
	int (*begin)(struct keep_conn *c, struct keep_err *e);
	/* In the child: 0, -code, or +code for a result with a verdict. The
	 * result, one item, is appended to OUT; nothing: a call without one.
	 * Everything in c->mem and *call dies afterwards. */
	int (*call)(struct keep_conn *c, const struct keep_verb_call *call,
		    struct keep_buf *out, struct keep_err *e);
	void (*end)(struct keep_conn *c); /* in the child; NULL: nothing */
	void *user;                /* the owner's */
};

/* A connection, as its child sees it. */
struct keep_conn {
	const struct keep_daemon *daemon;
	struct keep_peer peer;
	struct keep_limits limits; /* may be changed */
	void *user;                /* of begin */
	/* While a call runs: */
	struct keep_mem *mem;
	struct keep_slice client;  /* who says that it calls */
	/* Its own. */
	struct keep_fd fd, wake, cancel;
	int life;
	const struct keep_conn_seat *seat;
	struct keep_frames in;
	struct keep_buf out;
	struct keep_pending *running, *first, *last;
	uint32_t n_outstanding;
	size_t waiting;            /* bytes of first and those behind it */
	uint64_t begun_ms;         /* of a frame that is not whole; 0: none */
	bool ready;                /* begin was called */
	bool over;                 /* nothing more comes */
	bool stopping;             /* what waits is cancelled */
	bool closing;              /* nothing more is answered */
	bool cancelled;            /* what runs */
};

KEEP_BEGIN
/* Listens and answers until SIGTERM, SIGINT, or until it was idle: 0 then.
 * Errors of keep_activation_take and keep_socket_listen; IO. At a signal
 * children are asked to end, and get stop_ms; each has a session of its own, so
 * that a terminal's signals reach none. Blocks these signals and SIGCHLD, which
 * is not ignored, while it runs, and reaps all children of the process. Neither
 * it nor its children leave core dumps, or are looked into but by root. */
KEEP_MUST int keep_daemon_run(const struct keep_daemon *d, struct keep_err *e);
/* Answers one connection here, until it ends, which is 0. It owns FD. LIFE
 * (borrowed; -1: none) hangs up when the daemon wants it to end. Deadlines are
 * kept where a verb heeds them: here nobody kills it. */
KEEP_MUST int keep_conn_serve(const struct keep_daemon *d, struct keep_fd fd,
			      int life, struct keep_err *e);

/* Those that follow are for keep_daemon.call. */

/* A cancel point: takes what came meanwhile, answers pings, heeds `cancel`.
 * -CANCELLED when the call is to end (or nobody is left), -DEADLINE, else 0. */
KEEP_MUST int keep_conn_heed(struct keep_conn *c, struct keep_err *e);
/* A descriptor that is readable when keep_conn_heed should be called, and
 * stays so once it says that the call is to end. -1: none could be made. */
int keep_conn_cancel_fd(struct keep_conn *c);
/* Milliseconds that the call has left; UINT64_MAX: it has no deadline. */
uint64_t keep_conn_left_ms(const struct keep_conn *c);
/* Whether the call wants items and progress; they are dropped otherwise. */
bool keep_conn_wants_items(const struct keep_conn *c);
/* One item of the call, to be sent. TOO_LARGE for a frame; CANCELLED when
 * nobody takes it. */
KEEP_MUST int keep_conn_item(struct keep_conn *c, struct keep_slice value,
			     struct keep_err *e);
/* How far the call is; lost when it cannot be sent. */
void keep_conn_progress(struct keep_conn *c, const struct keep_progress *p);
/* Sends what is not sent yet, as items at once. CANCELLED: nobody takes it. */
KEEP_MUST int keep_conn_flush(struct keep_conn *c, struct keep_err *e);
KEEP_END

#endif
