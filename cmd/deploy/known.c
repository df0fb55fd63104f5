/* The records: a line "keep-node 1 ID COMMIT TIME", then the manifest. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include <keep/file.h>
#include "digest.h"
#include "known.h"

#define MAGIC "keep-node 1 "
enum { HEAD_MAX = 256 };

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

static bool is_whole(struct keep_ctx *c, const struct keep_known *k)
{
	uint8_t hash[KEEP_SHA256_LEN], id[KEEP_SHA256_LEN];

	if (k->id.len != KEEP_ID_LEN || !keep_hex_get(k->id, id))
		return false;
	keep_digest_of(c)(k->manifest, hash);
	return keep_bytes_equal(hash, id, sizeof hash);
}

static bool read_record(struct keep_ctx *c, struct keep_slice s,
			struct keep_known *k)
{
	struct keep_slice time;

	if (!keep_slice_starts(s, MAGIC))
		return false;
	s = (struct keep_slice){s.p + strlen(MAGIC), s.len - strlen(MAGIC)};
	if (!take(&s, ' ', &k->id) || !take(&s, ' ', &k->commit) ||
	    !take(&s, '\n', &time) || !keep_num_uint(time, &k->at_unix_s))
		return false;
	k->manifest = s;
	return is_whole(c, k);
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

/* Not durable: what a power cut leaves of it is no record, or the old one. */
static int replace(int dir, const char *path, struct keep_slice head,
		   struct keep_slice manifest, struct keep_err *e)
{
	KEEP_AUTO(keep_fd) fd = {0};
	int rc = keep_open(dir, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
			   0600, KEEP_NO_LINKS, &fd, e);

	if (!rc)
		rc = keep_fd_write(keep_fd_get(&fd), head, e);
	return rc ? rc : keep_fd_write(keep_fd_get(&fd), manifest, e);
}

int keep_known_put(struct keep_ctx *c, struct keep_slice name,
		   const struct keep_known *k, struct keep_err *e)
{
	struct keep_slice path = path_of(c->mem, name), temp, head;
	int dir = keep_fd_get(&c->instance), rc;

	temp = keep_mem_print(c->mem, ".keep/nodes/.%.*s.%ld", KEEP_F(name),
			      (long)getpid());
	head = keep_mem_print(c->mem, MAGIC "%.*s %.*s %ju\n", KEEP_F(k->id),
			      KEEP_F(k->commit), (uintmax_t)k->at_unix_s);
	if (!path.p || !temp.p || !head.p)
		return keep_no_memory(e);
	rc = replace(dir, temp.p, head, k->manifest, e);
	if (rc == -KEEP_E_NOT_FOUND)
		rc = keep_dir_make(dir, ".keep/nodes", 0700, e) ? rc :
		     replace(dir, temp.p, head, k->manifest, e);
	if (!rc && renameat(dir, temp.p, dir, path.p))
		rc = keep_fail_errno(e, "%s", path.p);
	if (rc)
		unlinkat(dir, temp.p, 0);
	return rc;
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
