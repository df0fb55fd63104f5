/* What systemd passes to a service, and what it wants to hear. */
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <keep/socket.h>
#include <keep/text.h>

enum { FIRST_FD = 3 };

static bool is_option(int fd, int option, int want)
{
	int got = 0;
	socklen_t len = sizeof got;

	return getsockopt(fd, SOL_SOCKET, option, &got, &len) == 0 &&
	       got == want;
}

static int take_fd(struct keep_activated *a, int fd, struct keep_slice name,
		   struct keep_err *e)
{
	if (!is_option(fd, SO_DOMAIN, AF_UNIX) ||
	    !is_option(fd, SO_TYPE, SOCK_STREAM) ||
	    !is_option(fd, SO_ACCEPTCONN, 1))
		return keep_fail(e, KEEP_E_BAD_CONFIG, "descriptor %d, that "
				 "was passed, is no stream socket that "
				 "listens", fd);
	if (name.len >= sizeof a->name)
		return keep_fail(e, KEEP_E_BAD_CONFIG, "LISTEN_FDNAMES: a "
				 "name of %zu bytes", name.len);
	if (fcntl(fd, F_SETFD, FD_CLOEXEC) < 0 ||
	    fcntl(fd, F_SETFL, O_NONBLOCK) < 0)
		return keep_fail_errno(e, "descriptor %d", fd);
	a->fd = keep_fd_of(fd);
	memcpy(a->name, name.p, name.len);
	return 0;
}

/* Takes the next name off "a:b:c"; false when there is none. */
static bool next_name(struct keep_slice *names, struct keep_slice *name)
{
	size_t n = 0;

	if (!names->p)
		return false;
	while (n < names->len && names->p[n] != ':')
		n++;
	*name = (struct keep_slice){names->p, n};
	*names = n == names->len ? (struct keep_slice){0} :
		 (struct keep_slice){names->p + n + 1, names->len - n - 1};
	return true;
}

static int take_fds(struct keep_activation *a, struct keep_slice count,
		    struct keep_slice names, struct keep_err *e)
{
	struct keep_slice name = KEEP_S("unknown");
	bool named = names.p != NULL;
	uint64_t n, i;

	if (!keep_num_uint(count, &n) || !n || n > KEEP_ACTIVATED_MAX)
		return keep_fail(e, KEEP_E_BAD_CONFIG, "LISTEN_FDS is '%.*s'; "
				 "1 to %d sockets can be passed",
				 KEEP_F(count), KEEP_ACTIVATED_MAX);
	for (i = 0; i < n; i++) {
		if (named && !next_name(&names, &name))
			break;
		if (take_fd(&a->v[i], FIRST_FD + (int)i, name, e))
			return -e->code;
		a->n++;
	}
	if (named && (i < n || names.p))
		return keep_fail(e, KEEP_E_BAD_CONFIG, "LISTEN_FDNAMES does "
				 "not name %d sockets", (int)n);
	return 0;
}

static bool is_own_pid(struct keep_slice pid)
{
	uint64_t n;

	return keep_num_uint(pid, &n) && n == (uint64_t)getpid();
}

int keep_activation_take(struct keep_activation *a, struct keep_err *e)
{
	const char *notify = getenv("NOTIFY_SOCKET");
	int rc = 0;

	*a = (struct keep_activation){0};
	if (notify && strlen(notify) < sizeof a->notify)
		memcpy(a->notify, notify, strlen(notify));
	if (is_own_pid(keep_slice(getenv("LISTEN_PID"))))
		rc = take_fds(a, keep_slice(getenv("LISTEN_FDS")),
			      keep_slice(getenv("LISTEN_FDNAMES")), e);
	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_FDNAMES");
	unsetenv("NOTIFY_SOCKET");
	if (rc)
		keep_activation_end(a);
	return rc;
}

bool keep_activation_get(struct keep_activation *a, const char *name,
			 struct keep_listener *out)
{
	size_t i;

	for (i = 0; i < a->n; i++) {
		if (!a->v[i].fd.plus_one ||
		    (name && !keep_slice_is(keep_slice(a->v[i].name), name)))
			continue;
		*out = (struct keep_listener){.fd = keep_take(&a->v[i].fd)};
		return true;
	}
	return false;
}

void keep_activation_notify(const struct keep_activation *a,
			    const char *state)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	size_t len = strlen(a->notify);
	int fd;

	if (!len)
		return;
	memcpy(to.sun_path, a->notify, len);
	if (a->notify[0] == '@') /* an abstract one */
		to.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	keep_ignore(sendto(fd, state, strlen(state), MSG_NOSIGNAL,
			   (const struct sockaddr *)&to,
			   (socklen_t)(offsetof(struct sockaddr_un, sun_path) +
				       len)) < 0,
		    "who asked may be gone");
	close(fd);
}

void keep_activation_end(struct keep_activation *a)
{
	size_t i;

	for (i = 0; i < a->n; i++)
		keep_fd_end(&a->v[i].fd);
	*a = (struct keep_activation){0};
}
