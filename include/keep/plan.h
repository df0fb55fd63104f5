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

/* All of it. */
struct keep_plan_result {
	struct keep_slice id;     /* of the plan, for deploy --plan */
	struct keep_slice commit; /* absent: the instance is in no git */
	struct keep_list access;  /* of keep_plan_access */
	struct keep_list changes; /* of keep_plan_change, by path */
	struct keep_list nodes;   /* of keep_plan_node, by name */
};

#endif
