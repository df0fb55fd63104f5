/* Verbs of the suite itself: version, help, describe, config, doctor. They
 * know commands only by the table that lies in the session. */
#ifndef KEEP_SUITE_H
#define KEEP_SUITE_H

#include <keep/cli.h>

KEEP_BEGIN
extern const struct keep_library keep_suite_verbs;
/* The suite of this process; NULL and *e when the session has none. */
const struct keep_suite *keep_suite_of(struct keep_ctx *c, struct keep_err *e);

/* `keep version`: of keep, and (unless c->brief) of what its libraries use. */
struct keep_version_result {
	struct keep_slice version;     /* "0.1.0" */
	struct keep_entries libraries; /* name -> version; absent: brief */
};
extern const struct keep_schema keep_version_result_schema;
int keep_version(struct keep_ctx *c, const void *none,
		 struct keep_version_result *r, struct keep_err *e);

/* `keep help [TOPIC...]`: a command, or a command and a verb. */
struct keep_help_args {
	bool all;                  /* also externals, with their places */
	struct keep_slices topic;  /* words; absent: the list of commands */
};
struct keep_help_result {
	struct keep_slice text;
};
extern const struct keep_schema keep_help_args_schema;
extern const struct keep_schema keep_help_result_schema;
int keep_help(struct keep_ctx *c, const struct keep_help_args *a,
	      struct keep_help_result *r, struct keep_err *e);
KEEP_END

#endif
