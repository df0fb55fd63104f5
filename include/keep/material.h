/* What the generations of nodes are made of: an instance evaluated in memory,
 * with the values of its secrets in place of their names. Nothing of it is
 * written. Source: DEPLOY 1, PROVIDER 3, 5. */
#ifndef KEEP_MATERIAL_H
#define KEEP_MATERIAL_H

#include <keep/json.h>
#include <keep/openssl.h>
#include <keep/verb.h>

/* A file of files/, or of the platform's: what many nodes get. It is read when
 * somebody needs it, which most deploys do not. */
struct keep_material_source {
	size_t len;
	uint8_t sha256[KEEP_SHA256_LEN];
	uint8_t git_id[KEEP_GIT_ID]; /* what git calls it */
	struct keep_slice content;   /* absent until it is read */
	/* Its own: how it is read. */
	struct keep_world *world;
	struct keep_slice path;
};
/* A file of a node. */
struct keep_material_file {
	struct keep_slice path;         /* absolute; no control characters */
	struct keep_slice content;      /* locked where it is secret */
	struct keep_slice shown;        /* the same, with names of secrets */
	struct keep_material_source *source;     /* instead of both; or NULL */
	struct keep_slice owner, group;
	struct keep_slice on_change;    /* a command, or absent */
	uint32_t mode;
	bool secret;
};
/* A property that holds a secret, filled in. */
struct keep_material_secret {
	struct keep_slice path;         /* "web.password" */
	struct keep_slice value;        /* locked */
};
/* A script of a service, or its recipe.json. */
struct keep_material_script {
	struct keep_slice service, name;
	struct keep_slice content;
};
/* All of a node. */
struct keep_material {
	struct keep_slice node, env;
	struct keep_slice config;       /* the text of compiled/NODE.json */
	const struct keep_json *tree;   /* the same, with texts of files;
					 * names of secrets stand in it */
	struct keep_slices services;    /* in listed order */
	struct keep_slice salt;         /* locked; 32 bytes, its own */
	const struct keep_material_file *files;
	size_t n_files;
	const struct keep_material_secret *secrets;
	size_t n_secrets;
	const struct keep_material_script *scripts; /* by service, then name */
	size_t n_scripts;
	bool stale; /* compiled/ has another one: `keep compile` comes first */
};
/* A node, as it is reached. */
struct keep_contact {
	struct keep_slice node, env;
	const struct keep_json *tree; /* as above */
	struct keep_ip ip;            /* len 0: it has none */
	uint16_t port;                /* of sshd */
	struct keep_slice user;       /* who logs in; absent: unsaid */
	struct keep_slices host_keys; /* pinned: "ssh-ed25519 AAAA..." */
};
struct keep_contacts {
	const struct keep_contact *v; /* by name of node */
	size_t n;
};
struct keep_materials {
	struct keep_material *v; /* by name of node */
	size_t n;
	struct keep_contacts contacts; /* of the same */
	/* The caller's: who takes each, in place of v. Meanwhile c->mem is
	 * the node's: it goes behind 0, stays behind 1. A taker that returns
	 * -code ends it. */
	int (*take)(void *to, const struct keep_material *m,
		    struct keep_err *e);
	void *to;
};

/* How it is gathered. */
enum keep_material_how {
	KEEP_MATERIAL_MAKE = 1,  /* salts that are missing are made, under the
				  * instance's lock; else they are NOT_FOUND */
	KEEP_MATERIAL_CLEAN = 2, /* the instance is as HEAD has it: what git
				  * knows of compiled/ need not be read */
	KEEP_MATERIAL_LATER = 4, /* sources are hashed, and not held */
};

KEEP_BEGIN
/* Of the nodes that the filter selects. What is secret lives in LOCKED, which
 * the caller began with {.secret = true}, the rest in c->mem. HOW: of
 * keep_material_how. A secret that compile has not made is BAD_ARGS, a key
 * pair, which has no value yet, NOT_FOUND. Else as keep_compile says. */
KEEP_MUST int keep_material(struct keep_ctx *c, struct keep_slices filter,
			    unsigned how, struct keep_mem *locked,
			    struct keep_materials *out, struct keep_err *e);
/* Sets s->content, which lives as long as the materials. CONFLICT when it is
 * not what it was, or gone; DENIED, IO, TOO_LARGE. */
KEEP_MUST int keep_material_read(struct keep_material_source *s,
				 struct keep_err *e);
/* Makes the salts that those nodes lack, under the instance's lock: BUSY. */
KEEP_MUST int keep_salts(struct keep_ctx *c, struct keep_slices filter,
			 struct keep_err *e);
/* The same nodes without what they are made of: no secret is opened. A filter
 * without words is BAD_ARGS, which tells how many nodes `all` is. */
KEEP_MUST int keep_contacts(struct keep_ctx *c, struct keep_slices filter,
			    struct keep_contacts *out, struct keep_err *e);
KEEP_END

#endif
