/* The back end of <keep/transport.h> that speaks SSH in this process, by
 * libssh2: no process a node, hence a sixteenth of the CPU. It is opened late:
 * keep_library_symbol(run_dir, "ssh2", "keep_ssh2", e).
 * It knows no user's configuration, no names (login.address is a number), and
 * of the agent's keys only Ed25519 and ECDSA; libssh2 1.10 of Debian 12 has no
 * AEAD, no EtM, no RSA with SHA-2. Where one of these is what is missing, the
 * end says other_may. CBC, RC4, 3DES, SHA-1, MD5 and group1 are never offered,
 * and the node answers with the pinned kind of key. */
#ifndef KEEP_SSH2_H
#define KEEP_SSH2_H

#include <keep/transport.h>

KEEP_BEGIN
extern const struct keep_backend keep_ssh2;
KEEP_END

#endif
