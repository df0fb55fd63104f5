/* The files that a node gets: its property `files`, and what send() names.
 * Source: PROVIDER 5.
 *
 *	"files": {
 *		"/etc/motd": {"text": "= 'this is ' + name"},
 *		"/etc/nginx.conf": {"template": "nginx.conf", "mode": "0600",
 *				    "on_change": "systemctl reload nginx"},
 *		"/etc/ssl/ca.pem": {"source": "ca.pem", "owner": "www-data"},
 *		"/etc/ssh/ssh_known_hosts": {"compiled": "known_hosts"}
 *	}
 *
 * A source is any bytes of files/, a template text of files/templates/, and
 * what is compiled a file of compiled/ENV/. A row that is null is no file. */
#ifndef PROVIDER_FILES_H
#define PROVIDER_FILES_H

#include "output.h"

enum { KEEP_FILE_PATH = 1024, KEEP_FILE_PARTS = 64 };

/* A file of a node. */
struct keep_rendered {
	struct keep_slice path;         /* absolute */
	struct keep_slice content;      /* placeholders stand in it */
	struct keep_material_source *source;     /* instead; or NULL */
	struct keep_slice owner, group; /* "root" unless they are given */
	struct keep_slice mode_text;    /* as given; absent */
	struct keep_slice on_change;    /* a command, or absent */
	const struct keep_json *compiled;  /* "hosts" of compiled/ENV/ */
	const struct keep_env_file *whole; /* which that is */
	uint32_t mode;                  /* 0644; 0600 for what is secret */
	bool secret;                    /* a placeholder is in it */
};
struct keep_files {
	struct keep_rendered *v;
	size_t n;
};

/* The files of a node whose TREE is evaluated; ordered, a directory before
 * what is in it. A fault goes to ps with its place, and the file is left out;
 * all else in b->world->mem. -NO_MEMORY. */
KEEP_MUST int keep_files_of(const struct keep_build *b,
			    const struct keep_node *n,
			    const struct keep_json *tree,
			    struct keep_problems *ps, struct keep_files *out);
/* Finds what is compiled, once the files of environments are made. A name that
 * the environment does not have is a fault. */
void keep_files_relate(const struct keep_build *b, struct keep_problems *ps);
/* What is in the file. A source that was not read yet is absent. */
struct keep_slice keep_files_content(const struct keep_rendered *f);
/* Appends the text of compiled/NODE.json, which is without the texts that are
 * files. */
KEEP_MUST int keep_files_config(struct keep_mem *m,
				const struct keep_json *tree,
				struct keep_buf *out, struct keep_err *e);
/* Puts compiled/NODE.json, without the texts that are files, and the files of
 * the node, behind keep_env_put. *state: added as the first is, else changed
 * as any is. */
KEEP_MUST int keep_files_put(struct keep_output *o, const struct keep_build *b,
			     const struct keep_node *n,
			     enum keep_state *state, struct keep_err *e);

#endif
