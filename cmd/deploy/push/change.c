/* Two manifests, compared in one go. */
#include <keep/text.h>
#include "change.h"

/* Files that can lock out who deploys. */
static const char *const access_globs[] = {
	"files/etc/ssh/*", "files/*/authorized_keys*", "files/etc/pam.d/*",
	"files/etc/passwd", "files/etc/shadow", "files/etc/group",
	"files/etc/sudoers*", "files/etc/security/*", "files/etc/nftables*",
	"files/etc/iptables*", "files/etc/ufw/*", "files/etc/ferm/*",
	"files/etc/shorewall*", "files/etc/network/*", "files/etc/netplan/*",
	"files/etc/systemd/network/*", "files/etc/resolv.conf",
	"files/etc/hosts.allow", "files/etc/hosts.deny",
	"files/etc/sysctl*", "files/etc/fail2ban/*",
};

static bool is_access(struct keep_slice path)
{
	size_t i;

	for (i = 0; i < KEEP_COUNT(access_globs); i++)
		if (keep_text_glob(keep_slice(access_globs[i]), path))
			return true;
	return false;
}

static void note(struct keep_change *c, const struct keep_part *to,
		 struct keep_slice path)
{
	c->closed = c->closed || (to && (to->secret || to->closed));
	c->access = c->access || is_access(path);
}

int keep_change_find(struct keep_mem *m, const struct keep_generation *g,
		     const struct keep_manifest *base,
		     struct keep_change *out, struct keep_err *e)
{
	static const struct keep_manifest nothing;
	const struct keep_manifest *from = base ? base : &nothing;
	struct keep_manifest to;
	size_t i = 0, j = 0;
	int order, rc = keep_manifest_read(m, g->manifest, &to, e);

	*out = (struct keep_change){0};
	while (!rc && (i < to.n || j < from->n)) {
		order = i == to.n ? 1 : j == from->n ? -1 :
			keep_slice_cmp(to.v[i].path, from->v[j].path);
		if (order > 0)
			note(out, NULL, from->v[j].path);
		else if (order || !keep_slice_eq(to.v[i].rest, from->v[j].rest))
			note(out, &g->parts[i], to.v[i].path);
		i += order <= 0;
		j += order >= 0;
	}
	return rc;
}
