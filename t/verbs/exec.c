/* A command on a node, by the back end that is named. */
#include <keep/cli.h>
#include <keep/transport.h>
#include "tryout.h"

enum { AUTO, LIBSSH2, OPENSSH };
static const char *const by_names[] = {"auto", "libssh2", "openssh"};
static const struct keep_names_of by_table = {by_names, KEEP_COUNT(by_names)};
static const char *const phases[] = {
	"connect", "handshake", "login", "open", "run"};
static const struct keep_names_of phase_table = {phases, KEEP_COUNT(phases)};

#define A struct keep_try_exec_args
static const struct keep_field args[] = {
	{KEEP_TEXT(A, host), .source = KEEP_WORD, .required = true, .help = "where"},
	{KEEP_TEXT(A, command), .source = KEEP_WORD, .required = true, .help = "what"},
	{KEEP_TEXT(A, user), .dflt = "root", .help = "who"},
	{KEEP_TEXT(A, host_key), .required = true, .help = "the pinned key, a line"},
	{KEEP_TEXT(A, config), .help = "an ssh_config"},
	{KEEP_TEXT(A, input), .help = "its stdin"},
	{KEEP_ENUM(A, by, &by_table), .dflt = "auto", .help = "the back end"},
	{KEEP_UINT(A, port), .dflt = "22", .help = "the port"},
	{KEEP_UINT(A, sessions), .dflt = "1", .help = "how many of it"},
	{KEEP_UINT(A, at_once), .dflt = "0", .help = "and at once"},
	{KEEP_UINT(A, times), .dflt = "1", .help = "how often the input comes"},
	{KEEP_DURATION(A, connect), .dflt = "0ms", .help = "timeout"},
	{KEEP_DURATION(A, handshake), .dflt = "0ms", .help = "timeout"},
	{KEEP_DURATION(A, login), .dflt = "0ms", .help = "timeout"},
	{KEEP_DURATION(A, open), .dflt = "0ms", .help = "timeout"},
	{KEEP_DURATION(A, run), .dflt = "0ms", .help = "timeout"},
	{KEEP_DURATION(A, alive), .dflt = "0ms", .help = "between questions"},
};
#undef A
const struct keep_schema keep_try_exec_schema =
	KEEP_SCHEMA(struct keep_try_exec_args, args);

#define R struct keep_try_exec_result
static const struct keep_field result[] = {
	{KEEP_UINT(R, status), .required = true, .help = "exit status"},
	{KEEP_ENUM(R, phase, &phase_table), .required = true, .help = "how far it came"},
	{KEEP_TEXT(R, by), .required = true, .help = "the back end"},
	{KEEP_TEXT(R, out), .required = true, .help = "stdout"},
	{KEEP_TEXT(R, err), .required = true, .help = "stderr"},
	{KEEP_TEXT(R, fault), .required = true, .help = "code of the error"},
	{KEEP_TEXT(R, message), .required = true, .help = "the error"},
	{KEEP_TEXT(R, first), .required = true, .help = "why not the first back end"},
};
#undef R
const struct keep_schema keep_try_exec_result_schema =
	KEEP_SCHEMA(struct keep_try_exec_result, result);

struct run {
	struct keep_ctx *c;
	struct keep_try_exec_result *r;
	struct keep_slice input;
	uint32_t times;
	bool waited;
	struct keep_buf out, err;
	struct keep_loop loop;
	struct keep_timer more;
	struct keep_login login;
	struct keep_window window;
	struct keep_exec *execs;
	uint32_t n, n_ended;
};

static int go_on(struct keep_timer *t, struct keep_err *e)
{
	struct run *run = t->user;

	return keep_exec_resume(run->execs, e);
}

/* Each time, it first has to wait. */
static struct keep_slice input(struct keep_exec *x)
{
	struct run *run = x->user;

	if (!run->times)
		return (struct keep_slice){0};
	run->waited = !run->waited;
	if (run->waited) {
		keep_timer_set(&run->loop, &run->more, 0);
		return KEEP_S("");
	}
	run->times--;
	return run->input;
}

static int output(struct keep_exec *x, enum keep_stream from,
		  struct keep_slice bytes, struct keep_err *e)
{
	struct run *run = x->user;

	keep_buf_slice(from == KEEP_STDOUT ? &run->out : &run->err, bytes);
	return keep_buf_check(&run->out, e);
}

static int ended(struct keep_exec *x, const struct keep_exec_end *end,
		 struct keep_err *e)
{
	struct run *run = x->user;
	struct keep_mem *m = run->c->mem;

	(void)e;
	if (++run->n_ended < run->n && !end->err.code)
		return 0;
	*run->r = (struct keep_try_exec_result){
		.status = (uint32_t)end->status, .phase = end->phase,
		.by = keep_slice(end->by->name),
		.out = keep_buf_get(&run->out), .err = keep_buf_get(&run->err),
		.fault = keep_slice(end->err.code
				    ? keep_code_name(end->err.code) : "OK"),
		.message = keep_mem_print(m, "%s", end->err.message),
		.first = keep_mem_print(m, "%s", end->first.message)};
	keep_loop_stop(&run->loop);
	return 0;
}

static const char *text(struct keep_ctx *c, struct keep_slice s)
{
	return keep_mem_copy(c->mem, s).p;
}

static int set_login(struct keep_login *l, struct keep_ctx *c,
		     const struct keep_try_exec_args *a, struct keep_err *e)
{
	KEEP_AUTO(keep_agent) agent = {.path = c->agent_path};
	uint64_t limits[] = {a->connect, a->handshake, a->login, a->open,
			     a->run};

	l->host = text(c, a->host);
	l->user = text(c, a->user);
	l->config = a->config.p ? text(c, a->config) : NULL;
	l->port = (uint16_t)a->port;
	l->agent_path = c->agent_path;
	l->alive_s = (uint32_t)(a->alive / 1000);
	for (size_t i = 0; i < KEEP_COUNT(limits); i++)
		l->timeout_ms[i] = (uint32_t)limits[i];
	keep_ignore(keep_agent_keys(&agent, c->mem, &l->keys, e),
		    "without keys nobody lets us in");
	return keep_ssh_line_get(c->mem, a->host_key, &l->host_key, e);
}

static int set_window(struct run *run, uint32_t by, struct keep_err *e)
{
	struct keep_window *w = &run->window;

	w->loop = &run->loop;
	w->by = &keep_openssh;
	if (by == OPENSSH)
		return 0;
	w->by = keep_library_symbol(run->c->run_dir, KEEP_S("ssh2"),
				    "keep_ssh2", e);
	w->other = by == AUTO ? &keep_openssh : NULL;
	return w->by ? 0 : -e->code;
}

static int put_all(struct run *run, const char *command, struct keep_err *e)
{
	uint32_t i;

	run->execs = KEEP_NEWS(run->c->mem, run->n, struct keep_exec);
	if (!run->execs || !command)
		return keep_no_memory(e);
	for (i = 0; i < run->n; i++) {
		run->execs[i] = (struct keep_exec){
			.login = &run->login, .command = command,
			.input = input, .output = output, .ended = ended,
			.user = run};
		keep_window_put(&run->window, &run->execs[i]);
	}
	return 0;
}

static void end(struct run *run)
{
	uint32_t i;

	for (i = 0; run->execs && i < run->n; i++)
		keep_exec_end(&run->execs[i]);
	keep_window_end(&run->window);
	keep_timer_end(&run->more);
	keep_loop_end(&run->loop);
}

int keep_try_exec(struct keep_ctx *c, const struct keep_try_exec_args *a,
		  struct keep_try_exec_result *r, struct keep_err *e)
{
	struct run run = {.c = c, .r = r, .input = a->input, .n = a->sessions,
			  .times = a->input.p ? a->times : 0,
			  .window.at_once = a->at_once,
			  .out.mem = c->mem, .err.mem = c->mem};
	int rc = set_login(&run.login, c, a, e);

	if (!rc)
		rc = keep_loop_begin(&run.loop, e);
	run.more = (struct keep_timer){.fire = go_on, .user = &run};
	if (!rc)
		rc = set_window(&run, a->by, e);
	if (!rc)
		rc = put_all(&run, text(c, a->command), e);
	if (!rc)
		rc = keep_loop_run(&run.loop, e);
	end(&run);
	return rc;
}
