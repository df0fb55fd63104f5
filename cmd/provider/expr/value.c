#include <keep/text.h>
#include "eval.h"

struct keep_value keep_v_null(void)
{
	return (struct keep_value){.kind = KEEP_V_NULL};
}

struct keep_value keep_v_bool(bool v)
{
	return (struct keep_value){.kind = KEEP_V_BOOL, .number = v};
}

struct keep_value keep_v_int(int64_t v)
{
	return (struct keep_value){.kind = KEEP_V_INT, .number = v};
}

struct keep_value keep_v_node(const struct keep_node *node)
{
	return (struct keep_value){.kind = KEEP_V_NODE, .node = node};
}

struct keep_value keep_v_text(struct keep_slice s)
{
	return (struct keep_value){.kind = KEEP_V_TEXT, .n = (uint32_t)s.len,
				   .text = s.p};
}

struct keep_value keep_v_list(const struct keep_value *list, size_t n)
{
	return (struct keep_value){.kind = KEEP_V_LIST, .n = (uint32_t)n,
				   .list = list};
}

struct keep_value keep_v_object(const struct keep_pair *pairs, size_t n)
{
	return (struct keep_value){.kind = KEEP_V_OBJECT, .n = (uint32_t)n,
				   .pairs = pairs};
}

struct keep_value keep_v_set(const struct keep_node *const *nodes, size_t n)
{
	return (struct keep_value){.kind = KEEP_V_SET, .n = (uint32_t)n,
				   .nodes = nodes};
}

struct keep_slice keep_v_slice(const struct keep_value *v)
{
	return (struct keep_slice){v->text, v->n};
}

static const struct {
	char letter;
	const char *name;
} kinds[] = {
	[KEEP_V_MISSING] = {'-', "nothing"},
	[KEEP_V_NULL] = {'n', "null"},
	[KEEP_V_BOOL] = {'b', "a bool"},
	[KEEP_V_INT] = {'i', "an integer"},
	[KEEP_V_DOUBLE] = {'d', "a double"},
	[KEEP_V_TEXT] = {'t', "a text"},
	[KEEP_V_LIST] = {'l', "a list"},
	[KEEP_V_OBJECT] = {'o', "an object"},
	[KEEP_V_NODE] = {'N', "a node"},
	[KEEP_V_SET] = {'S', "a set of nodes"},
};

const char *keep_v_name(const struct keep_value *v)
{
	return kinds[v->kind].name;
}

char keep_v_letter(const struct keep_value *v)
{
	return kinds[v->kind].letter;
}

struct keep_slice keep_v_key(const struct keep_value *v, size_t i)
{
	if (v->form == KEEP_TREE)
		return v->tree->members[i].key;
	if (v->form == KEEP_NAMED)
		return v->objects->v[i].name;
	return v->pairs[i].key;
}

static int object_item(struct keep_eval *ev, const struct keep_value *v,
		       size_t i, struct keep_value *out)
{
	if (v->form == KEEP_TREE)
		return keep_ev_json(ev, v->node, &v->tree->members[i].value,
				    out);
	if (v->form == KEEP_NAMED)
		return keep_ev_json(ev, v->node, &v->objects->v[i].tree, out);
	*out = v->pairs[i].value;
	return 0;
}

int keep_v_item(struct keep_eval *ev, const struct keep_value *v, size_t i,
		struct keep_value *out)
{
	if (v->kind == KEEP_V_OBJECT)
		return object_item(ev, v, i, out);
	if (v->kind == KEEP_V_SET)
		*out = keep_v_node(v->nodes[i]);
	else if (v->form == KEEP_TREE)
		return keep_ev_json(ev, v->node, &v->tree->list[i], out);
	else
		*out = v->list[i];
	return 0;
}

static int texts(struct keep_eval *ev, struct keep_slices s,
		 struct keep_value *out)
{
	int rc = 0;
	struct keep_value *list = keep_ev_alloc(ev, s.n, sizeof *list, &rc);
	size_t i;

	for (i = 0; list && i < s.n; i++)
		list[i] = keep_v_text(s.v[i]);
	*out = keep_v_list(list, s.n);
	return rc;
}

/* What a node is known by stands in the model, normalised; the tree may say
 * it in other ways, or not at all. */
static int node_get(struct keep_eval *ev, const struct keep_node *node,
		    struct keep_slice key, struct keep_value *out)
{
	const struct keep_json *v;

	if (node->tree.mark == KEEP_MARK_BROKEN)
		return -KEEP_E_BAD_ARGS; /* a fault was told of it */
	if (keep_slice_is(key, "name"))
		*out = keep_v_text(node->name);
	else if (keep_slice_is(key, "environment"))
		*out = keep_v_text(node->env->name);
	else if (keep_slice_is(key, "enabled"))
		*out = keep_v_bool(node->enabled);
	else if (keep_slice_is(key, "services"))
		return texts(ev, node->services, out);
	else if (keep_slice_is(key, "tags"))
		return texts(ev, node->tags, out);
	else if ((v = keep_json_get(&node->tree, key)))
		return keep_ev_json(ev, node, v, out);
	else if (keep_slice_is(key, "facts") && node->facts.type)
		return keep_ev_json(ev, node, &node->facts, out);
	return 0;
}

int keep_v_get(struct keep_eval *ev, const struct keep_value *v,
	       struct keep_slice key, struct keep_value *out)
{
	const struct keep_object *o;
	const struct keep_json *j;
	size_t i;
	int rc;

	*out = (struct keep_value){0};
	if (v->kind == KEEP_V_NODE)
		return node_get(ev, v->node, key, out);
	if (v->form == KEEP_NAMED) {
		o = keep_objects_find(v->objects, key);
		return o ? keep_ev_json(ev, v->node, &o->tree, out) : 0;
	}
	rc = keep_ev_steps(ev, v->n / KEEP_EXPR_CHUNK);
	if (!rc && v->form == KEEP_TREE) {
		j = keep_json_get(v->tree, key);
		return j ? keep_ev_json(ev, v->node, j, out) : 0;
	}
	for (i = 0; i < v->n && !rc; i++)
		if (keep_slice_eq(v->pairs[i].key, key))
			*out = v->pairs[i].value;
	return rc;
}

const struct keep_node *keep_v_node_of(const struct keep_value *set,
				       struct keep_slice name)
{
	size_t low = 0, high = set->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = keep_slice_cmp(set->nodes[middle]->name, name);

		if (order == 0)
			return set->nodes[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

bool keep_v_has(const struct keep_value *v, struct keep_slice key)
{
	static const char *const own[] = {
		"name", "environment", "enabled", "services", "tags",
	};
	bool has = false;
	size_t i;

	if (v->kind == KEEP_V_NODE) {
		for (i = 0; i < KEEP_COUNT(own) && !has; i++)
			has = keep_slice_is(key, own[i]);
		return has || keep_json_get(&v->node->tree, key);
	}
	for (i = 0; i < v->n && !has; i++)
		has = keep_slice_eq(keep_v_key(v, i), key);
	return has;
}

static int step(struct keep_eval *ev, const struct keep_value *v,
		struct keep_slice key, struct keep_value *out)
{
	uint64_t i;

	if (v->kind == KEEP_V_NODE || v->kind == KEEP_V_OBJECT)
		return keep_v_get(ev, v, key, out);
	*out = (struct keep_value){0};
	if (v->kind == KEEP_V_LIST && keep_num_uint(key, &i) && i < v->n)
		return keep_v_item(ev, v, (size_t)i, out);
	return 0;
}

int keep_v_path(struct keep_eval *ev, const struct keep_value *v,
		struct keep_slice path, struct keep_value *out)
{
	struct keep_json_path way;
	struct keep_value at = *v;
	struct keep_err why;
	size_t i;
	int rc;

	if (!path.len)
		return step(ev, v, path, out);
	rc = keep_json_path_read(ev->mem, path, &way, &why);
	if (rc == -KEEP_E_BAD_ARGS)
		return keep_ev_fault(ev, NULL, "%s", why.message);
	for (i = 0; i < way.n && !rc; i++) {
		rc = step(ev, &at, way.keys[i], out);
		if (out->kind == KEEP_V_MISSING)
			break;
		at = *out;
	}
	return rc;
}

void keep_v_guess(const struct keep_value *v, struct keep_slice name,
		  struct keep_slice *best)
{
	struct keep_guess g = {.wanted = name};
	size_t i;

	if (v->kind == KEEP_V_OBJECT)
		for (i = 0; i < v->n; i++)
			keep_guess_offer(&g, keep_v_key(v, i));
	else if (v->kind == KEEP_V_NODE)
		for (i = 0; i < v->node->tree.n; i++)
			keep_guess_offer(&g, v->node->tree.members[i].key);
	else if (v->kind == KEEP_V_SET)
		for (i = 0; i < v->n; i++)
			keep_guess_offer(&g, v->nodes[i]->name);
	*best = g.best;
}
