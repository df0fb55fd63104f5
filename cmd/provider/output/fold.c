/* Faults that nodes share: an expression of a service that fails in a hundred
 * nodes is one fault, in one place. */
#include "output.h"

/* A fault, and the node that it was told of. */
struct keep_told {
	struct keep_told *next;
	struct keep_problem *p;
	struct keep_slice node;
	size_t more;            /* other nodes have it too */
};

/* The name that begins "web1: web.port: 1 / 0", or that of the node which
 * was evaluated. */
static struct keep_slice node_of(const struct keep_fold *f,
				 const struct keep_node *n,
				 const struct keep_problem *p)
{
	const char *colon = memchr(p->message.p, ':', p->message.len);
	struct keep_slice name = p->message;

	name.len = colon ? (size_t)(colon - name.p) : 0;
	return keep_world_node(f->world, name) ? name : n->name;
}

static bool begins(struct keep_slice s, size_t at, struct keep_slice name)
{
	return s.len - at >= name.len &&
	       keep_bytes_equal(s.p + at, name.p, name.len);
}

/* Whether two messages differ in nothing but the nodes that they name. */
static bool same(struct keep_slice a, struct keep_slice of_a,
		 struct keep_slice b, struct keep_slice of_b)
{
	size_t i = 0, j = 0;

	while (i < a.len && j < b.len) {
		if (begins(a, i, of_a) && begins(b, j, of_b)) {
			i += of_a.len;
			j += of_b.len;
		} else if (a.p[i++] != b.p[j++]) {
			return false;
		}
	}
	return i == a.len && j == b.len;
}

static struct keep_told *find(const struct keep_fold *f,
			      const struct keep_problem *p,
			      struct keep_slice node)
{
	struct keep_told *t;

	for (t = f->first; t; t = t->next)
		if (t->p->line == p->line && t->p->column == p->column &&
		    keep_slice_eq(t->p->where, p->where) &&
		    same(t->p->message, t->node, p->message, node))
			return t;
	return NULL;
}

static void put(struct keep_fold *f, struct keep_problem *p,
		struct keep_slice node)
{
	struct keep_told *t = KEEP_NEW(f->ps->mem, struct keep_told);

	if (!t)
		return;
	*t = (struct keep_told){f->first, p, node, 0};
	f->first = t;
}

void keep_fold_node(struct keep_fold *f, const struct keep_node *n)
{
	struct keep_problems *ps = f->ps;
	struct keep_problem *p = f->last ? f->last->next : ps->first, *next;
	struct keep_problem **end = f->last ? &f->last->next : &ps->first;
	struct keep_told *told;
	struct keep_slice node;

	for (*end = NULL; p; p = next) {
		next = p->next;
		node = node_of(f, n, p);
		told = find(f, p, node);
		if (told) {
			told->more += !keep_slice_eq(told->node, node);
			ps->kept--;
			ps->total--;
			continue;
		}
		put(f, p, node);
		p->next = NULL;
		*end = f->last = p;
		end = &p->next;
	}
	ps->last = f->last;
}

void keep_fold_end(struct keep_fold *f)
{
	struct keep_slice was;
	struct keep_told *t;
	size_t skip;

	for (t = f->first; t; t = t->next) {
		if (!t->more)
			continue;
		was = t->p->message;
		skip = begins(was, 0, t->node) && was.p[t->node.len] == ':' ?
		       t->node.len : 0;
		t->p->message = keep_mem_print(f->ps->mem, "%.*s and %zu more%s"
			"%.*s", KEEP_F(t->node), t->more, skip ? "" : ": ",
			(int)(was.len - skip), was.p + skip);
		if (!t->p->message.p)
			t->p->message = was;
	}
}
