/* How chosen nodes of a build are reached. */
#include <keep/material.h>
#include "env.h"

static void fill(struct keep_contact *to, const struct keep_env_node *n)
{
	*to = (struct keep_contact){
		.node = n->node->name, .env = n->node->env->name,
		.tree = n->tree, .port = (uint16_t)n->port, .user = n->user,
		.host_keys = n->host_keys,
	};
	if (n->n_ips)
		to->ip = n->ips[0].ip;
}

static int unsaid(const struct keep_world *w, struct keep_err *e)
{
	size_t i, n = 0;

	for (i = 0; i < w->n_nodes; i++)
		n += w->nodes[i].enabled;
	keep_fail(e, KEEP_E_BAD_ARGS, "which nodes is not said");
	return keep_hint(e, "`all` is %zu nodes", n);
}

static int disabled(const struct keep_node *n, struct keep_err *e)
{
	keep_fail(e, KEEP_E_NOT_FOUND, "node %.*s is disabled",
		  KEEP_F(n->name));
	return keep_hint(e, "keep node enable %.*s", KEEP_F(n->name));
}

int keep_build_contacts(const struct keep_build *b, const bool *chosen,
			struct keep_contacts *out, struct keep_err *e)
{
	struct keep_contact *v = KEEP_NEWS(b->world->mem, b->world->n_nodes,
					   struct keep_contact);
	size_t i, n = 0;

	if (!v)
		return keep_no_memory(e);
	for (i = 0; i < b->world->n_nodes; i++) {
		if (!chosen[i])
			continue;
		if (!b->contacts[i])
			return disabled(&b->world->nodes[i], e);
		fill(&v[n++], b->contacts[i]);
	}
	*out = (struct keep_contacts){v, n};
	return 0;
}

int keep_contacts(struct keep_ctx *c, struct keep_slices filter,
		  struct keep_contacts *out, struct keep_err *e)
{
	struct keep_build b = {0};
	bool *chosen = NULL;
	int code = keep_build(c, KEEP_MAKE_NONE, &b, e);

	if (code)
		return code;
	if (!filter.n)
		return unsaid(b.world, e);
	code = keep_build_filter(&b, filter, &chosen, e);
	return code ? code : keep_build_contacts(&b, chosen, out, e);
}
