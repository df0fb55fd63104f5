/* What a node's start finds in its directory (contrib/local/node). */
#include <fcntl.h>
#include <keep/cli.h>
#include <keep/log.h>
#include "../pin.h"
#include "local.h"

enum { KEY_MAX = 16 << 10 };

static const char config[] =
	"Include /etc/ssh/sshd_config.d/*.conf\n"
	"ListenAddress %.*s:%u\n"
	"HostKey /etc/ssh/host_key\n"
	"PidFile /run/sshd.pid\n"
	"PermitRootLogin prohibit-password\n"
	"PasswordAuthentication no\n"
	"KbdInteractiveAuthentication no\n"
	"UsePAM no\n"
	"UseDNS no\n"
	"PrintMotd no\n"
	"Subsystem sftp internal-sftp\n";

/* A file of the node's directory; the name is ours. */
static int put(struct keep_ctx *c, const struct keep_local *l,
	       const struct keep_local_node *n, const char *file,
	       struct keep_slice text, struct keep_err *e)
{
	struct keep_slice path = keep_mem_print(c->mem, "%s/%s", n->name.p,
						file);

	return path.p && text.p ?
		keep_file_replace(keep_fd_get(&l->dir), path.p, text, 0600,
				  e) : keep_no_memory(e);
}

/* One that is there stays: the instance knows it. */
static int make_key(struct keep_ctx *c, const struct keep_local *l,
		    const struct keep_local_node *n, struct keep_ssh_key *key,
		    struct keep_err *e)
{
	struct keep_slice pub, file, text, none;
	int code, dir = keep_fd_get(&l->dir);

	pub = keep_mem_print(c->mem, "%s/host_key.pub", n->name.p);
	file = keep_mem_print(c->mem, "%s/%s/host_key", l->path.p, n->name.p);
	if (!pub.p || !file.p)
		return keep_no_memory(e);
	code = keep_file_read(c->mem, dir, pub.p, KEY_MAX, &text, NULL);
	if (code) {
		const char *const argv[] = {
			"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C",
			n->name.p, "-f", file.p, NULL,
		};
		const struct keep_program p = {argv, KEEP_S("y\n"), KEY_MAX};

		code = keep_program_run(c, &p, &none, e);
		if (!code)
			code = keep_file_read(c->mem, dir, pub.p, KEY_MAX,
					      &text, e);
	}
	return code ? code : keep_ssh_line_get(c->mem, text, key, e);
}

/* A key that somebody pinned is his to replace. */
static int pin(struct keep_ctx *c, const struct keep_local_node *n,
	       const struct keep_ssh_key *key, struct keep_err *e)
{
	struct keep_buf print = {.mem = c->mem};
	struct keep_ssh_keys pins;
	int code = keep_pins_read(c, n->name, &pins, e);

	if (code || keep_pins_have(&pins, key))
		return code;
	if (!pins.n)
		return keep_pin_put(c, n->name, key, e);
	keep_ssh_fingerprint_put(&print, key);
	keep_log(c->log, KEEP_LOG_WARNING, "%s has another host key than "
		 "files/nodes/%s says; `keep node rekey %s --host-key %.*s` "
		 "pins it", n->name.p, n->name.p, n->name.p,
		 KEEP_F(keep_buf_get(&print)));
	return keep_buf_check(&print, e);
}

int keep_local_prepare(struct keep_ctx *c, const struct keep_local *l,
		       const struct keep_local_node *n, struct keep_slice keys,
		       struct keep_err *e)
{
	struct keep_slice home = keep_mem_print(c->mem, "%s/home/.ssh",
						n->name.p);
	struct keep_slice user = keep_mem_print(c->mem, "%.*s\n",
						KEEP_F(n->user));
	struct keep_ssh_key key;
	int code = home.p ? keep_dir_make(keep_fd_get(&l->dir), home.p, 0700,
					  e) : keep_no_memory(e);

	if (!code)
		code = put(c, l, n, "home/.ssh/authorized_keys", keys, e);
	if (!code)
		code = put(c, l, n, "user", user, e);
	if (!code)
		code = put(c, l, n, "sshd_config",
			   keep_mem_print(c->mem, config, KEEP_F(n->address),
					  n->port), e);
	if (!code)
		code = make_key(c, l, n, &key, e);
	return code ? code : pin(c, n, &key, e);
}
