/* A file of the spool: what is read of it is written as the same bytes. */
#include <stdlib.h>
#include <keep/spool.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	KEEP_AUTO(keep_buf) again = {0};
	struct keep_slice in = {(const char *)data, len};
	struct keep_spool_record r;

	while (keep_spool_get(&in, &r))
		if (keep_spool_put(&again, &r, NULL))
			abort();
	if (again.len + in.len != len ||
	    !keep_bytes_equal(again.len ? again.p : "", data, again.len))
		abort();
	return 0;
}
