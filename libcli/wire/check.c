/* The validator: one pass, a fixed stack, no allocation. It reads heads by
 * itself, since libcbor tells neither a long head nor a reserved one. */
#include <math.h>
#include <string.h>
#include <keep/cbor.h>
#include <keep/text.h>

enum major { UINT, NINT, BYTES, TEXT, LIST, MAP, TAG, SIMPLE };

struct head {
	size_t at;
	uint8_t major, info; /* the first byte, in its two parts */
	uint64_t v;
};

/* A list, map or tag that is not yet whole. */
struct frame {
	uint64_t left;         /* items to come; a pair counts two */
	bool map;
	bool text;             /* kind and bytes of the last key */
	struct keep_slice key;
};

struct check {
	const uint8_t *p;
	size_t at, len;
	const struct keep_cbor_profile *profile;
	struct keep_err *e;
	bool cut;              /* len is max_len, more was given */
	uint32_t depth;
	struct frame frames[KEEP_CBOR_DEPTH_MAX];
};

const struct keep_cbor_profile keep_cbor_socket = {
	.max_len = 16u << 20,
	.max_depth = 40,
	.doubles = true,
};
const struct keep_cbor_profile keep_cbor_cose = {
	.max_len = 1u << 20,
	.max_depth = 16,
	.tags = true,
	.negative_keys = true,
};

static int refuse(struct check *c, size_t at, const char *why)
{
	keep_fail(c->e, KEEP_E_BAD_FRAME, "byte %zu: %s", at, why);
	keep_hint(c->e, "encode as RFC 8949 4.2.1 says");
	return -KEEP_E_BAD_FRAME;
}

static int too_long(struct check *c)
{
	return keep_fail(c->e, KEEP_E_TOO_LARGE,
			 "an item of more than %zu bytes", c->profile->max_len);
}

static int ends(struct check *c)
{
	return c->cut ? too_long(c)
		      : keep_fail(c->e, KEEP_E_BAD_FRAME,
				  "byte %zu: the item ends early", c->len);
}

/* What the head promises is not there. */
static int ends_within(struct check *c, const struct head *h, const char *what)
{
	if (c->cut)
		return too_long(c);
	return keep_fail(c->e, KEEP_E_BAD_FRAME,
			 "byte %zu: %s of %ju, bytes left: %zu", h->at, what,
			 (uintmax_t)h->v, c->len - c->at);
}

/* The number behind a first byte of INFO 24 to 27. */
static int read_wide(struct check *c, struct head *h)
{
	static const uint64_t least[] = {24, 0x100, 0x10000, 0x100000000};
	size_t width = (size_t)1 << (h->info - 24);
	size_t i;

	if (c->len - c->at < width)
		return ends(c);
	for (i = 0; i < width; i++)
		h->v = h->v << 8 | c->p[c->at + i];
	c->at += width;
	if (h->major != SIMPLE && h->v < least[h->info - 24])
		return refuse(c, h->at, "a head that is not the shortest");
	return 0;
}

static int read_head(struct check *c, struct head *h)
{
	if (c->at == c->len)
		return ends(c);
	h->at = c->at++;
	h->major = c->p[h->at] >> 5;
	h->info = c->p[h->at] & 31;
	h->v = 0;
	if (h->info < 24)
		h->v = h->info;
	else if (h->info < 28)
		return read_wide(c, h);
	else if (h->info == 31)
		return refuse(c, h->at, "an indefinite length");
	else
		return refuse(c, h->at, "a reserved head");
	return 0;
}

/* Whether all is ASCII without NUL, as nearly all text is: then the two slower
 * looks at it are saved. */
static bool is_plain(struct keep_slice s)
{
	const uint64_t ones = 0x0101010101010101, high = ones << 7;
	uint64_t word, odd = 0;
	size_t at;

	for (at = 0; s.len - at >= sizeof word; at += sizeof word) {
		memcpy(&word, s.p + at, sizeof word);
		odd |= (word | (word - ones)) & high;
	}
	for (; at < s.len; at++)
		odd |= (signed char)s.p[at] <= 0;
	return odd == 0;
}

static int check_text(struct check *c, struct keep_slice s)
{
	size_t start = c->at - s.len, good;
	const char *nul;

	if (is_plain(s))
		return 0;
	good = keep_utf8_check(s);
	if (good < s.len)
		return refuse(c, start + good, "text that is not UTF-8");
	nul = memchr(s.p, 0, s.len);
	if (nul)
		return refuse(c, start + (size_t)(nul - s.p),
			      "a NUL in a text");
	return 0;
}

static int check_string(struct check *c, const struct head *h)
{
	struct keep_slice s = {(const char *)c->p + c->at, (size_t)h->v};

	if (h->v > c->len - c->at)
		return ends_within(c, h, h->major == TEXT ? "a text"
							  : "a byte string");
	c->at += s.len;
	return h->major == TEXT ? check_text(c, s) : 0;
}

static int check_simple(struct check *c, const struct head *h)
{
	enum { NO = 20, NIL = 22, HALF = 25, SINGLE = 26, DOUBLE = 27 };
	double d;

	if (h->info >= NO && h->info <= NIL)
		return 0;
	if (h->info == HALF || h->info == SINGLE)
		return refuse(c, h->at, "a float of less than 64 bits");
	if (h->info != DOUBLE)
		return refuse(c, h->at,
			      "a simple value that is not false, true or null");
	if (!c->profile->doubles)
		return refuse(c, h->at, "a double");
	memcpy(&d, &h->v, sizeof d);
	if (!isfinite(d))
		return refuse(c, h->at, "a double that is not finite");
	return 0;
}

static int enter(struct check *c, const struct head *h, uint64_t items)
{
	if (c->depth == c->profile->max_depth ||
	    c->depth == KEEP_CBOR_DEPTH_MAX)
		return keep_fail(c->e, KEEP_E_BAD_FRAME,
				 "byte %zu: nested deeper than %u", h->at,
				 c->depth);
	c->frames[c->depth++] = (struct frame){
		.left = items,
		.map = h->major == MAP,
	};
	return 0;
}

/* A list or map that counts more than may follow is not entered. */
static int check_many(struct check *c, const struct head *h)
{
	unsigned each = h->major == MAP ? 2 : 1;

	if (h->v > (c->len - c->at) / each)
		return ends_within(c, h, each == 2 ? "a map" : "a list");
	return enter(c, h, h->v * each);
}

static int check_tag(struct check *c, const struct head *h)
{
	return c->profile->tags ? enter(c, h, 1) : refuse(c, h->at, "a tag");
}

static int check_item(struct check *c, const struct head *h)
{
	switch (h->major) {
	case BYTES:
	case TEXT: return check_string(c, h);
	case LIST:
	case MAP: return check_many(c, h);
	case TAG: return check_tag(c, h);
	case SIMPLE: return check_simple(c, h);
	default: return 0;
	}
}

/* The last key of F is before KEY in the order of encoded bytes. */
static int check_order(struct check *c, const struct head *h, struct frame *f,
		       struct keep_slice key)
{
	bool text = h->major == TEXT;
	int order;

	if (f->key.p && f->text != text && !c->profile->negative_keys)
		return refuse(c, h->at, "numbers and texts as keys of one map");
	order = f->key.p ? keep_slice_cmp(f->key, key) : -1;
	if (order == 0)
		return refuse(c, h->at, "a map key that comes twice");
	if (order > 0)
		return refuse(c, h->at, "map keys that are not in order");
	f->key = key;
	f->text = text;
	return 0;
}

static int check_key(struct check *c, const struct head *h, struct frame *f)
{
	struct keep_slice key = {(const char *)c->p + h->at, 0};
	int rc;

	if (h->major == NINT && !c->profile->negative_keys)
		return refuse(c, h->at, "a negative map key");
	if (h->major != UINT && h->major != NINT && h->major != TEXT)
		return refuse(c, h->at, "a map key that is no number or text");
	rc = check_item(c, h);
	if (rc)
		return rc;
	key.len = c->at - h->at;
	return check_order(c, h, f, key);
}

static int check_whole(struct check *c)
{
	struct frame *f;
	struct head h;
	bool key;
	int rc;

	do {
		rc = read_head(c, &h);
		if (rc)
			return rc;
		f = c->depth ? &c->frames[c->depth - 1] : NULL;
		key = f && f->map && f->left % 2 == 0;
		if (f)
			f->left--;
		rc = key ? check_key(c, &h, f) : check_item(c, &h);
		if (rc)
			return rc;
		while (c->depth && c->frames[c->depth - 1].left == 0)
			c->depth--;
	} while (c->depth);
	return 0;
}

int keep_cbor_check_first(struct keep_slice bytes,
			  const struct keep_cbor_profile *profile, size_t *len,
			  struct keep_err *e)
{
	struct check c;
	int rc;

	c.p = (const uint8_t *)bytes.p;
	c.at = 0;
	c.cut = bytes.len > profile->max_len;
	c.len = c.cut ? profile->max_len : bytes.len;
	c.profile = profile;
	c.e = e;
	c.depth = 0;
	rc = check_whole(&c);
	if (!rc)
		*len = c.at;
	return rc;
}

int keep_cbor_check(struct keep_slice bytes,
		    const struct keep_cbor_profile *profile, struct keep_err *e)
{
	size_t len;
	int rc;

	if (bytes.len > profile->max_len)
		return keep_fail(e, KEEP_E_TOO_LARGE,
				 "%zu bytes; at most %zu are taken", bytes.len,
				 profile->max_len);
	rc = keep_cbor_check_first(bytes, profile, &len, e);
	if (!rc && len < bytes.len)
		return keep_fail(e, KEEP_E_BAD_FRAME,
				 "byte %zu: the item is over, bytes left: %zu",
				 len, bytes.len - len);
	return rc;
}
