/* Records of the spool as bytes, and files of them read. */
#include <keep/cbor.h>
#include <keep/hash.h>
#include <keep/text.h>
#include "spool.h"

enum { HEAD = 4, TAIL = 4, LOST_MAX = 100 };

static void put_u32(struct keep_buf *b, uint32_t v)
{
	int shift;

	for (shift = 24; shift >= 0; shift -= 8)
		keep_buf_byte(b, (uint8_t)(v >> shift));
}

static uint32_t get_u32(const char *p)
{
	uint32_t v = 0;
	int i;

	for (i = 0; i < HEAD; i++)
		v = v << 8 | (uint8_t)p[i];
	return v;
}

static bool is_topic(struct keep_slice s)
{
	return s.len && keep_utf8_ok(s) && !memchr(s.p, '\0', s.len);
}

int keep_spool_put(struct keep_buf *b, const struct keep_spool_record *r,
		   struct keep_err *e)
{
	size_t at = b->len, len;

	if (r->topic.len > KEEP_TOPIC_MAX || r->payload.len > KEEP_PAYLOAD_MAX)
		return keep_fail(e, KEEP_E_TOO_LARGE, "a topic of %zu and a "
				 "payload of %zu bytes; at most %d and %d",
				 r->topic.len, r->payload.len, KEEP_TOPIC_MAX,
				 KEEP_PAYLOAD_MAX);
	if (!is_topic(r->topic))
		return keep_fail(e, KEEP_E_BAD_ARGS, "a topic is a text");
	put_u32(b, 0);
	keep_cbor_put_map(b, 3);
	keep_cbor_put_uint(b, 0);
	keep_cbor_put_text(b, r->topic);
	keep_cbor_put_uint(b, 1);
	keep_cbor_put_uint(b, r->at_unix_ms);
	keep_cbor_put_uint(b, 2);
	keep_cbor_put_bytes(b, r->payload);
	if (keep_buf_check(b, e)) {
		b->len = at;
		return -KEEP_E_NO_MEMORY;
	}
	len = b->len - at - HEAD;
	b->p[at + 1] = (char)(len >> 16);
	b->p[at + 2] = (char)(len >> 8);
	b->p[at + 3] = (char)len;
	put_u32(b, keep_crc32c((struct keep_slice){b->p + at, HEAD + len}));
	return keep_buf_check(b, e);
}

/* The key that comes next, and a value of the kind. */
static bool take(struct keep_slice *in, uint64_t key, enum keep_cbor_kind kind,
		 struct keep_cbor_head *out)
{
	struct keep_cbor_head k = keep_cbor_next(in);

	*out = keep_cbor_next(in);
	return k.kind == KEEP_CBOR_UINT && k.v == key && out->kind == kind;
}

static bool read_map(struct keep_slice in, struct keep_spool_record *out)
{
	struct keep_cbor_head topic, at, payload, map;

	if (keep_cbor_check(in, &keep_cbor_socket, NULL))
		return false;
	map = keep_cbor_next(&in);
	if (map.kind != KEEP_CBOR_MAP || map.v != 3 ||
	    !take(&in, 0, KEEP_CBOR_TEXT, &topic) ||
	    !take(&in, 1, KEEP_CBOR_UINT, &at) ||
	    !take(&in, 2, KEEP_CBOR_BYTES, &payload))
		return false;
	*out = (struct keep_spool_record){
		.topic = {topic.p, (size_t)topic.v}, .at_unix_ms = at.v,
		.payload = {payload.p, (size_t)payload.v}};
	return is_topic(out->topic) && out->topic.len <= KEEP_TOPIC_MAX &&
	       out->payload.len <= KEEP_PAYLOAD_MAX;
}

bool keep_spool_skip(struct keep_slice *in, struct keep_slice *map)
{
	struct keep_slice body;
	size_t len;

	if (in->len < HEAD + TAIL)
		return false;
	len = get_u32(in->p);
	if (len > in->len - HEAD - TAIL)
		return false;
	body = (struct keep_slice){in->p, HEAD + len};
	if (get_u32(in->p + body.len) != keep_crc32c(body))
		return false;
	*map = (struct keep_slice){in->p + HEAD, len};
	in->p += body.len + TAIL;
	in->len -= body.len + TAIL;
	return true;
}

bool keep_spool_get(struct keep_slice *in, struct keep_spool_record *out)
{
	struct keep_slice rest = *in, map;

	if (!keep_spool_skip(&rest, &map) || !read_map(map, out))
		return false;
	*in = rest;
	return true;
}

/* --- files ----------------------------------------------------------- */

static bool is_file(struct keep_slice name)
{
	static const char end[] = ".spool";
	size_t len = sizeof end - 1;

	return name.len > len &&
	       keep_bytes_equal(name.p + name.len - len, end, len);
}

int keep_spool_list(struct keep_mem *m, int dir, struct keep_names *out,
		    struct keep_err *e)
{
	struct keep_names all;
	struct keep_name *v;
	size_t i;
	int rc = keep_dir_list(m, dir, ".", &all, e);

	if (rc)
		return rc;
	v = KEEP_NEWS(m, all.n, struct keep_name);
	if (!v)
		return keep_no_memory(e);
	*out = (struct keep_names){v, 0};
	for (i = 0; i < all.n; i++)
		if (is_file(all.v[i].name))
			v[out->n++] = all.v[i];
	return 0;
}

int keep_spool_load(struct keep_mem *m, int dir, const char *name,
		    struct keep_slice *out, struct keep_err *e)
{
	return keep_file_read(m, dir, name, KEEP_SPOOL_FILE, out, e);
}

int keep_spool_lost(struct keep_mem *m, int dir, uint64_t *n,
		    struct keep_slice *last, struct keep_err *e)
{
	struct keep_slice text, count;
	const char *blank;
	int rc = keep_file_read(m, dir, "lost", LOST_MAX, &text, e);

	*n = 0;
	*last = (struct keep_slice){0};
	if (rc)
		return rc == -KEEP_E_NOT_FOUND ? 0 : rc;
	blank = memchr(text.p, ' ', text.len);
	if (!blank || text.p[text.len - 1] != '\n')
		return 0;
	count = (struct keep_slice){text.p, (size_t)(blank - text.p)};
	*last = (struct keep_slice){blank + 1,
				    (size_t)(text.p + text.len - blank) - 2};
	if (!keep_num_uint(count, n))
		*n = 0;
	return 0;
}

static int read_file(int dir, struct keep_slice name,
		     const struct keep_spool_read *read, struct keep_err *e)
{
	KEEP_AUTO(keep_mem) m = {0};
	struct keep_spool_record r;
	struct keep_slice bytes;
	int rc = keep_spool_load(&m, dir, name.p, &bytes, e);

	if (rc)
		return rc == -KEEP_E_NOT_FOUND ? 0 : rc; /* gone meanwhile */
	while (!rc && keep_spool_get(&bytes, &r))
		rc = read->each(read->to, name, &r, e);
	return rc;
}

int keep_spool_read(struct keep_slice state_dir, struct keep_spool_read *read,
		    struct keep_err *e)
{
	KEEP_AUTO(keep_mem) m = {0};
	KEEP_AUTO(keep_fd) dir = {0};
	struct keep_slice last;
	struct keep_names names;
	size_t i;
	int rc = keep_spool_open(&m, state_dir, false, &dir, e);

	read->lost = 0;
	if (rc)
		return rc == -KEEP_E_NOT_FOUND ? 0 : rc;
	rc = keep_spool_lost(&m, keep_fd_get(&dir), &read->lost, &last, e);
	if (!rc)
		rc = keep_spool_list(&m, keep_fd_get(&dir), &names, e);
	for (i = 0; !rc && i < names.n; i++)
		rc = read_file(keep_fd_get(&dir), names.v[i].name, read, e);
	return rc;
}
