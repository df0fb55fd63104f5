/* A tree of files that is made: in a directory of its own, which is renamed
 * when all is there. */
#ifndef PROVIDER_MAKING_H
#define PROVIDER_MAKING_H

#include <keep/init.h>

struct keep_making {
	struct keep_mem *m;
	struct keep_fd root;     /* where the files are made; {0}: they are
				  * only listed */
	struct keep_slice *v;    /* their paths, as they were put */
	size_t n, cap;
	size_t bytes;
	const char *into;        /* what copies have before their paths */
	bool had_git;            /* a .git was left out */
};

/* Makes PATH below the root, its directories too. */
KEEP_MUST int keep_making_put(struct keep_making *k, const char *path,
			      struct keep_slice bytes, mode_t mode,
			      struct keep_err *e);
/* Opens the platform FROM beneath dir_fd; BAD_ARGS for what is none. */
KEEP_MUST int keep_making_find(int dir_fd, const char *from,
			       struct keep_fd *dir, struct keep_err *e);
/* Copies all that is below the directory, within the limits of a platform;
 * INTO stands before each path: "platform/". */
KEEP_MUST int keep_making_copy(struct keep_making *k, int from,
			       const char *into, struct keep_err *e);
/* Copies the platform FROM as "platform". */
KEEP_MUST int keep_making_platform(struct keep_making *k, const char *from,
				   struct keep_err *e);
/* Makes the instance's own files. */
KEEP_MUST int keep_making_instance(struct keep_making *k,
				   struct keep_slice name,
				   struct keep_slice domain,
				   struct keep_err *e);
/* Only .gitignore and the Keepfile, which names "platform". */
KEEP_MUST int keep_making_keepfile(struct keep_making *k, struct keep_err *e);

#endif
