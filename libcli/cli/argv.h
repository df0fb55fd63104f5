/* Words of a shell turned into the CBOR of a schema. */
#ifndef CLI_ARGV_H
#define CLI_ARGV_H

#include <keep/cli.h>

/* One thing that can be given: a field, or the arm of a choice. */
struct keep_slot {
	const struct keep_field *field;
	char name[64];            /* "outer-inner", without -- */
	struct keep_argv_tree *inside; /* STRUCT, CHOICE: members, arms */
	struct keep_slice *given; /* values as typed, in order */
	size_t n, cap;
	struct keep_slot *asked_next; /* in the list of those to ask for */
	size_t asked_at;          /* where the answer belongs in the CBOR */
};

struct keep_argv_tree {
	const struct keep_schema *schema;
	struct keep_slot *slots; /* one a field */
};

/* One parse: what was typed, what is wrong with it. */
struct keep_words {
	struct keep_ctx *c;
	struct keep_problems *faults;
	struct keep_argv_tree *tree, *globals; /* globals may be NULL */
	struct keep_slices words;         /* what no option took */
	size_t n_before;                  /* of them, how many before -- */
	struct keep_slot *asked;          /* secrets to ask for, in order */
	bool no_memory;
};

/* An empty tree for a schema; NULL without memory. */
struct keep_argv_tree *keep_argv_tree_new(struct keep_mem *m,
				const struct keep_schema *s);
/* The option of that name or letter; NULL. */
struct keep_slot *keep_argv_find(struct keep_argv_tree *t,
				 struct keep_slice name);
struct keep_slot *keep_argv_find_letter(struct keep_argv_tree *t, char letter);
/* Whether an option takes no value: a bool, an arm without members. */
bool keep_argv_is_flag(const struct keep_field *f);
/* Adds a value to a slot. */
void keep_argv_give(struct keep_words *a, struct keep_slot *s,
		    struct keep_slice value);
/* Sorts all words into options and the rest. With `stop`, ends at the first
 * word that is no option; returns how many words were used. */
size_t keep_argv_scan(struct keep_words *a, const struct keep_slice *words,
		      size_t n, bool stop);
/* Puts a->words into the positional slots of the tree. */
void keep_argv_place(struct keep_words *a);
/* The CBOR map of a tree; all faults are in a->faults. */
void keep_argv_encode(struct keep_words *a, struct keep_argv_tree *t,
		      struct keep_buf *out);
/* How a slot is called in a message: "--print", "NODE". */
struct keep_slice keep_argv_called(struct keep_words *a,
				   const struct keep_slot *s);
/* Asks for the secrets that nobody gave, and puts them into OUT. */
void keep_argv_ask(struct keep_words *a, struct keep_buf *out);
/* One value of one slot, encoded. */
void keep_argv_value(struct keep_words *a, struct keep_slot *s,
		     struct keep_slice text, struct keep_buf *out);
/* The whole: WORDS to the arguments of a verb (NULL: of none); globals takes
 * the options that stand behind the verb. BAD_ARGS with all faults. */
KEEP_MUST int keep_argv(struct keep_ctx *c, const struct keep_verb *v,
			struct keep_argv_tree *globals,
			struct keep_slices words, struct keep_buf *out,
			struct keep_err *e);
/* The bytes of FILE, or of standard input for `-`, at most max. */
KEEP_MUST int keep_argv_file(struct keep_ctx *c, struct keep_slice file,
			     size_t max, struct keep_slice *bytes,
			     struct keep_err *e);

#endif
