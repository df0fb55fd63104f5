#include <keep/text.h>
#include "form.h"
#include "template.h"

/* A template, parsed once for all that use it. */
struct keep_template {
	struct keep_piece *first;
	bool failed; /* its fault was told */
};

static int block(struct keep_eval *ev, const struct keep_piece *p,
		 struct keep_joint *j);

static int text(struct keep_eval *ev, const struct keep_piece *p,
		struct keep_joint *j)
{
	struct keep_value v = keep_v_text(p->text);

	keep_joint_add(j, &v);
	return keep_ev_steps(ev, p->text.len / KEEP_EXPR_CHUNK);
}

static int hole(struct keep_eval *ev, const struct keep_piece *p,
		struct keep_joint *j)
{
	return keep_ev_hole(ev, p->expr, j);
}

static int branch(struct keep_eval *ev, const struct keep_piece *p,
		  struct keep_joint *j)
{
	bool is = false;
	int rc = keep_ev_bool(ev, p->expr, &is);

	return rc ? rc : block(ev, is ? p->kid : p->otherwise, j);
}

static int not_many(struct keep_eval *ev, const struct keep_piece *p,
		    const struct keep_value *v)
{
	int rc = keep_ev_fault(ev, p->expr, "`%% for` takes a list or a set of "
			       "nodes; this is %s", keep_v_name(v));

	if (v->kind == KEEP_V_NULL)
		keep_problem_hint(ev->ps, "give it another value first: "
				  "(x ?? [])");
	else if (v->kind == KEEP_V_OBJECT)
		keep_problem_hint(ev->ps, "take its .values() or .keys()");
	return rc;
}

static int loop(struct keep_eval *ev, const struct keep_piece *p,
		struct keep_joint *j)
{
	struct keep_bound b = {ev->frame->bound, p->text, {0}};
	struct keep_value many;
	int rc = keep_ev_expr(ev, p->expr, &many);
	size_t i;

	if (rc)
		return rc;
	if (many.kind != KEEP_V_LIST && many.kind != KEEP_V_SET)
		return not_many(ev, p, &many);
	for (i = 0; i < many.n && !rc && !j->over; i++) {
		rc = keep_v_item(ev, &many, i, &b.value);
		ev->frame->bound = &b;
		if (!rc)
			rc = block(ev, p->kid, j);
		ev->frame->bound = b.outer;
	}
	return rc;
}

static int (*const kinds[])(struct keep_eval *, const struct keep_piece *,
			    struct keep_joint *) = {
	[KEEP_PIECE_TEXT] = text, [KEEP_PIECE_HOLE] = hole,
	[KEEP_PIECE_IF] = branch, [KEEP_PIECE_FOR] = loop,
};

static int block(struct keep_eval *ev, const struct keep_piece *p,
		 struct keep_joint *j)
{
	int rc = keep_ev_steps(ev, 1);

	for (; p && !rc && !j->over; p = p->next) {
		rc = keep_ev_steps(ev, 1);
		if (!rc)
			rc = kinds[p->kind](ev, p, j);
	}
	return rc;
}

static int check(struct keep_eval *ev, struct keep_slice s)
{
	struct keep_ast place = {0};
	size_t at;
	int rc;

	if (s.len > KEEP_EXPR_TEXT)
		return keep_ev_fault(ev, NULL, "the template has %zu bytes; at "
				     "most %d are read", s.len, KEEP_EXPR_TEXT);
	if (!keep_utf8_ok(s) || memchr(s.p, 0, s.len))
		return keep_ev_fault(ev, NULL, "the template is not UTF-8 "
				     "text");
	if (!keep_form_find(s, &at))
		return 0;
	place.at = (uint32_t)at;
	rc = keep_ev_fault(ev, &place, "the template holds the form that "
			   "stands for a secret");
	keep_problem_hint(ev->ps, "use ${secret('name')}");
	return rc;
}

static int parse(struct keep_eval *ev, struct keep_template *t)
{
	struct keep_slice s = ev->frame->text;
	struct keep_parse_fault fault = {0};
	struct keep_ast place = {0};
	int rc = check(ev, s);

	if (rc)
		return rc;
	rc = keep_template_parse(ev->mem, s, &t->first, &fault);
	if (rc != -KEEP_E_BAD_ARGS)
		return rc;
	place.at = (uint32_t)fault.at;
	rc = keep_ev_fault(ev, &place, "%s", fault.err.message);
	if (fault.err.hint[0])
		keep_problem_hint(ev->ps, "%s", fault.err.hint);
	return rc;
}

/* The template of the frame's text. */
static int parsed(struct keep_eval *ev, const struct keep_template **out)
{
	void **at = keep_ptrmap_at(&ev->templates, ev->mem, ev->frame->text.p,
				   0);
	struct keep_template *t = at ? *at : NULL;
	int rc = 0;

	if (!at)
		return -KEEP_E_NO_MEMORY;
	if (!t) {
		t = KEEP_NEW(ev->mem, struct keep_template);
		rc = t ? parse(ev, t) : -KEEP_E_NO_MEMORY;
		if (rc == -KEEP_E_NO_MEMORY)
			return rc;
		t->failed = rc != 0;
		*at = t;
	}
	*out = t;
	return rc ? rc : t->failed ? -KEEP_E_BAD_ARGS : 0;
}

static int render(struct keep_eval *ev, struct keep_value *out)
{
	KEEP_AUTO(keep_joint) j = {0};
	const struct keep_template *t;
	int rc = parsed(ev, &t);

	if (!rc)
		rc = block(ev, t->first, &j);
	return rc ? rc : keep_joint_value(ev, NULL, &j, out);
}

/* Binds the members of NAMES in the frame f; they are evaluated before. */
static int bind(struct keep_eval *ev, const struct keep_value *names,
		struct keep_frame *f)
{
	int rc = 0;
	struct keep_bound *b = keep_ev_alloc(ev, names->n, sizeof *b, &rc);
	size_t i;

	for (i = 0; i < names->n && !rc; i++) {
		b[i].outer = f->bound;
		b[i].name = keep_v_key(names, i);
		rc = keep_v_item(ev, names, i, &b[i].value);
		f->bound = &b[i];
	}
	return rc;
}

static int find(struct keep_eval *ev, const struct keep_ast *x,
		struct keep_slice path, struct keep_frame *f)
{
	struct keep_world *w = ev->world;
	struct keep_err e = {0};
	int rc;

	if (!w->host || !w->host->template)
		return keep_ev_fault(ev, x, "there are no templates here");
	rc = w->host->template(w, path, &f->text, &f->file, &e);
	if (!rc || rc == -KEEP_E_NO_MEMORY)
		return rc;
	rc = x ? keep_ev_fault(ev, x, "template: %s", e.message) :
		 keep_tree_fault(ev, f->node, f->at, "%s", e.message);
	if (e.hint[0])
		keep_problem_hint(ev->ps, "%s", e.hint);
	return rc;
}

int keep_ev_template(struct keep_eval *ev, const struct keep_ast *x,
		     struct keep_slice path, const struct keep_value *names,
		     struct keep_value *out)
{
	struct keep_frame *below = ev->frame;
	struct keep_frame f = {.node = below->node, .at = below->at};
	int rc = find(ev, x, path, &f);

	if (!rc && names)
		rc = bind(ev, names, &f);
	if (rc)
		return rc;
	/* the steps are those of the value that asks for it */
	f.steps = below->steps;
	rc = keep_ev_enter(ev, &f);
	if (rc)
		return rc;
	rc = render(ev, out);
	keep_ev_leave(ev, &f);
	below->steps = f.steps;
	below->over = f.over;
	return rc;
}
