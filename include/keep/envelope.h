/* Envelopes: what stands in a frame of a socket. A client sends requests; each
 * is answered by replies that carry its id: items while more follow, then one
 * that is the last, ok or an error. All readers here take bytes that came from
 * outside and check all of them; what they give borrows from those bytes.
 * Source: WIRE 3; RFC 0682, IPC. */
#ifndef KEEP_ENVELOPE_H
#define KEEP_ENVELOPE_H

#include <keep/schema.h>

/* Limits of WIRE 3. */
enum {
	KEEP_ID_MIN = 4,        /* bytes of a request's id */
	KEEP_ID_MAX = 16,
	KEEP_CLIENT_ID_MIN = 4, /* bytes of a client's id; send at most 16 */
	KEEP_CLIENT_ID_MAX = 64,
	KEEP_TOKEN_MAX = 4096,
	KEEP_PATH_WORDS = 8,    /* of a verb */
	KEEP_PATH_WORD_MAX = 64,
	KEEP_INSTANCE_ID = 16,
};

/* The id of an error that answers no request. */
#define KEEP_NO_ID KEEP_S("\0\0\0\0")

/* What a client asks. Without a call it is a ping. */
struct keep_request {
	struct keep_slice client; /* "keep/0.1": for logs, proves nothing */
	struct keep_slice id;     /* chosen by the client */
	struct keep_slice token;  /* taken, and ignored */
	struct keep_slice call;   /* a keep_verb_call, encoded */
};

/* Which replies a call wants. */
enum keep_reply_mode {
	KEEP_FINAL_ONLY = 0,
	KEEP_AS_THEY_COME = 1, /* items and progress too */
};

/* A call of a verb: CDDL `call`. */
struct keep_verb_call {
	struct keep_slices path;   /* {"node", "list"}, 1 to 8 words */
	struct keep_slice args;    /* one item; absent: none */
	bool has_deadline_ms;
	uint64_t deadline_ms;      /* from its receipt */
	bool has_mode;
	uint32_t mode;             /* keep_reply_mode */
	struct keep_slice instance; /* 16 bytes; absent: whichever it is */
};

/* A reply that is not an error. */
struct keep_ok {
	struct keep_slice id;
	struct keep_slice payload; /* a result or a keep_item, encoded */
	bool more;                 /* it is an item, and more follows */
	bool has_verdict;
	uint32_t verdict;          /* as the verb's +code */
};

/* A reply as the client reads it. */
struct keep_reply {
	struct keep_ok ok;     /* of an error only its id is there */
	struct keep_err error; /* code 0: it is ok */
};

/* How far a verb is. */
struct keep_progress {
	struct keep_slice text;
	uint64_t done, total; /* total 0: not known */
};

/* What comes while more follows. */
struct keep_item {
	bool is_progress;
	struct keep_progress progress;
	struct keep_slice value; /* one encoded item of the verb */
};

/* Arguments of `cancel`. */
struct keep_cancel_args {
	struct keep_slice id;
};

/* What is published when a ref of git changes; ids of 20 or 32 bytes, zeros
 * for none. */
struct keep_updated {
	struct keep_slice old, now;
	struct keep_slice namespace; /* any bytes */
	struct keep_slice ref;       /* within its namespace */
};

/* A keep_problem as it travels. */
struct keep_wire_problem {
	struct keep_slice where;
	bool has_line, has_column;
	uint32_t line, column;
	struct keep_slice message, hint;
};

KEEP_BEGIN
extern const struct keep_schema keep_wire_problem_schema;
/* It borrows from P. */
struct keep_wire_problem keep_wire_problem_of(const struct keep_problem *p);

extern const struct keep_schema keep_request_schema, keep_call_schema,
	keep_ok_schema, keep_refusal_schema, keep_error_detail_schema,
	keep_progress_schema, keep_cancel_args_schema, keep_updated_schema;

/* All of them, in the order of WIRE 3; NULL behind the last. */
extern const struct keep_schema *const keep_envelopes[];

/* A frame as a request. BAD_FRAME, TOO_LARGE: it is none at all, and the
 * connection ends. BAD_REQUEST: out->id is its id, as far as it can be read,
 * else KEEP_NO_ID. Faults lie in m. */
KEEP_MUST int keep_request_get(struct keep_mem *m, struct keep_slice frame,
			       struct keep_request *out, struct keep_err *e);
/* The call of a request: BAD_REQUEST. Its path is not looked for. */
KEEP_MUST int keep_call_get(struct keep_mem *m, struct keep_slice call,
			    struct keep_verb_call *out, struct keep_err *e);
/* A frame as a reply; the payload is one checked item. BAD_FRAME. */
KEEP_MUST int keep_reply_get(struct keep_mem *m, struct keep_slice frame,
			     struct keep_reply *out, struct keep_err *e);
/* The payload of a reply that more follows: BAD_FRAME. */
KEEP_MUST int keep_item_get(struct keep_mem *m, struct keep_slice payload,
			    struct keep_item *out, struct keep_err *e);

/* Each appends one envelope. INTERNAL for what misses a part. CALL NULL: a
 * ping; else it replaces request->call. */
KEEP_MUST int keep_request_put(struct keep_buf *out,
			       const struct keep_request *request,
			       const struct keep_verb_call *call,
			       struct keep_err *e);
KEEP_MUST int keep_ok_put(struct keep_buf *out, const struct keep_ok *ok,
			  struct keep_err *e);
/* Of more faults than fit into MAX bytes the first are told. */
KEEP_MUST int keep_error_put(struct keep_buf *out, struct keep_slice id,
			     const struct keep_err *error, size_t max,
			     struct keep_err *e);
/* For the payload of keep_ok. */
KEEP_MUST int keep_item_put(struct keep_buf *out, const struct keep_item *item,
			    struct keep_err *e);
KEEP_END

#endif
