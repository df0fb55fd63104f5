/* Pieces of raw deflate, and a gzip member around them. */
#include <limits.h>
#include <stdlib.h>
#define ZLIB_CONST
#include <zlib.h>
#include <keep/zlib.h>

enum { CHUNK = 16384, STORED_MOST = 65535 };

/* Small pieces are packed by what is small: it is cleared for each. */
static const struct size {
	size_t most; /* bytes of a piece */
	int level, window, memory;
} sizes[KEEP_ZLIB_SIZES] = {
	{4096, Z_BEST_SPEED, -12, 4},
	{SIZE_MAX, Z_DEFAULT_COMPRESSION, -15, 8},
};

static void put16(struct keep_buf *b, uint16_t v)
{
	keep_buf_byte(b, (uint8_t)v);
	keep_buf_byte(b, (uint8_t)(v >> 8));
}

static void put32(struct keep_buf *b, uint32_t v)
{
	put16(b, (uint16_t)v);
	put16(b, (uint16_t)(v >> 16));
}

/* --- pieces -------------------------------------------------------------- */

/* What zlib works in: one arena for all of it. */
static voidpf give(voidpf mem, uInt n, uInt len)
{
	return keep_mem_array(mem, n, len);
}

static void take(voidpf mem, voidpf p)
{
	(void)mem;
	(void)p;
}

static z_stream *begin(struct keep_zlib *z, size_t len)
{
	z_stream *new;
	size_t i = 0;

	while (len > sizes[i].most)
		i++;
	if (z->state[i])
		return deflateReset(z->state[i]) == Z_OK ? z->state[i] : NULL;
	new = KEEP_NEW(&z->mem, z_stream);
	if (!new)
		return NULL;
	*new = (z_stream){.zalloc = give, .zfree = take, .opaque = &z->mem};
	if (deflateInit2(new, sizes[i].level, Z_DEFLATED,
			 sizes[i].window, sizes[i].memory,
			 Z_DEFAULT_STRATEGY) != Z_OK)
		return NULL;
	return z->state[i] = new;
}

/* Inputs longer than zlib counts go in parts. */
static int feed(z_stream *z, struct keep_slice *rest)
{
	if (z->avail_in == 0 && rest->len) {
		z->avail_in = rest->len > UINT_MAX ? UINT_MAX
						   : (uInt)rest->len;
		z->next_in = (const Bytef *)rest->p;
		rest->p += z->avail_in;
		rest->len -= z->avail_in;
	}
	return rest->len ? Z_NO_FLUSH : Z_SYNC_FLUSH;
}

/* It is flushed when room is left. */
static void pack(z_stream *z, struct keep_slice bytes, struct keep_buf *out)
{
	int state = Z_OK, how;

	do {
		z->next_out = keep_buf_grow(out, CHUNK);
		z->avail_out = CHUNK;
		if (!z->next_out)
			return;
		how = feed(z, &bytes);
		state = deflate(z, how);
		out->len -= z->avail_out;
	} while (state == Z_OK && (how == Z_NO_FLUSH || !z->avail_out));
	out->failed = out->failed || state != Z_OK;
}

/* What stands in OUT from AT on. */
static int note(struct keep_slice bytes, struct keep_buf *out, size_t at,
		struct keep_zlib_piece *piece, struct keep_err *e)
{
	if (out->failed)
		return keep_buf_check(out, e);
	*piece = (struct keep_zlib_piece){
		.packed = {out->p + at, out->len - at}, .len = bytes.len,
		.crc = (uint32_t)crc32_z(0, (const Bytef *)bytes.p, bytes.len)};
	return 0;
}

int keep_zlib_pack(struct keep_zlib *z, struct keep_slice bytes,
		   struct keep_buf *out, struct keep_zlib_piece *piece,
		   struct keep_err *e)
{
	z_stream *state = begin(z, bytes.len);
	size_t at = out->len;

	if (!state)
		return keep_no_memory(e);
	pack(state, bytes, out);
	return note(bytes, out, at, piece, e);
}

int keep_zlib_store(struct keep_slice bytes, struct keep_buf *out,
		    struct keep_zlib_piece *piece, struct keep_err *e)
{
	size_t from = out->len, at, len;

	for (at = 0; at < bytes.len; at += len) {
		len = bytes.len - at;
		if (len > STORED_MOST)
			len = STORED_MOST;
		keep_buf_byte(out, 0); /* not the last block, RFC 1951, 3.2.4 */
		put16(out, (uint16_t)len);
		put16(out, (uint16_t)~len);
		keep_buf_put(out, bytes.p + at, len);
	}
	return note(bytes, out, from, piece, e);
}

void keep_zlib_end(struct keep_zlib *z)
{
	size_t i;

	for (i = 0; i < KEEP_ZLIB_SIZES; i++) {
		if (z->state[i])
			deflateEnd(z->state[i]);
		z->state[i] = NULL;
	}
	keep_mem_end(&z->mem);
}

/* --- the member ---------------------------------------------------------- */

static void begin_member(struct keep_zlib_member *m)
{
	/* deflate, no flags, no time, no hint, Unix */
	static const char head[] = "\x1f\x8b\x08\0\0\0\0\0\0\x03";

	if (!m->begun)
		keep_buf_put(m->out, head, sizeof head - 1);
	m->begun = true;
}

void keep_zlib_add(struct keep_zlib_member *m,
		   const struct keep_zlib_piece *piece)
{
	begin_member(m);
	keep_buf_slice(m->out, piece->packed);
	m->crc = (uint32_t)crc32_combine(m->crc, piece->crc,
					 (z_off_t)piece->len);
	m->len += (uint32_t)piece->len;
}

void keep_zlib_finish(struct keep_zlib_member *m)
{
	/* a last block that is empty */
	static const char end[] = {3, 0};

	begin_member(m);
	keep_buf_put(m->out, end, sizeof end);
	put32(m->out, m->crc);
	put32(m->out, m->len);
}
