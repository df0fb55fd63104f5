/* What the back ends of <keep/transport.h> share. */
#include "exec.h"

uint32_t keep_login_timeout_ms(const struct keep_login *l,
			       enum keep_phase phase)
{
	static const uint32_t usual[KEEP_PHASES] = {10000, 15000, 60000, 15000};

	return l->timeout_ms[phase] ? l->timeout_ms[phase] : usual[phase];
}

/* Names as they stand in a command line of ssh. */
static bool is_plain(const char *name)
{
	const char *c;

	for (c = name; *c; c++)
		if ((unsigned char)*c <= ' ' || *c == 0x7f || *c == '@' ||
		    *c == '/' || *c == '"' || *c == '\'')
			return false;
	return *name && *name != '-';
}

int keep_login_check(const struct keep_login *l, struct keep_err *e)
{
	if (!is_plain(l->host))
		return keep_fail(e, KEEP_E_BAD_ARGS, "'%s' is no name of a "
				 "host", l->host);
	if (l->address && !is_plain(l->address))
		return keep_fail(e, KEEP_E_BAD_ARGS, "'%s' is no address",
				 l->address);
	if (!is_plain(l->user))
		return keep_fail(e, KEEP_E_BAD_ARGS, "'%s' is no name of a "
				 "user", l->user);
	if (l->host_key.blob.len)
		return 0;
	keep_fail(e, KEEP_E_UNTRUSTED, "no host key of %s is known", l->host);
	return keep_hint(e, "`keep node init %s` shows and pins it", l->host);
}

static void stop(struct keep_exec *x)
{
	if (x->state)
		x->by->end(x);
	x->state = NULL;
	keep_mem_end(&x->mem);
}

int keep_exec_start(struct keep_loop *l, struct keep_exec *x,
		    const struct keep_backend *first,
		    const struct keep_backend *other, struct keep_err *e)
{
	int rc = keep_login_check(x->login, e);

	if (rc)
		return rc;
	x->loop = l;
	x->by = first;
	x->other = other;
	x->began_ms = keep_loop_now_ms();
	x->phase = KEEP_PHASE_CONNECT;
	x->first = (struct keep_err){0};
	rc = first->start(x, e);
	if (rc)
		stop(x);
	return rc;
}

int keep_exec_resume(struct keep_exec *x, struct keep_err *e)
{
	return x->state ? x->by->resume(x, e) : 0;
}

void keep_exec_end(struct keep_exec *x)
{
	stop(x);
	keep_window_leave(x);
}

static bool goes_on(struct keep_exec *x, const struct keep_exec_end *end)
{
	struct keep_err e = {0};

	if (!end->other_may || !x->other)
		return false;
	x->first = end->err;
	x->by = x->other;
	x->other = NULL;
	x->phase = KEEP_PHASE_CONNECT;
	if (!x->by->start(x, &e))
		return true;
	stop(x);
	return false;
}

int keep_exec_finish(struct keep_exec *x, struct keep_exec_end *end,
		     struct keep_err *e)
{
	end->by = x->by;
	stop(x);
	if (goes_on(x, end))
		return 0;
	keep_window_leave(x);
	end->first = x->first;
	if (end->err.code == KEEP_E_UNTRUSTED)
		keep_hint(&end->err, "was the node installed anew? keep node "
			  "rekey %s replaces the key", x->login->host);
	return x->ended(x, end, e);
}
