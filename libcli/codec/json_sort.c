#include <stdlib.h>
#include "json_sort.h"

static int compare(const void *a, const void *b, void *context)
{
	const struct keep_json_member *const *x = a, *const *y = b;
	keep_json_order *const *by = context;
	int order = (*by)((*x)->key, (*y)->key);

	return order ? order : (*x > *y) - (*x < *y);
}

const struct keep_json_member **keep_json_sort(struct keep_buf *scratch,
					       const struct keep_json *v,
					       keep_json_order *order)
{
	const struct keep_json_member **sorted;
	uint32_t i;

	scratch->len = 0;
	sorted = keep_buf_grow(scratch, v->n * sizeof *sorted);
	if (!sorted)
		return NULL;
	for (i = 0; i < v->n; i++)
		sorted[i] = &v->members[i];
	qsort_r(sorted, v->n, sizeof *sorted, compare, &order);
	return sorted;
}
