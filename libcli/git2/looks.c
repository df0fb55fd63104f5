/* Whether a work tree looks as the index says, by what it notes of each file's
 * inode. libgit2 asks the same by whole paths, which takes three times as long;
 * where anything looks otherwise it is asked all the same. */
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <keep/file.h>
#include "git2.h"

enum { DEPTH_MAX = 64 }; /* each level holds a descriptor */

struct walk {
	struct keep_git2 *g;
	struct timespec index_at; /* when the index was written, or before */
	size_t next;              /* entry */
	unsigned depth;
};

struct dir {
	DIR *handle;
};

static void dir_end(struct dir *d)
{
	if (d->handle)
		closedir(d->handle);
}

static bool open_dir(int parent, const char *name, struct dir *out)
{
	KEEP_AUTO(keep_fd) fd = keep_fd_of(openat(
		parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));

	out->handle = fdopendir(keep_fd_get(&fd));
	if (out->handle)
		keep_take(&fd);
	return out->handle;
}

static const char *next_name(const struct dir *d)
{
	const struct dirent *entry;

	do
		entry = readdir(d->handle);
	while (entry && (!strcmp(entry->d_name, ".") ||
			 !strcmp(entry->d_name, "..")));
	return entry ? entry->d_name : NULL;
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
static bool is_same_file(const struct walk *w, int dir, const char *name,
			 const git_index_entry *e)
{
	struct stat st;

	return !(e->flags & ~GIT_INDEX_ENTRY_NAMEMASK) && !e->flags_extended &&
	       !fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) &&
	       e->mode == mode_of(&st) &&
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
	const char *name;

	while (next_name(d))
		n--;
	if (!n)
		return true;
	rewinddir(d->handle);
	while ((name = next_name(d)))
		if (!is_known(w, beside, len, name))
			return false;
	return true;
}

static bool is_same_dir(struct walk *w, int parent, const char *name,
			size_t len);

/* The next entry, or the directory that it is in, is in DIR. */
static bool is_same(struct walk *w, int dir, const git_index_entry *e,
		    size_t len)
{
	const char *slash = strchr(e->path + len, '/');
	char name[NAME_MAX + 1];
	size_t end = slash ? (size_t)(slash - e->path) : 0;

	if (!slash) {
		w->next++;
		return is_same_file(w, dir, e->path + len, e);
	}
	if (end - len > NAME_MAX)
		return false;
	snprintf(name, sizeof name, "%.*s", (int)(end - len), e->path + len);
	return is_same_dir(w, dir, name, end + 1);
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

	if (!e || w->depth == DEPTH_MAX || !open_dir(parent, name, &d))
		return false;
	w->depth++;
	for (n = 0; e && !strncmp(e->path, beside, len); n++) {
		if (!is_same(w, dirfd(d.handle), e, len))
			return false;
		e = git_index_get_byindex(index, w->next);
	}
	w->depth--;
	return has_no_other(w, &d, n, beside, len);
}

bool keep_git2_looks_same(struct keep_git2 *g, int dir_fd, const char *prefix,
			  struct timespec index_at)
{
	struct walk w = {.g = g, .index_at = index_at};

	/* where names differ by case alone, a directory is not in one piece */
	if (git_index_caps(g->index) & GIT_INDEX_CAPABILITY_IGNORE_CASE ||
	    (*prefix && git_index_find_prefix(&w.next, g->index, prefix)))
		return false;
	return is_same_dir(&w, dir_fd, ".", strlen(prefix));
}
