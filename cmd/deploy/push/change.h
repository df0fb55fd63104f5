/* What a deploy changes on a node, by the manifests. */
#ifndef PUSH_CHANGE_H
#define PUSH_CHANGE_H

#include <keep/generation.h>

struct keep_change {
	bool closed;   /* what is to be sent is not for all on the node */
	bool access;   /* who is on the way in: ssh, firewall, network, users */
};

/* From BASE (NULL: nothing) to G. */
void keep_change_find(const struct keep_generation *g,
		      const struct keep_manifest *base,
		      struct keep_change *out);

#endif
