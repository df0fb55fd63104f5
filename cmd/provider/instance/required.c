/* "REQUIRED" says: whoever comes later must set it. */
#include "reading.h"

struct walk {
	struct keep_problems *ps;
	struct keep_slice of, who;
};

/* The way down to a value; lists add nothing to it. */
struct step {
	const struct step *up;
	struct keep_slice key;
};

static void put_path(struct keep_buf *b, const struct step *s)
{
	if (s->up)
		put_path(b, s->up);
	keep_json_put_step(b, s->key);
}

static void tell(const struct walk *w, const struct keep_json *v,
		 const struct step *s)
{
	struct keep_buf path = {.mem = w->ps->mem};

	if (s)
		put_path(&path, s);
	if (keep_problem_at(w->ps, v, "'%.*s' of %.*s is REQUIRED",
			    KEEP_F(keep_buf_get(&path)), KEEP_F(w->of)))
		keep_problem_hint(w->ps, "set it in %.*s", KEEP_F(w->who));
}

static void walk(const struct walk *w, const struct keep_json *v,
		 const struct step *s)
{
	uint32_t i;

	if (keep_is_required(v))
		tell(w, v, s);
	for (i = 0; v->type == KEEP_JSON_LIST && i < v->n; i++)
		walk(w, &v->list[i], s);
	for (i = 0; v->type == KEEP_JSON_OBJECT && i < v->n; i++) {
		const struct step here = {s, v->members[i].key};

		walk(w, &v->members[i].value, &here);
	}
}

void keep_check_required(struct keep_reading *r, const struct keep_json *tree,
			 struct keep_slice of, struct keep_slice who)
{
	const struct walk w = {r->ps, of, who};

	walk(&w, tree, NULL);
}
