/* Schemas: const tables that describe one C struct each. From them come
 * options, help, manual, completion, CBOR, JSON, text and CDDL.
 * A field's wire key is its index. Source: ARCHITECTURE 2, WIRE 3.
 *
 *	struct keep_lamp_light_args {
 *		struct keep_slice room;
 *		uint32_t lumens;
 *	};
 *	static const struct keep_field light_args[] = {
 *		{KEEP_TEXT(struct keep_lamp_light_args, room),
 *		 .source = KEEP_WORD, .required = true, .max = 63,
 *		 .help = "the room"},
 *		{KEEP_UINT(struct keep_lamp_light_args, lumens), .dflt = "800",
 *		 .help = "how bright"},
 *	};
 *	const struct keep_schema keep_lamp_light_args_schema =
 *		KEEP_SCHEMA(struct keep_lamp_light_args, light_args);
 */
#ifndef KEEP_SCHEMA_H
#define KEEP_SCHEMA_H

#include <keep/cbor.h>
#include <keep/secret.h>
#include <keep/text.h>

/* Limits of every schema. */
enum { KEEP_FIELDS_MAX = 64 };
enum { KEEP_STRUCT_MAX = 1024 }; /* bytes of an argument or result struct */

/* Types, with the C type of the member. */
enum keep_type {
	KEEP_T_BOOL = 1,
	KEEP_T_UINT,      /* uint32_t or uint64_t */
	KEEP_T_INT,       /* int32_t or int64_t */
	KEEP_T_DOUBLE,
	KEEP_T_TEXT,      /* struct keep_slice */
	KEEP_T_BYTES,     /* struct keep_slice; hex in text and JSON */
	KEEP_T_ENUM,      /* uint32_t; names */
	KEEP_T_TIME,      /* uint64_t, Unix seconds; RFC 3339 outside */
	KEEP_T_DURATION,  /* uint64_t, ms */
	KEEP_T_SIZE,      /* uint64_t, bytes */
	KEEP_T_SHARE,     /* struct keep_share: a count, or percent */
	KEEP_T_IP,        /* struct keep_ip; text on the wire */
	KEEP_T_PATH,      /* struct keep_slice; absolute on the wire */
	KEEP_T_BLOB,      /* struct keep_slice; the bytes of FILE or - */
	KEEP_T_FIXED,     /* uint8_t[N]: keys, nonces; hex outside */
	KEEP_T_FIXED_TEXT, /* char[N], exactly N bytes, no NUL */
	KEEP_T_ITEM,      /* struct keep_slice: one checked CBOR item */
	KEEP_T_SECRET,    /* struct keep_slice into a locked arena */
	KEEP_T_STRUCT,    /* the struct of `sub` */
	KEEP_T_CHOICE,    /* struct keep_choice; arms are fields of `sub` */
};

/* How many of them. */
enum keep_shape {
	KEEP_ONE = 0,
	KEEP_LIST, /* struct keep_list of elements */
	KEEP_MAP,  /* struct keep_list of {struct keep_slice key; element} */
};

/* Where the shell takes a field from. */
enum keep_source {
	KEEP_OPTION = 0, /* --name VALUE (bool: --name) */
	KEEP_WORD,       /* the next word */
	KEEP_REST,       /* all further words; a list or a map (k=v) */
	KEEP_STDIN,      /* standard input, or --name FILE */
	KEEP_NOWHERE,    /* only the wire and --args can give it */
	KEEP_BEHIND,     /* all words behind `--`; a list */
	KEEP_LINE,       /* the first word and all behind it, options too, but
			  * the global ones: a line of its own; a list */
};

/* A count, or a part of all in percent. On the wire [uint, bool]. */
struct keep_share {
	uint64_t value;
	bool percent;
};

/* One arm of a choice, chosen by its index in the schema `sub`, whose fields
 * are all KEEP_T_STRUCT with offset 0. On the wire [uint, struct]. */
struct keep_choice {
	bool is_set;
	uint32_t arm;
	const void *value; /* the arm's struct, in the arena */
};

/* Enum names in order of value from 0. */
struct keep_names_of {
	const char *const *v;
	size_t n;
};

struct keep_ctx;
struct keep_completions;

/* A row: all that is known of a field. */
struct keep_field {
	const char *name;        /* C member and JSON key; option: _ is - */
	const char *help;        /* one line, lower case, no stop */
	const char *meta;        /* how usage shows the value; NULL: by type */
	enum keep_type type;
	enum keep_shape shape;
	enum keep_source source;
	uint32_t offset;         /* of the member */
	uint32_t size;           /* of one element; FIXED: its bytes */
	uint32_t has;            /* offset of has_NAME + 1; 0: none */
	bool required;
	char letter;             /* -x beside --name; 0: none */
	uint64_t min, max;       /* number, or bytes of a text; 0: the type's */
	uint32_t max_n;          /* elements of a list or map; 0: 65,536 */
	const char *dflt;        /* as at the shell; the decoder fills it in */
	const char *env;         /* variable that the shell reads without it */
	const struct keep_schema *sub;      /* STRUCT, CHOICE */
	const struct keep_names_of *names;  /* ENUM */
	/* Adds what could follow PREFIX; has 100 ms. */
	int (*complete)(struct keep_ctx *c, struct keep_slice prefix,
			struct keep_completions *out);
};

/* A struct by its fields. */
struct keep_schema {
	const char *name;        /* of the struct, without "struct keep_" */
	const struct keep_field *fields;
	uint16_t n;
	uint32_t size;           /* of the struct */
};

/* A schema over the field array F for type S. */
#define KEEP_SCHEMA(S, F) { .name = &#S[sizeof("struct keep_") - 1], \
	.fields = (F), .n = KEEP_COUNT(F), .size = sizeof(S) }

/* The member M of S must be of type T, else this does not compile. */
#define KEEP_MEMBER(S, m, T) .name = #m, .offset = offsetof(S, m) + \
	0 * sizeof(char[_Generic(((S *)0)->m, T: 1)]), .size = sizeof(T)
#define KEEP_NUMBER(S, m, T32, T64) .name = #m, .offset = offsetof(S, m) + \
	0 * sizeof(char[_Generic(((S *)0)->m, T32: 1, T64: 1)]), \
	.size = sizeof(((S *)0)->m)
#define KEEP_HAS(S, m) .has = offsetof(S, m) + 1 + \
	0 * sizeof(char[_Generic(((S *)0)->m, bool: 1)])

#define KEEP_BOOL(S, m) .type = KEEP_T_BOOL, KEEP_MEMBER(S, m, bool)
#define KEEP_UINT(S, m) .type = KEEP_T_UINT, KEEP_NUMBER(S, m, uint32_t, uint64_t)
#define KEEP_INT(S, m) .type = KEEP_T_INT, KEEP_NUMBER(S, m, int32_t, int64_t)
#define KEEP_DOUBLE(S, m) .type = KEEP_T_DOUBLE, KEEP_MEMBER(S, m, double)
#define KEEP_TEXT(S, m) .type = KEEP_T_TEXT, KEEP_MEMBER(S, m, struct keep_slice)
#define KEEP_BYTES(S, m) .type = KEEP_T_BYTES, KEEP_MEMBER(S, m, struct keep_slice)
#define KEEP_ENUM(S, m, N) .type = KEEP_T_ENUM, .names = (N), KEEP_MEMBER(S, m, uint32_t)
#define KEEP_TIME(S, m) .type = KEEP_T_TIME, KEEP_MEMBER(S, m, uint64_t)
#define KEEP_DURATION(S, m) .type = KEEP_T_DURATION, KEEP_MEMBER(S, m, uint64_t)
#define KEEP_SIZE(S, m) .type = KEEP_T_SIZE, KEEP_MEMBER(S, m, uint64_t)
#define KEEP_SHARE(S, m) .type = KEEP_T_SHARE, KEEP_MEMBER(S, m, struct keep_share)
#define KEEP_IP(S, m) .type = KEEP_T_IP, KEEP_MEMBER(S, m, struct keep_ip)
#define KEEP_PATH(S, m) .type = KEEP_T_PATH, KEEP_MEMBER(S, m, struct keep_slice)
#define KEEP_BLOB(S, m) .type = KEEP_T_BLOB, KEEP_MEMBER(S, m, struct keep_slice)
#define KEEP_ITEM(S, m) .type = KEEP_T_ITEM, KEEP_MEMBER(S, m, struct keep_slice)
#define KEEP_SECRET(S, m) .type = KEEP_T_SECRET, KEEP_MEMBER(S, m, struct keep_slice)
#define KEEP_FIXED(S, m) .type = KEEP_T_FIXED, .name = #m, \
	.offset = offsetof(S, m), .size = sizeof(((S *)0)->m)
#define KEEP_FIXED_TEXT(S, m) .type = KEEP_T_FIXED_TEXT, .name = #m, \
	.offset = offsetof(S, m), .size = sizeof(((S *)0)->m)
#define KEEP_STRUCT(S, m, sub_) .type = KEEP_T_STRUCT, .sub = &(sub_), \
	.name = #m, .offset = offsetof(S, m), .size = sizeof(((S *)0)->m)
#define KEEP_CHOICE(S, m, sub_) .type = KEEP_T_CHOICE, .sub = &(sub_), \
	KEEP_MEMBER(S, m, struct keep_choice)
/* An arm of a choice: the struct T with schema sub_. */
#define KEEP_ARM(name_, T, sub_) .type = KEEP_T_STRUCT, .name = name_, \
	.sub = &(sub_), .size = sizeof(T)
/* Lists and maps: the member is a struct keep_list, keep_slices (texts) or
 * keep_entries (map of texts); T is the C type of one element. */
#define KEEP_MANY(S, m, SHAPE, TYPE, T) .name = #m, .shape = (SHAPE), \
	.type = (TYPE), .offset = offsetof(S, m) + 0 * sizeof(char[_Generic( \
	((S *)0)->m, struct keep_list: 1, struct keep_slices: 1, \
	struct keep_entries: 1)]), .size = sizeof(T)
#define KEEP_TEXTS(S, m) KEEP_MANY(S, m, KEEP_LIST, KEEP_T_TEXT, struct keep_slice)
#define KEEP_STRUCTS(S, m, T, sub_) .sub = &(sub_), \
	KEEP_MANY(S, m, KEEP_LIST, KEEP_T_STRUCT, T)
#define KEEP_MAP_TEXT(S, m) KEEP_MANY(S, m, KEEP_MAP, KEEP_T_TEXT, struct keep_slice)
#define KEEP_MAP_ITEM(S, m) KEEP_MANY(S, m, KEEP_MAP, KEEP_T_ITEM, struct keep_slice)

KEEP_BEGIN
/* Decodes one item (which passed the validator) into *out, of s->size bytes.
 * Texts borrow from ITEM; lists lie in m. All faults are collected with field
 * paths: BAD_ARGS. strict: unknown keys are faults, else skipped. */
KEEP_MUST int keep_schema_decode(struct keep_mem *m,
				 const struct keep_schema *s,
				 struct keep_slice item, bool strict,
				 void *out, struct keep_err *e);
/* Appends the struct as one map. -INTERNAL when a required member of it is
 * absent; nothing else of what it holds is checked. */
KEEP_MUST int keep_schema_encode(const struct keep_schema *s, const void *in,
				 struct keep_buf *out, struct keep_err *e);
/* One scalar as a person writes it, turned into CBOR; the message says what
 * was expected, the hint what is near. Used for argv, defaults, environment,
 * configuration. BLOB: TEXT is the bytes themselves (keep_field_text: hex).
 * Not for STRUCT, CHOICE, ITEM and SECRET: INTERNAL. */
KEEP_MUST int keep_field_parse(struct keep_mem *m, const struct keep_field *f,
			       struct keep_slice text, struct keep_buf *out,
			       struct keep_err *e);
/* The text form of one scalar at p (as keep_field_parse reads it). now_s: for
 * relative times; 0 prints RFC 3339. Secrets print nothing. */
void keep_field_text(const struct keep_field *f, const void *p,
		     uint64_t now_s, struct keep_buf *out);
/* Whether the member is there (has_, p != NULL, required, default). */
bool keep_field_present(const struct keep_field *f, const void *in);
/* Bytes of one element of a list or map, key included; where its value is. */
size_t keep_field_stride(const struct keep_field *f);
size_t keep_field_value_at(const struct keep_field *f);
/* The largest number the field takes, by max and the C type. */
uint64_t keep_field_max(const struct keep_field *f);
/* CDDL (RFC 8610) of a schema: `name = {...}`, nested ones inline. */
void keep_schema_cddl(const struct keep_schema *s, struct keep_buf *out);
/* "uint", "text", "path"... as `keep describe` names the type. */
const char *keep_type_name(enum keep_type t);
KEEP_END

#endif
