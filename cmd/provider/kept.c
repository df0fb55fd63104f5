/* A connection reads its instance once for all calls, while its files stay as
 * they are. What is kept has no faults, and no secrets, which no tree holds. */
#include "instance/seen.h"
#include "kept.h"

struct kept {
	struct keep_mem own; /* where this lies itself */
	struct keep_mem mem; /* and all below */
	struct keep_seen seen;
	struct keep_world world;
	struct keep_problems warnings;
	bool good;
};
static const char kept_key[] = "kept instance";

static void end(void *value)
{
	struct kept *k = value;
	struct keep_mem own = k->own;

	keep_mem_end(&k->mem);
	keep_mem_end(&own);
}

/* NULL: nothing is kept. What a call gave may point into it, and is dead before
 * the next one only where that comes over a socket. */
static struct kept *kept(struct keep_ctx *c)
{
	struct kept *k = keep_session_get(c->session, kept_key);
	struct keep_mem own = {0};
	struct keep_err e;

	if (k || !c->session || c->caller.transport != KEEP_SOCKET)
		return k;
	k = KEEP_NEW(&own, struct kept);
	if (!k)
		return NULL;
	k->own = own;
	if (!keep_session_put(c->session, kept_key, k, end, &e))
		return k;
	end(k);
	return NULL;
}

static int read_anew(struct keep_ctx *c, struct kept *k,
		     struct keep_problems *ps, struct keep_err *e)
{
	const uint64_t began = keep_now_ms(c);
	int code;

	/* this call may have it in use */
	keep_mem_join(c->mem, &k->mem);
	k->mem.limit = c->mem->limit;
	k->seen = (struct keep_seen){.all.mem = &k->mem};
	k->world = (struct keep_world){.mem = &k->mem, .seen = &k->seen};
	k->warnings = (struct keep_problems){.mem = &k->mem};
	code = keep_world_read(&k->world, keep_fd_get(&c->instance), ps,
			       &k->warnings, e);
	k->good = !code && keep_seen_sure(&k->seen, began);
	return code;
}

int keep_provider_kept(struct keep_ctx *c, struct keep_world *w,
		       struct keep_problems *ps,
		       struct keep_problems *warnings, struct keep_err *e)
{
	const int dir_fd = keep_fd_get(&c->instance);
	struct kept *k = kept(c);
	int code = 0;

	w->mem = c->mem;
	if (!k)
		return keep_world_read(w, dir_fd, ps, warnings, e);
	if (!k->good || !keep_seen_still(&k->seen, dir_fd))
		code = read_anew(c, k, ps, e);
	*w = k->world;
	w->mem = c->mem;
	w->seen = NULL;
	*warnings = k->warnings;
	if (!k->good)
		keep_mem_join(c->mem, &k->mem);
	return code;
}
