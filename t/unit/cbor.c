/* CBOR: what the profiles take and refuse, the cursor, the writer. */
#include <sys/resource.h>
#include <keep/cbor.h>
#include "tap.h"

static unsigned digit(char c)
{
	return c <= '9' ? (unsigned)(c - '0') : (unsigned)(c - 'a' + 10);
}

/* The bytes of a hex text, in BYTES, which must be large enough. */
static struct keep_slice unhex(struct keep_slice hex, char *bytes)
{
	size_t i;

	for (i = 0; i < hex.len / 2; i++)
		bytes[i] = (char)(digit(hex.p[2 * i]) << 4 |
				  digit(hex.p[2 * i + 1]));
	return (struct keep_slice){bytes, hex.len / 2};
}

/* "ok", or the message of the refusal. */
static const char *verdict(struct keep_slice item,
			   const struct keep_cbor_profile *profile,
			   struct keep_err *e)
{
	*e = (struct keep_err){0};
	return keep_cbor_check(item, profile, e) ? e->message : "ok";
}

/* Takes the field before the next " | " off a line. */
static struct keep_slice field(char **line)
{
	char *at = *line, *end = strstr(at, " | ");

	if (!end)
		end = at + strcspn(at, "\n");
	*line = *end ? end + 3 : end;
	return (struct keep_slice){at, (size_t)(end - at)};
}

static void copies(struct keep_slice item)
{
	KEEP_AUTO(keep_buf) copy = {0};
	struct keep_slice in = item;
	struct keep_cbor_head h = keep_cbor_next(&in);

	for (; h.kind != KEEP_CBOR_END; h = keep_cbor_next(&in))
		keep_cbor_put_head(&copy, &h);
	ok(in.len == 0 && keep_slice_eq(keep_buf_get(&copy), item),
	   "read and written again it is the same");
	in = item;
	ok(keep_slice_eq(keep_cbor_skip(&in), item) && in.len == 0,
	   "it is skipped as a whole");
}

/* Cut bytes are copied to where a sanitizer sees an overrun. */
static void refuses_cuts(struct keep_slice item,
			 const struct keep_cbor_profile *profile)
{
	struct keep_err e = {0};
	size_t len, taken = 0;

	for (len = 0; len < item.len; len++) {
		char *cut = malloc(len ? len : 1);

		if (!cut)
			continue;
		memcpy(cut, item.p, len);
		taken += !keep_cbor_check((struct keep_slice){cut, len},
					  profile, &e);
		free(cut);
	}
	is_int(taken, 0, "no beginning of it is taken for an item");
}

/* Whatever one byte becomes: what is taken is in its only form. */
static void survives_changes(struct keep_slice item,
			     const struct keep_cbor_profile *profile)
{
	char bytes[64];
	size_t wrong = 0;
	unsigned i;

	memcpy(bytes, item.p, item.len);
	for (i = 0; i < item.len * 256; i++) {
		struct keep_slice in = {bytes, item.len}, all = in;
		char old = bytes[i / 256];

		bytes[i / 256] = (char)i;
		if (!keep_cbor_check(in, profile, NULL))
			wrong += keep_cbor_skip(&in).len != all.len;
		bytes[i / 256] = old;
	}
	is_int(wrong, 0, "with a byte changed it is refused or readable");
}

static void shows(struct keep_slice item, struct keep_slice want)
{
	KEEP_AUTO(keep_buf) out = {0};

	keep_cbor_diag(item, &out);
	is_slice(keep_buf_get(&out), want, "it is shown as %.*s",
		 KEEP_F(want));
}

static void appendix_line(char *line)
{
	struct keep_slice hex = field(&line), socket = field(&line);
	struct keep_slice cose = field(&line), notation = field(&line);
	char bytes[64];
	struct keep_slice item = unhex(hex, bytes);
	bool takes = keep_slice_is(socket, "ok");
	struct keep_err e;

	is_slice(keep_slice(verdict(item, &keep_cbor_socket, &e)), socket,
		"%.*s on a socket: %.*s", KEEP_F(hex), KEEP_F(socket));
	is_slice(keep_slice(verdict(item, &keep_cbor_cose, &e)), cose,
		"%.*s in COSE: %.*s", KEEP_F(hex), KEEP_F(cose));
	if (!takes && !keep_slice_is(cose, "ok"))
		return;
	copies(item);
	shows(item, notation);
	refuses_cuts(item, takes ? &keep_cbor_socket : &keep_cbor_cose);
	survives_changes(item, takes ? &keep_cbor_socket : &keep_cbor_cose);
}

static void appendix(void)
{
	FILE *in = fopen("t/vectors/cbor/appendix_a.txt", "r");
	char line[512];
	int n = 0;

	while (in && fgets(line, sizeof line, in))
		if (line[0] != '#') {
			appendix_line(line);
			n++;
		}
	if (in)
		fclose(in);
	is_int(n, 82, "all items of RFC 8949 appendix A are tried");
}

/* Which profile, item, what it says, why. */
#define SOCKET &keep_cbor_socket
#define COSE &keep_cbor_cose
static const struct {
	const struct keep_cbor_profile *profile;
	const char *hex, *verdict, *title;
} cases[] = {
	{SOCKET, "", "byte 0: the item ends early", "nothing is no item"},
	{SOCKET, "0000", "byte 1: the item is over, bytes left: 1", "two items are not one"},
	{SOCKET, "1817", "byte 0: a head that is not the shortest", "23 in two bytes is refused"},
	{SOCKET, "1900ff", "byte 0: a head that is not the shortest",
	 "255 in three bytes is refused"},
	{SOCKET, "1a0000ffff", "byte 0: a head that is not the shortest",
	 "65535 in five bytes is refused"},
	{SOCKET, "1b00000000ffffffff", "byte 0: a head that is not the shortest",
	 "2^32-1 in nine bytes is refused"},
	{SOCKET, "1b0000000100000000", "ok", "2^32 takes nine bytes"},
	{SOCKET, "815800", "byte 1: a head that is not the shortest", "a long length is refused"},
	{SOCKET, "1c", "byte 0: a reserved head", "reserved heads are refused"},
	{SOCKET, "3f", "byte 0: an indefinite length", "a number has no indefinite length"},
	{SOCKET, "ff", "byte 0: an indefinite length", "a break is refused"},
	{SOCKET, "f814", "byte 0: a simple value that is not false, true or null",
	 "false in two bytes is refused"},
	{SOCKET, "4201", "byte 0: a byte string of 2, bytes left: 1",
	 "a cut byte string is refused"},
	{SOCKET, "62c328", "byte 1: text that is not UTF-8", "text must be UTF-8"},
	{SOCKET, "63eda080", "byte 1: text that is not UTF-8", "surrogates are no text"},
	{SOCKET, "42c328", "ok", "a byte string holds anything"},
	{SOCKET, "63610062", "byte 2: a NUL in a text", "text holds no NUL"},
	{SOCKET, "826161", "byte 3: the item ends early", "a list with an item missing is refused"},
	{SOCKET, "8200", "byte 0: a list of 2, bytes left: 1",
	 "a list cannot count more than is there"},
	{SOCKET, "a2000100", "byte 0: a map of 2, bytes left: 3",
	 "a pair takes two bytes at least"},
	{SOCKET, "a200010001", "byte 3: a map key that comes twice", "a number is a key only once"},
	{SOCKET, "a201010002", "byte 3: map keys that are not in order", "number keys ascend"},
	{SOCKET, "a217001818f6", "ok", "23 comes before 24"},
	{SOCKET, "a26161006161f6", "byte 4: a map key that comes twice",
	 "a text is a key only once"},
	{SOCKET, "a2626161006162f6", "byte 5: map keys that are not in order",
	 "the shorter text key comes first"},
	{SOCKET, "a2617a0062616100", "ok", "z comes before aa"},
	{SOCKET, "a200006100f6", "byte 4: a NUL in a text", "a key is text like any other"},
	{SOCKET, "a2000061610000", "byte 3: numbers and texts as keys of one map",
	 "keys of a map are of one kind"},
	{SOCKET, "a12000", "byte 1: a negative map key", "no negative keys on a socket"},
	{SOCKET, "a14000", "byte 1: a map key that is no number or text",
	 "byte strings are no keys"},
	{SOCKET, "a18000", "byte 1: a map key that is no number or text", "lists are no keys"},
	{SOCKET, "a1f500", "byte 1: a map key that is no number or text", "true is no key"},
	{SOCKET, "a200a1000001f6", "ok", "a map in a map has keys of its own"},
	{SOCKET, "a100d20000", "byte 2: a tag", "no tags on a socket"},
	{SOCKET, "fbfff8000000000000", "byte 0: a double that is not finite", "NaN is refused"},
	{COSE, "d28443a10126a10442313140f6", "ok", "a COSE_Sign1 is taken"},
	{COSE, "a301002000616100", "ok", "numbers, then negative ones, then texts"},
	{COSE, "a220000100", "byte 3: map keys that are not in order",
	 "negative keys come after the others"},
	{COSE, "a220002000", "byte 3: a map key that comes twice", "a negative key comes once"},
	{COSE, "a221002000", "byte 3: map keys that are not in order", "-1 comes before -2"},
	{COSE, "d2", "byte 1: the item ends early", "a tag tags something"},
	{COSE, "d81200", "byte 0: a head that is not the shortest", "a tag has its shortest head"},
	{COSE, "a1d20000", "byte 1: a map key that is no number or text", "a tag is no key"},
};

static void tells_why(void)
{
	char bytes[64];
	struct keep_err e;
	size_t i;

	for (i = 0; i < KEEP_COUNT(cases); i++)
		is_text(keep_slice(verdict(unhex(keep_slice(cases[i].hex),
						 bytes),
					   cases[i].profile, &e)),
			cases[i].verdict, "%s", cases[i].title);
}

/* N lists of one item, the innermost empty. */
static const char *nested(size_t n, const struct keep_cbor_profile *profile,
			  struct keep_err *e)
{
	char bytes[128];

	memset(bytes, '\x81', n);
	bytes[n - 1] = '\x80';
	return verdict((struct keep_slice){bytes, n}, profile, e);
}

static void limits(void)
{
	const struct keep_cbor_profile four = {.max_len = 4, .max_depth = 9};
	const struct keep_cbor_profile deep = {.max_len = 99, .max_depth = 99};
	struct keep_err e;
	size_t len = 0;

	is_text(keep_slice(nested(40, SOCKET, &e)), "ok",
		"40 levels pass on a socket");
	is_text(keep_slice(nested(41, SOCKET, &e)),
		"byte 40: nested deeper than 40", "41 levels do not");
	is_text(keep_slice(nested(16, COSE, &e)), "ok",
		"16 levels pass in COSE");
	is_text(keep_slice(nested(17, COSE, &e)),
		"byte 16: nested deeper than 16", "17 levels do not");
	is_text(keep_slice(nested(65, &deep, &e)),
		"byte 64: nested deeper than 64",
		"no profile goes deeper than 64");
	is_int(keep_cbor_check(KEEP_S("\x44" "abcd"), &four, &e),
	       -KEEP_E_TOO_LARGE, "an item over the limit is too large");
	is_int(keep_cbor_check_first(KEEP_S("\x44" "abcd"), &four, &len, &e),
	       -KEEP_E_TOO_LARGE, "also the first of a sequence");
	is_int(keep_cbor_check_first(KEEP_S("\x83" "abcde"), &four, &len, &e),
	       -KEEP_E_TOO_LARGE, "also one of many parts");
	is_int(keep_cbor_check_first(KEEP_S("\x42" "abcd"), &four, &len, &e),
	       0, "what follows the first item does not count");
	is_int(len, 3, "the first item of a sequence has its length");
}

/* Bytes that this process may map. */
static size_t mapped(void)
{
	FILE *in = fopen("/proc/self/statm", "r");
	char line[64] = "";
	size_t pages = 0;

	if (in && fgets(line, sizeof line, in))
		pages = strtoul(line, NULL, 10);
	if (in)
		fclose(in);
	return pages * 4096;
}

static uint64_t cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

/* HEAD again and again, LEN bytes in all, with a mebibyte to spend. */
static void bomb(struct keep_slice head, size_t len, const char *what)
{
	char bytes[2048];
	struct rlimit old, tight;
	struct keep_err e = {0};
	uint64_t from, least = UINT64_MAX;
	size_t i;
	int rc = 0;

	for (i = 0; i < len; i++)
		bytes[i] = head.p[i % head.len];
	getrlimit(RLIMIT_AS, &old);
	tight = (struct rlimit){mapped() + (1 << 20), old.rlim_max};
	setrlimit(RLIMIT_AS, &tight);
	/* the least of some: what others do on the machine counts in a few */
	for (i = 0; i < 10; i++) {
		from = cpu_ns();
		rc = keep_cbor_check((struct keep_slice){bytes, len}, SOCKET,
				     &e);
		from = cpu_ns() - from;
		least = from < least ? from : least;
	}
	setrlimit(RLIMIT_AS, &old);
	is_int(rc, -KEEP_E_BAD_FRAME, "%s are refused within a mebibyte", what);
	ok(least < 1000000, "%s take less than a millisecond", what);
}

static void bombs(void)
{
	bomb(KEEP_S("\x9a\x08\0\0\0"), 5, "a list of 2^27 in 5 bytes");
	bomb(KEEP_S("\x99\xff\xff"), 1800, "600 lists of 65535");
	bomb(KEEP_S("\x9a\0\x3d\x09\0"), 1000, "200 lists of 4 million");
	bomb(KEEP_S("\xba\0\x3d\x09\0"), 1000, "200 maps of 4 million");
	bomb(KEEP_S("\x5b\xff\xff\xff\xff\xff\xff\xff\xff"), 1000,
	     "byte strings of 2^64-1");
	bomb(KEEP_S("\x81"), 2000, "2000 lists of one");
	bomb(KEEP_S("\xa1\0"), 2000, "1000 maps of one");
}

static void cursor(void)
{
	struct keep_slice in = KEEP_S("\x82\x01\x61" "a\x9f\x01");
	struct keep_slice bad, odd = KEEP_S("\xbb\x80\0\0\0\0\0\0\0\0\0");
	struct keep_cbor_head h = keep_cbor_peek(in);

	ok(h.kind == KEEP_CBOR_LIST && h.v == 2 && in.len == 6,
	   "a peek tells a list of 2 and takes nothing");
	is_slice(keep_cbor_skip(&in), KEEP_S("\x82\x01\x61" "a"),
		 "a skip takes the list with its items");
	bad = in;
	ok(keep_cbor_next(&in).kind == KEEP_CBOR_END && in.p == bad.p,
	   "what is not well-formed is the end");
	ok(!keep_cbor_skip(&in).p && in.p == bad.p, "nor is it skipped");
	ok(!keep_cbor_skip(&odd).p && odd.len == 11,
	   "a map of 2^63 pairs is not skipped");
	in.len = 0;
	ok(keep_cbor_next(&in).kind == KEEP_CBOR_END, "no bytes are the end");
}

static void writer(void)
{
	static const unsigned char want[] = {
		0x83, 0x3b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0x1b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0xa1, 0x61, 'k', 0x42, 0, 1,
	};
	KEEP_AUTO(keep_buf) b = {0};
	struct keep_buf small = {.limit = 2};

	keep_cbor_put_int(&b, INT64_MIN);
	keep_cbor_put_int(&b, INT64_MAX);
	keep_cbor_put_map(&b, 1);
	keep_cbor_put_text(&b, KEEP_S("k"));
	keep_cbor_put_bytes(&b, KEEP_S("\0\x01"));
	keep_cbor_wrap_list(&b, 0, 3);
	ok(b.len == sizeof want && keep_bytes_equal(b.p, want, b.len),
	   "numbers, a map, strings, and a list put around them");
	keep_cbor_put_bytes(&small, KEEP_S("long"));
	ok(small.failed, "a full buffer tells that something is missing");
	keep_buf_end(&small);
	ok(keep_cbor_key_cmp(KEEP_S("z"), KEEP_S("aa")) < 0 &&
	   keep_cbor_key_cmp(KEEP_S("ab"), KEEP_S("aa")) > 0 &&
	   keep_cbor_key_cmp(KEEP_S("ab"), KEEP_S("ab")) == 0,
	   "text keys: the shorter first, then by bytes");
}

static void diagnostic(void)
{
	shows(KEEP_S("\xd2\x82\x20\xa2\x01\xf6\x02\x81\xf4"),
	      KEEP_S("18([-1, {1: null, 2: [false]}])"));
	shows(KEEP_S("\x67" "a\n\"\\\x7f\xc2\x9b"),
	      KEEP_S("\"a\\u000a\\\"\\\\\\u007f\\u009b\""));
	shows(KEEP_S("\xfb\x40\x08\0\0\0\0\0\0"), KEEP_S("3.0"));
	shows(KEEP_S("\x9b\xff\xff\xff\xff\xff\xff\xff\xff\x01\xff"),
	      KEEP_S("[1, ]"));
}

int main(void)
{
	appendix();
	tells_why();
	limits();
	bombs();
	cursor();
	writer();
	diagnostic();
	return done();
}
