/* keep init: makes a provider instance that works. Source: PROVIDER 1. */
#ifndef KEEP_INIT_H
#define KEEP_INIT_H

#include <keep/verb.h>

/* Limits of a platform that is copied. */
enum {
	KEEP_PLATFORM_FILES = 10000,
	KEEP_PLATFORM_BYTES = 64 << 20,
	KEEP_PLATFORM_DEPTH = 16,
};

/* What is made, and where. */
struct keep_init_args {
	struct keep_slice dir;
	struct keep_slice name;     /* absent: DIR's last part */
	struct keep_slice domain;
	struct keep_slice platform; /* absent: the one installed with keep */
	bool no_commit;
};
/* What was made. */
struct keep_init_result {
	struct keep_slice path;     /* the instance */
	struct keep_slice commit;   /* absent with no_commit */
	struct keep_slices next;    /* three commands to go on with, for sh */
};

KEEP_BEGIN
/* Makes DIR, or fills it when it is there: then none of the files of an
 * instance may be (EXISTS). All or nothing. The platform is copied with its
 * files and directories (what is neither is BAD_ARGS, over a limit TOO_LARGE)
 * and without .git. Unless no_commit, DIR becomes a git repository when it is
 * none, and the files are committed. Enrols nobody, asks nothing. */
int keep_init(struct keep_ctx *c, const struct keep_init_args *a,
	      struct keep_init_result *r, struct keep_err *e);
extern const struct keep_schema keep_init_args_schema;
extern const struct keep_schema keep_init_result_schema;
keep_text_fn keep_init_text;
KEEP_END

#endif
