/* What calls of one command line share. */
#ifndef SERVE_CALLING_H
#define SERVE_CALLING_H

#include <keep/client.h>
#include <keep/external.h>
#include <keep/serve.h>

/* A command that the suite has not, as the server describes it. */
struct keep_remote;

/* The caller of a server. */
struct keep_calling {
	struct keep_ctx *c;
	const struct keep_call_args *args;
	const struct keep_suite *suite;
	struct keep_client client;
	struct keep_instance_id id;
	struct keep_remote *remotes; /* that were described; in c->mem */
};

/* Connects, unless it is connected. UNREACHABLE with a hint. */
KEEP_MUST int keep_calling_connect(struct keep_calling *k, struct keep_err *e);
/* The verb that WORDS begin with, and how many of them name it: one of the
 * suite, else one that the server describes, or neither, in M. NULL and *e. */
const struct keep_verb *keep_calling_verb(struct keep_calling *k,
					  struct keep_mem *m,
					  struct keep_slices words,
					  size_t *used, struct keep_err *e);
/* A call with what is the same for all of them. */
struct keep_verb_call keep_calling_call(const struct keep_calling *k);
/* Takes apart what a plain external gave: +code of its exit status, which it
 * was shown with; other results stay as they are. */
int keep_calling_plain(struct keep_calling *k, const struct keep_verb *v,
		       struct keep_slice result, int verdict,
		       struct keep_err *e);

/* --- batch.c: calls from the lines of stdin */

/* +PARTIAL, or -code: the server is not there, or is not to be used. */
KEEP_MUST int keep_call_batch(struct keep_calling *k, struct keep_err *e);

/* --- batch_line.c, batch_answer.c */

/* A line of the batch, read. */
struct keep_batch_line {
	uint64_t number;
	struct keep_slice id;      /* one item; absent: none */
	const struct keep_verb *verb;
	struct keep_verb_call call;
};
/* It is counted only. */
bool keep_batch_blank(struct keep_slice text);
/* All of it lies in M. BAD_ARGS, NO_SUCH_COMMAND, what is wrong with it; its
 * id is there as far as it can be read. */
KEEP_MUST int keep_batch_read(struct keep_calling *k, struct keep_mem *m,
			      struct keep_slice text,
			      struct keep_batch_line *out,
			      struct keep_err *e);
/* An error as an answer has it; in M. */
KEEP_MUST int keep_batch_error(struct keep_mem *m, const struct keep_err *from,
			       struct keep_call_error *out,
			       struct keep_err *e);

#endif
