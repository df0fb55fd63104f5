/* What doctor looks at for keep itself. */
#ifndef KEEP_CHECKS_H
#define KEEP_CHECKS_H

#include <keep/suite.h>

enum { KEEP_N_SUITE_CHECKS = 6 };
extern const struct keep_check keep_suite_checks[KEEP_N_SUITE_CHECKS];

/* A check that runs: the suite it looks at, and who is told. */
struct keep_look {
	struct keep_ctx *c;
	const struct keep_suite *suite;
	keep_found_fn *found;
	void *to;
	struct keep_err *e;
	struct keep_slice hint; /* of what is told next; absent: none */
};
typedef int keep_look_fn(struct keep_look *l);

keep_look_fn keep_look_config_safe, keep_look_config_valid;
keep_look_fn keep_look_libraries, keep_look_externals;
keep_look_fn keep_look_path, keep_look_runtime_dir;

/* Tells a fault and the command that mends it; both may be absent, for want
 * of memory. */
int keep_look_tell(struct keep_look *l, struct keep_slice fault,
		   struct keep_slice mend);
/* "", or what runs a command as root. */
const char *keep_look_sudo(const char *path);

#endif
