/* Types of properties, as schemas name them. */
#ifndef PROVIDER_TYPES_H
#define PROVIDER_TYPES_H

#include "merge.h"

struct keep_property_type {
	const char *name;
	int json;                               /* its JSON type; -1: any */
	bool (*ok)(const struct keep_json *v);  /* NULL: all of that type */
	const char *wanted;
};
/* That which stands before the first ':' of NAME, or NULL. */
const struct keep_property_type *keep_property_type(const char *name);

#endif
