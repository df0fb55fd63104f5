/* The host keys that the instance has pinned: files/nodes/NAME/, where compile
 * finds them, too (cmd/provider/output/host_keys.c). Source: DEPLOY 4. */
#ifndef DEPLOY_PIN_H
#define DEPLOY_PIN_H

#include <keep/ssh.h>
#include <keep/verb.h>

/* Those of NODE, in c->mem; a file that holds none is passed over, since
 * compile tells of it. IO. */
KEEP_MUST int keep_pins_read(struct keep_ctx *c, struct keep_slice node,
			     struct keep_ssh_keys *out, struct keep_err *e);
/* Pins KEY, in a file named by its type, which like its directory belongs to
 * the owner of the instance. IO, DENIED. */
KEEP_MUST int keep_pin_put(struct keep_ctx *c, struct keep_slice node,
			   const struct keep_ssh_key *key,
			   struct keep_err *e);
/* Removes all of NODE's but the one that keep_pin_put(KEY) wrote. */
KEEP_MUST int keep_pins_drop(struct keep_ctx *c, struct keep_slice node,
			     const struct keep_ssh_key *key,
			     struct keep_err *e);
/* Whether KEY is among them. */
bool keep_pins_have(const struct keep_ssh_keys *pins,
		    const struct keep_ssh_key *key);

#endif
