/* Names, roots, and chains a.b?.c[i].m(). */
#include "fn.h"
#include "query.h"

/* A chain, and the step of it that is taken. */
struct walk {
	const struct keep_ast *chain, *step;
	bool maybe; /* what is not there is no fault */
};

/* How the expression writes what step x is taken from; absent where that
 * would not read well. */
static struct keep_slice written(const struct keep_eval *ev,
				 const struct walk *w)
{
	struct keep_slice s = ev->frame->text;
	size_t from = w->chain->at, to = w->step->at;

	if (from >= to || to - from > 64)
		return (struct keep_slice){0};
	s = (struct keep_slice){s.p + from, to - from};
	if (memchr(s.p, '(', s.len) || memchr(s.p, ')', s.len))
		return (struct keep_slice){0};
	return s;
}

static int missing(struct keep_eval *ev, const struct walk *w,
		   const struct keep_value *in, struct keep_slice key)
{
	struct keep_slice s = written(ev, w), best;
	const char *what = in->kind == KEEP_V_SET ? "node" : "member", *tick;
	int rc;

	tick = s.p && in->kind != KEEP_V_NULL ? "`" : "";
	if (!tick[0])
		s = keep_slice(keep_v_name(in));
	rc = keep_ev_fault(ev, w->step, "%s%.*s%s has no %s `%.*s`", tick,
			   KEEP_F(s), tick, what, KEEP_F(key));
	keep_v_guess(in, key, &best);
	if (best.p)
		keep_problem_hint(ev->ps, "did you mean `%.*s`?", KEEP_F(best));
	else if (keep_fn_find(key, true))
		keep_problem_hint(ev->ps, "a method is called: .%.*s()",
				  KEEP_F(key));
	else
		keep_problem_hint(ev->ps, "where it may be missing: "
				  "a?.b, or a.b ?? other");
	return rc;
}

static bool has_members(const struct keep_value *v)
{
	return v->kind == KEEP_V_OBJECT || v->kind == KEEP_V_NODE;
}

static int no_members(struct keep_eval *ev, const struct keep_ast *x,
		      const struct keep_value *in)
{
	int rc = keep_ev_fault(ev, x, "%s has no members such as `%.*s`",
			       keep_v_name(in), KEEP_F(x->text));

	if (keep_fn_find(x->text, true))
		keep_problem_hint(ev->ps, "a method is called: .%.*s()",
				  KEEP_F(x->text));
	else if (in->kind == KEEP_V_SET)
		keep_problem_hint(ev->ps, "of every node: .field('%.*s')",
				  KEEP_F(x->text));
	return rc;
}

static int member(struct keep_eval *ev, const struct walk *w,
		  struct keep_value *v)
{
	const struct keep_ast *x = w->step;
	struct keep_value in = *v;
	int rc;

	*v = (struct keep_value){0};
	if (has_members(&in)) {
		rc = keep_v_get(ev, &in, x->text, v);
		if (rc)
			return rc;
	} else if (in.kind != KEEP_V_NULL) {
		return no_members(ev, x, &in);
	}
	if (v->kind != KEEP_V_MISSING)
		return 0;
	if (x->kind == KEEP_AST_MAYBE)
		*v = keep_v_null();
	if (x->kind == KEEP_AST_MAYBE || w->maybe)
		return 0;
	return missing(ev, w, &in, x->text);
}

static int by_key(struct keep_eval *ev, const struct keep_value *in,
		  const struct keep_value *key, struct keep_value *out)
{
	const struct keep_node *node;

	if (in->kind != KEEP_V_SET)
		return keep_v_get(ev, in, keep_v_slice(key), out);
	node = keep_v_node_of(in, keep_v_slice(key));
	if (node)
		*out = keep_v_node(node);
	return 0;
}

static int index_fault(struct keep_eval *ev, const struct walk *w,
		       const struct keep_value *in,
		       const struct keep_value *key)
{
	if (key->kind == KEEP_V_TEXT)
		return missing(ev, w, in, keep_v_slice(key));
	if (in->kind == KEEP_V_NULL)
		return keep_ev_fault(ev, w->step, "null has no element");
	return keep_ev_fault(ev, w->step, "there is no element %lld; %s of %u",
			     (long long)key->number, keep_v_name(in), in->n);
}

static int element(struct keep_eval *ev, const struct keep_value *in,
		   const struct keep_value *key, struct keep_value *out)
{
	if (in->kind == KEEP_V_NULL || key->number < 0 || key->number >= in->n)
		return 0;
	return keep_v_item(ev, in, (size_t)key->number, out);
}

static bool takes_key(const struct keep_value *in,
		      const struct keep_value *key)
{
	if (key->kind == KEEP_V_TEXT)
		return strchr("noNS", keep_v_letter(in));
	return key->kind == KEEP_V_INT && strchr("nlS", keep_v_letter(in));
}

static int at_index(struct keep_eval *ev, const struct walk *w,
		    struct keep_value *v)
{
	const struct keep_ast *x = w->step;
	struct keep_value in = *v, key;
	int rc = keep_ev_expr(ev, x->kid, &key);

	if (!rc)
		rc = keep_ev_open(ev, x->kid, &key, "an index or key");
	if (rc)
		return rc;
	if (!takes_key(&in, &key))
		return keep_ev_fault(ev, x, "%s cannot be indexed by %s",
				     keep_v_name(&in), keep_v_name(&key));
	*v = (struct keep_value){0};
	if (key.kind == KEEP_V_INT)
		rc = element(ev, &in, &key, v);
	else if (in.kind != KEEP_V_NULL)
		rc = by_key(ev, &in, &key, v);
	if (rc || v->kind != KEEP_V_MISSING || w->maybe)
		return rc;
	return index_fault(ev, w, &in, &key);
}

static int step(struct keep_eval *ev, const struct walk *w,
		struct keep_value *v)
{
	struct keep_value in = *v;

	switch (w->step->kind) {
	case KEEP_AST_INDEX: return at_index(ev, w, v);
	case KEEP_AST_FILTER: return keep_ev_filter(ev, w->step, &in, v);
	case KEEP_AST_METHOD: return keep_fn_call(ev, w->step, &in, v);
	default: return member(ev, w, v);
	}
}

/* A name that is bound, else a property of the node. */
static int name(struct keep_eval *ev, const struct keep_ast *x, bool maybe,
		struct keep_value *out)
{
	struct keep_value self = keep_v_node(ev->frame->node);
	const struct keep_bound *b;
	struct keep_slice best;
	int rc;

	for (b = ev->frame->bound; b; b = b->outer)
		if (keep_slice_eq(b->name, x->text))
			break;
	if (b) {
		*out = b->value;
		return 0;
	}
	rc = keep_v_get(ev, &self, x->text, out);
	if (rc || out->kind != KEEP_V_MISSING || maybe)
		return rc;
	rc = keep_ev_fault(ev, x, "the node has no property `%.*s`",
			   KEEP_F(x->text));
	keep_v_guess(&self, x->text, &best);
	if (best.p)
		keep_problem_hint(ev->ps, "did you mean `%.*s`?", KEEP_F(best));
	else
		keep_problem_hint(ev->ps, "where it may be missing: "
				  "self?.%.*s, or %.*s ?? other",
				  KEEP_F(x->text), KEEP_F(x->text));
	return rc;
}

int keep_ev_chain(struct keep_eval *ev, const struct keep_ast *x, bool maybe,
		  struct keep_value *out)
{
	struct walk w = {x, x->kid, maybe};
	int rc;

	if (x->kind == KEEP_AST_NAME)
		return name(ev, x, maybe, out);
	rc = maybe ? keep_ev_maybe(ev, w.step, out)
		   : keep_ev_expr(ev, w.step, out);
	while (!rc && out->kind != KEEP_V_MISSING && w.step->next) {
		w.step = w.step->next;
		rc = keep_ev_steps(ev, 1);
		if (!rc)
			rc = step(ev, &w, out);
	}
	return rc;
}

/* env = {name, provider} */
static int env(struct keep_eval *ev, const struct keep_node *node,
	       struct keep_value *out)
{
	int rc = 0;
	struct keep_pair *pairs = keep_ev_alloc(ev, 2, sizeof *pairs, &rc);

	if (!pairs)
		return rc;
	pairs[0].key = KEEP_S("name");
	pairs[0].value = keep_v_text(node->env->name);
	pairs[1].key = KEEP_S("provider");
	*out = keep_v_object(pairs, 2);
	return keep_ev_json(ev, node, &node->env->provider, &pairs[1].value);
}

static struct keep_value named(const struct keep_node *node,
			       const struct keep_objects *o)
{
	return (struct keep_value){.kind = KEEP_V_OBJECT, .form = KEEP_NAMED,
				   .n = (uint32_t)o->n, .node = node,
				   .objects = o};
}

int keep_ev_root(struct keep_eval *ev, const struct keep_ast *x,
		 struct keep_value *out)
{
	const struct keep_node *node = ev->frame->node;

	if (node->tree.mark == KEEP_MARK_BROKEN &&
	    x->number != KEEP_ROOT_PLATFORM)
		return -KEEP_E_BAD_ARGS; /* a fault was told of it */
	switch (x->number) {
	case KEEP_ROOT_SELF:
		*out = keep_v_node(node);
		return 0;
	case KEEP_ROOT_PROVIDER:
		return keep_ev_json(ev, node, &node->env->provider, out);
	case KEEP_ROOT_SERVICES:
		*out = named(node, &node->env->services);
		return 0;
	case KEEP_ROOT_TAGS:
		*out = named(node, &node->env->tags);
		return 0;
	case KEEP_ROOT_ENV:
		return env(ev, node, out);
	case KEEP_ROOT_PLATFORM:
		return keep_ev_json(ev, node, &ev->world->platform, out);
	default:
		return keep_ev_set(ev, x->number, out);
	}
}
