/* Sizes of batches. */
#include <keep/text.h>
#include "batch.h"

enum { WORDS_MAX = 100 };

/* At least one node. */
static size_t size_of(struct keep_share s, size_t n)
{
	uint64_t size = s.value;

	if (s.percent)
		size = ((uint64_t)n * s.value + 99) / 100;
	return size > n ? n : size ? (size_t)size : 1;
}

size_t keep_share_of(struct keep_share s, size_t n)
{
	uint64_t of = s.percent ? (uint64_t)n * s.value / 100 : s.value;

	return of > n ? n : (size_t)of;
}

static bool read_share(struct keep_slice s, struct keep_share *out)
{
	out->percent = s.len && s.p[s.len - 1] == '%';
	if (out->percent)
		s.len--;
	return keep_num_uint(s, &out->value) && out->value &&
	       out->value <= (out->percent ? 100 : UINT32_MAX);
}

static bool read_shares(struct keep_slice s, struct keep_share *v, size_t *n)
{
	struct keep_slice word;
	const char *comma;

	for (*n = 0; *n < WORDS_MAX; ++*n) {
		comma = s.len ? memchr(s.p, ',', s.len) : NULL;
		word = s;
		word.len = comma ? (size_t)(comma - s.p) : s.len;
		if (!read_share(word, &v[*n]))
			return false;
		if (!comma)
			return ++*n;
		s.len -= word.len + 1;
		s.p = comma + 1;
	}
	return false;
}

int keep_batches(struct keep_mem *m, struct keep_slice text, size_t n,
		 const size_t **out, size_t *n_out, struct keep_err *e)
{
	struct keep_share shares[WORDS_MAX];
	struct keep_buf b = {.mem = m};
	size_t n_shares, i = 0, at = 0;

	if (!read_shares(text, shares, &n_shares))
		return keep_fail(e, KEEP_E_BAD_ARGS, "--batch: '%.*s' is no "
				 "list like 1,10%%,100%%",
				 KEEP_F(keep_text_safe(m, text, 60)));
	while (at < n) {
		at += size_of(shares[i], n);
		at = at > n ? n : at;
		keep_buf_put(&b, &at, sizeof at);
		i += i + 1 < n_shares;
	}
	*out = (const void *)keep_buf_get(&b).p;
	*n_out = b.len / sizeof at;
	return keep_buf_check(&b, e);
}
