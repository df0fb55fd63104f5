/* Names of nodes and their files. */
#include <keep/text.h>
#include "node.h"

int keep_node_path(struct keep_ctx *c, struct keep_slice name,
		   struct keep_slice *path, struct keep_err *e)
{
	char safe[80];

	if (!keep_node_name_ok(name)) {
		keep_fail(e, KEEP_E_BAD_ARGS, "'%s' is no name of a node",
			  keep_text_safe_to(safe, sizeof safe, name));
		return keep_hint(e, "a name has a-z, 0-9 and '-', no '-' at "
				 "its ends, and at most 63 bytes");
	}
	*path = keep_mem_print(c->mem, "nodes/%.*s.json", KEEP_F(name));
	return path->p ? 0 : keep_no_memory(e);
}

int keep_node_name_free(const struct keep_world *w, struct keep_slice name,
			struct keep_err *e)
{
	const char *what = keep_filter_meaning(w, name);

	if (!what)
		return 0;
	keep_fail(e, KEEP_E_BAD_ARGS, "no node can be named '%.*s': filters "
		  "mean %s by it", KEEP_F(name), what);
	return keep_hint(e, "name it otherwise, as '%.*s1'", KEEP_F(name));
}

static int missing(const struct keep_guess *g, struct keep_err *e)
{
	keep_fail(e, KEEP_E_NOT_FOUND, "there is no node '%.*s'",
		  KEEP_F(g->wanted));
	if (g->best.p)
		return keep_hint(e, "did you mean '%.*s'?", KEEP_F(g->best));
	return keep_hint(e, "`keep node list` shows all");
}

int keep_node_missing(struct keep_ctx *c, struct keep_slice name,
		      struct keep_err *e)
{
	const size_t suffix = sizeof ".json" - 1;
	struct keep_guess g = {.wanted = name};
	struct keep_names names = {0};
	size_t i;

	keep_ignore(keep_dir_list(c->mem, keep_fd_get(&c->instance), "nodes",
				  &names, NULL), "no names, no guess");
	for (i = 0; i < names.n; i++) {
		struct keep_slice file = names.v[i].name;

		if (file.len > suffix)
			keep_guess_offer(&g, (struct keep_slice){
				file.p, file.len - suffix});
	}
	return missing(&g, e);
}

int keep_node_get(struct keep_ctx *c, const struct keep_world *w,
		  struct keep_slice name, const struct keep_node **n,
		  struct keep_err *e)
{
	struct keep_guess g = {.wanted = name};
	struct keep_slice path;
	size_t i;
	int code = keep_node_path(c, name, &path, e);

	if (code)
		return code;
	*n = keep_world_node(w, name);
	if (*n)
		return 0;
	for (i = 0; i < w->n_nodes; i++)
		keep_guess_offer(&g, w->nodes[i].name);
	return missing(&g, e);
}
