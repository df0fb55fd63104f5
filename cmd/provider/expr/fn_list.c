/* Methods on lists and objects. */
#include "fn.h"

static int first(struct keep_call *c, struct keep_value *out)
{
	return c->on.n ? keep_v_item(c->ev, &c->on, 0, out) : 0;
}

static int last(struct keep_call *c, struct keep_value *out)
{
	return c->on.n ? keep_v_item(c->ev, &c->on, c->on.n - 1, out) : 0;
}

static int count(struct keep_call *c, struct keep_value *out)
{
	*out = keep_v_int(c->on.n);
	return 0;
}

static int keys(struct keep_call *c, struct keep_value *out)
{
	int rc = 0;
	struct keep_value *v = keep_ev_alloc(c->ev, c->on.n, sizeof *v, &rc);
	size_t i;

	for (i = 0; v && i < c->on.n; i++)
		v[i] = keep_v_text(keep_v_key(&c->on, i));
	*out = keep_v_list(v, c->on.n);
	return rc ? rc : keep_ev_steps(c->ev, c->on.n);
}

/* All elements or members, evaluated, in an array of their own. */
static int items(struct keep_call *c, struct keep_value **out)
{
	int rc = 0;
	size_t i;

	*out = keep_ev_alloc(c->ev, c->on.n, sizeof **out, &rc);
	for (i = 0; i < c->on.n && !rc; i++)
		rc = keep_v_item(c->ev, &c->on, i, &(*out)[i]);
	return rc ? rc : keep_ev_steps(c->ev, c->on.n);
}

static int values(struct keep_call *c, struct keep_value *out)
{
	struct keep_value *v;
	int rc = items(c, &v);

	*out = keep_v_list(v, c->on.n);
	return rc;
}

static int by_value(const void *p, const void *q)
{
	const struct keep_value *a = p, *b = q;

	if (a->kind == KEEP_V_TEXT)
		return keep_slice_cmp(keep_v_slice(a), keep_v_slice(b));
	return (a->number > b->number) - (a->number < b->number);
}

/* The first element that has no order with those before it; n: all have:
 * texts, or integers. */
static size_t unordered(const struct keep_value *v, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (v[i].secret || v[i].kind != v[0].kind ||
		    !strchr("ti", keep_v_letter(&v[i])))
			break;
	return i;
}

static int sort(struct keep_call *c, struct keep_value *out)
{
	struct keep_value *v;
	int rc = items(c, &v);
	size_t odd = rc ? 0 : unordered(v, c->on.n);

	if (rc)
		return rc;
	if (odd < c->on.n) {
		rc = keep_ev_open(c->ev, c->at, &v[odd], "an order");
		return rc ? rc : keep_call_fault(c, "it takes texts only or "
						 "integers only; element %zu "
						 "is %s", odd,
						 keep_v_name(&v[odd]));
	}
	qsort(v, c->on.n, sizeof *v, by_value);
	*out = keep_v_list(v, c->on.n);
	return 0;
}

/* By value, then by place: of equal ones the first stands first. */
static int by_place(const void *p, const void *q)
{
	const struct keep_value *const *a = p, *const *b = q;
	int order = by_value(*a, *b);

	return order ? order : (*a > *b) - (*a < *b);
}

/* Takes repetitions out of values that have an order. */
static int uniq_sorted(struct keep_call *c, struct keep_value *v, size_t *n)
{
	struct keep_value **by;
	size_t i, len = *n;
	int rc = 0;

	by = keep_ev_alloc(c->ev, len, sizeof(void *), &rc);
	if (!by)
		return rc;
	for (i = 0; i < len; i++)
		by[i] = &v[i];
	qsort(by, len, sizeof *by, by_place);
	for (i = len; i-- > 1;)
		if (by_value(by[i - 1], by[i]) == 0)
			by[i]->kind = KEEP_V_MISSING;
	for (i = 0, *n = 0; i < len; i++)
		if (v[i].kind != KEEP_V_MISSING)
			v[(*n)++] = v[i];
	return 0;
}

/* The same for all others: each is compared with each. */
static int uniq_mixed(struct keep_call *c, struct keep_value *v, size_t *n)
{
	struct keep_value kept;
	size_t i, len = *n;
	int rc = 0;
	bool is;

	for (i = 0, *n = 0; i < len && !rc; i++) {
		kept = keep_v_list(v, *n);
		rc = keep_ev_in(c->ev, c->at, &v[i], &kept, &is);
		if (!rc && !is)
			v[(*n)++] = v[i];
	}
	return rc;
}

static int uniq(struct keep_call *c, struct keep_value *out)
{
	struct keep_value *v;
	size_t n = c->on.n;
	int rc = items(c, &v);

	if (!rc)
		rc = unordered(v, n) == n ? uniq_sorted(c, v, &n)
					  : uniq_mixed(c, v, &n);
	*out = keep_v_list(v, n);
	return rc;
}

static int compact(struct keep_call *c, struct keep_value *out)
{
	struct keep_value *v;
	int rc = items(c, &v);
	size_t i, n = 0;

	for (i = 0; i < c->on.n && !rc; i++)
		if (v[i].kind != KEEP_V_NULL)
			v[n++] = v[i];
	*out = keep_v_list(v, n);
	return rc;
}

/* Counts the elements that are no lists, and puts them where V is given. */
static int flat(struct keep_call *c, const struct keep_value *list,
		struct keep_value *v, size_t *n)
{
	struct keep_value item;
	int rc = keep_ev_steps(c->ev, list->n + 1u);
	size_t i;

	if (!rc && c->ev->nest == KEEP_EXPR_NEST)
		return keep_call_fault(c, "the lists are nested too deep");
	c->ev->nest++;
	for (i = 0; i < list->n && !rc; i++) {
		rc = keep_v_item(c->ev, list, i, &item);
		if (!rc && item.kind == KEEP_V_LIST) {
			rc = flat(c, &item, v, n);
			continue;
		}
		if (v)
			v[*n] = item;
		++*n;
	}
	c->ev->nest--;
	return rc;
}

static int flatten(struct keep_call *c, struct keep_value *out)
{
	struct keep_value *v;
	size_t n = 0;
	int rc = flat(c, &c->on, NULL, &n);

	if (rc)
		return rc;
	v = keep_ev_alloc(c->ev, n, sizeof *v, &rc);
	n = 0;
	if (!rc)
		rc = flat(c, &c->on, v, &n);
	*out = keep_v_list(v, n);
	return rc;
}

static int join(struct keep_call *c, struct keep_value *out)
{
	KEEP_AUTO(keep_joint) j = {0};
	struct keep_value v;
	int rc = keep_ev_steps(c->ev, c->on.n);
	size_t i;

	for (i = 0; i < c->on.n && !rc; i++) {
		rc = keep_v_item(c->ev, &c->on, i, &v);
		if (rc)
			return rc;
		if (!strchr("tib", keep_v_letter(&v)))
			return keep_call_fault(c, "it takes texts, integers "
					       "and bools; element %zu is %s",
					       i, keep_v_name(&v));
		if (i)
			keep_joint_add(&j, &c->args[0]);
		keep_joint_add(&j, &v);
	}
	return rc ? rc : keep_joint_value(c->ev, c->at, &j, out);
}

static int has(struct keep_call *c, struct keep_value *out)
{
	bool is;
	int rc = keep_ev_in(c->ev, c->at, &c->args[0], &c->on, &is);

	*out = keep_v_bool(is);
	return rc;
}

static const struct keep_fn rows[] = {
	{{".first", "", "the first element or node", "null",
	  "peers.first().name", "\"db1\""}, "lS", "", first},
	{{".last", "", "the last element or node", "null",
	  "'a.example.org'.split('.').last()", "\"org\""}, "lS", "", last},
	{{".count", "", "integer: elements, members or nodes", "0",
	  "nodes.count()", "4"}, "loS", "", count},
	{{".keys", "", "list of the names of an object's members", "[]",
	  "{a: 1, b: 2}.keys()", "[\"a\",\"b\"]"}, "o", "", keys},
	{{".values", "", "list of the values of an object's members; a list as "
	  "it is", "[]", "{a: 1, b: 2}.values()", "[1,2]"}, "ol", "", values},
	{{".sort", "", "list of texts by bytes, or of integers", "[]",
	  "[3, 10, 2].sort()", "[2,3,10]"}, "l", "", sort},
	{{".uniq", "", "list without repetitions; the first one stays", "[]",
	  "['b', 'a', 'b'].uniq()", "[\"b\",\"a\"]"}, "l", "", uniq},
	{{".flatten", "", "list of what lies in its lists, at any depth", "[]",
	  "[1, [2, [3]]].flatten()", "[1,2,3]"}, "l", "", flatten},
	{{".compact", "", "list without its nulls", "[]",
	  "[1, null, 2].compact()", "[1,2]"}, "l", "", compact},
	{{".join", "separator", "text", "''",
	  "['a', 'b'].join(', ')", "\"a, b\""}, "l", "T", join},
	{{".has", "value", "bool: an element, a member's name, a node or its "
	  "name, a part of a text", "false", "services.has('web')", "true"},
	 "loNSt", "v", has},
};
const struct keep_fns keep_fns_list = {rows, KEEP_COUNT(rows)};
