/* Verbs that are known by their description only, and external commands,
 * which are called by it. An external that describes itself speaks frames on
 * its stdin and stdout; any other is a plain program, which takes words.
 * Source: WIRE 3, `command`; WIRE 4, Externals. */
#ifndef KEEP_EXTERNAL_H
#define KEEP_EXTERNAL_H

#include <keep/cli.h>

/* One field of a schema, by its WIRE key. */
struct keep_described_field {
	uint32_t key;
	struct keep_slice name, type; /* "text", "map of text" */
	bool has_flags;
	uint32_t flags;               /* keep_described_flag */
	struct keep_list nested;      /* of these; absent: none */
	struct keep_slices names;     /* of an enum; absent: none */
};
enum keep_described_flag {
	KEEP_D_REQUIRED = 1,
	KEEP_D_LIST = 2,
	KEEP_D_SECRET = 4,
	KEEP_D_WORD = 8, /* given at a shell without its name */
};

/* One verb. Texts args, result and item are CDDL (RFC 8610). */
struct keep_described_verb {
	struct keep_slices path;
	struct keep_slice summary;
	uint32_t flags;              /* keep_verb_flag */
	struct keep_slice args, result, item;
	struct keep_list errors;     /* uint32_t: codes beside the common */
	struct keep_slice socket;
	struct keep_list args_fields, result_fields, item_fields;
};

/* What a plain external is called with, and what it gives. */
struct keep_words_args {
	struct keep_slices words;  /* behind its name */
};
struct keep_words_result {
	uint32_t status;           /* 128 + s: it was killed by signal s */
	struct keep_slice output, errors; /* what it wrote, any bytes */
};

/* An external command that was asked what it is. */
struct keep_external {
	struct keep_slice name;    /* "hosts" of keep-hosts */
	const char *file;          /* where it is */
	bool speaks;               /* frames */
	struct keep_described_verb verb;
	struct keep_verb row;      /* of that, for who decides what may run */
};
/* All that a server was allowed; in its session, under keep_externals_key. */
struct keep_externals {
	const struct keep_external *v;
	size_t n;
};

KEEP_BEGIN
extern const struct keep_schema keep_described_field_schema,
	keep_described_verb_schema, keep_words_args_schema,
	keep_words_result_schema;
extern const char keep_externals_key[];

/* What `keep describe` says of a row; borrows from it. NO_MEMORY. */
KEEP_MUST int keep_describe_verb(struct keep_mem *m, const struct keep_verb *v,
				struct keep_described_verb *out,
				struct keep_err *e);
/* One `command` item and nothing else, from outside: BAD_FRAME. Nothing in it
 * but CDDL has control characters. Borrows from ITEM. */
KEEP_MUST int keep_described_get(struct keep_mem *m, struct keep_slice item,
				 struct keep_described_verb *out,
				 struct keep_err *e);
/* A row for words and results of a described verb; it cannot run. BAD_FRAME
 * for fields that no schema has, over 64 or deeper than 16. In m. */
KEEP_MUST int keep_described_row(struct keep_mem *m,
				 const struct keep_described_verb *d,
				 struct keep_verb *out, struct keep_err *e);
/* The same row prints what a plain external wrote to stdout as it is. */
bool keep_described_is_plain(const struct keep_described_verb *d);

/* The file of keep-NAME: false when there is none, or a built-in has the
 * name. */
bool keep_external_is(const struct keep_suite *s, struct keep_slice name);
/* Finds keep-NAME and asks it, at most 2 s, what it is; one that does not say
 * so is plain. NO_SUCH_COMMAND with what is near. All lies in c->mem. */
KEEP_MUST int keep_external_open(struct keep_ctx *c,
				 const struct keep_suite *s,
				 struct keep_slice name,
				 struct keep_external *out,
				 struct keep_err *e);
/* Appends what `describe NAME` (empty: all) says of externals to VERBS, which
 * are keep_described_verb. Those that a server was allowed are asked already;
 * another one is asked when nothing else has its name, but not for a socket,
 * since nobody allowed the server to run it. */
KEEP_MUST int keep_describe_externals(struct keep_ctx *c,
				      struct keep_slice name,
				      struct keep_buf *verbs,
				      struct keep_err *e);
/* Has it answer one call, in the directory of the instance: 0, -code, or
 * +code, as keep_run. Items go to c->out. One that should end gets 2 s. MAX:
 * bytes of what it may write (plain), or of one frame; 0: KEEP_FRAME_MAX.
 * TOO_LARGE, BAD_FRAME; 256 + n and 512 + s: it exited, or was killed, without
 * an answer. */
KEEP_MUST int keep_external_call(struct keep_ctx *c,
				 const struct keep_external *x,
				 const struct keep_verb_call *call,
				 uint32_t max, struct keep_buf *out,
				 struct keep_err *e);
KEEP_END

#endif
