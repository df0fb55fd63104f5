/* node set, unset, enable, disable: changes of what a node's file says. */
#include "../lock.h"
#include "node.h"
#include "schemas.h"

static const struct keep_field set_fields[] = {
	{KEEP_TEXT(struct keep_node_set_args, node), .source = KEEP_WORD,
	 .required = true, .max = 63, .complete = keep_complete_node,
	 .help = "the node"},
	{KEEP_MAP_ITEM(struct keep_node_set_args, values), .source = KEEP_REST,
	 .required = true, .min = 1, .meta = "PATH=VALUE",
	 .complete = keep_complete_value,
	 .help = "JSON or text; a list takes commas"},
};
const struct keep_schema keep_node_set_args_schema =
	KEEP_SCHEMA(struct keep_node_set_args, set_fields);

static const struct keep_field unset_fields[] = {
	{KEEP_TEXT(struct keep_node_unset_args, node), .source = KEEP_WORD,
	 .required = true, .max = 63, .complete = keep_complete_node,
	 .help = "the node"},
	{KEEP_TEXTS(struct keep_node_unset_args, paths), .source = KEEP_REST,
	 .required = true, .meta = "PATH", .complete = keep_complete_path,
	 .help = "what its file shall not say any more"},
};
const struct keep_schema keep_node_unset_args_schema =
	KEEP_SCHEMA(struct keep_node_unset_args, unset_fields);

static const struct keep_field node_fields[] = {
	{KEEP_TEXT(struct keep_node_args, node), .source = KEEP_WORD,
	 .required = true, .max = 63, .complete = keep_complete_node,
	 .help = "the node"},
};
const struct keep_schema keep_node_args_schema =
	KEEP_SCHEMA(struct keep_node_args, node_fields);

static const struct keep_field changed_fields[] = {
	{KEEP_TEXT(struct keep_node_changed, file), .required = true,
	 .help = "the node's file"},
	{KEEP_BOOL(struct keep_node_changed, changed), .required = true,
	 .help = "false: it was so already"},
};
const struct keep_schema keep_node_changed_schema =
	KEEP_SCHEMA(struct keep_node_changed, changed_fields);

/* The change VERB makes, by one writer at a time. */
struct change {
	const char *verb;
	struct keep_slice node;
	struct keep_entries values;
};

static int make(struct keep_ctx *c, const struct change *x,
		struct keep_node_changed *r, struct keep_err *e)
{
	int code = keep_provider_lock(c, x->verb, e);

	if (code)
		return code;
	code = keep_node_change(c, x->node, x->values, r, e);
	keep_provider_unlock(c);
	return code;
}

int keep_node_set(struct keep_ctx *c, const struct keep_node_set_args *a,
		  struct keep_node_changed *r, struct keep_err *e)
{
	const struct change x = {"node set", a->node, a->values};

	return make(c, &x, r, e);
}

int keep_node_unset(struct keep_ctx *c, const struct keep_node_unset_args *a,
		    struct keep_node_changed *r, struct keep_err *e)
{
	struct keep_entry *v = KEEP_NEWS(c->mem, a->paths.n,
					 struct keep_entry);
	const struct change x = {"node unset", a->node, {v, a->paths.n}};
	size_t i;

	if (!v)
		return keep_no_memory(e);
	for (i = 0; i < a->paths.n; i++)
		v[i].key = a->paths.v[i];
	return make(c, &x, r, e);
}

/* A node is enabled without saying so. */
static int enable(struct keep_ctx *c, struct keep_slice node, bool yes,
		  struct keep_node_changed *r, struct keep_err *e)
{
	struct keep_slice value = yes ? KEEP_S("\xf5") : KEEP_S("\xf4");
	const struct keep_entry entry = {KEEP_S("enabled"), value};
	const struct change x = {yes ? "node enable" : "node disable", node,
				 {&entry, 1}};

	return make(c, &x, r, e);
}

int keep_node_enable(struct keep_ctx *c, const struct keep_node_args *a,
		     struct keep_node_changed *r, struct keep_err *e)
{
	return enable(c, a->node, true, r, e);
}

int keep_node_disable(struct keep_ctx *c, const struct keep_node_args *a,
		      struct keep_node_changed *r, struct keep_err *e)
{
	return enable(c, a->node, false, r, e);
}
