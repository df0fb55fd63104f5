/* What becomes of a world: every node evaluated, its text, and the directory
 * compiled/. Source: PROVIDER 5. */
#ifndef PROVIDER_OUTPUT_H
#define PROVIDER_OUTPUT_H

#include <keep/compile.h>
#include <keep/material.h>
#include <keep/ptrmap.h>
#include "../expr/expr.h"
#include "../host.h"
#include "../instance/instance.h"

/* An instance, evaluated whole. All lives in c->mem. Begin with {0}. */
struct keep_build {
	bool later;                   /* the caller's: sources are hashed, and
				       * not held (host.h) */
	struct keep_world *world;
	struct keep_eval *ev;
	struct keep_sources *sources; /* what is to be made */
	const struct keep_json **trees; /* evaluated, by node index */
	struct keep_files *files;       /* the same (files.h) */
	struct keep_buf env_files;      /* of keep_env_file (env.h) */
	const struct keep_env_node **contacts; /* by node index; NULL: it is
						* disabled (env.h) */
};
/* Reads, evaluates and checks; writes nothing. BAD_ARGS with all faults that
 * can be known (instance.h). */
KEEP_MUST int keep_build(struct keep_ctx *c, enum keep_making making,
			 struct keep_build *b, struct keep_err *e);
/* All faults that it would have, into ps, with the platform that lies at PATH
 * beneath it; absent: with its own. */
KEEP_MUST int keep_build_try(struct keep_ctx *c, struct keep_slice platform,
			     struct keep_problems *ps, struct keep_err *e);
/* Which nodes the words select, by index. NOT_FOUND when none. */
KEEP_MUST int keep_build_filter(struct keep_build *b, struct keep_slices words,
				bool **chosen, struct keep_err *e);
/* contacts.c: how those are reached. NOT_FOUND for one that is disabled. */
KEEP_MUST int keep_build_contacts(const struct keep_build *b,
				  const bool *chosen,
				  struct keep_contacts *out,
				  struct keep_err *e);
/* Faults of nodes, told once where many nodes have the same one. Begin with
 * {world, ps, ps->last}: what ps holds already stays as it is. */
struct keep_fold {
	const struct keep_world *world;
	struct keep_problems *ps;
	struct keep_problem *last;  /* of those that were looked at */
	struct keep_told *first;
};
/* Drops what ps got of node N when it was told of another node. */
void keep_fold_node(struct keep_fold *f, const struct keep_node *n);
/* Counts the nodes in the messages: "web1 and 99 more: web.port: ..." */
void keep_fold_end(struct keep_fold *f);

/* Appends the text of compiled/NODE.json. */
void keep_build_text(const struct keep_json *tree, struct keep_buf *out);

/* How a file stands to what lies in compiled/. */
enum keep_state { KEEP_SAME, KEEP_ADDED, KEEP_CHANGED };

/* A directory that stays open while the paths are in it. */
struct keep_at {
	struct keep_slice dir;
	struct keep_fd fd;
};

/* compiled/ as it is, and the one that shall take its place. Begin with {0},
 * end with keep_output_end, which removes what was not put in place. */
struct keep_output {
	struct keep_ctx *c;
	bool check;              /* nothing is written */
	struct keep_fd old, new; /* new: empty until something differs */
	struct keep_names names; /* files of old by path, sorted: those at its
				  * top, and below it those that are ours */
	bool *kept;              /* by name: it goes into the new one */
	struct keep_buf put;     /* slices: the paths that were given */
	struct keep_buf strays;  /* slices: tree.h */
	size_t differ, written, dirs;
	struct keep_at in_old, in_new;
	struct keep_ptrmap files; /* tree.h */
	struct keep_buf was;     /* the file that is compared */
};
/* keep_output_begin, for a check, in two steps: files can be compared behind
 * the second. */
KEEP_MUST int keep_output_open(struct keep_ctx *c, struct keep_output *o,
			       struct keep_err *e);
KEEP_MUST int keep_output_list(struct keep_output *o, struct keep_err *e);
KEEP_MUST int keep_output_begin(struct keep_ctx *c, bool check,
				struct keep_output *o, struct keep_err *e);
/* Gives the file PATH its TEXT: "web1.json", or "web1/etc/motd", whose first
 * part is the name of a node or an environment. Behind PATH stands a
 * NUL. STAYS: the text does, where it is; given again, it is not written again,
 * but what was written of it gets one more name. */
KEEP_MUST int keep_output_put(struct keep_output *o, struct keep_slice path,
			      struct keep_slice text, bool stays,
			      enum keep_state *state, struct keep_err *e);
/* Puts what was written, and what is kept, in place of compiled/: durably,
 * and at once. PREPARE is saved before that and may refuse. CONFLICT when
 * below a directory lies what was not made here. With check nothing of this is
 * done; *change tells whether it would be. */
KEEP_MUST int keep_output_settle(struct keep_output *o,
				 struct keep_sources *prepare, bool *change,
				 struct keep_err *e);
void keep_output_end(struct keep_output *o);
/* Warns of secrets that this run draws though compiled/ named them before. */
void keep_output_anew(const struct keep_build *b, const struct keep_output *o);

#endif
