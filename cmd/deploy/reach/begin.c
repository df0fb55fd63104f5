/* How each node is reached. */
#include <keep/agent.h>
#include <keep/cli.h>
#include "says.h"

static const char *const by_names[] = {"auto", "libssh2", "openssh"};
const struct keep_names_of keep_by_names = {by_names, KEEP_COUNT(by_names)};

/* What all targets share. */
struct common {
	struct keep_ctx *c;
	const struct keep_reach_options *options;
	struct keep_user user;
	const struct keep_backend *by, *other;
	const char *no_agent; /* why libssh2 cannot be had; NULL: it can */
	bool is_late;         /* the agent was */
};

/* --- host keys ------------------------------------------------------------ */

/* The kind that every back end can check first. */
static unsigned rank(struct keep_slice type)
{
	return keep_slice_is(type, "ssh-ed25519") ? 3 :
	       keep_slice_starts(type, "ecdsa-sha2-") ? 2 :
	       keep_slice_is(type, "ssh-rsa") ? 1 : 0;
}

static int pin(struct keep_mem *m, const struct keep_contact *from,
	       struct keep_ssh_key *out, struct keep_err *e)
{
	struct keep_ssh_key key;
	size_t i;

	for (i = 0; i < from->host_keys.n; i++) {
		if (keep_ssh_line_get(m, from->host_keys.v[i], &key, e))
			return keep_err_at(e, "host key of node %.*s",
					   KEEP_F(from->node));
		if (!out->blob.p || rank(key.type) > rank(out->type))
			*out = key;
	}
	return 0;
}

/* --- targets -------------------------------------------------------------- */

static int set_address(struct keep_mem *m, const struct keep_contact *from,
		       struct keep_login *l, struct keep_err *e)
{
	struct keep_buf text = {.mem = m};

	if (!from->ip.len)
		return 0;
	keep_ip_put(&text, &from->ip);
	keep_buf_byte(&text, '\0');
	l->address = text.p;
	return keep_buf_check(&text, e);
}

int keep_reach_login(struct keep_ctx *c, const struct keep_contact *from,
		     struct keep_login *l, struct keep_err *e)
{
	struct keep_mem *m = c->mem;

	*l = (struct keep_login){0};
	l->host = keep_mem_copy(m, from->node).p;
	l->user = from->user.p ? keep_mem_copy(m, from->user).p : "root";
	l->port = from->port;
	if (!l->host || !l->user)
		return keep_no_memory(e);
	return set_address(m, from, l, e) ? -e->code :
	       pin(m, from, &l->host_key, e);
}

/* --- what the user's ssh says --------------------------------------------- */

static bool is_own_agent(const struct keep_ctx *c, struct keep_slice agent)
{
	return !agent.p || keep_slice_is(agent, "SSH_AUTH_SOCK") ||
	       keep_slice_eq(agent, c->agent_path);
}

static bool is_none(struct keep_slice s)
{
	return !s.p || keep_slice_is(s, "none");
}

int keep_reach_detour(struct keep_ctx *c, const struct keep_login *l, bool *is,
		      struct keep_err *e)
{
	struct keep_says s = {0};
	bool said;
	int rc = keep_says_ask(c, l, &said, &s, e);

	*is = !rc && said && !(is_none(s.jump) && is_none(s.proxy));
	return rc;
}

/* What it has that libssh2 cannot do; NULL: nothing. */
static const char *why_ssh(const struct common *k, const struct keep_says *s,
			   const struct keep_login *l, bool hardware)
{
	if (!is_none(s->jump))
		return "ssh_config names a jump host";
	if (!is_none(s->proxy))
		return "ssh_config names a proxy command";
	if (!is_none(s->certificate))
		return "ssh_config names a certificate";
	if (!is_own_agent(k->c, s->agent))
		return "ssh_config names another agent";
	if (hardware)
		return "ssh_config names a key in hardware";
	return l->keys.n ? NULL : "the agent has none of the keys that "
		"ssh_config names";
}

static int heed(struct common *k, struct keep_target *t, struct keep_err *e)
{
	struct keep_login *l = &t->login;
	bool said = false, hardware = false;
	struct keep_says s;
	int rc = keep_says_ask(k->c, l, &said, &s, e);

	if (rc || !said)
		return rc;
	rc = keep_user_keys(&k->user, &s, &l->keys, &hardware, e);
	if (!is_own_agent(k->c, s.agent))
		l->agent_path = (struct keep_slice){0};
	if (rc || !k->other)
		return rc;
	t->why = why_ssh(k, &s, l, hardware);
	if (!t->why)
		return 0;
	t->by = k->other;
	t->other = NULL;
	return 0;
}

static int add_target(struct common *k, const struct keep_contact *from,
		      struct keep_target *t, struct keep_err *e)
{
	*t = (struct keep_target){.name = from->node, .env = from->env,
				  .tree = from->tree, .by = k->by,
				  .other = k->other};
	if (keep_reach_login(k->c, from, &t->login, e))
		return -e->code;
	t->login.keys = k->user.agent;
	t->login.agent_path = k->c->agent_path;
	t->becomes = !keep_slice_is(keep_slice(t->login.user), "root");
	return k->by == &keep_openssh ? 0 : heed(k, t, e);
}

/* --- what speaks ---------------------------------------------------------- */

/* The keys are listed once for all nodes. */
static int use_libssh2(struct common *k, struct keep_err *e)
{
	KEEP_AUTO(keep_agent) agent = keep_agent_of(k->c);
	uint64_t within_ms = k->options->timeout_ms;

	if (within_ms && within_ms < KEEP_AGENT_TIMEOUT_MS)
		agent.timeout_ms = (uint32_t)within_ms;
	k->by = keep_library_symbol(k->c->run_dir, KEEP_S("ssh2"),
				    "keep_ssh2", e);
	if (!k->by || keep_agent_keys(&agent, k->c->mem, &k->user.agent, e))
		return -e->code;
	if (k->user.agent.n)
		return 0;
	keep_fail(e, KEEP_E_KEY_NOT_IN_AGENT, "the ssh-agent holds no key");
	return keep_hint(e, "ssh-add");
}

static int choose(struct common *k, struct keep_err *e)
{
	struct keep_err why = {0};
	int rc = 0;

	if (k->options->by != KEEP_BY_OPENSSH)
		rc = use_libssh2(k, &why);
	if (rc == -KEEP_E_CANCELLED || rc == -KEEP_E_NO_MEMORY ||
	    (rc && k->options->by == KEEP_BY_LIBSSH2)) {
		*e = why;
		return rc;
	}
	k->is_late = rc == -KEEP_E_DEADLINE;
	if (rc)
		k->no_agent = keep_mem_print(k->c->mem, "%s%s%s", why.message,
					     why.hint[0] ? ": " : "",
					     why.hint).p;
	if (rc || k->options->by == KEEP_BY_OPENSSH)
		k->by = &keep_openssh;
	else if (k->options->by == KEEP_BY_AUTO)
		k->other = &keep_openssh;
	if (!rc)
		return 0;
	keep_log(k->c->log, KEEP_LOG_INFO, "ssh is used: %s", why.message);
	return k->no_agent ? 0 : keep_no_memory(e);
}

int keep_reach_begin(struct keep_ctx *c, const struct keep_contacts *contacts,
		     const struct keep_reach_options *options,
		     struct keep_reach *r, struct keep_err *e)
{
	struct common k = {.c = c, .options = options,
			   .user.known.mem = c->mem};
	size_t i;
	int rc = choose(&k, e);

	*r = (struct keep_reach){.c = c, .cancelled = c->cancelled,
				 .timeout_ms = options->timeout_ms,
				 .more_ms = options->more_ms,
				 .no_agent = k.no_agent,
				 .is_late = k.is_late};
	r->v = KEEP_NEWS(c->mem, contacts->n, struct keep_target);
	if (rc || !r->v)
		return rc ? rc : keep_no_memory(e);
	for (i = 0; i < contacts->n && !rc; i++)
		rc = add_target(&k, &contacts->v[i], &r->v[r->n++], e);
	if (!rc)
		rc = keep_loop_begin(&r->loop, e);
	r->window = (struct keep_window){.loop = &r->loop, .by = k.by,
					 .other = k.other,
					 .at_once = options->at_once};
	return rc;
}
