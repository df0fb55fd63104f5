/* compiled/ENV/ssh_config (ssh_config(5)): ssh is called from the top of the
 * instance, since paths of known_hosts are relative. */
#include "env.h"

static void put_ip(struct keep_buf *b, const struct keep_env_node *n)
{
	if (n->n_ips == 0)
		return;
	keep_buf_text(b, "\tHostName ");
	keep_ip_put(b, &n->ips[0].ip);
	keep_buf_byte(b, '\n');
}

static void put_node(const struct keep_env_build *x,
		     const struct keep_env_node *n, struct keep_buf *b)
{
	keep_buf_print(b, "\nHost %.*s", KEEP_F(n->node->name));
	if (n->full.p)
		keep_buf_print(b, " %.*s", KEEP_F(n->full));
	if (n->internal.p)
		keep_buf_print(b, " %.*s", KEEP_F(n->internal));
	keep_buf_byte(b, '\n');
	put_ip(b, n);
	keep_buf_print(b, "\tPort %u\n", n->port);
	if (n->user.p)
		keep_buf_print(b, "\tUser %.*s\n", KEEP_F(n->user));
	keep_buf_print(b, "\tHostKeyAlias %.*s\n", KEEP_F(n->node->name));
	keep_buf_print(b, "\tGlobalKnownHostsFile compiled/%.*s/known_hosts\n",
		       KEEP_F(x->env->name));
	keep_buf_text(b, "\tUserKnownHostsFile none\n"
		      "\tStrictHostKeyChecking yes\n");
}

int keep_env_ssh_config(struct keep_env_build *x, struct keep_err *e)
{
	struct keep_env_file *f = keep_env_file(x, KEEP_S("ssh_config"));
	size_t i;

	if (!f)
		return keep_no_memory(e);
	keep_buf_text(&f->text, "# Made by `keep compile`. From the top of "
		      "the instance:\n");
	keep_buf_print(&f->text, "#   ssh -F compiled/%.*s/ssh_config NODE\n",
		       KEEP_F(x->env->name));
	for (i = 0; i < x->n_nodes; i++)
		put_node(x, &x->nodes[i], &f->text);
	return keep_buf_check(&f->text, e);
}
