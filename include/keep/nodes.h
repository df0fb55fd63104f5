/* Nodes as machines: how one is met for the first time, what it has, whether
 * that is what was deployed, what is known of it, and how it is let go.
 * Source: DEPLOY 4, 5.
 *
 * What a node says is untrusted: at most KEEP_NODE_ANSWER bytes of it are
 * taken, and control characters are shown as \xNN. */
#ifndef KEEP_NODES_H
#define KEEP_NODES_H

#include <keep/verb.h>

/* Bytes that a node may answer. */
enum { KEEP_NODE_ANSWER = 1 << 20 };

/* node status FILTER, node verify FILTER */
struct keep_node_ask_args {
	struct keep_slices filter;
	uint32_t jobs, transport; /* nodes at once; an enum keep_by */
	uint64_t timeout;         /* ms that a node may take */
};

/* node init FILTER [--host-key FP] */
struct keep_node_init_args {
	struct keep_slices filter;
	struct keep_slice host_key; /* "SHA256:..."; for one node only */
	uint32_t jobs, transport;
	uint64_t timeout;
};

/* node facts FILTER [--update] */
struct keep_node_facts_args {
	struct keep_slices filter;
	bool update;              /* write facts/NAME.json */
	uint32_t jobs, transport;
	uint64_t timeout;
};

/* node rekey NODE [--host-key FP] */
struct keep_node_rekey_args {
	struct keep_slice node;
	struct keep_slice host_key;
};

/* How a node stands. */
enum keep_node_stand {
	KEEP_STANDS_OK = 0,
	KEEP_STANDS_UNREACHABLE,
	KEEP_STANDS_FAILED,   /* it did not answer as it should; text says how.
			     * status: its last deploy failed */
	KEEP_STANDS_RUNNING,  /* status: a deploy runs on it */
	KEEP_STANDS_BARE,     /* status, verify: nothing was deployed */
	KEEP_STANDS_DRIFTED,  /* verify: it has not what was deployed */
	KEEP_STANDS_UNREADY,  /* init: a deploy would fail, see missing */
};

/* A node of init: what a deploy will find there. */
struct keep_node_init_row {
	struct keep_slice name;
	uint32_t state;
	struct keep_slice host_key;  /* "256 SHA256:... (ED25519)", as
				      * ssh-keygen -l; absent: there is none */
	bool pinned;                 /* now; false: it was before */
	struct keep_slice user;      /* who logs in; absent: nobody did */
	struct keep_slice root_by;   /* "login", "sudo", "doas", "KEEP_ROOT";
				      * absent: by nothing */
	struct keep_slice sudoers;   /* the line that would let him */
	struct keep_slices missing;  /* tools that a deploy needs */
	struct keep_slices foreign;  /* keys that are let in and are no user's
				      * of the instance; they stay */
	struct keep_slice text;      /* what went wrong */
};

/* A node of status. */
struct keep_node_status_row {
	struct keep_slice name;
	uint32_t state;
	struct keep_slice current;   /* id of its generation */
	struct keep_slice applied;   /* id of what was applied last, when it
				      * is another, or failed */
	bool has_status;
	int32_t status;              /* of that apply, or of the one that was
				      * taken back; -1: it did not end */
	struct keep_slice commit, who; /* of the last line of its journal */
	bool has_at;
	uint64_t at;
	struct keep_slice result;    /* as run.pl of a generation says */
	struct keep_slice holder;    /* of its lock, when that lives */
	struct keep_slice veto;      /* of /etc/keep/no-deploy */
	struct keep_slice text;
};

/* What differs from the generation, and how. */
struct keep_node_drift {
	struct keep_slice path; /* absolute: of the node; else of its
				 * generation */
	uint32_t what;          /* changed, missing, added, mode */
};
/* A node of verify. */
struct keep_node_verify_row {
	struct keep_slice name;
	uint32_t state;
	struct keep_slice current;
	struct keep_list drift;      /* of keep_node_drift */
	struct keep_slice text;
	struct keep_slice result;    /* of the last deploy, as above */
};

/* What is known of a node, by name: os, kernel, arch... */
struct keep_node_facts_row {
	struct keep_slice name;
	uint32_t state;
	struct keep_entries facts;   /* items */
	bool changed;                /* facts/NAME.json was written */
	struct keep_slice text;
};

/* What rekey did. */
struct keep_node_rekey_result {
	struct keep_slice file;      /* where the key is pinned */
	struct keep_slices old;      /* fingerprints */
	struct keep_slice host_key;  /* the one that it has now */
	bool changed;
};

/* node revoke NODE */
struct keep_node_revoke_args {
	struct keep_slice node;
};
/* What revoke did, and what it cannot. */
struct keep_node_revoke_result {
	struct keep_slice file;      /* nodes/NAME.json */
	bool changed;
	struct keep_slices secrets;  /* names of those that it held: now, by
				      * the last compile, in any commit */
	struct keep_slices next;     /* commands that follow, for sh */
};

KEEP_BEGIN
/* Those of a FILTER emit a row for each node, by name: +PARTIAL when one is
 * not as it should be, +UNREACHABLE when the only trouble is nodes that are,
 * +DIFFERS when it is drift. BAD_ARGS as keep_contacts(). */

/* Pins the host keys of nodes that have none pinned: HOST_KEY, or the one that
 * the person says yes to. A node that shows another is UNTRUSTED, and
 * INTERACTIVE where nobody can be asked; nothing is pinned then. One that is
 * pinned already is only looked at. Salts that nodes
 * lack are made: BUSY. */
KEEP_MUST int keep_node_init(struct keep_ctx *c,
			     const struct keep_node_init_args *a,
			     struct keep_err *e);
/* What nodes have. */
KEEP_MUST int keep_node_status(struct keep_ctx *c,
			       const struct keep_node_ask_args *a,
			       struct keep_err *e);
/* Whether a node's generation, and the files that it put, are what their
 * manifest says. */
KEEP_MUST int keep_node_verify(struct keep_ctx *c,
			       const struct keep_node_ask_args *a,
			       struct keep_err *e);
KEEP_MUST int keep_node_facts(struct keep_ctx *c,
			      const struct keep_node_facts_args *a,
			      struct keep_err *e);
/* A node that was installed anew: its new host key is pinned in place of all
 * that were, and what was known of its generation is forgotten. UNREACHABLE,
 * UNTRUSTED and INTERACTIVE as above. */
KEEP_MUST int keep_node_rekey(struct keep_ctx *c,
			      const struct keep_node_rekey_args *a,
			      struct keep_node_rekey_result *r,
			      struct keep_err *e);
/* A node that was seized: it is disabled, and no deploy reaches it. */
KEEP_MUST int keep_node_revoke(struct keep_ctx *c,
			       const struct keep_node_revoke_args *a,
			       struct keep_node_revoke_result *r,
			       struct keep_err *e);
extern const struct keep_schema keep_node_ask_args_schema,
	keep_node_init_args_schema, keep_node_init_row_schema,
	keep_node_status_row_schema, keep_node_verify_row_schema,
	keep_node_facts_args_schema, keep_node_facts_row_schema,
	keep_node_rekey_args_schema, keep_node_rekey_result_schema,
	keep_node_revoke_args_schema, keep_node_revoke_result_schema;
keep_text_fn keep_node_init_text, keep_node_status_text,
	keep_node_verify_text, keep_node_facts_text, keep_node_rekey_text,
	keep_node_revoke_text;
KEEP_END

#endif
