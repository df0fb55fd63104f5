/* Lists as sets that keep their order: what "+k" and "-k" do. */
#ifndef PROVIDER_LISTS_H
#define PROVIDER_LISTS_H

#include <keep/json.h>

/* All elements of both without repetition, in the order first seen; and those
 * of A that B has not. The place is that of B. Null counts as an empty list,
 * and nothing changes when B is null. *failed is set without memory, and left
 * alone else. */
struct keep_json keep_list_union(struct keep_mem *m, const struct keep_json *a,
				 const struct keep_json *b, bool *failed);
struct keep_json keep_list_without(struct keep_mem *m,
				   const struct keep_json *a,
				   const struct keep_json *b, bool *failed);
/* Two edits (merge.h) as one: x - g1 + c1 - g2 + c2 is x - (g1 + g2) +
 * (c1 - g2 + c2). */
struct keep_json keep_edit_twice(struct keep_mem *m,
				 const struct keep_json *first,
				 const struct keep_json *then, bool *failed);

#endif
