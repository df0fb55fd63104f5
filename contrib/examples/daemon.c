/* daemon [DIR]: a daemon of your own with verbs of keep, for the instance in
 * DIR: three of two libraries, at $XDG_RUNTIME_DIR/keep/nodes.sock.
 *	keep call --socket $XDG_RUNTIME_DIR/keep/nodes.sock node list
 * Build it with: cc daemon.c -o daemon $(pkg-config --cflags --libs libkeep) */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <keep/server.h>

static int open_instance(struct keep_ctx *c, const char *dir,
			 struct keep_err *e)
{
	struct keep_fd at;
	int rc = keep_open(AT_FDCWD, dir, O_RDONLY | O_DIRECTORY, 0,
			   KEEP_BENEATH, &at, e);

	if (rc)
		return rc;
	rc = keep_instance_find(c->mem, keep_fd_get(&at), &c->instance,
				&c->instance_path, e);
	keep_fd_end(&at);
	return rc;
}

int main(int argc, char **argv)
{
	KEEP_AUTO(keep_mem) mem = {0}, item_mem = {0};
	KEEP_AUTO(keep_session) session = {0};
	struct keep_log log = {STDERR_FILENO + 1, KEEP_LOG_INFO,
			       .name = "nodes"};
	struct keep_ctx c = {&mem, &item_mem, .session = &session,
			     .log = &log};
	struct keep_suite suite = {.path = keep_slice(getenv("PATH"))};
	struct keep_slice verbs[] = {KEEP_S("node.list"), KEEP_S("inspect"),
				     KEEP_S("version")};
	struct keep_server server = {&suite, &c, .only = {verbs, 3}};
	struct keep_daemon d = {
		.name = "nodes", .call = keep_server_call, .user = &server,
		.log = &log, .socket.name = KEEP_S("nodes"),
		.socket.runtime_dir = keep_slice(getenv("XDG_RUNTIME_DIR")),
	};
	struct keep_err e = {0};

	if (!keep_suite_open(&suite, &c, &e) &&
	    !open_instance(&c, argc > 1 ? argv[1] : ".", &e) &&
	    !keep_server_begin(&server, &e) && !keep_daemon_run(&d, &e))
		return 0;
	fprintf(stderr, "nodes: %s\n", e.message);
	return keep_exit_status(e.code);
}
