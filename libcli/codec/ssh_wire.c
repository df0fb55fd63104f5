#include "ssh_wire.h"

struct keep_slice keep_ssh_get_bytes(struct keep_ssh_reader *r, size_t len)
{
	struct keep_slice got = {r->rest.p, len};

	r->bad |= len > r->rest.len;
	if (r->bad)
		return (struct keep_slice){"", 0};
	r->rest.p += len;
	r->rest.len -= len;
	return got;
}

uint32_t keep_ssh_get_u32(struct keep_ssh_reader *r)
{
	struct keep_slice s = keep_ssh_get_bytes(r, 4);
	const uint8_t *p = (const uint8_t *)s.p;

	if (s.len == 0)
		return 0;
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

struct keep_slice keep_ssh_get_string(struct keep_ssh_reader *r)
{
	return keep_ssh_get_bytes(r, keep_ssh_get_u32(r));
}

bool keep_ssh_got_all(const struct keep_ssh_reader *r)
{
	return !r->bad && r->rest.len == 0;
}

void keep_ssh_put_u32(struct keep_buf *b, uint32_t v)
{
	keep_buf_byte(b, (uint8_t)(v >> 24));
	keep_buf_byte(b, (uint8_t)(v >> 16));
	keep_buf_byte(b, (uint8_t)(v >> 8));
	keep_buf_byte(b, (uint8_t)v);
}

void keep_ssh_put_string(struct keep_buf *b, struct keep_slice s)
{
	keep_ssh_put_u32(b, (uint32_t)s.len);
	keep_buf_slice(b, s);
}
