/* The first byte picks a reader of libcli/base. What it takes is written,
 * read again, and is the same. */
#include <keep/text.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool good)
{
	if (!good)
		abort();
}

static void whole(struct keep_slice s, struct keep_buf *b)
{
	uint64_t u;
	int64_t i;

	if (keep_num_uint(s, &u))
		keep_buf_print(b, "%ju", (uintmax_t)u);
	else if (keep_num_int(s, &i) && i != 0)
		keep_buf_print(b, "%jd", (intmax_t)i);
	else
		return;
	must(keep_slice_eq(keep_buf_get(b), s));
}

static void real(struct keep_slice s, struct keep_buf *b)
{
	double v, again;

	if (!keep_num_double(s, &v))
		return;
	keep_double_put(b, v);
	must(keep_num_double(keep_buf_get(b), &again) && again == v);
}

static void with_unit(struct keep_slice s, struct keep_buf *b)
{
	uint64_t v, again;

	if (keep_duration_get(s, &v)) {
		keep_duration_put(b, v);
		must(keep_duration_get(keep_buf_get(b), &again) && again == v);
	}
	b->len = 0;
	if (keep_size_get(s, &v)) {
		keep_size_put(b, v);
		must(keep_size_get(keep_buf_get(b), &again) && again == v);
	}
}

static void moment(struct keep_slice s, struct keep_buf *b)
{
	uint64_t v, again;

	if (!keep_time_get(s, &v))
		return;
	keep_time_put(b, v);
	/* An offset may lead into the year 10000. */
	must(v >= 253402300800 ||
	     (keep_time_get(keep_buf_get(b), &again) && again == v));
	keep_time_relative(b, v, s.len);
}

static void address(struct keep_slice s, struct keep_buf *b)
{
	struct keep_ip ip, again;

	if (!keep_ip_get(s, &ip))
		return;
	keep_ip_put(b, &ip);
	must(keep_ip_get(keep_buf_get(b), &again) && again.len == ip.len &&
	     keep_bytes_equal(again.bytes, ip.bytes, ip.len));
}

static void bytes(struct keep_slice s, struct keep_buf *b)
{
	KEEP_AUTO(keep_buf) again = {0};
	char *raw = malloc(s.len + 1);

	if (keep_base64_get(s, b)) {
		keep_base64_put(&again, keep_buf_get(b));
		must(keep_slice_eq(keep_buf_get(&again), s));
	}
	b->len = again.len = 0;
	if (raw && keep_hex_get(s, raw)) {
		keep_hex_put(b, raw, s.len / 2);
		must(b->len == s.len && keep_hex_get(keep_buf_get(b), raw));
	}
	free(raw);
}

/* The first newline parts the two. */
static void alike(struct keep_slice s, struct keep_buf *b)
{
	const char *end = s.len ? memchr(s.p, '\n', s.len) : NULL;
	size_t len = end ? (size_t)(end - s.p) : s.len;
	struct keep_slice first = {s.p, len};
	struct keep_slice rest = {s.p + len, s.len - len};

	must(keep_text_distance(first, rest) ==
	     keep_text_distance(rest, first));
	must(keep_text_width(s) <= s.len * 2);
	keep_buf_byte(b, '*');
	keep_buf_slice(b, rest);
	must(keep_text_glob(first, rest) || !keep_slice_eq(first, rest) ||
	     memchr(s.p, '[', s.len));
	must(keep_text_glob(keep_buf_get(b), s) ||
	     memchr(s.p, '[', s.len));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const readers[])(struct keep_slice, struct keep_buf *) = {
		whole, real, with_unit, moment, address, bytes, alike,
	};
	KEEP_AUTO(keep_buf) b = {0};

	if (size == 0)
		return 0;
	readers[data[0] % KEEP_COUNT(readers)](
		(struct keep_slice){(const char *)data + 1, size - 1}, &b);
	return 0;
}
