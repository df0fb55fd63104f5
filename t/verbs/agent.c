/* Verbs of the ssh-agent: `try keys`, `try sign`. */
#include <keep/cli.h>
#include <keep/loop.h>
#include "tryout.h"

#define K struct keep_try_key
static const struct keep_field key[] = {
	{KEEP_TEXT(K, line), .required = true, .help = "type and key"},
	{KEEP_TEXT(K, fingerprint), .required = true, .help = "its fingerprint"},
};
#undef K
const struct keep_schema keep_try_key_schema =
	KEEP_SCHEMA(struct keep_try_key, key);

#define S struct keep_try_sign
static const struct keep_field sign[] = {
	{KEEP_BLOB(S, message), .source = KEEP_WORD, .required = true, .help = "what is signed"},
	{KEEP_TEXT(S, key), .required = true, .help = "line of a .pub file"},
	{KEEP_TEXT(S, space), .dflt = "git", .help = "the namespace"},
	{KEEP_DURATION(S, timeout), .dflt = "10s", .help = "how long it may take"},
	{KEEP_BOOL(S, loop), .help = "by a loop, which waits for others too"},
};
#undef S
const struct keep_schema keep_try_sign_schema =
	KEEP_SCHEMA(struct keep_try_sign, sign);

#define A struct keep_try_armor
static const struct keep_field armor[] = {
	{KEEP_TEXT(A, armor), .required = true, .help = "the signature"},
};
#undef A
const struct keep_schema keep_try_armor_schema =
	KEEP_SCHEMA(struct keep_try_armor, armor);

void keep_try_armor_text(const struct keep_view *v, struct keep_buf *out)
{
	keep_buf_slice(out, ((const struct keep_try_armor *)v->result)->armor);
}

static int emit_key(struct keep_ctx *c, const struct keep_ssh_key *k,
		    struct keep_err *e)
{
	struct keep_buf line = {.mem = c->item_mem}, name = line;
	struct keep_try_key item;

	keep_ssh_line_put(&line, k);
	keep_ssh_fingerprint_put(&name, k);
	if (keep_buf_check(&line, e) || keep_buf_check(&name, e))
		return -e->code;
	item = (struct keep_try_key){keep_buf_get(&line), keep_buf_get(&name)};
	return keep_emit(c, &item, e);
}

int keep_try_keys(struct keep_ctx *c, const void *none, struct keep_err *e)
{
	KEEP_AUTO(keep_agent) a = keep_agent_of(c);
	struct keep_ssh_keys keys;
	int rc = keep_agent_keys(&a, c->mem, &keys, e);

	(void)none;
	for (size_t i = 0; rc == 0 && i < keys.n; i++)
		rc = emit_key(c, &keys.v[i], e);
	return rc;
}

/* --- in a loop --------------------------------------------------------- */

struct signing {
	struct keep_agent agent;
	struct keep_mem *m;
	struct keep_watch watch;
	struct keep_timer timer;
	struct keep_slice signature;
};

static int go_on(struct signing *s, struct keep_err *e)
{
	int rc = keep_agent_step(&s->agent, s->m, &s->signature, e);

	if (!rc && !s->signature.p)
		return keep_watch_set(&s->watch, s->agent.events, e);
	keep_watch_end(&s->watch);
	keep_timer_end(&s->timer);
	return rc;
}

static int ready(struct keep_watch *w, short events, struct keep_err *e)
{
	(void)events;
	return go_on(w->user, e);
}

static int late(struct keep_timer *t, struct keep_err *e)
{
	return go_on(t->user, e);
}

static int run(struct signing *s, struct keep_err *e)
{
	struct keep_loop l = {0};
	int rc = keep_loop_begin(&l, e);

	s->watch = (struct keep_watch){.ready = ready, .user = s};
	s->timer = (struct keep_timer){.fire = late, .user = s};
	if (!rc)
		rc = keep_watch_add(&l, &s->watch, keep_fd_get(&s->agent.fd),
				    s->agent.events, e);
	if (!rc) {
		keep_timer_set(&l, &s->timer,
			       s->agent.due_ms - keep_loop_now_ms());
		rc = keep_loop_run(&l, e);
	}
	keep_watch_end(&s->watch);
	keep_timer_end(&s->timer);
	keep_loop_end(&l);
	return rc;
}

static int sign_in_loop(struct signing *s, const struct keep_ssh_key *k,
			const struct keep_try_sign *a, struct keep_buf *out,
			struct keep_err *e)
{
	struct keep_buf data = {.mem = s->m};
	int rc = keep_sshsig_begin(&data, a->space, a->message, e);

	if (!rc)
		rc = keep_agent_begin(&s->agent, k, keep_buf_get(&data), e);
	if (!rc)
		rc = run(s, e);
	if (!rc)
		keep_sshsig_put(out, k, a->space, s->signature);
	return rc;
}

int keep_try_sign(struct keep_ctx *c, const struct keep_try_sign *a,
		  struct keep_try_armor *r, struct keep_err *e)
{
	struct signing s = {.agent = keep_agent_of(c), .m = c->mem};
	struct keep_buf out = {.mem = c->mem};
	struct keep_ssh_key k;
	int rc = keep_ssh_line_get(c->mem, a->key, &k, e);

	s.agent.timeout_ms = (uint32_t)a->timeout;
	if (!rc && a->loop)
		rc = sign_in_loop(&s, &k, a, &out, e);
	else if (!rc)
		rc = keep_agent_sshsig(&s.agent, &k, a->space, a->message,
				       &out, e);
	keep_agent_end(&s.agent);
	r->armor = keep_buf_get(&out);
	return rc;
}
