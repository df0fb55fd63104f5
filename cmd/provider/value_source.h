/* Where the values of secrets lie. The session may hold another one than the
 * built-in, under the address of keep_value_source_key. */
#ifndef PROVIDER_VALUE_SOURCE_H
#define PROVIDER_VALUE_SOURCE_H

#include <keep/verb.h>
#include "secret_ids.h"

struct keep_value_source {
	const char *name; /* as messages show it */
	/* Adds what there is; reads no value that it need not. */
	int (*list)(struct keep_ctx *c, struct keep_secret_ids *known,
		    struct keep_err *e);
	/* Makes values for all of NEW, durably; all of them or none. */
	int (*make)(struct keep_ctx *c, const struct keep_secret_ids *new,
		    struct keep_err *e);
	/* Opens the values of IDS: copies in locked memory, absent where there
	 * is none. */
	int (*open)(struct keep_ctx *c, struct keep_mem *locked,
		    const struct keep_secret_ids *ids,
		    struct keep_slice *values, struct keep_err *e);
};
extern const char keep_value_source_key[];
/* secrets.dev.json: {ENV or "default": {name: value}}, mode 0600, not
 * tracked. Strict JSON, at most KEEP_SECRETS_DEV bytes. */
enum { KEEP_SECRETS_DEV = 4 << 20 };
extern const struct keep_value_source keep_value_source_dev;

#endif
