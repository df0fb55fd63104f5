/* Whether a work tree is as HEAD has it, by one look at each file: what the
 * index says of it (gitformat-index), and HEAD's tree. It says "yes" only where
 * git would; libgit2, which compares trees and paths in several passes, is
 * asked when it does not. */
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#include <keep/file.h>
#include "clean.h"

enum {
	HEAD_LEN = 12, SUM_LEN = 20,
	/* Of an entry, in network order. */
	CTIME = 0, MTIME = 8, INO = 20, MODE = 24, UID = 28, GID = 32,
	SIZE = 36, ID = 40, FLAGS = 60, NAME = 62,
	NAME_MASK = 0xfff, /* other flags: it is no ordinary entry */
	INDEX_MAX = 512 << 20, DEPTH_MAX = 64,
};

/* A directory that is walked: its tracked names, as they come. */
struct level {
	int fd;
	size_t len;        /* of its path, with the slash */
	struct keep_buf names; /* slices: of files and of directories */
};
/* A walk along the index. */
struct walk {
	struct keep_git2 *g;
	struct keep_slice prefix; /* of the directory that is asked for */
	struct keep_slice path;   /* of the entry that it is at */
	uint32_t at_s, at_ns;     /* when the index was written */
	struct level level[DEPTH_MAX];
	size_t depth;
};

static uint32_t get(const char *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof v);
	return __builtin_bswap32(v);
}

/* --- a directory --------------------------------------------------------- */

static int by_bytes(const void *a, const void *b)
{
	return keep_slice_cmp(*(const struct keep_slice *)a,
			      *(const struct keep_slice *)b);
}

static bool is_ignored(struct walk *w, const struct level *l,
		       const struct dirent *row)
{
	char path[PATH_MAX];
	int is = 0, n = snprintf(path, sizeof path, "%.*s%s%s", (int)l->len,
				 w->path.p, row->d_name,
				 row->d_type == DT_DIR ? "/" : "");

	return n > 0 && n < (int)sizeof path &&
	       !git_ignore_path_is_ignored(&is, w->g->repo, path) && is;
}

/* What git does not track in it, it ignores. */
static bool has_no_more(struct walk *w, struct level *l, DIR *dir)
{
	struct keep_slice *v = (void *)l->names.p, name;
	size_t n = l->names.len / sizeof *v;
	const struct dirent *row;

	if (n)
		qsort(v, n, sizeof *v, by_bytes);
	while ((row = readdir(dir))) {
		name = keep_slice(row->d_name);
		if (keep_slice_is(name, ".") || keep_slice_is(name, "..") ||
		    (!l->len && keep_slice_is(name, ".git")))
			continue;
		if (!(n && bsearch(&name, v, n, sizeof *v, by_bytes)) &&
		    !is_ignored(w, l, row))
			return false;
	}
	return true;
}

/* Leaves the last directory. */
static bool leave(struct walk *w)
{
	struct level *l = &w->level[--w->depth];
	DIR *dir = l->names.failed ? NULL : fdopendir(l->fd);
	bool ok = dir && has_no_more(w, l, dir);

	if (dir)
		closedir(dir);
	else
		close(l->fd);
	keep_buf_end(&l->names);
	return ok;
}

/* Takes FD, whose path has LEN bytes. */
static bool enter(struct walk *w, int fd, size_t len)
{
	if (fd < 0)
		return false;
	if (w->depth == DEPTH_MAX) {
		close(fd);
		return false;
	}
	w->level[w->depth++] = (struct level){.fd = fd, .len = len};
	return true;
}

/* The next part of the path is in the last directory. */
static void note(struct walk *w, size_t len)
{
	struct level *l = &w->level[w->depth - 1];
	const struct keep_slice name = {w->path.p + l->len, len};

	keep_buf_put(&l->names, &name, sizeof name);
}

static bool go_to(struct walk *w, struct keep_slice path)
{
	struct keep_slice was = w->path;
	const struct level *l;
	const char *slash;
	size_t at;

	while (l = &w->level[w->depth - 1],
	       path.len < l->len ||
	       !keep_bytes_equal(path.p, was.p, l->len))
		if (!leave(w))
			return false;
	w->path = path;
	for (at = l->len; (slash = memchr(path.p + at, '/', path.len - at));
	     at = (size_t)(slash - path.p) + 1) {
		char name[256];
		size_t len = (size_t)(slash - path.p) - at;

		if (len >= sizeof name)
			return false;
		memcpy(name, path.p + at, len);
		name[len] = '\0';
		note(w, len);
		if (!enter(w, openat(w->level[w->depth - 1].fd, name, O_RDONLY |
				     O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC),
			   at + len + 1))
			return false;
	}
	return true;
}

/* --- a file -------------------------------------------------------------- */

static bool same_time(const char *entry, struct timespec t)
{
	return get(entry) == (uint32_t)t.tv_sec &&
	       get(entry + 4) == (uint32_t)t.tv_nsec;
}

/* One that was written with the index, or after, may have changed since. */
static bool is_settled(const struct walk *w, const char *entry)
{
	uint32_t s = get(entry + MTIME), ns = get(entry + MTIME + 4);

	return s < w->at_s || (s == w->at_s && ns < w->at_ns);
}

/* A size of 0 is also what git gives to one that it wants looked at. */
static bool is_sized(const char *entry, const struct stat *st)
{
	static const char empty[] = "\xe6\x9d\xe2\x9b\xb2\xd1\xd6\x43\x4b\x8b"
				    "\x29\xae\x77\x5a\xd8\xc2\xe4\x8c\x53\x91";

	return get(entry + SIZE) == (uint32_t)st->st_size &&
	       (st->st_size || keep_bytes_equal(entry + ID, empty,
						sizeof empty - 1));
}

static bool is_kind(const char *entry, const struct stat *st)
{
	uint32_t mode = get(entry + MODE);

	if (mode == GIT_FILEMODE_LINK)
		return S_ISLNK(st->st_mode);
	return S_ISREG(st->st_mode) &&
	       mode == (st->st_mode & 0100 ? GIT_FILEMODE_BLOB_EXECUTABLE :
					     GIT_FILEMODE_BLOB);
}

static bool is_same(struct walk *w, const char *entry)
{
	const struct level *l = &w->level[w->depth - 1];
	struct stat st;

	/* behind an entry's path stands a NUL */
	return w->path.len > l->len &&
	       !fstatat(l->fd, w->path.p + l->len, &st, AT_SYMLINK_NOFOLLOW) &&
	       is_kind(entry, &st) && is_sized(entry, &st) &&
	       same_time(entry + MTIME, st.st_mtim) &&
	       same_time(entry + CTIME, st.st_ctim) &&
	       get(entry + INO) == (uint32_t)st.st_ino &&
	       get(entry + UID) == st.st_uid && get(entry + GID) == st.st_gid &&
	       is_settled(w, entry);
}

/* --- the index ----------------------------------------------------------- */

/* Cuts off the next entry and the path in it; false for one that is not
 * ordinary. */
static bool next_entry(struct keep_slice *rest, struct keep_slice *path)
{
	size_t flags, len, whole;

	if (rest->len < NAME + 1)
		return false;
	flags = (size_t)(uint8_t)rest->p[FLAGS] << 8 |
		(uint8_t)rest->p[FLAGS + 1];
	len = flags & NAME_MASK;
	whole = (NAME + len + 8) & ~(size_t)7;
	if (flags >= NAME_MASK || !len || rest->len < whole ||
	    memchr(rest->p + NAME, '\0', len) || rest->p[NAME + len])
		return false;
	*path = (struct keep_slice){rest->p + NAME, len};
	rest->p += whole;
	rest->len -= whole;
	return true;
}

static bool check_entries(struct walk *w, struct keep_slice *rest, uint32_t n)
{
	struct keep_slice path;
	const char *entry;

	for (; n; n--) {
		entry = rest->p;
		if (!next_entry(rest, &path))
			return false;
		if (path.len < w->prefix.len ||
		    !keep_bytes_equal(path.p, w->prefix.p, w->prefix.len))
			continue;
		if (!go_to(w, path))
			return false;
		note(w, path.len - w->level[w->depth - 1].len);
		if (!is_same(w, entry))
			return false;
	}
	while (w->depth)
		if (!leave(w))
			return false;
	return true;
}

/* The extension TREE begins with that of the top: no path, "ENTRIES TREES\n",
 * its id; without an id where it is not known. */
static bool is_tree(struct keep_slice s, const git_oid *tree)
{
	const char *end = s.len ? memchr(s.p, '\n', s.len) : NULL;

	return end && s.p[0] == '\0' && s.p[1] != '-' &&
	       (size_t)(s.p + s.len - end) > sizeof tree->id &&
	       keep_bytes_equal(end + 1, tree->id, sizeof tree->id);
}

/* Whether the index is that tree. An extension that begins with a small letter
 * has to be understood. */
static bool is_head(struct keep_slice rest, const git_oid *tree)
{
	bool is = false;
	uint32_t len;

	while (rest.len > SUM_LEN) {
		if (rest.len < 8 + SUM_LEN || rest.p[0] >= 'a')
			return false;
		len = get(rest.p + 4);
		if (rest.len - 8 - SUM_LEN < len)
			return false;
		if (keep_slice_starts(rest, "TREE"))
			is = is_tree((struct keep_slice){rest.p + 8, len},
				     tree);
		rest.p += 8 + len;
		rest.len -= 8 + len;
	}
	return is && rest.len == SUM_LEN;
}

static bool check(struct walk *w, struct keep_slice index, const git_oid *tree)
{
	struct keep_slice rest = {index.p + HEAD_LEN, index.len - HEAD_LEN};

	if (index.len < HEAD_LEN + SUM_LEN ||
	    !keep_slice_starts(index, "DIRC") ||
	    (get(index.p + 4) != 2 && get(index.p + 4) != 3))
		return false;
	return check_entries(w, &rest, get(index.p + 8)) &&
	       is_head(rest, tree);
}

/* --- all ----------------------------------------------------------------- */

static bool read_index(struct walk *w, struct keep_mem *m,
		       struct keep_slice *out)
{
	const char *dir = git_repository_path(w->g->repo);
	KEEP_AUTO(keep_fd) fd = {0};
	struct keep_err why;
	struct stat st;

	fd = keep_fd_of(open(keep_mem_print(m, "%sindex", dir).p,
			     O_RDONLY | O_CLOEXEC));
	if (!fd.plus_one || fstat(keep_fd_get(&fd), &st) ||
	    keep_fd_read(m, keep_fd_get(&fd), INDEX_MAX, out, &why))
		return false;
	w->at_s = (uint32_t)st.st_mtim.tv_sec;
	w->at_ns = (uint32_t)st.st_mtim.tv_nsec;
	return true;
}

bool keep_git2_is_clean(struct keep_git2 *g, int dir_fd, const char *prefix)
{
	KEEP_AUTO(keep_mem) m = {0};
	struct walk w = {.g = g, .prefix = keep_slice(prefix)};
	struct keep_slice index = {0};
	struct keep_err why;
	bool is;

	w.path = w.prefix;
	if (keep_git2_parent(g, "HEAD", &why) || !g->parent ||
	    !read_index(&w, &m, &index) ||
	    !enter(&w, openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC),
		   w.prefix.len))
		return false;
	is = check(&w, index, git_commit_tree_id(g->parent));
	while (w.depth)
		(void)leave(&w);
	return is;
}
