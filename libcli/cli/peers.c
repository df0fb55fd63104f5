/* Other users who may call, and what. */
#include "policy.h"

enum { LINE_MAX = 1 << 20 }; /* of a group, which names its members */

/* Names become numbers once, and by a program: what the C library loads to
 * look them up (of LDAP and the like) is to be in no process that forks. */
static bool look_up(const struct keep_server *s, bool is_group,
		    struct keep_slice name, uint32_t *id)
{
	struct keep_ctx c = *s->base;
	struct keep_slice line, text = keep_mem_copy(c.mem, name);
	const char *argv[] = {"getent", is_group ? "group" : "passwd", "--",
			      text.p, NULL};
	struct keep_program program = {.argv = argv, .max = LINE_MAX};
	struct keep_err e = {0};
	uint64_t n;

	if (!keep_num_uint(name, &n)) {
		if (!text.len || keep_program_run(&c, &program, &line, &e))
			return false;
		keep_policy_take(&line, ':');
		keep_policy_take(&line, ':');
		if (!keep_num_uint(keep_policy_take(&line, ':'), &n))
			return false;
	}
	*id = (uint32_t)n;
	return n < UINT32_MAX;
}

static void check_who(const struct keep_server_peer *p, struct keep_slice who,
		      struct keep_problems *ps)
{
	struct keep_peer peer = {.uid = p->id};

	if (p->id == KEEP_NOBODY)
		keep_problem(ps, who, 0, 0, "%u is nobody's", p->id);
	else if (!p->is_group && keep_peer_is_own(&peer))
		keep_problem(ps, who, 0, 0, "may call all that is exposed");
}

static void check_verb(const struct keep_server *s, struct keep_slice name,
		       struct keep_problems *ps)
{
	const struct keep_verb *v = keep_policy_verb(s, name, ps);
	struct keep_err e = {0};

	if (!v || !keep_server_exposes(s, v, &e))
		return;
	keep_problem(ps, name, 0, 0, "%s", e.message);
	keep_problem_hint(ps, "%s", e.hint);
}

/* The verbs of "a,b". */
static int read_verbs(const struct keep_server *s, struct keep_slice text,
		      struct keep_server_peer *p, struct keep_problems *ps,
		      struct keep_err *e)
{
	struct keep_buf names = {.mem = s->base->mem};
	struct keep_slice name;

	while (text.len) {
		name = keep_policy_take(&text, ',');
		check_verb(s, name, ps);
		keep_buf_put(&names, &name, sizeof name);
	}
	p->verbs = (struct keep_slices){
		(const void *)keep_buf_get(&names).p,
		names.len / sizeof name};
	return keep_buf_check(&names, e);
}

static int read_peer(const struct keep_server *s, struct keep_slice text,
		     struct keep_server_peer *p, struct keep_problems *ps,
		     struct keep_err *e)
{
	struct keep_slice who = keep_policy_take(&text, '='), name = who;

	if (!text.len) {
		keep_problem(ps, who, 0, 0, "names no verb");
		keep_problem_hint(ps, "as %.*s=node.list,graph", KEEP_F(who));
		return 0;
	}
	p->is_group = keep_slice_starts(who, "@");
	if (p->is_group)
		name = (struct keep_slice){who.p + 1, who.len - 1};
	if (look_up(s, p->is_group, name, &p->id)) {
		check_who(p, who, ps);
	} else {
		keep_problem(ps, who, 0, 0, "there is no such %s",
			     p->is_group ? "group" : "user");
		keep_problem_hint(ps, "getent %s lists them; a number does, "
				  "too", p->is_group ? "group" : "passwd");
	}
	return read_verbs(s, text, p, ps, e);
}

int keep_policy_peers(struct keep_server *s, struct keep_problems *ps,
		      struct keep_err *e)
{
	struct keep_server_peer *v = KEEP_NEWS(s->base->mem, s->peers.n,
					       struct keep_server_peer);
	size_t i;

	if (!v)
		return keep_no_memory(e);
	for (i = 0; i < s->peers.n; i++)
		if (read_peer(s, s->peers.v[i], &v[i], ps, e))
			return -e->code;
	s->who = (struct keep_list){v, s->peers.n};
	return 0;
}

/* Whether somebody may call a verb, or (NULL) any. */
static bool may(const struct keep_server *s, const struct keep_peer *p,
		const struct keep_verb *v)
{
	const struct keep_server_peer *who = s->who.v;
	size_t i;

	for (i = 0; i < s->who.n; i++)
		if ((who[i].is_group ? keep_peer_is_in(p, who[i].id) :
				       p->uid == who[i].id) &&
		    (!v || keep_policy_names(&who[i].verbs, v->path)))
			return true;
	return keep_peer_is_own(p);
}

int keep_server_admit(const struct keep_daemon *d, const struct keep_peer *p,
		      struct keep_err *e)
{
	if (may(d->user, p, NULL))
		return 0;
	return keep_fail(e, KEEP_E_DENIED, "uid %u may not use this service",
			 p->uid);
}

int keep_policy_permits(const struct keep_server *s, const struct keep_peer *p,
			const struct keep_verb *v, struct keep_err *e)
{
	if (may(s, p, v))
		return 0;
	keep_fail(e, KEEP_E_NOT_EXPOSED, "this server does not expose %s to "
		  "uid %u", v->path, p->uid);
	return keep_hint(e, "--peer of keep serve says what others may call");
}
