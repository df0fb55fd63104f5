/* What the import of leap knows while it runs. SRC is read file by file, each
 * once; faults of all of them are gathered, and with any nothing is made. What
 * SRC holds is not trusted: no link is followed, sizes and depths are limited,
 * and nothing of it is run. Source: PROVIDER 6. */
#ifndef PROVIDER_LEAP_IMPORT_H
#define PROVIDER_LEAP_IMPORT_H

#include <keep/import.h>
#include <keep/init.h>
#include "../init/making.h"
#include "../instance/instance.h"
#include "lists.h"

enum {
	KEEP_LEAP_FILES = KEEP_PLATFORM_FILES,
	KEEP_LEAP_BYTES = KEEP_PLATFORM_BYTES, /* of all files */
	KEEP_LEAP_DEPTH = KEEP_PLATFORM_DEPTH, /* directories */
	KEEP_LEAP_LEFT = 10000,
	KEEP_LEAP_ORIGINAL = 1000,             /* bytes that are told */
};

struct keep_leap {
	struct keep_mem *m;
	struct keep_fd from;         /* SRC */
	struct keep_making to;       /* DST, while it is made */
	size_t n_before;             /* files of it that are not of SRC */
	const char *base;            /* of JSON files in DST: "" or
				      * "provider_base/" */
	bool rules;                  /* --leap-rules */
	struct keep_leap_lists lists;
	struct keep_problems *ps;    /* why nothing can be imported */
	struct keep_buf left;        /* struct keep_import_left */
	size_t n_read, bytes_read;
	uint32_t expressions, rewritten;
};

/* All give 0, or -code when the machine fails; faults of SRC go to l->ps. */

/* left.c: makes a file of DST; TOO_LARGE for more than KEEP_LEAP_FILES. */
KEEP_MUST int keep_leap_put(struct keep_leap *l, const char *path,
			    struct keep_slice bytes, mode_t mode,
			    struct keep_err *e);
/* Remembers what has no equal here. LINE 0: the whole file. TOO_LARGE
 * for more than KEEP_LEAP_LEFT. */
KEEP_MUST int keep_leap_left(struct keep_leap *l,
			     const struct keep_import_left *what,
			     struct keep_err *e);
/* The same of a whole file. */
KEEP_MUST int keep_leap_left_file(struct keep_leap *l, struct keep_slice file,
				  const char *why, struct keep_err *e);
/* The same of one that nothing here takes. */
KEEP_MUST int keep_leap_left_other(struct keep_leap *l,
				   struct keep_slice file,
				   struct keep_err *e);

/* A JSON file of SRC. */
struct keep_leap_doc {
	char root;             /* 'p' of the provider, 'n' of nodes */
	struct keep_slice object; /* as in leap.h; absent: the node */
	const char *path;
	struct keep_slice text;
	struct keep_json tree; /* null: it was a fault */
};

/* source.c: the files and directories in a directory of SRC; none when it is
 * not there. What is neither, and names that are not UTF-8, are faults. */
KEEP_MUST int keep_leap_list(struct keep_leap *l, const char *dir,
			     struct keep_names *out, struct keep_err *e);
/* A file of SRC, at most MAX bytes, in m; absent when it was a fault. */
KEEP_MUST int keep_leap_read(struct keep_leap *l, struct keep_mem *m,
			     const char *path, size_t max,
			     struct keep_slice *bytes, struct keep_err *e);
/* Fills d->text and d->tree, which is an object, from d->path. */
KEEP_MUST int keep_leap_read_json(struct keep_leap *l,
				  struct keep_leap_doc *d,
				  struct keep_err *e);
/* "A/B" in the arena; NULL without memory. DIR "." gives B. */
const char *keep_leap_path(struct keep_leap *l, const char *dir,
			   struct keep_slice name);
/* Whether S ends in END, and has more before it. */
bool keep_leap_ends(struct keep_slice s, const char *end);

/* rewrite.c: the text as one of keep; comments and layout stay. */
KEEP_MUST int keep_leap_rewrite(struct keep_leap *l,
				const struct keep_leap_doc *d,
				struct keep_slice *out, struct keep_err *e);
/* layers.c: provider, common, services, tags, nodes. */
KEEP_MUST int keep_leap_layers(struct keep_leap *l, struct keep_err *e);
/* Learns the lists of the platform at dir_fd, which is keep's already. */
KEEP_MUST int keep_leap_platform_lists(struct keep_leap *l, int dir_fd,
				       struct keep_err *e);
/* implied.c: what leap adds by itself. To a node: tags; to the platform's
 * common.json: the certificates of nodes; to its provider.json: what clients
 * are told of the CA. */
KEEP_MUST int keep_leap_imply_tags(struct keep_leap *l,
				   struct keep_slice *text,
				   struct keep_err *e);
KEEP_MUST int keep_leap_imply_x509(struct keep_leap *l,
				   struct keep_slice *text,
				   struct keep_err *e);
KEEP_MUST int keep_leap_imply_publish(struct keep_leap *l,
				      struct keep_slice *text,
				      struct keep_err *e);
/* secrets.c: secrets.json to secrets.dev.json, and numbers to picks/. */
KEEP_MUST int keep_leap_secrets(struct keep_leap *l, const char *path,
				struct keep_err *e);
/* data.c: facts.json, Leapfile, users/. */
KEEP_MUST int keep_leap_facts(struct keep_leap *l, const char *path,
			      struct keep_err *e);
KEEP_MUST int keep_leap_leapfile(struct keep_leap *l, const char *path,
				 struct keep_err *e);
KEEP_MUST int keep_leap_users(struct keep_leap *l, const char *path,
			      struct keep_err *e);
/* files.c: files/, with the names that keep knows. */
KEEP_MUST int keep_leap_files(struct keep_leap *l, const char *path,
			      struct keep_err *e);
/* tree.c: all of SRC. */
KEEP_MUST int keep_leap_tree(struct keep_leap *l, struct keep_err *e);

#endif
