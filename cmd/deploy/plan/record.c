/* .keep/plans/ID: lines "keep plan 1", "commit ID", "NODE ID" by node. */
#include <keep/hash.h>
#include <keep/text.h>
#include "../plan.h"
#include "texts.h"

enum { RECORD_MAX = 16 << 20, BRIEF = 12 };
static const char head[] = "keep plan 1\ncommit ";

static void put(const struct keep_plan *p, struct keep_buf *out)
{
	size_t i;

	keep_buf_print(out, "%s%.*s\n", head, KEEP_F(p->commit));
	for (i = 0; i < p->n; i++)
		keep_buf_print(out, "%.*s %.*s\n", KEEP_F(p->v[i].node),
			       KEEP_F(p->v[i].id));
}

static void name(struct keep_slice record, char id[KEEP_PLAN_ID_LEN + 1])
{
	static const char digits[] = "0123456789abcdef";
	uint8_t hash[KEEP_SHA256_LEN];
	size_t i;

	keep_sha256(record, hash);
	for (i = 0; i < KEEP_PLAN_ID_LEN; i++)
		id[i] = digits[i % 2 ? hash[i / 2] & 15 : hash[i / 2] >> 4];
	id[KEEP_PLAN_ID_LEN] = 0;
}

int keep_plan_of(struct keep_ctx *c, struct keep_slice commit,
		 const struct keep_generations *all, struct keep_plan *out,
		 struct keep_err *e)
{
	struct keep_planned *v = KEEP_NEWS(c->mem, all->n, struct keep_planned);
	size_t i;

	if (!v)
		return keep_no_memory(e);
	for (i = 0; i < all->n; i++)
		v[i] = (struct keep_planned){all->v[i].node,
					     keep_slice(all->v[i].id)};
	*out = (struct keep_plan){commit, v, all->n};
	return 0;
}

int keep_plan_id(struct keep_ctx *c, const struct keep_plan *p,
		 struct keep_slice *id, struct keep_err *e)
{
	KEEP_AUTO(keep_buf) b = {0};
	char text[KEEP_PLAN_ID_LEN + 1];
	int rc;

	put(p, &b);
	rc = keep_buf_check(&b, e);
	if (rc)
		return rc;
	name(keep_buf_get(&b), text);
	*id = keep_mem_copy(c->mem, keep_slice(text));
	return id->p ? 0 : keep_no_memory(e);
}

int keep_plan_save(struct keep_ctx *c, const struct keep_plan *p,
		   char id[KEEP_PLAN_ID_LEN + 1], struct keep_err *e)
{
	struct keep_buf b = {.mem = c->mem};
	int dir = keep_fd_get(&c->instance), rc;
	char path[64];

	put(p, &b);
	rc = keep_buf_check(&b, e);
	if (rc)
		return rc;
	name(keep_buf_get(&b), id);
	snprintf(path, sizeof path, ".keep/plans/%s", id);
	rc = keep_dir_make(dir, ".keep", 0755, e);
	if (!rc)
		rc = keep_dir_make(dir, ".keep/plans", 0700, e);
	if (!rc)
		rc = keep_file_replace(dir, path, keep_buf_get(&b), 0600, e);
	if (!rc)
		keep_dir_trim(dir, ".keep/plans", KEEP_PLANS, RECORD_MAX);
	return rc;
}

/* --- reading -------------------------------------------------------------- */

/* The text up to the byte END, which goes, too; absent: there is none. */
static struct keep_slice take(struct keep_slice *s, char end)
{
	const char *at = memchr(s->p, end, s->len);
	struct keep_slice out = {at ? s->p : NULL, 0};

	if (at) {
		out.len = (size_t)(at - s->p);
		s->p = at + 1;
		s->len -= out.len + 1;
	}
	return out;
}

static int damaged(struct keep_slice id, struct keep_err *e)
{
	keep_fail(e, KEEP_E_CONFLICT, "the record of plan %.*s is damaged",
		  KEEP_F(id));
	return keep_hint(e, "make a new one by `keep plan`");
}

static int read_record(struct keep_ctx *c, struct keep_slice s,
		       struct keep_plan *out, struct keep_err *e)
{
	struct keep_buf v = {.mem = c->mem};
	struct keep_planned one;

	s.p += sizeof head - 1;
	s.len -= sizeof head - 1;
	out->commit = take(&s, '\n');
	while (s.len) {
		one.node = take(&s, ' ');
		one.id = one.node.p ? take(&s, '\n') : one.node;
		if (!one.id.p)
			return keep_fail(e, KEEP_E_CONFLICT, "no record");
		keep_buf_put(&v, &one, sizeof one);
	}
	out->v = (const void *)v.p;
	out->n = v.len / sizeof one;
	return keep_buf_check(&v, e);
}

static bool is_id(struct keep_slice id)
{
	size_t i;

	for (i = 0; i < id.len; i++)
		if (!(id.p[i] >= '0' && id.p[i] <= '9') &&
		    !(id.p[i] >= 'a' && id.p[i] <= 'f'))
			return false;
	return id.len == KEEP_PLAN_ID_LEN;
}

int keep_plan_load(struct keep_ctx *c, struct keep_slice id,
		   struct keep_plan *out, struct keep_err *e)
{
	char path[64], has[KEEP_PLAN_ID_LEN + 1];
	struct keep_slice s;
	int rc;

	if (!is_id(id)) {
		keep_fail(e, KEEP_E_BAD_ARGS, "'%.*s' is no id of a plan",
			  KEEP_F(keep_text_safe(c->mem, id, 40)));
		return keep_hint(e, "`keep plan FILTER` prints it first: 12 "
				 "digits from 0 to f");
	}
	snprintf(path, sizeof path, ".keep/plans/%.*s", KEEP_F(id));
	rc = keep_file_read(c->mem, keep_fd_get(&c->instance), path,
			    RECORD_MAX, &s, e);
	if (rc == -KEEP_E_NOT_FOUND) {
		keep_fail(e, KEEP_E_NOT_FOUND, "there is no plan %.*s here",
			  KEEP_F(id));
		return keep_hint(e, "plans lie where they were made; `keep "
				 "plan FILTER` makes one");
	}
	if (rc)
		return rc;
	name(s, has);
	*out = (struct keep_plan){0};
	if (!keep_slice_is(id, has) || !keep_slice_starts(s, head))
		return damaged(id, e);
	rc = read_record(c, s, out, e);
	return rc == -KEEP_E_CONFLICT ? damaged(id, e) : rc;
}

/* --- comparing ------------------------------------------------------------ */

static struct keep_slice brief(struct keep_slice commit)
{
	if (commit.len > BRIEF)
		commit.len = BRIEF;
	return commit;
}

static int other(struct keep_err *e)
{
	return keep_hint(e, "look at what `keep plan` says now, and deploy "
			 "that");
}

int keep_plan_holds(const struct keep_plan *p, struct keep_slice commit,
		    const struct keep_generations *all, struct keep_err *e)
{
	size_t i;

	if (!keep_slice_eq(p->commit, commit)) {
		keep_fail(e, KEEP_E_CONFLICT, "the plan is of commit %.*s, "
			  "HEAD is %.*s", KEEP_F(brief(p->commit)),
			  KEEP_F(brief(commit)));
		return other(e);
	}
	for (i = 0; i < p->n && i < all->n; i++) {
		if (!keep_slice_eq(p->v[i].node, all->v[i].node))
			break;
		if (keep_slice_is(p->v[i].id, all->v[i].id))
			continue;
		keep_fail(e, KEEP_E_CONFLICT, "node %.*s would get another "
			  "generation now than the plan showed",
			  KEEP_F(p->v[i].node));
		return other(e);
	}
	if (i == p->n && i == all->n)
		return 0;
	keep_fail(e, KEEP_E_CONFLICT, "the plan is of other nodes: it has %zu, "
		  "the filter %zu", p->n, all->n);
	return other(e);
}
