/* `keep serve`: the verbs of an instance over a socket. */
#include <unistd.h>
#include <keep/serve.h>
#include <keep/server.h>

#define A struct keep_serve_args
static const struct keep_field args[] = {
	{KEEP_PATH(A, socket), .meta = "PATH",
	 .help = "where to listen, instead of the user's runtime directory"},
	{KEEP_TEXTS(A, only), .meta = "VERB,...",
	 .help = "expose nothing but these, as node.list"},
	{KEEP_TEXTS(A, allow), .meta = "VERB,...",
	 .help = "also expose these, which change or run something"},
	{KEEP_PATH(A, agent), .meta = "PATH",
	 .help = "socket of the ssh-agent for verbs that sign"},
	{KEEP_DURATION(A, idle_timeout), .dflt = "20m",
	 .help = "end after such a time without a client; 0s: never"},
	{KEEP_BOOL(A, print_unit), .help = "serve nothing; print what systemd's units need"},
	{KEEP_TEXTS(A, peer), .meta = "WHO=VERB,...",
	 .help = "also let this user, or @GROUP, call these of what is exposed"},
};
#undef A
#define R struct keep_serve_result
static const struct keep_field result[] = {
	{KEEP_TEXT(R, unit), .help = "a drop-in of systemd, when it was asked for"},
};
#undef R
const struct keep_schema keep_serve_result_schema =
	KEEP_SCHEMA(struct keep_serve_result, result);
const struct keep_schema keep_serve_args_schema =
	KEEP_SCHEMA(struct keep_serve_args, args);

/* "a,b" and "c" are three. */
static int split(struct keep_mem *m, const struct keep_slices *from,
		 struct keep_slices *to, struct keep_err *e)
{
	struct keep_buf names = {.mem = m};
	size_t i, at, len;

	for (i = 0; i < from->n; i++)
		for (at = 0; at < from->v[i].len; at += len + 1) {
			struct keep_slice name = {from->v[i].p + at, 0};

			for (len = 0; at + len < from->v[i].len &&
				      name.p[len] != ','; len++)
				;
			name.len = len;
			keep_buf_put(&names, &name, sizeof name);
		}
	if (names.failed)
		return keep_no_memory(e);
	*to = (struct keep_slices){
		(const void *)keep_buf_get(&names).p,
		names.len / sizeof(struct keep_slice)};
	return 0;
}

/* Without foreign packages, which may not be there before a fork; the others
 * are loaded by the children that need them. */
static void preload(const struct keep_suite *s)
{
	struct keep_err e;

	keep_suite_library(s, KEEP_S("provider"), &e);
}

static int check_instance(const struct keep_ctx *c, struct keep_err *e)
{
	if (c->instance_path.p)
		return 0;
	keep_fail(e, KEEP_E_NOT_FOUND, "there is no provider instance here, "
		  "and a server serves one");
	return keep_hint(e, "go to one, or name it: keep -C DIR serve");
}

/* What it does not print is not left out in silence. */
static int check_unit(const struct keep_serve_args *a, struct keep_err *e)
{
	if (!a->socket.p && !a->only.n && !a->allow.n && !a->agent.p &&
	    !a->peer.n)
		return 0;
	keep_fail(e, KEEP_E_BAD_ARGS, "--print-unit tells the directory of a "
		  "unit, and nothing of other options");
	return keep_hint(e, "they stand in its ExecStart=, as in "
			 "keep-admin@.service");
}

/* The drop-in, and how it is put to use. systemd replaces what follows a %. */
static int print_unit(struct keep_ctx *c, const char *id,
		      struct keep_slice *unit, struct keep_err *e)
{
	struct keep_buf text = {.mem = c->mem};
	size_t i;

	keep_buf_print(&text, "# ~/.config/systemd/user/keep@%s.service.d/"
		       "instance.conf\n"
		       "# then: systemctl --user enable --now keep@%s.socket\n"
		       "[Service]\nWorkingDirectory=", id, id);
	for (i = 0; i < c->instance_path.len; i++) {
		if (c->instance_path.p[i] == '%')
			keep_buf_byte(&text, '%');
		keep_buf_byte(&text, (uint8_t)c->instance_path.p[i]);
	}
	keep_buf_byte(&text, '\n');
	*unit = keep_buf_get(&text);
	return keep_buf_check(&text, e);
}

void keep_serve_text(const struct keep_view *v, struct keep_buf *out)
{
	const struct keep_serve_result *r = v->result;

	keep_buf_slice(out, r->unit);
}

static struct keep_socket socket_of(const struct keep_serve_args *a,
				    const struct keep_server *server)
{
	struct keep_socket at = {
		.place = server->peers.n ? KEEP_SOCKET_SYSTEM :
					   KEEP_SOCKET_USER,
		.name = KEEP_S("serve"),
		.instance = keep_slice(server->id.name),
		.runtime_dir = server->suite->runtime_dir,
	};

	if (a->socket.p)
		at = keep_socket_of_path(a->socket);
	at.uid = geteuid();
	at.for_all = server->peers.n != 0;
	return at;
}

int keep_serve(struct keep_ctx *c, const struct keep_serve_args *a,
	       struct keep_serve_result *r, struct keep_err *e)
{
	struct keep_ctx base = *c;
	struct keep_log log = c->log ? *c->log : (struct keep_log){0};
	struct keep_server server = {
		.suite = keep_session_get(c->session, keep_suite_key),
		.base = &base, .peers = a->peer,
	};
	struct keep_daemon d = {
		.name = "serve", .admit = keep_server_admit,
		.call = keep_server_call, .log = &log,
		.user = &server, .idle_exit_ms = a->idle_timeout ?
			a->idle_timeout : KEEP_NEVER,
	};

	if ((a->print_unit && check_unit(a, e)) || check_instance(c, e) ||
	    split(c->mem, &a->only, &server.only, e) ||
	    split(c->mem, &a->allow, &server.allow, e) ||
	    keep_server_begin(&server, e))
		return -e->code;
	if (a->print_unit)
		return print_unit(c, server.id.name, &r->unit, e);
	if (a->agent.p)
		base.agent_path = a->agent;
	if (log.level == KEEP_LOG_WARNING)
		log.level = KEEP_LOG_INFO;
	base.log = &log;
	preload(server.suite);
	d.socket = socket_of(a, &server);
	return keep_daemon_run(&d, e);
}
