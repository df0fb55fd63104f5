/* One loop for all that a process waits for: descriptors, deadlines, children,
 * wake-ups, and hooks at the end of each turn. It knows no protocol. Who waits
 * owns the structs, mostly inside larger ones, so the loop allocates nothing:
 * a struct may not move while it is in the loop, and must be ended before it
 * is gone. {0} is one that is in no loop; ending that is fine.
 * Callbacks run on the loop's thread, one at a time. They may add, change and
 * end anything, themselves included. One that returns -code ends the run with
 * that error. Source: ARCHITECTURE 5. */
#ifndef KEEP_LOOP_H
#define KEEP_LOOP_H

#include <poll.h>
#include <sys/types.h>
#include <keep/file.h>

/* A loop; fill it by keep_loop_begin. */
struct keep_loop {
	struct keep_fd poll;
	struct keep_timer *first, *last; /* soonest first */
	struct keep_hook *hooks, *next_hook;
	struct keep_ready *ready; /* what this turn has still to tell */
	size_t n_watches;
	uint64_t turn;
	bool stopped;
};

/* A descriptor that is waited for. It stays its owner's; a regular file is
 * always ready and cannot be waited for. */
struct keep_watch {
	/* EVENTS: those of poll that are there, always POLLERR and POLLHUP.
	 * What is not dealt with is told again in the next turn. */
	int (*ready)(struct keep_watch *w, short events, struct keep_err *e);
	void *user;              /* the owner's; the loop leaves it alone */
	struct keep_loop *loop;  /* the rest is the loop's */
	int fd;
	short events;
};

/* A deadline. */
struct keep_timer {
	int (*fire)(struct keep_timer *t, struct keep_err *e); /* once a set */
	void *user;
	struct keep_loop *loop;  /* NULL: not set */
	struct keep_timer *before, *behind;
	uint64_t at_ms;
	uint64_t turn;
};

/* What is done at the end of each turn: commit what the turn changed, then
 * answer. Hooks run in the order in which they were added. */
struct keep_hook {
	int (*run)(struct keep_hook *h, struct keep_err *e);
	void *user;
	struct keep_loop *loop;
	struct keep_hook *behind;
};

/* A way into the loop from other threads and from signal handlers. Many calls
 * before the loop comes to it are one. */
struct keep_wake {
	int (*woken)(struct keep_wake *w, struct keep_err *e);
	void *user;
	struct keep_watch watch;
	struct keep_fd fd;
};

/* A process that this one started. */
struct keep_child {
	/* It ended, and is in the loop no more; STATUS as waitpid gives it. */
	int (*ended)(struct keep_child *c, int status, struct keep_err *e);
	void *user;
	pid_t pid;
	struct keep_watch watch;
	struct keep_fd fd;
};

/* How a process is started. */
struct keep_spawn {
	const char *const *argv; /* [0] is looked for on PATH when it has no
				    '/'; NULL behind the last */
	const char *const *env;  /* NULL: this process's */
	/* Its stdin, stdout, stderr; empty: /dev/null. All others that are
	 * open here are closed there. */
	struct keep_fd in, out, err;
	struct keep_fd dir; /* where it begins; empty: where this one is */
	bool session; /* one of its own: no terminal, no Ctrl-C from it */
};

KEEP_BEGIN
/* Makes a loop. IO when the kernel gives no more descriptors. */
KEEP_MUST int keep_loop_begin(struct keep_loop *l, struct keep_err *e);
/* All that is still in it must not be touched afterwards but by ending it
 * first: end what is in the loop, then the loop. */
void keep_loop_end(struct keep_loop *l);
/* Turns until stopped (0), until nothing is left to wait for (0), or until a
 * callback fails. Never from a callback. */
KEEP_MUST int keep_loop_run(struct keep_loop *l, struct keep_err *e);
/* One turn: waits at most WAIT_MS (-1: as long as it takes) for something,
 * tells at most 64 descriptors, fires what is due, runs the hooks. */
KEEP_MUST int keep_loop_turn(struct keep_loop *l, int wait_ms,
			     struct keep_err *e);
/* Ends keep_loop_run behind this turn. */
void keep_loop_stop(struct keep_loop *l);
/* Milliseconds of a clock that nobody sets. */
uint64_t keep_loop_now_ms(void);

/* Waits for EVENTS (POLLIN, POLLOUT, 0) of FD from now on; w->ready is set
 * before. BAD_ARGS for a regular file, EXISTS for an fd that is in the loop. */
KEEP_MUST int keep_watch_add(struct keep_loop *l, struct keep_watch *w, int fd,
			     short events, struct keep_err *e);
/* Waits for other events; costs nothing when they are the same. */
KEEP_MUST int keep_watch_set(struct keep_watch *w, short events,
			     struct keep_err *e);
/* Waits no more. Before the descriptor is closed. */
void keep_watch_end(struct keep_watch *w);

/* Fires DELAY_MS from now, not in this turn; one that is set is moved. */
void keep_timer_set(struct keep_loop *l, struct keep_timer *t,
		    uint64_t delay_ms);
void keep_timer_end(struct keep_timer *t);

/* Adds a hook behind those that are there. */
void keep_hook_add(struct keep_loop *l, struct keep_hook *h);
void keep_hook_end(struct keep_hook *h);

/* Makes a wake-up; w->woken is set before. A loop that has one waits for it:
 * it runs until it is stopped. */
KEEP_MUST int keep_wake_begin(struct keep_loop *l, struct keep_wake *w,
			      struct keep_err *e);
/* From any thread, or a signal handler; keeps errno. */
void keep_wake_up(const struct keep_wake *w);
void keep_wake_end(struct keep_wake *w);

/* Starts a process; c->ended is set before. NOT_FOUND when the program is not
 * there; DENIED, IO. */
KEEP_MUST int keep_child_start(struct keep_loop *l, struct keep_child *c,
			       const struct keep_spawn *how,
			       struct keep_err *e);
/* Sends it a signal; nothing when it has ended. */
void keep_child_signal(const struct keep_child *c, int signal);
/* Kills one that runs and waits for its end; c->ended is not called. */
void keep_child_end(struct keep_child *c);
KEEP_END

#endif
