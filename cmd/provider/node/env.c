/* env list */
#include "../expr/expr.h"
#include "../open.h"
#include "node.h"
#include "schemas.h"

static const struct keep_field fields[] = {
	{KEEP_TEXT(struct keep_env_row, name), .required = true,
	 .help = "the environment"},
	{KEEP_UINT(struct keep_env_row, nodes), .required = true,
	 .help = "how many nodes are in it"},
};
const struct keep_schema keep_env_row_schema =
	KEEP_SCHEMA(struct keep_env_row, fields);

int keep_env_list(struct keep_ctx *c, const void *a, struct keep_err *e)
{
	struct keep_world *w;
	struct keep_eval *ev;
	uint32_t *count;
	size_t i;
	int code = keep_provider_open(c, &w, &ev, e);

	(void)a;
	if (code)
		return code;
	count = KEEP_NEWS(c->mem, w->n_envs, uint32_t);
	if (!count)
		return keep_no_memory(e);
	for (i = 0; i < w->n_nodes; i++)
		count[w->nodes[i].env - w->envs]++;
	for (i = 0; i < w->n_envs && !code; i++)
		code = keep_emit(c, &(struct keep_env_row){w->envs[i].name,
							   count[i]}, e);
	return code;
}
