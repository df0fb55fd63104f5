/* What the verbs of nodes share: finding a node, changing its file, and
 * completing what a person types. */
#ifndef PROVIDER_NODE_H
#define PROVIDER_NODE_H

#include <keep/provider.h>
#include "../instance/instance.h"

/* names.c: "nodes/NAME.json" in c->mem. BAD_ARGS for what is no name. */
KEEP_MUST int keep_node_path(struct keep_ctx *c, struct keep_slice name,
			     struct keep_slice *path, struct keep_err *e);
/* NOT_FOUND with the nearest of the names in nodes/. */
KEEP_MUST int keep_node_missing(struct keep_ctx *c, struct keep_slice name,
				struct keep_err *e);
/* BAD_ARGS when filters take the name for something else than a node. */
KEEP_MUST int keep_node_name_free(const struct keep_world *w,
				  struct keep_slice name, struct keep_err *e);
/* The node of a world that was read. */
KEEP_MUST int keep_node_get(struct keep_ctx *c, const struct keep_world *w,
			    struct keep_slice name, const struct keep_node **n,
			    struct keep_err *e);

/* A change of one node's file. */
struct keep_node_edit {
	struct keep_slice node, path;  /* "web1", "nodes/web1.json" */
	struct keep_slice text;        /* what is there now */
	struct keep_entries values;    /* value absent: it is taken out */
	bool pretty;                   /* the text has no layout to keep */
};
/* edit.c: reads the file (NOT_FOUND), makes the change, checks it, and writes
 * it when it changes something. The instance is locked. */
KEEP_MUST int keep_node_change(struct keep_ctx *c, struct keep_slice node,
			       struct keep_entries values,
			       struct keep_node_changed *r,
			       struct keep_err *e);
/* The same from ed->text on. */
KEEP_MUST int keep_node_write(struct keep_ctx *c,
			      const struct keep_node_edit *ed, bool *changed,
			      struct keep_err *e);

/* Replaces the file; of a symbolic link, the file inside the instance that it
 * stands for. */
KEEP_MUST int keep_node_put(struct keep_ctx *c, struct keep_slice path,
			    struct keep_slice text, struct keep_err *e);

/* values.c: the text with all values in it. N: for what its services know of
 * properties; NULL: not known yet. All faults: BAD_ARGS; NOT_FOUND for a path
 * that cannot be taken out. */
KEEP_MUST int keep_node_apply(struct keep_mem *m,
			      const struct keep_node_edit *ed,
			      const struct keep_node *n,
			      struct keep_slice *text, struct keep_err *e);
/* A value as the property's type wants it; as it is when it cannot be. */
struct keep_json keep_value_as(struct keep_mem *m, const char *type,
			       const struct keep_json *v);

/* trial.c: an instance as it would be. End with keep_trial_end. */
struct keep_trial {
	struct keep_mem mem;
	struct keep_world world;
	struct keep_problems ps, warnings;
	size_t n_read;                 /* faults of reading, first in ps */
};
KEEP_MUST int keep_trial_read(struct keep_ctx *c, struct keep_trial *t,
			      struct keep_drafts drafts, struct keep_err *e);
/* Evaluates NODE and compares: BAD_ARGS with the faults that the drafts
 * bring; those that the instance has without them are not told, nor are those
 * that could not be seen in it. */
KEEP_MUST int keep_trial_judge(struct keep_ctx *c, struct keep_trial *t,
			       struct keep_slice node, struct keep_err *e);
/* Logs what reading PATH warned of. */
void keep_trial_warn(struct keep_ctx *c, const struct keep_trial *t,
		     struct keep_slice path);
void keep_trial_end(struct keep_trial *t);

/* complete.c: what the last word could become. */
int keep_complete_path(struct keep_ctx *c, struct keep_slice prefix,
		       struct keep_completions *out);
int keep_complete_value(struct keep_ctx *c, struct keep_slice prefix,
			struct keep_completions *out);

/* show.c: an item as a cell: a text as it is, a list by commas, "-". */
struct keep_slice keep_item_cell(struct keep_mem *m, struct keep_slice item);

#endif
