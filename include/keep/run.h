/* keep run, test, ssh: commands on nodes, by SSH. Source: DEPLOY 4, 5. */
#ifndef KEEP_RUN_H
#define KEEP_RUN_H

#include <keep/verb.h>

/* run FILTER -- CMD */
struct keep_run_args {
	struct keep_slices filter;  /* none: BAD_ARGS, with a count of all */
	struct keep_slices command; /* words, joined by blanks for root's shell
				     * there */
	uint32_t jobs;              /* nodes at once */
	uint32_t transport;         /* an enum keep_by */
	uint64_t timeout;           /* ms that the command may run */
};

/* test FILTER: the tests of the services, of the generation that each has. */
struct keep_test_args {
	struct keep_slices filter;
	uint32_t jobs, transport;
	uint64_t timeout; /* ms, of all tests of a node */
};

/* ssh NODE [CMD] */
struct keep_ssh_args {
	struct keep_slice node;
	struct keep_slices command; /* none: a shell */
	bool tty;                   /* the command gets a terminal */
};

/* A line that a node printed, as it comes. */
struct keep_run_event {
	struct keep_slice node;
	struct keep_slice line; /* control characters made visible */
	bool error;             /* of stderr */
};

/* How it ended on a node. */
enum keep_run_state {
	KEEP_RUN_OK = 0,      /* exit status 0 */
	KEEP_RUN_FAILED,      /* another, or it was cut off */
	KEEP_RUN_UNREACHABLE, /* it never began */
	KEEP_RUN_SKIPPED,     /* cancelled before */
};
struct keep_run_node {
	struct keep_slice node;
	uint32_t state;
	bool has_status;
	uint32_t status;        /* exit status; 255: a signal */
	uint64_t ms;            /* from the connection on */
	struct keep_slice by;   /* "libssh2", "openssh"; absent: none */
	struct keep_slice text; /* what went wrong; absent: nothing */
	struct keep_slice why;  /* why not libssh2; absent: it was, or was not
				 * wanted */
};
struct keep_run_result {
	struct keep_list nodes; /* of keep_run_node, by name */
};

KEEP_BEGIN
/* +PARTIAL when a node failed or was skipped, +UNREACHABLE when the only
 * trouble is nodes that are. BAD_ARGS with every fault of the instance,
 * NOT_FOUND when the filter selects no node; NO_AGENT and the like when
 * libssh2 alone is to speak. */
KEEP_MUST int keep_run_on_nodes(struct keep_ctx *c,
				const struct keep_run_args *a,
				struct keep_run_result *r, struct keep_err *e);
/* The same for the tests; a node on which nothing was deployed fails. */
KEEP_MUST int keep_test_nodes(struct keep_ctx *c,
			      const struct keep_test_args *a,
			      struct keep_run_result *r, struct keep_err *e);
/* This process becomes ssh to the node, as its ssh.user, with the pinned host
 * key and all else of the user's configuration: it does not return. BAD_ARGS
 * for a node that is not there, UNTRUSTED without a known host key,
 * INTERACTIVE where the caller has no terminal to give. */
KEEP_MUST int keep_ssh_to(struct keep_ctx *c, const struct keep_ssh_args *a,
			  struct keep_err *e);
extern const struct keep_schema keep_test_args_schema, keep_ssh_args_schema;
extern const struct keep_schema keep_run_args_schema;
extern const struct keep_schema keep_run_result_schema;
extern const struct keep_schema keep_run_event_schema;
extern const uint16_t keep_run_errors[], keep_ssh_errors[];
keep_text_fn keep_run_text, keep_run_event_text;
KEEP_END

#endif
