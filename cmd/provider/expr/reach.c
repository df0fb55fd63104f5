/* The addresses of nodes, and how one reaches another (PROVIDER 1). */
#include <stdlib.h>
#include <keep/text.h>
#include "eval.h"

/* Adds an address; what is none is told by the check of properties. */
static int add(struct keep_eval *ev, struct keep_buf *b,
	       struct keep_slice network, const struct keep_value *v)
{
	struct keep_ips_row row = {.network = network};
	struct keep_ip ip;
	int rc = keep_ev_open(ev, NULL, v, "an address");

	if (rc || v->kind != KEEP_V_TEXT ||
	    !keep_ip_get(keep_v_slice(v), &ip))
		return rc;
	row.text = keep_v_slice(v);
	row.len = ip.len;
	keep_buf_put(b, &row, sizeof row);
	return 0;
}

/* Adds what stands at a property: one address, a list, or an object. */
static int add_all(struct keep_eval *ev, const struct keep_node *node,
		   const char *property, struct keep_buf *b)
{
	struct keep_value self = keep_v_node(node), v, item;
	int rc = keep_v_path(ev, &self, keep_slice(property), &v);
	size_t i;

	if (rc)
		return rc;
	if (v.kind != KEEP_V_LIST && v.kind != KEEP_V_OBJECT)
		return add(ev, b, (struct keep_slice){0}, &v);
	for (i = 0; i < v.n && !rc; i++) {
		rc = keep_v_item(ev, &v, i, &item);
		if (!rc)
			rc = add(ev, b, v.kind == KEEP_V_OBJECT ?
				 keep_v_key(&v, i) : (struct keep_slice){0},
				 &item);
	}
	return rc;
}

static int by_network(const void *p, const void *q)
{
	const struct keep_ips_row *a = p, *b = q;

	return keep_slice_cmp(a->network, b->network);
}

static int read_ips(struct keep_eval *ev, const struct keep_node *node,
		    struct keep_ips **out)
{
	KEEP_AUTO(keep_buf) b = {0};
	size_t networks = 0;
	int rc = add_all(ev, node, "networks", &b);

	networks = b.len / sizeof(struct keep_ips_row);
	if (!rc)
		rc = add_all(ev, node, "ip_address", &b);
	if (!rc)
		rc = add_all(ev, node, "ip_addresses", &b);
	if (!rc && b.failed)
		rc = -KEEP_E_NO_MEMORY;
	*out = rc ? NULL : KEEP_NEW(ev->mem, struct keep_ips);
	if (!*out)
		return rc ? rc : -KEEP_E_NO_MEMORY;
	(*out)->n = b.len / sizeof *(*out)->v;
	(*out)->v = keep_ev_alloc(ev, b.len, 1, &rc);
	if (rc || !b.len)
		return rc;
	memcpy((*out)->v, b.p, b.len);
	qsort((*out)->v, networks, sizeof *(*out)->v, by_network);
	return 0;
}

int keep_ev_ips(struct keep_eval *ev, const struct keep_node *node,
		const struct keep_ips **out)
{
	struct keep_relations *r = &ev->relations;
	uint32_t *early = keep_ev_early_at(ev), was = *early;
	struct keep_ips *ips;
	int rc;

	if (!r->ips)
		r->ips = KEEP_NEWS(ev->mem, ev->world->n_nodes,
				   struct keep_ips *);
	if (!r->ips)
		return -KEEP_E_NO_MEMORY;
	*out = r->ips[node->index];
	if (*out)
		return 0;
	*early = 0;
	rc = read_ips(ev, node, &ips);
	if (!rc && !*early)
		r->ips[node->index] = ips;
	keep_ev_early(ev, was);
	*out = ips;
	return rc;
}

/* Whether both may talk by these: the same network, or both by none, and of
 * one family. */
static bool fits(const struct keep_ips_row *a, const struct keep_ips_row *b)
{
	return a->len == b->len && (a->network.p != NULL) ==
	       (b->network.p != NULL) &&
	       (!a->network.p || keep_slice_eq(a->network, b->network));
}

/* The first own address that fits to that one. */
static const struct keep_ips_row *own_of(const struct keep_ips *from,
					 const struct keep_ips_row *its)
{
	size_t i;

	for (i = 0; i < from->n; i++)
		if (fits(&from->v[i], its))
			return &from->v[i];
	return NULL;
}

/* Whether that address, or another of its family by no network, was taken. */
static bool is_taken(const struct keep_ways *w,
		     const struct keep_ips_row *its, const bool *family)
{
	size_t i;

	for (i = 0; i < w->n; i++)
		if (keep_slice_eq(w->v[i].its, its->text))
			return true;
	return !its->network.p && family[its->len == 16];
}

static int no_way(struct keep_eval *ev, const struct keep_ast *x,
		  const struct keep_ways *w)
{
	int rc = keep_ev_fault(ev, x, "%.*s and %.*s share no network, and "
			       "have no family of addresses in common",
			       KEEP_F(w->from->name), KEEP_F(w->to->name));

	keep_problem_hint(ev->ps, "give both an address in one of `networks`, "
			  "or one of them an address of the other's family in "
			  "`ip_addresses`");
	return rc;
}

int keep_ev_reach(struct keep_eval *ev, const struct keep_ast *x,
		  struct keep_ways *w)
{
	const struct keep_ips *from, *to;
	const struct keep_ips_row *own, *its;
	bool family[2] = {false, false};
	int rc = keep_ev_ips(ev, w->from, &from);
	size_t i;

	w->n = 0;
	if (!rc)
		rc = keep_ev_ips(ev, w->to, &to);
	for (i = 0; !rc && i < to->n && w->n < w->max; i++) {
		its = &to->v[i];
		own = own_of(from, its);
		if (!own || is_taken(w, its, family))
			continue;
		if (!its->network.p)
			family[its->len == 16] = true;
		w->v[w->n++] = (struct keep_reach){own->text, its->text};
	}
	return rc || w->n ? rc : no_way(ev, x, w);
}
