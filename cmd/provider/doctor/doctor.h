/* What doctor looks at in an instance, and how a check tells what it found.
 * A fault has a command that mends it, or takes it out of the way without
 * losing anything, when sh runs it anywhere; where only a person knows what to
 * do there is a hint instead. */
#ifndef PROVIDER_DOCTOR_H
#define PROVIDER_DOCTOR_H

#include <keep/file.h>
#include <keep/git2.h>
#include <keep/verb.h>

enum { KEEP_N_PROVIDER_CHECKS = 31 };
extern const struct keep_check keep_provider_checks[KEEP_N_PROVIDER_CHECKS];

/* A run of one check. */
struct keep_doctor {
	struct keep_ctx *c;
	struct keep_mem *m;
	int dir;                 /* the instance */
	keep_found_fn *found;
	void *to;
	struct keep_slice hint;  /* of what is told; absent: none */
};

/* A row's function. */
#define KEEP_CHECK_ROW(fn) \
	int keep_doctor_##fn##_row(struct keep_ctx *c, keep_found_fn *found, \
				   void *to, struct keep_err *e)
/* It, made of a check that is not called without an instance. */
#define KEEP_CHECK(fn) \
	KEEP_CHECK_ROW(fn) \
	{ \
		struct keep_doctor d = {c, c->mem, keep_fd_get(&c->instance), \
					found, to, {0}}; \
		return c->instance.plus_one ? fn(&d, e) : 0; \
	}

/* tell.c: the instance's PATH ("": itself) as a word of sh; absent without
 * memory. */
struct keep_slice keep_doctor_word(const struct keep_doctor *d,
				   const char *path);
/* Tells a fault that has no mend. */
KEEP_MUST int keep_doctor_warn(const struct keep_doctor *d,
			       struct keep_slice fault, struct keep_err *e);
/* Tells a fault. MEND: printf of words. */
KEEP_MUST int keep_doctor_tell(const struct keep_doctor *d,
			       struct keep_slice fault, struct keep_err *e,
			       const char *mend, ...) KEEP_PRINTF(4, 5);
/* Tells a fault that only who knows the file can mend. LINE 0: not known. */
KEEP_MUST int keep_doctor_edit(const struct keep_doctor *d, const char *path,
			       uint32_t line, struct keep_slice fault,
			       struct keep_err *e);
/* paths.c: a file, and its path in the instance, a NUL behind it. */
struct keep_doctor_file {
	struct keep_slice path;
	unsigned char type; /* DT_REG... */
};
typedef int keep_doctor_file_fn(const struct keep_doctor *d,
				struct keep_doctor_file f,
				struct keep_err *e);
/* Calls EACH for all that is below a directory and is none. */
KEEP_MUST int keep_doctor_walk(const struct keep_doctor *d, const char *dir,
			       keep_doctor_file_fn *each, struct keep_err *e);
/* The names in a directory; none when it cannot be read: other checks, and
 * every verb, tell of that. */
KEEP_MUST int keep_doctor_list(const struct keep_doctor *d, const char *dir,
			       struct keep_names *names, struct keep_err *e);
bool keep_doctor_has(const struct keep_doctor *d, const char *path);
/* "DIR/NAME", or NAME in "."; absent without memory. */
struct keep_slice keep_doctor_join(const struct keep_doctor *d,
				   const char *dir, struct keep_slice name);
/* NAME without ".json"; absent when it has no such end, or is hidden. */
struct keep_slice keep_doctor_stem(struct keep_slice name);
/* Tells a fault that is mended by a move: to another place, to PATH.off, into
 * .keep/, which git ignores. */
KEEP_MUST int keep_doctor_move(const struct keep_doctor *d, const char *from,
			       const char *to, struct keep_slice fault,
			       struct keep_err *e);
KEEP_MUST int keep_doctor_off(const struct keep_doctor *d, const char *path,
			      struct keep_slice fault, struct keep_err *e);
bool keep_doctor_is_off(struct keep_slice path);
KEEP_MUST int keep_doctor_stow(const struct keep_doctor *d, const char *path,
			       struct keep_slice fault, struct keep_err *e);
/* git.c: what git thinks of a path; all false where it cannot say, then
 * *is_git is false, too, and another check tells why. */
KEEP_MUST int keep_doctor_git(const struct keep_doctor *d, const char *path,
			      struct keep_git2_look *out, bool *is_git,
			      struct keep_err *e);

/* room.c, files.c, below.c, entries.c, gone.c, json.c, compiled.c, git.c */
KEEP_CHECK_ROW(read_only);
KEEP_CHECK_ROW(room);
KEEP_CHECK_ROW(platform);
KEEP_CHECK_ROW(writable);
KEEP_CHECK_ROW(leftovers);
KEEP_CHECK_ROW(node_names);
KEEP_CHECK_ROW(links);
KEEP_CHECK_ROW(secrets_mode);
KEEP_CHECK_ROW(keys_mode);
KEEP_CHECK_ROW(keys_tracked);
KEEP_CHECK_ROW(owners);
KEEP_CHECK_ROW(dates);
KEEP_CHECK_ROW(gone_facts);
KEEP_CHECK_ROW(gone_files);
KEEP_CHECK_ROW(gone_picks);
KEEP_CHECK_ROW(environments);
KEEP_CHECK_ROW(keepfile);
KEEP_CHECK_ROW(json);
KEEP_CHECK_ROW(secrets_json);
KEEP_CHECK_ROW(addresses);
KEEP_CHECK_ROW(compiles);
KEEP_CHECK_ROW(strays);
KEEP_CHECK_ROW(compiled);
KEEP_CHECK_ROW(repository);
KEEP_CHECK_ROW(nested);
KEEP_CHECK_ROW(kept);
KEEP_CHECK_ROW(secrets_tracked);
KEEP_CHECK_ROW(secrets_ignored);
KEEP_CHECK_ROW(cache_tracked);
KEEP_CHECK_ROW(cache_ignored);
KEEP_CHECK_ROW(leftovers_ignored);

#endif
