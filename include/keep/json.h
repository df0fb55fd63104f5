/* JSON in and out (RFC 8259): one reader, two dialects, every value with its
 * place. Source: PROVIDER 1.
 * Both: UTF-8, duplicate keys refused, integers of 64 bits, doubles kept as
 * written, no NUL in a text, depth at most KEEP_JSON_DEPTH_MAX. The instance
 * dialect also takes comments: // to the end of the line, and slash-star. */
#ifndef KEEP_JSON_H
#define KEEP_JSON_H

#include <keep/cbor.h>

/* Nested lists and objects. */
enum { KEEP_JSON_DEPTH_MAX = 32 };

/* RFC 8259, or with comments. */
enum keep_json_dialect { KEEP_JSON_STRICT, KEEP_JSON_INSTANCE };

/* What a value is, and which of its members hold it. */
enum keep_json_type {
	KEEP_JSON_NULL,
	KEEP_JSON_BOOL,   /* number: 0 or 1 */
	KEEP_JSON_INT,    /* number */
	KEEP_JSON_DOUBLE, /* text: as written */
	KEEP_JSON_TEXT,   /* text, n bytes, a NUL behind them */
	KEEP_JSON_LIST,   /* list, n values */
	KEEP_JSON_OBJECT, /* members, n of them, in the order written */
};

/* Where a value came from: one of these a file, kept by the caller. */
struct keep_json_source {
	struct keep_slice name; /* as messages show it: "nodes/web1.json" */
};

/* A value; 32 bytes. What it points to lives in the reader's arena. */
struct keep_json {
	uint8_t type;             /* a keep_json_type */
	uint8_t mark;             /* free for the owner of the tree; read: 0 */
	uint32_t line, column;    /* from 1; columns in characters; 0: none */
	uint32_t n;
	const struct keep_json_source *source; /* may be NULL */
	union {
		int64_t number;
		const char *text;
		const struct keep_json *list;
		const struct keep_json_member *members;
	};
};

/* A key of an object and its value. */
struct keep_json_member {
	struct keep_slice key;
	uint32_t line, column; /* of the key */
	struct keep_json value;
};

KEEP_BEGIN
/* Reads one document, of less than 4 GiB. Faults go to ps, with the source's
 * name as `where`; -BAD_ARGS when there was one, or -NO_MEMORY, which is told
 * to ps, too (*out is null then). The first fault of syntax ends the reading.
 * The texts of *out do not point into TEXT. */
KEEP_MUST int keep_json_read(struct keep_mem *m, struct keep_slice text,
			     const struct keep_json_source *source,
			     enum keep_json_dialect dialect,
			     struct keep_problems *ps, struct keep_json *out);

/* The member of an object; NULL when there is none or v is no object. */
const struct keep_json *keep_json_get(const struct keep_json *v,
				      struct keep_slice key);
/* The value at a path (see keep_json_path_read); a list's element by its
 * number. NULL: none. */
const struct keep_json *keep_json_at(const struct keep_json *v,
				     struct keep_slice path);
/* The text of a TEXT or DOUBLE; absent for others. */
struct keep_slice keep_json_text(const struct keep_json *v);
/* A TEXT value that borrows s. */
struct keep_json keep_json_of(struct keep_slice s);
/* Whether both are the same value; places do not count, key order neither. */
bool keep_json_equal(const struct keep_json *a, const struct keep_json *b);
/* "null bool integer number text list object", for messages. */
const char *keep_json_type_name(int type);

/* The keys of a path, from the root. */
struct keep_json_path {
	struct keep_slice keys[KEEP_JSON_DEPTH_MAX];
	size_t n;
};
/* Reads names with dots between them: hosts."www.example.org".root. A name
 * that begins with a quote is a JSON string; + - or ! may stand before the
 * quote and is part of the key. Keys point into PATH or M. BAD_ARGS. */
KEEP_MUST int keep_json_path_read(struct keep_mem *m, struct keep_slice path,
				  struct keep_json_path *out,
				  struct keep_err *e);
/* How many bytes of TEXT stand before the first STOP that is not in quotes;
 * all of them when there is none. */
size_t keep_json_path_end(struct keep_slice text, char stop);
/* Appends a key to a path, behind a dot when it is not the first; in quotes
 * when it is more than letters, digits, _ and - behind a prefix. */
void keep_json_put_step(struct keep_buf *path, struct keep_slice key);

/* How keep_json_put writes. */
enum keep_json_style {
	KEEP_JSON_COMPACT = 0,
	KEEP_JSON_PRETTY = 1, /* two blanks a level, one value a line */
	KEEP_JSON_SORTED = 2, /* keys by bytes */
};
/* Appends v; style: an or of the above. No newline at the end. */
void keep_json_put(struct keep_buf *b, const struct keep_json *v, int style);
/* Appends s as a JSON string, with its quotes; what a terminal may not be
 * shown is escaped. Bytes that are not UTF-8 become U+FFFD. */
void keep_json_put_text(struct keep_buf *b, struct keep_slice s);

/* One CBOR item of this value; keys in deterministic order. */
void keep_json_to_cbor(const struct keep_json *v, struct keep_buf *out);
/* The value of one checked item; bytes become lower-case hex. -BAD_ARGS for
 * what JSON cannot say (tags, integer keys, integers over 64 bits signed);
 * *out is null then. */
KEEP_MUST int keep_json_from_cbor(struct keep_mem *m, struct keep_slice item,
				  struct keep_json *out, struct keep_err *e);

/* Edits of a document that keep its comments, order and layout. TEXT was
 * read without faults (else BAD_ARGS). PATH: keys from the root. VALUE: JSON
 * text (else BAD_ARGS). Missing objects on the way are made; what is no object
 * on the way is CONFLICT. A new member goes behind the last one, indented like
 * it. On failure nothing is put. */
KEEP_MUST int keep_json_edit_set(struct keep_mem *m, struct keep_slice text,
				 struct keep_slices path,
				 struct keep_slice value,
				 struct keep_buf *out, struct keep_err *e);
/* Takes the member out, with a comment that stands behind it on its line.
 * NOT_FOUND. Objects that become empty stay. */
KEEP_MUST int keep_json_edit_unset(struct keep_mem *m, struct keep_slice text,
				   struct keep_slices path,
				   struct keep_buf *out, struct keep_err *e);
KEEP_END

#endif
