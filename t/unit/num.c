#include <float.h>
#include <math.h>
#include <keep/mem.h>
#include "tap.h"

static struct keep_slice text(const char *s)
{
	return keep_slice(s);
}

static void whole_numbers(void)
{
	static const char *const bad[] = {
		"", "+1", "-1", " 1", "1 ", "01", "00", "1x", "0x1", "1.0",
		"18446744073709551616", "99999999999999999999",
	};
	uint64_t u = 7;
	int64_t v = 7;
	size_t i;

	for (i = 0; i < KEEP_COUNT(bad); i++)
		ok(!keep_num_uint(text(bad[i]), &u) && u == 7,
		   "'%s' is no whole number", bad[i]);
	ok(keep_num_uint(text("18446744073709551615"), &u) && u == UINT64_MAX,
	   "the largest whole number is read");
	ok(keep_num_uint(text("0"), &u) && u == 0, "nought is read");
	ok(keep_num_int(text("-9223372036854775808"), &v) && v == INT64_MIN,
	   "the smallest integer is read");
	ok(keep_num_int(text("9223372036854775807"), &v) && v == INT64_MAX,
	   "the largest integer is read");
	ok(!keep_num_int(text("-9223372036854775809"), &v) &&
	   !keep_num_int(text("9223372036854775808"), &v),
	   "integers beyond 64 bits are refused");
	ok(!keep_num_int(text("-"), &v) && !keep_num_int(text("--1"), &v) &&
	   !keep_num_int(text("-01"), &v), "a sign needs a strict number");
}

static void put_double(struct keep_mem *m, double v, const char *want)
{
	struct keep_buf b = {.mem = m};
	double back = 7;

	keep_double_put(&b, v);
	is_text(keep_buf_get(&b), want, "%s is the shortest text", want);
	if (isfinite(v))
		ok(keep_num_double(keep_buf_get(&b), &back) && back == v,
		   "%s reads back the same", want);
}

static void doubles(struct keep_mem *m)
{
	static const char *const bad[] = {
		"", "-", ".5", "5.", "01", "+1", "1e", "1e+", "nan", "inf",
		"0x1p3", "1 ", " 1", "1e999", "-1e999", "1,5", "--1", "1e1.5",
	};
	char digits[1100], nul[] = "1\0002";
	double v = 7;
	size_t i;

	for (i = 0; i < KEEP_COUNT(bad); i++)
		ok(!keep_num_double(text(bad[i]), &v) && v == 7,
		   "'%s' is no number of JSON", bad[i]);
	ok(!keep_num_double((struct keep_slice){nul, 3}, &v),
	   "a NUL does not end a number");
	memset(digits, '9', sizeof digits);
	ok(!keep_num_double((struct keep_slice){digits, sizeof digits}, &v),
	   "a number of 1100 bytes is refused");
	ok(keep_num_double((struct keep_slice){digits, 300}, &v) && v == 1e300,
	   "a number of 300 digits is read");
	ok(keep_num_double(text("-1.5E+2"), &v) && v == -150,
	   "exponents are read");
	ok(keep_num_double(text("1e-999"), &v) && v == 0,
	   "what is too small is nought");
	put_double(m, 0, "0");
	put_double(m, -0.0, "-0");
	put_double(m, 1, "1");
	put_double(m, 0.1, "0.1");
	put_double(m, 0.1 + 0.2, "0.30000000000000004");
	put_double(m, 1.0 / 3, "0.3333333333333333");
	put_double(m, DBL_MAX, "1.7976931348623157e+308");
	put_double(m, 5e-324, "5e-324");
	put_double(m, -1e100, "-1e+100");
	put_double(m, INFINITY, "null");
	put_double(m, NAN, "null");
}

static void base64(struct keep_mem *m)
{
	static const char *const bad[] = {
		"Zg", "Zg=", "Zg===", "Zh==", "Zm9=", " Zg==", "Z",
		"Zm-v", "=", "====", "Zg==Zg==",
	};
	/* RFC 4648 section 10. */
	static const char *const pairs[][2] = {
		{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"},
		{"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="},
		{"foobar", "Zm9vYmFy"},
	};
	struct keep_buf b = {.mem = m}, full = {.mem = m, .limit = 4};
	size_t i;

	for (i = 0; i < KEEP_COUNT(pairs); i++) {
		b.len = 0;
		keep_base64_put(&b, text(pairs[i][0]));
		is_text(keep_buf_get(&b), pairs[i][1], "base64 of '%s'",
			pairs[i][0]);
		b.len = 0;
		ok(keep_base64_get(text(pairs[i][1]), &b) &&
		   keep_slice_is(keep_buf_get(&b), pairs[i][0]),
		   "'%s' is '%s' again", pairs[i][1], pairs[i][0]);
	}
	b.len = 0;
	for (i = 0; i < KEEP_COUNT(bad); i++)
		ok(!keep_base64_get(text(bad[i]), &b) && b.len == 0,
		   "'%s' is no strict base64", bad[i]);
	ok(!keep_base64_get(text("Zg==\n"), &b) && b.len == 0,
	   "a line end is no base64");
	ok(!keep_base64_get(text("Zm9\212\245g=="), &b) && b.len == 0,
	   "bytes beyond ASCII are no base64");
	keep_base64_put(&full, text("foo"));
	ok(!full.failed, "base64 fills a buffer up to its limit");
}

static void long_texts(struct keep_mem *m)
{
	struct keep_buf b = {.mem = m}, text64 = {.mem = m};
	uint8_t bytes[200] = {0};
	size_t i;

	for (i = 0; i < sizeof bytes; i++)
		bytes[i] = (uint8_t)i;
	keep_base64_put(&text64, (struct keep_slice){(char *)bytes, 200});
	ok(keep_base64_get(keep_buf_get(&text64), &b) && b.len == 200 &&
	   keep_bytes_equal(b.p, bytes, 200), "long base64 comes back");
	b.len = 0;
	keep_hex_put(&b, bytes, 100);
	is_int(b.len, 200, "hex has two digits a byte");
	ok(keep_slice_starts(keep_buf_get(&b), "000102030405060708090a0b"),
	   "hex is lower case");
	memset(bytes, 0, sizeof bytes);
	ok(keep_hex_get(keep_buf_get(&b), bytes) && bytes[99] == 99,
	   "long hex comes back");
}

static void hex(void)
{
	static const char *const bad[] = {
		"f", "fg", "f f ", "0xff", "ff:ff", "-f",
	};
	uint8_t bytes[4];
	size_t i;

	ok(keep_hex_get(text("FFaa"), bytes) && bytes[0] == 255 &&
	   bytes[1] == 0xaa, "hex of either case is read");
	for (i = 0; i < KEEP_COUNT(bad); i++)
		ok(!keep_hex_get(text(bad[i]), bytes), "'%s' is no hex",
		   bad[i]);
}

static void with_unit(struct keep_mem *m, void put(struct keep_buf *, uint64_t),
		      uint64_t v, const char *want)
{
	struct keep_buf b = {.mem = m};

	put(&b, v);
	is_text(keep_buf_get(&b), want, "%ju is written %s", (uintmax_t)v,
		want);
}

static void units(struct keep_mem *m)
{
	static const char *const bad[] = {
		"", "s", "1", "1x", "-1s", "1.5s", "01s", "1 s", "1h30m", "1S",
		"18446744073709551615s", "213503982335d",
	};
	uint64_t v = 7;
	size_t i;

	for (i = 0; i < KEEP_COUNT(bad); i++)
		ok(!keep_duration_get(text(bad[i]), &v) && v == 7,
		   "'%s' is no duration", bad[i]);
	ok(keep_duration_get(text("500ms"), &v) && v == 500, "500ms is read");
	ok(keep_duration_get(text("7d"), &v) && v == 604800000, "7d is read");
	with_unit(m, keep_duration_put, 0, "0ms");
	with_unit(m, keep_duration_put, 1500, "1500ms");
	with_unit(m, keep_duration_put, 90000, "90s");
	with_unit(m, keep_duration_put, 600000, "10m");
	with_unit(m, keep_duration_put, 172800000, "2d");
	with_unit(m, keep_size_put, 0, "0");
	with_unit(m, keep_size_put, 4097, "4097");
	with_unit(m, keep_size_put, 65536, "64K");
	with_unit(m, keep_size_put, 3ull << 40, "3T");
	with_unit(m, keep_size_put, 1ull << 50, "1024T");
	ok(keep_size_get(text("64K"), &v) && v == 65536, "64K is read");
	ok(keep_size_get(text("4096"), &v) && v == 4096, "bytes need no unit");
	ok(keep_size_get(text("16777215T"), &v) && v == 16777215ull << 40,
	   "the largest size is read");
	ok(!keep_size_get(text("16777216T"), &v), "2^64 bytes are refused");
	ok(!keep_size_get(text("1k"), &v) && !keep_size_get(text("1KB"), &v),
	   "other units are refused");
}

static void reads_time(const char *s, uint64_t want)
{
	uint64_t t = 0;

	ok(keep_time_get(text(s), &t), "%s is a time", s);
	is_int(t, want, "%s is second %ju", s, (uintmax_t)want);
}

/* Every day up to 2400 is written and read back, and follows the last. */
static bool days_agree(struct keep_mem *m)
{
	struct keep_buf b = {.mem = m}, last = {.mem = m};
	uint64_t day, t;
	bool good = true;

	keep_buf_text(&last, "1970-01-01T00:00:00Z");
	for (day = 1; day < 157054 && good; day++) {
		b.len = 0;
		keep_time_put(&b, day * 86400);
		good = keep_time_get(keep_buf_get(&b), &t) &&
		       t == day * 86400 &&
		       keep_slice_cmp(keep_buf_get(&last),
				      keep_buf_get(&b)) < 0;
		last.len = 0;
		keep_buf_slice(&last, keep_buf_get(&b));
	}
	return good && keep_slice_is(keep_buf_get(&b), "2399-12-31T00:00:00Z");
}

static void reads_times(void)
{
	static const char *const bad[] = {
		"", "2026-11-22", "2026-11-22T04:00:00", "2026-13-01T00:00:00Z",
		"2026-00-01T00:00:00Z", "2026-02-29T00:00:00Z",
		"1900-02-29T00:00:00Z", "2100-02-29T00:00:00Z",
		"2026-04-31T00:00:00Z", "2026-01-00T00:00:00Z",
		"2026-01-32T00:00:00Z", "2026-01-01T24:00:00Z",
		"2026-01-01T00:60:00Z", "2026-01-01T00:00:61Z",
		"2026-01-01T12:00:60Z", "2026-1-01T00:00:00Z",
		"2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00+00:60",
		"2026-01-01T00:00:00+0000", "2026-01-01T00:00:00.Z",
		"2026-01-01T00:00:00ZZ", " 2026-01-01T00:00:00Z",
		"1969-12-31T23:59:59Z", "1970-01-01T00:00:00+00:01",
		"+2026-01-01T00:00:00Z", "2026-01-01 00:00:00Z",
		"9999-12-31T23:59:59-00:01",
	};
	static const char whole[] = "2026-11-22T04:00:00.25+01:00";
	uint64_t t = 7;
	size_t i;
	bool good = true;

	for (i = 0; i < KEEP_COUNT(bad); i++)
		ok(!keep_time_get(text(bad[i]), &t) && t == 7,
		   "'%s' is no time", bad[i]);
	for (i = 0; i < sizeof whole - 1; i++)
		good &= !keep_time_get((struct keep_slice){whole, i}, &t);
	ok(good, "every beginning of a time is refused");
	reads_time("1970-01-01T00:00:00Z", 0);
	reads_time("2000-02-29T12:34:56Z", 951827696);
	reads_time("2026-11-22T04:00:00Z", 1795320000);
	reads_time("2026-11-22T05:30:00+01:30", 1795320000);
	reads_time("2026-11-21T23:00:00-05:00", 1795320000);
	reads_time("2026-11-22t04:00:00.999z", 1795320000);
	reads_time("2016-12-31T23:59:60Z", 1483228800);
	reads_time("2017-01-01T00:59:60+01:00", 1483228800);
	reads_time("9999-12-31T23:59:59Z", 253402300799);
}

static void says_when(struct keep_mem *m, uint64_t at, uint64_t now,
		      const char *want)
{
	struct keep_buf b = {.mem = m};

	keep_time_relative(&b, at, now);
	is_text(keep_buf_get(&b), want, "it says '%s'", want);
}

static void times(struct keep_mem *m)
{
	struct keep_buf b = {.mem = m};

	reads_times();
	ok(days_agree(m), "every day until 2400 is written and read back");
	keep_time_put(&b, 1795320000 + 3723);
	is_text(keep_buf_get(&b), "2026-11-22T05:02:03Z", "a time is in UTC");
	b.len = 0;
	keep_time_put(&b, UINT64_MAX);
	ok(b.len > 20 && !b.failed, "the last second has a text");
	says_when(m, 100, 100, "now");
	says_when(m, 99, 100, "1 second ago");
	says_when(m, 160, 100, "in 1 minute");
	says_when(m, 7300, 100, "in 2 hours");
	says_when(m, 0, 3 * 86400 + 5, "3 days ago");
	says_when(m, 0, 70 * 86400, "2 months ago");
	says_when(m, 0, 1000 * 86400, "2 years ago");
	says_when(m, 0, UINT64_MAX, "584554049253 years ago");
}

static void canonical(struct keep_mem *m, const char *in, const char *want)
{
	struct keep_buf b = {.mem = m};
	struct keep_ip ip = {0};

	ok(keep_ip_get(text(in), &ip), "%s is an address", in);
	keep_ip_put(&b, &ip);
	is_text(keep_buf_get(&b), want, "%s is written %s", in, want);
}

static void addresses(struct keep_mem *m)
{
	static const char *const bad[] = {
		"", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.4 ",
		"1.2.3.-4", "::1%eth0", ":::", "1::2::3", "12345::", "[::1]",
		"1:2:3:4:5:6:7:8:9", "1.2.3.4/8",
		"0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000",
	};
	struct keep_ip ip = {.len = 9};
	size_t i;

	for (i = 0; i < KEEP_COUNT(bad); i++)
		ok(!keep_ip_get(text(bad[i]), &ip) && ip.len == 9,
		   "'%s' is no address", bad[i]);
	ok(!keep_ip_get((struct keep_slice){"1.2.3.4\0" "5", 9}, &ip),
	   "a NUL does not end an address");
	canonical(m, "10.5.5.1", "10.5.5.1");
	canonical(m, "2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1");
	canonical(m, "2001:0db8:0000:0001:0001:0001:0001:0001",
		  "2001:db8:0:1:1:1:1:1");
	canonical(m, "0:0:0:0:0:0:0:0", "::");
	canonical(m, "::ffff:192.0.2.1", "::ffff:192.0.2.1");
}

int main(void)
{
	KEEP_AUTO(keep_mem) mem = {0};

	whole_numbers();
	doubles(&mem);
	base64(&mem);
	long_texts(&mem);
	hex();
	units(&mem);
	times(&mem);
	addresses(&mem);
	return done();
}
