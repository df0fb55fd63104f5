/* Verbs over a socket: `keep serve`, which answers calls, and `keep call`,
 * which makes one. Source: WIRE; RFC 0682, CLI. Programs that serve verbs of
 * their own use <keep/server.h>, those that call many <keep/client.h>. */
#ifndef KEEP_SERVE_H
#define KEEP_SERVE_H

#include <keep/envelope.h>
#include <keep/verb.h>

KEEP_BEGIN
/* `keep serve`: answers calls for the instance until SIGTERM, or until nobody
 * called for idle_timeout. BAD_ARGS for names that are no verbs or users;
 * NOT_FOUND without an instance; else as keep_daemon_run. */
struct keep_serve_args {
	struct keep_slice socket;  /* path; absent: the user's, or with peers
				    * the machine's */
	struct keep_slices only, allow; /* "node.list", also "a,b" */
	struct keep_slice agent;   /* path; absent: the caller's */
	uint64_t idle_timeout;     /* ms; 0: never */
	bool print_unit;           /* serves nothing; gives its unit */
	struct keep_slices peer;   /* "ada=node.list,graph", "@ops=plan" */
};
struct keep_serve_result {
	struct keep_slice unit; /* what makes contrib/systemd's units those of
				 * the instance; absent: it served */
};
extern const struct keep_schema keep_serve_args_schema;
extern const struct keep_schema keep_serve_result_schema;
int keep_serve(struct keep_ctx *c, const struct keep_serve_args *a,
	       struct keep_serve_result *r, struct keep_err *e);
keep_text_fn keep_serve_text;

/* `keep call LINE...`: what `keep LINE...` would do, by the server of the
 * instance: same result, events and errors. UNREACHABLE when there is none;
 * CONFLICT when it serves another. Cancelling cancels there. */
struct keep_call_args {
	struct keep_slice socket;  /* path; absent: the instance's: the user's,
				    * else the machine's */
	bool has_deadline;
	uint64_t deadline;         /* ms */
	struct keep_slices line;   /* as behind `keep` */
	bool batch;                /* lines come from stdin instead, at a shell
				    * only: BAD_ARGS */
};
/* An event with `batch`: an answer to one line of stdin, which is a JSON object
 * {"verb": [..], "args": {..}, "id": ..}; the last two may be missing. Calls
 * are under way at once. +PARTIAL when one failed, or had a verdict. */
struct keep_call_error {
	uint32_t code;
	struct keep_slice name, message, hint;
	struct keep_list problems; /* keep_wire_problem */
};
struct keep_call_answer {
	uint64_t line;             /* its number, from 1 */
	struct keep_slice id;      /* as given; absent: it was not */
	/* One of three; items with the names that JSON has. */
	struct keep_slice item;    /* an event, and more follows */
	struct keep_slice result;  /* null: the verb has none */
	bool has_error;
	struct keep_call_error error;
	bool has_verdict;
	uint32_t verdict;          /* of the result */
};
extern const struct keep_schema keep_call_answer_schema;
keep_text_fn keep_call_answer_text;
extern const struct keep_schema keep_call_args_schema;
int keep_call(struct keep_ctx *c, const struct keep_call_args *a,
	      struct keep_slice *r, struct keep_err *e);
KEEP_END

#endif
