/* Verbs: one C function and its schemas, one row each. keep_run() is where
 * the shell and the sockets meet: decode, invoke, encode.
 * Source: ARCHITECTURE 2. */
#ifndef KEEP_VERB_H
#define KEEP_VERB_H

#include <keep/envelope.h>
#include <keep/file.h>
#include <keep/log.h>

/* WIRE 3: flags of a row. */
enum keep_verb_flag {
	KEEP_V_CHANGES = 1,       /* changes state */
	KEEP_V_CLIENT = 2,        /* client of another keep socket */
	KEEP_V_STREAMS = 4,
	KEEP_V_INTERACTIVE = 8,
	KEEP_V_AGENT = 16,        /* needs the ssh-agent */
	KEEP_V_REPEATABLE = 32,   /* safe to repeat */
	KEEP_V_EXTERNAL = 64,
	KEEP_V_SECRET = 128,      /* arguments or result carry secrets */
	KEEP_V_RUNS = 256,        /* runs commands, opens connections */
};

/* What a verb answers with. */
enum keep_result_kind {
	KEEP_R_STRUCT = 0, /* result schema; none: no result */
	KEEP_R_LIST,       /* list of the result schema; the verb emits items */
	KEEP_R_ITEM,       /* *r is a keep_slice: one encoded item */
};

struct keep_ctx;

/* What a text printer sees: the decoded result, and what was asked for. */
struct keep_view {
	struct keep_mem *mem;
	const void *result;   /* the struct; R_LIST: NULL; R_ITEM: keep_slice */
	struct keep_list items; /* R_LIST: the structs, one after another */
	const void *args;     /* the struct of the arguments; NULL: not known */
	bool terminal;        /* headers and relative times are welcome */
	bool color;
	bool live;            /* an event: what things say is shown already */
	uint64_t now_s;
};
typedef void keep_text_fn(const struct keep_view *v, struct keep_buf *out);

/* A verb behind untyped pointers: 0, -code, or +code (a verdict). */
typedef int keep_verb_fn(struct keep_ctx *c, const void *args, void *result,
			 struct keep_err *e);

/* A row: all that is known of a verb. */
struct keep_verb {
	const char *path;       /* "node add": one to four words */
	const char *summary;    /* one line, lower case, no stop */
	uint32_t flags;
	keep_verb_fn *run;      /* made by KEEP_VERB or KEEP_VERB_LIST */
	const struct keep_schema *args;   /* NULL: none */
	const struct keep_schema *result; /* NULL: none */
	enum keep_result_kind kind;
	const struct keep_schema *event;  /* never with R_LIST */
	const uint16_t *errors; /* codes beside the common; 0 ends */
	keep_text_fn *text;     /* NULL: as ARCHITECTURE 9 says */
	keep_text_fn *event_text; /* result: one event's struct */
};

/* The function of a row: a typed verb behind untyped pointers. */
#define KEEP_VERB(fn) \
	static int fn##_row(struct keep_ctx *c, const void *a, void *r, \
			    struct keep_err *e) \
	{ return fn(c, a, r, e); }
/* The same for a verb that emits a list (it takes no result). */
#define KEEP_VERB_LIST(fn) \
	static int fn##_row(struct keep_ctx *c, const void *a, void *r, \
			    struct keep_err *e) \
	{ (void)r; return fn(c, a, e); }

/* --- doctor -------------------------------------------------------- */

/* One fault that doctor found. */
struct keep_finding {
	struct keep_slice fault;
	struct keep_slice hint; /* absent: none */
	struct keep_slice mend; /* the command for sh; absent: none mends it */
};
typedef int keep_found_fn(void *to, const struct keep_finding *f);
/* A row of doctor: one thing that it looks at. */
struct keep_check {
	const char *name;    /* "keepfile-readable" */
	const char *summary; /* what it looks at */
	/* Calls found() for each fault; fails only when it cannot look. */
	int (*run)(struct keep_ctx *c, keep_found_fn *found, void *to,
		   struct keep_err *e);
};

/* What lib/keep/libkeep-NAME.so exports as keep_NAME_verbs. */
struct keep_library {
	uint32_t abi;                 /* KEEP_LIBRARY_ABI */
	const char *name;
	const struct keep_verb *verbs;
	size_t n;
	const struct keep_check *checks;
	size_t n_checks;
	/* Of the configuration sections that it reads; NULL: none. */
	const struct keep_schema *config;
	/* Appends lines "name version" of foreign libraries; NULL: none. */
	void (*versions)(struct keep_ctx *c, struct keep_buf *out);
};
enum { KEEP_LIBRARY_ABI = 1 };

/* --- the context ---------------------------------------------------- */

/* The door that a call came through, and who stands there. */
enum keep_transport { KEEP_NATIVE, KEEP_SHELL, KEEP_SOCKET };
struct keep_caller {
	enum keep_transport transport;
	uint32_t uid, gid, pid;
	struct keep_slice name; /* proven; absent: none */
};
/* What a person is asked for: an answer may be shown, hidden, yes or no. */
enum keep_ask { KEEP_ASK_TEXT, KEEP_ASK_SECRET, KEEP_ASK_YES };

/* What is told of one of many things that a verb does at once. */
enum keep_step {
	KEEP_STEP_DOES = 0, /* text: what it does now */
	KEEP_STEP_SAYS,     /* text: a line of what it prints */
	KEEP_STEP_DONE,
	KEEP_STEP_FAILED,   /* and what it said last is worth a look */
};

/* Such a thing, for a person who looks on: a terminal shows a line of each that
 * is at work. With OF "" it is of all of them: how many are done; with nothing
 * but that, time goes by. */
struct keep_work {
	struct keep_slice of; /* its name */
	enum keep_step step;
	struct keep_slice text;
	uint64_t done, total; /* of all */
};

/* What lives across calls in one process: handles and caches by key. */
struct keep_session {
	struct keep_session_slot *slots;
};

/* All that a verb may know. {0} but for mem and item_mem is valid. */
struct keep_ctx {
	struct keep_mem *mem;       /* the request's arena */
	struct keep_mem *item_mem;  /* reset after each emit */
	struct keep_fd instance;    /* the instance's directory; empty: none */
	struct keep_fd caller_dir;  /* where paths of the caller begin */
	struct keep_slice instance_path; /* real path, for messages */
	struct keep_slice run_dir;  /* lib/keep beside the binary's bin/ */
	uint64_t (*now_ms)(struct keep_ctx *c); /* NULL: the clock */
	/* NULL: the kernel's. */
	void (*random)(struct keep_ctx *c, void *p, size_t n);
	struct keep_caller caller;
	const struct keep_log *log;
	struct keep_slice agent_path;
	bool brief;                 /* for a person: costly details may go */
	/* Asks the person; INTERACTIVE when there is none. NULL: none. */
	int (*ask)(struct keep_ctx *c, enum keep_ask kind, const char *prompt,
		   struct keep_slice *answer, struct keep_err *e);
	/* This process becomes another program, found on PATH, and does not
	 * return; NOT_FOUND, IO. NULL: it is not the caller's to give. */
	int (*hand_over)(struct keep_ctx *c, const char *const *argv,
			 struct keep_err *e);
	int cancel_fd_plus_one;     /* readable or hung up: cancelled; who takes
				     * the byte gets another to stop at once */
	bool cancelled;             /* it was, and the byte was taken */
	/* Asked what it means that cancel_fd is readable: 0 goes on, else it
	 * is as keep_cancelled says. NULL: cancelled. */
	int (*heed)(struct keep_ctx *c, struct keep_err *e);
	uint64_t deadline_ms;       /* on the now_ms clock; 0: none */
	uint64_t lock_timeout_ms;   /* for the instance's lock */
	/* Takes an item or event as a struct; non-zero ends the verb. */
	int (*emit)(struct keep_ctx *c, const void *item, struct keep_err *e);
	/* Takes one encoded item from keep_run; see there. */
	int (*out)(struct keep_ctx *c, struct keep_slice item,
		   struct keep_err *e);
	void (*progress)(struct keep_ctx *c, const struct keep_progress *p);
	/* NULL: nobody looks on. */
	void (*work)(struct keep_ctx *c, const struct keep_work *w);
	/* Takes what is published; NULL: the spool in state_dir. */
	int (*publish)(struct keep_ctx *c, struct keep_slice topic,
		       struct keep_slice payload, struct keep_err *e);
	struct keep_slice state_dir; /* $XDG_STATE_HOME/keep; absent: none */
	void *user;                 /* of whoever set emit, out, ... */
	/* Set by a verb that hands on another's result and events: they are
	 * shown as that one's. */
	struct keep_as {
		const struct keep_verb *verb; /* NULL: its own */
		struct keep_slice args;
		struct keep_slice says; /* goes to stderr with a text */
	} as;
	const void *config;         /* the command's section, or NULL */
	const struct keep_verb *verb; /* the row that runs; set by invoke */
	struct keep_session *session;
	struct keep_running *run;       /* keep_run's own while it runs */
};

KEEP_BEGIN
/* Runs a verb on structs: args->size and result->size bytes. No encoding.
 * 0, -code (no result) or +code (a result with a verdict). */
int keep_invoke(struct keep_ctx *c, const struct keep_verb *v,
		const void *args, void *result, struct keep_err *e);
/* Runs a verb on CBOR. ARGS: one item that passed the validator; absent: no
 * arguments. The result is appended to OUT (nothing on -code). Items of a
 * list are collected into OUT; events go to c->out as they come (encoded;
 * NULL drops them). */
int keep_run(struct keep_ctx *c, const struct keep_verb *v,
	     struct keep_slice args, struct keep_buf *out,
	     struct keep_err *e);
/* Gives an item of a list, or an event; the struct is dead afterwards. A
 * non-zero return must end the verb with it. */
KEEP_MUST int keep_emit(struct keep_ctx *c, const void *item,
			struct keep_err *e);
/* Tells how far it is; text may be shown or dropped. */
void keep_progress(struct keep_ctx *c, struct keep_slice text, uint64_t done,
		   uint64_t total);
/* Tells of one of many things, or all of them; as keep_progress(). */
void keep_work_tell(struct keep_ctx *c, const struct keep_work *w);
/* Publishes PAYLOAD under TOPIC ("deploy/acme/web1/done"), to whom it may
 * concern: the bus will carry it. It is on the disk before the verb answers.
 * Nothing is done without a session or a state directory. As
 * keep_spool_write(), <keep/spool.h>; most callers go on when it fails. */
KEEP_MUST int keep_publish(struct keep_ctx *c, struct keep_slice topic,
			   struct keep_slice payload, struct keep_err *e);
/* -CANCELLED or -DEADLINE when the verb should end, else 0. */
KEEP_MUST int keep_cancelled(struct keep_ctx *c, struct keep_err *e);
/* Waits until fd is ready for EVENTS (of poll; -1: for nothing else), or the
 * verb should end, as keep_cancelled says. IO when it cannot. */
KEEP_MUST int keep_wait(struct keep_ctx *c, int fd, short events,
			struct keep_err *e);
/* Milliseconds and seconds since 1970. */
uint64_t keep_now_ms(struct keep_ctx *c);
uint64_t keep_now_s(struct keep_ctx *c);
void keep_ctx_random(struct keep_ctx *c, void *p, size_t n);

/* The session's value under KEY (compared by address), or NULL. */
void *keep_session_get(const struct keep_session *s, const void *key);
/* Puts one; end(value) runs when the session ends, last put first. */
KEEP_MUST int keep_session_put(struct keep_session *s, const void *key,
			       void *value, void (*end)(void *value),
			       struct keep_err *e);
void keep_session_end(struct keep_session *s);

/* The nearest directory at or above dir_fd that holds a Keepfile; 0 and an
 * empty *out when there is none. PATH: its real path, in m. */
KEEP_MUST int keep_instance_find(struct keep_mem *m, int dir_fd,
				 struct keep_fd *out, struct keep_slice *path,
				 struct keep_err *e);
/* The row of the longest path that WORDS begin with; NULL: none. */
const struct keep_verb *keep_verb_find(const struct keep_library *l,
				       const struct keep_slice *words,
				       size_t n);

/* S as one word of a shell, in single quotes where it needs them; absent
 * without memory. For the commands that findings print. */
struct keep_slice keep_shell_word(struct keep_mem *m, struct keep_slice s);
/* Appends S as one word of sh, always in quotes. */
void keep_shell_quote(struct keep_buf *b, struct keep_slice s);

/* What a completer adds to. */
int keep_complete_offer(struct keep_completions *out, struct keep_slice word,
			struct keep_slice help);
KEEP_END

#endif
