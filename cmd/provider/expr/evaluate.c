/* The way in: whole nodes, paths, single expressions. */
#include <keep/text.h>
#include "eval.h"

struct keep_eval *keep_eval_new(struct keep_mem *m, struct keep_world *w)
{
	struct keep_eval *ev = KEEP_NEW(m, struct keep_eval);

	if (!ev)
		return NULL;
	ev->mem = m;
	ev->world = w;
	return ev;
}

static void begin(struct keep_eval *ev, const struct keep_node *n,
		  struct keep_problems *ps)
{
	ev->ps = ps;
	ev->node = n;
	ev->frame = NULL;
	ev->bytes = 0;
	ev->over = false;
	ev->nest = 0;
	ev->level = 0;
}

/* A value that failed for an earlier caller was told to that one. */
static int end(struct keep_eval *ev, int rc)
{
	if (rc != -KEEP_E_BAD_ARGS || ev->ps->total)
		return rc;
	return keep_ev_fault(ev, NULL, "a value that it needs failed before");
}

int keep_eval_node(struct keep_eval *ev, const struct keep_node *n,
		   struct keep_problems *ps, struct keep_json *out)
{
	int rc;

	begin(ev, n, ps);
	rc = keep_ev_tree(ev, n, &n->tree, out);
	return end(ev, rc);
}

int keep_eval_path(struct keep_eval *ev, const struct keep_node *n,
		   struct keep_slice path, bool *found,
		   struct keep_problems *ps, struct keep_json *out)
{
	struct keep_value self = keep_v_node(n), v;
	int rc;

	begin(ev, n, ps);
	*out = (struct keep_json){0};
	rc = keep_v_path(ev, &self, path, &v);
	*found = !rc && v.kind != KEEP_V_MISSING;
	if (*found)
		rc = keep_ev_plain(ev, &v, out);
	if (rc)
		*out = (struct keep_json){0};
	return end(ev, rc);
}

static int text(struct keep_eval *ev, struct keep_slice text,
		struct keep_json *out)
{
	struct keep_parse_fault fault = {0};
	struct keep_ast place = {0};
	const struct keep_ast *ast;
	struct keep_value v;
	int rc = keep_parse(ev->mem, text, &ast, &fault);

	if (rc == -KEEP_E_BAD_ARGS) {
		place.at = (uint32_t)fault.at;
		rc = keep_ev_fault(ev, &place, "%s", fault.err.message);
		if (fault.err.hint[0])
			keep_problem_hint(ev->ps, "%s", fault.err.hint);
	}
	if (!rc)
		rc = keep_ev_expr(ev, ast, &v);
	return rc ? rc : keep_ev_plain(ev, &v, out);
}

int keep_eval_text(struct keep_eval *ev, const struct keep_node *n,
		   struct keep_slice s, struct keep_problems *ps,
		   struct keep_json *out)
{
	struct keep_frame f = {.node = n, .text = s};
	int rc;

	begin(ev, n, ps);
	*out = (struct keep_json){0};
	rc = keep_ev_enter(ev, &f);
	if (rc)
		return rc;
	if (!keep_utf8_ok(s) || memchr(s.p, 0, s.len))
		rc = keep_ev_fault(ev, NULL, "the expression is no UTF-8 text");
	else
		rc = text(ev, s, out);
	keep_ev_leave(ev, &f);
	if (rc)
		*out = (struct keep_json){0};
	return end(ev, rc);
}
