/* Local nodes: which there are, where what is known of them lies, and the
 * steps of the three verbs. */
#ifndef DEPLOY_LOCAL_H
#define DEPLOY_LOCAL_H

#include <keep/local.h>

/* A node; texts end in NUL. */
struct keep_local_node {
	struct keep_slice name;
	struct keep_slice address; /* absent: the instance has it no more */
	struct keep_slice user;
	uint16_t port;
	pid_t pid;                 /* 0: it is down */
};
struct keep_local {
	bool ends;                 /* set by who ends all: a broken instance
				    * does not hinder that */
	bool broken;               /* it is; no node has its address */
	struct keep_fd dir;        /* what is known of nodes; empty: nothing */
	struct keep_slice path;    /* "/var/lib/keep-local/HASH" */
	struct keep_local_node *v; /* by name */
	size_t n;
};

/* select.c: the nodes of the instance with the tag that FILTER (none: all)
 * selects, and whether they are up; without a filter also those that are known
 * of, but not in the instance. ROOT: DENIED for others; the directory is made
 * then. End it. */
KEEP_MUST int keep_local_open(struct keep_ctx *c, struct keep_slices filter,
			      const char *root, struct keep_local *l,
			      struct keep_err *e);
void keep_local_end(struct keep_local *l);
KEEP_MUST int keep_local_emit(struct keep_ctx *c, const struct keep_local *l,
			      struct keep_err *e);

/* process.c: a descriptor of the process PID when it began a node that lies in
 * DIR ("/var/.../web1"); empty when it is none, or has ended. */
struct keep_fd keep_local_process(struct keep_mem *m, pid_t pid,
				  struct keep_slice dir);
/* The pid that the file of NAME tells of, or 0 when that is no node of it. */
pid_t keep_local_pid(struct keep_ctx *c, const struct keep_local *l,
		     struct keep_slice name);

/* prepare.c: all that the node's start needs in its directory; its host key is
 * made and, where the instance has none of it, pinned. */
KEEP_MUST int keep_local_prepare(struct keep_ctx *c,
				 const struct keep_local *l,
				 const struct keep_local_node *n,
				 struct keep_slice keys, struct keep_err *e);
/* keys.c: whom nodes let in, as lines of authorized_keys; NOT_FOUND: nobody. */
KEEP_MUST int keep_local_keys(struct keep_ctx *c, struct keep_slice *lines,
			      struct keep_err *e);

#endif
