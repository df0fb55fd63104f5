/* What is known of a node from the last time that it was asked:
 * .keep/nodes/NAME, which may be lost at any time, and holds no secret. The
 * next deploy sends what that generation lacks, without asking. */
#ifndef DEPLOY_KNOWN_H
#define DEPLOY_KNOWN_H

#include <keep/generation.h>

/* A node's last known generation. */
struct keep_known {
	struct keep_slice id;       /* absent: nothing is known */
	struct keep_slice commit;   /* of the instance; "none" */
	uint64_t at_unix_s;         /* when it was seen there */
	struct keep_slice manifest; /* whose SHA-256 is the id */
};

KEEP_BEGIN
/* In M. What is no record, or is torn, is not known. Fails only as
 * NO_MEMORY. */
KEEP_MUST int keep_known_get(struct keep_ctx *c, struct keep_mem *m,
			     struct keep_slice name, struct keep_known *out,
			     struct keep_err *e);
/* Whether the record of NAME says that it has ID. A hint: no hash is looked at,
 * and the manifest may be torn. */
bool keep_known_has(struct keep_ctx *c, struct keep_slice name,
		    struct keep_slice id);
/* Writes it over the old one. Whoever is killed in it, or is not alone, may
 * leave a torn one. */
KEEP_MUST int keep_known_put(struct keep_ctx *c, struct keep_slice name,
			     const struct keep_known *k, struct keep_err *e);
/* Forgets it; one that is not there is fine. */
KEEP_MUST int keep_known_drop(struct keep_ctx *c, struct keep_slice name,
			      struct keep_err *e);
KEEP_END

#endif
