/* compiled/ENV/known_hosts: host keys under every name and address that ssh
 * may look for (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT). */
#include "env.h"

static void put_ip(struct keep_buf *b, const char *before,
		   const struct keep_ip *ip, const char *behind)
{
	keep_buf_text(b, before);
	keep_ip_put(b, ip);
	keep_buf_text(b, behind);
}

/* Another port than 22 is part of what ssh looks for, but not where a name
 * stands for the host: HostKeyAlias. */
static void put_names(const struct keep_env_node *n, struct keep_buf *b)
{
	const struct keep_slice names[] = {
		n->node->name, n->internal, n->full
	};
	char port[16];
	size_t i;

	snprintf(port, sizeof port, "]:%u", n->port);
	for (i = 0; i < KEEP_COUNT(names); i++)
		if (names[i].p)
			keep_buf_print(b, "%s%.*s", i ? "," : "",
				       KEEP_F(names[i]));
	for (i = 0; i < n->n_ips; i++)
		put_ip(b, ",", &n->ips[i].ip, "");
	if (n->port == 22)
		return;
	for (i = 0; i < KEEP_COUNT(names); i++)
		if (names[i].p)
			keep_buf_print(b, ",[%.*s%s", KEEP_F(names[i]), port);
	for (i = 0; i < n->n_ips; i++)
		put_ip(b, ",[", &n->ips[i].ip, port);
}

int keep_env_known_hosts(struct keep_env_build *x, struct keep_err *e)
{
	struct keep_env_file *f = keep_env_file(x, KEEP_S("known_hosts"));
	const struct keep_env_node *n;
	size_t i, j;

	if (!f)
		return keep_no_memory(e);
	keep_buf_text(&f->text, "# Made by `keep compile` from "
		      "files/nodes/NAME/ssh_host_ed25519_key.pub and its "
		      "like.\n# Put them there from the node, or with "
		      "ssh-keyscan: then compare the fingerprint\n"
		      "# with what ssh-keygen -l tells on the node.\n");
	for (i = 0; i < x->n_nodes; i++) {
		n = &x->nodes[i];
		for (j = 0; j < n->host_keys.n; j++) {
			put_names(n, &f->text);
			keep_buf_print(&f->text, " %.*s\n",
				       KEEP_F(n->host_keys.v[j]));
		}
	}
	return keep_buf_check(&f->text, e);
}
