/* Serials: readers of a zone or of a client's file tell by them what is
 * newer. */
#include <inttypes.h>
#include "env.h"

static size_t digits(struct keep_slice s)
{
	size_t n = 0;

	while (n < s.len && s.p[n] >= '0' && s.p[n] <= '9')
		n++;
	return n;
}

static struct keep_slice from(struct keep_slice s, size_t at)
{
	return (struct keep_slice){s.p + at, s.len - at};
}

/* The number that S begins with; *len 0: it begins with none. */
static uint64_t number(struct keep_slice s, size_t *len)
{
	uint64_t v = 0;

	*len = digits(s);
	if (!keep_num_uint((struct keep_slice){s.p, *len}, &v))
		*len = 0;
	return v;
}

/* The old serial: the first number that stands in a line as ours does. */
static uint64_t find(struct keep_slice old, struct keep_slice before)
{
	size_t at = before.len, len, i;
	uint64_t v;

	while (at > 0 && before.p[at - 1] != '\n')
		at--;
	before = from(before, at);
	for (i = 0; i + before.len < old.len; i++) {
		if ((i > 0 && old.p[i - 1] != '\n') ||
		    !keep_bytes_equal(old.p + i, before.p, before.len))
			continue;
		v = number(from(old, i + before.len), &len);
		if (len)
			return v;
	}
	return 0;
}

/* Whether OLD is the text but for its serial, which is *v then: one that a zone
 * can have. */
static bool is_same(struct keep_slice before, struct keep_slice behind,
		    struct keep_slice old, uint64_t *v)
{
	size_t len;

	if (old.len < before.len ||
	    !keep_bytes_equal(old.p, before.p, before.len))
		return false;
	*v = number(from(old, before.len), &len);
	return len && *v <= UINT32_MAX &&
	       keep_slice_eq(from(old, before.len + len), behind);
}

static uint64_t next(uint64_t old, uint64_t now_s)
{
	/* a zone's has 32 bits: one at the end begins anew */
	return old < now_s || old >= UINT32_MAX ? now_s : old + 1;
}

void keep_env_text(const struct keep_env_file *f, struct keep_slice old,
		   uint64_t now_s, struct keep_buf *out)
{
	struct keep_slice all = keep_buf_get(&f->text);
	struct keep_slice before = {all.p, f->serial_at};
	struct keep_slice behind = from(all, f->serial_at);
	uint64_t v;

	if (!f->serial_at) {
		keep_buf_slice(out, all);
		return;
	}
	if (!old.p || !is_same(before, behind, old, &v))
		v = next(old.p ? find(old, before) : 0, now_s);
	keep_buf_slice(out, before);
	keep_buf_print(out, "%" PRIu64, v);
	keep_buf_slice(out, behind);
}
