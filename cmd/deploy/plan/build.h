/* A plan that is made: node after node is added with what it has and what it
 * shall have, then equal changes are folded. Pure: texts come from the caller,
 * and so does the way to make a diff. */
#ifndef DEPLOY_PLAN_BUILD_H
#define DEPLOY_PLAN_BUILD_H

#include <keep/generation.h>
#include <keep/plan.h>

/* One side of a comparison. */
struct keep_plan_side {
	struct keep_manifest manifest;
	/* What may be shown of a line's file; absent: nothing, or it is not
	 * known. NULL: of none. */
	struct keep_slice (*text)(void *from,
				  const struct keep_manifest_line *line);
	void *from;
};

/* A node, what it has and what it shall have. */
struct keep_plan_pair {
	struct keep_slice node;
	const struct keep_plan_side *old, *new;
	size_t edits, n; /* where its own stand, and how many */
};

/* A path that a node has otherwise than it shall. */
struct keep_plan_edit {
	struct keep_slice path, node;
	const struct keep_plan_side *from, *to;
	const struct keep_manifest_line *old, *new; /* NULL: not there */
	struct keep_slice was, is; /* their texts, when they were read */
};

struct keep_plan_build {
	struct keep_mem *mem;
	/* That of struct keep_git2_api. */
	int (*diff)(struct keep_slice old, struct keep_slice new,
		    const char *path, struct keep_buf *out,
		    struct keep_err *e);
	struct keep_buf pairs;  /* of keep_plan_pair */
	struct keep_buf edits;  /* of keep_plan_edit */
	struct keep_buf access; /* of keep_plan_access */
	size_t shown;           /* bytes of diffs so far */
};

/* Adds a node; borrows all, and reads no text yet. */
KEEP_MUST int keep_plan_add(struct keep_plan_build *b, struct keep_slice node,
			    const struct keep_plan_side *old,
			    const struct keep_plan_side *new,
			    struct keep_err *e);
/* What may be shown of LINE (NULL: nothing), which is of SIDE. */
struct keep_slice keep_plan_side_text(const struct keep_plan_side *side,
				      const struct keep_manifest_line *line);
/* Whether the text that the node has is worth knowing. */
bool keep_plan_wants(const struct keep_plan_edit *x);
/* Structs of SIZE bytes, each with a struct keep_slices of nodes at AT. */
struct keep_folding {
	struct keep_mem *mem;
	size_t size, at;
	int (*order)(const void *a, const void *b);
};
/* Puts those of ALL in order, and makes one of those that are equal, with the
 * nodes of all of them; false without memory. */
bool keep_fold(const struct keep_folding *f, struct keep_buf *all);
/* Fills in access and changes of the result. Once. */
KEEP_MUST int keep_plan_fold(struct keep_plan_build *b,
			     struct keep_plan_result *r, struct keep_err *e);

/* services.c: which services come, leave, and have another recipe. */
void keep_plan_services(struct keep_plan_build *b,
			const struct keep_plan_pair *pair);
/* access.c: what an edit that NODES have alike does to access. */
void keep_plan_judge(struct keep_plan_build *b,
		     const struct keep_plan_edit *x, struct keep_slices nodes);
/* show.c: what is shown of it. */
KEEP_MUST int keep_plan_show(struct keep_plan_build *b,
			     const struct keep_plan_edit *x,
			     struct keep_plan_change *out, struct keep_err *e);

/* keys.c: lines of files that let in, and rules of a firewall. */
struct keep_plan_line {
	struct keep_slice same;    /* by which two are one */
	struct keep_slice subject; /* absent: that of the file */
	struct keep_slice detail;
};
struct keep_plan_lines {
	struct keep_mem *mem;
	struct keep_buf v; /* of keep_plan_line */
};
typedef void keep_plan_lines_fn(struct keep_plan_lines *to,
				struct keep_slice text);
keep_plan_lines_fn keep_plan_authorized; /* authorized_keys */
keep_plan_lines_fn keep_plan_hosts;      /* known_hosts */
keep_plan_lines_fn keep_plan_firewall;   /* config.json */

#endif
