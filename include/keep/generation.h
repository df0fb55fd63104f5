/* A generation: all that a node gets, as files of a directory that is named by
 * its content. Source: DEPLOY 1.
 *
 * config.json, config.sh, salt, secret/PROPERTY, files/ABSOLUTE-PATH,
 * files.list, recipes/list, recipes/SERVICE/{recipe.json,packages,units,
 * engine,apply,check,test,remove}, run and run.PART (as PART.pl and services.sh
 * of cmd/deploy/generation), and MANIFEST: lines "MODE SIZE SHA256 PATH" by
 * path, whose own SHA-256 is the id. The mode is 0644, or 0600 of what is
 * secret; the hash of a secret is that of salt and content, so that a manifest
 * gives none away. */
#ifndef KEEP_GENERATION_H
#define KEEP_GENERATION_H

#include <keep/hash.h>
#include <keep/material.h>
#include <keep/ptrmap.h>
#include <keep/zlib.h>

/* A generation's limits, and those of a manifest that a node sends. */
enum {
	KEEP_GENERATION_FILES = 100000,
	KEEP_MANIFEST_MAX = 64 << 20,
	KEEP_ID_LEN = 64, /* hex */
};

/* What a file holds, hashed once for all files of all nodes that hold it. */
struct keep_content {
	struct keep_slice rest; /* of its lines: "0644 120 SHA256 " */
	size_t files; /* so many do; what is secret is of one */
};
/* A file of it. */
struct keep_part {
	struct keep_slice path;    /* "files/etc/motd" */
	struct keep_slice content; /* locked where it is secret */
	struct keep_slice shown;   /* what plan may show; absent: nothing */
	struct keep_material_source *source; /* instead of both; or NULL */
	const struct keep_content *of;
	bool secret;
	bool closed;               /* not all on the node may read it */
};
struct keep_generation {
	struct keep_slice node;
	bool stale; /* as in keep_material */
	const struct keep_part *parts; /* by path; without MANIFEST */
	size_t n;
	struct keep_slice manifest;
	char id[KEEP_ID_LEN + 1];
};

/* Those of several nodes. */
struct keep_generations {
	const struct keep_generation *v; /* by name of node */
	size_t n;
	struct keep_contacts contacts;   /* of the same nodes */
	/* The caller's: whether the node is thought to have it. Of those the
	 * id alone is kept: neither parts nor manifest. NULL: all is. */
	bool (*has)(void *to, const struct keep_generation *g);
	void *to;
};

/* A line of a manifest. */
struct keep_manifest_line {
	struct keep_slice path;
	struct keep_slice rest; /* "0644 120 HASH" */
	bool secret;
};
struct keep_manifest {
	const struct keep_manifest_line *v; /* by path */
	size_t n;
};

/* What the packs of several nodes have in common, which is packed once. {0} is
 * a new one; nothing secret is kept in it. */
struct keep_packer {
	struct keep_mem mem;
	struct keep_zlib zlib;
	struct keep_ptrmap pieces;
	size_t last; /* bytes of the last pack: the next is likely as long */
};

KEEP_BEGIN
/* The generation of a node; in c->mem, and borrows from M. BAD_ARGS with all
 * faults: two properties with one name in config.sh or in secret/, a path that
 * a manifest cannot hold, a recipe.json that is none. */
KEEP_MUST int keep_generation(struct keep_ctx *c,
			      const struct keep_material *m,
			      struct keep_generation *out, struct keep_err *e);
/* Those of the nodes that the filter selects: keep_material HOW, then
 * that. */
KEEP_MUST int keep_generations(struct keep_ctx *c, struct keep_slices filter,
			       unsigned how, struct keep_mem *locked,
			       struct keep_generations *out,
			       struct keep_err *e);
/* Reads what a node sent. BAD_ARGS, with the line, for what is no manifest;
 * TOO_LARGE. Borrows TEXT. */
KEEP_MUST int keep_manifest_read(struct keep_mem *m, struct keep_slice text,
				 struct keep_manifest *out,
				 struct keep_err *e);
/* Part I as a line of the manifest; *AT is 0 for the first, and goes on to the
 * next one. */
struct keep_manifest_line keep_generation_line(const struct keep_generation *g,
					       size_t i, size_t *at);
/* Appends how OLD becomes the manifest of G, as `diff -n` of GNU diffutils
 * tells it: "dL N", of line L and on N go; "aL N", N follow, which are to be
 * behind line L. */
KEEP_MUST int keep_manifest_changes(const struct keep_manifest *old,
				    const struct keep_generation *g,
				    struct keep_buf *out, struct keep_err *e);
/* The tar, gzip'd, of what G has and BASE lacks or has otherwise (NULL: all),
 * MANIFEST first: its changes, where BASE has the same runner, which takes
 * them. Appends to OUT, which the caller gave locked memory when secrets
 * should not leave it. All that the packer packs lives until its end. */
KEEP_MUST int keep_generation_pack(struct keep_packer *packer,
				   const struct keep_generation *g,
				   const struct keep_manifest *base,
				   struct keep_buf *out, struct keep_err *e);
void keep_packer_end(struct keep_packer *packer);
/* Whether a part is of the runner, which comes with keep. */
bool keep_is_runner(struct keep_slice path);
/* Whether what has that manifest has the runner of G. */
bool keep_has_runner(const struct keep_manifest *of,
		     const struct keep_generation *g);

/* What the node script is told (node.sh of that folder). No blanks in any. */
struct keep_node_exec {
	struct keep_slice want, base; /* ids; base absent: none */
	struct keep_slice deploy, who, commit, flags;
	struct keep_slice pack; /* nothing secret: it is part of the string;
				   empty: nothing is sent; absent: on stdin */
	bool direct; /* base has our runner, and is likely what the node has:
			it is asked before the script */
};
/* The exec string, with a NUL behind it; under 5 KB and 4/3 of the pack.
 * BAD_ARGS for a word with other bytes than [A-Za-z0-9@._:,=+-]. */
KEEP_MUST int keep_node_command(struct keep_mem *m,
				const struct keep_node_exec *x,
				struct keep_slice *out, struct keep_err *e);
/* A node's lock, a line of words (take_lock of run.pl there), to people: who
 * has it, for which deploy, since when. */
void keep_lock_put(struct keep_buf *out, struct keep_slice line,
		   uint64_t now_s);
KEEP_END

#endif
