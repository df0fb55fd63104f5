/* What the user's ssh says of a host (`ssh -v -G`), and how that is kept in
 * .keep/ssh/NODE until a file changes that it was read from. Not a parser of
 * ssh_config: ssh is asked. Source: DEPLOY 4, ssh_config(5). */
#ifndef REACH_SAYS_H
#define REACH_SAYS_H

#include "../reach.h"

/* Limits of what is read. */
enum {
	KEEP_SAYS_MAX = 256 << 10, /* bytes of an answer, and what is kept */
	KEEP_SAYS_FILES = 200,     /* files that it was read from */
	KEEP_SAYS_KEYS = 100,      /* identity files */
};

/* An answer, as far as it is of use. All borrow from it. */
struct keep_says {
	struct keep_slice jump, proxy, certificate, agent; /* absent: unsaid */
	struct keep_slices identities; /* paths; ~ is the home */
	bool identities_only;
};
/* Reads it. BAD_ARGS when it is none; TOO_LARGE. */
KEEP_MUST int keep_says_read(struct keep_mem *m, struct keep_slice text,
			     struct keep_says *out, struct keep_err *e);
/* Takes WORDS off the begin of *s, when it begins with them. */
bool keep_says_skip(struct keep_slice *s, const char *words);
/* Appends those lines of it that keep_says_read() heeds. */
void keep_says_put(struct keep_slice text, struct keep_buf *out);

/* Where it was read from: files, and folders for which a pattern stands. */
struct keep_says_from {
	struct keep_slices paths;
	bool anew; /* it depends on more (Match exec) */
};
/* Reads what ssh told on stderr. TOO_LARGE. */
KEEP_MUST int keep_says_from(struct keep_mem *m, struct keep_slice told,
			     struct keep_says_from *out, struct keep_err *e);

/* A file as it was. */
struct keep_seal {
	struct keep_slice path;
	bool gone;
	uint64_t size, mtime_ns;
};
/* An answer that is kept. */
struct keep_kept {
	struct keep_slice ask; /* words of the question, without newline */
	const struct keep_seal *seals;
	size_t n;
	struct keep_slice answer; /* lines */
};
/* kept.c: BAD_ARGS for what is none, also when its end is missing. */
KEEP_MUST int keep_kept_read(struct keep_mem *m, struct keep_slice text,
			     struct keep_kept *out, struct keep_err *e);
void keep_kept_put(const struct keep_kept *k, struct keep_buf *out);
/* The file as it is now. BAD_ARGS for a path that cannot be kept, IO. */
KEEP_MUST int keep_seal_of(struct keep_mem *m, struct keep_slice path,
			   struct keep_seal *out, struct keep_err *e);
/* Whether all files are as they were. */
bool keep_kept_holds(struct keep_mem *m, const struct keep_kept *k);

/* ask.c: the answer for a target's host, kept or anew; *said is false when
 * there is no ssh, or it fails, which is logged. NO_MEMORY, CANCELLED. */
KEEP_MUST int keep_says_ask(struct keep_ctx *c, const struct keep_login *l,
			    bool *said, struct keep_says *out,
			    struct keep_err *e);

/* user_keys.c: a key's public half beside an identity file, read once. */
struct keep_identity {
	struct keep_slice path;
	struct keep_ssh_key key; /* blob absent: none */
};
struct keep_user {
	struct keep_ssh_keys agent; /* what it holds */
	struct keep_buf known;      /* of keep_identity; in an arena */
};
/* The agent's keys, those that SAYS names first; only those when it says so.
 * *hardware: a key that is named needs what libssh2 lacks, and the agent has
 * no other of them. */
KEEP_MUST int keep_user_keys(struct keep_user *u, const struct keep_says *says,
			     struct keep_ssh_keys *out, bool *hardware,
			     struct keep_err *e);
/* The user's home as ssh finds it, without HOME; absent: none. */
struct keep_slice keep_user_home(struct keep_mem *m);

#endif
