/* The command line of ssh, and its last words. */
#include "exec.h"
#include "openssh.h"

enum { ARGS_MAX = 64 };

/* What the user's configuration may not change. */
static const char *const trust[] = {
	"-oStrictHostKeyChecking=yes",
	"-oUserKnownHostsFile=/dev/null",
	"-oGlobalKnownHostsFile=/dev/null",
	"-oVerifyHostKeyDNS=no",
	"-oUpdateHostKeys=no",
	"-oControlMaster=no", /* another's connection had another's check */
	"-oControlPath=none",
};
/* And where nobody looks on. */
static const char *const alone[] = {
	"-T", "-a", "-x",
	"-oBatchMode=yes",
	"-oClearAllForwardings=yes",
	"-oRemoteCommand=none",
	"-oSessionType=default",
	"-oStdinNull=no",
	"-oForkAfterAuthentication=no",
	"-oLogLevel=INFO", /* it tells why it ends */
	"-oServerAliveCountMax=3",
	"-oPermitLocalCommand=yes",
	"-oLocalCommand=echo",
};

struct args {
	struct keep_mem *mem;
	const char **v;
	size_t n;
	bool failed;
};

static void add(struct args *a, const char *word)
{
	a->v[a->n++] = word;
}

static void add_all(struct args *a, const char *const *words, size_t n)
{
	while (n--)
		add(a, *words++);
}

static void add_print(struct args *a, const char *fmt, ...) KEEP_PRINTF(2, 3);
static void add_print(struct args *a, const char *fmt, ...)
{
	va_list ap;
	struct keep_slice word;

	va_start(ap, fmt);
	word = keep_mem_vprint(a->mem, fmt, ap);
	va_end(ap);
	a->failed |= !word.p;
	add(a, word.p);
}

/* ssh takes no file that is inherited, so a program tells it the key. */
static void add_host_key(struct args *a, const struct keep_ssh_key *key)
{
	struct keep_buf line = {.mem = a->mem};

	keep_ssh_line_put(&line, key);
	a->failed |= line.failed;
	add_print(a, "-oKnownHostsCommand=/bin/echo %%H %.*s",
		  KEEP_F(keep_buf_get(&line)));
}

/* ssh splits the value at blanks, and expands what follows a %. */
static void add_agent(struct args *a, struct keep_slice path)
{
	struct keep_buf b = {.mem = a->mem};
	size_t i;

	keep_buf_text(&b, "-oIdentityAgent=\"");
	for (i = 0; i < path.len; i++) {
		if (path.p[i] == '%')
			keep_buf_byte(&b, '%');
		if (path.p[i] == '"' || path.p[i] == '\\')
			keep_buf_byte(&b, '\\');
		keep_buf_byte(&b, (uint8_t)path.p[i]);
	}
	keep_buf_put(&b, "\"", 2);
	a->failed |= b.failed;
	add(a, b.p);
}

static void add_login(struct args *a, const struct keep_login *l)
{
	add_host_key(a, &l->host_key);
	add_print(a, "-oConnectTimeout=%u",
		  (keep_login_timeout_ms(l, KEEP_PHASE_CONNECT) + 999) / 1000);
	add_print(a, "-oServerAliveInterval=%u", l->alive_s ? l->alive_s : 15);
	if (l->config)
		add_print(a, "-F%s", l->config);
	if (l->address)
		add_print(a, "-oHostName=%s", l->address);
	if (l->agent_path.len)
		add_agent(a, l->agent_path);
	if (l->port)
		add_print(a, "-p%u", l->port);
	add_print(a, "-l%s", l->user);
}

int keep_openssh_argv(struct keep_exec *x, const char *const **argv,
		      struct keep_err *e)
{
	struct args a = {.mem = &x->mem};

	a.v = KEEP_NEWS(a.mem, ARGS_MAX, const char *);
	if (!a.v)
		return keep_no_memory(e);
	add(&a, "ssh");
	add_all(&a, trust, KEEP_COUNT(trust));
	add_all(&a, alone, KEEP_COUNT(alone));
	add_login(&a, x->login);
	add(&a, "--");
	add(&a, x->login->host);
	add(&a, x->command);
	*argv = a.v;
	return a.failed ? keep_no_memory(e) : 0;
}

int keep_openssh_words(struct keep_mem *m,
		       const struct keep_openssh_call *call,
		       const char *const **argv, struct keep_err *e)
{
	struct args a = {.mem = m};
	size_t i;

	if (keep_login_check(call->login, e))
		return -e->code;
	a.v = KEEP_NEWS(m, ARGS_MAX + call->command.n, const char *);
	if (!a.v)
		return keep_no_memory(e);
	add(&a, "ssh");
	add_all(&a, trust, KEEP_COUNT(trust));
	if (call->tty)
		add(&a, "-t");
	if (call->command.n)
		add(&a, "-oRemoteCommand=none");
	add_login(&a, call->login);
	add(&a, "--");
	add(&a, call->login->host);
	for (i = 0; i < call->command.n; i++)
		add_print(&a, "%.*s", KEEP_F(call->command.v[i]));
	*argv = a.v;
	return a.failed ? keep_no_memory(e) : 0;
}

void keep_ssh_tail_add(struct keep_ssh_tail *t, struct keep_slice bytes)
{
	size_t keep = t->len, max = sizeof t->text;

	if (bytes.len > max) {
		bytes.p += bytes.len - max;
		bytes.len = max;
	}
	if (keep > max - bytes.len)
		keep = max - bytes.len;
	memmove(t->text, t->text + t->len - keep, keep);
	if (bytes.len)
		memcpy(t->text + keep, bytes.p, bytes.len);
	t->len = keep + bytes.len;
}

/* What ssh says at its end, and what it means; in the order in which they
 * count. */
static const struct {
	const char *text;
	int code;
} words[] = {
	{"Host key verification failed.", KEEP_E_UNTRUSTED},
	{"Permission denied (", KEEP_E_DENIED},
	{"Too many authentication failures", KEEP_E_DENIED},
	{"Could not resolve hostname", KEEP_E_UNREACHABLE},
	{"ssh: connect to host ", KEEP_E_UNREACHABLE},
	{"kex_exchange_identification: ", KEEP_E_UNREACHABLE},
	{"banner exchange: ", KEEP_E_UNREACHABLE},
	{"Unable to negotiate with ", KEEP_E_UNREACHABLE},
	{"client_loop: send disconnect: ", KEEP_E_UNREACHABLE},
	{"Timeout, server ", KEEP_E_UNREACHABLE},
	{"Connection closed by ", KEEP_E_UNREACHABLE},
	{"Connection reset by ", KEEP_E_UNREACHABLE},
	{"Connection timed out", KEEP_E_UNREACHABLE},
	{"Connection to ", KEEP_E_UNREACHABLE},
	{"Received disconnect from ", KEEP_E_UNREACHABLE},
	{"ssh_dispatch_run_fatal: ", KEEP_E_UNREACHABLE},
	{"Bad owner or permissions on ", KEEP_E_BAD_CONFIG},
	{"terminating, ", KEEP_E_BAD_CONFIG},
};

static int code_of(struct keep_slice text)
{
	for (size_t i = 0; i < KEEP_COUNT(words); i++)
		if (memmem(text.p, text.len, words[i].text,
			   strlen(words[i].text)))
			return words[i].code;
	return 0;
}

/* The last line that is not empty. */
static struct keep_slice last_line(struct keep_slice text)
{
	const char *end;

	while (text.len && (text.p[text.len - 1] == '\n' ||
			    text.p[text.len - 1] == '\r'))
		text.len--;
	end = text.len ? memrchr(text.p, '\n', text.len) : NULL;
	if (!end)
		return text;
	text.len -= (size_t)(end + 1 - text.p);
	text.p = end + 1;
	return text;
}

static const char drop[] = "kex_exchange_identification: ";

/* What stands before the first word of a connection that was dropped; absent:
 * none was. */
static struct keep_slice before_drop(struct keep_slice text)
{
	const char *at = memmem(text.p, text.len, drop, sizeof drop - 1);

	return at ? (struct keep_slice){text.p, (size_t)(at - text.p)} :
		    (struct keep_slice){0};
}

/* A jump host that drops us says so, too; what else ends a proxy command ends
 * it again. Its own words stand before those of ssh, which have no address. */
static bool is_broken_proxy(struct keep_slice all, struct keep_slice *said)
{
	static const char unknown[] = " UNKNOWN port 65535";
	struct keep_slice before = before_drop(all), rest = all;

	if (!before.p || !memmem(all.p, all.len, unknown, sizeof unknown - 1))
		return false;
	rest.p += before.len + 1;
	rest.len -= before.len + 1;
	if (before_drop(rest).p)
		return false;
	*said = last_line(before);
	if (!said->len)
		*said = KEEP_S("the proxy command ended without a word");
	return true;
}

void keep_openssh_judge(const struct keep_ssh_tail *t,
			struct keep_exec_end *end)
{
	struct keep_slice all = {t->text, t->len}, last = last_line(all);
	/* behind the login, stderr is the command's, too */
	bool running = end->phase == KEEP_PHASE_RUN;
	int code = code_of(running ? last : all);

	if (running && !code)
		return;
	end->dropped = !running && !is_broken_proxy(all, &last) &&
		       before_drop(all).p;
	if (!last.len)
		last = KEEP_S("ssh does not say why it ended");
	keep_fail(&end->err, code ? code : KEEP_E_UNREACHABLE, "%.*s",
		  KEEP_F(last));
	if (code == KEEP_E_DENIED)
		end->phase = KEEP_PHASE_LOGIN;
}
