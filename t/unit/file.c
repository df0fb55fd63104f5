#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <keep/file.h>
#include "tap.h"

#define BYTES KEEP_S("first\nsecond\n")

static bool holds(int dir, const char *path, struct keep_slice want)
{
	KEEP_AUTO(keep_mem) mem = {0};
	struct keep_slice got;
	struct keep_err e = {0};

	return keep_file_read(&mem, dir, path, 1000, &got, &e) == 0 &&
	       keep_slice_eq(got, want) && got.p[got.len] == '\0';
}

static size_t count(int dir, const char *path)
{
	KEEP_AUTO(keep_mem) mem = {0};
	struct keep_names names = {0};
	struct keep_err e = {0};

	return keep_dir_list(&mem, dir, path, &names, &e) == 0 ? names.n : 999;
}

static void beneath(int dir)
{
	static const char *const outside[] = {
		"..", "../x", "/etc/passwd", "sub/../../x", "absolute",
		"upward", "sub/over/passwd",
	};
	KEEP_AUTO(keep_fd) fd = {0};
	struct keep_err e = {0};
	size_t i;

	ok(mkdirat(dir, "sub", 0755) == 0 &&
	   symlinkat("/etc/passwd", dir, "absolute") == 0 &&
	   symlinkat("../x", dir, "upward") == 0 &&
	   symlinkat("/etc", dir, "sub/over") == 0 &&
	   symlinkat("sub", dir, "inward") == 0 &&
	   keep_file_replace(dir, "sub/file", BYTES, 0644, &e) == 0,
	   "a directory with links is there");
	for (i = 0; i < KEEP_COUNT(outside); i++) {
		is_int(keep_open(dir, outside[i], O_RDONLY, 0, KEEP_BENEATH,
				 &fd, &e), -KEEP_E_DENIED,
		       "'%s' is refused", outside[i]);
		ok(strstr(e.message, "leaves") != NULL && !fd.plus_one,
		   "since it leaves the directory");
	}
	ok(holds(dir, "inward/file", BYTES), "a link that stays is followed");
	ok(holds(dir, "sub/../sub/file", BYTES), "so is a `..` that stays");
	is_int(keep_open(dir, "inward/file", O_RDONLY, 0, KEEP_NO_LINKS, &fd,
			 &e), -KEEP_E_DENIED, "or no link at all, when asked");
	ok(strstr(e.message, "symbolic link") != NULL, "it says so");
	is_int(keep_open(dir, "none", O_RDONLY, 0, KEEP_BENEATH, &fd, &e),
	       -KEEP_E_NOT_FOUND, "a file that is not there is not found");
	ok(keep_open(AT_FDCWD, "/dev/null", O_RDONLY, 0, KEEP_BENEATH, &fd,
		     &e) == 0, "without a directory any path opens");
	ok(fcntl(keep_fd_get(&fd), F_GETFD) == FD_CLOEXEC,
	   "no child inherits a descriptor");
}

static void reads(int dir)
{
	KEEP_AUTO(keep_mem) mem = {0};
	struct keep_slice got = {0};
	struct keep_err e = {0};

	ok(keep_file_read(&mem, dir, "sub/file", BYTES.len, &got, &e) == 0,
	   "a file as large as the limit is read");
	is_int(keep_file_read(&mem, dir, "sub/file", BYTES.len - 1, &got, &e),
	       -KEEP_E_TOO_LARGE, "one byte more is too large");
	is_text(keep_slice(e.message), "sub/file: more than 12 bytes",
		"the error names the file and the limit");
	ok(keep_file_replace(dir, "empty", KEEP_S(""), 0644, &e) == 0 &&
	   keep_file_read(&mem, dir, "empty", 0, &got, &e) == 0 && got.p &&
	   got.len == 0, "an empty file is empty, not absent");
	ok(mkfifoat(dir, "pipe", 0600) == 0 &&
	   keep_file_read(&mem, dir, "pipe", 10, &got, &e) == -KEEP_E_IO,
	   "a named pipe is refused at once");
	is_int(keep_file_read(&mem, dir, "sub", 10, &got, &e), -KEEP_E_IO,
	       "a directory is no file");
	ok(keep_file_read(&mem, AT_FDCWD, "/proc/self/status", 100000, &got,
			  &e) == 0 && got.len > 100,
	   "a file that hides its size is read whole");
	mem.limit = mem.used;
	is_int(keep_file_read(&mem, dir, "sub/file", 1000, &got, &e),
	       -KEEP_E_NO_MEMORY, "a lack of memory is told");
}

/* A child writes more than a pipe holds; neither end waits in the kernel. */
static void pipes(void)
{
	KEEP_AUTO(keep_mem) mem = {0};
	struct keep_slice got = {0}, much = {keep_mem_alloc(&mem, 300000),
					     300000};
	struct keep_err e = {0};
	int ends[2], status = -1;
	pid_t pid;

	if (pipe2(ends, O_NONBLOCK | O_CLOEXEC) != 0 || !much.p)
		return;
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		close(ends[0]);
		_exit(keep_fd_write(ends[1], much, &e) ? 1 : 0);
	}
	close(ends[1]);
	ok(keep_fd_read(&mem, ends[0], 300000, &got, &e) == 0 &&
	   keep_slice_eq(got, much), "a slow pipe is read to its end");
	close(ends[0]);
	ok(waitpid(pid, &status, 0) == pid && status == 0,
	   "and written to its end");
}

static void replaces(int dir)
{
	struct keep_err e = {0};
	struct rlimit before, tiny;
	struct stat st;
	size_t n = count(dir, ".");

	ok(keep_file_replace(dir, "empty", BYTES, 0600, &e) == 0 &&
	   holds(dir, "empty", BYTES), "a file is replaced");
	ok(fstatat(dir, "empty", &st, 0) == 0 && (st.st_mode & 0777) == 0600,
	   "it has the mode that was asked for");
	ok(keep_file_replace(dir, "upward", BYTES, 0600, &e) == 0 &&
	   holds(dir, "upward", BYTES), "a link is replaced, not followed");
	is_int(keep_file_replace(dir, "sub", BYTES, 0600, &e), -KEEP_E_IO,
	       "a directory is not replaced by a file");
	is_int(keep_file_replace(dir, "none/x", BYTES, 0600, &e),
	       -KEEP_E_NOT_FOUND, "nor is one made on the way");
	is_int(keep_file_replace(dir, "sub/over/x", BYTES, 0600, &e),
	       -KEEP_E_DENIED, "a link on the way does not lead out");
	is_int(keep_file_replace(dir, "../x", BYTES, 0600, &e), -KEEP_E_DENIED,
	       "nor does a `..`");
	ok(keep_file_replace(dir, "", BYTES, 0600, &e) == -KEEP_E_BAD_ARGS &&
	   keep_file_replace(dir, "sub/", BYTES, 0600, &e) ==
	   -KEEP_E_BAD_ARGS &&
	   keep_file_replace(dir, "sub/..", BYTES, 0600, &e) ==
	   -KEEP_E_BAD_ARGS, "a path without a name is refused");
	getrlimit(RLIMIT_FSIZE, &before);
	tiny = before;
	tiny.rlim_cur = 5;
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &tiny);
	is_int(keep_file_replace(dir, "empty", KEEP_S("0123456789"), 0600, &e),
	       -KEEP_E_TOO_LARGE, "a write that fails is told");
	setrlimit(RLIMIT_FSIZE, &before);
	ok(holds(dir, "empty", BYTES), "and leaves the old file");
	is_int(count(dir, "."), n, "no failure leaves a file behind");
}

static void makes(int dir)
{
	char deep[5000];
	struct keep_err e = {0};
	struct stat st;

	ok(keep_dir_make(dir, "a/b/c", 0700, &e) == 0 &&
	   fstatat(dir, "a/b/c", &st, 0) == 0 && S_ISDIR(st.st_mode),
	   "a directory is made with its parents");
	ok(keep_dir_make(dir, "a//b/./c/", 0700, &e) == 0,
	   "one that is there is fine");
	ok(keep_dir_make(dir, "inward/made", 0700, &e) == 0 &&
	   fstatat(dir, "sub/made", &st, 0) == 0,
	   "a link that stays is followed in making");
	ok(keep_dir_make(dir, "../y", 0700, &e) == -KEEP_E_DENIED &&
	   keep_dir_make(dir, "..", 0700, &e) == -KEEP_E_DENIED &&
	   keep_dir_make(dir, "/y", 0700, &e) == -KEEP_E_DENIED &&
	   keep_dir_make(dir, "sub/over/y", 0700, &e) == -KEEP_E_DENIED,
	   "no directory is made outside");
	ok(keep_dir_make(dir, "sub/file", 0700, &e) < 0 &&
	   keep_dir_make(dir, "sub/file/x", 0700, &e) < 0,
	   "a file is in the way");
	memset(deep, 'a', sizeof deep - 1);
	deep[sizeof deep - 1] = '\0';
	ok(keep_dir_make(dir, deep, 0700, &e) < 0,
	   "a path that is too long is refused");
}

static void lists(int dir)
{
	KEEP_AUTO(keep_mem) mem = {0};
	struct keep_mem small = {.limit = 64};
	struct keep_names names = {0};
	struct keep_err e = {0};

	ok(keep_dir_list(&mem, dir, "sub", &names, &e) == 0 && names.n == 3,
	   "a directory is listed without . and ..");
	ok(names.n == 3 && keep_slice_is(names.v[0].name, "file") &&
	   keep_slice_is(names.v[1].name, "made") &&
	   keep_slice_is(names.v[2].name, "over"), "names are sorted");
	ok(names.n == 3 && names.v[0].type == DT_REG &&
	   names.v[1].type == DT_DIR && names.v[2].type == DT_LNK,
	   "with their types");
	ok(keep_dir_list(&mem, dir, "a/b/c", &names, &e) == 0 && names.v &&
	   names.n == 0, "an empty directory has an empty list");
	is_int(keep_dir_list(&mem, dir, "none", &names, &e),
	       -KEEP_E_NOT_FOUND, "a directory that is not there is not found");
	is_int(keep_dir_list(&mem, dir, "..", &names, &e), -KEEP_E_DENIED,
	       "the directory above is not listed");
	is_int(keep_dir_list(&small, dir, "sub", &names, &e),
	       -KEEP_E_NO_MEMORY, "a lack of memory is told for a list");
	keep_mem_end(&small);
}

/* 300 directories in one another. */
static bool make_deep(int dir)
{
	KEEP_AUTO(keep_fd) at = keep_fd_of(dup(dir)), below = {0};
	struct keep_err e = {0};
	int i;

	for (i = 0; i < 300; i++) {
		if (mkdirat(keep_fd_get(&at), "d", 0755) != 0 ||
		    keep_open(keep_fd_get(&at), "d", O_PATH | O_DIRECTORY, 0,
			      KEEP_BENEATH, &below, &e) != 0)
			return false;
		keep_fd_end(&at);
		at = keep_take(&below);
	}
	return true;
}

static bool remove_deep(int dir)
{
	KEEP_AUTO(keep_fd) half = {0};
	struct keep_err e = {0};
	char path[200] = "d";
	size_t len;

	for (len = 1; len < sizeof path - 2; len += 2)
		snprintf(path + len, 3, "/d");
	return keep_open(dir, path, O_PATH, 0, KEEP_BENEATH, &half, &e) == 0 &&
	       keep_dir_remove(keep_fd_get(&half), "d", &e) == 0 &&
	       keep_dir_remove(dir, "d", &e) == 0;
}

static void removes(int dir)
{
	struct keep_err e = {0};
	struct stat st;

	ok(keep_dir_make(dir, "safe", 0755, &e) == 0 &&
	   keep_file_replace(dir, "safe/file", BYTES, 0644, &e) == 0 &&
	   symlinkat("../../safe", dir, "a/b/link") == 0 &&
	   symlinkat("safe", dir, "link") == 0,
	   "a tree with links to elsewhere is there");
	ok(keep_dir_remove(dir, "a", &e) == 0 &&
	   fstatat(dir, "a", &st, AT_SYMLINK_NOFOLLOW) < 0,
	   "a tree is removed");
	ok(keep_dir_remove(dir, "link", &e) == 0 &&
	   fstatat(dir, "link", &st, AT_SYMLINK_NOFOLLOW) < 0,
	   "a link is removed");
	ok(holds(dir, "safe/file", BYTES), "what links point to is not");
	e = (struct keep_err){0};
	ok(keep_dir_remove(dir, "a", &e) == 0 &&
	   keep_dir_remove(dir, "a/b", &e) == 0 && e.code == 0,
	   "removing what is not there is fine");
	ok(keep_dir_remove(dir, "../x", &e) == -KEEP_E_DENIED &&
	   keep_dir_remove(dir, "/tmp/x", &e) == -KEEP_E_DENIED &&
	   keep_dir_remove(dir, "sub/over/x", &e) == -KEEP_E_DENIED,
	   "nothing outside is removed");
	ok(keep_dir_remove(dir, "..", &e) == -KEEP_E_BAD_ARGS &&
	   keep_dir_remove(dir, ".", &e) == -KEEP_E_BAD_ARGS &&
	   keep_dir_remove(dir, "", &e) == -KEEP_E_BAD_ARGS,
	   "neither is the directory itself");
	ok(make_deep(dir) && keep_dir_remove(dir, "d", &e) ==
	   -KEEP_E_TOO_LARGE, "a tree of 300 levels is too deep");
	ok(remove_deep(dir), "its parts are not");
}

/* As an ordinary user, below a directory that may be passed, not listed. */
static void passes(int dir)
{
	enum { ORDINARY = 65533 };
	struct keep_err e = {0};
	int status = -1;
	pid_t pid;

	if (keep_dir_make(dir, "shut/own", 0700, &e) || fchmod(dir, 0711) ||
	    fchmodat(dir, "shut", 0311, 0))
		return;
	if (!geteuid() && fchownat(dir, "shut/own", ORDINARY, ORDINARY, 0))
		return;
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		if (!geteuid() && (setregid(ORDINARY, ORDINARY) ||
				   setreuid(ORDINARY, ORDINARY)))
			_exit(2);
		_exit(keep_dir_make(dir, "shut/own/a/b", 0700, &e) ||
		      keep_dir_remove(dir, "shut/own/a", &e));
	}
	ok(waitpid(pid, &status, 0) == pid && status == 0,
	   "directories are made and removed behind one that cannot be listed");
	keep_ignore(fchmodat(dir, "shut", 0700, 0), "it is removed at the end");
}

static void locks(int dir)
{
	KEEP_AUTO(keep_fd) a = {0}, b = {0};
	struct keep_err e = {0};
	int status = -1;
	pid_t pid;

	ok(keep_open(dir, "sub", O_RDONLY, 0, KEEP_BENEATH, &a, &e) == 0 &&
	   keep_open(dir, "sub", O_RDONLY, 0, KEEP_BENEATH, &b, &e) == 0 &&
	   keep_fd_lock(keep_fd_get(&a), 0, &e) == 0,
	   "a directory is locked");
	is_int(keep_fd_lock(keep_fd_get(&b), 0, &e), -KEEP_E_BUSY,
	       "a second lock is refused at once");
	is_int(keep_fd_lock(keep_fd_get(&b), 10, &e), -KEEP_E_BUSY,
	       "or after a time");
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		keep_fd_end(&a);
		_exit(keep_fd_lock(keep_fd_get(&b), 20000, &e) ? 1 : 0);
	}
	keep_fd_end(&a);
	ok(waitpid(pid, &status, 0) == pid && status == 0,
	   "who waits gets the lock when it is given back");
}

int main(void)
{
	KEEP_AUTO(keep_fd) dir = {0};
	struct keep_err e = {0};
	char path[256];

	if (!tap_dir(path, sizeof path) ||
	    keep_open(AT_FDCWD, path, O_RDONLY, 0, KEEP_BENEATH, &dir, &e))
		return 1;
	beneath(keep_fd_get(&dir));
	reads(keep_fd_get(&dir));
	pipes();
	replaces(keep_fd_get(&dir));
	makes(keep_fd_get(&dir));
	lists(keep_fd_get(&dir));
	removes(keep_fd_get(&dir));
	locks(keep_fd_get(&dir));
	passes(keep_fd_get(&dir));
	if (ok(keep_dir_remove(AT_FDCWD, path, &e) == 0,
	       "all of it goes with its directory"))
		return done();
	/* The test is run without memory, too, and leaves nothing. */
	keep_ignore(remove_deep(keep_fd_get(&dir)), "it may be gone");
	keep_ignore(keep_dir_remove(AT_FDCWD, path, &e), "nothing to add");
	return done();
}
