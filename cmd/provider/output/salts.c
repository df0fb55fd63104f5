/* Salts that are missing are made, or told. */
#include <keep/material.h>
#include "../lock.h"
#include "../open.h"
#include "salts.h"

enum { NAMED = 5 }; /* nodes */

struct keep_secret_id keep_salt_of(struct keep_mem *m, struct keep_slice node)
{
	return (struct keep_secret_id){
		KEEP_S("default"),
		keep_mem_print(m, "salt.%.*s", KEEP_F(node)),
	};
}

/* A node of this machine alone, which is nobody else's. */
static bool is_local(const struct keep_node *n)
{
	size_t i;

	for (i = 0; i < n->tags.n; i++)
		if (keep_slice_is(n->tags.v[i], "local"))
			return true;
	return false;
}

/* Whoever made them before, by `keep node init`, may have them elsewhere. */
static void tell(const struct keep_fill *fill,
		 const struct keep_secret_ids *new)
{
	struct keep_problems told = {.mem = fill->c->mem};

	keep_problem(&told, keep_slice(fill->source->name), 0, 0,
		     "'%.*s' was not there%s; %s drawn",
		     KEEP_F(new->v[0].name), new->n > 1 ? ", nor others" : "",
		     new->n > 1 ? "new ones are" : "a new one is");
	keep_problem_hint(&told, "git does not bring it: if colleagues deploy "
			  "to that node, put theirs there, or each deploy "
			  "undoes the other's");
	if (told.first)
		keep_provider_warn(fill->c, told.first);
}

/* Those that chosen nodes have not yet; LOCAL: also such as nobody else can
 * have. */
static int find(const struct keep_fill *fill, const struct keep_world *w,
		const bool *chosen, bool local, struct keep_secret_ids *out,
		struct keep_err *e)
{
	struct keep_mem *m = fill->c->mem;
	struct keep_secret_id id;
	size_t i;
	int code = 0;

	*out = (struct keep_secret_ids){.mem = m};
	for (i = 0; i < w->n_nodes && !code; i++) {
		if (!chosen[i] || (!local && is_local(&w->nodes[i])))
			continue;
		id = keep_salt_of(m, w->nodes[i].name);
		if (!id.name.p)
			return keep_no_memory(e);
		if (!keep_secret_ids_has(&fill->known, id))
			code = keep_secret_ids_add(out, id, e);
	}
	return code;
}

int keep_salts_make(struct keep_fill *fill, const struct keep_world *w,
		    const bool *chosen, bool told, struct keep_err *e)
{
	struct keep_secret_ids new, shared = {0};
	size_t i;
	int code = find(fill, w, chosen, true, &new, e);

	if (!code && told)
		code = find(fill, w, chosen, false, &shared, e);
	for (i = 0; i < new.n && !code; i++)
		code = keep_secret_ids_add(&fill->known, new.v[i], e);
	if (code || !new.n)
		return code;
	code = fill->source->make(fill->c, &new, e);
	if (!code && shared.n)
		tell(fill, &shared);
	return code;
}

int keep_salts_need(const struct keep_fill *fill, const struct keep_world *w,
		    const bool *chosen, struct keep_err *e)
{
	struct keep_buf names = {.mem = fill->c->mem};
	struct keep_secret_ids missing;
	size_t i;
	int code = find(fill, w, chosen, true, &missing, e);

	if (code || !missing.n)
		return code;
	for (i = 0; i < missing.n && i < NAMED; i++)
		keep_buf_print(&names, "%s%s", i ? ", " : "",
			       missing.v[i].name.p + sizeof "salt." - 1);
	if (i < missing.n)
		keep_buf_print(&names, " and %zu more", missing.n - i);
	keep_buf_byte(&names, '\0');
	if (names.failed)
		return keep_no_memory(e);
	keep_fail(e, KEEP_E_NOT_FOUND, missing.n > 1 ? "nodes %s have no salt "
		  "yet" : "node %s has no salt yet", names.p);
	return keep_hint(e, "`keep node init %s` makes %s; if colleagues "
			 "deploy there, put theirs into %s, which git does "
			 "not bring", missing.n > 1 ? "NAME.." : names.p,
			 missing.n > 1 ? "them" : "it", fill->source->name);
}

int keep_salts(struct keep_ctx *c, struct keep_slices filter,
	       struct keep_err *e)
{
	KEEP_AUTO(keep_mem) locked = {.secret = true};
	struct keep_fill fill = {.c = c, .locked = &locked};
	struct keep_build b = {0};
	bool *chosen = NULL;
	int code = keep_provider_lock(c, "node init", e);

	if (code)
		return code;
	code = keep_build(c, KEEP_MAKE_NONE, &b, e);
	if (!code)
		code = keep_build_filter(&b, filter, &chosen, e);
	if (!code)
		code = keep_fill_begin(&fill, e);
	if (!code)
		code = keep_salts_make(&fill, b.world, chosen, false, e);
	keep_provider_unlock(c);
	return code;
}
