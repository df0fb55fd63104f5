/* A plan that was made, as another verb finds it: .keep/plans/ID, which holds
 * ids and a commit; and the texts that diffs need. */
#ifndef DEPLOY_PLAN_H
#define DEPLOY_PLAN_H

#include <keep/generation.h>

enum { KEEP_PLAN_ID_LEN = 12, KEEP_PLANS = 200 /* that are kept */ };

/* A node of it. */
struct keep_planned {
	struct keep_slice node;
	struct keep_slice id; /* of the generation that it shall have */
};
struct keep_plan {
	struct keep_slice commit; /* of the instance; "none" */
	const struct keep_planned *v; /* by name */
	size_t n;
};

/* The plan that makes nodes what ALL says; borrows from it. */
KEEP_MUST int keep_plan_of(struct keep_ctx *c, struct keep_slice commit,
			   const struct keep_generations *all,
			   struct keep_plan *out, struct keep_err *e);
/* Its id, in c->mem, whether or not it was ever written. */
KEEP_MUST int keep_plan_id(struct keep_ctx *c, const struct keep_plan *p,
			   struct keep_slice *id, struct keep_err *e);
/* Writes its record; its id is the hash of that. */
KEEP_MUST int keep_plan_save(struct keep_ctx *c, const struct keep_plan *p,
			     char id[KEEP_PLAN_ID_LEN + 1], struct keep_err *e);
/* Reads one, into c->mem. BAD_ARGS for what is no id of a plan; NOT_FOUND, with
 * the verb that makes one; CONFLICT for a record that is damaged. */
KEEP_MUST int keep_plan_load(struct keep_ctx *c, struct keep_slice id,
			     struct keep_plan *out, struct keep_err *e);
/* CONFLICT unless ALL, made now, are the nodes and ids of the plan, and COMMIT
 * is its own. */
KEEP_MUST int keep_plan_holds(const struct keep_plan *p,
			      struct keep_slice commit,
			      const struct keep_generations *all,
			      struct keep_err *e);

/* Appends what a deploy of ALL would change, by what is known of the nodes
 * here: access, a line each, and how many nodes and files. */
KEEP_MUST int keep_plan_summary(struct keep_ctx *c,
				const struct keep_generations *all,
				struct keep_buf *out, struct keep_err *e);

/* Keeps the texts of generations that nodes have now, for the diffs of later
 * plans; of secrets nothing. What cannot be kept is missed by those alone. */
void keep_plan_keep(struct keep_ctx *c, const struct keep_generation *const *v,
		    size_t n);

#endif
