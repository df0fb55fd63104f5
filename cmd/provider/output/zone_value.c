/* What a record of each type holds: read from a property, written for a zone
 * file. */
#include "zone.h"

enum { TXT_MAX = 4000, TXT_PIECE = 255 };

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Cuts the first word off. */
static struct keep_slice word(struct keep_slice *rest)
{
	struct keep_slice w = {rest->p, 0};

	while (w.len < rest->len && !is_blank(w.p[w.len]))
		w.len++;
	rest->p += w.len;
	rest->len -= w.len;
	while (rest->len && is_blank(rest->p[0])) {
		rest->p++;
		rest->len--;
	}
	return w;
}

static bool number(struct keep_slice s, uint64_t max, uint64_t *v)
{
	return keep_num_uint(s, v) && *v <= max;
}

/* What a zone file takes between quotes as it is. */
static bool plain(struct keep_slice s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if ((uint8_t)s.p[i] < 0x20 || (uint8_t)s.p[i] > 0x7e ||
		    s.p[i] == '"' || s.p[i] == '\\')
			return false;
	return true;
}

static bool print(const struct keep_zone *z, struct keep_slice *to,
		  const char *fmt, ...) KEEP_PRINTF(3, 4);
static bool print(const struct keep_zone *z, struct keep_slice *to,
		  const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	*to = keep_mem_vprint(z->x->c->mem, fmt, ap);
	va_end(ap);
	return to->p != NULL;
}

static bool address(const struct keep_zone *z, struct keep_slice s,
		    uint8_t len, struct keep_record *r)
{
	struct keep_buf b = {.mem = z->x->c->mem};
	struct keep_ip ip;

	if (!keep_ip_get(s, &ip) || ip.len != len)
		return false;
	keep_ip_put(&b, &ip);
	r->value = keep_buf_get(&b);
	return !b.failed;
}

static bool ipv4(const struct keep_zone *z, struct keep_slice s,
		 struct keep_record *r)
{
	return address(z, s, 4, r);
}

static bool ipv6(const struct keep_zone *z, struct keep_slice s,
		 struct keep_record *r)
{
	return address(z, s, 16, r);
}

/* A name without a dot is one of the zone; others are full. */
static bool target(const struct keep_zone *z, struct keep_slice s,
		   struct keep_slice *out)
{
	bool in_zone = s.len && !memchr(s.p, '.', s.len);
	struct keep_ip ip;

	if (s.len > 1 && s.p[s.len - 1] == '.')
		s.len--;
	if (keep_ip_get(s, &ip) || !keep_domain_ok(s) || !keep_env_is_host(s))
		return false;
	return in_zone ? print(z, out, "%.*s.%.*s", KEEP_F(s),
			       KEEP_F(z->name)) : print(z, out, "%.*s",
							KEEP_F(s));
}

static bool name(const struct keep_zone *z, struct keep_slice s,
		 struct keep_record *r)
{
	return target(z, s, &r->target) &&
	       print(z, &r->value, "%.*s.", KEEP_F(r->target));
}

/* "10 mail.example.org"; "0 ." says that there is none (RFC 7505). */
static bool mx(const struct keep_zone *z, struct keep_slice s,
	       struct keep_record *r)
{
	struct keep_slice rest = s, first = word(&rest);
	uint64_t preference = 10;

	if (rest.len && !number(first, UINT16_MAX, &preference))
		return false;
	if (!rest.len)
		rest = first;
	if (rest.len == 1 && rest.p[0] == '.')
		return print(z, &r->value, "%u .", (unsigned)preference);
	return target(z, rest, &r->target) &&
	       print(z, &r->value, "%u %.*s.", (unsigned)preference,
		     KEEP_F(r->target));
}

static bool srv(const struct keep_zone *z, struct keep_slice s,
		struct keep_record *r)
{
	uint64_t v[3];
	size_t i;

	for (i = 0; i < KEEP_COUNT(v); i++)
		if (!number(word(&s), UINT16_MAX, &v[i]))
			return false;
	if (s.len == 1 && s.p[0] == '.')
		return print(z, &r->value, "%u %u %u .", (unsigned)v[0],
			     (unsigned)v[1], (unsigned)v[2]);
	return target(z, s, &r->target) &&
	       print(z, &r->value, "%u %u %u %.*s.", (unsigned)v[0],
		     (unsigned)v[1], (unsigned)v[2], KEEP_F(r->target));
}

/* Pieces of 255 bytes (RFC 7208 3.3); what is not ASCII as \DDD. */
static bool txt(const struct keep_zone *z, struct keep_slice s,
		struct keep_record *r)
{
	struct keep_buf b = {.mem = z->x->c->mem};
	size_t i;

	if (s.len > TXT_MAX)
		return false;
	for (i = 0; i < s.len; i++) {
		uint8_t c = (uint8_t)s.p[i];

		if (c < 0x20 || c == 0x7f || c == '"')
			return false;
		if (i % TXT_PIECE == 0)
			keep_buf_text(&b, i ? "\" \"" : "\"");
		keep_buf_print(&b, c > 0x7f ? "\\%03u" : c == '\\' ? "\\%c" :
			       "%c", c);
	}
	keep_buf_text(&b, s.len ? "\"" : "\"\"");
	r->value = keep_buf_get(&b);
	return !b.failed;
}

/* "0 issue letsencrypt.org"; quotes may stand around the last. */
static bool caa(const struct keep_zone *z, struct keep_slice s,
		struct keep_record *r)
{
	struct keep_slice flags = word(&s), tag = word(&s);
	uint64_t v;
	size_t i;

	if (s.len >= 2 && s.p[0] == '"' && s.p[s.len - 1] == '"') {
		s.p++;
		s.len -= 2;
	}
	for (i = 0; i < tag.len; i++)
		if (!isalnum((unsigned char)tag.p[i]))
			return false;
	return number(flags, 255, &v) && tag.len && tag.len <= 15 &&
	       s.len && plain(s) &&
	       print(z, &r->value, "%u %.*s \"%.*s\"", (unsigned)v,
		     KEEP_F(tag), KEEP_F(s));
}

/* Numbers and a digest, whose bytes the last number tells (0: any). */
struct digest {
	size_t numbers;
	uint64_t first_max;
	uint8_t bytes[5];
	bool zero_ok;
};

static bool digest(const struct keep_zone *z, struct keep_slice s,
		   const struct digest *d, struct keep_record *r)
{
	struct keep_buf b = {.mem = z->x->c->mem};
	uint8_t bytes[TXT_MAX / 2];
	struct keep_slice hex;
	uint64_t v = 0;
	size_t i, len;

	for (i = 0; i < d->numbers; i++) {
		if (!number(word(&s), i ? 255 : d->first_max, &v))
			return false;
		keep_buf_print(&b, "%u ", (unsigned)v);
	}
	hex = word(&s);
	if (s.len || !hex.len || hex.len > sizeof bytes ||
	    !keep_hex_get(hex, bytes) || v >= KEEP_COUNT(d->bytes))
		return false;
	len = (size_t)d->bytes[v] * 2;
	if (len ? hex.len != len : v > 0 || !d->zero_ok)
		return false;
	keep_buf_put(&b, hex.p, hex.len);
	r->value = keep_buf_get(&b);
	return !b.failed;
}

static bool ds(const struct keep_zone *z, struct keep_slice s,
	       struct keep_record *r)
{
	const struct digest d = {3, UINT16_MAX, {0, 20, 32, 0, 48}, false};

	return digest(z, s, &d, r);
}

static bool sshfp(const struct keep_zone *z, struct keep_slice s,
		  struct keep_record *r)
{
	const struct digest d = {2, 255, {0, 20, 32, 0, 0}, false};

	return digest(z, s, &d, r);
}

static bool tlsa(const struct keep_zone *z, struct keep_slice s,
		 struct keep_record *r)
{
	const struct digest d = {3, 255, {0, 32, 64, 0, 0}, true};

	return digest(z, s, &d, r);
}

static const struct {
	const char *name;
	bool (*read)(const struct keep_zone *z, struct keep_slice s,
		     struct keep_record *r);
	const char *wanted;
} types[KEEP_RR_COUNT] = {
	[KEEP_RR_NS] = {"NS", name, "a name"},
	[KEEP_RR_A] = {"A", ipv4, "an IPv4 address"},
	[KEEP_RR_AAAA] = {"AAAA", ipv6, "an IPv6 address"},
	[KEEP_RR_CNAME] = {"CNAME", name, "a name"},
	[KEEP_RR_MX] = {"MX", mx, "a name, as '10 mail.example.org'"},
	[KEEP_RR_TXT] = {"TXT", txt, "a text of one line without quotes, "
			 "to 4000 bytes"},
	[KEEP_RR_CAA] = {"CAA", caa, "like '0 issue letsencrypt.org'"},
	[KEEP_RR_SRV] = {"SRV", srv, "like '0 5 443 www.example.org'"},
	[KEEP_RR_PTR] = {"PTR", name, "a name"},
	[KEEP_RR_DS] = {"DS", ds, "key tag, algorithm, kind and digest"},
	[KEEP_RR_SSHFP] = {"SSHFP", sshfp, "algorithm, kind and fingerprint"},
	[KEEP_RR_TLSA] = {"TLSA", tlsa, "usage, selector, kind and digest"},
};

const char *keep_rr_name(enum keep_rr type)
{
	return types[type].name;
}

bool keep_zone_value(const struct keep_zone *z, struct keep_slice text,
		     struct keep_record *r, const char **wanted)
{
	*wanted = types[r->type].wanted;
	return types[r->type].read(z, text, r);
}
