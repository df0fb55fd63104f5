/* keep deploy: nodes become what the instance says. */
#include <keep/text.h>
#include "fleet.h"
#include "past.h"
#include "plan.h"
#include "push/batch.h"

#define A struct keep_deploy_args
static const struct keep_field args[] = {
	KEEP_REACH_FILTER(A),
	{KEEP_BOOL(A, yes), .help = "ask nobody"},
	{KEEP_TEXT(A, batch), .meta = "N|N%,...", .max = 400,
	 .help = "first so many nodes, then so many more if all of them are good"},
	{KEEP_SHARE(A, max_fail), KEEP_HAS(A, has_max_fail),
	 .help = "stop when more nodes than that failed"},
	{KEEP_BOOL(A, fail_fast), .help = "stop when a node failed"},
	{KEEP_TEXT(A, resume), .meta = "ID", .max = 64,
	 .help = "go on with the nodes that a deploy has not finished"},
	{KEEP_BOOL(A, magic), .help = "go back unless the node is reached anew; "
				      "when access changes, always so"},
	{KEEP_BOOL(A, downgrade), .help = "also nodes with a commit that HEAD lacks"},
	{KEEP_BOOL(A, break_lock), .help = "take the lock of a deploy that is at work"},
	{KEEP_BOOL(A, dirty), .help = "also with changes that are not committed"},
	{KEEP_BOOL(A, unpushed), .help = "also a commit that no remote has"},
	KEEP_REACH_FIELDS(A),
	{KEEP_TEXT(A, plan), .meta = "ID", .max = 64,
	 .help = "exactly what `keep plan` showed; asks nobody"},
	{KEEP_BOOL(A, repair), .help = "also nodes that have it: what was changed "
				       "there is put right"},
};
#undef A
const struct keep_schema keep_deploy_args_schema =
	KEEP_SCHEMA(struct keep_deploy_args, args);

/* A deploy that is being made. */
struct deploy {
	struct keep_ctx *c;
	const struct keep_deploy_args *a;
	struct keep_past_head head;
	struct keep_slices filter;
	struct keep_record_nodes earlier; /* of --resume */
	struct keep_plan plan;
	struct keep_mem *locked;
	struct keep_generations all;
	struct keep_generations again; /* with all that was left out */
	struct keep_reach reach;
	struct keep_fleet f;
};

/* --- what is deployed ---------------------------------------------------- */

static bool is_chosen(const struct keep_contacts *chosen,
		      struct keep_slice node)
{
	size_t i;

	for (i = 0; i < chosen->n; i++)
		if (keep_slice_eq(chosen->v[i].node, node))
			return true;
	return false;
}

/* The nodes that the record has no good end of; of a filter's. */
static int resume(struct deploy *d, struct keep_err *e)
{
	struct keep_contacts chosen = {0};
	const struct keep_record_node *of;
	struct keep_slice *v;
	size_t i, n = 0;
	int rc = keep_record_read(d->c, d->a->resume, &d->earlier, e);

	if (!rc && d->filter.n)
		rc = keep_contacts(d->c, d->filter, &chosen, e);
	if (rc)
		return rc;
	v = KEEP_NEWS(d->c->mem, d->earlier.n + 1, struct keep_slice);
	if (!v)
		return keep_no_memory(e);
	for (i = 0; i < d->earlier.n; i++) {
		of = &d->earlier.v[i];
		if (!of->good && (!d->filter.n || is_chosen(&chosen, of->node)))
			v[n++] = of->node;
	}
	if (!n)
		return keep_fail(e, KEEP_E_NOT_FOUND, "deploy %.*s has no "
				 "unfinished node%s", KEEP_F(d->a->resume),
				 d->filter.n ? " among these" : "");
	d->filter = (struct keep_slices){v, n};
	return 0;
}

static int load_plan(struct deploy *d, struct keep_err *e)
{
	struct keep_slice *v;
	size_t i;
	int rc = keep_plan_load(d->c, d->a->plan, &d->plan, e);

	if (rc || d->filter.n)
		return rc;
	v = KEEP_NEWS(d->c->mem, d->plan.n, struct keep_slice);
	if (!v)
		return keep_no_memory(e);
	for (i = 0; i < d->plan.n; i++)
		v[i] = d->plan.v[i].node;
	d->filter = (struct keep_slices){v, d->plan.n};
	return 0;
}

static struct keep_slice commit(const struct deploy *d)
{
	return d->head.id[0] ? keep_slice(d->head.id) : KEEP_S("none");
}

/* As the journals of nodes tell it. */
static struct keep_slice told_commit(const struct deploy *d)
{
	return d->head.id[0] && d->head.dirty ?
	       keep_mem_print(d->c->mem, "%s-dirty", d->head.id) : commit(d);
}

static int refuse_stale(const struct keep_generations *all, struct keep_err *e)
{
	const struct keep_generation *first = NULL;
	size_t i, n = 0;

	for (i = 0; i < all->n; i++) {
		if (!all->v[i].stale)
			continue;
		first = first ? first : &all->v[i];
		n++;
	}
	if (!n)
		return 0;
	keep_fail(e, KEEP_E_CONFLICT, "compiled/ is not what the instance "
		  "says: %.*s%s", KEEP_F(first->node),
		  n > 1 ? ", and others" : "");
	return keep_hint(e, "keep compile");
}

/* Who is asked is shown what changes. */
static bool asks(const struct deploy *d)
{
	return !d->a->yes && !d->a->plan.p;
}

/* Most nodes have what they should: of those nothing is kept but that. */
static bool has(void *to, const struct keep_generation *g)
{
	struct deploy *d = to;

	return !asks(d) && keep_known_has(d->c, g->node, keep_slice(g->id));
}

static unsigned how(const struct deploy *d)
{
	return KEEP_MATERIAL_MAKE |
	       (d->head.dirty ? 0 : KEEP_MATERIAL_CLEAN) |
	       (asks(d) ? 0 : KEEP_MATERIAL_LATER);
}

/* Nodes that had something else all the same: made once for all of them. */
static int whole(struct keep_push *p, struct keep_push_node *n,
		 struct keep_err *e)
{
	struct deploy *d = p->maker;
	size_t i = (size_t)(n - p->v);
	const struct keep_generation *g;
	int rc = d->again.v ? 0 :
		 keep_generations(d->c, d->filter, 0, d->locked, &d->again, e);

	if (rc)
		return rc;
	g = i < d->again.n ? &d->again.v[i] : NULL;
	if (!g || !keep_slice_eq(g->node, n->g->node) ||
	    !keep_slice_is(keep_slice(g->id), n->g->id))
		return keep_fail(e, KEEP_E_CONFLICT, "the instance was "
				 "changed while it was deployed");
	n->g = g;
	return 0;
}

static int gather(struct deploy *d, struct keep_err *e)
{
	const struct keep_past_allow allow = {d->a->dirty, d->a->unpushed};
	struct keep_reach_options options = KEEP_REACH_OPTIONS(d->a);
	struct keep_contacts none;
	int rc = 0;

	d->filter = d->a->filter;
	options.more_ms = keep_fleet_more_ms(options.timeout_ms);
	if (d->a->resume.p)
		rc = resume(d, e);
	if (!rc && d->a->plan.p)
		rc = load_plan(d, e);
	if (!rc && (!d->filter.n || !d->c->instance.plus_one)) /* it refuses */
		rc = keep_contacts(d->c, d->filter, &none, e);
	if (!rc)
		rc = keep_past_guard(d->c, allow, &d->head, e);
	if (!rc)
		rc = keep_generations(d->c, d->filter, how(d), d->locked,
				      &d->all, e);
	if (!rc)
		rc = refuse_stale(&d->all, e);
	if (!rc && d->a->plan.p)
		rc = keep_plan_holds(&d->plan, commit(d), &d->all, e);
	if (!rc)
		rc = keep_reach_begin(d->c, &d->all.contacts, &options,
				      &d->reach, e);
	if (!rc && d->reach.n != d->all.n)
		return keep_fail(e, KEEP_E_INTERNAL, "%zu nodes, and %zu "
				 "generations", d->reach.n, d->all.n);
	return rc;
}

/* --- how ----------------------------------------------------------------- */

/* What another deploy of this instance was about to make of the node; absent:
 * that is not known, as of a rollback. */
static struct keep_slice ours(struct keep_push *p, struct keep_slice id,
			      struct keep_slice node)
{
	struct keep_record_nodes all;
	const struct keep_record_node *n;
	struct keep_err why;

	if (keep_record_read(p->c, id, &all, &why))
		return (struct keep_slice){0};
	n = keep_record_find(&all, node);
	return n && n->begun && !keep_slice_is(n->want, "none") ?
	       n->want : (struct keep_slice){0};
}

/* It began with what HEAD was then: that ends before ours begins. */
static void await_earlier(struct keep_push_node *n,
			  const struct keep_record_node *was,
			  struct keep_slice id)
{
	n->rejoin = false;
	memcpy(n->other, id.p, KEEP_DEPLOY_ID_LEN);
	n->other_want = was->want;
}

static void set_node(struct deploy *d, size_t i)
{
	struct keep_push_node *n = &d->f.push.v[i];
	const struct keep_record_node *was;

	n->target = &d->reach.v[i];
	n->g = &d->all.v[i];
	was = keep_record_find(&d->earlier, n->target->name);
	n->rejoin = was && was->begun;
	if (n->rejoin && !keep_slice_is(was->want, n->g->id))
		await_earlier(n, was, d->a->resume);
}

static int set_push(struct deploy *d, struct keep_err *e)
{
	struct keep_push *p = &d->f.push;
	size_t i;

	if (d->head.id[0])
		d->f.commit = keep_slice(d->head.id);
	d->f.dirty = d->head.dirty;
	*p = (struct keep_push){
		.c = d->c, .reach = &d->reach, .n = d->reach.n, .ours = ours,
		.whole = whole, .maker = d,
		.commit = told_commit(d), .magic = d->a->magic,
		.downgrade = d->a->downgrade,
		.break_lock = d->a->break_lock, .repair = d->a->repair,
		.timeout_s = (d->a->timeout + 999) / 1000,
		.at_once = d->a->jobs, .has_max_fail = d->a->has_max_fail,
		.max_fail = keep_share_of(d->a->max_fail, d->reach.n),
		.fail_fast = d->a->fail_fast,
	};
	p->v = KEEP_NEWS(d->c->mem, p->n, struct keep_push_node);
	if (!p->v || !p->commit.p)
		return keep_no_memory(e);
	for (i = 0; i < p->n; i++)
		set_node(d, i);
	if (!d->a->batch.p)
		return 0;
	return keep_batches(d->c->mem, d->a->batch, p->n, &p->batches,
			    &p->n_batches, e);
}

/* At a terminal what it will change stands before the question. */
static int ask(struct deploy *d, struct keep_err *e)
{
	struct keep_buf before = {.mem = d->c->mem};
	int rc = asks(d) && d->c->ask ?
		 keep_plan_summary(d->c, &d->all, &before, e) : 0;
	struct keep_slice what = keep_mem_print(
		d->c->mem, "deploy %s%s to %zu node%s",
		d->head.brief[0] ? d->head.brief : "what is not committed",
		d->head.brief[0] && d->head.dirty ? " with changes" : "",
		d->reach.n, d->reach.n == 1 ? "" : "s");

	keep_buf_byte(&before, '\0');
	if (rc || !what.p || before.failed)
		return rc ? rc : keep_no_memory(e);
	return keep_fleet_ask(d->c, !asks(d), before.p, what.p, e);
}

/* Without --plan it is the one that `keep plan` would have made. */
static int set_plan(struct deploy *d, struct keep_err *e)
{
	struct keep_plan plan;
	int rc = keep_plan_of(d->c, commit(d), &d->all, &plan, e);

	return rc ? rc : keep_plan_id(d->c, &plan, &d->f.plan, e);
}

/* What nodes have now is what later plans compare with. */
static void keep_texts(const struct deploy *d)
{
	const struct keep_push *p = &d->f.push;
	const struct keep_generation **v = KEEP_NEWS(
		d->c->mem, p->n, const struct keep_generation *);
	size_t i, n = 0;

	for (i = 0; v && i < p->n; i++)
		if (p->v[i].state == KEEP_NODE_CHANGED)
			v[n++] = p->v[i].g;
	if (n)
		keep_plan_keep(d->c, v, n);
}

int keep_deploy(struct keep_ctx *c, const struct keep_deploy_args *a,
		struct keep_deploy_result *r, struct keep_err *e)
{
	KEEP_AUTO(keep_mem) locked = {.secret = true};
	struct deploy d = {.c = c, .a = a, .locked = &locked,
			   .all = {.has = has, .to = &d}};
	int rc = gather(&d, e);

	if (!rc)
		rc = set_push(&d, e);
	if (!rc)
		rc = set_plan(&d, e);
	if (!rc)
		rc = ask(&d, e);
	if (!rc)
		rc = keep_fleet_begin(&d.f, "deploy", a->resume, e);
	if (!rc)
		rc = keep_fleet_run(&d.f, r, e);
	if (rc >= 0)
		keep_texts(&d);
	keep_fleet_end(&d.f);
	keep_reach_end(&d.reach);
	return rc;
}
