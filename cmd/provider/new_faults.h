/* What a change would bring: faults that were not there before it. */
#ifndef PROVIDER_NEW_FAULTS_H
#define PROVIDER_NEW_FAULTS_H

#include <keep/mem.h>

/* BAD_ARGS with those of the first N faults of NOW that are not in WAS; they
 * are copied into M. */
KEEP_MUST int keep_new_faults(struct keep_mem *m,
			      const struct keep_problems *was,
			      const struct keep_problems *now, size_t n,
			      struct keep_err *e);

#endif
