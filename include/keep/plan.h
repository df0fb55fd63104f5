/* keep plan: what a deploy would change on nodes. It asks each for its
 * generation, and says first what changes in access, which folding never
 * hides, then the differences of files, equal ones once. Values of secrets are
 * in none of it. It writes nothing but its record, for `keep deploy --plan`,
 * and the texts that it saw, for the next diff. Source: DEPLOY 5. */
#ifndef KEEP_PLAN_H
#define KEEP_PLAN_H

#include <keep/verb.h>

/* What a plan shows: bytes of a file that it makes a diff of, of one diff, and
 * of all together. */
enum {
	KEEP_PLAN_TEXT = 1 << 20,
	KEEP_PLAN_DIFF = 64 << 10,
	KEEP_PLAN_DIFFS = 8 << 20,
	KEEP_PLAN_LIVE = 16 << 10, /* what is shown of a node's checks */
};

/* plan FILTER... [--live] [--offline] */
struct keep_plan_args {
	struct keep_slices filter; /* none: BAD_ARGS, with a count of all */
	bool live;          /* run the checks of recipes, too */
	bool offline;       /* ask no node: what it had when it was last met */
	uint32_t jobs;      /* nodes at once */
	uint32_t transport; /* an enum keep_by */
	uint64_t timeout;   /* ms that a node may take */
};

/* What decides who gets in, or what runs. */
enum keep_plan_kind {
	KEEP_PLAN_LOGIN,    /* subject: the login; detail: a key */
	KEEP_PLAN_HOST_KEY, /* the host; its key */
	KEEP_PLAN_FIREWALL, /* the rule's name; who may reach what */
	KEEP_PLAN_FILE,     /* a file that decides, as /etc/sudoers */
	KEEP_PLAN_SECRET,   /* its property: nodes that get or lose it */
	KEEP_PLAN_SERVICE,  /* the service; what becomes of it */
	KEEP_PLAN_RECIPE,   /* the service; which scripts are others */
};
enum keep_plan_what { KEEP_PLAN_GAINED, KEEP_PLAN_LOST, KEEP_PLAN_CHANGED };

/* A change in access, and on which nodes. */
struct keep_plan_access {
	uint32_t kind, what;
	struct keep_slice subject;
	struct keep_slice detail;  /* absent: none */
	struct keep_slice warning; /* absent: none */
	struct keep_slices nodes;  /* by name */
};

/* A file of the generation that differs, alike on these nodes. */
struct keep_plan_change {
	struct keep_slice path;   /* "files/etc/motd" */
	uint32_t what;            /* gained: it is new */
	bool secret;              /* shown with names for values, or not */
	struct keep_slice diff;   /* hunks of a unified diff; absent: none */
	struct keep_slice note;   /* why it lacks, or is cut; absent: whole */
	struct keep_slices nodes; /* by name */
};

/* What stands before nodes. */
enum keep_plan_state {
	KEEP_PLAN_SAME,        /* nothing */
	KEEP_PLAN_CHANGES,     /* what the plan shows */
	KEEP_PLAN_FIRST,       /* its first generation */
	KEEP_PLAN_AGAIN,       /* the same again: its last apply failed */
	KEEP_PLAN_SKIPPED,     /* it refuses deploys; its text */
	KEEP_PLAN_FAILED,      /* it could not answer; why */
	KEEP_PLAN_UNREACHABLE, /* why */
};
struct keep_plan_node {
	struct keep_slice name;
	uint32_t state;
	struct keep_slice id;     /* that it shall have */
	struct keep_slice has;    /* that it has; absent: none, not known */
	struct keep_slice commit; /* of the instance, that this was made of */
	struct keep_slice text;   /* absent: nothing to say */
};

/* What the checks of the recipes that nodes have say. */
struct keep_plan_live {
	uint32_t status;          /* 0: all is so; 2: they would change it */
	struct keep_slice output; /* control characters made visible */
	bool cut;                 /* there was more */
	struct keep_slices nodes; /* by name */
};

/* All of it. */
struct keep_plan_result {
	struct keep_slice id;     /* of the plan, for deploy --plan */
	struct keep_slice commit; /* absent: the instance is in no git */
	struct keep_list access;  /* of keep_plan_access */
	struct keep_list changes; /* of keep_plan_change, by path */
	struct keep_list nodes;   /* of keep_plan_node, by name */
	struct keep_list live;    /* of keep_plan_live; absent: not asked */
};

KEEP_BEGIN
/* +DIFFERS when a deploy would change something, +UNREACHABLE when a node is,
 * +PARTIAL when one could not answer, or refuses deploys. BAD_ARGS with every
 * fault of the instance; NOT_FOUND when the filter selects no node, or one has
 * no salt yet. Results live in c->mem. */
KEEP_MUST int keep_plan(struct keep_ctx *c, const struct keep_plan_args *a,
			struct keep_plan_result *r, struct keep_err *e);
extern const struct keep_schema keep_plan_args_schema;
extern const struct keep_schema keep_plan_result_schema;
extern const uint16_t keep_plan_errors[];
keep_text_fn keep_plan_text;
KEEP_END

#endif
