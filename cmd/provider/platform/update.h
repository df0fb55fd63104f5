/* An update of the platform: what differs, whether it may be, and how the new
 * one gets to its place. */
#ifndef PROVIDER_UPDATE_H
#define PROVIDER_UPDATE_H

#include <keep/git2.h>
#include <keep/platform.h>
#include "../init/making.h"

/* Begin with {c, r}, end with keep_update_end. */
struct keep_update {
	struct keep_ctx *c;
	struct keep_platform_update_result *r;
	const struct keep_git2_api *git;
	struct keep_slice path;      /* "platform" */
	struct keep_fd old, new;     /* old: empty when there is none */
	struct keep_making was, now; /* what is in them */
	struct keep_buf gone;        /* slices: paths in the instance of what
				      * is changed or removed, ordered */
	bool locked;                 /* what is staged is ours, or nobody's */
};
void keep_update_end(struct keep_update *u);

/* compare.c: fills was, now, gone and the result. */
KEEP_MUST int keep_update_compare(struct keep_update *u, struct keep_err *e);
/* Orders two slices, for qsort and bsearch. */
int keep_update_by_bytes(const void *a, const void *b);
/* lost.c: CONFLICT with what no commit holds and would be gone. */
KEEP_MUST int keep_update_lost(const struct keep_update *u,
			       struct keep_err *e);
/* replace.c: copies the new platform to where the old one can be exchanged
 * for it, and does that. */
extern const char keep_update_staged[];
KEEP_MUST int keep_update_stage(struct keep_update *u, struct keep_err *e);
KEEP_MUST int keep_update_settle(struct keep_update *u, struct keep_err *e);

#endif
