/* The suite as programs see it: the table of commands, their libraries, and
 * the entry from a shell. Source: ARCHITECTURE 1, 4, 9. */
#ifndef KEEP_CLI_H
#define KEEP_CLI_H

#include <keep/agent.h>
#include <keep/json.h>
#include <keep/verb.h>

/* One row of cmd/keep/table.c. */
struct keep_command {
	const char *name;      /* "node" */
	const char *summary;   /* "nodes of the provider" */
	const char *libraries; /* "provider deploy", in the order searched */
	const char *section;   /* of the configuration; NULL: none */
};

struct keep_config;

/* The commands of one program, and how their libraries are had. It lies in
 * the session under its own address keep_suite_key. */
struct keep_suite {
	const struct keep_command *commands;
	size_t n;
	const struct keep_library *own; /* linked in: library "suite" */
	struct keep_slice run_dir;      /* lib/keep; absent: only own */
	struct keep_slice path, runtime_dir; /* PATH, XDG_RUNTIME_DIR */
	const struct keep_config *config;    /* what was read; NULL: nothing */
	/* A library by name; NULL and *e when it cannot be loaded. */
	const struct keep_library *(*load)(const struct keep_suite *s,
					   struct keep_slice name,
					   struct keep_err *e);
	/* Asked before a verb runs or a person is asked: a descriptor that is
	 * readable once a signal wants the end; -1: there is none. NULL:
	 * signals do what they did. */
	int (*cancel_fd)(void);
};

/* What --format says. */
enum keep_format { KEEP_FORMAT_TEXT, KEEP_FORMAT_JSON, KEEP_FORMAT_CBOR };

/* How results go to a person or a script. */
struct keep_printer {
	enum keep_format format;
	bool terminal;    /* stdout is one: headers, relative times */
	bool color;
	bool show;        /* secrets on a terminal too */
	bool live;        /* what is at work is shown there */
	uint64_t now_s;
	struct keep_mem *mem;
	struct keep_slice args; /* of the call, as CBOR; absent: not known */
};

/* One word that could stand there, and what it means. */
struct keep_completion {
	struct keep_slice word, help;
};
/* What completers add to, by keep_complete_offer. */
struct keep_completions {
	struct keep_mem *mem;
	struct keep_slice before; /* typed and kept: "--format=" */
	struct keep_slice prefix; /* typed: what words must begin with */
	struct keep_buf found;    /* struct keep_completion */
	bool files;               /* names of files fit: left to the shell */
};

/* A program, and what it gets on its stdin. */
struct keep_program {
	const char *const *argv; /* NULL ends it */
	struct keep_slice input;
	size_t max;              /* bytes of its output */
	struct keep_slice *says; /* its stderr, when it ends well; at most
				  * max; NULL: that is dropped */
};

KEEP_BEGIN
extern const char keep_suite_key[];

/* What run_dir/libkeep-NAME.so exports as SYMBOL; it is opened when it is not
 * yet, and stays. NULL and *e: NOT_FOUND when it is not installed (or run_dir
 * is absent), or not as it should be. */
const void *keep_library_symbol(struct keep_slice run_dir,
				struct keep_slice name, const char *symbol,
				struct keep_err *e);
/* The row of a command, or NULL. */
const struct keep_command *keep_suite_command(const struct keep_suite *s,
					      struct keep_slice name);
/* A library of the suite by name; NULL and *e when it cannot be loaded. */
const struct keep_library *keep_suite_library(const struct keep_suite *s,
					      struct keep_slice name,
					      struct keep_err *e);
/* Calls EACH with the name of every library that a row has, each once, until it
 * returns what is not 0, which is returned. */
int keep_suite_libraries(const struct keep_suite *s,
			 int (*each)(void *to, struct keep_slice name),
			 void *to);
/* Takes the next word, and the blank behind it, off *text. */
struct keep_slice keep_next_word(struct keep_slice *text);
/* The verb that WORDS begin with, from the first library that has it. *used:
 * how many words name it. NULL and *e: NO_SUCH_COMMAND with a hint. */
const struct keep_verb *keep_suite_verb(const struct keep_suite *s,
					const struct keep_slice *words,
					size_t n, size_t *used,
					struct keep_err *e);
/* Calls EACH for every verb of the command, in the order of its libraries and
 * rows; a library that is missing is told to MISSING (may be NULL). */
void keep_suite_each(const struct keep_suite *s, const struct keep_command *c,
		     void (*each)(void *to, const struct keep_verb *v),
		     void (*missing)(void *to, struct keep_slice library),
		     void *to);
/* The `load` of a suite whose libraries lie in run_dir: libkeep-NAME.so, which
 * exports keep_NAME_verbs. Never unloaded. */
const struct keep_library *keep_suite_dlopen(const struct keep_suite *s,
					     struct keep_slice name,
					     struct keep_err *e);
/* For native programs: the suite that is installed beside libkeep, put into
 * c->session; c->run_dir is set. c needs mem and session; path, runtime_dir
 * and config of *s stay as the caller set them. NO_SUCH_COMMAND when
 * libkeep-suite.so is not there. */
KEEP_MUST int keep_suite_open(struct keep_suite *s, struct keep_ctx *c,
			      struct keep_err *e);
/* WORDS, as they would stand behind the verb at a shell, as the CBOR of its
 * arguments, appended to OUT. BAD_ARGS with all faults. */
KEEP_MUST int keep_words_encode(struct keep_ctx *c, const struct keep_verb *v,
				struct keep_slices words,
				struct keep_buf *out, struct keep_err *e);
/* Calls EACH for every keep-NAME in libexec and on PATH; SHADOWED: a built-in
 * or an earlier one has the name. */
void keep_external_each(const struct keep_suite *s,
			void (*each)(void *to, struct keep_slice name,
				     struct keep_slice path, bool shadowed),
			void *to);
/* Runs `keep ARGV...`; the exit status. Owns stdin, stdout, stderr. */
int keep_shell(struct keep_suite *s, int argc, char **argv);

/* JSON object of a decoded struct; style as keep_json_put. Secrets: base64. */
void keep_form_json(const struct keep_schema *s, const void *in, int style,
		    struct keep_buf *out);
/* A JSON object as the CBOR of a schema. All faults, with field paths. */
KEEP_MUST int keep_form_read(struct keep_mem *m, const struct keep_schema *s,
			     const struct keep_json *v, struct keep_buf *out,
			     struct keep_err *e);
/* The result of a verb (CBOR, as keep_run gives it) as p->format asks, with
 * its newline. Absent: a verb without a result prints nothing. */
KEEP_MUST int keep_print_result(const struct keep_printer *p,
				const struct keep_verb *v,
				struct keep_slice result,
				struct keep_buf *out, struct keep_err *e);
/* One event of a verb: text, {"item":..} or WIRE's item. */
KEEP_MUST int keep_print_event(const struct keep_printer *p,
			       const struct keep_verb *v,
			       struct keep_slice item, struct keep_buf *out,
			       struct keep_err *e);
/* A result of a verb, or one of its events, as an item that says of itself what
 * it holds: with the names and texts of JSON. */
KEEP_MUST int keep_named_put(struct keep_mem *m, const struct keep_verb *v,
			     struct keep_slice value, bool event,
			     struct keep_buf *out, struct keep_err *e);
/* An error as stderr shows it: lines `keep: ...`, `hint: ...`, or one line
 * of JSON. */
void keep_print_error(const struct keep_printer *p, const struct keep_err *e,
		      struct keep_buf *out);

/* What the last of WORDS (those after `keep`) could become: commands, verbs,
 * options, values. out->mem is set by the caller. The first word is completed
 * from the table alone. Fields that have a completer get 100 ms. */
KEEP_MUST int keep_complete(struct keep_ctx *c, const struct keep_suite *s,
			    struct keep_slices words,
			    struct keep_completions *out, struct keep_err *e);

/* Help, made from rows and schemas: of a verb, of a command's verbs, of the
 * options that all share, of the suite (all: with the place of each). */
void keep_help_verb(const struct keep_verb *v, struct keep_buf *out);
void keep_help_command(const struct keep_suite *s,
		       const struct keep_command *c, struct keep_buf *out);
void keep_help_globals(struct keep_buf *out);
void keep_help_suite(const struct keep_suite *s, bool all,
		     struct keep_buf *out);
/* Where the external command is and how it is asked; false: there is none. */
bool keep_help_external(const struct keep_suite *s, struct keep_slice name,
			struct keep_buf *out);
/* "keep node add NAME [PATH=VALUE...]" */
void keep_help_usage(const struct keep_verb *v, struct keep_buf *out);
/* A manual page as scdoc source: of a command, of keep. ABOUT: prose for all
 * of them, each under a line `# NAME`. */
void keep_man_command(const struct keep_suite *s,
		      const struct keep_command *c, struct keep_slice about,
		      struct keep_buf *out);
void keep_man_suite(const struct keep_suite *s, struct keep_slice about,
		    struct keep_buf *out);
/* x-...: for scripts of keep itself; no list shows it. */
bool keep_command_is_plumbing(const struct keep_command *c);
/* The user's agent, for requests that end when the verb should. */
struct keep_agent keep_agent_of(struct keep_ctx *c);
/* Runs a program to its end, found where externals are: on PATH, but in no
 * relative directory; *output lies in c->mem. NOT_FOUND where there is none,
 * IO with its words when it fails, TOO_LARGE; it is killed when the verb
 * should end. */
KEEP_MUST int keep_program_run(struct keep_ctx *c, const struct keep_program *p,
			       struct keep_slice *output, struct keep_err *e);
KEEP_END

#endif
