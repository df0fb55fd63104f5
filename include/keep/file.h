/* Files and directories, always relative to a directory descriptor and never
 * outside it: openat2 with RESOLVE_BENEATH. What is replaced is replaced whole
 * (write, fsync, rename, fsync of the directory). */
#ifndef KEEP_FILE_H
#define KEEP_FILE_H

#include <sys/stat.h>
#include <keep/mem.h>

/* An owned descriptor: fd + 1, so that {0} is empty. */
struct keep_fd {
	int plus_one;
};
static inline int keep_fd_get(const struct keep_fd *f)
{
	return f->plus_one - 1;
}
static inline struct keep_fd keep_fd_of(int fd)
{
	return (struct keep_fd){fd + 1};
}

/* How a path is resolved beneath its directory. */
enum keep_beneath {
	KEEP_BENEATH = 0,       /* links are followed, but not out of it */
	KEEP_NO_LINKS = 1,      /* a symbolic link anywhere is refused */
};

KEEP_BEGIN
/* Closes it; {0} is fine. */
void keep_fd_end(struct keep_fd *f);

/* Opens PATH beneath dir_fd (AT_FDCWD: any path, as open). NOT_FOUND, DENIED,
 * IO; a path that leaves the directory is DENIED with "leaves". */
KEEP_MUST int keep_open(int dir_fd, const char *path, int flags, mode_t mode,
			enum keep_beneath how, struct keep_fd *out,
			struct keep_err *e);
/* The whole of a regular file, at most MAX bytes (TOO_LARGE), in the arena,
 * with a NUL behind it that is not counted. */
KEEP_MUST int keep_file_read(struct keep_mem *m, int dir_fd, const char *path,
			     size_t max, struct keep_slice *out,
			     struct keep_err *e);
/* The same from a descriptor: a file, a pipe, a terminal. */
KEEP_MUST int keep_fd_read(struct keep_mem *m, int fd, size_t max,
			   struct keep_slice *out, struct keep_err *e);
/* Writes all; EINTR and short writes are gone on with. */
KEEP_MUST int keep_fd_write(int fd, struct keep_slice bytes,
			    struct keep_err *e);
/* Replaces PATH by BYTES, durably; the old file or the new one, never a mix. A
 * symbolic link there is replaced itself; who had no right to it gets none.
 * Who is killed in it may leave a `.keep-*.tmp` beside it. BAD_ARGS when PATH
 * does not end in a name. */
KEEP_MUST int keep_file_replace(int dir_fd, const char *path,
				struct keep_slice bytes, mode_t mode,
				struct keep_err *e);
/* Makes PATH and its parents; one that is there is fine. */
KEEP_MUST int keep_dir_make(int dir_fd, const char *path, mode_t mode,
			    struct keep_err *e);
/* Removes PATH with all below it, at most 256 directories deep (TOO_LARGE);
 * follows no link below PATH's directory. NOT_FOUND is success; BAD_ARGS as
 * above. */
KEEP_MUST int keep_dir_remove(int dir_fd, const char *path,
			      struct keep_err *e);
/* The names in a directory without . and .., sorted by bytes, with their type
 * (DT_REG, DT_DIR, DT_LNK...) and inode, which is not that of what is mounted
 * there. NOT_FOUND when it is not there. */
struct keep_name {
	struct keep_slice name;
	unsigned char type;
	ino_t inode;
};
struct keep_names {
	const struct keep_name *v;
	size_t n;
};
KEEP_MUST int keep_dir_list(struct keep_mem *m, int dir_fd, const char *path,
			    struct keep_names *out, struct keep_err *e);
/* Removes files of a directory, the oldest first: where there are more than N,
 * or of more than BYTES in all, until a quarter is free. What stands in the way
 * is let be. */
void keep_dir_trim(int dir_fd, const char *path, size_t n, uint64_t bytes);
/* flock(LOCK_EX) on fd, waiting at most wait_ms: BUSY. */
KEEP_MUST int keep_fd_lock(int fd, uint64_t wait_ms, struct keep_err *e);
KEEP_END

#endif
