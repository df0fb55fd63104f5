/* Verbs over a socket: what a daemon answers calls with when its verbs are
 * rows. Which verbs a server exposes is said by their flags and by name, never
 * by a pattern. Source: WIRE 4, ARCHITECTURE 2.
 *
 *	struct keep_server server = {.suite = s, .base = c};
 *	struct keep_daemon d = {.name = "serve", .socket = at,
 *		.call = keep_server_call, .user = &server};
 *	if (keep_server_begin(&server, e) || keep_daemon_run(&d, e))
 *		return -e->code;
 */
#ifndef KEEP_SERVER_H
#define KEEP_SERVER_H

#include <keep/daemon.h>
#include <keep/external.h>

/* Another user or group, and what it may call. */
struct keep_server_peer {
	bool is_group;
	uint32_t id;
	struct keep_slices verbs;
};

/* What is served, and to whom. Verbs are named as `node.list`. */
struct keep_server {
	const struct keep_suite *suite;
	/* What calls inherit: instance, session, log, directories, agent. It
	 * lives as long as the server. */
	const struct keep_ctx *base;
	struct keep_slices only;  /* nothing but these; absent: all that may */
	struct keep_slices allow; /* also these, whatever they do */
	/* Who else than its own user and root may call, and what of all this:
	 * "ada=node.list,graph", "@ops=plan", "1001=history". */
	struct keep_slices peers;
	/* Filled in: */
	struct keep_instance_id id; /* zeros: no instance */
	struct keep_list who;       /* keep_server_peer: peers */
	struct keep_externals externals; /* that `allow` names */
};

KEEP_BEGIN
/* Checks the names, and fills in the rest, which lies in base->mem. BAD_ARGS
 * with all that are no verb, user or group, that no server may expose, or a
 * peer may not call since this one does not. Users and groups are asked for by
 * getent(1); external commands that are allowed are asked what they are. */
KEEP_MUST int keep_server_begin(struct keep_server *s, struct keep_err *e);
/* 0, or why a verb is not called: NOT_EXPOSED, NOT_PROXIED, INTERACTIVE. */
KEEP_MUST int keep_server_exposes(const struct keep_server *s,
				  const struct keep_verb *v,
				  struct keep_err *e);
/* The `admit` of a daemon whose user is a keep_server with peers: DENIED. */
int keep_server_admit(const struct keep_daemon *d, const struct keep_peer *p,
		      struct keep_err *e);
/* The `call` of a daemon whose user is a keep_server. */
int keep_server_call(struct keep_conn *c, const struct keep_verb_call *call,
		     struct keep_buf *out, struct keep_err *e);
KEEP_END

#endif
