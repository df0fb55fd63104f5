/* Templates in a small world: no crash, a fault has its place in the text. */
/* uses: provider */
#include "../unit/expr_world.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t lines(struct keep_slice s)
{
	size_t i, n = 1;

	for (i = 0; i < s.len; i++)
		n += s.p[i] == '\n';
	return n;
}

/* Evaluates template('it') in web1. */
static void use(struct keep_world *w, struct keep_slice text)
{
	struct keep_problems ps = {.mem = w->mem};
	const struct keep_problem *p;
	struct keep_json v;
	int rc = keep_eval_text(keep_eval_new(w->mem, w),
				keep_world_node(w, KEEP_S("web1")),
				KEEP_S("template('it')"), &ps, &v);

	if ((rc != 0) != (ps.total != 0) || (rc && rc != -KEEP_E_BAD_ARGS))
		__builtin_trap();
	if (!rc && (v.type != KEEP_JSON_TEXT || v.n > KEEP_EXPR_TEXT))
		__builtin_trap();
	for (p = ps.first; p; p = p->next)
		if (keep_slice_is(p->where, "templates/it") &&
		    (p->line < 1 || p->line > lines(text) || p->column < 1))
			__builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct keep_mem all_mem;
	static struct keep_world all;
	KEEP_AUTO(keep_mem) mem = {0};
	struct keep_slice text = {(const char *)data, size};
	struct keep_json_member own = {KEEP_S("it"), 0, 0,
				       keep_json_of(text)};
	struct keep_json templates = {.type = KEEP_JSON_OBJECT, .n = 1,
				      .members = &own};
	struct keep_world w;

	if (!all.nodes && !expr_world(&all, &all_mem, expr_world_text))
		__builtin_trap();
	w = all;
	w.mem = &mem;
	w.host_data = &templates;
	use(&w, text);
	return 0;
}
