/* Newer over older: the table of PROVIDER 2, on layers (see merge.h). */
#include "index.h"
#include "lists.h"
#include "merge.h"

enum { FEW = 16 }; /* more keys are searched by their hashes */

struct merging {
	struct keep_mem *m;
	struct keep_problems *ps;
	bool pending; /* marks that find nothing older stay */
	bool failed;
};

/* Where we are, for messages: the keys from the root, innermost first. */
struct at {
	const struct at *up;
	struct keep_slice key;
};

static const struct keep_json nothing; /* null, of no file */

static void put_path(struct keep_buf *b, const struct at *at)
{
	if (at->up && at->up->up)
		put_path(b, at->up);
	keep_json_put_step(b, at->key);
}

static struct keep_slice path_of(struct merging *c, const struct at *at)
{
	struct keep_buf b = {.mem = c->m};

	put_path(&b, at);
	return keep_buf_get(&b);
}

static struct keep_slice place_of(struct merging *c, const struct keep_json *v)
{
	return keep_mem_print(c->m, "%.*s:%u:%u", KEEP_F(v->source->name),
			      v->line, v->column);
}

static const char *kind_of(const struct keep_json *v)
{
	return keep_is_expression(v) ? "an expression"
				     : keep_json_type_name(v->type);
}

/* In the place of a value that is not known. */
static struct keep_json lost(const struct keep_json *v)
{
	return (struct keep_json){.mark = KEEP_MARK_BROKEN, .line = v->line,
				  .column = v->column, .source = v->source};
}

static bool is_lost(const struct keep_json *v)
{
	return v->mark == KEEP_MARK_BROKEN && v->type == KEEP_JSON_NULL;
}

static struct keep_json clash(struct merging *c, const struct at *at,
			      const struct keep_json *older,
			      const struct keep_json *newer)
{
	struct keep_slice path, place;

	if (!c->ps)
		return lost(newer);
	path = path_of(c, at);
	if (!older->source) { /* a default of keep, which is no file's */
		keep_problem_at(c->ps, newer, "'%.*s' must be %s",
				KEEP_F(path), older->type == KEEP_JSON_BOOL ?
				"true or false" : "a list of names");
		return lost(newer);
	}
	place = place_of(c, older);
	if (keep_problem_at(c->ps, newer, "'%.*s' is %s here, but %s in %.*s",
			    KEEP_F(path), kind_of(newer), kind_of(older),
			    KEEP_F(place)))
		keep_problem_hint(c->ps, "\"!%.*s\" replaces a value by one of "
				  "another type", KEEP_F(at->key));
	return lost(newer);
}

static void no_older_list(struct merging *c, const struct at *at,
			  const struct keep_json *gone)
{
	struct keep_slice path = path_of(c, at);

	if (keep_problem_at(c->ps, gone, "'%.*s' has no older list to take "
			    "from", KEEP_F(path)))
		keep_problem_hint(c->ps, "remove it, or write \"%.*s\": [...]",
				  KEEP_F(at->key));
}

static bool is_number(const struct keep_json *v)
{
	return v->type == KEEP_JSON_INT || v->type == KEEP_JSON_DOUBLE;
}

/* An expression and REQUIRED stand for a value of any type. */
static bool fits(const struct keep_json *a, const struct keep_json *b)
{
	return a->type == b->type || (is_number(a) && is_number(b)) ||
	       keep_is_expression(a) || keep_is_expression(b) ||
	       keep_is_required(a) || keep_is_required(b);
}

static struct keep_json value(struct merging *c, const struct at *at,
			      const struct keep_json *older,
			      const struct keep_json *newer);

/* --- edits: a pair of lists, what goes and what comes ------------------ */

static struct keep_json edit_nothing(struct merging *c, const struct at *at,
				     const struct keep_json *edit)
{
	struct keep_json out;

	if (edit->list[0].type == KEEP_JSON_LIST)
		no_older_list(c, at, &edit->list[0]);
	if (edit->list[1].type != KEEP_JSON_LIST)
		return lost(edit);
	out = keep_list_union(c->m, &nothing, &edit->list[1], &c->failed);
	return value(c, at, &nothing, &out);
}

static struct keep_json edit(struct merging *c, const struct at *at,
			     const struct keep_json *older,
			     const struct keep_json *newer)
{
	struct keep_json out;

	if (older->mark == KEEP_MARK_EDIT)
		return keep_edit_twice(c->m, older, newer, &c->failed);
	if (older->type == KEEP_JSON_NULL || keep_is_required(older)) {
		if (c->pending && older->mark != KEEP_MARK_FORCE)
			return *newer;
		return edit_nothing(c, at, newer);
	}
	if (older->type != KEEP_JSON_LIST)
		return clash(c, at, older, newer);
	out = keep_list_without(c->m, older, &newer->list[0], &c->failed);
	return keep_list_union(c->m, &out, &newer->list[1], &c->failed);
}

/* --- objects ----------------------------------------------------------- */

struct members {
	struct keep_json_member *v;
	uint32_t n;
	bool hashed;
	struct keep_index ix;
};

static bool same_key(const void *array, uint32_t i, const void *key)
{
	const struct keep_json_member *v = array;

	return keep_slice_eq(v[i].key, *(const struct keep_slice *)key);
}

static void index_older(struct merging *c, struct members *t)
{
	struct keep_slice key;
	uint32_t i;

	t->hashed = true;
	for (i = 0; i < t->n && !c->failed; i++) {
		key = t->v[i].key;
		c->failed = !keep_index_add(&t->ix, c->m,
					    keep_hash(0, key.p, key.len), i);
	}
}

/* Among the N older ones only: the newer keys differ from each other. */
static struct keep_json_member *find(struct members *t, uint32_t n,
				     struct keep_slice key)
{
	uint32_t i = 0;

	if (t->hashed)
		i = keep_index_find(&t->ix, keep_hash(0, key.p, key.len),
				    same_key, t->v, &key);
	else
		while (i < n && !same_key(t->v, i, &key))
			i++;
	return i < n ? &t->v[i] : NULL;
}

static void put(struct merging *c, const struct at *at,
		struct keep_json_member *slot,
		const struct keep_json_member *newer)
{
	struct at here = {at, newer->key};
	struct keep_json v = value(c, &here, &slot->value, &newer->value);
	bool kept = v.source == slot->value.source &&
		    v.line == slot->value.line && v.n == slot->value.n &&
		    v.list == slot->value.list;

	if (!kept || !slot->key.p)
		*slot = *newer;
	slot->value = v;
}

static struct keep_json objects(struct merging *c, const struct at *at,
				const struct keep_json *older,
				const struct keep_json *newer)
{
	struct keep_json out = *newer;
	struct members t = {.n = older->n};
	struct keep_json_member *slot;
	uint32_t i;

	if (newer->n == 0)
		return *older;
	t.v = KEEP_NEWS(c->m, (size_t)older->n + newer->n,
			struct keep_json_member);
	if (!t.v) {
		c->failed = true;
		return out;
	}
	if (older->n)
		memcpy(t.v, older->members, older->n * sizeof *t.v);
	if (older->n > FEW && newer->n > FEW)
		index_older(c, &t);
	for (i = 0; i < newer->n && !c->failed; i++) {
		slot = find(&t, older->n, newer->members[i].key);
		put(c, at, slot ? slot : &t.v[t.n++], &newer->members[i]);
	}
	out.members = t.v;
	out.n = t.n;
	return out;
}

/* --- without anything older: marks go, what has none is shared --------- */

static bool unchanged(const struct keep_json *a, const struct keep_json *b)
{
	return a->mark == b->mark && a->n == b->n && a->list == b->list;
}

static struct keep_json finish_object(struct merging *c, const struct at *at,
				      const struct keep_json *v)
{
	struct keep_json_member *own = NULL;
	struct keep_json out = *v, x;
	uint32_t i;

	for (i = 0; i < v->n && !c->failed; i++) {
		const struct keep_json_member *m = &v->members[i];
		struct at here = {at, m->key};

		x = value(c, &here, &nothing, &m->value);
		if (unchanged(&x, &m->value))
			continue;
		if (!own) {
			own = KEEP_NEWS(c->m, v->n, struct keep_json_member);
			if (!own)
				break;
			memcpy(own, v->members, v->n * sizeof *own);
			out.members = own;
		}
		own[i].value = x;
	}
	c->failed |= i < v->n;
	return out;
}

static struct keep_json finish_list(struct merging *c, const struct at *at,
				    const struct keep_json *v)
{
	struct keep_json *own = NULL, out = *v, x;
	uint32_t i;

	for (i = 0; i < v->n && !c->failed; i++) {
		x = value(c, at, &nothing, &v->list[i]);
		if (unchanged(&x, &v->list[i]))
			continue;
		if (!own) {
			own = KEEP_NEWS(c->m, v->n, struct keep_json);
			if (!own)
				break;
			memcpy(own, v->list, v->n * sizeof *own);
			out.list = own;
		}
		own[i] = x;
	}
	c->failed |= i < v->n;
	return out;
}

static struct keep_json finish(struct merging *c, const struct at *at,
			       const struct keep_json *v)
{
	if (c->pending)
		return *v;
	if (v->type == KEEP_JSON_OBJECT)
		return finish_object(c, at, v);
	if (v->type == KEEP_JSON_LIST)
		return finish_list(c, at, v);
	return *v;
}

/* --- one value --------------------------------------------------------- */

static struct keep_json plain(struct merging *c, const struct at *at,
			      const struct keep_json *older,
			      const struct keep_json *newer)
{
	if (older->type == KEEP_JSON_NULL)
		return finish(c, at, newer);
	if (newer->type == KEEP_JSON_NULL)
		return *older;
	if (older->type == KEEP_JSON_OBJECT && newer->type == KEEP_JSON_OBJECT)
		return objects(c, at, older, newer);
	if (!fits(older, newer))
		return clash(c, at, older, newer);
	return finish(c, at, newer);
}

static struct keep_json value(struct merging *c, const struct at *at,
			      const struct keep_json *older,
			      const struct keep_json *newer)
{
	bool forced = older->mark == KEEP_MARK_FORCE ||
		      newer->mark == KEEP_MARK_FORCE;
	struct keep_json out;

	if (newer->mark == KEEP_MARK_FORCE)
		out = finish(c, at, newer);
	else if (is_lost(older) || is_lost(newer))
		out = lost(is_lost(older) ? older : newer);
	else if (newer->mark == KEEP_MARK_EDIT)
		out = edit(c, at, older, newer);
	else
		out = plain(c, at, older, newer);
	if (forced && !is_lost(&out))
		out.mark = c->pending ? KEEP_MARK_FORCE : KEEP_MARK_NONE;
	return out;
}

static struct keep_json run(struct merging *c, const struct keep_json *older,
			    const struct keep_json *newer)
{
	const struct at root = {NULL, KEEP_S("")};
	struct keep_json out;
	bool broken = newer->mark == KEEP_MARK_BROKEN ||
		      (older && older->mark == KEEP_MARK_BROKEN);

	if (broken)
		c->ps = NULL;
	out = value(c, &root, older ? older : &nothing, newer);
	out.mark = broken ? KEEP_MARK_BROKEN : out.mark;
	return c->failed ? nothing : out;
}

struct keep_json keep_stack(struct keep_mem *m, const struct keep_json *older,
			    const struct keep_json *newer,
			    struct keep_problems *ps)
{
	struct merging c = {.m = m, .ps = ps, .pending = true};

	return run(&c, older, newer);
}

struct keep_json keep_lay(struct keep_mem *m, const struct keep_json *older,
			  const struct keep_json *newer,
			  struct keep_problems *ps)
{
	struct merging c = {.m = m, .ps = ps};

	return run(&c, older, newer);
}

struct keep_json keep_merge(struct keep_mem *m, const struct keep_json *older,
			    const struct keep_json *newer,
			    struct keep_problems *ps)
{
	struct keep_json layer = keep_layer(m, newer, ps);

	if (layer.type == KEEP_JSON_NULL && newer->type != KEEP_JSON_NULL)
		return layer;
	return keep_lay(m, older, &layer, ps);
}
