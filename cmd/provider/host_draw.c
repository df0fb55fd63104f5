/* randint() and pick(): drawn once, kept in picks/NAME. */
#include <inttypes.h>
#include <keep/file.h>
#include <keep/text.h>
#include "host.h"

enum { PICK_MAX = 256 };

static bool same(const void *array, uint32_t i, const void *key)
{
	const struct keep_pick *v = array;

	return keep_slice_eq(v[i].name, *(const struct keep_slice *)key);
}

/* What is kept: in this run, or on the disk. Absent: nothing yet. */
static int read_kept(struct keep_sources *s, struct keep_slice name,
		     struct keep_slice *value, struct keep_err *e)
{
	struct keep_slice path = keep_mem_print(s->mem, "picks/%.*s",
						KEEP_F(name));
	struct keep_err why = {0};
	int code;

	if (!path.p)
		return keep_no_memory(e);
	code = keep_file_read(s->mem, keep_fd_get(&s->c->instance), path.p,
			      PICK_MAX, value, &why);
	if (code == -KEEP_E_NOT_FOUND)
		return 0;
	if (code)
		*e = why;
	else if (value->len && value->p[value->len - 1] == '\n')
		value->len--;
	return code;
}

static int add(struct keep_sources *s, const struct keep_pick *p,
	       struct keep_pick **out, struct keep_err *e)
{
	size_t i = s->picks.len / sizeof *p;
	struct keep_pick copy = *p;

	copy.name = keep_mem_copy(s->mem, p->name);
	keep_buf_put(&s->picks, &copy, sizeof copy);
	if (!copy.name.p || s->picks.failed ||
	    !keep_index_add(&s->picks_ix, s->mem,
			    keep_hash(0, p->name.p, p->name.len), (uint32_t)i))
		return keep_no_memory(e);
	*out = (struct keep_pick *)(void *)s->picks.p + i;
	return 0;
}

/* The draw of that name; *asked: it was asked for in this run. */
static int find(struct keep_sources *s, struct keep_slice name, bool *asked,
		struct keep_pick **out, struct keep_err *e)
{
	struct keep_pick new = {name, {0}, false};
	uint32_t i = keep_index_find(&s->picks_ix,
				     keep_hash(0, name.p, name.len), same,
				     s->picks.p, &name);
	int code;

	*asked = i != KEEP_INDEX_NONE;
	*out = (struct keep_pick *)(void *)s->picks.p + (*asked ? i : 0);
	if (*asked)
		return 0;
	code = read_kept(s, name, &new.value, e);
	return code ? code : add(s, &new, out, e);
}

static int may_draw(struct keep_sources *s, struct keep_slice name,
		    struct keep_err *e)
{
	if (s->making == KEEP_MAKE)
		return 0;
	keep_fail(e, KEEP_E_NOT_FOUND, "'%.*s' was not drawn yet",
		  KEEP_F(name));
	return keep_hint(e, "`keep compile` draws it");
}

/* A number below n, each as likely; n 0: of 64 bits. What is over a multiple
 * of n is drawn again. */
static uint64_t below(struct keep_ctx *c, uint64_t n)
{
	uint64_t v, over = n ? -n % n : 0;

	do
		keep_ctx_random(c, &v, sizeof v);
	while (v < over);
	return n ? v % n : v;
}

static int not_between(const struct keep_pick *p, int64_t lo, int64_t hi,
		       struct keep_err *e)
{
	/* a stranger's link may lead to anything: it is not shown */
	keep_fail(e, KEEP_E_CONFLICT, "picks/%.*s holds no number from %"
		  PRId64 " to %" PRId64, KEEP_F(p->name), lo, hi);
	return keep_hint(e, "remove picks/%.*s to draw anew; each range needs "
			 "a name of its own", KEEP_F(p->name));
}

int keep_host_randint(struct keep_world *w, struct keep_slice name, int64_t lo,
		      int64_t hi, int64_t *v, struct keep_err *e)
{
	struct keep_sources *s = w->host_data;
	struct keep_pick *p;
	bool asked;
	int code = find(s, name, &asked, &p, e);

	if (!code && !p->value.p && (code = may_draw(s, name, e)) == 0) {
		*v = (int64_t)((uint64_t)lo +
			       below(s->c, (uint64_t)hi - (uint64_t)lo + 1));
		p->value = keep_mem_print(s->mem, "%" PRId64, *v);
		p->drawn = true;
		code = p->value.p ? 0 : keep_no_memory(e);
	}
	if (code)
		return code;
	return keep_num_int(p->value, v) && *v >= lo && *v <= hi ? 0 :
		not_between(p, lo, hi, e);
}

static int two_sets(const struct keep_pick *p, struct keep_err *e)
{
	keep_fail(e, KEEP_E_CONFLICT, "pick '%.*s' took %.*s elsewhere, which "
		  "is not in this set", KEEP_F(p->name), KEEP_F(p->value));
	return keep_hint(e, "one label is for one set; "
			 "pick('%.*s-${env.name}', ..) has one an environment",
			 KEEP_F(p->name));
}

int keep_host_pick(struct keep_world *w, struct keep_slice label,
		   const struct keep_slice *names, size_t n, size_t *chosen,
		   struct keep_err *e)
{
	struct keep_sources *s = w->host_data;
	struct keep_pick *p;
	bool asked;
	size_t i;
	int code = find(s, label, &asked, &p, e);

	for (i = 0; i < n && !code; i++)
		if (p->value.p && keep_slice_eq(names[i], p->value))
			break;
	*chosen = i;
	if (code || i < n)
		return code;
	if (asked && p->value.p)
		return two_sets(p, e);
	code = may_draw(s, label, e);
	if (code)
		return code;
	*chosen = (size_t)below(s->c, n);
	p->value = names[*chosen];
	p->drawn = true;
	return 0;
}
