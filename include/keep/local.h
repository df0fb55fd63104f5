/* Nodes on this machine: those with the tag `local` as servers with a root,
 * processes, a name and an sshd of their own, to try deploys on before real
 * ones get them. Their root is this machine's with changes in memory: a node
 * that goes down is gone, and comes up as a new server. Who has the tag is in
 * the environment `local` of the default platform.
 *
 * A node whose ip_address is in 127.0.0.0/8 shares this machine's network. Any
 * other IPv4 address gets it a network of its own, in which this machine and
 * the other nodes reach it, and it reaches nobody else.
 *
 * What is known of them lies in /var/lib/keep-local, by instance: their pids,
 * and host keys, which the instance pins and which therefore stay. That is no
 * user's own state, since up and down are root's, list is anybody's, and sudo
 * changes the home. Source: DEPLOY 5. */
#ifndef KEEP_LOCAL_H
#define KEEP_LOCAL_H

#include <keep/verb.h>

/* local up [FILTER...] [--image DIR] */
struct keep_local_up_args {
	struct keep_slices filter; /* none: all with the tag */
	struct keep_slice image;   /* lies over this machine's root; absent:
				      nothing does */
};

/* local down [FILTER...], local list [FILTER...] */
struct keep_local_args {
	struct keep_slices filter;
};

/* A node, as it is afterwards. */
struct keep_local_row {
	struct keep_slice name;
	struct keep_slice address; /* absent: the instance has it no more */
	bool has_port;
	uint32_t port;
	bool up;
	bool has_pid;
	uint64_t pid;              /* of what began it, seen from here */
	struct keep_slice root;    /* its root directory; absent: it is down */
};

KEEP_BEGIN
extern const struct keep_schema keep_local_up_args_schema,
	keep_local_args_schema, keep_local_row_schema;
/* All emit a row for each node, by name. NOT_FOUND without an instance, and
 * for a filter that selects none with the tag; BAD_ARGS as keep_node_list. */

/* Starts those that are down; on return they let in. Who may come in: the keys
 * of the agent, of users/U/ssh.pub, and of ~/.ssh/id_*.pub of whoever owns the
 * instance. A node without a pinned host key gets the one of its own pinned in
 * files/nodes/NAME/. DENIED for who is not root; the first node that fails
 * ends it, and stays down: IO. */
KEEP_MUST int keep_local_up(struct keep_ctx *c,
			    const struct keep_local_up_args *a,
			    struct keep_err *e);
/* Ends them with all their processes. Without a filter also those that the
 * instance has no more, whose host keys go with them, and all of an instance
 * that has faults. DENIED. */
KEEP_MUST int keep_local_down(struct keep_ctx *c,
			      const struct keep_local_args *a,
			      struct keep_err *e);
KEEP_MUST int keep_local_list(struct keep_ctx *c,
			      const struct keep_local_args *a,
			      struct keep_err *e);
keep_text_fn keep_local_text;

/* The library: its rows in the order of `keep help`. */
extern const struct keep_library keep_deploy_verbs;
KEEP_END

#endif
