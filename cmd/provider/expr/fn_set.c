/* What is asked of nodes and of sets of them. */
#include "fn.h"

/* The value at a path of a node; null where there is none. */
static int at_path(struct keep_call *c, const struct keep_value *node,
		   const struct keep_value *path, struct keep_value *out)
{
	int rc = keep_v_path(c->ev, node, keep_v_slice(path), out);

	if (!rc && out->kind == KEEP_V_MISSING)
		*out = keep_v_null();
	return rc ? rc : keep_ev_steps(c->ev, 1);
}

static int field(struct keep_call *c, struct keep_value *out)
{
	int rc = 0;
	struct keep_value *v, node;
	size_t i;

	if (c->on.kind == KEEP_V_NODE)
		return at_path(c, &c->on, &c->args[0], out);
	v = keep_ev_alloc(c->ev, c->on.n, sizeof *v, &rc);
	for (i = 0; i < c->on.n && !rc; i++) {
		node = keep_v_node(c->on.nodes[i]);
		rc = at_path(c, &node, &c->args[0], &v[i]);
	}
	*out = keep_v_list(v, c->on.n);
	return rc;
}

/* `a.b` as the key `a_b`. */
static int key_of(struct keep_call *c, const struct keep_value *path,
		  struct keep_slice *key)
{
	struct keep_slice s = keep_v_slice(path);
	int rc = 0;
	char *p = keep_ev_alloc(c->ev, s.len + 1, 1, &rc);
	size_t i;

	for (i = 0; p && i < s.len; i++)
		p[i] = s.p[i] == '.' ? '_' : s.p[i];
	*key = (struct keep_slice){p, s.len};
	return rc;
}

static int keys_of(struct keep_call *c, struct keep_slice *keys)
{
	size_t i, k;
	int rc = 0;

	for (i = 0; i < c->n && !rc; i++) {
		rc = key_of(c, &c->args[i], &keys[i]);
		for (k = 0; k < i && !rc; k++)
			if (keep_slice_eq(keys[k], keys[i]))
				rc = keep_call_fault(c, "two paths give the "
						     "key '%.*s'",
						     KEEP_F(keys[i]));
	}
	return rc;
}

static int fields_of(struct keep_call *c, const struct keep_value *node,
		     const struct keep_slice *keys, struct keep_value *out)
{
	int rc = 0;
	struct keep_pair *pairs = keep_ev_alloc(c->ev, c->n, sizeof *pairs,
						&rc);
	size_t i;

	for (i = 0; i < c->n && !rc; i++) {
		pairs[i].key = keys[i];
		rc = at_path(c, node, &c->args[i], &pairs[i].value);
	}
	*out = keep_v_object(pairs, c->n);
	return rc;
}

static int fields(struct keep_call *c, struct keep_value *out)
{
	struct keep_slice keys[KEEP_FN_ARGS];
	int rc = keys_of(c, keys);
	struct keep_pair *pairs = NULL;
	struct keep_value node;
	size_t i;

	if (!rc && c->on.kind == KEEP_V_NODE)
		return fields_of(c, &c->on, keys, out);
	if (!rc)
		pairs = keep_ev_alloc(c->ev, c->on.n, sizeof *pairs, &rc);
	for (i = 0; i < c->on.n && !rc; i++) {
		node = keep_v_node(c->on.nodes[i]);
		pairs[i].key = node.node->name;
		rc = c->n == 1 ? at_path(c, &node, &c->args[0], &pairs[i].value)
			       : fields_of(c, &node, keys, &pairs[i].value);
	}
	*out = keep_v_object(pairs, c->on.n);
	return rc;
}

static int names(struct keep_call *c, struct keep_value *out)
{
	int rc = 0;
	struct keep_value *v = keep_ev_alloc(c->ev, c->on.n, sizeof *v, &rc);
	size_t i;

	for (i = 0; v && i < c->on.n; i++)
		v[i] = keep_v_text(c->on.nodes[i]->name);
	*out = keep_v_list(v, c->on.n);
	return rc ? rc : keep_ev_steps(c->ev, c->on.n);
}

/* Both are in the order of the names. */
static int except(struct keep_call *c, struct keep_value *out)
{
	struct keep_value *no = &c->args[0];
	const struct keep_node *one = no->node;
	const struct keep_node **v;
	size_t i, k = 0, n = 0;
	int rc = 0;

	if (no->kind == KEEP_V_NODE)
		*no = keep_v_set(&one, 1);
	v = keep_ev_alloc(c->ev, c->on.n, sizeof(void *), &rc);
	for (i = 0; v && i < c->on.n; i++) {
		while (k < no->n &&
		       no->nodes[k]->index < c->on.nodes[i]->index)
			k++;
		if (k == no->n || no->nodes[k] != c->on.nodes[i])
			v[n++] = c->on.nodes[i];
	}
	*out = keep_v_set(v, n);
	return rc ? rc : keep_ev_steps(c->ev, n);
}

/* A list that grows. */
struct texts {
	struct keep_call *c;
	struct keep_buf *v; /* of keep_value */
};

static int add(struct texts *t, const struct keep_value *v)
{
	int rc;

	if (v->kind == KEEP_V_NULL || v->kind == KEEP_V_MISSING)
		return 0;
	rc = keep_ev_open(t->c->ev, t->c->at, v, "an address");
	if (!rc && v->kind != KEEP_V_TEXT)
		rc = keep_call_fault(t->c, "an address is a text; this is %s",
				     keep_v_name(v));
	if (!rc)
		rc = keep_ev_steps(t->c->ev, 1);
	if (!rc)
		keep_buf_put(t->v, v, sizeof *v);
	return rc;
}

static int add_all(struct texts *t, const struct keep_value *node,
		   struct keep_slice path)
{
	struct keep_value v, item;
	int rc = keep_v_path(t->c->ev, node, path, &v);
	size_t i;

	if (rc)
		return rc;
	if (v.kind != KEEP_V_LIST && v.kind != KEEP_V_OBJECT)
		return add(t, &v);
	for (i = 0; i < v.n && !rc; i++) {
		rc = keep_v_item(t->c->ev, &v, i, &item);
		if (!rc)
			rc = add(t, &item);
	}
	return rc;
}

static int ips(struct keep_call *c, struct keep_value *out)
{
	static const char *const paths[] = {
		"ip_address", "ip_addresses", "networks",
	};
	KEEP_AUTO(keep_buf) b = {0};
	struct texts t = {c, &b};
	struct keep_value on = c->args[0], node, *v;
	size_t i, k, n = on.kind == KEEP_V_NODE ? 1 : on.n;
	int rc = 0;

	for (i = 0; i < n && !rc; i++)
		for (k = 0; k < KEEP_COUNT(paths) && !rc; k++) {
			node = on.kind == KEEP_V_NODE ?
				on : keep_v_node(on.nodes[i]);
			rc = add_all(&t, &node, keep_slice(paths[k]));
		}
	if (!rc && b.failed)
		rc = -KEEP_E_NO_MEMORY;
	v = rc ? NULL : keep_ev_alloc(c->ev, b.len, 1, &rc);
	if (v && b.len)
		memcpy(v, b.p, b.len);
	*out = keep_v_list(v, b.len / sizeof *v);
	return rc;
}

static const struct keep_fn rows[] = {
	{{".field", "path", "list of the values, by node name; of one node: "
	  "the value", "null for a node without it",
	  "nodes[services: 'web'].field('web.port')", "[80,8080]"},
	 "SN", "t", field},
	{{".fields", "path, ...", "object node -> {a_b: value} (one path: "
	  "node -> value); of one node: {a_b: value}",
	  "null for a node without it", "peers.fields('ip_address')",
	  "{\"db1\":\"10.0.0.3\",\"web1\":\"10.0.0.1\"}"}, "SN", "t*", fields},
	{{".names", "", "list of the nodes' names", "[]", "nodes.names()",
	  "[\"db1\",\"old1\",\"web1\",\"web2\"]"}, "S", "", names},
	{{".except", "node or set", "set", "the same set",
	  "peers.except(self).names()", "[\"db1\"]"}, "S", "M", except},
	{{"ips", "node or set", "list of all addresses of the nodes", "[]",
	  "ips(nodes['web2'])", "[\"10.0.0.2\",\"10.1.0.2\",\"fd00::2\"]"},
	 NULL, "M", ips},
};
const struct keep_fns keep_fns_set = {rows, KEEP_COUNT(rows)};
