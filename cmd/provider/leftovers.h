/* What a writer of files that was killed may leave in an instance. */
#ifndef PROVIDER_LEFTOVERS_H
#define PROVIDER_LEFTOVERS_H

#include <keep/verb.h>

/* Where verbs replace files, ended by NULL. */
extern const char *const keep_written_dirs[];

/* Whether NAME is one that only keep_file_replace and `keep init` give:
 * `.keep-`, 16 hexadecimal digits, `.tmp`. */
bool keep_leftover_is(struct keep_slice name);
/* Removes the files of such names where verbs replace files. Who calls it
 * holds the instance's lock: so nobody is writing them. */
KEEP_MUST int keep_leftovers_remove(struct keep_ctx *c, struct keep_err *e);

#endif
