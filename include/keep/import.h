/* keep import leap: a provider of leap, or the provider_base of its platform,
 * as an instance or a platform of keep. JSON keeps its comments and layout;
 * ruby expressions become expressions of keep; what has no equal is left as
 * error('...') in its place, and told. Source: PROVIDER 6. */
#ifndef KEEP_IMPORT_H
#define KEEP_IMPORT_H

#include <keep/verb.h>

/* import leap [--as platform] SRC DST [--platform DIR] [--leap-rules] */
struct keep_import_leap_args {
	struct keep_slice src, dst;
	uint32_t as;                /* 0: a provider, 1: a platform */
	struct keep_slice platform; /* absent: the one installed with keep */
	bool leap_rules; /* a scalar over an older list is written as "+k" */
};

/* What is left to be mended by hand. */
struct keep_import_left {
	struct keep_slice file;     /* of SRC: "services/web.json" */
	uint32_t line;              /* 0: the whole file */
	struct keep_slice original; /* absent: none */
	struct keep_slice why;
};

/* What was imported. */
struct keep_import_leap_result {
	struct keep_slice path;          /* DST */
	uint32_t files;                  /* made of those of SRC */
	uint32_t expressions, rewritten; /* of ruby, in SRC */
	struct keep_list left;           /* struct keep_import_left */
};

KEEP_BEGIN
/* Makes DST, which is not there or an empty directory (EXISTS), whole or not
 * at all. BAD_ARGS with all faults of SRC: a link, what is neither a file nor
 * a directory, JSON with faults, names that keep refuses; TOO_LARGE for more
 * than KEEP_PLATFORM_FILES or _BYTES. Something left is no failure. Secrets
 * go to secrets.dev.json. Commits nothing. Results live in c->mem. */
KEEP_MUST int keep_import_leap(struct keep_ctx *c,
			       const struct keep_import_leap_args *a,
			       struct keep_import_leap_result *r,
			       struct keep_err *e);
extern const struct keep_schema keep_import_leap_args_schema;
extern const struct keep_schema keep_import_leap_result_schema;
extern const uint16_t keep_import_leap_errors[];
keep_text_fn keep_import_leap_text;
KEEP_END

#endif
