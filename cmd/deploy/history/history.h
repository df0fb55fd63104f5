/* What the files of this folder share. */
#ifndef HISTORY_HISTORY_H
#define HISTORY_HISTORY_H

#include <keep/agent.h>
#include "../past.h"

/* The one file of a commit of history. */
#define KEEP_PAST_FILE "deploy.json"

/* The calls of libgit2, which is begun and stays so while the session lasts;
 * NULL and *e when it is not installed. */
const struct keep_git2_api *keep_past_git(struct keep_ctx *c,
					  struct keep_err *e);

/* Who deploys. */
struct keep_signer {
	struct keep_ctx *c;
	struct keep_agent agent;
	struct keep_ssh_keys keys;
	const struct keep_ssh_key *key; /* NULL: nobody signs */
	struct keep_slice user;
	struct keep_slice why;          /* why nobody does */
};
KEEP_MUST int keep_signer_begin(struct keep_ctx *c, struct keep_signer *s,
				struct keep_err *e);
/* The `sign` of keep_git2_note. It always succeeds. */
int keep_signer_sign(void *to, struct keep_slice commit,
		     struct keep_buf *signature, struct keep_err *e);
void keep_signer_end(struct keep_signer *s);

/* Runs `git -C INSTANCE ARGV...`, which asks nobody anything, for at most
 * WITHIN_MS. ARGV: what is behind it, NULL behind the last, at most 8 words.
 * UNREACHABLE with git's words when it fails, DEADLINE, CANCELLED. */
KEEP_MUST int keep_past_run_git(struct keep_ctx *c, const char *const *argv,
				uint64_t within_ms, struct keep_err *e);

/* Row as the JSON of deploy.json, and back; what is no such JSON is BAD_ARGS.
 * Of a row that was read, texts are UTF-8 that a terminal may be shown. */
KEEP_MUST int keep_past_write(struct keep_mem *m,
			      const struct keep_history_row *row,
			      struct keep_slice *out, struct keep_err *e);
KEEP_MUST int keep_past_read(struct keep_mem *m, struct keep_slice text,
			     struct keep_history_row *row,
			     struct keep_err *e);
/* A line of a node's journal as the row of a deploy to that node alone, which
 * borrows; NODE gets no name. False for what is no such line. */
bool keep_past_journal(struct keep_slice line, struct keep_history_row *row,
		       struct keep_history_node *node);
/* Emits what the journals of the filter's nodes tell. */
KEEP_MUST int keep_past_live(struct keep_ctx *c,
			     const struct keep_history_args *a,
			     struct keep_err *e);

#endif
