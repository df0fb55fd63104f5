/* Numbers with a unit: durations and sizes. */
#include <keep/text.h>

struct unit {
	const char *suffix;
	uint64_t factor;
};

/* The smallest first. */
static const struct unit durations[] = {
	{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}, {"d", 86400000},
	{0},
};
static const struct unit sizes[] = {
	{"", 1}, {"K", 1ull << 10}, {"M", 1ull << 20}, {"G", 1ull << 30},
	{"T", 1ull << 40}, {0},
};

static bool get(const struct unit *u, struct keep_slice s, uint64_t *v)
{
	struct keep_slice number = s, suffix;
	uint64_t n, product;

	while (number.len && (number.p[number.len - 1] < '0' ||
			      number.p[number.len - 1] > '9'))
		number.len--;
	suffix = (struct keep_slice){s.p + number.len, s.len - number.len};
	while (u->suffix && !keep_slice_is(suffix, u->suffix))
		u++;
	if (!u->suffix || !keep_num_uint(number, &n) ||
	    __builtin_mul_overflow(n, u->factor, &product))
		return false;
	*v = product;
	return true;
}

static void put(const struct unit *u, struct keep_buf *b, uint64_t v)
{
	while (v && u[1].suffix && v % u[1].factor == 0)
		u++;
	keep_buf_print(b, "%ju%s", (uintmax_t)(v / u->factor), u->suffix);
}

bool keep_duration_get(struct keep_slice s, uint64_t *ms)
{
	return get(durations, s, ms);
}

void keep_duration_put(struct keep_buf *b, uint64_t ms)
{
	put(durations, b, ms);
}

bool keep_size_get(struct keep_slice s, uint64_t *bytes)
{
	return get(sizes, s, bytes);
}

void keep_size_put(struct keep_buf *b, uint64_t bytes)
{
	put(sizes, b, bytes);
}
