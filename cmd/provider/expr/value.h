/* Values of expressions. A list or object is made by an expression, or it is
 * a part of a merged tree that is evaluated when it is asked. */
#ifndef PROVIDER_VALUE_H
#define PROVIDER_VALUE_H

#include "../model.h"

struct keep_eval;

enum keep_kind {
	KEEP_V_MISSING, /* a member that is not there; only left of `??` */
	KEEP_V_NULL, KEEP_V_BOOL, KEEP_V_INT, KEEP_V_DOUBLE, KEEP_V_TEXT,
	KEEP_V_LIST, KEEP_V_OBJECT, KEEP_V_NODE, KEEP_V_SET,
};

/* What a list or object, or a set, is made of. */
enum keep_form {
	KEEP_MADE,   /* list or pairs; nodes */
	KEEP_TREE,   /* tree, evaluated in node */
	KEEP_NAMED,  /* objects: services or tags, evaluated in node */
	KEEP_NODES,  /* a set: all enabled nodes, so that an index serves */
	KEEP_PEERS,  /* a set: those of node's environment */
	KEEP_NEAR,   /* a set: those at node's location */
};

/* A value; 24 bytes. What it points to is never changed. */
struct keep_value {
	uint8_t kind, form;
	bool secret;   /* a text with a placeholder */
	uint32_t n;    /* bytes, elements, pairs, nodes */
	const struct keep_node *node;
	union {
		int64_t number;
		const char *text; /* also of a double */
		const struct keep_value *list;
		const struct keep_pair *pairs;
		const struct keep_json *tree;
		const struct keep_objects *objects;
		const struct keep_node *const *nodes;
	};
};

struct keep_pair {
	struct keep_slice key;
	struct keep_value value;
};

struct keep_value keep_v_null(void);
struct keep_value keep_v_bool(bool v);
struct keep_value keep_v_int(int64_t v);
struct keep_value keep_v_node(const struct keep_node *node);
/* Borrows s; at most 4 GiB. */
struct keep_value keep_v_text(struct keep_slice s);
struct keep_value keep_v_list(const struct keep_value *list, size_t n);
struct keep_value keep_v_object(const struct keep_pair *pairs, size_t n);
struct keep_value keep_v_set(const struct keep_node *const *nodes, size_t n);
/* The bytes of a text or double. */
struct keep_slice keep_v_slice(const struct keep_value *v);
/* "a text", "an integer", "a set of nodes", for messages. */
const char *keep_v_name(const struct keep_value *v);
/* One letter a kind: n b i d t l o N S. */
char keep_v_letter(const struct keep_value *v);

/* Element i of a list, pair i of an object, node i of a set. Lazy ones are
 * evaluated: 0, -BAD_ARGS (told), -NO_MEMORY. */
KEEP_MUST int keep_v_item(struct keep_eval *ev, const struct keep_value *v,
			  size_t i, struct keep_value *out);
struct keep_slice keep_v_key(const struct keep_value *v, size_t i);
/* A member of an object or node; KEEP_V_MISSING when it has none. */
KEEP_MUST int keep_v_get(struct keep_eval *ev, const struct keep_value *v,
			 struct keep_slice key, struct keep_value *out);
/* The node of that name in a set, or NULL: sets are ordered by name. */
const struct keep_node *keep_v_node_of(const struct keep_value *set,
				       struct keep_slice name);
/* Whether it has that member; evaluates nothing. */
bool keep_v_has(const struct keep_value *v, struct keep_slice key);
/* What stands at a dotted path of an object or node; missing where a member
 * is, or where a value on the way has none. */
KEEP_MUST int keep_v_path(struct keep_eval *ev, const struct keep_value *v,
			  struct keep_slice path, struct keep_value *out);
/* The member of v that is nearest to a name; absent: none is. */
void keep_v_guess(const struct keep_value *v, struct keep_slice name,
		  struct keep_slice *best);

#endif
