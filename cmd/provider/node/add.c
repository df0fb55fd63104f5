/* node add NAME [PATH=VALUE...] */
#include <fcntl.h>
#include "../lock.h"
#include "node.h"
#include "schemas.h"

static const struct keep_field fields[] = {
	{KEEP_TEXT(struct keep_node_add_args, name), .source = KEEP_WORD,
	 .required = true, .max = 63, .help = "the new node"},
	{KEEP_MAP_ITEM(struct keep_node_add_args, values), .source = KEEP_REST,
	 .meta = "PATH=VALUE", .complete = keep_complete_value,
	 .help = "what its file says, as ip_address=10.0.0.1"},
};
const struct keep_schema keep_node_add_args_schema =
	KEEP_SCHEMA(struct keep_node_add_args, fields);

static int exists(struct keep_ctx *c, const struct keep_node_edit *ed,
		  struct keep_err *e)
{
	struct stat st;

	if (fstatat(keep_fd_get(&c->instance), ed->path.p, &st,
		    AT_SYMLINK_NOFOLLOW))
		return 0;
	keep_fail(e, KEEP_E_EXISTS, "node '%.*s' exists", KEEP_F(ed->node));
	return keep_hint(e, "`keep node set %.*s PATH=VALUE` changes it",
			 KEEP_F(ed->node));
}

/* Where a path stands in the table of properties; others behind all. */
static size_t rank(struct keep_slice path)
{
	const struct keep_property *row = keep_property_find(path);

	return row ? (size_t)(row - keep_properties) : keep_n_properties;
}

static int by_rank(const void *a, const void *b)
{
	const struct keep_entry *x = a, *y = b;
	size_t i = rank(x->key), j = rank(y->key);

	return i == j ? keep_slice_cmp(x->key, y->key) : i < j ? -1 : 1;
}

/* A new file says first what matters first. */
static int sort(struct keep_mem *m, struct keep_entries *values,
		struct keep_err *e)
{
	struct keep_entry *v = KEEP_NEWS(m, values->n, struct keep_entry);

	if (!v)
		return keep_no_memory(e);
	if (values->n)
		memcpy(v, values->v, values->n * sizeof *v);
	qsort(v, values->n, sizeof *v, by_rank);
	values->v = v;
	return 0;
}

int keep_node_add(struct keep_ctx *c, const struct keep_node_add_args *a,
		  struct keep_node_changed *r, struct keep_err *e)
{
	struct keep_node_edit ed = {.node = a->name, .values = a->values,
				    .text = KEEP_S("{}"), .pretty = true};
	int code = keep_node_path(c, a->name, &ed.path, e);

	if (!code)
		code = keep_provider_lock(c, "node add", e);
	if (code)
		return code;
	r->file = ed.path;
	code = exists(c, &ed, e);
	if (!code)
		code = sort(c->mem, &ed.values, e);
	if (!code)
		code = keep_node_write(c, &ed, &r->changed, e);
	keep_provider_unlock(c);
	return code;
}
