/* Names, and what is found by them. */
#include <stdarg.h>
#include <keep/text.h>
#include "reading.h"

enum { LONGEST = 63 };

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool keep_node_name_ok(struct keep_slice name)
{
	size_t i;

	if (name.len == 0 || name.len > LONGEST || !is_word(name.p[0]) ||
	    !is_word(name.p[name.len - 1]))
		return false;
	for (i = 0; i < name.len; i++)
		if (!is_word(name.p[i]) && name.p[i] != '-')
			return false;
	return true;
}

bool keep_object_name_ok(struct keep_slice name)
{
	size_t i;

	for (i = 0; i < name.len; i++)
		if (!is_word(name.p[i]) && name.p[i] != '_' &&
		    !(name.p[i] >= 'A' && name.p[i] <= 'Z') &&
		    (name.p[i] != '-' || i == 0))
			return false;
	return name.len > 0 && name.len <= LONGEST;
}

/* Binary search in records of SIZE bytes that begin with their name. */
static const void *find(const void *v, size_t n, size_t size,
			struct keep_slice name)
{
	const char *at = v;
	size_t low = 0, high = n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const void *p = at + mid * size;
		int order = keep_slice_cmp(*(const struct keep_slice *)p, name);

		if (order == 0)
			return p;
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

_Static_assert(offsetof(struct keep_node, name) == 0 &&
	       offsetof(struct keep_stacked, name) == 0 &&
	       offsetof(struct keep_env, name) == 0 &&
	       offsetof(struct keep_object, name) == 0, "find() needs it");

const struct keep_node *keep_world_node(const struct keep_world *w,
					struct keep_slice name)
{
	return find(w->nodes, w->n_nodes, sizeof *w->nodes, name);
}

const struct keep_env *keep_world_env(const struct keep_world *w,
				      struct keep_slice name)
{
	return find(w->envs, w->n_envs, sizeof *w->envs, name);
}

const struct keep_object *keep_objects_find(const struct keep_objects *o,
					    struct keep_slice name)
{
	return find(o->v, o->n, sizeof *o->v, name);
}

const struct keep_stacked *keep_stacked_find(const struct keep_parts *p,
					     struct keep_slice name)
{
	return find(p->objects, p->n_objects, sizeof *p->objects, name);
}

const struct keep_json *keep_member(const struct keep_json *v,
				    const char *key)
{
	static const struct keep_json null;
	const struct keep_json *found = keep_json_get(v, keep_slice(key));

	return found ? found : &null;
}

void keep_guess_hint(struct keep_problems *ps, const struct keep_guess *g,
		     const char *otherwise, ...)
{
	char text[256];
	va_list ap;

	va_start(ap, otherwise);
	vsnprintf(text, sizeof text, otherwise, ap);
	va_end(ap);
	if (g->best.p)
		keep_problem_hint(ps, "did you mean '%.*s'?", KEEP_F(g->best));
	else
		keep_problem_hint(ps, "%s", text);
}
