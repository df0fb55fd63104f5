/* The steps of inheritance. A file's tree becomes a layer: its prefixed keys
 * lose the prefix, and the values bear a mark instead. Layers of one object
 * are stacked; what a mark asks of an older layer that is not known yet stays
 * pending. Laying a stack over a finished tree leaves no mark behind.
 * Unchanged subtrees are shared by all of them. Source: PROVIDER 2. */
#ifndef PROVIDER_MERGE_H
#define PROVIDER_MERGE_H

#include "instance.h"

/* keep_json.mark in a layer or a stack; a finished tree has none. */
enum keep_mark {
	KEEP_MARK_NONE = 0,
	KEEP_MARK_FORCE, /* "!k": replaces whatever is older */
	KEEP_MARK_EDIT,  /* "-k", "+k": a list of two, what goes and what
			  * comes; null for the one that was not given */
	/* KEEP_MARK_BROKEN stays: what is laid over an object that lacks a
	 * file lacks it as well, and its faults are not told */
};

/* A key without its prefix, and the prefix (0: none). */
struct keep_slice keep_key_name(struct keep_slice key, char *prefix);

/* All give null when memory is at an end; faults go to ps (NULL: dropped),
 * each of them once. OLDER may be NULL: nothing. */
struct keep_json keep_layer(struct keep_mem *m, const struct keep_json *file,
			    struct keep_problems *ps);
struct keep_json keep_stack(struct keep_mem *m, const struct keep_json *older,
			    const struct keep_json *newer,
			    struct keep_problems *ps);
struct keep_json keep_lay(struct keep_mem *m, const struct keep_json *older,
			  const struct keep_json *newer,
			  struct keep_problems *ps);

/* The rows of PROPERTIES whose type is a list, wherever a file sets one of
 * them to a scalar: it becomes a list of one. Null without memory. */
struct keep_json keep_listed(struct keep_mem *m, const struct keep_json *file,
			     const struct keep_property *rows, size_t n);
bool keep_property_type_ok(const char *type);

/* "= ..." */
bool keep_is_expression(const struct keep_json *v);
/* "REQUIRED" */
bool keep_is_required(const struct keep_json *v);

/* A fault at the place of V, or in a file; false when it is there already, or
 * PS is NULL. */
bool keep_problem_at(struct keep_problems *ps, const struct keep_json *v,
		     const char *fmt, ...) KEEP_PRINTF(3, 4);
bool keep_problem_in(struct keep_problems *ps, const char *path,
		     const char *fmt, ...) KEEP_PRINTF(3, 4);
/* The same, of a file that cannot be read; WHY may begin with its path. */
bool keep_problem_why(struct keep_problems *ps, const char *path,
		      const struct keep_err *why);
/* What stands for a key there: its place. */
struct keep_json keep_key(const struct keep_json_member *m);

#endif
