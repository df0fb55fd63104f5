/* From generations, and what nodes have, to a plan. */
#include <keep/text.h>
#include "../known.h"
#include "make.h"

int keep_planning_begin(struct keep_planning *u, struct keep_err *e)
{
	struct keep_mem *m = u->c->mem;
	size_t i;
	int rc = keep_texts_begin(u->c, &u->texts, e);

	if (rc)
		return rc;
	u->rows = KEEP_NEWS(m, u->all.n, struct keep_plan_node);
	u->asking.v = KEEP_NEWS(m, u->all.n, struct keep_asked);
	if (!u->rows || !u->asking.v)
		return keep_no_memory(e);
	for (i = 0; i < u->all.n; i++) {
		u->rows[i].name = u->all.v[i].node;
		u->rows[i].id = keep_slice(u->all.v[i].id);
		u->asking.v[i].g = &u->all.v[i];
		u->asking.v[i].row = &u->rows[i];
	}
	u->asking.c = u->c;
	u->asking.n = u->all.n;
	u->asking.texts = &u->texts;
	u->from = (struct keep_side_from){m, &u->texts};
	u->b = (struct keep_plan_build){
		.mem = m, .pairs = {.mem = m}, .edits = {.mem = m},
		.access = {.mem = m},
	};
	return 0;
}

/* --- what nodes have ------------------------------------------------------ */

static int remember(struct keep_planning *u, size_t i, struct keep_err *e)
{
	struct keep_plan_node *row = &u->rows[i];
	struct keep_known k;
	int rc = keep_known_get(u->c, u->c->mem, row->name, &k, e);

	if (rc)
		return rc;
	row->has = k.id;
	row->commit = k.commit;
	u->asking.v[i].manifest = k.manifest;
	if (!k.id.p) {
		row->state = KEEP_PLAN_FIRST;
		row->text = KEEP_S("nothing is known of it here");
	} else {
		row->state = keep_slice_eq(k.id, row->id) ? KEEP_PLAN_SAME :
							    KEEP_PLAN_CHANGES;
	}
	return 0;
}

/* A manifest that is none is the node's fault, and stops no other. */
static int set_old(struct keep_planning *u, size_t i,
		   struct keep_plan_side *side, struct keep_err *e)
{
	struct keep_err why = {0};
	int rc = keep_side_old(&u->from, u->asking.v[i].manifest, side, &why);

	if (!rc)
		return 0;
	u->rows[i].state = KEEP_PLAN_FAILED;
	u->rows[i].text = keep_mem_print(u->c->mem, "%s", why.message);
	return rc == -KEEP_E_NO_MEMORY || !u->rows[i].text.p ?
	       keep_no_memory(e) : 0;
}

static int compare(struct keep_planning *u, struct keep_err *e)
{
	struct keep_plan_side *sides = KEEP_NEWS(u->c->mem, 2 * u->all.n,
						 struct keep_plan_side);
	size_t i;
	int rc = sides ? 0 : keep_no_memory(e);

	for (i = 0; i < u->all.n && !rc; i++, sides += 2) {
		if (u->rows[i].state != KEEP_PLAN_CHANGES &&
		    u->rows[i].state != KEEP_PLAN_FIRST)
			continue;
		rc = set_old(u, i, sides, e);
		if (!rc && u->rows[i].state == KEEP_PLAN_FAILED)
			continue;
		if (!rc)
			rc = keep_side_new(u->c->mem, &u->all.v[i], sides + 1,
					   e);
		if (!rc)
			rc = keep_plan_add(&u->b, u->rows[i].name, sides,
					   sides + 1, e);
	}
	return rc;
}

int keep_planning_offline(struct keep_planning *u, struct keep_err *e)
{
	size_t i;
	int rc = 0;

	for (i = 0; i < u->all.n && !rc; i++)
		rc = remember(u, i, e);
	return rc ? rc : compare(u, e);
}

int keep_planning_online(struct keep_planning *u,
			 const struct keep_reach_options *options,
			 struct keep_plan_result *live, struct keep_err *e)
{
	struct keep_reach reach = {0};
	int rc = keep_reach_begin(u->c, &u->all.contacts, options, &reach, e);

	u->asking.reach = &reach;
	if (!rc && reach.n != u->all.n)
		rc = keep_fail(e, KEEP_E_INTERNAL, "%zu of %zu nodes", reach.n,
			       u->all.n);
	if (!rc)
		rc = keep_ask_all(&u->asking, e);
	if (!rc)
		rc = compare(u, e);
	if (!rc)
		rc = keep_ask_texts(&u->asking, &u->b, e);
	if (!rc && live)
		rc = keep_ask_live(&u->asking, live, e);
	keep_reach_end(&reach);
	return rc ? rc : keep_cancelled(u->c, e);
}

/* A node may have what a colleague deployed, and has not shared. */
static int look_behind(struct keep_planning *u, struct keep_err *e)
{
	struct keep_slice last = {0};
	bool behind = false;
	size_t i;
	int rc = 0;

	for (i = 0; i < u->all.n && !rc && *u->head.id; i++) {
		struct keep_plan_node *row = &u->rows[i];

		if (row->state != KEEP_PLAN_CHANGES || !row->commit.p)
			continue;
		if (!keep_slice_eq(row->commit, last))
			rc = keep_past_behind(u->c, row->commit, &behind, e);
		last = row->commit;
		if (rc || !behind)
			continue;
		row->text = keep_mem_print(u->c->mem, "it carries %.*s, which "
			"your HEAD lacks: git pull", KEEP_F(keep_text_safe(
				u->c->mem, last, sizeof u->head.id)));
		rc = row->text.p ? 0 : keep_no_memory(e);
	}
	return rc;
}

/* --- what comes of it ----------------------------------------------------- */

static int no_diff(struct keep_slice old, struct keep_slice new,
		   const char *path, struct keep_buf *out, struct keep_err *e)
{
	(void)old;
	(void)new;
	(void)path;
	(void)out;
	(void)e;
	return 0;
}

int keep_planning_fold(struct keep_planning *u,
		       const struct keep_git2_api *diffs,
		       struct keep_plan_result *r, struct keep_err *e)
{
	int rc = look_behind(u, e);

	if (!rc && diffs)
		rc = diffs->begin(e);
	if (rc)
		return rc;
	u->b.diff = diffs ? diffs->diff : no_diff;
	rc = keep_plan_fold(&u->b, r, e);
	if (diffs)
		diffs->end();
	r->nodes = (struct keep_list){u->rows, u->all.n};
	return rc;
}

void keep_planning_end(struct keep_planning *u)
{
	keep_texts_end(&u->texts);
}
