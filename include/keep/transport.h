/* Running one command on a node over SSH: its input as a stream, its output as
 * it comes, its exit status. Two back ends do it alike: libssh2 in this process
 * (<keep/ssh2.h>), and the ssh of this machine, which knows more methods and
 * the user's configuration. Both run on a loop and never block.
 *
 *	x.login = &login;
 *	x.command = "sh -c ...";
 *	x.output = on_output;
 *	x.ended = on_end;
 *	rc = keep_exec_start(&loop, &x, ssh2, &keep_openssh, e);
 *
 * The node's host key is pinned: no file of known hosts is asked, and nothing
 * is trusted on first use. Source: DEPLOY 4. */
#ifndef KEEP_TRANSPORT_H
#define KEEP_TRANSPORT_H

#include <keep/agent.h>
#include <keep/loop.h>

/* Which back end: what a verb's --transport says. */
enum keep_by {
	KEEP_BY_AUTO = 0, /* libssh2, and ssh where that may do better */
	KEEP_BY_LIBSSH2,
	KEEP_BY_OPENSSH,
};

/* How far a command came. */
enum keep_phase {
	KEEP_PHASE_CONNECT = 0, /* the address, and its port */
	KEEP_PHASE_HANDSHAKE,   /* methods, host key */
	KEEP_PHASE_LOGIN,       /* our key */
	KEEP_PHASE_OPEN,        /* the command is asked for, and may have begun
				   when it ends here */
	KEEP_PHASE_RUN,         /* it runs */
	KEEP_PHASES
};

/* A node, and how to get in. What it points to lives as long as the exec. */
struct keep_login {
	const char *host;  /* name or address; also what ssh_config names */
	const char *address; /* a number; NULL: that of host. libssh2 takes
				no name */
	const char *user;
	uint16_t port;     /* 0: 22 */
	struct keep_ssh_key host_key;
	struct keep_ssh_keys keys;    /* libssh2: of the agent, tried in order;
					 at most 5, since servers count */
	struct keep_slice agent_path; /* absent: openssh finds its own */
	const char *config;           /* openssh: its -F; NULL: the user's */
	/* Of each phase; 0: 10 s, 15 s, 60 s, 15 s, without end. openssh has
	 * one for all before the command, and the last. */
	uint32_t timeout_ms[KEEP_PHASES];
	uint32_t alive_s;  /* a silent peer is asked so often, and lost after
			      three; 0: 15 */
};

/* Where output comes from. */
enum keep_stream { KEEP_STDOUT = 1, KEEP_STDERR = 2 };

/* How it ended. */
struct keep_exec_end {
	struct keep_err err;   /* code 0: the command ended by itself */
	int status;            /* its exit status; 255 when a signal ended it */
	enum keep_phase phase; /* where it failed */
	bool other_may;        /* another back end may do better */
	bool dropped;          /* it hung up before it said who it is: a
				* busy sshd does (MaxStartups); try again */
	const struct keep_backend *by;
	struct keep_err first; /* why it was not the first; code 0: it was */
};

/* A command on a node. {0} with what the owner sets; it may not move while it
 * runs. Callbacks follow the loop's rules, and may end the exec. */
struct keep_exec {
	const struct keep_login *login;
	const char *command;   /* for the user's shell there; seen by all who
				  list processes: no secrets */
	/* A window starts it; NULL: that is not told. It may not end it. */
	void (*began)(struct keep_exec *x);
	/* The next bytes of its stdin, borrowed until it is asked again;
	 * empty: not now, keep_exec_resume() when there are; absent: its end.
	 * NULL: it has none. It may not end the exec. */
	struct keep_slice (*input)(struct keep_exec *x);
	/* Some of its output. NULL: it is dropped. */
	int (*output)(struct keep_exec *x, enum keep_stream from,
		      struct keep_slice bytes, struct keep_err *e);
	/* Called once. UNTRUSTED: another host key, which no other back end
	 * is asked about; DENIED: none of our keys; UNREACHABLE: no
	 * connection, or it was lost; DEADLINE of a phase; BAD_CONFIG of ssh;
	 * what the agent says; NO_MEMORY, IO. */
	int (*ended)(struct keep_exec *x, const struct keep_exec_end *end,
		     struct keep_err *e);
	void *user;            /* the owner's */
	/* For a window: other back ends than its own; NULL: those. Then that
	 * which runs it. */
	const struct keep_backend *by, *other;
	uint64_t began_ms; /* when; to be read. As keep_loop_now_ms() */
	enum keep_phase phase; /* how far it is; of ssh not all are known */
	/* The back end's. */
	struct keep_loop *loop;
	void *state;
	struct keep_mem mem;
	struct keep_err first;
	/* The window's. */
	struct keep_window *window;
	struct keep_exec *behind;
	bool waits;
};

/* Many commands, so many at once: whenever one ends, the next begins. Set what
 * is the owner's; {0} is the rest. It may not move while it is in use. */
struct keep_window {
	struct keep_loop *loop;
	const struct keep_backend *by, *other; /* of keep_exec_start */
	size_t at_once;          /* 0: 25 */
	bool closed;             /* those that wait go on waiting */
	size_t running, waiting; /* to be read */
	struct keep_exec *first, *last;
	struct keep_timer fill;
};

/* A back end. Its calls, but for versions, are for keep_exec_*(). */
struct keep_backend {
	const char *name;      /* "libssh2", "openssh" */
	int (*start)(struct keep_exec *x, struct keep_err *e);
	int (*resume)(struct keep_exec *x, struct keep_err *e);
	void (*end)(struct keep_exec *x);
	/* Lines "name version" of what it is built on; NULL: nothing. */
	void (*versions)(struct keep_buf *out);
};

/* A call of ssh by a person. */
struct keep_openssh_call {
	const struct keep_login *login; /* keys and timeouts do not count */
	struct keep_slices command;     /* words, as ssh takes them; none: a
					 * shell */
	bool tty;                       /* the command gets a terminal */
};

KEEP_BEGIN
/* Its command line, with "ssh" first and NULL last, in M: the host key is the
 * login's, all else the user's configuration's. Errors as keep_exec_start(),
 * and UNTRUSTED without a host key. */
KEEP_MUST int keep_openssh_words(struct keep_mem *m,
				 const struct keep_openssh_call *call,
				 const char *const **argv,
				 struct keep_err *e);
/* Spawns `ssh -T`, in a session of its own: it asks nobody anything. Of the
 * user's configuration all holds but what the login says, and what would open
 * more than this connection. An exit status of 255 is ssh's own failure when
 * its last line is one of ssh's. NOT_FOUND when there is no ssh. */
extern const struct keep_backend keep_openssh;

/* Starts it; x->ended comes later, from the loop. By FIRST, and by OTHER (NULL:
 * none) when that may do better. On failure nothing was started: BAD_ARGS for
 * a host or user that ssh would take for an option, UNTRUSTED without a host
 * key, UNREACHABLE without a way there, NO_MEMORY, IO. */
KEEP_MUST int keep_exec_start(struct keep_loop *l, struct keep_exec *x,
			      const struct keep_backend *first,
			      const struct keep_backend *other,
			      struct keep_err *e);
/* There is more input. From a callback, too; callbacks may come before it
 * returns. */
KEEP_MUST int keep_exec_resume(struct keep_exec *x, struct keep_err *e);
/* Ends it, wherever it is, in a window, too, without x->ended; the command on
 * the node may go on. After x->ended, too; {0} is fine. */
void keep_exec_end(struct keep_exec *x);
/* Starts X as soon as there is room, after those that came before it; never
 * at once. What keep_exec_start() would return goes to x->ended. */
void keep_window_put(struct keep_window *w, struct keep_exec *x);
/* There may be room: at_once or closed was changed. */
void keep_window_look(struct keep_window *w);
/* Forgets those that wait; ends none. */
void keep_window_end(struct keep_window *w);
/* For back ends: it ended. Nothing of x may be touched afterwards. */
KEEP_MUST int keep_exec_finish(struct keep_exec *x, struct keep_exec_end *end,
			       struct keep_err *e);
/* For back ends: a phase's timeout. */
uint32_t keep_login_timeout_ms(const struct keep_login *l,
			       enum keep_phase phase);
KEEP_END

#endif
