/* Verbs of the suite itself: version, help, describe, config, doctor. They
 * know commands only by the table that lies in the session. */
#ifndef KEEP_SUITE_H
#define KEEP_SUITE_H

#include <keep/external.h>

KEEP_BEGIN
extern const struct keep_library keep_suite_verbs;
/* The suite of this process; NULL and *e when the session has none. */
const struct keep_suite *keep_suite_of(struct keep_ctx *c, struct keep_err *e);

/* A completer that offers the names of commands. */
int keep_command_complete(struct keep_ctx *c, struct keep_slice prefix,
			  struct keep_completions *out);

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

/* `keep config [KEY] [--show-origin]`: the values in force, of a section or
 * of one key. NOT_FOUND for a key that nobody knows; BAD_CONFIG when any
 * section has a fault. */
struct keep_config_args {
	struct keep_slice key;  /* "core", "core.format"; absent: all */
	bool show_origin;
};
struct keep_config_item {
	struct keep_slice key;
	struct keep_slice value;  /* an item; null: not set */
	struct keep_slice origin; /* where it was set; absent: not asked */
};
extern const struct keep_schema keep_config_args_schema;
extern const struct keep_schema keep_config_item_schema;
int keep_config_show(struct keep_ctx *c, const struct keep_config_args *a,
		     struct keep_err *e);

/* --- describe: WIRE 3, whose keys are the order of members ---------- */

/* What one connection may ask for. */
struct keep_describe_limits {
	uint32_t max_frame, max_outstanding, max_depth, idle_s;
};
/* `keep describe [COMMAND...]`: all verbs, or those whose path begins so.
 * NO_SUCH_COMMAND when there is none. */
struct keep_describe_args {
	struct keep_slices command;
};
struct keep_describe_result {
	uint32_t protocol;           /* 1 */
	struct keep_slice version;
	struct keep_describe_limits limits;
	struct keep_list commands;   /* keep_described_verb */
	struct keep_slice instance;  /* its path; absent: none */
};
extern const struct keep_schema keep_describe_args_schema;
extern const struct keep_schema keep_describe_result_schema;
int keep_describe(struct keep_ctx *c, const struct keep_describe_args *a,
		  struct keep_describe_result *r, struct keep_err *e);
keep_text_fn keep_describe_text;

/* `keep x-encode -- VERB WORD...`: the CBOR of its arguments, as a socket or
 * a native caller gives it. */
struct keep_encode_args {
	struct keep_slices words;
};
struct keep_encode_result {
	struct keep_slice args;
};
extern const struct keep_schema keep_encode_args_schema;
extern const struct keep_schema keep_encode_result_schema;
int keep_encode(struct keep_ctx *c, const struct keep_encode_args *a,
		struct keep_encode_result *r, struct keep_err *e);

/* `keep doctor [--list]`: runs the checks of all libraries that are installed,
 * and emits one for each fault; +DIFFERS when there is one. A check that cannot
 * look is told as a fault, too. With list it emits
 * the checks themselves, and looks at nothing. */
struct keep_doctor_args {
	bool list;
};
struct keep_doctor_item {
	struct keep_slice check;       /* its name */
	struct keep_slice fault, mend; /* what is wrong, the command for it */
	struct keep_slice summary;     /* what is looked at; list only */
	struct keep_slice hint;        /* absent: none */
};
extern const struct keep_schema keep_doctor_args_schema;
extern const struct keep_schema keep_doctor_item_schema;
int keep_doctor(struct keep_ctx *c, const struct keep_doctor_args *a,
		struct keep_err *e);
keep_text_fn keep_doctor_text;

/* Calls EACH for every verb of the suite but plumbing. */
void keep_suite_verbs_each(const struct keep_suite *s,
			   void (*each)(void *to, const struct keep_verb *v),
			   void *to);

/* --- plumbing: for scripts of keep itself ---------------------------- */

/* `keep x-complete -- WORD...`: what the last word could become. */
struct keep_x_complete_args {
	struct keep_slices words; /* as typed behind `keep` */
};
struct keep_x_complete_result {
	struct keep_list words;   /* struct keep_completion */
	bool files;               /* names of files fit too */
};
extern const struct keep_schema keep_x_complete_args_schema;
extern const struct keep_schema keep_x_complete_result_schema;
int keep_x_complete(struct keep_ctx *c, const struct keep_x_complete_args *a,
		    struct keep_x_complete_result *r, struct keep_err *e);
/* Lines "WORD<tab>HELP"; the line ":files" for names of files. */
keep_text_fn keep_x_complete_text;

/* What a generator wrote. */
struct keep_x_text_result {
	struct keep_slice text;
};
extern const struct keep_schema keep_x_text_result_schema;
/* `keep x-wire-lock`: include/keep/wire.lock: error codes, verbs, schemas. */
int keep_x_wire_lock(struct keep_ctx *c, const void *none,
		     struct keep_x_text_result *r, struct keep_err *e);

/* `keep x-man [COMMAND] --about FILE`: scdoc source of a manual page. */
struct keep_x_man_args {
	struct keep_slice command; /* absent: of keep itself */
	struct keep_slice about;   /* prose; see keep_man_command */
};
extern const struct keep_schema keep_x_man_args_schema;
int keep_x_man(struct keep_ctx *c, const struct keep_x_man_args *a,
	       struct keep_x_text_result *r, struct keep_err *e);
KEEP_END

#endif
