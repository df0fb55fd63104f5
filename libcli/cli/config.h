/* What the files of the configuration share. */
#ifndef CLI_CONFIG_H
#define CLI_CONFIG_H

#include <keep/config.h>

/* The section of a layer, or NULL. */
static inline const struct keep_json *
keep_config_in(const struct keep_config_layer *l, struct keep_slice section)
{
	return keep_json_get(&l->tree, section);
}
/* A value in the type that the field wants: what was typed, and defaults, are
 * texts. */
struct keep_json keep_config_meant(struct keep_mem *m,
				   const struct keep_field *f,
				   const struct keep_json *v);
/* Adds the faults of one list to another. */
void keep_config_add(struct keep_problems *to, const struct keep_problems *of);

#endif
