/* What world.c and its helpers know while an instance is read. */
#ifndef PROVIDER_READING_H
#define PROVIDER_READING_H

#include "index.h"
#include "merge.h"
#include "seen.h"

enum keep_kind {
	KEEP_PROVIDER, KEEP_COMMON, KEEP_SERVICES, KEEP_TAGS, KEEP_KINDS
};

/* One file of an object. */
struct keep_part {
	struct keep_slice name, env; /* env: absent when the name has none */
	bool base;                   /* of the platform */
	struct keep_json tree;       /* a layer (merge.h) */
};
/* One object: its files are parts[first..end), the ones without an
 * environment (the platform's before the instance's) before the others. */
struct keep_stacked {
	struct keep_slice name;
	size_t first, end;
	struct keep_json plain;      /* the stack of those without one */
};
struct keep_parts {
	struct keep_part *v;         /* sorted by name and environment */
	size_t n, cap;
	bool broken;                 /* not all their names are known */
	struct keep_stacked *objects; /* sorted by name */
	size_t n_objects;
};

/* An inherited tree: common, and one service or tag more than its parent. */
struct keep_combo {
	const struct keep_combo *parent;
	const void *added;           /* the members of what was laid over it */
	struct keep_json tree;
};
struct keep_combos {
	struct keep_combo **v;
	uint32_t n;
	size_t cap;
	struct keep_index ix;
};

/* The stacks of one environment; parallel to keep_world.envs. */
struct keep_env_stacks {
	struct keep_combo *root;     /* what all its nodes begin with */
	const struct keep_json *services, *tags; /* by their index */
	bool used;                   /* a node is in it */
};

struct keep_node_file {
	struct keep_slice name;
	struct keep_json tree;       /* a layer, with its name put in */
	struct keep_slices services, tags;
	struct keep_slice env;
};

struct keep_reading {
	struct keep_world *w;
	struct keep_mem *m;
	int dir_fd;
	struct keep_slice platform;  /* "platform", ".keep/platform/<commit>" */
	struct keep_problems *ps, *warn;
	bool lost;                   /* a node that is not known may be in
				      * any environment */
	struct keep_objects schemas; /* only names and rows; sorted */
	const struct keep_property *lists; /* rows whose type is a list */
	size_t n_lists;
	struct keep_parts kinds[KEEP_KINDS];
	struct keep_node_file *nodes;
	size_t n_nodes;
	struct keep_slice *envs;     /* sorted */
	size_t n_envs;
	struct keep_env_stacks *stacks;
	struct keep_combos combos;
};

/* All give 0, or -code with *e filled when the machine fails (memory): what
 * is wrong with the instance goes to r->ps and r->warn. In this order: */

/* keepfile.c: the Keepfile, and the platform that it names. */
KEEP_MUST int keep_read_keepfile(struct keep_reading *r, struct keep_err *e);
/* schema.c: services/S.schema.json. Sets r->schemas and r->lists. */
KEEP_MUST int keep_read_schemas(struct keep_reading *r, struct keep_err *e);
/* files.c: all files of provider, common, services and tags; of nodes. */
KEEP_MUST int keep_read_parts(struct keep_reading *r, struct keep_err *e);
KEEP_MUST int keep_read_nodes(struct keep_reading *r, struct keep_err *e);
/* stacks.c: the objects of each kind. */
KEEP_MUST int keep_read_stacks(struct keep_reading *r, struct keep_err *e);
/* heads.c: the services, tags and environment of each node; r->envs. */
KEEP_MUST int keep_read_heads(struct keep_reading *r, struct keep_err *e);
/* stacks.c: w->envs. */
KEEP_MUST int keep_read_envs(struct keep_reading *r, struct keep_err *e);
/* inherit.c: w->nodes. */
KEEP_MUST int keep_read_inherit(struct keep_reading *r, struct keep_err *e);
/* facts.c: the facts of w->nodes. */
KEEP_MUST int keep_read_facts(struct keep_reading *r, struct keep_err *e);

/* --- shared by them ------------------------------------------------------ */

/* files.c: "platform/provider_base/" + PATH. */
const char *keep_base_path(struct keep_reading *r, const char *path);
/* drafts.c: the draft of a file, or NULL. */
const struct keep_draft *keep_draft_of(const struct keep_reading *r,
				       const char *path);
/* The names of the files *.json in a directory, without ".json"; none when
 * the directory is not there, absent when it cannot be read. */
KEEP_MUST int keep_json_names(struct keep_reading *r, const char *dir,
			      struct keep_slices *stems, struct keep_err *e);
/* An object file of the instance; what is none is a fault, and null. */
KEEP_MUST int keep_read_object(struct keep_reading *r, const char *path,
			       bool must_exist, struct keep_json *out,
			       struct keep_err *e);
/* A file's tree as a layer: lists of one, prefixes as marks. A faulty file is
 * a broken one. */
KEEP_MUST int keep_read_layer(struct keep_reading *r, const char *path,
			      struct keep_json *out, struct keep_err *e);
/* What stands before the first '.', and what behind it (absent: no '.'). */
struct keep_slice keep_split(struct keep_slice stem, struct keep_slice *rest);
/* names.c: the object of a kind by its name, or NULL. */
const struct keep_stacked *keep_stacked_find(const struct keep_parts *p,
					     struct keep_slice name);
/* The value of a member of an object, or null. */
const struct keep_json *keep_member(const struct keep_json *v,
				    const char *key);
/* required.c: "REQUIRED" that is left over; OF and WHO are for messages:
 * "node 'web1'", "nodes/web1.json". */
void keep_check_required(struct keep_reading *r, const struct keep_json *tree,
			 struct keep_slice of, struct keep_slice who);
/* unknown.c: warns of keys that nothing but the node's file knows. */
void keep_check_unknown(struct keep_reading *r, const struct keep_node *n,
			const struct keep_json *file,
			const struct keep_json *inherited);
/* "did you mean", else OTHERWISE. For the fault added last. */
void keep_guess_hint(struct keep_problems *ps, const struct keep_guess *g,
		     const char *otherwise, ...) KEEP_PRINTF(3, 4);

#endif
