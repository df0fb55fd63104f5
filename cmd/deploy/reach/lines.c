/* Output of nodes, line by line. */
#include "../reach.h"

enum { LINE_MAX = 64 << 10 };

/* What is there of it, as one line. */
static int tell(struct keep_lines *l, struct keep_err *e)
{
	struct keep_slice line = keep_buf_get(&l->part);
	int rc = keep_buf_check(&l->part, e);

	if (!rc)
		rc = l->line(l, line, e);
	l->part.len = 0;
	return rc;
}

int keep_lines_put(struct keep_lines *l, struct keep_slice bytes,
		   struct keep_err *e)
{
	const char *end;
	size_t len;
	int rc = 0;

	while (bytes.len && !rc) {
		len = LINE_MAX - l->part.len;
		if (len > bytes.len)
			len = bytes.len;
		end = memchr(bytes.p, '\n', len);
		if (end)
			len = (size_t)(end - bytes.p);
		keep_buf_put(&l->part, bytes.p, len);
		if (end || l->part.len == LINE_MAX)
			rc = tell(l, e);
		bytes.p += len + !!end;
		bytes.len -= len + !!end;
	}
	return rc;
}

int keep_lines_flush(struct keep_lines *l, struct keep_err *e)
{
	return l->part.len ? tell(l, e) : 0;
}

void keep_lines_end(struct keep_lines *l)
{
	keep_buf_end(&l->part);
}

struct keep_slice keep_lines_text(struct keep_mem *m, struct keep_slice line)
{
	struct keep_buf b = {.mem = m};
	struct keep_slice piece;
	const char *tab;

	for (; line.len; line.p += piece.len, line.len -= piece.len) {
		tab = memchr(line.p, '\t', line.len);
		piece = line;
		piece.len = tab == line.p ? 1 :
			    tab ? (size_t)(tab - line.p) : line.len;
		keep_buf_slice(&b, tab == line.p ? piece :
			       keep_text_safe(m, piece, SIZE_MAX));
	}
	return b.failed ? KEEP_S("?") : keep_buf_get(&b);
}
