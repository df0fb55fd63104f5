/* The members of an object in order of their keys. */
#ifndef CODEC_JSON_SORT_H
#define CODEC_JSON_SORT_H

#include <keep/json.h>

/* An order of keys, like keep_slice_cmp. */
typedef int keep_json_order(struct keep_slice a, struct keep_slice b);

/* v->n members, ordered, equal keys as written; they live in SCRATCH, whose
 * content is lost. NULL: no memory. */
const struct keep_json_member **keep_json_sort(struct keep_buf *scratch,
					       const struct keep_json *v,
					       keep_json_order *order);

#endif
