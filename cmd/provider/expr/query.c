/* Filters: set[path: value, !path: value]. What an index knows is looked up;
 * of the rest each candidate is asked. */
#include "query.h"

/* One filter of the brackets. */
struct want {
	const struct keep_ast *x;
	bool known;            /* the model knows it of each node */
	enum keep_run_of kind;
	struct keep_value any; /* a list: one of these */
};

struct query {
	struct keep_eval *ev;
	struct want *wants;
	size_t n;
	struct keep_value from; /* the candidates: a set or a list */
};

static int want_of(struct query *q, const struct keep_ast *x, struct want *w)
{
	struct keep_value *one;
	int rc = keep_ev_expr(q->ev, x, &w->any);

	w->x = x;
	w->known = q->from.kind == KEEP_V_SET;
	if (keep_slice_is(x->label, "services"))
		w->kind = KEEP_RUN_SERVICE;
	else if (keep_slice_is(x->label, "tags"))
		w->kind = KEEP_RUN_TAG;
	else if (keep_slice_is(x->label, "environment"))
		w->kind = KEEP_RUN_ENV;
	else
		w->known = false;
	if (!rc)
		rc = keep_ev_open(q->ev, x, &w->any, "a filter");
	if (rc || w->any.kind == KEEP_V_LIST)
		return rc;
	one = keep_ev_alloc(q->ev, 1, sizeof *one, &rc);
	if (!one)
		return rc;
	*one = w->any;
	w->any = keep_v_list(one, 1);
	return 0;
}

static bool is_in(struct keep_slices names, struct keep_slice name)
{
	size_t i;

	for (i = 0; i < names.n; i++)
		if (keep_slice_eq(names.v[i], name))
			return true;
	return false;
}

static bool knows(const struct keep_node *node, enum keep_run_of kind,
		  const struct keep_value *value)
{
	struct keep_slice name = keep_v_slice(value);

	if (value->kind != KEEP_V_TEXT)
		return false;
	if (kind == KEEP_RUN_ENV)
		return keep_slice_eq(node->env->name, name);
	return is_in(kind == KEEP_RUN_TAG ? node->tags : node->services, name);
}

/* What stands at the path of a candidate; null where nothing does. */
static int property(struct query *q, const struct want *w,
		    const struct keep_value *candidate, struct keep_value *p)
{
	int rc = keep_ev_steps(q->ev, 1);

	if (!rc && candidate->kind != KEEP_V_NODE &&
	    candidate->kind != KEEP_V_OBJECT)
		rc = keep_ev_fault(q->ev, w->x, "a filter asks nodes or "
				   "objects; this is %s",
				   keep_v_name(candidate));
	if (!rc)
		rc = keep_v_path(q->ev, candidate, w->x->label, p);
	if (!rc && p->kind == KEEP_V_MISSING)
		*p = keep_v_null();
	return rc;
}

/* Whether property p is the value, or is a list that contains it. */
static int is_value(struct query *q, const struct want *w,
		    const struct keep_value *p, const struct keep_value *value,
		    bool *is)
{
	if (p->kind == KEEP_V_LIST && value->kind != KEEP_V_LIST)
		return keep_ev_in(q->ev, w->x, value, p, is);
	return keep_ev_equal(q->ev, w->x, p, value, is);
}

static int match_one(struct query *q, const struct want *w,
		     const struct keep_value *candidate, bool *is)
{
	struct keep_value p, value;
	int rc = w->known ? 0 : property(q, w, candidate, &p);
	size_t i;

	*is = false;
	for (i = 0; i < w->any.n && !*is && !rc; i++) {
		rc = keep_v_item(q->ev, &w->any, i, &value);
		if (rc)
			break;
		if (w->known)
			*is = knows(candidate->node, w->kind, &value);
		else
			rc = is_value(q, w, &p, &value, is);
	}
	*is = *is != w->x->negated;
	return rc;
}

/* Whether a candidate has all; what costs nothing is asked first. */
static int match(struct query *q, const struct keep_value *candidate, bool *is)
{
	int rc = 0, known;
	size_t i;

	*is = true;
	for (known = 1; known >= 0; known--)
		for (i = 0; i < q->n && *is && !rc; i++)
			if (q->wants[i].known == known)
				rc = match_one(q, &q->wants[i], candidate, is);
	return rc;
}

static int by_index(const void *p, const void *q)
{
	const struct keep_node *const *a = p, *const *b = q;

	return ((*a)->index > (*b)->index) - ((*a)->index < (*b)->index);
}

/* Appends the nodes of a run to those in set, which have room. */
static int add_run(struct query *q, const struct want *w, size_t i,
		   const struct keep_env *env, struct keep_value *run)
{
	struct keep_value name;
	int rc = keep_v_item(q->ev, &w->any, i, &name);

	*run = keep_v_set(NULL, 0);
	if (rc || name.kind != KEEP_V_TEXT)
		return rc;
	return keep_index_run(q->ev, w->kind, env, keep_v_slice(&name), run);
}

/* The nodes that any of the names has: one run as it is, more are united. */
static int runs(struct query *q, const struct want *w,
		const struct keep_env *env, struct keep_value *out)
{
	const struct keep_node **nodes;
	struct keep_value run;
	size_t i, n = 0, kept = 0;
	int rc = 0;

	*out = keep_v_set(NULL, 0);
	for (i = 0; i < w->any.n && !rc; i++) {
		rc = add_run(q, w, i, env, &run);
		n += run.n;
		if (out->n == 0)
			*out = run;
	}
	if (rc || n == out->n)
		return rc;
	nodes = keep_ev_alloc(q->ev, n, sizeof(void *), &rc);
	for (i = 0, n = 0; i < w->any.n && !rc; i++, n += run.n) {
		rc = add_run(q, w, i, env, &run);
		if (!rc && run.n)
			memcpy(nodes + n, run.nodes, run.n * sizeof *nodes);
	}
	if (rc)
		return rc;
	qsort(nodes, n, sizeof *nodes, by_index);
	for (i = 0; i < n; i++)
		if (kept == 0 || nodes[kept - 1] != nodes[i])
			nodes[kept++] = nodes[i];
	*out = keep_v_set(nodes, kept);
	return 0;
}

/* Of nodes, peers and near: only those that the rarest filter allows. */
static int narrow(struct query *q)
{
	const struct keep_env *env = q->from.form == KEEP_NODES ?
		NULL : q->from.node->env;
	struct keep_value best = q->from, run;
	size_t i;
	int rc = 0;

	for (i = 0; i < q->n && !rc; i++) {
		if (!q->wants[i].known || q->wants[i].x->negated)
			continue;
		rc = runs(q, &q->wants[i], env, &run);
		if (!rc && run.n < best.n) {
			best.nodes = run.nodes;
			best.n = run.n;
		}
	}
	q->from.nodes = best.nodes;
	q->from.n = best.n;
	return rc;
}

static bool is_near(const struct query *q, const struct keep_value *near,
		    size_t i)
{
	const uint32_t *group = q->ev->group;

	return near->form != KEEP_NEAR || near->n == 0 ||
	       group[q->from.nodes[i]->index] == group[near->nodes[0]->index];
}

static int nodes(struct query *q, const struct keep_value *in,
		 struct keep_value *out)
{
	KEEP_AUTO(keep_buf) found = {0};
	struct keep_value candidate;
	int rc = in->form == KEEP_MADE ? 0 : narrow(q);
	size_t i;
	bool is = false;

	for (i = 0; i < q->from.n && !rc; i++) {
		candidate = keep_v_node(q->from.nodes[i]);
		if (!is_near(q, in, i))
			continue;
		rc = match(q, &candidate, &is);
		if (!rc && is)
			keep_ev_node_put(&found, q->from.nodes[i]);
	}
	if (!rc)
		rc = keep_ev_nodes(q->ev, &found, out);
	return rc ? rc : keep_ev_steps(q->ev, out->n);
}

static int elements(struct query *q, struct keep_value *out)
{
	int rc = 0;
	struct keep_value candidate, *found;
	size_t i, n = 0;
	bool is = false;

	found = keep_ev_alloc(q->ev, q->from.n, sizeof *found, &rc);
	for (i = 0; i < q->from.n && !rc; i++) {
		rc = keep_v_item(q->ev, &q->from, i, &candidate);
		if (!rc)
			rc = match(q, &candidate, &is);
		if (!rc && is)
			found[n++] = candidate;
	}
	*out = keep_v_list(found, n);
	return rc;
}

int keep_ev_filter(struct keep_eval *ev, const struct keep_ast *x,
		   const struct keep_value *in, struct keep_value *out)
{
	struct query q = {.ev = ev, .n = x->n, .from = *in};
	const struct keep_ast *kid = x->kid;
	int rc = 0;
	size_t i;

	if (in->kind != KEEP_V_SET && in->kind != KEEP_V_LIST)
		return keep_ev_fault(ev, x, "a filter takes a set of nodes or "
				     "a list; this is %s", keep_v_name(in));
	q.wants = keep_ev_alloc(ev, x->n, sizeof *q.wants, &rc);
	for (i = 0; i < q.n && !rc; i++, kid = kid->next)
		rc = want_of(&q, kid, &q.wants[i]);
	if (rc)
		return rc;
	return in->kind == KEEP_V_SET ? nodes(&q, in, out) : elements(&q, out);
}
