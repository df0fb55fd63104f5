/* What the verbs of nodes share: asking many nodes one thing, meeting one for
 * the first time, and schemas. */
#ifndef DEPLOY_NODE_H
#define DEPLOY_NODE_H

#include <keep/nodes.h>
#include "../reach.h"

/* What a node said to one verb of ask.sh. */
struct keep_node_answer {
	struct keep_slice name;   /* of the node */
	uint32_t state;           /* KEEP_STANDS_OK, UNREACHABLE, FAILED */
	struct keep_slice text;   /* what went wrong; absent: nothing */
	struct keep_slice lines;  /* all of its stdout */
};
struct keep_node_answers {
	struct keep_node_answer *v; /* by name of node */
	size_t n;
};

/* What is asked, and how. */
struct keep_node_question {
	const char *verb;         /* of ask.sh */
	bool as_user;             /* who logs in; else root */
	struct keep_reach_options how;
};

/* ask.c: asks these nodes; those of a filter. Answers live in c->mem. */
KEEP_MUST int keep_node_ask(struct keep_ctx *c,
			    const struct keep_contacts *contacts,
			    const struct keep_node_question *q,
			    struct keep_node_answers *out,
			    struct keep_err *e);
KEEP_MUST int keep_node_ask_all(struct keep_ctx *c, struct keep_slices filter,
				const struct keep_node_question *q,
				struct keep_node_answers *out,
				struct keep_err *e);
/* Takes the next line "K1 WHAT WORDS" off *lines; false: there is none. */
bool keep_node_line(struct keep_slice *lines, struct keep_slice *what,
		    struct keep_slice *words);
/* A buffer of keep_slice as a list. */
struct keep_slices keep_node_slices(const struct keep_buf *b);
/* Foreign text for a row. */
struct keep_slice keep_node_text(struct keep_ctx *c, struct keep_slice s);
/* The verdict of rows that stand so, one after another: 0, or +code. */
int keep_node_verdict(int so_far, uint32_t state);
/* How a node stands, in words. */
extern const struct keep_names_of keep_node_stands;
/* "web1: unreachable: no route" for those that are not well. */
void keep_node_put_trouble(const struct keep_view *v, struct keep_slice name,
			   uint32_t state, struct keep_slice text,
			   struct keep_buf *out);

/* Of the words of a journal's line how that ended, made safe; whether it is of
 * a deploy that failed. */
struct keep_slice keep_node_result(struct keep_ctx *c, struct keep_slice words);
bool keep_node_is_failure(struct keep_slice result);

/* What a node said, as a row; bytes of its are made safe. status.c, verify.c,
 * init.c (row->name and host_key stay), facts.c (an object, by name). */
void keep_node_read_status(struct keep_ctx *c,
			   const struct keep_node_answer *a,
			   struct keep_node_status_row *row);
KEEP_MUST int keep_node_read_verify(struct keep_ctx *c,
				    const struct keep_node_answer *a,
				    struct keep_node_verify_row *row,
				    struct keep_err *e);
KEEP_MUST int keep_node_read_init(struct keep_ctx *c,
				  const struct keep_node_answer *a,
				  struct keep_node_init_row *row,
				  struct keep_err *e);
KEEP_MUST int keep_node_read_facts(struct keep_ctx *c, struct keep_slice lines,
				   struct keep_json *out, struct keep_err *e);

/* script.c: ask.sh. */
struct keep_slice keep_node_ask_script(void);

/* scan.c: the host keys that a node shows, which prove nothing, also behind a
 * jump host of the user's; in c->mem. UNREACHABLE. */
KEEP_MUST int keep_node_scan(struct keep_ctx *c, const struct keep_contact *n,
			     struct keep_ssh_keys *out, struct keep_err *e);
/* meet.c: a node that shows host keys, and what vouches for one of them. */
struct keep_node_shown {
	const struct keep_contact *node;
	struct keep_ssh_keys keys;
	struct keep_ssh_keys old; /* to be shown beside it */
	struct keep_slice print;  /* its fingerprint; absent: the person is
				   * asked */
};
/* That one. UNTRUSTED, INTERACTIVE, BAD_ARGS. */
KEEP_MUST int keep_node_choose(struct keep_ctx *c,
			       const struct keep_node_shown *s,
			       struct keep_ssh_key *out, struct keep_err *e);
/* "256 SHA256:... (ED25519)", as `ssh-keygen -l` prints it. */
struct keep_slice keep_node_print(struct keep_ctx *c,
				  const struct keep_ssh_key *key);

#endif
