/* The nodes of a filter, how each is reached, and commands on them: so many at
 * once, each with deadlines, until all ended or the caller cancels.
 *
 *	rc = keep_contacts(c, a->filter, &contacts, e);
 *	rc = keep_reach_begin(c, &contacts, &options, &r, e);
 *	for each of r.v: task = {.target = &r.v[i], .command = "uptime", ...};
 *			 keep_task_put(&r, &task, e);
 *	rc = keep_reach_run(&r, e);
 *	keep_reach_end(&r);
 *
 * Source: DEPLOY 4, 5. */
#ifndef DEPLOY_REACH_H
#define DEPLOY_REACH_H

#include <keep/material.h>
#include <keep/provider.h>
#include <keep/transport.h>

/* What -j, --transport and --timeout say. */
struct keep_reach_options {
	uint32_t by;         /* an enum keep_by */
	uint32_t at_once;
	uint64_t timeout_ms; /* of a node, from the first try on; 0: none */
	uint64_t more_ms;    /* for a command that runs by then */
};
/* The filter of a verb whose arguments are S: struct keep_slices filter. */
#define KEEP_REACH_FILTER(S) \
	{KEEP_TEXTS(S, filter), .source = KEEP_REST, .meta = "FILTER", \
	 .max_n = KEEP_FILTER_WORDS, .complete = keep_complete_filter, \
	 .help = "the nodes; `all` is all of them"}
/* Its uint32_t jobs, transport; uint64_t timeout. */
#define KEEP_REACH_FIELDS(S) \
	{KEEP_UINT(S, jobs), .letter = 'j', .dflt = "25", .min = 1, \
	 .max = 1000, .meta = "N", .help = "so many nodes at once"}, \
	{KEEP_ENUM(S, transport, &keep_by_names), .dflt = "auto", \
	 .help = "what speaks SSH"}, \
	{KEEP_DURATION(S, timeout), .dflt = "10m", \
	 .help = "how long a node may take"}
/* The options of such arguments. */
#define KEEP_REACH_OPTIONS(a) ((struct keep_reach_options){ \
	(a)->transport, (a)->jobs, (a)->timeout, 0})
extern const struct keep_names_of keep_by_names;

/* A node, and how it is reached. */
struct keep_target {
	struct keep_slice name, env;
	const struct keep_json *tree; /* compiled; names of secrets in it */
	struct keep_login login;
	bool becomes;                 /* root, by sudo or doas */
	const struct keep_backend *by, *other;
	const char *why;              /* not libssh2; NULL: it is. Known when
					* a task ended */
};

/* What runs. All but c, v, n and cancelled is its own. */
struct keep_reach {
	struct keep_ctx *c;
	struct keep_target *v; /* by name of node */
	size_t n;
	bool cancelled;        /* nothing new starts */
	size_t holds;          /* the owner's: the run lasts while there are
				* some, also without tasks */
	struct keep_loop loop; /* for timers of the owner, too */
	struct keep_window window;
	struct keep_task *first;
	struct keep_watch cancel;
	struct keep_timer deadline, tick;
	uint64_t timeout_ms, more_ms; /* of a task */
	size_t put, ended, failed; /* tasks, as progress tells them */
	const char *no_agent;   /* why `auto` is ssh; NULL: it is not */
	bool is_late;           /* since the agent did not answer in time */
	int over;               /* code: all was stopped; 0: it was not */
	int cancel_fd_plus_one; /* of c, which has none while this runs, so
				 * that what has begun may tell its events */
	uint64_t deadline_ms;   /* the same */
};

/* A command on a node. {0} with what the owner sets; it may not move until it
 * ended. */
struct keep_task {
	struct keep_exec x;   /* first; input, output, user are the owner's */
	const struct keep_target *target; /* of the reach */
	const char *command;  /* for root's shell; as in keep_exec */
	bool goes_on;         /* part of what has begun: though cancelled */
	bool silent;          /* its owner tells how far it is */
	/* Called once; the task may be put again. Beside what keep_exec says:
	 * CANCELLED when it did not start, or was stopped; DEADLINE of the
	 * options, or of the verb. */
	int (*ended)(struct keep_task *t, const struct keep_exec_end *end,
		     struct keep_err *e);
	uint64_t ms;          /* how long it took; to be read in ended */
	/* Its own. */
	struct keep_reach *reach;
	struct keep_task *before, *behind;
	struct keep_timer again, late;
	bool longer; /* it has more_ms */
	uint64_t began_ms;
	unsigned drops;
};

/* Targets for the contacts, the keys of the agent, and the back ends. Without
 * an agent that has keys `auto` is ssh, which finds the user's own. Errors of
 * keep_agent_keys() for libssh2 alone; NOT_FOUND where it is not installed. */
KEEP_MUST int keep_reach_begin(struct keep_ctx *c,
			       const struct keep_contacts *contacts,
			       const struct keep_reach_options *options,
			       struct keep_reach *r, struct keep_err *e);
/* Where a node is, who logs in, and its pinned key; no key, an empty one.
 * In c->mem. */
KEEP_MUST int keep_reach_login(struct keep_ctx *c,
			       const struct keep_contact *from,
			       struct keep_login *l, struct keep_err *e);
/* Whether the user's ssh knows a way of its own to it: a jump host, a proxy
 * command. NO_MEMORY, CANCELLED. */
KEEP_MUST int keep_reach_detour(struct keep_ctx *c, const struct keep_login *l,
				bool *is, struct keep_err *e);
/* Has it run, as soon as there is room; never at once. A connection that is
 * dropped before it begins, as a busy sshd does, is tried again for half a
 * minute. NO_MEMORY. */
KEEP_MUST int keep_task_put(struct keep_reach *r, struct keep_task *t,
			    struct keep_err *e);
/* Until all ended. The first sign of c->cancel_fd lets what runs end, and
 * nothing else start; the second, and c->deadline_ms, stop all. Fails only as
 * callbacks do, and with IO. */
KEEP_MUST int keep_reach_run(struct keep_reach *r, struct keep_err *e);
/* Ends all that runs, without telling; {0} is fine. */
void keep_reach_end(struct keep_reach *r);
/* Whether a task that ended so never got through to a node that is up and
 * the right one: what a verb calls unreachable. */
bool keep_reach_missed(const struct keep_exec_end *end);

/* become.c: COMMAND as the shell of a user runs it as root; absent without
 * memory. */
struct keep_slice keep_reach_become(struct keep_mem *m, const char *command);

/* lines.c: bytes as they come, told line by line without their newline; longer
 * ones than 64 KB in pieces. Begin with line and user. */
struct keep_lines {
	int (*line)(struct keep_lines *l, struct keep_slice line,
		    struct keep_err *e);
	void *user;
	struct keep_buf part;
};
KEEP_MUST int keep_lines_put(struct keep_lines *l, struct keep_slice bytes,
			     struct keep_err *e);
/* Tells a last line that has no newline. */
KEEP_MUST int keep_lines_flush(struct keep_lines *l, struct keep_err *e);
void keep_lines_end(struct keep_lines *l);
/* A line of a node as text: what a terminal may not be sent, but tabs, is
 * \xNN. "?" without memory. */
struct keep_slice keep_lines_text(struct keep_mem *m, struct keep_slice line);

#endif
