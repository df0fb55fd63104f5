/* The configuration: /etc/keep/config.json, the user's own file, and what `-c`
 * says; JSON with comments, an object of sections. `core` is read by every
 * command, a section of table.c by its command, whose library gives the schema
 * (no required fields in it). Never read from an instance.
 * Source: ARCHITECTURE 7. */
#ifndef KEEP_CONFIG_H
#define KEEP_CONFIG_H

#include <keep/cli.h>

enum { KEEP_CONFIG_MAX = 1 << 20 }; /* bytes of a file */

/* One place that values come from. */
struct keep_config_layer {
	struct keep_json_source source; /* its path, or "-c KEY" */
	struct keep_json tree;          /* of sections; null: nothing here */
	bool typed;                     /* values are texts from a shell */
	/* Why the file was not trusted, and the command that mends it; absent:
	 * it was. */
	struct keep_slice unsafe, mend;
	bool passed_over; /* that is a warning, and no fault */
};

/* All of them. What it points to lives in the arena. */
struct keep_config {
	struct keep_mem *mem;
	const struct keep_suite *suite;
	struct keep_config_layer *layers; /* the strongest first */
	size_t n;
	struct keep_problems *faults;     /* what could not be read */
};

/* The section `core`. */
struct keep_core {
	uint32_t format, color;
	struct keep_slice pager;      /* absent: as the environment says */
	uint64_t lock_timeout;        /* ms */
	struct keep_entries aliases;  /* name -> words */
};

/* One value that is in force. */
struct keep_config_value {
	struct keep_slice key;    /* "core.format", "core.aliases.ls" */
	struct keep_json value;   /* null: none, and no default */
	struct keep_slice origin; /* "FILE:LINE:COLUMN", "-c", "default" */
};

KEEP_BEGIN
extern const struct keep_schema keep_core_schema;
/* What `format` and `color` may be. */
extern const struct keep_names_of keep_format_names, keep_color_names;

/* Reads ETC and USER (paths; absent: none) and takes SET (KEY=VALUE) on
 * top. A file that is not there is no fault, and USER is passed over where it
 * may not be read; other faults are kept for keep_config_files. Fails with
 * NO_MEMORY only. */
KEEP_MUST int keep_config_read(struct keep_config *c, struct keep_slice etc,
			       struct keep_slice user,
			       const struct keep_entries *set,
			       struct keep_err *e);
/* Adds what is wrong with the files as such: owner, syntax, unknown
 * sections. */
void keep_config_files(const struct keep_config *c,
		       struct keep_problems *faults);
/* The schema of a section; NULL: no command has it, or its library is not
 * here. */
const struct keep_schema *keep_config_schema(const struct keep_config *c,
					     struct keep_slice section);
/* Checks a section in all layers: unknown keys, wrong values; then the values
 * in force are decoded into OUT, of s->size bytes. Maps are merged key by key,
 * lists are not. A fault goes to *faults; what has one is left out. */
KEEP_MUST int keep_config_section(const struct keep_config *c,
				  struct keep_slice section,
				  const struct keep_schema *s, void *out,
				  struct keep_problems *faults,
				  struct keep_err *e);
/* Files and all sections. */
KEEP_MUST int keep_config_check(const struct keep_config *c,
				struct keep_problems *faults,
				struct keep_err *e);
/* Calls EACH for every value in force of a section, a map's one by one, until
 * one is not 0, which it returns. */
KEEP_MUST int keep_config_each(const struct keep_config *c,
			       struct keep_slice section,
			       const struct keep_schema *s,
			       int (*each)(void *to,
					   const struct keep_config_value *v),
			       void *to);
/* BAD_CONFIG with all faults; 0 when there are none. */
KEEP_MUST int keep_config_fail(const struct keep_problems *faults,
			       struct keep_err *e);
KEEP_END

#endif
