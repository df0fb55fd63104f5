/* uses: deploy provider zlib */
/* What others wrote as deploy.json: what is read is written and read as the
 * same, and without one of its bytes it is something else or nothing. */
#include <keep/history.h>
#include "../../cmd/deploy/history/history.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool same(const struct keep_history_row *a,
		 const struct keep_history_row *b)
{
	KEEP_AUTO(keep_buf) x = {0}, y = {0};

	if (keep_schema_encode(&keep_history_row_schema, a, &x, NULL) ||
	    keep_schema_encode(&keep_history_row_schema, b, &y, NULL))
		return false;
	return keep_slice_eq(keep_buf_get(&x), keep_buf_get(&y));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	KEEP_AUTO(keep_mem) m = {.limit = 64 << 20};
	struct keep_slice text = {(const char *)data, size}, out;
	struct keep_history_row row, again;

	if (keep_past_read(&m, text, &row, NULL))
		return 0;
	if (keep_past_write(&m, &row, &out, NULL) ||
	    keep_past_read(&m, out, &again, NULL))
		__builtin_trap();
	row.id = again.id = KEEP_S("x");
	if (!same(&row, &again))
		__builtin_trap();
	return 0;
}
