/* The agent's connection: made, written to, read from, given up. */
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <keep/loop.h>
#include "agent_wire.h"

enum { CHUNK = 4096 };
enum { RETRY_MS = 10 }; /* while the agent's queue is full */

static void hang_up(struct keep_agent *a)
{
	keep_fd_end(&a->fd);
	keep_buf_end(&a->in);
	keep_buf_end(&a->out);
	a->asked = KEEP_AGENT_NOTHING;
}

void keep_agent_end(struct keep_agent *a)
{
	hang_up(a);
	*a = (struct keep_agent){0};
}

/* The descriptor may be in a loop, so it is closed by the next request. */
void keep_agent_lose(struct keep_agent *a)
{
	a->asked = KEEP_AGENT_LOST;
	a->events = 0;
}

static int no_agent(struct keep_agent *a, struct keep_err *e, const char *why)
{
	keep_agent_lose(a);
	keep_fail(e, KEEP_E_NO_AGENT, "the ssh-agent at %.*s: %s",
		  KEEP_F(a->path), why);
	return keep_hint(e, "is SSH_AUTH_SOCK right? or start one: "
			 "eval \"$(ssh-agent)\" && ssh-add");
}

/* --- connecting -------------------------------------------------------- */

/* Fails when the caller cancels, within WAIT_MS, or the request is late. */
static int stop_late(struct keep_agent *a, int wait_ms, struct keep_err *e)
{
	struct pollfd p = {.fd = a->cancel_fd_plus_one - 1, .events = POLLIN};

	if (poll(&p, 1, wait_ms) > 0 && (!a->heed || a->heed(a->of, e))) {
		keep_agent_lose(a);
		return a->heed ? -e->code :
		       keep_fail(e, KEEP_E_CANCELLED, "cancelled");
	}
	if (keep_loop_now_ms() < a->due_ms)
		return 0;
	keep_agent_lose(a);
	keep_fail(e, KEEP_E_DEADLINE, "the ssh-agent at %.*s did not answer "
		  "in time", KEEP_F(a->path));
	return keep_hint(e, "does it wait for a touch, or for an answer on "
			 "another screen?");
}

static int address(struct keep_agent *a, struct sockaddr_un *to,
		   struct keep_err *e)
{
	if (!a->path.len) {
		keep_fail(e, KEEP_E_NO_AGENT, "no ssh-agent is known");
		return keep_hint(e, "SSH_AUTH_SOCK names it; start one: "
				 "eval \"$(ssh-agent)\" && ssh-add");
	}
	if (a->path.len >= sizeof to->sun_path)
		return no_agent(a, e, "the path of a socket has at most "
				"107 bytes");
	if (memchr(a->path.p, '\0', a->path.len))
		return no_agent(a, e, "the path holds a NUL");
	*to = (struct sockaddr_un){.sun_family = AF_UNIX};
	memcpy(to->sun_path, a->path.p, a->path.len);
	return 0;
}

/* A connection is made at once, or there is no room in the agent's queue: no
 * event tells when there is. */
static int connect_to(struct keep_agent *a, uint32_t queue_ms,
		      struct keep_err *e)
{
	uint64_t until_ms = keep_loop_now_ms() + queue_ms;
	struct sockaddr_un to;
	int fd, rc = address(a, &to, e);

	if (rc)
		return rc;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return keep_fail_errno(e, "a socket for the ssh-agent");
	a->fd = keep_fd_of(fd);
	while (connect(fd, (const struct sockaddr *)&to, sizeof to) < 0) {
		if (errno != EAGAIN && errno != EINTR)
			return no_agent(a, e, strerror(errno));
		rc = stop_late(a, RETRY_MS, e);
		if (rc)
			return rc;
		if (keep_loop_now_ms() >= until_ms)
			return no_agent(a, e, "others wait for it, too");
	}
	return 0;
}

/* It was lost; or an answer is still to come; or nothing was asked, and what
 * can be read is the end, or not for us. */
static bool is_stale(const struct keep_agent *a)
{
	struct pollfd p = {.fd = keep_fd_get(&a->fd), .events = POLLIN};

	return a->asked != KEEP_AGENT_NOTHING || poll(&p, 1, 0) != 0;
}

int keep_agent_connect(struct keep_agent *a, uint32_t queue_ms,
		       struct keep_err *e)
{
	if (a->fd.plus_one && is_stale(a))
		hang_up(a);
	a->due_ms = keep_loop_now_ms() +
		    (a->timeout_ms ? a->timeout_ms : KEEP_AGENT_TIMEOUT_MS);
	a->in.len = a->out.len = 0;
	return a->fd.plus_one ? 0 : connect_to(a, queue_ms, e);
}

/* --- moving bytes ------------------------------------------------------ */

static bool not_yet(void)
{
	return errno == EAGAIN || errno == EINTR;
}

static int send_rest(struct keep_agent *a, struct keep_err *e)
{
	ssize_t n;

	if (a->out.len == 0)
		return 0;
	n = send(keep_fd_get(&a->fd), a->out.p, a->out.len, MSG_NOSIGNAL);
	if (n < 0)
		return not_yet() ? 0 : no_agent(a, e, strerror(errno));
	a->out.len -= (size_t)n;
	memmove(a->out.p, a->out.p + n, a->out.len);
	a->events = a->out.len ? POLLOUT : POLLIN;
	return 0;
}

static int receive(struct keep_agent *a, struct keep_err *e)
{
	char chunk[CHUNK];
	ssize_t n;

	n = recv(keep_fd_get(&a->fd), chunk, sizeof chunk, 0);
	if (n < 0)
		return not_yet() ? 0 : no_agent(a, e, strerror(errno));
	if (n == 0)
		return no_agent(a, e, "it closed the connection");
	keep_buf_put(&a->in, chunk, (size_t)n);
	if (!a->in.failed)
		return 0;
	keep_agent_lose(a);
	return keep_no_memory(e);
}

int keep_agent_foreign(struct keep_agent *a, int rc, struct keep_err *e)
{
	if (rc != -KEEP_E_NO_AGENT)
		return rc;
	keep_agent_lose(a);
	return keep_err_at(e, "%.*s", KEEP_F(a->path));
}

int keep_agent_turn(struct keep_agent *a, struct keep_slice *message,
		    struct keep_err *e)
{
	int rc = send_rest(a, e);

	*message = (struct keep_slice){0};
	if (!rc && a->out.len == 0)
		rc = receive(a, e);
	if (rc)
		return rc;
	rc = keep_ssh_message(keep_buf_get(&a->in), message, e);
	if (rc)
		return keep_agent_foreign(a, rc, e);
	if (!message->p)
		return stop_late(a, 0, e);
	if (message->len + 4 != a->in.len)
		return no_agent(a, e, "it said more than it was asked");
	return 0;
}

int keep_agent_wait(struct keep_agent *a, struct keep_err *e)
{
	struct pollfd p[] = {
		{.fd = keep_fd_get(&a->fd), .events = a->events},
		{.fd = a->cancel_fd_plus_one - 1, .events = POLLIN},
	};
	uint64_t now = keep_loop_now_ms();
	uint64_t left = a->due_ms > now ? a->due_ms - now : 0;

	if (poll(p, KEEP_COUNT(p), left < INT_MAX ? (int)left : INT_MAX) < 0 &&
	    errno != EINTR) {
		int rc = keep_fail_errno(e, "waiting for the ssh-agent");

		keep_agent_lose(a);
		return rc;
	}
	return p[1].revents ? stop_late(a, 0, e) : 0;
}
