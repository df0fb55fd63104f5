/* What expressions ask of the world outside (PROVIDER 3): files, secrets,
 * numbers and nodes that were drawn once. */
#ifndef PROVIDER_HOST_H
#define PROVIDER_HOST_H

#include <keep/material.h>
#include "model.h"
#include "stamps.h"
#include "value_source.h"

/* What happens to a secret or a draw that was not made yet. */
enum keep_making {
	KEEP_MAKE_NONE = 0, /* a secret shows so; a draw is an error */
	KEEP_MAKE,          /* it is noted, for keep_sources_save */
	KEEP_MAKE_FROZEN,   /* an error */
};

/* A draw: the number or the node's name, as picks/NAME holds it. */
struct keep_pick {
	struct keep_slice name, value;
	bool drawn; /* in this run: not written yet */
};
/* Where a file is looked for: files/, then the platform's files/; or
 * files/templates/, then the platform's templates/. */
enum keep_place { KEEP_IN_FILES, KEEP_IN_TEMPLATES };
/* A file that was read, of any bytes. */
struct keep_cached {
	enum keep_place place;
	struct keep_slice path, content; /* content absent: not found */
	struct keep_slice name;          /* where it was found */
	bool has_form;                   /* of a secret (form.h), */
	size_t form;                     /* at this byte */
	struct keep_material_source *source; /* instead of content; or NULL */
};

/* One of users/. */
struct keep_user {
	struct keep_slice name;
	struct keep_slices lines; /* of authorized_keys */
	bool *chosen;             /* by node index; NULL: all nodes */
};

struct keep_sources {
	struct keep_ctx *c;
	struct keep_mem *mem;
	enum keep_making making;
	const struct keep_value_source *values;
	const struct keep_openssl_api *later; /* what sources are hashed by,
					       * and not held; NULL: held */
	struct keep_fd files;           /* files/, meanwhile; empty: none */
	struct keep_stamps stamps;      /* of what is not held */
	bool listed;                    /* known is filled, or failed is */
	struct keep_err failed;         /* the values cannot be read */
	struct keep_secret_ids known, wanted;
	struct keep_buf picks, cache;   /* of keep_pick, of keep_cached */
	struct keep_index picks_ix, cache_ix;
	bool users_read;                /* users is filled, or failed */
	struct keep_err users_failed;
	struct keep_user *users;        /* by name */
	size_t n_users;
};

/* Gives the world a host; both live in w->mem. */
KEEP_MUST int keep_sources_new(struct keep_ctx *c, struct keep_world *w,
			       enum keep_making making,
			       struct keep_sources **out, struct keep_err *e);
/* Writes what was noted, durably: secrets, then picks. */
KEEP_MUST int keep_sources_save(struct keep_sources *s, struct keep_err *e);
/* "production/db", "db" for the default environment; by name. Draws: names. */
KEEP_MUST int keep_sources_made(const struct keep_sources *s,
				struct keep_slices *secrets,
				struct keep_slices *picks, struct keep_err *e);

/* From now on keep_host_source holds no content, where it can. NO_MEMORY. When
 * all were asked for, what they were is kept for another run. */
KEEP_MUST int keep_sources_later(struct keep_sources *s, struct keep_err *e);
void keep_sources_asked(struct keep_sources *s);
/* The file at PATH of files/: as keep_host_find, or as a source. */
KEEP_MUST int keep_host_source(struct keep_world *w, struct keep_slice path,
			       struct keep_cached *out, struct keep_err *e);
/* The file at PATH, read once; NOT_FOUND. */
KEEP_MUST int keep_host_find(struct keep_world *w, enum keep_place place,
			     struct keep_slice path, struct keep_cached *out,
			     struct keep_err *e);

/* The parts: host_file.c, host_draw.c, host_users.c. */
int keep_host_template(struct keep_world *w, struct keep_slice path,
		       struct keep_slice *content, struct keep_slice *name,
		       struct keep_err *e);
int keep_host_file(struct keep_world *w, struct keep_slice path,
		   struct keep_slice *content, struct keep_err *e);
int keep_host_randint(struct keep_world *w, struct keep_slice name, int64_t lo,
		      int64_t hi, int64_t *v, struct keep_err *e);
int keep_host_pick(struct keep_world *w, struct keep_slice label,
		   const struct keep_slice *names, size_t n, size_t *chosen,
		   struct keep_err *e);
int keep_host_keys(struct keep_world *w, const struct keep_node *node,
		   struct keep_slices *out, struct keep_err *e);

#endif
