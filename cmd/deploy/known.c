/* The records: a line "keep-node 2 ID COMMIT TIME SUM", then the manifest,
 * whose SHA-256 the id is; SUM is that of "ID COMMIT TIME". They are written
 * where they are, since a replacement costs the disk: one that was cut off, or
 * that two wrote at once, is told by its hashes. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include <keep/file.h>
#include "digest.h"
#include "known.h"

#define MAGIC "keep-node 2 "
enum { HEAD_MAX = 512 };

static bool take(struct keep_slice *s, char end, struct keep_slice *out)
{
	const char *p = s->len ? memchr(s->p, end, s->len) : NULL;

	if (!p || p == s->p)
		return false;
	*out = (struct keep_slice){s->p, (size_t)(p - s->p)};
	s->p = p + 1;
	s->len -= out->len + 1;
	return true;
}

static bool is_hash(struct keep_ctx *c, struct keep_slice hex,
		    struct keep_slice of)
{
	uint8_t hash[KEEP_SHA256_LEN], said[KEEP_SHA256_LEN];

	if (hex.len != KEEP_ID_LEN || !keep_hex_get(hex, said))
		return false;
	keep_digest_of(c)(of, hash);
	return keep_bytes_equal(hash, said, sizeof hash);
}

static bool read_record(struct keep_ctx *c, struct keep_slice s,
			struct keep_known *k)
{
	struct keep_slice head, time, sum;

	if (!keep_slice_starts(s, MAGIC))
		return false;
	s = (struct keep_slice){s.p + strlen(MAGIC), s.len - strlen(MAGIC)};
	head.p = s.p;
	if (!take(&s, ' ', &k->id) || !take(&s, ' ', &k->commit) ||
	    !take(&s, ' ', &time) || !keep_num_uint(time, &k->at_unix_s))
		return false;
	head.len = (size_t)(s.p - head.p) - 1;
	if (!take(&s, '\n', &sum) || !is_hash(c, sum, head))
		return false;
	k->manifest = s;
	return is_hash(c, k->id, s);
}

static struct keep_slice path_of(struct keep_mem *m, struct keep_slice name)
{
	return keep_mem_print(m, ".keep/nodes/%.*s", KEEP_F(name));
}

int keep_known_get(struct keep_ctx *c, struct keep_mem *m,
		   struct keep_slice name, struct keep_known *out,
		   struct keep_err *e)
{
	struct keep_slice path = path_of(m, name), text = {0};
	struct keep_err why = {0};

	*out = (struct keep_known){0};
	if (!path.p)
		return keep_no_memory(e);
	if (keep_file_read(m, keep_fd_get(&c->instance), path.p,
			   KEEP_MANIFEST_MAX + HEAD_MAX, &text, &why))
		return why.code == KEEP_E_NO_MEMORY ? keep_no_memory(e) : 0;
	if (!read_record(c, text, out))
		*out = (struct keep_known){0};
	return 0;
}

bool keep_known_has(struct keep_ctx *c, struct keep_slice name,
		    struct keep_slice id)
{
	KEEP_AUTO(keep_mem) m = {0};
	KEEP_AUTO(keep_fd) fd = {0};
	char head[sizeof MAGIC + KEEP_ID_LEN];
	struct keep_slice path = path_of(&m, name);
	struct keep_err why;
	size_t len = sizeof MAGIC - 1;

	return path.p && id.len == KEEP_ID_LEN &&
	       !keep_open(keep_fd_get(&c->instance), path.p, O_RDONLY, 0,
			  KEEP_NO_LINKS, &fd, &why) &&
	       read(keep_fd_get(&fd), head, sizeof head) == sizeof head &&
	       keep_bytes_equal(head, MAGIC, len) &&
	       keep_bytes_equal(head + len, id.p, KEEP_ID_LEN);
}

static struct keep_slice print_head(struct keep_ctx *c,
				    const struct keep_known *k)
{
	struct keep_buf b = {.mem = c->mem};
	uint8_t hash[KEEP_SHA256_LEN];
	size_t at = strlen(MAGIC);

	keep_buf_print(&b, MAGIC "%.*s %.*s %ju", KEEP_F(k->id),
		       KEEP_F(k->commit), (uintmax_t)k->at_unix_s);
	if (b.failed)
		return (struct keep_slice){0};
	keep_digest_of(c)((struct keep_slice){b.p + at, b.len - at}, hash);
	keep_buf_print(&b, " ");
	keep_hex_put(&b, hash, sizeof hash);
	keep_buf_print(&b, "\n");
	return keep_buf_get(&b);
}

/* What cannot be written where it is, as another user's, is made anew. */
static int open_record(int dir, const char *path, struct keep_fd *fd,
		       struct keep_err *e)
{
	const int flags = O_WRONLY | O_CREAT | O_CLOEXEC;
	struct keep_err why;

	if (!keep_open(dir, path, flags, 0600, KEEP_NO_LINKS, fd, &why))
		return 0;
	unlinkat(dir, path, 0);
	if (keep_dir_make(dir, ".keep/nodes", 0700, e))
		return -e->code;
	return keep_open(dir, path, flags, 0600, KEEP_NO_LINKS, fd, e);
}

static int write_record(int fd, struct keep_slice head,
			struct keep_slice manifest, struct keep_err *e)
{
	size_t len = head.len + manifest.len;
	struct stat st;

	if (keep_fd_write(fd, head, e) || keep_fd_write(fd, manifest, e))
		return -e->code;
	if (fstat(fd, &st) || (st.st_size > (off_t)len &&
			       ftruncate(fd, (off_t)len)))
		return keep_fail_errno(e, "making it shorter");
	return 0;
}

int keep_known_put(struct keep_ctx *c, struct keep_slice name,
		   const struct keep_known *k, struct keep_err *e)
{
	KEEP_AUTO(keep_fd) fd = {0};
	struct keep_slice path = path_of(c->mem, name), head = print_head(c, k);
	int rc;

	if (!path.p || !head.p)
		return keep_no_memory(e);
	rc = open_record(keep_fd_get(&c->instance), path.p, &fd, e);
	if (!rc)
		rc = write_record(keep_fd_get(&fd), head, k->manifest, e);
	return rc ? keep_err_at(e, "%s", path.p) : 0;
}

int keep_known_drop(struct keep_ctx *c, struct keep_slice name,
		    struct keep_err *e)
{
	struct keep_slice path = path_of(c->mem, name);

	if (!path.p)
		return keep_no_memory(e);
	if (!unlinkat(keep_fd_get(&c->instance), path.p, 0) ||
	    errno == ENOENT || errno == ENOTDIR)
		return 0;
	return keep_fail_errno(e, "%s", path.p);
}
