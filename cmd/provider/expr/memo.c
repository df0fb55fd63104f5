/* Texts of trees: parsed once, evaluated once a node. */
#include "eval.h"
#include "form.h"

bool keep_expr_is(const struct keep_json *v)
{
	return v->type == KEEP_JSON_TEXT && v->n >= 2 && v->text[0] == '=' &&
	       v->text[1] == ' ';
}

struct keep_json keep_expr_literal(const struct keep_json *v)
{
	struct keep_json literal = *v;

	if (v->type == KEEP_JSON_TEXT && v->n >= 3 && v->text[0] == '=' &&
	    v->text[1] == '=' && v->text[2] == ' ') {
		literal.text++;
		literal.n--;
	}
	return literal;
}

struct keep_memo *keep_ev_memo(struct keep_eval *ev,
			       const struct keep_node *node,
			       const struct keep_json *v)
{
	void **at = keep_ptrmap_at(&ev->memo, ev->mem, v, node->index);

	if (at && !*at)
		*at = KEEP_NEW(ev->mem, struct keep_memo);
	return at ? *at : NULL;
}

static int parse(struct keep_eval *ev, const struct keep_frame *f,
		 struct keep_parsed *p)
{
	struct keep_parse_fault fault = {0};
	struct keep_ast place = {0};
	int rc = keep_parse(ev->mem, f->text, &p->ast, &fault);

	if (rc != -KEEP_E_BAD_ARGS)
		return rc;
	place.at = (uint32_t)fault.at;
	p->ast = NULL;
	rc = keep_ev_fault(ev, &place, "%s", fault.err.message);
	if (fault.err.hint[0])
		keep_problem_hint(ev->ps, "%s", fault.err.hint);
	return rc;
}

int keep_ev_parsed(struct keep_eval *ev, const struct keep_ast **ast)
{
	void **at = keep_ptrmap_at(&ev->parsed, ev->mem, ev->frame->text.p, 0);
	struct keep_parsed *p = at ? *at : NULL;
	int rc = 0;

	if (!at)
		return -KEEP_E_NO_MEMORY;
	if (!p) {
		p = KEEP_NEW(ev->mem, struct keep_parsed);
		rc = p ? parse(ev, ev->frame, p) : -KEEP_E_NO_MEMORY;
		if (rc != -KEEP_E_NO_MEMORY)
			*at = p;
	}
	*ast = p ? p->ast : NULL;
	return rc ? rc : *ast ? 0 : -KEEP_E_BAD_ARGS;
}

static int evaluate(struct keep_eval *ev, struct keep_frame *f,
		    struct keep_memo *m)
{
	const struct keep_ast *ast;
	int rc = keep_ev_enter(ev, f);

	if (rc)
		return rc;
	m->value_state = KEEP_GREY;
	m->json_state = KEEP_WHITE; /* it was of an earlier value */
	rc = keep_ev_parsed(ev, &ast);
	if (!rc)
		rc = keep_ev_expr(ev, ast, &m->value);
	m->failed = rc == -KEEP_E_BAD_ARGS;
	m->value_state = keep_frame_state(f, rc);
	m->height = (uint8_t)f->height;
	m->early = f->early;
	keep_ev_leave(ev, f);
	return rc;
}

static int expression(struct keep_eval *ev, const struct keep_node *node,
		      const struct keep_json *v, struct keep_value *out)
{
	struct keep_memo *m = keep_ev_memo(ev, node, v);
	struct keep_frame f = keep_frame_of(node, v);
	uint8_t state = m ? keep_ev_state(ev, m, m->value_state) : KEEP_WHITE;
	int rc;

	if (!m)
		return -KEEP_E_NO_MEMORY;
	if (m->failed)
		return -KEEP_E_BAD_ARGS;
	if (state == KEEP_GREY)
		return keep_ev_cycle(ev, node, v);
	if (state == KEEP_PENDING)
		return KEEP_LATER;
	rc = state == KEEP_WHITE ? evaluate(ev, &f, m) : keep_ev_asked(ev, m);
	*out = m->value;
	return rc;
}

/* What stands as it is: the input cannot forge a secret's placeholder. */
static int literal(struct keep_eval *ev, const struct keep_node *node,
		   const struct keep_json *v, struct keep_slice s)
{
	struct keep_memo *m;
	int rc;

	if (!keep_form_count(s))
		return 0;
	m = keep_ev_memo(ev, node, v);
	if (!m)
		return -KEEP_E_NO_MEMORY;
	if (m->failed)
		return -KEEP_E_BAD_ARGS;
	m->failed = true;
	rc = keep_tree_fault(ev, node, v, "the text holds the form that stands "
			     "for a secret");
	keep_problem_hint(ev->ps, "use \"= secret('name')\"");
	return rc;
}

/* What the reader told of a node or provider is told by nobody else. */
static int required(struct keep_eval *ev, const struct keep_node *node,
		    const struct keep_json *v)
{
	struct keep_memo *m = keep_ev_memo(ev, node, v);
	bool told;

	if (!m)
		return -KEEP_E_NO_MEMORY;
	told = m->failed || keep_tree_has(&node->env->provider, v) ||
	       (node->index < ev->world->n_nodes &&
		keep_tree_has(&node->tree, v));
	m->failed = true;
	if (told)
		return -KEEP_E_BAD_ARGS;
	return keep_tree_fault(ev, node, v, "the value is REQUIRED, and it is "
			       "not set here");
}

int keep_ev_json(struct keep_eval *ev, const struct keep_node *node,
		 const struct keep_json *v, struct keep_value *out)
{
	struct keep_json text;

	if (v->mark == KEEP_MARK_BROKEN)
		return -KEEP_E_BAD_ARGS; /* a fault was told of it */
	*out = (struct keep_value){.kind = KEEP_V_NULL, .n = v->n};
	switch (v->type) {
	case KEEP_JSON_BOOL:
	case KEEP_JSON_INT:
		out->kind = v->type == KEEP_JSON_INT ? KEEP_V_INT : KEEP_V_BOOL;
		out->number = v->number;
		return 0;
	case KEEP_JSON_DOUBLE:
		out->kind = KEEP_V_DOUBLE;
		out->text = v->text;
		return 0;
	case KEEP_JSON_TEXT:
		if (keep_expr_is(v))
			return expression(ev, node, v, out);
		if (keep_slice_is(keep_json_text(v), "REQUIRED"))
			return required(ev, node, v);
		text = keep_expr_literal(v);
		*out = keep_v_text(keep_json_text(&text));
		return literal(ev, node, v, keep_v_slice(out));
	case KEEP_JSON_LIST:
	case KEEP_JSON_OBJECT:
		out->kind = v->type == KEEP_JSON_LIST ? KEEP_V_LIST
						      : KEEP_V_OBJECT;
		out->form = KEEP_TREE;
		out->node = node;
		out->tree = v;
		return 0;
	default:
		return 0;
	}
}
