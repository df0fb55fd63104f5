/* compiled/ENV/hosts: every address with all names of its node (hosts(5)). */
#include "env.h"

static void put_names(const struct keep_env_node *n, struct keep_buf *b)
{
	size_t i;

	for (i = 0; i < n->n_names; i++)
		if (keep_env_is_host(n->names[i].text))
			keep_buf_print(b, " %.*s", KEEP_F(n->names[i].text));
}

int keep_env_hosts(struct keep_env_build *x, struct keep_err *e)
{
	struct keep_env_file *f = keep_env_file(x, KEEP_S("hosts"));
	const struct keep_env_node *n;
	size_t i, j;

	if (!f)
		return keep_no_memory(e);
	keep_buf_text(&f->text, "# Made by `keep compile`.\n");
	for (i = 0; i < x->n_nodes; i++) {
		n = &x->nodes[i];
		for (j = 0; j < n->n_ips; j++) {
			keep_ip_put(&f->text, &n->ips[j].ip);
			put_names(n, &f->text);
			keep_buf_byte(&f->text, '\n');
		}
	}
	return keep_buf_check(&f->text, e);
}
