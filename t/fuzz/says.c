/* What ssh prints of its configuration, and answers of it that are kept: what
 * is read is written the same, and heeded the same. */
/* uses: deploy provider zlib */
#include <stdlib.h>
#include "../../cmd/deploy/reach/says.h"

static void same_says(const struct keep_says *a, const struct keep_says *b)
{
	size_t i;

	if (a->identities.n != b->identities.n ||
	    a->identities_only != b->identities_only ||
	    !keep_slice_eq(a->jump, b->jump) ||
	    !keep_slice_eq(a->proxy, b->proxy) ||
	    !keep_slice_eq(a->certificate, b->certificate) ||
	    !keep_slice_eq(a->agent, b->agent))
		abort();
	for (i = 0; i < a->identities.n; i++)
		if (!keep_slice_eq(a->identities.v[i], b->identities.v[i]))
			abort();
}

static void answer(struct keep_mem *m, struct keep_slice text)
{
	struct keep_buf kept = {.mem = m};
	struct keep_says whole, heeded;
	struct keep_err e;

	if (keep_says_read(m, text, &whole, &e))
		return;
	keep_says_put(text, &kept);
	if (!kept.len)
		return;
	if (keep_says_read(m, keep_buf_get(&kept), &heeded, &e))
		abort();
	same_says(&whole, &heeded);
}

static void told(struct keep_mem *m, struct keep_slice text)
{
	struct keep_says_from from;
	struct keep_err e;

	if (!keep_says_from(m, text, &from, &e) &&
	    from.paths.n > KEEP_SAYS_FILES)
		abort();
}

static void kept(struct keep_mem *m, struct keep_slice text)
{
	struct keep_buf again = {.mem = m};
	struct keep_kept k;
	struct keep_err e;

	if (keep_kept_read(m, text, &k, &e))
		return;
	keep_kept_put(&k, &again);
	if (!keep_slice_eq(keep_buf_get(&again), text))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	KEEP_AUTO(keep_mem) m = {0};
	struct keep_slice text = {(const char *)data, len};

	if (!len)
		return 0;
	answer(&m, text);
	told(&m, text);
	kept(&m, text);
	return 0;
}
