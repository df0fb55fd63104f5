/* Strict numbers, hex and base64. Hex and base64 are libsodium's, since they
 * also carry secrets: no branch and no index depends on the bytes. */
#include <math.h>
#include <sodium.h>
#include <keep/text.h>

bool keep_num_uint(struct keep_slice s, uint64_t *v)
{
	uint64_t sum = 0;
	size_t i;

	if (s.len == 0 || (s.p[0] == '0' && s.len > 1))
		return false;
	for (i = 0; i < s.len; i++) {
		if (s.p[i] < '0' || s.p[i] > '9' ||
		    __builtin_mul_overflow(sum, 10, &sum) ||
		    __builtin_add_overflow(sum, s.p[i] - '0', &sum))
			return false;
	}
	*v = sum;
	return true;
}

bool keep_num_int(struct keep_slice s, int64_t *v)
{
	bool minus = keep_slice_starts(s, "-");
	uint64_t sum;

	if (minus)
		s = (struct keep_slice){s.p + 1, s.len - 1};
	if (!keep_num_uint(s, &sum) || sum > (uint64_t)INT64_MAX + minus)
		return false;
	*v = (int64_t)(minus ? -sum : sum);
	return true;
}

static size_t digits(const char *p)
{
	return strspn(p, "0123456789");
}

/* number of RFC 8259 section 6. */
static bool json_number(const char *p)
{
	size_t n;

	p += *p == '-';
	n = digits(p);
	if (n == 0 || (*p == '0' && n > 1))
		return false;
	p += n;
	if (*p == '.') {
		n = digits(++p);
		if (n == 0)
			return false;
		p += n;
	}
	if (*p == 'e' || *p == 'E') {
		p += 1 + (p[1] == '+' || p[1] == '-');
		n = digits(p);
		if (n == 0)
			return false;
		p += n;
	}
	return *p == '\0';
}

/* Never freed: glibc's "C" is a constant. A program that uses libkeep may have
 * a locale with another decimal point. */
static locale_t c_locale(void)
{
	return newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

bool keep_num_double(struct keep_slice s, double *v)
{
	char text[1100];
	double d;

	if (s.len >= sizeof text)
		return false;
	snprintf(text, sizeof text, "%.*s", KEEP_F(s));
	if (strlen(text) != s.len || !json_number(text))
		return false;
	d = strtod_l(text, NULL, c_locale());
	if (!isfinite(d))
		return false;
	*v = d;
	return true;
}

/* 15 digits are always kept, so fewer need not be tried; but subnormals have
 * fewer than 15. */
void keep_double_put(struct keep_buf *b, double v)
{
	locale_t before = uselocale(c_locale());
	int precision = isnormal(v) ? 15 : 1;
	char text[32] = "null";
	bool same = !isfinite(v);

	for (; !same && precision <= 17; precision++) {
		snprintf(text, sizeof text, "%.*g", precision, v);
		same = strtod(text, NULL) == v;
	}
	uselocale(before);
	keep_buf_text(b, text);
}

bool keep_hex_get(struct keep_slice s, void *bytes)
{
	return s.len % 2 == 0 &&
	       sodium_hex2bin(bytes, s.len / 2, s.p, s.len, NULL, NULL,
			      NULL) == 0;
}

void keep_hex_put(struct keep_buf *b, const void *bytes, size_t len)
{
	const uint8_t *p = bytes, *end = p + len;
	char text[65];
	size_t n;

	for (; p < end; p += n) {
		n = end - p < 32 ? (size_t)(end - p) : 32;
		keep_buf_text(b, sodium_bin2hex(text, sizeof text, p, n));
	}
}

void keep_base64_put(struct keep_buf *b, struct keep_slice bytes)
{
	const uint8_t *p = (const uint8_t *)bytes.p, *end = p + bytes.len;
	char text[65];
	size_t n;

	for (; p < end; p += n) {
		n = end - p < 48 ? (size_t)(end - p) : 48;
		sodium_bin2base64(text, sizeof text, p, n,
				  sodium_base64_VARIANT_ORIGINAL);
		keep_buf_text(b, text);
	}
}

/* libsodium takes bytes from 0x80 on for base64. */
static bool is_ascii(struct keep_slice s)
{
	unsigned all = 0;
	size_t i;

	for (i = 0; i < s.len; i++)
		all |= (unsigned char)s.p[i];
	return all < 0x80;
}

bool keep_base64_get(struct keep_slice s, struct keep_buf *b)
{
	size_t before = b->len, room = s.len / 4 * 3, len = 0;
	uint8_t *p;
	bool good;

	if (s.len % 4 != 0 || !is_ascii(s))
		return false;
	p = keep_buf_grow(b, room);
	if (!p)
		return false;
	good = sodium_base642bin(p, room, s.p, s.len, NULL, &len, NULL,
				 sodium_base64_VARIANT_ORIGINAL) == 0;
	b->len = before + (good ? len : 0);
	return good;
}
