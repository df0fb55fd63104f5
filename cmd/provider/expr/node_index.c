/* The index, and what is near. */
#include "query.h"

struct row {
	uint32_t kind, env; /* env: 0 for all, else its number from 1 */
	struct keep_slice name;
	const struct keep_node *node;
};

/* Rows in order; nodes are theirs, so that a run of rows is a set. */
struct keep_index {
	struct row *rows;
	const struct keep_node **nodes;
	size_t n;
};

static int by_key(const struct row *a, const struct row *b)
{
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if (a->env != b->env)
		return a->env < b->env ? -1 : 1;
	return keep_slice_cmp(a->name, b->name);
}

static int by_row(const void *p, const void *q)
{
	const struct row *a = p, *b = q;
	int order = by_key(a, b);

	if (order)
		return order;
	return (a->node->index > b->node->index) -
	       (a->node->index < b->node->index);
}

static uint32_t env_number(const struct keep_eval *ev,
			   const struct keep_env *env)
{
	return env ? (uint32_t)(env - ev->world->envs) + 1 : 0;
}

static void put(struct keep_index *ix, uint32_t env, enum keep_run_of kind,
		struct keep_slice name, const struct keep_node *node)
{
	ix->rows[ix->n++] = (struct row){kind, env, name, node};
}

static void put_node(struct keep_index *ix, uint32_t env,
		     const struct keep_node *node)
{
	size_t i;

	put(ix, env, KEEP_RUN_ALL, KEEP_S(""), node);
	put(ix, env, KEEP_RUN_ENV, node->env->name, node);
	for (i = 0; i < node->services.n; i++)
		put(ix, env, KEEP_RUN_SERVICE, node->services.v[i], node);
	for (i = 0; i < node->tags.n; i++)
		put(ix, env, KEEP_RUN_TAG, node->tags.v[i], node);
}

static size_t count_rows(const struct keep_world *w)
{
	size_t i, n = 0;

	for (i = 0; i < w->n_nodes; i++)
		n += 2 * (2 + w->nodes[i].services.n + w->nodes[i].tags.n);
	return n;
}

static struct keep_index *index_new(struct keep_eval *ev)
{
	const struct keep_world *w = ev->world;
	struct keep_index *ix = KEEP_NEW(ev->mem, struct keep_index);
	size_t i, n = count_rows(w);

	if (!ix)
		return NULL;
	ix->rows = KEEP_NEWS(ev->mem, n, struct row);
	ix->nodes = KEEP_NEWS(ev->mem, n, const struct keep_node *);
	ev->group = KEEP_NEWS(ev->mem, w->n_nodes, uint32_t);
	if (!ix->rows || !ix->nodes || !ev->group)
		return NULL;
	for (i = 0; i < w->n_nodes; i++) {
		if (!w->nodes[i].enabled)
			continue;
		put_node(ix, 0, &w->nodes[i]);
		put_node(ix, env_number(ev, w->nodes[i].env), &w->nodes[i]);
	}
	qsort(ix->rows, ix->n, sizeof *ix->rows, by_row);
	for (i = 0; i < ix->n; i++)
		ix->nodes[i] = ix->rows[i].node;
	return ix;
}

/* The first row that is not before key, or (BEHIND) the first after it. */
static size_t bound(const struct keep_index *ix, const struct row *key,
		    bool behind)
{
	size_t low = 0, high = ix->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (by_key(&ix->rows[middle], key) < (behind ? 1 : 0))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

int keep_index_run(struct keep_eval *ev, enum keep_run_of kind,
		   const struct keep_env *env, struct keep_slice name,
		   struct keep_value *out)
{
	struct row key = {kind, env_number(ev, env), name, NULL};
	size_t from, to;

	if (!ev->index)
		ev->index = index_new(ev);
	if (!ev->index)
		return -KEEP_E_NO_MEMORY;
	from = bound(ev->index, &key, false);
	to = bound(ev->index, &key, true);
	*out = keep_v_set(ev->index->nodes + from, to - from);
	return 0;
}

/* The nodes of an environment, ordered by location. */
struct keep_near {
	struct place {
		struct keep_slice name; /* absent: it has none */
		const struct keep_node *node;
	} *places;
	const struct keep_node **nodes;
	size_t n;
};

static int place_of(struct keep_eval *ev, const struct keep_node *node,
		    struct keep_slice *name)
{
	struct keep_value self = keep_v_node(node), v;
	int rc = keep_v_path(ev, &self, KEEP_S("location.name"), &v);

	*name = (struct keep_slice){0};
	if (!rc)
		rc = keep_ev_open(ev, NULL, &v, "a location");
	if (rc || v.kind == KEEP_V_MISSING || v.kind == KEEP_V_NULL)
		return rc;
	if (v.kind != KEEP_V_TEXT)
		return keep_ev_fault(ev, NULL, "location.name of %.*s is %s; "
				     "a location has a text",
				     KEEP_F(node->name), keep_v_name(&v));
	*name = keep_v_slice(&v);
	return 0;
}

static int by_name(const struct place *a, const struct place *b)
{
	if (!a->name.p || !b->name.p)
		return (a->name.p != NULL) - (b->name.p != NULL);
	return keep_slice_cmp(a->name, b->name);
}

static int by_place(const void *p, const void *q)
{
	const struct place *a = p, *b = q;
	int order = by_name(a, b);

	if (order)
		return order;
	return (a->node->index > b->node->index) -
	       (a->node->index < b->node->index);
}

static int near_fill(struct keep_eval *ev, const struct keep_value *peers,
		     struct keep_near *near)
{
	int rc = 0;
	size_t i;

	near->places = KEEP_NEWS(ev->mem, peers->n, struct place);
	near->nodes = KEEP_NEWS(ev->mem, peers->n, const struct keep_node *);
	if (!near->places || !near->nodes)
		return -KEEP_E_NO_MEMORY;
	near->n = peers->n;
	for (i = 0; i < near->n && !rc; i++) {
		near->places[i].node = peers->nodes[i];
		rc = place_of(ev, peers->nodes[i], &near->places[i].name);
	}
	if (rc)
		return rc;
	qsort(near->places, near->n, sizeof *near->places, by_place);
	for (i = 0; i < near->n; i++) {
		bool first = i == 0 || by_name(&near->places[i - 1],
					       &near->places[i]) != 0;
		const struct keep_node *node = near->places[i].node;

		near->nodes[i] = node;
		ev->group[node->index] = first ? (uint32_t)i + 1 :
			ev->group[near->nodes[i - 1]->index];
	}
	return 0;
}

static int near_of(struct keep_eval *ev, const struct keep_env *env,
		   struct keep_near **out)
{
	struct keep_value peers;
	void **at = keep_ptrmap_at(&ev->near, ev->mem, env, 0);
	int rc;

	if (!at)
		return -KEEP_E_NO_MEMORY;
	*out = *at;
	if (*out)
		return 0;
	rc = keep_index_run(ev, KEEP_RUN_ALL, env, KEEP_S(""), &peers);
	if (rc)
		return rc;
	*out = KEEP_NEW(ev->mem, struct keep_near);
	rc = *out ? near_fill(ev, &peers, *out) : -KEEP_E_NO_MEMORY;
	at = keep_ptrmap_at(&ev->near, ev->mem, env, 0);
	if (!rc && at)
		*at = *out;
	return rc;
}

static size_t near_bound(const struct keep_near *near, const struct place *own,
			 bool behind)
{
	size_t low = 0, high = near->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (by_name(&near->places[middle], own) < (behind ? 1 : 0))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int near_set(struct keep_eval *ev, const struct keep_node *node,
		    struct keep_value *out)
{
	struct keep_near *near;
	struct place own = {.node = node};
	size_t from, to;
	int rc = near_of(ev, node->env, &near);

	if (!rc)
		rc = place_of(ev, node, &own.name);
	if (rc)
		return rc;
	from = near_bound(near, &own, false);
	to = near_bound(near, &own, true);
	*out = keep_v_set(near->nodes + from, to - from);
	out->form = KEEP_NEAR;
	return 0;
}

int keep_ev_set(struct keep_eval *ev, int64_t root, struct keep_value *out)
{
	const struct keep_node *node = ev->frame->node;
	const struct keep_env *env = root == KEEP_ROOT_NODES ? NULL : node->env;
	int rc;

	if (env ? env->broken : ev->world->broken)
		return -KEEP_E_BAD_ARGS; /* a fault was told of a node */
	if (root == KEEP_ROOT_NEAR) {
		rc = near_set(ev, node, out);
	} else {
		rc = keep_index_run(ev, KEEP_RUN_ALL, env, KEEP_S(""), out);
		out->form = root == KEEP_ROOT_NODES ? KEEP_NODES : KEEP_PEERS;
	}
	out->node = node;
	return rc;
}
