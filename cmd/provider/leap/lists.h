/* Which properties are lists in older layers: what --leap-rules needs, to write
 * out that a scalar over a list is appended. */
#ifndef PROVIDER_LEAP_LISTS_H
#define PROVIDER_LEAP_LISTS_H

#include "../instance/index.h"

enum keep_leap_list {
	KEEP_LEAP_NO_LIST = 0,
	KEEP_LEAP_EMPTY_LIST, /* or one that holds REQUIRED only */
	KEEP_LEAP_FULL_LIST,
};
struct keep_leap_lists { /* {0} is empty */
	struct keep_leap_listed {
		struct keep_slice path;
		enum keep_leap_list what;
	} *v;
	size_t n, cap;
	struct keep_index ix;
};

/* PATH: 'p' or 'n' for provider or node, then ".key" for each key. */
enum keep_leap_list keep_leap_lists_get(const struct keep_leap_lists *l,
					struct keep_slice path);
/* Adds the lists of a file, and the scalars that stand for one. */
KEEP_MUST int keep_leap_lists_add(struct keep_leap_lists *l,
				  struct keep_mem *m, char root,
				  const struct keep_json *tree,
				  struct keep_err *e);

#endif
