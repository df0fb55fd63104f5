/* Reading an instance: files, layers, inheritance, properties, filters.
 * Source: PROVIDER 1, 2, 4.
 *
 * A service may describe its properties in services/S.schema.json (of the
 * platform, or of the instance, which then counts alone):
 *
 *	{
 *		"web.port": {"type": "int", "min": 1, "max": 65535,
 *			     "required": true, "help": "where it listens"},
 *		"web.mode": {"type": "enum", "values": ["plain", "tls"]},
 *		"web.aliases": {"type": "list:domain"},
 *		"web.hosts": {"type": "object", "keys": "domain", "members": {
 *			"root": {"type": "line", "required": true}
 *		}}
 *	}
 *
 * Keys are dotted paths of the node; "type" is that of struct keep_property
 * below ("any" when it is not given), all else may be left out. What an object
 * or a list holds has "members", and nothing else; the names in an object are
 * of the type "keys".
 *
 * One run tells all that is wrong, and nothing that merely follows from it:
 * - What could not be read, or clashes, is not known (KEEP_MARK_BROKEN).
 *   What asks for it is not known either, and that is no fault.
 * - A node is broken when a file that it inherits from could not be read, or
 *   when a service, a tag or its environment is not known. Of a broken node
 *   only what its own file says is checked, as far as it needs nothing else.
 * - A set of nodes (nodes, peers, near) is not known when one that is broken
 *   may be in it. */
#ifndef PROVIDER_INSTANCE_H
#define PROVIDER_INSTANCE_H

#include <keep/provider.h>
#include "../model.h"

enum {
	KEEP_INSTANCE_FILE = 4 << 20, /* bytes of a JSON file */
};

/* Reads the whole instance below dir_fd into *w (w->mem is set by the caller)
 * and checks all that can be checked without evaluating: syntax, types,
 * names, unknown services and tags, prefixes, REQUIRED, environments. Every
 * fault of every file goes to ps; warnings (an unknown top-level key) go to
 * warn, which may be NULL. -BAD_ARGS when ps got any: *w then holds all that
 * is known, and may be evaluated to find further faults. */
KEEP_MUST int keep_world_read(struct keep_world *w, int dir_fd,
			      struct keep_problems *ps,
			      struct keep_problems *warn, struct keep_err *e);
/* Reads one JSON file of the instance, at most KEEP_INSTANCE_FILE bytes.
 * NOT_FOUND when there is none; one with faults (they go to ps) gives null. */
KEEP_MUST int keep_instance_json(struct keep_mem *m, int dir_fd,
				 const char *path, struct keep_problems *ps,
				 struct keep_json *out, struct keep_err *e);

/* Where the platform lies that came with a copy, as the Keepfile says: its
 * "path". CONFLICT for a platform of git; BAD_ARGS with its faults. */
KEEP_MUST int keep_keepfile_platform(struct keep_mem *m, int dir_fd,
				     struct keep_slice *path,
				     struct keep_err *e);

/* A platform that comes from git. Texts have a NUL behind them. */
struct keep_keepfile_git {
	struct keep_slice url, commit;
	struct keep_slice path; /* where the instance reads it */
};
/* What the Keepfile says of it. CONFLICT for one that came with a copy;
 * BAD_ARGS with its faults. */
KEEP_MUST int keep_keepfile_git(struct keep_mem *m, int dir_fd,
				struct keep_keepfile_git *out,
				struct keep_err *e);

/* newer over older, by the table of PROVIDER 2; faults go to ps (NULL: they
 * are dropped). OLDER: a result of keep_merge, or NULL. Null without memory. */
struct keep_json keep_merge(struct keep_mem *m, const struct keep_json *older,
			    const struct keep_json *newer,
			    struct keep_problems *ps);

/* Properties that every node has (PROVIDER 1), as one table: path, type,
 * help. Used by node set, by checks and by did-you-mean. */
struct keep_property {
	const char *path;  /* "ssh.port" */
	const char *type;  /* bool int number text line ip name domain country
			    * enum any list object; list:T, object:T hold only
			    * T. A line is a text without ; { } and control
			    * characters, which might end what it stands in. */
	const char *values; /* enum: "exclusive|shared"; else NULL */
	int64_t min, max;  /* int; both 0: any */
	const char *help;
	bool required;
	const char *keys;  /* the type of an object's names; NULL: any */
	const struct keep_property *members; /* "web.hosts.*.root", of each
					      * element; else any */
	size_t n_members;
};
extern const struct keep_property keep_properties[];
extern const size_t keep_n_properties;
/* The row of a path, or NULL. */
const struct keep_property *keep_property_find(struct keep_slice path);
/* The same, also among what the node's services describe (below). */
const struct keep_property *keep_node_property(const struct keep_node *n,
					       struct keep_slice path);
/* Checks an evaluated node tree against the table and the descriptions of
 * its services; a scalar counts as a list of one. What is not known is not
 * checked. Faults to ps. */
void keep_property_check(const struct keep_node *n,
			 const struct keep_json *tree,
			 struct keep_problems *ps);
/* Faults between nodes: an address that two have. TREES: evaluated, by node
 * index; NULL where a node was not evaluated. */
void keep_address_check(const struct keep_world *w,
			const struct keep_json *const *trees,
			struct keep_problems *ps);

/* [a-z0-9]([a-z0-9-]*[a-z0-9])?, at most 63 bytes. */
bool keep_node_name_ok(struct keep_slice name);
/* Services and tags may have capitals and '_' too. */
bool keep_object_name_ok(struct keep_slice name);
/* Labels of 1 to 63 bytes, 253 in all, without '-' at their ends; the first one
 * may be a wildcard. */
bool keep_domain_ok(struct keep_slice name);

/* What a bare word means in filters, "the service"; NULL: a node, or
 * nothing. */
const char *keep_filter_meaning(const struct keep_world *w,
				struct keep_slice name);
/* Selects nodes by filter words (PROVIDER 4); no word selects all, and a
 * filter that begins by taking away begins with all. Enabled nodes only, but
 * a disabled one by its own name. VALUE gives the property of a node for
 * `path=value` words (null: missing); it may be NULL where none are taken.
 * Chosen: one flag a node, in the arena. BAD_ARGS with did-you-mean for an
 * unknown word. */
typedef int keep_value_fn(void *to, const struct keep_node *n,
			  struct keep_slice path, struct keep_json *v,
			  struct keep_err *e);
KEEP_MUST int keep_filter(const struct keep_world *w, struct keep_slices words,
			  keep_value_fn *value, void *to, bool **chosen,
			  struct keep_err *e);

#endif
