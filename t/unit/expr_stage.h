/* Worlds of a few nodes, evaluated, and what was told of them. */
#ifndef EXPR_STAGE_H
#define EXPR_STAGE_H

#include "expr_world.h"

/* A world of one environment, an evaluator, and what they told. */
struct stage {
	struct keep_mem mem;
	struct keep_world w;
	struct keep_eval *ev;
	struct keep_problems ps;
	struct keep_json v;
	int rc;
};

static inline void stage_end(struct stage *s)
{
	keep_mem_end(&s->mem);
}

/* NODES: the members of "nodes". */
static inline bool set_up(struct stage *s, const char *nodes)
{
	struct keep_slice text;

	*s = (struct stage){0};
	s->ps.mem = &s->mem;
	text = keep_mem_print(&s->mem, "{\"envs\": {\"e\": {}}, "
			      "\"nodes\": {%s}}", nodes);
	if (!text.p || !expr_world(&s->w, &s->mem, text.p))
		return ok(false, "the world is read");
	s->ev = keep_eval_new(&s->mem, &s->w);
	return s->ev || ok(false, "an evaluator is made");
}

static inline void node(struct stage *s, const char *name)
{
	const struct keep_node *n = keep_world_node(&s->w, keep_slice(name));

	s->rc = keep_eval_node(s->ev, n, &s->ps, &s->v);
}

static inline struct keep_slice json(struct stage *s)
{
	struct keep_buf b = {.mem = &s->mem};

	keep_json_put(&b, &s->v, KEEP_JSON_COMPACT);
	return keep_buf_get(&b);
}

static inline struct keep_slice told(struct stage *s)
{
	struct keep_buf b = {.mem = &s->mem};
	const struct keep_problem *p;

	for (p = s->ps.first; p; p = p->next)
		keep_buf_print(&b, "%s%u:%u: %.*s", b.len ? "\n" : "", p->line,
			       p->column, KEEP_F(p->message));
	return keep_buf_get(&b);
}

#define E "\"environment\": \"e\""

#endif
