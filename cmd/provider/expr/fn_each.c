/* What asks every element or node: `x: expr`. */
#include "fn.h"

static int ask(struct keep_call *c, size_t i, struct keep_value *item,
	       bool *is)
{
	struct keep_value v;
	int rc = keep_v_item(c->ev, &c->on, i, item);

	if (!rc)
		rc = keep_call_each(c, item, &v);
	if (!rc)
		rc = keep_ev_open(c->ev, c->each, &v, "a condition");
	if (rc)
		return rc;
	*is = v.number != 0;
	if (v.kind == KEEP_V_BOOL)
		return 0;
	return keep_ev_fault(c->ev, c->each, "a condition is true or false; "
			     "this is %s", keep_v_name(&v));
}

static int where_nodes(struct keep_call *c, struct keep_value *out)
{
	KEEP_AUTO(keep_buf) found = {0};
	struct keep_value item;
	int rc = 0;
	size_t i;
	bool is;

	for (i = 0; i < c->on.n && !rc; i++) {
		rc = ask(c, i, &item, &is);
		if (!rc && is)
			keep_ev_node_put(&found, item.node);
	}
	return rc ? rc : keep_ev_nodes(c->ev, &found, out);
}

static int where(struct keep_call *c, struct keep_value *out)
{
	int rc = 0;
	struct keep_value *v, item;
	size_t i, n = 0;
	bool is;

	if (c->on.kind == KEEP_V_SET)
		return where_nodes(c, out);
	v = keep_ev_alloc(c->ev, c->on.n, sizeof *v, &rc);
	for (i = 0; i < c->on.n && !rc; i++) {
		rc = ask(c, i, &item, &is);
		if (!rc && is)
			v[n++] = item;
	}
	*out = keep_v_list(v, n);
	return rc;
}

static int map(struct keep_call *c, struct keep_value *out)
{
	int rc = 0;
	struct keep_value *v = keep_ev_alloc(c->ev, c->on.n, sizeof *v, &rc);
	struct keep_value item;
	size_t i;

	for (i = 0; i < c->on.n && !rc; i++) {
		rc = keep_v_item(c->ev, &c->on, i, &item);
		if (!rc)
			rc = keep_call_each(c, &item, &v[i]);
	}
	*out = keep_v_list(v, c->on.n);
	return rc;
}

/* Whether the answer WANTED is given once. */
static int until(struct keep_call *c, bool wanted, struct keep_value *out)
{
	struct keep_value item;
	bool is = !wanted;
	int rc = 0;
	size_t i;

	for (i = 0; i < c->on.n && !rc && is != wanted; i++)
		rc = ask(c, i, &item, &is);
	*out = keep_v_bool(is);
	return rc;
}

static int any(struct keep_call *c, struct keep_value *out)
{
	return until(c, true, out);
}

static int all(struct keep_call *c, struct keep_value *out)
{
	return until(c, false, out);
}

static int put_pair(struct keep_call *c, const struct keep_value *list,
		    struct keep_pair *pairs, size_t n)
{
	struct keep_value made = keep_v_object(pairs, n), key;
	int rc;

	if (list->kind != KEEP_V_LIST || list->n != 2)
		return keep_ev_fault(c->ev, c->each, "fromlist: each element "
				     "becomes a list [key, value]; this is %s",
				     keep_v_name(list));
	rc = keep_v_item(c->ev, list, 0, &key);
	if (!rc)
		rc = keep_ev_open(c->ev, c->each, &key, "a key");
	if (rc)
		return rc;
	if (key.kind != KEEP_V_TEXT)
		return keep_ev_fault(c->ev, c->each, "fromlist: a key is a "
				     "text; this is %s", keep_v_name(&key));
	if (keep_v_has(&made, keep_v_slice(&key)))
		return keep_ev_fault(c->ev, c->each, "fromlist: the key '%.*s' "
				     "is there twice",
				     KEEP_F(keep_v_slice(&key)));
	pairs[n].key = keep_v_slice(&key);
	rc = keep_v_item(c->ev, list, 1, &pairs[n].value);
	return rc ? rc : keep_ev_steps(c->ev, n / 32);
}

static int fromlist(struct keep_call *c, struct keep_value *out)
{
	const struct keep_value *on = &c->args[0];
	int rc = 0;
	struct keep_pair *pairs = keep_ev_alloc(c->ev, on->n, sizeof *pairs,
						&rc);
	struct keep_value item, pair;
	size_t i;

	for (i = 0; i < on->n && !rc; i++) {
		rc = keep_v_item(c->ev, on, i, &item);
		if (!rc)
			rc = keep_call_each(c, &item, &pair);
		if (!rc)
			rc = put_pair(c, &pair, pairs, i);
	}
	*out = keep_v_object(pairs, on->n);
	return rc;
}

static const struct keep_fn rows[] = {
	{{".where", "x: condition", "the elements or nodes for which it is true",
	  "[] or an empty set", "[1, 2, 3].where(x: x > 1)", "[2,3]"},
	 "lS", "x", where},
	{{".map", "x: expression", "list of what it gives for each", "[]",
	  "[1, 2].map(x: x * 10)", "[10,20]"}, "lS", "x", map},
	{{".any", "x: condition", "bool: whether it is true for one", "false",
	  "peers.any(n: 'db' in n.services)", "true"}, "lS", "x", any},
	{{".all", "x: condition", "bool: whether it is true for all", "true",
	  "[1, 2].all(x: x > 1)", "false"}, "lS", "x", all},
	{{"fromlist", "list, x: [key, value]", "object", "{}",
	  "fromlist(['a', 'b'], x: [x, x.upper()])",
	  "{\"a\":\"A\",\"b\":\"B\"}"}, NULL, "lx", fromlist},
};
const struct keep_fns keep_fns_each = {rows, KEEP_COUNT(rows)};
