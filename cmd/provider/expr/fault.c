/* Faults, with the place and the name of the value they are in. */
#include <keep/text.h>
#include "eval.h"

static bool find(const struct keep_json *in, const struct keep_json *v,
		 struct keep_buf *path);

static bool find_below(const struct keep_json *in, size_t i,
		       const struct keep_json *v, struct keep_buf *path)
{
	size_t len = path->len;
	bool found;

	if (in->type == KEEP_JSON_OBJECT)
		keep_json_put_step(path, in->members[i].key);
	else
		keep_buf_print(path, len ? ".%zu" : "%zu", i);
	found = find(in->type == KEEP_JSON_OBJECT ? &in->members[i].value
						  : &in->list[i], v, path);
	if (!found)
		path->len = len;
	return found;
}

/* Appends the path of v in a tree; false: it is not there. */
static bool find(const struct keep_json *in, const struct keep_json *v,
		 struct keep_buf *path)
{
	size_t i;

	if (in == v)
		return true;
	if (in->type != KEEP_JSON_OBJECT && in->type != KEEP_JSON_LIST)
		return false;
	for (i = 0; i < in->n; i++)
		if (find_below(in, i, v, path))
			return true;
	return false;
}

bool keep_tree_has(const struct keep_json *in, const struct keep_json *v)
{
	KEEP_AUTO(keep_buf) path = {0};

	return find(in, v, &path);
}

static bool find_named(const struct keep_objects *in, const char *root,
		       const struct keep_json *v, struct keep_buf *path)
{
	size_t i;

	for (i = 0; i < in->n; i++) {
		path->len = 0;
		keep_buf_print(path, "%s.%.*s", root, KEEP_F(in->v[i].name));
		if (find(&in->v[i].tree, v, path))
			return true;
	}
	path->len = 0;
	return false;
}

static bool find_root(const struct keep_json *in, const char *root,
		      const struct keep_json *v, struct keep_buf *path)
{
	path->len = 0;
	keep_buf_text(path, root);
	return find(in, v, path);
}

/* Appends "web1: a.b". */
static void put_name(struct keep_buf *b, struct keep_eval *ev,
		     const struct keep_node *node, const struct keep_json *v)
{
	KEEP_AUTO(keep_buf) path = {0};

	keep_buf_slice(b, node->name);
	if (v && (find(&node->tree, v, &path) ||
		  find_root(&node->env->provider, "provider", v, &path) ||
		  find_root(&ev->world->platform, "platform", v, &path) ||
		  find_named(&node->env->services, "services", v, &path) ||
		  find_named(&node->env->tags, "tags", v, &path)))
		keep_buf_print(b, ": %.*s", KEEP_F(keep_buf_get(&path)));
}

static struct keep_slice source(const struct keep_json *v)
{
	return v->source ? v->source->name : KEEP_S("-");
}

static size_t characters(struct keep_slice s)
{
	size_t i, n = 0;

	for (i = 0; i < s.len; i++)
		n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
	return n;
}

/* Whether JSON writes the text as it is, so that columns can be counted. */
static bool is_plain(struct keep_slice s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if ((unsigned char)s.p[i] < 0x20 || s.p[i] == '"' ||
		    s.p[i] == '\\')
			return false;
	return true;
}

static uint32_t column(const struct keep_frame *f, size_t at)
{
	struct keep_slice s = {f->at->text, f->at->n};

	if (!f->at->column || !is_plain(s))
		return f->at->column;
	s.len = (size_t)(f->text.p - s.p) + at;
	return f->at->column + 1 + (uint32_t)characters(s);
}

static void tell_file(struct keep_eval *ev, const struct keep_frame *f,
		      size_t at, struct keep_slice message)
{
	const char *p = f->text.p, *end = p + at, *newline;
	struct keep_slice before;
	uint32_t line = 1;

	for (; (newline = memchr(p, '\n', (size_t)(end - p))); line++)
		p = newline + 1;
	before = (struct keep_slice){p, (size_t)(end - p)};
	keep_problem(ev->ps, f->file, line, (uint32_t)characters(before) + 1,
		     "%.*s", KEEP_F(message));
}

static void tell(struct keep_eval *ev, const struct keep_frame *f, size_t at,
		 struct keep_slice message)
{
	struct keep_slice before = {f->text.p, at};

	if (f->file.p)
		tell_file(ev, f, at, message);
	else if (f->at)
		keep_problem(ev->ps, source(f->at), f->at->line, column(f, at),
			     "%.*s", KEEP_F(message));
	else
		keep_problem(ev->ps, KEEP_S("EXPR"), 1,
			     (uint32_t)characters(before) + 1, "%.*s",
			     KEEP_F(message));
}

int keep_ev_fault(struct keep_eval *ev, const struct keep_ast *x,
		  const char *fmt, ...)
{
	KEEP_AUTO(keep_buf) b = {0};
	const struct keep_frame *f = ev->frame;
	va_list ap;

	put_name(&b, ev, f ? f->node : ev->node, f ? f->at : NULL);
	keep_buf_text(&b, ": ");
	va_start(ap, fmt);
	keep_buf_vprint(&b, fmt, ap);
	va_end(ap);
	if (b.failed)
		return -KEEP_E_NO_MEMORY;
	if (f)
		tell(ev, f, x ? x->at : 0, keep_buf_get(&b));
	else
		keep_problem(ev->ps, source(&ev->node->tree), 0, 0, "%.*s",
			     KEEP_F(keep_buf_get(&b)));
	return -KEEP_E_BAD_ARGS;
}

int keep_tree_fault(struct keep_eval *ev, const struct keep_node *node,
		    const struct keep_json *v, const char *fmt, ...)
{
	KEEP_AUTO(keep_buf) b = {0};
	va_list ap;

	put_name(&b, ev, node, v);
	keep_buf_text(&b, ": ");
	va_start(ap, fmt);
	keep_buf_vprint(&b, fmt, ap);
	va_end(ap);
	if (b.failed)
		return -KEEP_E_NO_MEMORY;
	keep_problem(ev->ps, source(v), v->line, v->column, "%.*s",
		     KEEP_F(keep_buf_get(&b)));
	return -KEEP_E_BAD_ARGS;
}

/* Appends the values from f down to v, the oldest first. */
static void put_chain(struct keep_buf *b, struct keep_eval *ev,
		      const struct keep_frame *f, const struct keep_json *v,
		      const struct keep_node *node)
{
	if (!f)
		return;
	if (f->at != v || f->node != node)
		put_chain(b, ev, f->below, v, node);
	put_name(b, ev, f->node, f->at);
	if (f->at)
		keep_buf_print(b, " (%.*s:%u:%u)", KEEP_F(source(f->at)),
			       f->at->line, f->at->column);
	keep_buf_text(b, " -> ");
}

int keep_ev_cycle(struct keep_eval *ev, const struct keep_node *node,
		  const struct keep_json *v)
{
	KEEP_AUTO(keep_buf) b = {0};
	int rc;

	put_chain(&b, ev, ev->frame, v, node);
	put_name(&b, ev, node, v);
	if (b.failed)
		return -KEEP_E_NO_MEMORY;
	rc = keep_ev_fault(ev, NULL, "the value needs itself: %.*s",
			   KEEP_F(keep_buf_get(&b)));
	keep_problem_hint(ev->ps, "give one of them a value of its own");
	return rc;
}

int keep_ev_open(struct keep_eval *ev, const struct keep_ast *x,
		 const struct keep_value *v, const char *use)
{
	int rc;

	if (!v->secret)
		return 0;
	rc = keep_ev_fault(ev, x, "a secret cannot be used as %s", use);
	keep_problem_hint(ev->ps, "it is opened at the deploy only: join it "
			  "with text, or b64, hex, sha256 of it alone");
	return rc;
}
