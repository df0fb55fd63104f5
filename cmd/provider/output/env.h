/* What is written for an environment as a whole (PROVIDER 5): the files of
 * compiled/ENV/. All is made from evaluated trees, in the arena of the
 * request; faults are told at the place of the property, and go to the
 * others' before anything is written. */
#ifndef PROVIDER_ENV_H
#define PROVIDER_ENV_H

#include <keep/file.h>
#include <keep/text.h>
#include "output.h"

/* A file of compiled/. With a serial the text is what stands before it, and
 * behind it (serial_at: where). */
struct keep_env_file {
	struct keep_slice path; /* "production/zones/example.org" */
	struct keep_buf text;
	size_t serial_at;       /* 0: it has none */
	struct keep_slice whole; /* with its serial, by keep_env_put */
};

/* A name of a node. */
struct keep_env_name {
	struct keep_slice text;
	const struct keep_json *at; /* the property that says so */
	bool is_public;             /* may stand in a zone */
};
struct keep_env_ip {
	struct keep_ip ip;
	const struct keep_json *at;
	bool is_network;            /* one of `networks` */
};

/* An enabled node, as others see it. */
struct keep_env_node {
	const struct keep_node *node;
	const struct keep_json *tree;      /* evaluated */
	struct keep_slice full, internal;  /* absent: it has none */
	const struct keep_env_name *names; /* full name first; each once */
	size_t n_names;
	const struct keep_env_ip *ips;     /* main, further, networks' */
	size_t n_ips;
	uint32_t port;                     /* of sshd */
	struct keep_slice user;            /* who logs in; absent: unsaid */
	struct keep_slices host_keys;      /* "ssh-ed25519 AAAA...", sorted */
};

/* One environment, while its files are made. */
struct keep_env_build {
	struct keep_ctx *c;
	const struct keep_build *b;
	const struct keep_env *env;
	struct keep_node self;             /* {"provider": ...}, by itself */
	const struct keep_env_node *nodes; /* by name */
	size_t n_nodes;
	struct keep_names key_dirs;        /* what lies in files/nodes/ */
	struct keep_problems *ps;
	bool partial;                      /* faults hide some of it */
	struct keep_buf *files;            /* of keep_env_file */
	const struct keep_env_node **contacts; /* of keep_build */
};
typedef int keep_env_fn(struct keep_env_build *x, struct keep_err *e);

/* env.c: makes the files of all environments. Faults go to ps. */
KEEP_MUST int keep_env_build(struct keep_ctx *c, struct keep_build *b,
			     struct keep_problems *ps, struct keep_err *e);
/* What follows "ENV/" in the file's path; absent: it is another's. */
struct keep_slice keep_env_name_in(const struct keep_env_file *f,
				   const struct keep_env *env);
/* The file "zones/example.org" of the environment; NULL: it has none. */
const struct keep_env_file *keep_env_find(const struct keep_build *b,
					  const struct keep_env *env,
					  struct keep_slice name);
/* Gives them to the output: of environments with a chosen node (NULL: all).
 * NOW_S: for serials. */
KEEP_MUST int keep_env_put(struct keep_build *b, const bool *chosen,
			   uint64_t now_s, struct keep_output *o,
			   struct keep_err *e);
/* Begins the file NAME of the environment; NULL without memory. Its text is
 * checked by whoever put it. */
struct keep_env_file *keep_env_file(struct keep_env_build *x,
				    struct keep_slice name);
/* Evaluates what stands at PATH of a tree that is no node's. Null when it is
 * not there, or has faults (they go to x->ps). */
KEEP_MUST int keep_env_path(struct keep_env_build *x,
			    const struct keep_node *self, const char *path,
			    struct keep_json *out, struct keep_err *e);
/* What stands by itself as if it were a node: service I of the environment. */
struct keep_node keep_env_self(const struct keep_env_build *x,
			       struct keep_slice name, size_t i,
			       struct keep_json tree);
/* Refuses members of an object that are none of the KEYS (NULL ends); WHAT:
 * "a record". */
void keep_env_keys(struct keep_env_build *x, const struct keep_json *object,
		   const char *what, const char *const *keys);

/* env_node.c: names, addresses and keys of a node. */
KEEP_MUST int keep_env_node(struct keep_env_build *x, struct keep_env_node *n,
			    struct keep_err *e);
/* Two nodes with one name. */
KEEP_MUST int keep_env_names_check(struct keep_env_build *x,
				   struct keep_err *e);
/* host_keys.c: what lies in files/nodes/NAME/. */
KEEP_MUST int keep_env_host_keys(struct keep_env_build *x,
				 struct keep_env_node *n, struct keep_err *e);
/* Whether a name may stand where no pattern is meant. */
bool keep_env_is_host(struct keep_slice name);
/* A copy in lower case; absent without memory. */
struct keep_slice keep_env_lower(struct keep_env_build *x,
				 struct keep_slice name);

/* serial.c: appends the file's text; OLD is what lies in compiled/, or
 * absent. The serial stays while the rest is equal, else it grows. */
void keep_env_text(const struct keep_env_file *f, struct keep_slice old,
		   uint64_t now_s, struct keep_buf *out);

/* The generators: known_hosts.c, ssh_config.c, hosts.c, firewall.c, zone.c,
 * bootstrap.c. */
keep_env_fn keep_env_known_hosts, keep_env_ssh_config, keep_env_hosts,
	    keep_env_firewall, keep_env_zone, keep_env_bootstrap;

#endif
