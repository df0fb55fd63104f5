/* A generation that is being made. */
#ifndef DEPLOY_PARTS_H
#define DEPLOY_PARTS_H

#include <keep/generation.h>
#include <keep/ptrmap.h>
#include "../digest.h"

/* What those of several nodes share. */
struct keep_parts_shared {
	struct keep_mem *mem;        /* where both live */
	keep_digest *sha256;
	struct keep_ptrmap contents; /* keep_content */
	struct keep_ptrmap paths;    /* "files/etc/motd" of "/etc/motd" */
};
struct keep_parts {
	struct keep_ctx *c;
	const struct keep_material *m;
	struct keep_buf v;          /* of keep_part */
	struct keep_problems *ps;   /* what is wrong with the node */
	struct keep_parts_shared *shared;
};

/* Adds a file. A path that a manifest cannot hold is a fault. */
void keep_parts_add(struct keep_parts *p, struct keep_slice path,
		    struct keep_slice content, bool secret);
/* The same of what other nodes may have at the same address. */
void keep_parts_share(struct keep_parts *p, struct keep_slice path,
		      struct keep_slice content);
/* Adds what is in a buffer of the arena. */
void keep_parts_add_buf(struct keep_parts *p, const char *path,
			const struct keep_buf *b);
/* A path of properties as a name: bytes other than letters, digits and those
 * ALSO are `_`. In the arena, absent without memory. */
struct keep_slice keep_parts_name(struct keep_parts *p,
				  struct keep_slice path, const char *also);

/* config_sh.c: config.sh. recipes.c: recipes/. */
void keep_config_sh(struct keep_parts *p);
void keep_recipes(struct keep_parts *p);

#endif
