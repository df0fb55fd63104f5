/* keep node rekey: a node that was installed anew. */
#include "../known.h"
#include "../pin.h"
#include "node.h"

#define A struct keep_node_rekey_args
static const struct keep_field args[] = {
	{KEEP_TEXT(A, node), .source = KEEP_WORD, .required = true, .max = 63,
	 .complete = keep_complete_filter, .help = "the node"},
	{KEEP_TEXT(A, host_key), .meta = "FP", .max = 200,
	 .help = "the fingerprint of its new host key, as ssh-keygen -l prints it"},
};
#undef A
const struct keep_schema keep_node_rekey_args_schema =
	KEEP_SCHEMA(struct keep_node_rekey_args, args);

#define R struct keep_node_rekey_result
static const struct keep_field fields[] = {
	{KEEP_TEXT(R, file), .required = true, .help = "where its host key is pinned"},
	{KEEP_TEXTS(R, old), .required = true, .help = "the host keys that were pinned"},
	{KEEP_TEXT(R, host_key), .required = true, .help = "the one that is"},
	{KEEP_BOOL(R, changed), .help = "whether another one was pinned before"},
};
#undef R
const struct keep_schema keep_node_rekey_result_schema =
	KEEP_SCHEMA(struct keep_node_rekey_result, fields);

static int contact(struct keep_ctx *c, struct keep_slice node,
		   struct keep_contact *out, struct keep_err *e)
{
	struct keep_slice word = keep_mem_print(c->mem, "node:%.*s",
						KEEP_F(node));
	struct keep_contacts contacts;
	int rc = word.p ? keep_contacts(c, (struct keep_slices){&word, 1},
					&contacts, e) : keep_no_memory(e);

	if (!rc && contacts.n != 1)
		rc = keep_fail(e, KEEP_E_BAD_ARGS, "'%.*s' is no name of a "
			       "node", KEEP_F(node));
	if (!rc)
		*out = contacts.v[0];
	return rc;
}

static int tell_old(struct keep_ctx *c, const struct keep_ssh_keys *old,
		    struct keep_node_rekey_result *r, struct keep_err *e)
{
	struct keep_slice *v = KEEP_NEWS(c->mem, old->n, struct keep_slice);
	size_t i;

	if (!v)
		return keep_no_memory(e);
	for (i = 0; i < old->n; i++) {
		v[i] = keep_node_print(c, &old->v[i]);
		if (!v[i].p)
			return keep_no_memory(e);
	}
	r->old = (struct keep_slices){v, old->n};
	return 0;
}

/* The new one is there before the old ones go. */
static int replace(struct keep_ctx *c, const struct keep_node_shown *s,
		   const struct keep_ssh_key *key,
		   struct keep_node_rekey_result *r, struct keep_err *e)
{
	struct keep_slice node = s->node->node;
	int rc = tell_old(c, &s->old, r, e);

	r->host_key = keep_node_print(c, key);
	r->file = keep_mem_print(c->mem, "files/nodes/%.*s", KEEP_F(node));
	if (!rc && (!r->host_key.p || !r->file.p))
		rc = keep_no_memory(e);
	r->changed = s->old.n != 1 || !keep_pins_have(&s->old, key);
	if (!rc && r->changed)
		rc = keep_pin_put(c, node, key, e);
	if (!rc && r->changed)
		rc = keep_pins_drop(c, node, key, e);
	return rc ? rc : keep_known_drop(c, node, e);
}

int keep_node_rekey(struct keep_ctx *c, const struct keep_node_rekey_args *a,
		    struct keep_node_rekey_result *r, struct keep_err *e)
{
	struct keep_contact n;
	struct keep_node_shown s = {.node = &n, .print = a->host_key};
	struct keep_ssh_key key;
	int rc = contact(c, a->node, &n, e);

	if (!rc)
		rc = keep_pins_read(c, n.node, &s.old, e);
	if (!rc)
		rc = keep_node_scan(c, &n, &s.keys, e);
	if (!rc)
		rc = keep_node_choose(c, &s, &key, e);
	return rc ? rc : replace(c, &s, &key, r, e);
}

void keep_node_rekey_text(const struct keep_view *v, struct keep_buf *out)
{
	const struct keep_node_rekey_result *r = v->result;
	size_t i;

	for (i = 0; i < r->old.n; i++)
		keep_buf_print(out, "was: %.*s\n", KEEP_F(r->old.v[i]));
	keep_buf_print(out, "is:  %.*s, pinned in %.*s\n",
		       KEEP_F(r->host_key), KEEP_F(r->file));
}
