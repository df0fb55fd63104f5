/* Values as JSON. What holds no expression is shared with the merged tree. */
#include "eval.h"
#include "form.h"

/* In the place of a value that failed. */
static const struct keep_json broken = {.mark = KEEP_MARK_BROKEN};

/* A list or object that is made; only one of the two is used. */
struct kids {
	struct keep_json *list;
	struct keep_json_member *members;
};

static int deeper(struct keep_eval *ev)
{
	if (ev->level < KEEP_JSON_DEPTH_MAX) {
		ev->level++;
		return 0;
	}
	return keep_ev_fault(ev, NULL, "lists and objects lie in each other "
			     "deeper than %d", KEEP_JSON_DEPTH_MAX);
}

static int leaf(struct keep_eval *ev, const struct keep_json *v)
{
	size_t len = v->type == KEEP_JSON_TEXT ? v->n : 0;
	int rc = keep_ev_steps(ev, 1);

	return rc ? rc : keep_ev_bytes(ev, sizeof *v + len);
}

static int kids_new(struct keep_eval *ev, bool list, size_t n,
		    struct kids *out)
{
	int rc = 0;

	if (list)
		out->list = keep_ev_alloc(ev, n, sizeof *out->list, &rc);
	else
		out->members = keep_ev_alloc(ev, n, sizeof *out->members, &rc);
	return rc;
}

static void kids_end(const struct kids *kids, struct keep_json *out)
{
	if (kids->list)
		out->list = kids->list;
	else if (kids->members)
		out->members = kids->members;
}

static const struct keep_json *kid(const struct keep_json *v, size_t i)
{
	return v->type == KEEP_JSON_LIST ? &v->list[i] : &v->members[i].value;
}

static bool is_same(const struct keep_json *a, const struct keep_json *b)
{
	if (a->type != b->type)
		return false;
	if (a->type == KEEP_JSON_TEXT)
		return a->text == b->text;
	if (a->type == KEEP_JSON_LIST)
		return a->list == b->list;
	return a->type != KEEP_JSON_OBJECT || a->members == b->members;
}

/* Puts element i of what is made of v; made on the first that differs. */
static int replace(struct keep_eval *ev, const struct keep_json *v,
		   struct kids *kids, size_t i, const struct keep_json *x)
{
	bool list = v->type == KEEP_JSON_LIST;
	int rc = 0;

	if (!kids->list && !kids->members) {
		rc = kids_new(ev, list, v->n, kids);
		if (kids->list)
			memcpy(kids->list, v->list, v->n * sizeof *v->list);
		else if (kids->members)
			memcpy(kids->members, v->members,
			       v->n * sizeof *v->members);
		else
			return rc;
	}
	if (list)
		kids->list[i] = *x;
	else
		kids->members[i].value = *x;
	return 0;
}

static int check_key(struct keep_eval *ev, const struct keep_node *node,
		     const struct keep_json *v, size_t i)
{
	if (v->type != KEEP_JSON_OBJECT ||
	    !keep_form_count(v->members[i].key))
		return 0;
	return keep_tree_fault(ev, node, &v->members[i].value,
			       "the key holds the form that stands for a "
			       "secret");
}

static int tree_kid(struct keep_eval *ev, const struct keep_node *node,
		    const struct keep_json *v, size_t i, struct kids *kids)
{
	struct keep_json x = broken;
	int rc = check_key(ev, node, v, i), failed;

	if (!rc)
		rc = keep_ev_tree(ev, node, kid(v, i), &x);
	if (rc == -KEEP_E_NO_MEMORY || is_same(&x, kid(v, i)))
		return rc;
	failed = replace(ev, v, kids, i, &x);
	return failed ? failed : rc;
}

int keep_ev_worse(int a, int b)
{
	if (a == -KEEP_E_NO_MEMORY || b == 0)
		return a;
	return a < 0 && b == KEEP_LATER ? a : b;
}

static int tree_kids(struct keep_eval *ev, const struct keep_node *node,
		     const struct keep_json *v, struct keep_json *out)
{
	struct kids kids = {0};
	int rc = deeper(ev), failed = 0;
	size_t i;

	if (rc)
		return rc;
	for (i = 0; i < v->n && rc != -KEEP_E_NO_MEMORY; i++) {
		rc = tree_kid(ev, node, v, i, &kids);
		failed = keep_ev_worse(failed, rc);
	}
	ev->level--;
	*out = *v;
	kids_end(&kids, out);
	return failed;
}

/* The value m of the text v, deeply: its own parts may ask for it again. */
static int deep(struct keep_eval *ev, const struct keep_node *node,
		const struct keep_json *v, struct keep_memo *m)
{
	struct keep_frame f = keep_frame_of(node, v);
	int rc = keep_ev_enter(ev, &f);

	if (rc)
		return rc;
	m->json_state = KEEP_GREY;
	f.early = m->early;
	rc = keep_ev_plain(ev, &m->value, &m->json);
	m->failed = rc == -KEEP_E_BAD_ARGS;
	m->json_state = keep_frame_state(&f, rc);
	m->early = f.early;
	if (m->height < f.height)
		m->height = (uint8_t)f.height;
	keep_ev_leave(ev, &f);
	m->json.line = v->line;
	m->json.column = v->column;
	m->json.source = v->source;
	return rc;
}

static int expression(struct keep_eval *ev, const struct keep_node *node,
		      const struct keep_json *v, struct keep_json *out)
{
	struct keep_memo *m = keep_ev_memo(ev, node, v);
	struct keep_value value;
	uint8_t state;
	int rc;

	if (!m)
		return -KEEP_E_NO_MEMORY;
	rc = keep_ev_json(ev, node, v, &value);
	if (rc)
		return rc;
	state = keep_ev_state(ev, m, m->json_state);
	if (state == KEEP_GREY)
		return keep_ev_cycle(ev, node, v);
	if (state == KEEP_PENDING)
		return KEEP_LATER;
	rc = state == KEEP_WHITE ? deep(ev, node, v, m) : keep_ev_asked(ev, m);
	if (!rc)
		*out = m->json;
	return rc;
}

int keep_ev_tree(struct keep_eval *ev, const struct keep_node *node,
		 const struct keep_json *v, struct keep_json *out)
{
	struct keep_value value;
	int rc = leaf(ev, v);

	*out = broken;
	if (rc)
		return rc;
	if (v->type == KEEP_JSON_LIST || v->type == KEEP_JSON_OBJECT)
		return tree_kids(ev, node, v, out);
	/* what a broken node inherits may be another value once it is whole */
	if (node->tree.mark == KEEP_MARK_BROKEN && v->source != node->source)
		return -KEEP_E_BAD_ARGS;
	if (keep_expr_is(v))
		return expression(ev, node, v, out);
	rc = keep_ev_json(ev, node, v, &value);
	if (!rc)
		*out = keep_expr_literal(v);
	return rc;
}

static int made_kid(struct keep_eval *ev, const struct keep_value *v, size_t i,
		    struct kids *kids)
{
	struct keep_value item;
	int rc = keep_v_item(ev, v, i, &item);

	if (rc)
		return rc;
	if (kids->list)
		return keep_ev_plain(ev, &item, &kids->list[i]);
	kids->members[i].key = keep_v_key(v, i);
	return keep_ev_plain(ev, &item, &kids->members[i].value);
}

static int made_kids(struct keep_eval *ev, const struct keep_value *v,
		     struct keep_json *out)
{
	struct kids kids = {0};
	int rc = deeper(ev);
	size_t i;

	if (rc)
		return rc;
	rc = kids_new(ev, v->kind == KEEP_V_LIST, v->n, &kids);
	/* behind what has to wait there may be links: all parts are asked */
	for (i = 0; i < v->n && rc >= 0; i++)
		rc = keep_ev_worse(rc, made_kid(ev, v, i, &kids));
	ev->level--;
	kids_end(&kids, out);
	return rc;
}

static int not_plain(struct keep_eval *ev, const struct keep_value *v)
{
	int rc = keep_ev_fault(ev, NULL, "%s is no value of a configuration",
			       keep_v_name(v));

	keep_problem_hint(ev->ps, v->kind == KEEP_V_NODE ?
			  "name what you want of it: .name, .domain.full" :
			  "name what you want of it: .field('domain.full'), "
			  ".fields(..), .names()");
	return rc;
}

static int scalar(struct keep_eval *ev, const struct keep_value *v,
		  struct keep_json *out)
{
	static const uint8_t types[] = {
		[KEEP_V_NULL] = KEEP_JSON_NULL,
		[KEEP_V_BOOL] = KEEP_JSON_BOOL,
		[KEEP_V_INT] = KEEP_JSON_INT,
		[KEEP_V_DOUBLE] = KEEP_JSON_DOUBLE,
		[KEEP_V_TEXT] = KEEP_JSON_TEXT,
		[KEEP_V_LIST] = KEEP_JSON_LIST,
		[KEEP_V_OBJECT] = KEEP_JSON_OBJECT,
	};

	out->type = types[v->kind];
	out->mark = v->secret ? KEEP_MARK_SECRET : 0;
	if (v->kind == KEEP_V_BOOL || v->kind == KEEP_V_INT)
		out->number = v->number;
	else
		out->n = v->n;
	if (v->kind == KEEP_V_TEXT || v->kind == KEEP_V_DOUBLE)
		out->text = v->text;
	return leaf(ev, out);
}

int keep_ev_plain(struct keep_eval *ev, const struct keep_value *v,
		  struct keep_json *out)
{
	const struct keep_json *at = ev->frame ? ev->frame->at : NULL;
	bool kids = v->kind == KEEP_V_LIST || v->kind == KEEP_V_OBJECT;
	int rc;

	*out = (struct keep_json){0};
	if (kids && v->form == KEEP_TREE)
		return keep_ev_tree(ev, v->node, v->tree, out);
	if (v->kind > KEEP_V_OBJECT)
		return not_plain(ev, v);
	if (at) {
		out->line = at->line;
		out->column = at->column;
		out->source = at->source;
	}
	rc = scalar(ev, v, out);
	return rc || !kids ? rc : made_kids(ev, v, out);
}
