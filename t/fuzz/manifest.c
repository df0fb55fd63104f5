/* A manifest that a node sends: what is read is all of it, in order. */
/* uses: deploy provider zlib */
#include <stdlib.h>
#include <keep/generation.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	KEEP_AUTO(keep_mem) m = {0};
	struct keep_slice text = {(const char *)data, len};
	struct keep_buf again = {.mem = &m};
	struct keep_manifest out;
	struct keep_err e = {0};
	size_t i;

	if (!len || keep_manifest_read(&m, text, &out, &e))
		return 0;
	for (i = 0; i < out.n; i++) {
		if (i && keep_slice_cmp(out.v[i - 1].path, out.v[i].path) >= 0)
			abort();
		keep_buf_slice(&again, out.v[i].rest);
		keep_buf_slice(&again, out.v[i].path);
		keep_buf_byte(&again, '\n');
	}
	if (!keep_slice_eq(keep_buf_get(&again), text))
		abort();
	return 0;
}
