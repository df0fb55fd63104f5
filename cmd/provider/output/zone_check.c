/* What does not go together in a zone. */
#include "../instance/merge.h"
#include "zone.h"

static int by_owner(struct keep_slice a, struct keep_slice b)
{
	bool top_a = keep_slice_is(a, "@"), top_b = keep_slice_is(b, "@");

	return top_a || top_b ? top_b - top_a : keep_slice_cmp(a, b);
}

static int by_record(const void *p, const void *q)
{
	const struct keep_record *a = p, *b = q;
	int order = by_owner(a->name, b->name);

	if (!order)
		order = (a->type > b->type) - (a->type < b->type);
	if (!order)
		order = keep_slice_cmp(a->value, b->value);
	return order ? order : (a->ttl < b->ttl) - (a->ttl > b->ttl);
}

/* One that says no ttl is the same as one that does. */
static bool is_same(const struct keep_record *a, const struct keep_record *b)
{
	return a->type == b->type && keep_slice_eq(a->name, b->name) &&
	       keep_slice_eq(a->value, b->value) &&
	       (a->ttl == b->ttl || !b->ttl);
}

static int by_name(const void *key, const void *v)
{
	const struct keep_record *r = v;

	return by_owner(*(const struct keep_slice *)key, r->name);
}

static void told_at(struct keep_zone *z, const struct keep_record *other)
{
	const struct keep_json *v = other->at;

	keep_problem_hint(z->x->ps, "see %.*s:%u:%u",
			  KEEP_F(v->source ? v->source->name : KEEP_S("?")),
			  v->line, v->column);
}

/* Of two at one name, sorted: a CNAME stands alone (RFC 1034 3.6.2), and a
 * set has one ttl (RFC 2181 5.2). */
static void check_pair(struct keep_zone *z, const struct keep_record *a,
		       const struct keep_record *b)
{
	bool a_cname = a->type == KEEP_RR_CNAME;
	bool b_cname = b->type == KEEP_RR_CNAME;

	if ((a_cname || b_cname) &&
	    keep_problem_at(z->x->ps, b_cname ? b->at : a->at, "'%.*s' has a "
			    "CNAME; it may have nothing else, but has %s",
			    KEEP_F(a->name),
			    keep_rr_name(b_cname ? a->type : b->type)))
		told_at(z, b_cname ? a : b);
	if (a->type == b->type && a->ttl && b->ttl && a->ttl != b->ttl &&
	    keep_problem_at(z->x->ps, b->at, "%s of '%.*s' has two values of "
			    "ttl, %u and %u", keep_rr_name(a->type),
			    KEEP_F(a->name), a->ttl, b->ttl))
		told_at(z, a);
}

static const struct keep_record *find(const struct keep_zone *z,
				      struct keep_slice name)
{
	size_t n = z->records.len / sizeof(struct keep_record);
	const struct keep_record *v = (const void *)z->records.p;
	const struct keep_record *r = !n ? NULL :
		bsearch(&name, v, n, sizeof *v, by_name);

	while (r && r > v && by_owner(r[-1].name, r->name) == 0)
		r--;
	return r;
}

/* The record that NAME, or a wildcard above it, has of a type that is asked
 * for: by a flag each. */
static const struct keep_record *of_type(const struct keep_zone *z,
					 struct keep_slice name,
					 unsigned types)
{
	const struct keep_record *r = find(z, name);
	const struct keep_record *end =
		(const void *)(z->records.p + z->records.len);
	struct keep_slice owner = r ? r->name : name;

	for (; r && r < end && keep_slice_eq(r->name, owner); r++)
		if (types & 1u << r->type)
			return r;
	return NULL;
}

/* Whether somebody else answers for the name: it is at or below a cut. */
static bool is_delegated(const struct keep_zone *z, struct keep_slice name)
{
	const char *dot;

	while (name.len && !keep_slice_is(name, "@")) {
		if (of_type(z, name, 1u << KEEP_RR_NS))
			return true;
		dot = memchr(name.p, '.', name.len);
		if (!dot)
			return false;
		name.len -= (size_t)(dot + 1 - name.p);
		name.p = dot + 1;
	}
	return false;
}

static bool by_wildcard(const struct keep_zone *z, struct keep_slice name,
			unsigned types)
{
	char star[256];
	const char *dot = memchr(name.p, '.', name.len);
	int n = dot ? snprintf(star, sizeof star, "*%.*s",
			       (int)(name.len - (size_t)(dot - name.p)), dot) :
		      snprintf(star, sizeof star, "*");

	return n > 0 && !find(z, name) &&
	       of_type(z, (struct keep_slice){star, (size_t)n}, types);
}

/* Who answers, takes mail or gives a service has an address under that very
 * name (RFC 2181 10.3). */
static void check_target(struct keep_zone *z, const struct keep_record *r)
{
	const unsigned addresses = 1u << KEEP_RR_A | 1u << KEEP_RR_AAAA;
	struct keep_slice name;
	const struct keep_record *cname;

	if (r->type != KEEP_RR_NS && r->type != KEEP_RR_MX &&
	    r->type != KEEP_RR_SRV)
		return;
	name = r->target.p ? keep_zone_name(z, r->target, true) :
			     (struct keep_slice){0};
	if (!name.p || of_type(z, name, addresses) ||
	    by_wildcard(z, name, addresses))
		return;
	cname = of_type(z, name, 1u << KEEP_RR_CNAME);
	if (cname) {
		if (keep_problem_at(z->x->ps, r->at, "%s leads to '%.*s', "
				    "which is a CNAME", keep_rr_name(r->type),
				    KEEP_F(r->target)))
			told_at(z, cname);
	} else if (!is_delegated(z, name)) {
		if (keep_problem_at(z->x->ps, r->at, "%s leads to '%.*s', "
				    "which has no address in the zone",
				    keep_rr_name(r->type), KEEP_F(r->target)))
			keep_problem_hint(z->x->ps, "a node of that name with "
					  "dns.public, or a record A or AAAA");
	}
}

/* Those of one set share the ttl that one of them has. */
static void share_ttl(struct keep_record *v, size_t n)
{
	size_t i, j, end;
	uint32_t ttl;

	for (i = 0; i < n; i = end) {
		ttl = 0;
		for (end = i; end < n && v[end].type == v[i].type &&
		     by_owner(v[end].name, v[i].name) == 0; end++)
			ttl = ttl ? ttl : v[end].ttl;
		for (j = i; j < end; j++)
			v[j].ttl = ttl;
	}
}

void keep_zone_check(struct keep_zone *z)
{
	struct keep_record *v = (void *)z->records.p;
	size_t i, kept = 0, n = z->records.len / sizeof *v;

	if (n)
		qsort(v, n, sizeof *v, by_record);
	for (i = 0; i < n; i++)
		if (kept == 0 || !is_same(&v[kept - 1], &v[i]))
			v[kept++] = v[i];
	z->records.len = kept * sizeof *v;
	for (i = 0; i < kept; i++) {
		if (v[i].type == KEEP_RR_CNAME &&
		    keep_slice_is(v[i].name, "@"))
			keep_problem_at(z->x->ps, v[i].at, "a zone's own name "
					"may have no CNAME");
		if (i > 0 && by_owner(v[i - 1].name, v[i].name) == 0)
			check_pair(z, &v[i - 1], &v[i]);
		if (!z->x->partial)
			check_target(z, &v[i]);
	}
	share_ttl(v, kept);
}
