/* What keep asks of git, by libgit2: no hooks, no credential helpers, nothing
 * over a network; what it writes is synced. It is a table of calls, so that
 * the library is opened when a verb first needs it, and not by every start:
 * keep_library_symbol(run_dir, "git2", "keep_git2_api", e).
 * Errors: DENIED for a repository that belongs to somebody else, NOT_FOUND
 * where there is none, BUSY when its index is locked, else IO. */
#ifndef KEEP_GIT2_H
#define KEEP_GIT2_H

#include <keep/mem.h>

/* What to commit. */
struct keep_git2_commit {
	struct keep_slices paths; /* files beneath it, a NUL behind each; also
				     those that git is told to ignore */
	const char *message;
	uint64_t at_unix_s;
};

/* What git thinks of a path. */
struct keep_git2_look {
	bool tracked; /* it, or something beneath it, is in the index */
	bool ignored;
	bool changed; /* tracked, and other than in the last commit */
};

/* The calls. */
struct keep_git2_api {
	/* Adds the files to the repository at dir_fd itself, which is made
	 * when there is none, and commits what is in the index; author is
	 * who git's configuration names, else `keep <keep@HOST>`. */
	int (*commit)(int dir_fd, const struct keep_git2_commit *what,
		      char id[65], struct keep_err *e);
	/* Looks at PATH beneath dir_fd, which is in a repository (NOT_FOUND).
	 * A directory ends in '/'; it need not be there. */
	int (*look)(int dir_fd, const char *path, struct keep_git2_look *out,
		    struct keep_err *e);
};

KEEP_BEGIN
extern const struct keep_git2_api keep_git2_api;
KEEP_END

#endif
