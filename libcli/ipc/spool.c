/* Writing to the spool. Who looks for a file holds the directory's lock, who
 * writes to one holds the file's; both end with the process. */
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>
#include <keep/secret.h>
#include "spool.h"

enum { LOCK_MS = 10000 };

int keep_spool_open(struct keep_mem *m, struct keep_slice state_dir, bool make,
		    struct keep_fd *out, struct keep_err *e)
{
	struct keep_slice path = keep_mem_print(m, "%.*s/spool",
						KEEP_F(state_dir));
	int rc = 0;

	if (!path.p)
		return keep_no_memory(e);
	if (make)
		rc = keep_dir_make(AT_FDCWD, path.p, 0700, e);
	if (!rc)
		rc = keep_open(AT_FDCWD, path.p, O_RDONLY | O_DIRECTORY, 0,
			       KEEP_BENEATH, out, e);
	return rc;
}

/* A file while it is looked for. */
struct search {
	struct keep_mem m;
	struct keep_spool *s;
	struct keep_names names;
};

/* Opens and locks a file; *out stays empty when somebody writes to it. */
static int lock_file(const struct search *l, const char *name, int flags,
		     struct keep_fd *out, struct keep_err *e)
{
	KEEP_AUTO(keep_fd) fd = {0};
	int rc = keep_open(keep_fd_get(&l->s->dir), name,
			   O_RDWR | O_APPEND | flags, 0600, KEEP_NO_LINKS, &fd,
			   e);

	if (rc)
		return rc;
	if (flock(keep_fd_get(&fd), LOCK_EX | LOCK_NB) == 0)
		*out = keep_take(&fd);
	else if (errno != EWOULDBLOCK)
		return keep_fail_errno(e, "%s", name);
	return 0;
}

static size_t count(struct keep_slice *bytes)
{
	struct keep_slice map;
	size_t n = 0;

	while (keep_spool_skip(bytes, &map))
		n++;
	return n;
}

/* Goes on with a file that nobody writes to and that has room, without what
 * is torn at its end. */
static int go_on(struct search *l, const char *name, size_t len,
		 struct keep_err *e)
{
	KEEP_AUTO(keep_fd) fd = {0};
	struct keep_slice bytes, rest;
	int rc = lock_file(l, name, 0, &fd, e);

	if (rc || !fd.plus_one)
		return rc;
	rc = keep_spool_load(&l->m, keep_fd_get(&l->s->dir), name, &bytes, e);
	if (rc)
		return rc;
	rest = bytes;
	count(&rest);
	l->s->len = bytes.len - rest.len;
	if (l->s->len + len > KEEP_SPOOL_FILE)
		return 0;
	if (rest.len && ftruncate(keep_fd_get(&fd), (off_t)l->s->len) != 0)
		return keep_fail_errno(e, "%s", name);
	l->s->file = keep_take(&fd);
	return 0;
}

/* --- making room ------------------------------------------------------ */

/* The file that was counted last may still be there: its remover was ended
 * before it went. */
static int drop(struct search *l, const char *name, struct keep_err *e)
{
	int rc, dir = keep_fd_get(&l->s->dir);
	struct keep_slice bytes, last, text;
	uint64_t lost;

	rc = keep_spool_load(&l->m, dir, name, &bytes, e);
	if (!rc)
		rc = keep_spool_lost(&l->m, dir, &lost, &last, e);
	if (!rc && !keep_slice_is(last, name)) {
		text = keep_mem_print(&l->m, "%ju %s\n",
				      (uintmax_t)lost + count(&bytes), name);
		rc = text.p ? keep_file_replace(dir, "lost", text, 0600, e)
			    : keep_no_memory(e);
	}
	if (!rc && unlinkat(dir, name, 0) != 0)
		rc = keep_fail_errno(e, "%s", name);
	return rc;
}

static size_t size_of(const struct search *l, const char *name)
{
	struct stat st;

	return fstatat(keep_fd_get(&l->s->dir), name, &st,
		       AT_SYMLINK_NOFOLLOW) == 0 ? (size_t)st.st_size : 0;
}

/* Until one more file has room; those that somebody writes to stay. */
static int make_room(struct search *l, struct keep_err *e)
{
	size_t i, all = 0, size;
	int rc = 0;

	for (i = 0; i < l->names.n; i++)
		all += size_of(l, l->names.v[i].name.p);
	for (i = 0; !rc && i < l->names.n &&
	     all + KEEP_SPOOL_FILE > KEEP_SPOOL_MAX; i++) {
		const char *name = l->names.v[i].name.p;
		KEEP_AUTO(keep_fd) fd = {0};

		size = size_of(l, name);
		rc = lock_file(l, name, 0, &fd, e);
		if (!rc && fd.plus_one) {
			rc = drop(l, name, e);
			all -= size;
		}
	}
	return rc;
}

/* A new one; its name is never used again. */
static int begin(struct search *l, struct keep_err *e)
{
	struct timespec now = {0};
	struct keep_slice name;
	uint32_t more;
	int rc = make_room(l, e);

	if (rc)
		return rc;
	clock_gettime(CLOCK_REALTIME, &now);
	keep_random(&more, sizeof more);
	name = keep_mem_print(&l->m, "%010jx%08x-%08x.spool",
			      (uintmax_t)now.tv_sec, (unsigned)now.tv_nsec,
			      more);
	if (!name.p)
		return keep_no_memory(e);
	rc = lock_file(l, name.p, O_CREAT | O_EXCL, &l->s->file, e);
	if (!rc && fsync(keep_fd_get(&l->s->dir)) != 0)
		rc = keep_fail_errno(e, "the spool");
	l->s->len = 0;
	return rc;
}

/* The newest that has room for LEN bytes, else a new one. */
static int find(struct search *l, size_t len, struct keep_err *e)
{
	int rc = keep_spool_list(&l->m, keep_fd_get(&l->s->dir), &l->names, e);
	size_t i;

	for (i = l->names.n; !rc && !l->s->file.plus_one && i > 0; i--)
		if (size_of(l, l->names.v[i - 1].name.p) + len <=
		    KEEP_SPOOL_FILE)
			rc = go_on(l, l->names.v[i - 1].name.p, len, e);
	return rc || l->s->file.plus_one ? rc : begin(l, e);
}

static int change_file(struct keep_spool *s, struct keep_slice state_dir,
		       size_t len, struct keep_err *e)
{
	struct search l = {.s = s};
	int rc = keep_spool_sync(s, e);

	keep_spool_end(s);
	if (!rc)
		rc = keep_spool_open(&l.m, state_dir, true, &s->dir, e);
	if (!rc)
		rc = keep_fd_lock(keep_fd_get(&s->dir), LOCK_MS, e);
	if (!rc)
		rc = find(&l, len, e);
	if (rc)
		keep_fd_end(&s->file);
	keep_fd_end(&s->dir); /* and with it its lock */
	keep_mem_end(&l.m);
	return rc ? keep_err_at(e, "the spool") : 0;
}

/* --- writing ----------------------------------------------------------- */

static int append(struct keep_spool *s, struct keep_slice bytes,
		  struct keep_err *e)
{
	int fd = keep_fd_get(&s->file), rc = keep_fd_write(fd, bytes, e);

	if (!rc) {
		s->len += bytes.len;
		s->unsynced = true;
		return 0;
	}
	/* half a record would hide those behind it */
	if (ftruncate(fd, (off_t)s->len) != 0)
		keep_spool_end(s);
	return keep_err_at(e, "the spool");
}

int keep_spool_write(struct keep_spool *s, struct keep_slice state_dir,
		     const struct keep_spool_record *r, struct keep_err *e)
{
	KEEP_AUTO(keep_buf) b = {0};
	int rc = keep_spool_put(&b, r, e);

	if (!rc && (!s->file.plus_one || s->len + b.len > KEEP_SPOOL_FILE))
		rc = change_file(s, state_dir, b.len, e);
	return rc ? rc : append(s, keep_buf_get(&b), e);
}

int keep_spool_sync(struct keep_spool *s, struct keep_err *e)
{
	if (s->unsynced && fdatasync(keep_fd_get(&s->file)) != 0)
		return keep_fail_errno(e, "syncing the spool");
	s->unsynced = false;
	return 0;
}

void keep_spool_end(struct keep_spool *s)
{
	keep_fd_end(&s->file);
	keep_fd_end(&s->dir);
	*s = (struct keep_spool){0};
}
