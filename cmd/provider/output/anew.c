/* Secrets that are drawn though compiled/ named them before: their values are
 * somebody else's, or were lost. */
#include <keep/file.h>
#include "../open.h"
#include "output.h"

static bool is_named(struct keep_slice text, struct keep_slice form)
{
	return text.p && memmem(text.p, text.len, form.p, form.len);
}

/* What compiled/ holds of the node; absent: nothing that can be read. */
static struct keep_slice old_text(const struct keep_output *o,
				  const struct keep_node *n)
{
	struct keep_mem *m = o->c->mem;
	struct keep_slice path = keep_mem_print(m, "%.*s.json",
						KEEP_F(n->name)), text = {0};

	if (path.p)
		keep_ignore(keep_file_read(m, keep_fd_get(&o->old), path.p,
					   KEEP_EXPR_NODE_BYTES, &text, NULL),
			    "then there is nothing to compare with");
	return text;
}

static bool was_named(const struct keep_build *b, const struct keep_output *o,
		      const struct keep_secret_id *id)
{
	const struct keep_node *n = b->world->nodes;
	struct keep_slice form = keep_mem_print(o->c->mem, "<secret %.*s>",
						KEEP_F(id->name));
	size_t i;

	for (i = 0; form.p && i < b->world->n_nodes; i++)
		if (keep_slice_eq(n[i].env->name, id->env) &&
		    is_named(old_text(o, &n[i]), form))
			return true;
	return false;
}

void keep_output_anew(const struct keep_build *b, const struct keep_output *o)
{
	const struct keep_secret_ids *ids = &b->sources->wanted;
	struct keep_problems told = {.mem = o->c->mem};
	struct keep_problem *p;
	size_t i;

	for (i = 0; i < ids->n && o->old.plus_one; i++) {
		if (!was_named(b, o, &ids->v[i]))
			continue;
		keep_problem(&told, keep_slice(b->sources->values->name), 0, 0,
			     "secret '%.*s' of %.*s was not there, though "
			     "compiled/ names it; a new value is drawn",
			     KEEP_F(ids->v[i].name), KEEP_F(ids->v[i].env));
		keep_problem_hint(&told, "git does not bring it: if nodes or "
				  "colleagues have another, put that there");
	}
	for (p = told.first; p; p = p->next)
		keep_provider_warn(o->c, p);
}
