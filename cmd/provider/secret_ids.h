/* Names of secrets, and for the nodes of which environment they are. */
#ifndef PROVIDER_SECRET_IDS_H
#define PROVIDER_SECRET_IDS_H

#include "instance/index.h"

struct keep_secret_id {
	struct keep_slice env, name; /* "default" for nodes without one */
};
/* A set of them, in the order in which they came; {.mem = arena} is empty. */
struct keep_secret_ids {
	struct keep_mem *mem;
	struct keep_secret_id *v;
	size_t n, cap;
	struct keep_index ix;
};

bool keep_secret_ids_has(const struct keep_secret_ids *s,
			 struct keep_secret_id id);
/* The same; *at: where in v. */
bool keep_secret_ids_find(const struct keep_secret_ids *s,
			  struct keep_secret_id id, size_t *at);
/* Adds a copy, unless it is there. */
KEEP_MUST int keep_secret_ids_add(struct keep_secret_ids *s,
				  struct keep_secret_id id,
				  struct keep_err *e);

#endif
