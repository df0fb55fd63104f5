/* A quick look at a work tree. */
#ifndef GIT2_CLEAN_H
#define GIT2_CLEAN_H

#include "git2.h"

/* Whether what is beneath dir_fd, whose paths begin with PREFIX ("" or with a
 * slash at its end), is surely as HEAD has it, with nothing more that git does
 * not ignore. False: it may be. */
bool keep_git2_is_clean(struct keep_git2 *g, int dir_fd, const char *prefix);

#endif
