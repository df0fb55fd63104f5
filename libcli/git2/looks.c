/* Whether a work tree looks as the index says, by what it notes of each file's
 * inode. libgit2 asks the same by whole paths, which takes three times as long;
 * where anything looks otherwise it is asked all the same. What is mounted over
 * one of a file's many names is not seen. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <keep/file.h>
#include <keep/ptrmap.h>
#include "git2.h"

enum { DEPTH_MAX = 64 }; /* each level holds a descriptor */

struct walk {
	struct keep_git2 *g;
	struct timespec index_at; /* when the index was written, or before */
	dev_t disk;
	struct keep_mem mem;
	struct keep_ptrmap many;  /* by inode: how what has many names looks */
	size_t next;              /* entry */
	unsigned depth;
};

static void walk_end(struct walk *w)
{
	keep_mem_end(&w->mem);
}

struct dir {
	struct keep_fd fd;
	struct keep_mem mem;
	struct keep_names names;
	size_t next; /* name: files of the index are in their order */
	bool is_here; /* on that disk */
};

static void dir_end(struct dir *d)
{
	keep_fd_end(&d->fd);
	keep_mem_end(&d->mem);
}

static bool open_dir(struct walk *w, int parent, const char *name,
		     struct dir *out)
{
	struct stat st;

	if (keep_open(parent, name, O_RDONLY | O_DIRECTORY, 0, KEEP_NO_LINKS,
		      &out->fd, NULL) ||
	    keep_dir_list(&out->mem, keep_fd_get(&out->fd), ".", &out->names,
			  NULL) ||
	    fstat(keep_fd_get(&out->fd), &st))
		return false;
	if (!w->disk)
		w->disk = st.st_dev;
	out->is_here = w->disk == st.st_dev;
	return true;
}

static bool find(struct dir *d, const char *name)
{
	int order = -1;

	for (; d->next < d->names.n && order < 0; d->next += order < 0)
		order = strcmp(d->names.v[d->next].name.p, name);
	return order == 0;
}

/* How the file NAME looks. Of a few that all nodes have compile makes most of
 * its files, so each of these is looked at once. */
static bool look(struct walk *w, struct dir *d, const char *name,
		 struct stat *out)
{
	void **seen = NULL;

	if (!find(d, name))
		return false;
	if (d->is_here)
		seen = keep_ptrmap_at(&w->many, &w->mem, w,
				      d->names.v[d->next].inode);
	if (seen && *seen) {
		*out = *(const struct stat *)*seen;
		return true;
	}
	if (fstatat(keep_fd_get(&d->fd), name, out, AT_SYMLINK_NOFOLLOW))
		return false;
	if (seen && out->st_nlink > 1 && out->st_dev == w->disk &&
	    out->st_ino == d->names.v[d->next].inode) {
		*seen = KEEP_NEW(&w->mem, struct stat);
		if (*seen)
			*(struct stat *)*seen = *out;
	}
	return true;
}

static bool is_time(const git_index_time *t, const struct timespec *of)
{
	return t->seconds == (int32_t)of->tv_sec &&
	       t->nanoseconds == (uint32_t)of->tv_nsec;
}

/* Who writes a file as late as the index may leave its time as it was. */
static bool is_racy(const git_index_time *t, const struct timespec *index_at)
{
	return t->seconds > index_at->tv_sec ||
	       (t->seconds == index_at->tv_sec &&
		t->nanoseconds >= index_at->tv_nsec);
}

static uint32_t mode_of(const struct stat *st)
{
	if (S_ISLNK(st->st_mode))
		return GIT_FILEMODE_LINK;
	if (!S_ISREG(st->st_mode))
		return GIT_FILEMODE_UNREADABLE;
	return st->st_mode & S_IXUSR ? GIT_FILEMODE_BLOB_EXECUTABLE :
				       GIT_FILEMODE_BLOB;
}

/* Entries with flags are conflicts, or are not to be looked at. */
static bool is_same_file(struct walk *w, struct dir *d, const char *name,
			 const git_index_entry *e)
{
	struct stat st;

	return !(e->flags & ~GIT_INDEX_ENTRY_NAMEMASK) && !e->flags_extended &&
	       look(w, d, name, &st) && e->mode == mode_of(&st) &&
	       e->file_size == (uint32_t)st.st_size &&
	       e->ino == (uint32_t)st.st_ino && e->uid == st.st_uid &&
	       e->gid == st.st_gid && is_time(&e->ctime, &st.st_ctim) &&
	       is_time(&e->mtime, &st.st_mtim) &&
	       !is_racy(&e->mtime, &w->index_at);
}

/* Whether git has the NAME behind the first LEN bytes of BESIDE, or leaves it
 * alone; another repository it does neither. */
static bool is_known(const struct walk *w, const char *beside, size_t len,
		     const char *name)
{
	char path[PATH_MAX];
	size_t at;
	int ignored = 0;
	int n = snprintf(path, sizeof path, "%.*s%s/", (int)len, beside, name);

	if (n < 0 || (size_t)n >= sizeof path)
		return false;
	if (!strcmp(name, ".git"))
		return !len;
	if (!git_index_find_prefix(&at, w->g->index, path))
		return true;
	path[n - 1] = '\0';
	return git_index_get_bypath(w->g->index, path, 0) ||
	       (!git_ignore_path_is_ignored(&ignored, w->g->repo, path) &&
		ignored);
}

/* Each of the N that git has is there: are there others? */
static bool has_no_other(const struct walk *w, const struct dir *d, size_t n,
			 const char *beside, size_t len)
{
	size_t i;

	for (i = 0; i < d->names.n && d->names.n != n; i++)
		if (!is_known(w, beside, len, d->names.v[i].name.p))
			return false;
	return true;
}

static bool is_same_dir(struct walk *w, int parent, const char *name,
			size_t len);

/* The next entry, or the directory that it is in, is in DIR. */
static bool is_same(struct walk *w, struct dir *d, const git_index_entry *e,
		    size_t len)
{
	const char *slash = strchr(e->path + len, '/');
	char name[NAME_MAX + 1];
	size_t end = slash ? (size_t)(slash - e->path) : 0;

	if (!slash) {
		w->next++;
		return is_same_file(w, d, e->path + len, e);
	}
	if (end - len > NAME_MAX)
		return false;
	snprintf(name, sizeof name, "%.*s", (int)(end - len), e->path + len);
	return is_same_dir(w, keep_fd_get(&d->fd), name, end + 1);
}

/* The entries that begin as the next one, with LEN bytes, are in it. */
static bool is_same_dir(struct walk *w, int parent, const char *name,
			size_t len)
{
	KEEP_AUTO(dir) d = {0};
	git_index *index = w->g->index;
	const git_index_entry *e = git_index_get_byindex(index, w->next);
	const char *beside = e ? e->path : NULL;
	size_t n;

	if (!e || w->depth == DEPTH_MAX || !open_dir(w, parent, name, &d))
		return false;
	w->depth++;
	for (n = 0; e && !strncmp(e->path, beside, len); n++) {
		if (!is_same(w, &d, e, len))
			return false;
		e = git_index_get_byindex(index, w->next);
	}
	w->depth--;
	return has_no_other(w, &d, n, beside, len);
}

bool keep_git2_looks_same(struct keep_git2 *g, int dir_fd, const char *prefix,
			  struct timespec index_at)
{
	KEEP_AUTO(walk) w = {.g = g, .index_at = index_at};

	/* where names differ by case alone, a directory is not in one piece */
	if (git_index_caps(g->index) & GIT_INDEX_CAPABILITY_IGNORE_CASE ||
	    (*prefix && git_index_find_prefix(&w.next, g->index, prefix)))
		return false;
	return is_same_dir(&w, dir_fd, ".", strlen(prefix));
}
