/* Sockets of services: where they lie, whose they are, and what systemd
 * passes. Owners are tried as root only. */
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <keep/socket.h>
#include "tap.h"

/* A runtime directory, and a service of the user in it. */
struct room {
	struct keep_mem m;
	char dir[100];
	struct keep_socket at;
	struct keep_err e;
};

static void room_begin(struct room *r)
{
	*r = (struct room){0};
	need(tap_dir(r->dir, sizeof r->dir));
	r->at = (struct keep_socket){
		.name = KEEP_S("serve"), .instance = KEEP_S("0123456789abcdef"),
		.runtime_dir = keep_slice(r->dir),
	};
}

static void room_end(struct room *r)
{
	keep_ignore(keep_dir_remove(AT_FDCWD, r->dir, NULL), "it is scratch");
	keep_mem_end(&r->m);
}

static const char *path(struct room *r, const char *name)
{
	struct keep_slice s = keep_mem_print(&r->m, "%s/%s", r->dir, name);

	need(s.p);
	return s.p;
}

static mode_t mode_of(const char *path)
{
	struct stat st;

	return lstat(path, &st) ? 0 : st.st_mode & 07777;
}

#define SOCKET "keep/serve-0123456789abcdef.sock"

static int connects(struct room *r)
{
	KEEP_AUTO(keep_fd) fd = {0};

	r->e = (struct keep_err){0};
	return keep_socket_connect(&r->at, &fd, &r->e);
}

static int listens(struct room *r)
{
	struct keep_listener l;
	int rc;

	r->e = (struct keep_err){0};
	rc = keep_socket_listen(&r->at, &l, &r->e);
	if (!rc)
		keep_listener_end(&l);
	return rc;
}

static void served(void)
{
	struct room r;
	struct keep_listener l;
	KEEP_AUTO(keep_fd) client = {0};
	struct keep_peer peer = {0};
	struct keep_buf where = {0};
	int fd;

	room_begin(&r);
	is_int(connects(&r), -KEEP_E_UNREACHABLE, "nobody listens at first");
	is_int(keep_socket_listen(&r.at, &l, &r.e), 0, "a service listens");
	is_int(mode_of(path(&r, "keep")), 0700,
	       "its directory is made for the user alone");
	is_int(mode_of(path(&r, SOCKET)), 0700,
	       "its socket is for the user alone");
	keep_socket_path(&r.at, &where);
	is_text(keep_buf_get(&where), path(&r, SOCKET),
		"its path names the service and the instance");
	keep_buf_end(&where);
	is_int(keep_socket_connect(&r.at, &client, &r.e), 0,
	       "a client connects");
	fd = accept(keep_fd_get(&l.fd), NULL, NULL);
	need(fd >= 0);
	is_int(keep_peer_get(fd, &peer, &r.e), 0, "the service asks who it is");
	ok(peer.uid == geteuid() && peer.gid == getegid() &&
	   peer.pid == (uint32_t)getpid(), "and is told by the kernel");
	close(fd);
	is_int(listens(&r), -KEEP_E_BUSY, "a second server is refused");
	is_int(connects(&r), 0, "and the first goes on");
	keep_listener_end(&l);
	is_int(access(path(&r, SOCKET), F_OK), -1,
	       "the socket goes with its server");
	room_end(&r);
}

/* Servers that did not end as they should. */
static void stale(void)
{
	struct room r;
	struct keep_listener l, next;
	struct stat st;

	room_begin(&r);
	need(!keep_socket_listen(&r.at, &l, &r.e));
	keep_listener_close(&l);
	is_int(mode_of(path(&r, SOCKET)), 0700,
	       "who is killed leaves its socket");
	is_int(connects(&r), -KEEP_E_UNREACHABLE, "where nobody listens");
	is_int(keep_socket_listen(&r.at, &l, &r.e), 0,
	       "the next server replaces it");
	is_int(connects(&r), 0, "and is connected to");
	keep_fd_end(&l.lock);
	is_int(listens(&r), -KEEP_E_BUSY,
	       "who listens without a lock, as for systemd, is left alone");
	keep_listener_close(&l);
	need(!keep_socket_listen(&r.at, &l, &r.e));
	need(!unlink(path(&r, SOCKET)));
	keep_fd_end(&l.lock);
	need(!keep_socket_listen(&r.at, &next, &r.e));
	keep_listener_end(&l);
	ok(!lstat(path(&r, SOCKET), &st),
	   "who ends removes no socket but its own");
	keep_listener_end(&next);
	need(!symlink("nowhere", path(&r, SOCKET)));
	is_int(listens(&r), -KEEP_E_EXISTS, "a link is not replaced");
	room_end(&r);
}

static void modes(void)
{
	struct room r;
	struct keep_listener l;

	room_begin(&r);
	need(!keep_socket_listen(&r.at, &l, &r.e));
	need(!chmod(path(&r, SOCKET), 0755));
	is_int(connects(&r), 0, "who can only look at a socket is no danger");
	need(!chmod(path(&r, SOCKET), 0777));
	is_int(connects(&r), -KEEP_E_DENIED,
	       "a socket that others can use is refused");
	need(!chmod(path(&r, SOCKET), 0700) && !chmod(path(&r, "keep"), 0755));
	is_int(connects(&r), -KEEP_E_DENIED,
	       "a directory that others can enter is refused");
	ok(strstr(r.e.message, "0755") && strstr(r.e.message, r.dir) &&
	   r.e.hint[0], "with its mode and place, and what to do");
	need(!chmod(path(&r, "keep"), 0700) && !chmod(r.dir, 0755));
	is_int(connects(&r), -KEEP_E_DENIED,
	       "a runtime directory that others can enter is refused");
	keep_listener_end(&l);
	is_int(listens(&r), -KEEP_E_DENIED, "by servers, too");
	need(!chmod(r.dir, 0700) && !chmod(path(&r, "keep"), 0750));
	is_int(listens(&r), -KEEP_E_DENIED,
	       "a server uses no directory that a group can enter");
	need(!rename(path(&r, "keep"), path(&r, "other")) &&
	     !chmod(path(&r, "other"), 0700) &&
	     !symlink("other", path(&r, "keep")));
	is_int(listens(&r), -KEEP_E_DENIED, "a link is no directory");
	is_int(connects(&r), -KEEP_E_DENIED, "for clients, too");
	room_end(&r);
}

static void owners(void)
{
	struct room r;
	struct keep_listener l;

	if (geteuid() != 0)
		return;
	room_begin(&r);
	need(!keep_socket_listen(&r.at, &l, &r.e));
	need(!lchown(path(&r, SOCKET), 1, 1));
	is_int(connects(&r), -KEEP_E_DENIED,
	       "a socket of another user is refused");
	ok(strstr(r.e.message, "uid 1"), "and the user is told");
	need(!lchown(path(&r, SOCKET), 0, 0) &&
	     !lchown(path(&r, "keep"), 1, 1));
	is_int(connects(&r), -KEEP_E_DENIED,
	       "a directory of another user is refused");
	need(!lchown(path(&r, "keep"), 0, 0) && !lchown(r.dir, 1, 1));
	is_int(connects(&r), -KEEP_E_DENIED,
	       "a runtime directory of another user is refused");
	keep_listener_end(&l);
	room_end(&r);
}

static void strange_paths(void)
{
	struct room r;
	struct keep_socket plain;
	int i;

	room_begin(&r);
	for (i = 0; i < 8; i++) {
		r.at.runtime_dir = keep_mem_print(
			&r.m, "%.*s/a-directory-with-a-long-name-%d",
			KEEP_F(r.at.runtime_dir), i);
		need(r.at.runtime_dir.p && !mkdir(r.at.runtime_dir.p, 0700));
	}
	is_int(listens(&r), 0, "a path may be longer than 108 bytes");
	plain = r.at;
	r.at.runtime_dir = (struct keep_slice){0};
	is_int(listens(&r), -KEEP_E_BAD_CONFIG,
	       "without a runtime directory nobody listens");
	is_int(connects(&r), -KEEP_E_BAD_CONFIG, "and nobody connects");
	r.at = plain;
	r.at.name = KEEP_S("../serve");
	is_int(listens(&r), -KEEP_E_BAD_ARGS, "a service's name is one word");
	r.at = plain;
	r.at.instance = KEEP_S("a/b");
	is_int(connects(&r), -KEEP_E_BAD_ARGS, "an instance's, too");
	room_end(&r);
}

/* Where somebody said. */
static void given_path(void)
{
	struct room r;
	struct keep_listener l;

	room_begin(&r);
	r.at = (struct keep_socket){.place = KEEP_SOCKET_PATH,
				    .name = keep_slice(path(&r, "x.sock"))};
	is_int(keep_socket_listen(&r.at, &l, &r.e), 0,
	       "a socket may lie where somebody says");
	is_int(mode_of(path(&r, "x.sock")), 0700, "for its user alone");
	is_int(connects(&r), 0, "and is connected to");
	need(!chmod(r.dir, 01777));
	is_int(connects(&r), -KEEP_E_DENIED,
	       "but not where everybody can put one");
	keep_listener_end(&l);
	is_int(listens(&r), -KEEP_E_DENIED, "nor is one made there");
	r.at.name = KEEP_S("/");
	is_int(listens(&r), -KEEP_E_BAD_ARGS, "a directory is no socket");
	room_end(&r);
}

static void of_the_system(void)
{
	char name[20], dir[60];
	struct keep_listener l;
	struct room r;

	if (geteuid() != 0 || access("/run", W_OK))
		return;
	room_begin(&r);
	snprintf(name, sizeof name, "%d", getpid());
	snprintf(dir, sizeof dir, "/run/keep-unit-%s", name);
	r.at = (struct keep_socket){
		.place = KEEP_SOCKET_SYSTEM, .name = KEEP_S("unit"),
		.instance = keep_slice(name), .for_all = true,
	};
	if (!ok(!keep_socket_listen(&r.at, &l, &r.e),
		"a service of the system listens"))
		fprintf(stderr, "# %s\n", r.e.message);
	else {
		is_int(mode_of(dir), 0711, "all may pass its directory");
		is_int(connects(&r), 0, "a client connects");
		r.at.for_all = false;
		is_int(connects(&r), -KEEP_E_DENIED,
		       "one that should be for its user is refused when all "
		       "may connect");
		keep_listener_end(&l);
	}
	need(!chmod(dir, 0755));
	is_int(listens(&r), -KEEP_E_DENIED, "its directory is not to be read");
	keep_ignore(keep_dir_remove(AT_FDCWD, dir, NULL), "it is scratch");
	room_end(&r);
}

/* Puts a socket that listens at descriptor 3. */
static void pass(struct room *r)
{
	struct keep_listener l;
	int fd;

	need(!keep_socket_listen(&r->at, &l, &r->e));
	fd = fcntl(keep_fd_get(&l.fd), F_DUPFD, 10);
	keep_listener_end(&l);
	need(dup2(fd, 3) == 3);
	close(fd);
}

static int activated(struct keep_activation *a, const char *pid,
		     const char *fds, const char *names)
{
	struct keep_err e = {0};

	setenv("LISTEN_PID", pid, 1);
	setenv("LISTEN_FDS", fds, 1);
	unsetenv("LISTEN_FDNAMES");
	if (names)
		setenv("LISTEN_FDNAMES", names, 1);
	return keep_activation_take(a, &e);
}

static void activation(void)
{
	struct keep_activation a;
	struct keep_listener l;
	struct room r;
	char pid[20];

	room_begin(&r);
	snprintf(pid, sizeof pid, "%d", getpid());
	pass(&r);
	is_int(activated(&a, "1", "1", "serve"), 0,
	       "what was passed to another process is not ours");
	is_int(a.n, 0, "and is not taken");
	ok(!getenv("LISTEN_PID") && !getenv("LISTEN_FDS") &&
	   !getenv("LISTEN_FDNAMES"), "no variable is left");
	is_int(activated(&a, pid, "2", "serve"), -KEEP_E_BAD_CONFIG,
	       "fewer names than sockets is an error");
	pass(&r);
	is_int(activated(&a, pid, "1", "serve:other"), -KEEP_E_BAD_CONFIG,
	       "more names than sockets is an error");
	pass(&r);
	is_int(activated(&a, pid, "0", "serve"), -KEEP_E_BAD_CONFIG,
	       "no socket is an error");
	is_int(activated(&a, pid, "many", NULL), -KEEP_E_BAD_CONFIG,
	       "a count is a number");
	is_int(activated(&a, pid, "1", "serve"), 0, "a socket was passed");
	ok(!keep_activation_get(&a, "agent", &l), "not under another name");
	ok(keep_activation_get(&a, "serve", &l), "under its own");
	is_int(fcntl(keep_fd_get(&l.fd), F_GETFD), FD_CLOEXEC,
	       "it closes on exec");
	ok(!keep_activation_get(&a, "serve", &l), "it is taken once");
	keep_activation_end(&a);
	keep_listener_end(&l);
	need(open("/dev/null", O_RDONLY) == 3);
	is_int(activated(&a, pid, "1", NULL), -KEEP_E_BAD_CONFIG,
	       "a file is no socket");
	room_end(&r);
}

static void readiness(void)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	struct keep_activation a;
	struct room r;
	char said[20];
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

	room_begin(&r);
	snprintf(at.sun_path, sizeof at.sun_path, "%s/notify", r.dir);
	need(fd >= 0 && !bind(fd, (struct sockaddr *)&at, sizeof at));
	setenv("NOTIFY_SOCKET", at.sun_path, 1);
	need(!keep_activation_take(&a, &r.e));
	ok(!getenv("NOTIFY_SOCKET"), "its variable is gone");
	keep_activation_notify(&a, "READY=1");
	is_int(recv(fd, said, sizeof said, MSG_DONTWAIT), 7,
	       "systemd hears of it");
	is_slice(((struct keep_slice){said, 7}), KEEP_S("READY=1"),
		 "that it is ready");
	close(fd);
	room_end(&r);
}

static void ids(void)
{
	struct keep_instance_id id;

	keep_instance_id(KEEP_S("/srv/acme"), &id);
	is_text(keep_slice(id.name), "6e0bff4c592cf134",
		"an instance is known by its path");
	is_int(id.bytes[0] >> 4, id.name[0] <= '9' ? id.name[0] - '0' :
	       id.name[0] - 'a' + 10, "its id begins as its name");
}

int main(void)
{
	served();
	stale();
	modes();
	owners();
	strange_paths();
	given_path();
	of_the_system();
	activation();
	readiness();
	ids();
	return done();
}
