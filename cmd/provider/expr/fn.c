/* Calls: arguments are evaluated and checked by the row of the table. */
#include <keep/text.h>
#include "fn.h"

static const struct keep_fns *const tables[] = {
	&keep_fns_text, &keep_fns_list, &keep_fns_each, &keep_fns_set,
	&keep_fns_source, &keep_fns_file, &keep_fns_relation,
};

const struct keep_fn *keep_fn_at(size_t i)
{
	size_t t;

	for (t = 0; t < KEEP_COUNT(tables); t++) {
		if (i < tables[t]->n)
			return &tables[t]->v[i];
		i -= tables[t]->n;
	}
	return NULL;
}

const struct keep_expr_fn *keep_expr_fn_at(size_t i)
{
	const struct keep_fn *fn = keep_fn_at(i);

	return fn ? &fn->doc : NULL;
}

struct keep_slice keep_fn_name(const struct keep_fn *fn)
{
	return keep_slice(fn->doc.name + (fn->on ? 1 : 0));
}

const struct keep_fn *keep_fn_find(struct keep_slice name, bool method)
{
	const struct keep_fn *fn;
	size_t i;

	for (i = 0; (fn = keep_fn_at(i)); i++)
		if ((fn->on != NULL) == method &&
		    keep_slice_eq(keep_fn_name(fn), name))
			break;
	return fn;
}

static bool is_mark(char c)
{
	return c == '?' || c == '*';
}

char keep_fn_takes(const struct keep_fn *fn, size_t i)
{
	const char *p = fn->takes;

	while (*p && p[1] != '*' && i--)
		p += is_mark(p[1]) ? 2 : 1;
	return *p;
}

size_t keep_fn_least(const struct keep_fn *fn)
{
	const char *p;
	size_t n = 0;

	for (p = fn->takes; *p; p++)
		n += !is_mark(*p) && p[1] != '?';
	return n;
}

int keep_call_fault(struct keep_call *c, const char *fmt, ...)
{
	KEEP_AUTO(keep_buf) b = {0};
	va_list ap;

	va_start(ap, fmt);
	keep_buf_vprint(&b, fmt, ap);
	va_end(ap);
	if (b.failed)
		return -KEEP_E_NO_MEMORY;
	return keep_ev_fault(c->ev, c->at, "%s: %.*s", c->at->fn->doc.name,
			     KEEP_F(keep_buf_get(&b)));
}

int keep_call_in_node(struct keep_call *c)
{
	const struct keep_node *n = c->ev->frame->node;

	if (n->index < c->ev->world->n_nodes)
		return 0;
	return keep_call_fault(c, "only a node has this; `%.*s` stands by "
			       "itself", KEEP_F(n->name));
}

/* The name of argument i as the table writes it. */
static struct keep_slice arg_name(const struct keep_fn *fn, size_t i)
{
	struct keep_slice s = keep_slice(fn->doc.args);
	const char *comma;

	while ((comma = memchr(s.p, ',', s.len)) && i--) {
		s.len -= (size_t)(comma + 1 - s.p);
		s.p = comma + 1;
	}
	if (comma)
		s.len = (size_t)(comma - s.p);
	while (s.len && (s.p[0] == ' ' || s.p[0] == '[')) {
		s.p++;
		s.len--;
	}
	while (s.len && (s.p[s.len - 1] == ']' || s.p[s.len - 1] == ' ' ||
			 s.p[s.len - 1] == '['))
		s.len--;
	return s;
}

static bool fits(char takes, const struct keep_value *v)
{
	char letter = keep_v_letter(v);

	switch (takes) {
	case 'v': return true;
	case 'T': return letter == 't';
	case 'M': return letter == 'N' || letter == 'S';
	default: return letter == takes;
	}
}

static const char *takes_name(char takes)
{
	switch (takes) {
	case 'b': return "a bool";
	case 'i': return "an integer";
	case 't': case 'T': return "a text";
	case 'l': return "a list";
	case 'o': return "an object";
	case 'S': return "a set of nodes";
	default: return "a node or a set of nodes";
	}
}

static int check(struct keep_call *c, const struct keep_ast *x, size_t i)
{
	const struct keep_fn *fn = c->at->fn;
	const struct keep_value *v = &c->args[i];
	char takes = keep_fn_takes(fn, i);
	char use[64];
	int rc;

	snprintf(use, sizeof use, "an argument of %s", fn->doc.name);
	rc = takes == 'T' ? 0 : keep_ev_open(c->ev, x, v, use);
	if (!rc && v->kind == KEEP_V_TEXT)
		rc = keep_ev_steps(c->ev, v->n / KEEP_EXPR_CHUNK);
	if (rc || fits(takes, v))
		return rc;
	return keep_ev_fault(c->ev, x, "%s: `%.*s` is %s; this is %s",
			     fn->doc.name, KEEP_F(arg_name(fn, i)),
			     takes_name(takes), keep_v_name(v));
}

static int arguments(struct keep_call *c)
{
	const struct keep_ast *kid;
	int rc = 0;

	for (kid = c->at->kid; kid && !rc; kid = kid->next) {
		if (kid->label.p) {
			c->each = kid;
			continue;
		}
		rc = keep_ev_expr(c->ev, kid, &c->args[c->n]);
		if (!rc)
			rc = check(c, kid, c->n);
		c->n++;
	}
	return rc;
}

/* Whether the method works on such a value, and may see it. */
static int check_on(struct keep_call *c)
{
	const struct keep_fn *fn = c->at->fn;
	int rc;

	if (!strchr(fn->on, keep_v_letter(&c->on))) {
		rc = keep_ev_fault(c->ev, c->at, "%s has no method `%s`",
				   keep_v_name(&c->on), fn->doc.name + 1);
		if (c->on.kind == KEEP_V_NULL)
			keep_problem_hint(c->ev->ps, "give it another value "
					  "first: (x ?? [])");
		else if (c->on.kind == KEEP_V_OBJECT && strchr(fn->on, 'l'))
			keep_problem_hint(c->ev->ps, "take its .values() or "
					  ".keys() first");
		return rc;
	}
	rc = keep_ev_open(c->ev, c->at, &c->on, "what a method works on");
	if (!rc && c->on.kind == KEEP_V_TEXT)
		rc = keep_ev_steps(c->ev, c->on.n / KEEP_EXPR_CHUNK);
	return rc;
}

int keep_fn_call(struct keep_eval *ev, const struct keep_ast *x,
		 const struct keep_value *on, struct keep_value *out)
{
	struct keep_call c = {.ev = ev, .at = x};
	int rc = 0;

	if (on) {
		c.on = *on;
		rc = check_on(&c);
	}
	if (!rc)
		rc = arguments(&c);
	*out = keep_v_null();
	return rc ? rc : x->fn->run(&c, out);
}

int keep_call_each(struct keep_call *c, const struct keep_value *v,
		   struct keep_value *out)
{
	struct keep_frame *f = c->ev->frame;
	struct keep_bound b = {f->bound, c->each->label, *v};
	int rc;

	f->bound = &b;
	rc = keep_ev_expr(c->ev, c->each, out);
	f->bound = b.outer;
	return rc;
}
