/* Headers and blocks. A path that has no room in a header stands before it in
 * an extended one. */
#include <stdio.h>
#include "tar.h"

enum {
	BLOCK = 512, NAME_LEN = 100,
	MODE = 100, UID = 108, GID = 116, SIZE = 124, MTIME = 136, SUM = 148,
	TYPE = 156, MAGIC = 257, REGULAR = '0', EXTENDED = 'x',
};

/* A number in octal, with a NUL behind it. */
static void octal(char *field, int digits, size_t v)
{
	field[digits] = 0;
	while (digits--) {
		field[digits] = (char)('0' + v % 8);
		v /= 8;
	}
}

static void header(struct keep_buf *b, struct keep_slice path, int type,
		   size_t size)
{
	static const char magic[8] = {'u', 's', 't', 'a', 'r', 0, '0', '0'};
	char h[BLOCK] = {0};
	unsigned sum = 0;
	size_t i;

	memcpy(h, path.p, path.len < NAME_LEN ? path.len : NAME_LEN);
	octal(h + MODE, 7, 0600);
	octal(h + UID, 7, 0);
	octal(h + GID, 7, 0);
	octal(h + SIZE, 11, size);
	octal(h + MTIME, 11, 0);
	memset(h + SUM, ' ', 8);
	h[TYPE] = (char)type;
	memcpy(h + MAGIC, magic, sizeof magic);
	for (i = 0; i < BLOCK; i++)
		sum += (unsigned char)h[i];
	octal(h + SUM, 6, sum);
	keep_buf_put(b, h, BLOCK);
}

void keep_tar_pad(struct keep_buf *b, size_t len)
{
	static const char zeros[BLOCK];

	keep_buf_put(b, zeros, (BLOCK - len % BLOCK) % BLOCK);
}

/* "LEN path=PATH\n", where LEN counts itself. */
static void extended(struct keep_buf *b, struct keep_slice path)
{
	char record[4096 + 32];
	size_t len = path.len + sizeof " path=", digits = 1, most = 10;

	for (; len + digits >= most; most *= 10)
		digits++;
	if (path.len > 4096) {
		b->failed = true;
		return;
	}
	snprintf(record, sizeof record, "%zu path=%.*s\n", len + digits,
		 KEEP_F(path));
	header(b, KEEP_S("path"), EXTENDED, len + digits);
	keep_buf_put(b, record, len + digits);
	keep_tar_pad(b, len + digits);
}

void keep_tar_begin(struct keep_buf *b, struct keep_slice path, size_t len)
{
	if (path.len > NAME_LEN)
		extended(b, path);
	header(b, path, REGULAR, len);
}

void keep_tar_put(struct keep_buf *b, struct keep_slice path,
		  struct keep_slice content)
{
	keep_tar_begin(b, path, content.len);
	keep_buf_slice(b, content);
	keep_tar_pad(b, content.len);
}

void keep_tar_end(struct keep_buf *b)
{
	static const char zeros[2 * BLOCK];

	keep_buf_put(b, zeros, sizeof zeros);
}
