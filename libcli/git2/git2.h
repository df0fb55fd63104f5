/* A repository that is worked on, and how its faults are told. */
#ifndef GIT2_GIT2_H
#define GIT2_GIT2_H

#include <git2.h>
#include <limits.h>
#include <keep/git2.h>

/* Begins as {0}; ended by KEEP_AUTO. */
struct keep_git2 {
	bool begun;             /* the library itself */
	char dir[PATH_MAX];
	git_repository *repo;
	git_index *index;
	git_tree *tree;
	git_commit *parent;
	git_signature *who;
};
void keep_git2_end(struct keep_git2 *g);

/* Fills *e from libgit2's result, which is below 0. */
int keep_git2_fail(struct keep_err *e, int result, const char *doing);
/* Begins, and opens the repository of dir_fd: FLAGS of
 * git_repository_open_ext. */
KEEP_MUST int keep_git2_open(struct keep_git2 *g, int dir_fd, unsigned flags,
			     struct keep_err *e);
/* PATH, beneath the directory that was opened, as the repository names it. */
KEEP_MUST int keep_git2_name(const struct keep_git2 *g, const char *path,
			     char out[PATH_MAX], struct keep_err *e);
/* Sets g->parent to the commit that REF leads to; none before the first. */
KEEP_MUST int keep_git2_parent(struct keep_git2 *g, const char *ref,
			       struct keep_err *e);
/* Sets g->who to who git would name, else one that names the machine. */
KEEP_MUST int keep_git2_author(struct keep_git2 *g, uint64_t at_unix_s,
			       struct keep_err *e);

/* Whether all beneath PREFIX, which dir_fd is, surely is as in the index, but
 * for what git ignores; no may mean anything. index_at: when the index was
 * written, asked before it was read. */
bool keep_git2_looks_same(struct keep_git2 *g, int dir_fd, const char *prefix,
			  struct timespec index_at);

int keep_git2_commit(int dir_fd, const struct keep_git2_commit *what,
		     char id[65], struct keep_err *e);
int keep_git2_look(int dir_fd, const char *path, struct keep_git2_look *out,
		   struct keep_err *e);
int keep_git2_begin(struct keep_err *e);
void keep_git2_finish(void);
int keep_git2_diff(struct keep_slice old, struct keep_slice new,
		   const char *path, struct keep_buf *out, struct keep_err *e);
int keep_git2_uncommitted(struct keep_mem *m, int dir_fd, const char *dir,
			  struct keep_slices *paths, struct keep_err *e);
int keep_git2_head(int dir_fd, struct keep_git2_head *out, struct keep_err *e);
int keep_git2_dirty(struct keep_mem *m, int dir_fd, struct keep_slices *paths,
		    struct keep_err *e);
int keep_git2_kin(int dir_fd, struct keep_slice commit, struct keep_slice of,
		  enum keep_git2_kin *out, struct keep_err *e);
int keep_git2_note(int dir_fd, const struct keep_git2_note *what, char id[65],
		   struct keep_err *e);
int keep_git2_past(int dir_fd, const struct keep_git2_past *ask,
		   struct keep_err *e);
int keep_git2_setting(struct keep_mem *m, int dir_fd, const char *name,
		      struct keep_slice *out, struct keep_err *e);
int keep_git2_tree(struct keep_mem *m, int dir_fd, const char *dir,
		   struct keep_git2_tree *out, struct keep_err *e);
int keep_git2_follow(int dir_fd, struct keep_err *e);

#endif
