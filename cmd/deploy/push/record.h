/* .keep/deploys/ID: what a deploy of this instance came to, node by node, for
 * --resume, and to know its lock again. Lines are added as it goes: the last
 * of a node counts, and a torn one does not. Those of the last 200 deploys are
 * kept. */
#ifndef PUSH_RECORD_H
#define PUSH_RECORD_H

#include <keep/deploy.h>

/* What the record says of a node. */
struct keep_record_node {
	struct keep_slice node;
	struct keep_slice want;    /* the id that it was to get */
	bool begun;                /* and no end is known */
	bool good;                 /* unchanged or changed */
};
struct keep_record {
	struct keep_fd fd;         /* to be added to */
	struct keep_slice id;
};
struct keep_record_nodes {
	struct keep_record_node *v; /* in the order in which they came */
	size_t n;
};

/* Begins a new one, or goes on with it. */
KEEP_MUST int keep_record_begin(struct keep_ctx *c, struct keep_slice id,
				struct keep_record *out, struct keep_err *e);
/* Adds a line: `WORD NODE WANT`, WORD being "plan", "begin" or a state. */
KEEP_MUST int keep_record_add(struct keep_record *r, const char *word,
			      struct keep_slice node, struct keep_slice want,
			      struct keep_err *e);
void keep_record_end(struct keep_record *r);
/* Reads one, in c->mem; NOT_FOUND, BAD_ARGS for what is no id. */
KEEP_MUST int keep_record_read(struct keep_ctx *c, struct keep_slice id,
			       struct keep_record_nodes *out,
			       struct keep_err *e);
/* The node of that name; NULL: it is not in it. */
const struct keep_record_node *
keep_record_find(const struct keep_record_nodes *all, struct keep_slice node);

#endif
