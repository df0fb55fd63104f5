#include <string.h>
#include <keep/base.h>

struct keep_slice keep_slice(const char *s)
{
	return (struct keep_slice){s, s ? strlen(s) : 0};
}

bool keep_bytes_equal(const void *a, const void *b, size_t len)
{
	return len == 0 || __builtin_memcmp(a, b, len) == 0;
}

bool keep_slice_eq(struct keep_slice a, struct keep_slice b)
{
	return a.len == b.len && keep_bytes_equal(a.p, b.p, a.len);
}

bool keep_slice_is(struct keep_slice a, const char *s)
{
	return keep_slice_eq(a, keep_slice(s));
}

bool keep_slice_starts(struct keep_slice a, const char *s)
{
	size_t n = strlen(s);

	return a.len >= n && keep_bytes_equal(a.p, s, n);
}

int keep_slice_cmp(struct keep_slice a, struct keep_slice b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int order = n ? __builtin_memcmp(a.p, b.p, n) : 0;

	if (order)
		return order;
	return (a.len > b.len) - (a.len < b.len);
}
