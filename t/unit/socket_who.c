/* What a path says of its socket, and groups of a peer: these as root. */
#include <grp.h>
#include <sys/socket.h>
#include <unistd.h>
#include <keep/socket.h>
#include "tap.h"

static void paths(void)
{
	static const struct {
		const char *path, *name, *instance; /* NULL: just a path */
	} v[] = {
		{"/run/keep-a/a.sock", "a", ""},
		{"/run/keep-a-b/a.sock", "a", "b"},
		{"/run/keep-a-b-c/a-b.sock", "a-b", "c"},
		{"/run/keep-ab/a.sock", NULL, NULL},
		{"/run/keep-a/b.sock", NULL, NULL},
		{"/run/keep-a/a", NULL, NULL},
		{"/run/keep-a/.sock", NULL, NULL},
		{"/run/keep-/.sock", NULL, NULL},
		{"/run/keep-/x.sock", NULL, NULL},
		{"/run/keep-a.sock", NULL, NULL},
		{"/run/keep/a.sock", NULL, NULL},
		{"run/keep-a/a.sock", NULL, NULL},
		{"", NULL, NULL},
	};
	struct keep_socket s;
	size_t i;

	for (i = 0; i < KEEP_COUNT(v); i++) {
		s = keep_socket_of_path(keep_slice(v[i].path));
		is_int(s.place, v[i].name ? KEEP_SOCKET_SYSTEM :
					    KEEP_SOCKET_PATH,
		       "'%s' is told from others", v[i].path);
		is_text(s.name, v[i].name ? v[i].name : v[i].path,
			"and its name");
		if (v[i].name)
			is_text(s.instance, v[i].instance, "and instance");
	}
}

/* Those that the kernel tells, however many. */
static void groups(void)
{
	static gid_t many[200];
	struct keep_peer peer = {0};
	int ends[2];
	size_t i;

	is_int(keep_peer_is_in(&peer, 7), false,
	       "who is not connected is in no group");
	if (geteuid() != 0)
		return;
	for (i = 0; i < KEEP_COUNT(many); i++)
		many[i] = (gid_t)(1000 + i);
	fflush(stdout);
	need(!setgroups(KEEP_COUNT(many), many));
	need(!socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	need(!setgroups(0, NULL));
	need(!keep_peer_get(ends[0], &peer, NULL));
	ok(keep_peer_is_in(&peer, getegid()), "a peer is in its own group");
	ok(keep_peer_is_in(&peer, 1000) && keep_peer_is_in(&peer, 1199),
	   "and in those that it had when it connected");
	ok(!keep_peer_is_in(&peer, 1200), "and in no other");
	close(ends[0]);
	close(ends[1]);
}

int main(void)
{
	paths();
	groups();
	return done();
}
