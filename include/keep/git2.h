/* What keep asks of git, by libgit2: no hooks, no credential helpers, nothing
 * over a network; what it writes is synced. It is a table of calls, so that
 * the library is opened when a verb first needs it, and not by every start:
 * keep_library_symbol(run_dir, "git2", "keep_git2_api", e).
 * Errors: DENIED for a repository that belongs to somebody else, NOT_FOUND
 * where there is none, BUSY when its index is locked, else IO. */
#ifndef KEEP_GIT2_H
#define KEEP_GIT2_H

#include <keep/hash.h>
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

/* Where HEAD is. */
struct keep_git2_head {
	char id[65];     /* "" before the first commit */
	char brief[65];  /* as git shortens it */
	char remote[256]; /* HEAD's branch follows it; else origin, or the
			     first; "": there is none */
	bool pushed;     /* a branch of a remote held it when we last met */
};

/* What a commit is to another. */
enum keep_git2_kin {
	KEEP_GIT2_UNKNOWN,  /* one of them is not here */
	KEEP_GIT2_ANCESTOR, /* or the same */
	KEEP_GIT2_OTHER,
};

/* References of keep's own: not branches, so no tree shows them. A fetch
 * brings those of the remote R as FETCHED R/NAME. */
#define KEEP_GIT2_NOTES "refs/keep/history/"
#define KEEP_GIT2_FETCHED "refs/keep/remotes/"

/* A commit of one file on such a reference. */
struct keep_git2_note {
	const char *ref;  /* NOTES NAME */
	const char *file;
	struct keep_slice content;
	const char *message;
	uint64_t at_unix_s;
	/* Appends a signature of the commit's bytes, or nothing: unsigned.
	 * NULL: unsigned. */
	int (*sign)(void *to, struct keep_slice commit,
		    struct keep_buf *signature, struct keep_err *e);
	void *to;
};

/* One that is read; it lives until `each` returns. */
struct keep_git2_entry {
	char id[65];
	uint64_t at_unix_s;
	bool is_signed; /* by whom, and whether truly, is not looked at */
	struct keep_slice content; /* absent: no such file, or a larger one */
};

/* What is read of them all, newest first, each commit once. */
struct keep_git2_past {
	const char *file;
	size_t max; /* bytes of the file */
	/* Over 0 ends the reading, -code fails it. */
	int (*each)(void *to, const struct keep_git2_entry *entry,
		    struct keep_err *e);
	void *to;
};

/* What a commit has in a directory, as git orders it. */
enum { KEEP_GIT2_DIR = 040000, KEEP_GIT2_FILE = 0100644 };
struct keep_git2_tree {
	const struct keep_git2_tree_row {
		struct keep_slice name;
		uint32_t mode;
		uint8_t id[KEEP_GIT_ID];
	} *v;
	size_t n;
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
	/* Appends "libgit2 1.5.1\n". */
	void (*version)(struct keep_buf *out);
	/* Begins the library, and ends it: else each call does, for 4 ms. */
	int (*begin)(struct keep_err *e);
	void (*end)(void);
	/* Appends how PATH differs between OLD and NEW (absent: it is not
	 * there), as git shows it, in UTF-8; of what is no text, only that it
	 * does. PATH is shown as it is. */
	int (*diff)(struct keep_slice old, struct keep_slice new,
		    const char *path, struct keep_buf *out,
		    struct keep_err *e);
	/* What is beneath DIR, which ends in '/' and is beneath dir_fd, and
	 * not so in the last commit, whether git ignores it or not: paths from
	 * dir_fd on, ordered. NOT_FOUND in no repository. */
	int (*uncommitted)(struct keep_mem *m, int dir_fd, const char *dir,
			   struct keep_slices *paths, struct keep_err *e);
	/* HEAD of the repository that dir_fd is in (NOT_FOUND). */
	int (*head)(int dir_fd, struct keep_git2_head *out,
		    struct keep_err *e);
	/* What is beneath dir_fd and not as HEAD has it, and what git neither
	 * tracks nor ignores: paths from dir_fd on, ordered. */
	int (*dirty)(struct keep_mem *m, int dir_fd, struct keep_slices *paths,
		     struct keep_err *e);
	/* What the first is to the second: ids of 4 to 40 digits, BAD_ARGS. */
	int (*kin)(int dir_fd, struct keep_slice commit, struct keep_slice of,
		   enum keep_git2_kin *out, struct keep_err *e);
	/* Commits to what->ref, behind what it and those that were fetched
	 * under its name lead to: CONFLICT when somebody else did meanwhile,
	 * and nothing is written. Tree, index and branches stay as they are.
	 * BAD_ARGS for another reference. */
	int (*note)(int dir_fd, const struct keep_git2_note *what,
		    char id[65], struct keep_err *e);
	int (*past)(int dir_fd, const struct keep_git2_past *ask,
		    struct keep_err *e);
	/* What git's configuration says of NAME ("user.signingkey"), with `~/`
	 * at its begin replaced, in M; absent: nothing. */
	int (*setting)(struct keep_mem *m, int dir_fd, const char *name,
		       struct keep_slice *out, struct keep_err *e);
	/* What HEAD has in DIR, which is beneath dir_fd: nothing where that
	 * is no directory. NOT_FOUND in no repository. */
	int (*tree)(struct keep_mem *m, int dir_fd, const char *dir,
		    struct keep_git2_tree *out, struct keep_err *e);
	/* From now on `git fetch` brings NOTES of every remote, too. */
	int (*follow)(int dir_fd, struct keep_err *e);
};

KEEP_BEGIN
extern const struct keep_git2_api keep_git2_api;
KEEP_END

#endif
