/* The provider instance in memory: what instance/ builds, expr/ evaluates and
 * output/ writes. Trees are merged (PROVIDER 2) and not evaluated: a text that
 * begins with "= " is still an expression. All lives in one arena; trees share
 * what they inherit, so no value is ever changed. */
#ifndef PROVIDER_MODEL_H
#define PROVIDER_MODEL_H

#include <keep/json.h>
#include <keep/verb.h>

struct keep_property; /* instance/instance.h */
struct keep_seen; /* instance/seen.h */

/* keep_json.mark of a text in an evaluated tree: a placeholder is in it. */
enum { KEEP_MARK_SECRET = 1 };
/* keep_json.mark of what is not known since a fault was told of it: of null
 * in the place of a value, of an object that lacks a file (instance.h). */
enum { KEEP_MARK_BROKEN = 3 };

/* provider, common, a service or a tag, stacked for one environment: platform
 * base, the instance's file, the instance's file of the environment. */
struct keep_object {
	struct keep_slice name; /* "web" */
	struct keep_json tree;  /* an object; empty when no file is there */
	const struct keep_property *rows; /* what a service's schema tells */
	size_t n_rows;
};
struct keep_objects {
	struct keep_object *v; /* ordered by name */
	size_t n;
};

struct keep_env {
	struct keep_slice name; /* "default" for nodes without one */
	struct keep_json provider, common;
	struct keep_objects services, tags;
	bool broken;            /* a node of it may be broken */
};

struct keep_node {
	struct keep_slice name;
	size_t index;               /* in keep_world.nodes */
	const struct keep_env *env;
	bool enabled;
	struct keep_slices services, tags; /* names, in listed order */
	struct keep_json tree;      /* an object: the merged node */
	const struct keep_json_source *source; /* nodes/NAME.json */
	struct keep_json facts;     /* facts/NAME.json; null: none */
};

/* A file as it would be after an edit: what is read instead of the one on
 * the disk. PATH: "nodes/web1.json". */
struct keep_draft {
	struct keep_slice path, text; /* text absent: the file is gone */
};
struct keep_drafts {
	const struct keep_draft *v;
	size_t n;
};

struct keep_world {
	struct keep_mem *mem;       /* where all of this lies */
	struct keep_drafts drafts;  /* set by the caller, like mem */
	struct keep_seen *seen;     /* notes what is read; the same */
	struct keep_env *envs;      /* ordered by name */
	size_t n_envs;
	struct keep_node *nodes;    /* ordered by name; disabled ones too */
	size_t n_nodes;
	bool broken;                /* some node is, or could not be read */
	struct keep_json platform;  /* {"version": text, "commit": text} */
	struct keep_slice platform_path; /* where it lies: "platform"; set by
				     * the caller: whatever the Keepfile says */
	const struct keep_host *host; /* what expressions may ask for */
	void *host_data;
};

/* The named sources of expressions; each returns 0 or -code with *e filled.
 * Texts live in the world's arena. */
struct keep_host {
	/* The content of a file beneath files/, then the platform's files/.
	 * NOT_FOUND when neither has it. */
	int (*file)(struct keep_world *w, struct keep_slice path,
		    struct keep_slice *content, struct keep_err *e);
	/* The same for files/templates/, then the platform's templates/;
	 * *name: where it was found. */
	int (*template)(struct keep_world *w, struct keep_slice path,
			struct keep_slice *content, struct keep_slice *name,
			struct keep_err *e);
	/* Records that the node needs secret NAME. GIVEN: it is never drawn.
	 * *made: it exists, or this run will make it; else it shows as
	 * `<secret NAME, not made>`. */
	int (*secret)(struct keep_world *w, const struct keep_node *node,
		      struct keep_slice name, bool given, bool *made,
		      struct keep_err *e);
	/* A number in lo..hi, drawn once and kept in picks/NAME. */
	int (*randint)(struct keep_world *w, struct keep_slice name, int64_t lo,
		       int64_t hi, int64_t *v, struct keep_err *e);
	/* Which of the n names to take: the one that is kept in picks/LABEL
	 * while it is among them, else one that is chosen and kept now. */
	int (*pick)(struct keep_world *w, struct keep_slice label,
		    const struct keep_slice *names, size_t n, size_t *chosen,
		    struct keep_err *e);
	/* The lines of authorized_keys of the users that reach the node. */
	int (*keys)(struct keep_world *w, const struct keep_node *node,
		    struct keep_slices *lines, struct keep_err *e);
};

/* The node of that name, or NULL. Binary search. */
const struct keep_node *keep_world_node(const struct keep_world *w,
					struct keep_slice name);
const struct keep_env *keep_world_env(const struct keep_world *w,
				      struct keep_slice name);
const struct keep_object *keep_objects_find(const struct keep_objects *o,
					    struct keep_slice name);

#endif
