/* Expressions in a small world: no crash, budgets hold, the same each time. */
/* uses: provider */
#include "../unit/expr_world.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is more than the results: the tree, sets, the memo. */
enum { ROOM = 32 << 20 };

static struct keep_slice evaluate(struct keep_world *w, struct keep_mem *m,
				  struct keep_slice text)
{
	struct keep_problems ps = {.mem = m};
	struct keep_buf b = {.mem = m};
	struct keep_eval *ev = keep_eval_new(m, w);
	const struct keep_problem *p;
	struct keep_json v;
	int rc = keep_eval_text(ev, &w->nodes[w->n_nodes - 2], text, &ps, &v);

	if ((rc != 0) != (ps.total != 0) || (rc && rc != -KEEP_E_BAD_ARGS))
		__builtin_trap();
	if (m->used > KEEP_EXPR_NODE_BYTES + ROOM)
		__builtin_trap();
	if (!rc)
		keep_json_put(&b, &v, KEEP_JSON_COMPACT);
	for (p = ps.first; p; p = p->next)
		keep_buf_print(&b, "%u %.*s", p->column, KEEP_F(p->message));
	return keep_buf_get(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct keep_mem all;
	static struct keep_world worlds[2]; /* the second has no faults */
	struct keep_world *w = &worlds[size % 2];
	KEEP_AUTO(keep_mem) first = {0}, second = {0};
	struct keep_slice text = {(const char *)data, size};
	struct keep_slice a, b;

	if (!w->nodes && !expr_world(w, &all, expr_world_text))
		__builtin_trap();
	if (w == &worlds[1])
		expr_mend(w);
	a = evaluate(w, &first, text);
	b = evaluate(w, &second, text);
	if (!keep_slice_eq(a, b))
		__builtin_trap();
	return 0;
}
