/* What a program must at least do to run a command on many nodes: libssh2 and
 * nothing else. One process, one thread, poll, 25 at once; the methods that
 * keep names, the first key of the agent, TCP_QUICKACK. Usage:
 * floor COMMAND < lines "ADDRESS PORT". It fails when one of them does. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <libssh2.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { AT_ONCE = 25, PEERS_MAX = 4000 };
enum step { FREE, SHAKE, LOGIN, OPEN, EXEC, READ, CLOSE };

struct peer {
	struct sockaddr_in at;
	LIBSSH2_SESSION *session;
	LIBSSH2_AGENT *agent;
	LIBSSH2_CHANNEL *channel;
	enum step step;
	int fd;
};

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "floor: %s\n", what);
	exit(1);
}

static int login(struct peer *p)
{
	struct libssh2_agent_publickey *key = NULL;

	if (!p->agent) {
		p->agent = libssh2_agent_init(p->session);
		if (!p->agent || libssh2_agent_connect(p->agent) ||
		    libssh2_agent_list_identities(p->agent))
			die("no agent");
	}
	if (libssh2_agent_get_identity(p->agent, &key, NULL))
		die("no key");
	return libssh2_agent_userauth(p->agent, "root", key);
}

static int open_channel(struct peer *p)
{
	p->channel = libssh2_channel_open_session(p->session);
	return p->channel ? 0 : libssh2_session_last_errno(p->session);
}

static int drain(LIBSSH2_CHANNEL *channel)
{
	char bytes[4096];
	ssize_t n;

	do
		n = libssh2_channel_read(channel, bytes, sizeof bytes);
	while (n > 0);
	return (int)n;
}

/* 0: on to the next step. */
static int advance(struct peer *p, const char *command)
{
	switch (p->step) {
	case SHAKE:
		return libssh2_session_handshake(p->session, p->fd);
	case LOGIN:
		return login(p);
	case OPEN:
		return open_channel(p);
	case EXEC:
		return libssh2_channel_exec(p->channel, command);
	case READ:
		return drain(p->channel);
	default:
		return libssh2_channel_wait_closed(p->channel);
	}
}

static void set_methods(LIBSSH2_SESSION *s)
{
	static const struct {
		int kind;
		const char *names;
	} v[] = {
		{LIBSSH2_METHOD_KEX, "curve25519-sha256"},
		{LIBSSH2_METHOD_HOSTKEY, "ssh-ed25519"},
		{LIBSSH2_METHOD_CRYPT_CS, "aes128-ctr"},
		{LIBSSH2_METHOD_CRYPT_SC, "aes128-ctr"},
		{LIBSSH2_METHOD_MAC_CS, "hmac-sha2-256"},
		{LIBSSH2_METHOD_MAC_SC, "hmac-sha2-256"},
	};

	for (size_t i = 0; i < sizeof v / sizeof *v; i++)
		if (libssh2_session_method_pref(s, v[i].kind, v[i].names))
			die("a method is not known");
}

static void start(struct peer *p)
{
	int on = 1;

	p->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (p->fd < 0 || connect(p->fd, (void *)&p->at, sizeof p->at))
		die("no connection");
	setsockopt(p->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	fcntl(p->fd, F_SETFL, O_NONBLOCK);
	p->session = libssh2_session_init();
	if (!p->session)
		die("no memory");
	libssh2_session_set_blocking(p->session, 0);
	set_methods(p->session);
	p->step = SHAKE;
}

static void end(struct peer *p)
{
	if (libssh2_channel_get_exit_status(p->channel))
		die("the command failed");
	libssh2_agent_free(p->agent);
	libssh2_session_disconnect(p->session, "done");
	libssh2_session_free(p->session);
	close(p->fd);
	p->step = FREE;
}

/* As far as it goes without waiting. */
static void work(struct peer *p, const char *command)
{
	int rc, on = 1;

	while ((rc = advance(p, command)) == 0) {
		if (p->step++ != CLOSE)
			continue;
		end(p);
		return;
	}
	if (rc != LIBSSH2_ERROR_EAGAIN)
		die("a node does not answer as it should");
	setsockopt(p->fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
}

static void wait_for(struct peer *window, const char *command)
{
	struct pollfd v[AT_ONCE];

	for (size_t i = 0; i < AT_ONCE; i++) {
		v[i] = (struct pollfd){-1, POLLIN, 0};
		if (window[i].step != FREE)
			v[i].fd = window[i].fd;
	}
	if (poll(v, AT_ONCE, 60000) <= 0)
		die("nothing comes");
	for (size_t i = 0; i < AT_ONCE; i++)
		if (v[i].revents)
			work(&window[i], command);
}

static size_t read_peers(struct sockaddr_in *v)
{
	char text[64];
	unsigned port;
	size_t n = 0;

	while (n < PEERS_MAX && scanf("%63s %u", text, &port) == 2) {
		v[n].sin_family = AF_INET;
		v[n].sin_port = htons((uint16_t)port);
		if (inet_pton(AF_INET, text, &v[n++].sin_addr) != 1)
			die("not an address");
	}
	return n;
}

static size_t fill(struct peer *window, const struct sockaddr_in **next,
		   const struct sockaddr_in *all_end, const char *command)
{
	size_t running = 0;

	for (size_t i = 0; i < AT_ONCE; i++) {
		if (window[i].step == FREE && *next < all_end) {
			window[i] = (struct peer){.at = *(*next)++};
			start(&window[i]);
			work(&window[i], command);
		}
		running += window[i].step != FREE;
	}
	return running;
}

int main(int argc, char **argv)
{
	static struct sockaddr_in all[PEERS_MAX];
	struct peer window[AT_ONCE] = {0};
	const struct sockaddr_in *next = all, *all_end;

	if (argc != 2)
		die("COMMAND?");
	libssh2_init(0);
	all_end = all + read_peers(all);
	while (fill(window, &next, all_end, argv[1]))
		wait_for(window, argv[1]);
	libssh2_exit();
	return 0;
}
