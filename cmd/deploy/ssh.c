/* keep ssh: a shell, or a command, on one node. */
#include <keep/run.h>
#include "reach.h"

#define A struct keep_ssh_args
static const struct keep_field args[] = {
	{KEEP_TEXT(A, node), .source = KEEP_WORD, .required = true, .max = 63,
	 .complete = keep_complete_node, .help = "the node"},
	{KEEP_TEXTS(A, command), .source = KEEP_REST, .meta = "CMD",
	 .help = "for the user's shell there; without it: a shell"},
	{KEEP_BOOL(A, tty), .letter = 't', .help = "give the command a terminal"},
};
#undef A
const struct keep_schema keep_ssh_args_schema =
	KEEP_SCHEMA(struct keep_ssh_args, args);
const uint16_t keep_ssh_errors[] = {
	KEEP_E_NOT_FOUND, KEEP_E_UNTRUSTED, KEEP_E_INTERACTIVE, 0,
};

/* A word of a filter would be a service or a tag, too. */
static int find(struct keep_ctx *c, struct keep_slice node,
		struct keep_contacts *out, struct keep_err *e)
{
	struct keep_slice word = keep_mem_print(c->mem, "node:%.*s",
						KEEP_F(node));
	int rc = word.p ? keep_contacts(c, (struct keep_slices){&word, 1}, out,
					e) : keep_no_memory(e);

	if (!rc && (out->n != 1 || !keep_slice_eq(out->v[0].node, node)))
		rc = keep_fail(e, KEEP_E_NOT_FOUND, "'%.*s' is no node",
			       KEEP_F(node));
	return rc;
}

int keep_ssh_to(struct keep_ctx *c, const struct keep_ssh_args *a,
		struct keep_err *e)
{
	struct keep_contacts nodes;
	struct keep_login login = {0};
	const struct keep_openssh_call call = {&login, a->command, a->tty};
	const char *const *argv;
	int rc = find(c, a->node, &nodes, e);

	if (!rc)
		rc = keep_reach_login(c, &nodes.v[0], &login, e);
	if (!rc)
		rc = keep_openssh_words(c->mem, &call, &argv, e);
	if (rc)
		return rc;
	if (c->hand_over)
		return c->hand_over(c, argv, e);
	return keep_fail(e, KEEP_E_INTERACTIVE, "there is no terminal to give "
			 "to ssh");
}
