/* Directories of sockets, looked at by descriptor. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "place.h"

enum { OTHERS = 0077, OTHERS_WRITE = 0022, ALL = 07777 };

/* Who may own a thing, and which bits its mode must have, and no others of
 * MASK. */
struct rule {
	uid_t owner, or_owner;
	mode_t mask, mode;
};

static int refuse_owner(const struct stat *st, const struct rule *r,
			const char *what, struct keep_err *e)
{
	keep_fail(e, KEEP_E_DENIED, "%s belongs to uid %u, not to %u", what,
		  st->st_uid, r->owner);
	return keep_hint(e, "somebody else may have made it; look at it with "
			 "ls -ld, and remove it if it should not be there");
}

/* What others may write to can be everybody's, as /tmp: it is not mended. */
static int refuse_mode(const struct stat *st, const struct rule *r,
		       const char *what, struct keep_err *e)
{
	unsigned mode = st->st_mode & ALL;

	if (r->mask == ALL) {
		keep_fail(e, KEEP_E_DENIED, "%s has mode %04o, not %04o", what,
			  mode, r->mode);
		return keep_hint(e, "chmod %o mends that", r->mode);
	}
	keep_fail(e, KEEP_E_DENIED, "%s has mode %04o, so that others may %s",
		  what, mode, r->mask == OTHERS ? "get in" : "write");
	return keep_hint(e, "choose a directory that is your own");
}

static int obeys(const struct stat *st, const struct rule *r,
		 const char *what, struct keep_err *e)
{
	if (r->owner != KEEP_UID_ANY && st->st_uid != r->owner &&
	    st->st_uid != r->or_owner)
		return refuse_owner(st, r, what, e);
	return (st->st_mode & r->mask) == r->mode ? 0 :
	       refuse_mode(st, r, what, e);
}

static int check_dir(const struct keep_fd *dir, const struct rule *r,
		     const char *what, struct keep_err *e)
{
	struct stat st;

	if (fstat(keep_fd_get(dir), &st) != 0)
		return keep_fail_errno(e, "%s", what);
	return obeys(&st, r, what, e);
}

static int open_dir(int at, const char *path, struct keep_fd *out,
		    struct keep_err *e)
{
	return keep_open(at, path, O_PATH | O_DIRECTORY | O_CLOEXEC, 0,
			 at == AT_FDCWD ? KEEP_BENEATH : KEEP_NO_LINKS, out, e);
}

static int make_dir(int at, const char *name, mode_t mode, struct keep_err *e)
{
	if (mkdirat(at, name, mode) != 0)
		return errno == EEXIST ? 0 :
		       keep_fail_errno(e, "making %s", name);
	/* what is made has lost bits to the umask */
	if (fchmodat(at, name, mode, 0) != 0)
		return keep_fail_errno(e, "making %s", name);
	return 0;
}

/* The directory NAME in UP, which may be made. */
static int open_in(const struct keep_fd *up, const char *name, bool make,
		   mode_t mode, struct keep_fd *out, struct keep_err *e)
{
	if (make && make_dir(keep_fd_get(up), name, mode, e))
		return -e->code;
	return open_dir(keep_fd_get(up), name, out, e);
}

/* One of somebody else's, as su leaves it, is not to be removed. */
static int runtime_hint(struct keep_err *e)
{
	return keep_hint(e, "log in by systemd, or export "
			 "XDG_RUNTIME_DIR=/run/user/%u, which is yours alone",
			 geteuid());
}

static int user_dir(const struct keep_socket *s, bool make,
		    struct keep_fd *out, struct keep_err *e)
{
	struct rule closed = {geteuid(), geteuid(), OTHERS, 0};
	struct rule own = {geteuid(), geteuid(), ALL, 0700};
	KEEP_AUTO(keep_fd) up = {0};
	char path[4096];

	if (!keep_slice_starts(s->runtime_dir, "/") ||
	    s->runtime_dir.len >= sizeof path) {
		keep_fail(e, KEEP_E_BAD_CONFIG, s->runtime_dir.len ?
			  "XDG_RUNTIME_DIR is no absolute path: '%.*s'" :
			  "XDG_RUNTIME_DIR is not set%.*s",
			  KEEP_F(s->runtime_dir));
		return runtime_hint(e);
	}
	snprintf(path, sizeof path, "%.*s", KEEP_F(s->runtime_dir));
	if (open_dir(AT_FDCWD, path, &up, e))
		return -e->code;
	if (check_dir(&up, &closed, path, e))
		return runtime_hint(e);
	if (open_in(&up, "keep", make, 0700, out, e) ||
	    check_dir(out, &own, "its directory", e))
		return -e->code;
	return 0;
}

static int system_dir(const struct keep_socket *s, bool make,
		      struct keep_fd *out, struct keep_err *e)
{
	struct rule run = {0, 0, OTHERS_WRITE, 0};
	struct rule own = {s->uid, 0, ALL, 0711};
	KEEP_AUTO(keep_fd) up = {0};
	char name[KEEP_FILE_MAX + 8];

	snprintf(name, sizeof name, "keep-%.*s%s%.*s", KEEP_F(s->name),
		 s->instance.len ? "-" : "", KEEP_F(s->instance));
	if (open_dir(AT_FDCWD, "/run", &up, e) ||
	    check_dir(&up, &run, "/run", e) ||
	    open_in(&up, name, make, 0711, out, e) ||
	    check_dir(out, &own, "its directory", e))
		return -e->code;
	return 0;
}

static size_t dir_len(struct keep_slice path)
{
	size_t n = path.len;

	while (n && path.p[n - 1] != '/')
		n--;
	return n;
}

static int path_dir(const struct keep_socket *s, struct keep_fd *out,
		    struct keep_err *e)
{
	struct rule own = {geteuid(), 0, OTHERS_WRITE, 0};
	size_t n = dir_len(s->name);
	char path[4096];

	if (n >= sizeof path)
		return keep_fail(e, KEEP_E_BAD_ARGS, "the path is too long");
	snprintf(path, sizeof path, "%.*s", n ? (int)n : 1,
		 n ? s->name.p : ".");
	if (open_dir(AT_FDCWD, path, out, e) ||
	    check_dir(out, &own, "its directory", e))
		return -e->code;
	return 0;
}

static bool is_word(struct keep_slice s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || s.p[i] == '-' ||
		      (s.p[i] >= '0' && s.p[i] <= '9')))
			return false;
	return s.len <= KEEP_WORD_MAX;
}

struct keep_socket keep_socket_of_path(struct keep_slice path)
{
	struct keep_socket s = {KEEP_SOCKET_PATH, .name = path};
	size_t up = sizeof "/run/keep-" - 1, n = dir_len(path);
	struct keep_slice dir, file = {path.p + n, path.len - n};

	if (!keep_slice_starts(path, "/run/keep-") || n <= up ||
	    file.len <= sizeof ".sock" - 1)
		return s;
	dir = (struct keep_slice){path.p + up, n - 1 - up};
	n = file.len - (sizeof ".sock" - 1);
	if (!keep_slice_is((struct keep_slice){file.p + n, file.len - n},
			   ".sock") ||
	    dir.len < n || !keep_bytes_equal(dir.p, file.p, n) ||
	    (dir.len > n && dir.p[n] != '-'))
		return s;
	s = (struct keep_socket){KEEP_SOCKET_SYSTEM, .name = {file.p, n},
				 .uid = KEEP_UID_ANY};
	if (dir.len > n)
		s.instance = (struct keep_slice){dir.p + n + 1,
						 dir.len - n - 1};
	return s;
}

/* The name of the socket in its directory; false when it can be none. */
static bool put_file(const struct keep_socket *s, char *file, size_t size)
{
	struct keep_slice last = s->name, which = {0};
	size_t n = dir_len(last);

	if (s->place == KEEP_SOCKET_PATH) {
		last = (struct keep_slice){last.p + n, last.len - n};
		snprintf(file, size, "%.*s", KEEP_F(last));
		return last.len && last.len < size && last.p[0] != '.';
	}
	if (s->place == KEEP_SOCKET_USER)
		which = s->instance;
	snprintf(file, size, "%.*s%s%.*s.sock", KEEP_F(last),
		 which.len ? "-" : "", KEEP_F(which));
	return last.len && is_word(last) && is_word(s->instance);
}

int keep_socket_at_open(struct keep_socket_at *p, const struct keep_socket *s,
		    bool make, struct keep_err *e)
{
	*p = (struct keep_socket_at){.of = s};
	if (!put_file(s, p->file, sizeof p->file))
		return keep_fail(e, KEEP_E_BAD_ARGS, "'%.*s' is no name of a "
				 "socket", KEEP_F(s->name));
	if (s->place == KEEP_SOCKET_USER)
		return user_dir(s, make, &p->dir, e);
	if (s->place == KEEP_SOCKET_SYSTEM)
		return system_dir(s, make, &p->dir, e);
	return path_dir(s, &p->dir, e);
}

void keep_socket_at_end(struct keep_socket_at *p)
{
	keep_fd_end(&p->dir);
}

mode_t keep_socket_at_mode(const struct keep_socket *s)
{
	return s->place != KEEP_SOCKET_USER && s->for_all ? 0666 : 0700;
}

static bool is_for_all(const struct stat *st)
{
	return (st->st_mode & ALL) == 0666;
}

/* What a client that knows no uid sees: in a directory of root's is what root
 * put there, in another what its owner did. */
static int check_any(const struct keep_socket_at *p, const struct stat *st,
		     struct keep_err *e)
{
	struct rule r = {KEEP_UID_ANY, 0, ALL, is_for_all(st) ? 0666 : 0700};
	struct stat dir;

	if (fstat(keep_fd_get(&p->dir), &dir) != 0)
		return keep_fail_errno(e, "its directory");
	if (dir.st_uid)
		r.owner = dir.st_uid;
	return obeys(st, &r, "it", e);
}

int keep_socket_at_check(const struct keep_socket_at *p, const struct stat *st,
		     struct keep_err *e)
{
	/* what systemd-socket-activate binds is 0755 */
	struct rule own = {geteuid(), geteuid(), OTHERS_WRITE, 0};
	struct rule exact = {p->of->uid, 0, ALL, keep_socket_at_mode(p->of)};

	if (!S_ISSOCK(st->st_mode))
		return keep_fail(e, KEEP_E_EXISTS, "it is no socket");
	if (p->of->place == KEEP_SOCKET_SYSTEM)
		return p->of->uid == KEEP_UID_ANY ? check_any(p, st, e) :
		       obeys(st, &exact, "it", e);
	if (p->of->place == KEEP_SOCKET_PATH)
		own.or_owner = 0;
	if (p->of->place == KEEP_SOCKET_PATH && is_for_all(st))
		own.mask = ALL, own.mode = 0666;
	return obeys(st, &own, "it", e);
}

void keep_socket_at_address(struct sockaddr_un *to, int fd, const char *file)
{
	*to = (struct sockaddr_un){.sun_family = AF_UNIX};
	snprintf(to->sun_path, sizeof to->sun_path, "/proc/self/fd/%d%s%s", fd,
		 *file ? "/" : "", file);
}

void keep_socket_path(const struct keep_socket *s, struct keep_buf *out)
{
	char file[KEEP_FILE_MAX + 1];

	put_file(s, file, sizeof file);
	if (s->place == KEEP_SOCKET_PATH)
		keep_buf_slice(out, s->name);
	else if (s->place == KEEP_SOCKET_USER)
		keep_buf_print(out, "%.*s/keep/%s", KEEP_F(s->runtime_dir),
			       file);
	else
		keep_buf_print(out, "/run/keep-%.*s%s%.*s/%s",
			       KEEP_F(s->name), s->instance.len ? "-" : "",
			       KEEP_F(s->instance), file);
}

int keep_socket_at_says(const struct keep_socket *s, struct keep_err *e)
{
	KEEP_AUTO(keep_buf) path = {0};

	keep_socket_path(s, &path);
	return keep_err_at(e, "%.*s", KEEP_F(keep_buf_get(&path)));
}
