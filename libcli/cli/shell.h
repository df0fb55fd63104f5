/* The entry from a shell: what its files share. */
#ifndef CLI_SHELL_H
#define CLI_SHELL_H

#include <limits.h>
#include "argv.h"
#include "live.h"
#include <keep/config.h>

/* Options that stand before the command; the long ones also after it. */
struct keep_globals {
	struct keep_slice directory;
	struct keep_entries config;
	uint32_t format, color;
	bool quiet, no_pager, usage, help, show, version;
	bool has_format, has_color, has_lock_timeout;
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
	struct keep_core core;       /* defaults until it is read */
	struct keep_config config;   /* n layers once it is read */
	bool has_config;
	struct keep_argv_tree *tree; /* of the globals */
	struct keep_printer printer;
	struct keep_live live;
	bool looked, is_live;        /* whether it is shown, once looked */
	struct keep_slice *words;
	size_t n;
};

/* Reads the configuration, once: BAD_CONFIG for a fault in it. */
KEEP_MUST int keep_settings_read(struct keep_shell_run *sh,
				 struct keep_err *e);
/* The same for a verb: with the section of its command, which goes to
 * c->config. */
KEEP_MUST int keep_settings_for(struct keep_shell_run *sh,
				const struct keep_verb *v, struct keep_err *e);
/* The verb that results and events of V are shown as. */
static inline const struct keep_verb *
keep_shown_as(const struct keep_ctx *c, const struct keep_verb *v)
{
	return c->as.verb ? c->as.verb : v;
}
/* Options over `core` over defaults: how to print, how long to wait. */
void keep_settings_apply(struct keep_shell_run *sh);
/* Puts the words of an alias for the first word, until that is none. */
KEEP_MUST int keep_alias_expand(struct keep_shell_run *sh,
				struct keep_err *e);
/* Shows TEXT through the pager; false when it is to be printed as usual: no
 * terminal, no pager, or few lines. */
bool keep_pager_show(const struct keep_shell_run *sh, struct keep_slice text);
/* Replaces this process by `keep-NAME`; returns only when there is none:
 * NO_SUCH_COMMAND with what is near. */
int keep_external_run(struct keep_shell_run *sh, struct keep_err *e);
/* The file NAME in the directories of PATH that are absolute and, for root, not
 * to be written by everybody: who stands in a clone runs nothing of it. */
bool keep_path_find(struct keep_slice path, const char *name,
		    char found[PATH_MAX]);
/* hand_over of a context at a shell. */
int keep_program_become(struct keep_ctx *c, const char *const *argv,
			struct keep_err *e);
/* On a terminal, replaces this process by man with the page of a command
 * (NULL: of keep), else appends it to OUT. False when there is no page or no
 * man. */
bool keep_manual_open(const struct keep_shell_run *sh, const char *command,
		      struct keep_buf *out);
/* Whether what goes to a terminal, or not to one, has colours. */
bool keep_settings_color(const struct keep_shell_run *sh, bool terminal);
/* Tells an error on stderr; returns the exit status. */
int keep_talk_error(struct keep_shell_run *sh, const struct keep_err *e);
/* A result, by the pager if need be; returns the exit status: 0, or that of
 * what was told on stderr. */
int keep_talk_print(struct keep_shell_run *sh, const struct keep_buf *text);
/* The out(), work() and progress() of a context at a shell. */
int keep_talk_event(struct keep_ctx *c, struct keep_slice item,
		    struct keep_err *e);
void keep_talk_work(struct keep_ctx *c, const struct keep_work *w);
void keep_talk_progress(struct keep_ctx *c, const struct keep_progress *p);
/* Takes what is at work off the terminal, for what is to stand there. */
void keep_talk_clear(struct keep_shell_run *sh);
/* The ask() of a context at a shell: through /dev/tty. */
int keep_ask_tty(struct keep_ctx *c, enum keep_ask kind, const char *prompt,
		 struct keep_slice *answer, struct keep_err *e);

#endif
