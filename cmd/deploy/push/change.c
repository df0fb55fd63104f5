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

void keep_change_find(const struct keep_generation *g,
		      const struct keep_manifest *base,
		      struct keep_change *out)
{
	static const struct keep_manifest nothing;
	const struct keep_manifest *from = base ? base : &nothing;
	struct keep_manifest_line to = {0};
	size_t i = 0, j = 0, at = 0;
	int order = 0;

	*out = (struct keep_change){0};
	while (i < g->n || j < from->n) {
		if (i < g->n && order <= 0)
			to = keep_generation_line(g, i, &at);
		order = i == g->n ? 1 : j == from->n ? -1 :
			keep_slice_cmp(to.path, from->v[j].path);
		if (order > 0)
			note(out, NULL, from->v[j].path);
		else if (order || !keep_slice_eq(to.rest, from->v[j].rest))
			note(out, &g->parts[i], to.path);
		i += order <= 0;
		j += order >= 0;
	}
}
