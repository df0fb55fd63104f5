/* keep platform: the platform that the instance inherits from. Source:
 * PROVIDER 1. */
#ifndef KEEP_PLATFORM_H
#define KEEP_PLATFORM_H

#include <keep/verb.h>

/* Bytes of the diff that is shown. */
enum { KEEP_PLATFORM_DIFF = 1 << 20 };

/* platform update [--from DIR] [--check] [--force] */
struct keep_platform_update_args {
	struct keep_slice from; /* absent: the one installed with keep */
	bool check; /* write nothing; +DIFFERS when something would change */
	bool force; /* though edits are lost, or faults come */
};

/* What changed, or with check would change. Paths are those of the instance,
 * ordered. */
struct keep_platform_update_result {
	struct keep_slices added, changed, removed;
	struct keep_slice diff; /* unified, in that order of paths; names of
				 * files that are no text */
	bool cut;               /* it would be longer than it may be */
};

/* platform fetch: the commit that the Keepfile names, and where it lies. */
struct keep_platform_fetch_result {
	struct keep_slice commit, path;
	bool fetched; /* it was not there yet */
};

KEEP_BEGIN
/* Replaces the directory of the platform as a whole: whoever reads it, and who
 * is killed in between, has the old one or the new. CONFLICT, without force,
 * for files that would be lost, since no commit holds them as they are;
 * BAD_ARGS, without force, for faults that the instance would get. CONFLICT
 * always when the platform comes from git, or has a .git; BUSY. The limits of
 * init. Results live in c->mem. */
KEEP_MUST int
keep_platform_update(struct keep_ctx *c,
		     const struct keep_platform_update_args *a,
		     struct keep_platform_update_result *r,
		     struct keep_err *e);
extern const struct keep_schema keep_platform_update_args_schema;
extern const struct keep_schema keep_platform_update_result_schema;
extern const uint16_t keep_platform_update_errors[];
keep_text_fn keep_platform_update_text;
/* Gets that commit, and nothing else, from the repository that the Keepfile
 * names, by git, which knows the user's ways to reach it; its files are taken
 * as they were committed. Once it is there nothing is asked. CONFLICT for a
 * platform that came with a copy; NOT_FOUND when the repository lacks the
 * commit; BAD_ARGS when that is no platform; IO with git's words; BUSY. */
KEEP_MUST int keep_platform_fetch(struct keep_ctx *c, const void *none,
				  struct keep_platform_fetch_result *r,
				  struct keep_err *e);
extern const struct keep_schema keep_platform_fetch_result_schema;
extern const uint16_t keep_platform_fetch_errors[];
KEEP_END

#endif
