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

void keep_ev_begin(struct keep_eval *ev, const struct keep_node *n)
{
	ev->node = n;
	ev->frame = NULL;
	ev->bytes = 0;
	ev->over = false;
	ev->nest = 0;
	ev->level = 0;
	ev->relations.early = 0;
}

/* A value that failed for an earlier caller was told to that one. */
static int end(struct keep_eval *ev, int rc)
{
	if (rc != -KEEP_E_BAD_ARGS || ev->ps->total)
		return rc;
	return keep_ev_fault(ev, NULL, "a value that it needs failed before");
}

/* Whether what gave *rc is to be asked again: it was not final, but now all
 * relations are known. */
static bool again(struct keep_eval *ev, int *rc)
{
	const struct keep_node *n = ev->node;

	if (*rc != KEEP_LATER && (*rc || !ev->relations.early))
		return false;
	*rc = keep_ev_relate(ev);
	ev->node = n;
	return *rc == 0;
}

int keep_eval_early(struct keep_eval *ev, const struct keep_node *n,
		    struct keep_problems *ps, struct keep_json *out,
		    bool *later)
{
	ev->ps = ps;
	return end(ev, keep_ev_walk(ev, n, out, later));
}

int keep_eval_node(struct keep_eval *ev, const struct keep_node *n,
		   struct keep_problems *ps, struct keep_json *out)
{
	bool later;
	int rc;

	ev->ps = ps;
	rc = keep_ev_walk(ev, n, out, &later);
	if (!rc && later) {
		rc = KEEP_LATER;
		if (again(ev, &rc))
			rc = keep_ev_walk(ev, n, out, &later);
	}
	return end(ev, rc);
}

static int at_path(struct keep_eval *ev, const struct keep_node *n,
		   struct keep_slice path, bool *found, struct keep_json *out)
{
	struct keep_value self = keep_v_node(n), v;
	int rc;

	keep_ev_begin(ev, n);
	*out = (struct keep_json){0};
	rc = keep_v_path(ev, &self, path, &v);
	*found = !rc && v.kind != KEEP_V_MISSING;
	if (*found)
		rc = keep_ev_plain(ev, &v, out);
	return rc;
}

int keep_eval_path(struct keep_eval *ev, const struct keep_node *n,
		   struct keep_slice path, bool *found,
		   struct keep_problems *ps, struct keep_json *out)
{
	int rc;

	ev->ps = ps;
	rc = at_path(ev, n, path, found, out);
	if (again(ev, &rc))
		rc = at_path(ev, n, path, found, out);
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

static int in_frame(struct keep_eval *ev, const struct keep_node *n,
		    struct keep_slice s, struct keep_json *out)
{
	struct keep_frame f = {.node = n, .text = s};
	int rc;

	keep_ev_begin(ev, n);
	*out = (struct keep_json){0};
	rc = keep_ev_enter(ev, &f);
	if (rc)
		return rc;
	if (!keep_utf8_ok(s) || memchr(s.p, 0, s.len))
		rc = keep_ev_fault(ev, NULL, "the expression is no UTF-8 text");
	else
		rc = text(ev, s, out);
	keep_ev_leave(ev, &f);
	return rc;
}

int keep_eval_text(struct keep_eval *ev, const struct keep_node *n,
		   struct keep_slice s, struct keep_problems *ps,
		   struct keep_json *out)
{
	int rc;

	ev->ps = ps;
	rc = in_frame(ev, n, s, out);
	if (again(ev, &rc))
		rc = in_frame(ev, n, s, out);
	if (rc)
		*out = (struct keep_json){0};
	return end(ev, rc);
}

int keep_eval_edges(struct keep_eval *ev, struct keep_problems *ps,
		    const struct keep_edge **edges, size_t *n)
{
	int rc;

	ev->ps = ps;
	rc = keep_ev_relate(ev);
	*edges = ev->relations.in;
	*n = ev->relations.n;
	return rc;
}

int keep_eval_reach(struct keep_eval *ev, const struct keep_edge *edge,
		    struct keep_problems *ps, struct keep_reach *way)
{
	const struct keep_node *nodes = ev->world->nodes;
	struct keep_ways w = {&nodes[edge->from], &nodes[edge->to], way, 1, 0};

	ev->ps = ps;
	keep_ev_begin(ev, w.from);
	return keep_ev_reach(ev, NULL, &w);
}
