/* The table: a head, then rows in order. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#include <keep/file.h>
#include "stamps.h"

enum { TABLE_MAX = 64 << 20 };
static const char table[] = ".keep/sources";

struct head {
	char magic[12];
	uint32_t crc; /* of the rows */
};
static const char magic[12] = "keep-srcs 1";

static int order(const void *a, const void *b)
{
	const struct keep_look *x = a, *y = b;

	return x->inode != y->inode ? (x->inode > y->inode) * 2 - 1 :
	       (x->device > y->device) - (x->device < y->device);
}

/* What was read lies aligned for anything. */
static bool take(struct keep_slice text, struct keep_stamps *s)
{
	struct head head;
	struct keep_slice rows;

	if (text.len < sizeof head ||
	    (text.len - sizeof head) % sizeof *s->v != 0)
		return false;
	memcpy(&head, text.p, sizeof head);
	rows = (struct keep_slice){text.p + sizeof head,
				   text.len - sizeof head};
	if (!keep_bytes_equal(head.magic, magic, sizeof magic) ||
	    head.crc != keep_crc32c(rows))
		return false;
	s->v = (const void *)rows.p;
	s->n = rows.len / sizeof *s->v;
	return true;
}

int keep_stamps_read(struct keep_ctx *c, struct keep_stamps *s,
		     struct keep_err *e)
{
	struct keep_slice text;
	struct keep_err why;
	int code = keep_file_read(s->mem, keep_fd_get(&c->instance), table,
				  TABLE_MAX, &text, &why);

	if (code == -KEEP_E_NO_MEMORY)
		return keep_no_memory(e);
	s->grew = code || !take(text, s);
	return 0;
}

const struct keep_stamp *keep_stamps_find(struct keep_stamps *s,
					  const struct keep_look *l)
{
	const struct keep_stamp *found = !s->n ? NULL :
		bsearch(l, s->v, s->n, sizeof *s->v, order);

	if (!found || !keep_bytes_equal(&found->as, l, sizeof *l))
		return NULL;
	keep_buf_put(&s->seen, found, sizeof *found);
	return found;
}

void keep_stamps_add(struct keep_stamps *s, const struct keep_stamp *new)
{
	if (!keep_look_sure(&new->as, s->at_ms))
		return;
	keep_buf_put(&s->seen, new, sizeof *new);
	s->grew = true;
}

static int put(int dir, const char *path, const struct keep_stamps *s,
	       struct keep_err *e)
{
	KEEP_AUTO(keep_fd) fd = {0};
	struct keep_slice rows = keep_buf_get(&s->seen);
	struct head head = {.crc = keep_crc32c(rows)};
	int code = keep_open(dir, path, O_WRONLY | O_CREAT | O_TRUNC, 0600,
			     KEEP_NO_LINKS, &fd, e);

	memcpy(head.magic, magic, sizeof magic);
	if (!code)
		code = keep_fd_write(keep_fd_get(&fd), (struct keep_slice){
					     (const char *)&head, sizeof head},
				     e);
	return code ? code : keep_fd_write(keep_fd_get(&fd), rows, e);
}

int keep_stamps_write(struct keep_ctx *c, struct keep_stamps *s,
		      struct keep_err *e)
{
	int dir = keep_fd_get(&c->instance), code;
	char temp[sizeof table + 24];

	if (!s->grew || !s->seen.len)
		return 0;
	snprintf(temp, sizeof temp, "%s.%ld", table, (long)getpid());
	qsort(s->seen.p, s->seen.len / sizeof *s->v, sizeof *s->v, order);
	code = keep_buf_check(&s->seen, e);
	if (!code)
		code = keep_dir_make(dir, ".keep", 0755, e);
	if (!code)
		code = put(dir, temp, s, e);
	if (!code && renameat(dir, temp, dir, table))
		code = keep_fail_errno(e, "%s", table);
	if (code)
		unlinkat(dir, temp, 0);
	return code;
}
