/* What the files share that say who may call what. */
#ifndef CLI_POLICY_H
#define CLI_POLICY_H

#include <keep/server.h>

/* Takes what stands before END, and END, off *text. */
struct keep_slice keep_policy_take(struct keep_slice *text, char end);
/* Whether a verb's path, as "node list", is among names as node.list. */
bool keep_policy_names(const struct keep_slices *names, const char *path);
/* The verb of a name; NULL and a problem when no server may expose it. */
const struct keep_verb *keep_policy_verb(const struct keep_server *s,
					 struct keep_slice name,
					 struct keep_problems *ps);
/* Fills in s->who, from s->peers; -NO_MEMORY. */
KEEP_MUST int keep_policy_peers(struct keep_server *s, struct keep_problems *ps,
				struct keep_err *e);
/* 0, or NOT_EXPOSED: who calls may call other verbs only. */
KEEP_MUST int keep_policy_permits(const struct keep_server *s,
				  const struct keep_peer *p,
				  const struct keep_verb *v,
				  struct keep_err *e);

#endif
