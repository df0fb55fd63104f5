/* One gzip member. */
#include <limits.h>
#include <stdlib.h>
#define ZLIB_CONST
#include <zlib.h>
#include <keep/secret.h>
#include <keep/zlib.h>

enum { GZIP = 15 + 16, MEMORY = 8, CHUNK = 16384 };

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
	return rest->len ? Z_NO_FLUSH : Z_FINISH;
}

static void pack(z_stream *z, struct keep_slice bytes, struct keep_buf *out)
{
	int state = Z_OK;

	while (state == Z_OK && !out->failed) {
		z->next_out = keep_buf_grow(out, CHUNK);
		z->avail_out = CHUNK;
		if (!z->next_out)
			return;
		state = deflate(z, feed(z, &bytes));
		out->len -= z->avail_out;
	}
	out->failed = out->failed || state != Z_STREAM_END;
}

int keep_zlib_gzip(struct keep_slice bytes, struct keep_buf *out,
		   struct keep_err *e)
{
	KEEP_AUTO(keep_mem) mem = {.secret = true, .softly = true};
	z_stream z = {.zalloc = give, .zfree = take, .opaque = &mem};

	if (deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, GZIP, MEMORY,
			 Z_DEFAULT_STRATEGY) != Z_OK)
		return keep_no_memory(e);
	pack(&z, bytes, out);
	deflateEnd(&z);
	return keep_buf_check(out, e);
}
