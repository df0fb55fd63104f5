/* The templates of the property `files`: a part of the node, so that what they
 * link to counts, and they may have to wait for the links of others. */
#include "eval.h"
#include "template.h"

/* Row i is that of member i of `files`. */
struct keep_rendering {
	const struct keep_json *files;
	struct keep_json *v; /* null: there is no template, or it failed */
};

static int render(struct keep_eval *ev, const struct keep_node *node,
		  const struct keep_json *path, struct keep_json *out)
{
	struct keep_frame f = {.node = node, .at = path,
			       .text = keep_json_text(path)};
	struct keep_value v;
	int rc = keep_ev_enter(ev, &f);

	if (rc)
		return rc;
	rc = keep_ev_template(ev, NULL, f.text, NULL, &v);
	if (!rc)
		rc = keep_ev_plain(ev, &v, out);
	keep_ev_leave(ev, &f);
	return rc;
}

static struct keep_rendering *rows(struct keep_eval *ev, size_t node)
{
	if (!ev->rendered)
		ev->rendered = KEEP_NEWS(ev->mem, ev->world->n_nodes,
					 struct keep_rendering *);
	if (ev->rendered && !ev->rendered[node])
		ev->rendered[node] = KEEP_NEW(ev->mem, struct keep_rendering);
	return ev->rendered ? ev->rendered[node] : NULL;
}

int keep_ev_render(struct keep_eval *ev, const struct keep_node *node,
		   const struct keep_json *tree)
{
	const struct keep_json *files = keep_json_get(tree, KEEP_S("files"));
	const struct keep_json *path;
	struct keep_rendering *r;
	int rc = 0;
	size_t i;

	if (!files || files->type != KEEP_JSON_OBJECT || !files->n)
		return 0;
	r = rows(ev, node->index);
	if (!r)
		return -KEEP_E_NO_MEMORY;
	r->files = files;
	r->v = KEEP_NEWS(ev->mem, files->n, struct keep_json);
	if (!r->v)
		return -KEEP_E_NO_MEMORY;
	for (i = 0; i < files->n && rc != -KEEP_E_NO_MEMORY; i++) {
		path = keep_json_get(&files->members[i].value,
				     KEEP_S("template"));
		/* of another path the check of the row tells */
		if (path && path->type == KEEP_JSON_TEXT &&
		    path->mark != KEEP_MARK_SECRET)
			rc = keep_ev_worse(rc, render(ev, node, path,
						      &r->v[i]));
	}
	return rc;
}

const struct keep_json *keep_eval_rendered(const struct keep_eval *ev,
					   const struct keep_node *n,
					   struct keep_slice path)
{
	const struct keep_rendering *r = ev->rendered ? ev->rendered[n->index]
						     : NULL;
	size_t i;

	for (i = 0; r && i < r->files->n; i++)
		if (keep_slice_eq(r->files->members[i].key, path))
			return r->v[i].type == KEEP_JSON_TEXT ? &r->v[i] : NULL;
	return NULL;
}
