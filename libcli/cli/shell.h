/* The entry from a shell: what its files share. */
#ifndef CLI_SHELL_H
#define CLI_SHELL_H

#include "argv.h"

/* Options that stand before the command; the long ones also after it. */
struct keep_globals {
	struct keep_slice directory;
	struct keep_entries config;
	uint32_t format, color;
	bool quiet, no_pager, usage, help, show, version;
	uint64_t lock_timeout;
	struct keep_slice args;
};
extern const struct keep_schema keep_globals_schema;

/* One run of `keep`. */
struct keep_shell_run {
	struct keep_suite *suite;
	struct keep_ctx *c;
	struct keep_log log;
	struct keep_globals globals;
	struct keep_argv_tree *tree; /* of the globals */
	struct keep_printer printer;
	struct keep_slice *words;
	size_t n;
};

/* Replaces this process by `keep-NAME`; returns only when there is none:
 * NO_SUCH_COMMAND with what is near. */
int keep_external_run(struct keep_shell_run *sh, struct keep_err *e);
/* Calls EACH for every keep-NAME in libexec and on PATH; SHADOWED: a built-in
 * or an earlier one has the name. */
void keep_external_each(const struct keep_suite *s,
			void (*each)(void *to, struct keep_slice name,
				     struct keep_slice path, bool shadowed),
			void *to);
/* The ask() of a context at a shell: through /dev/tty. */
int keep_ask_tty(struct keep_ctx *c, enum keep_ask kind, const char *prompt,
		 struct keep_slice *answer, struct keep_err *e);

#endif
