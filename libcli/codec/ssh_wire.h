/* The types of RFC 4251 5: u32 big-endian, string = u32 length and bytes. */
#ifndef SSH_WIRE_H
#define SSH_WIRE_H

#include <keep/ssh.h>

/* What is left to read; behind the first fault all reads give nothing. */
struct keep_ssh_reader {
	struct keep_slice rest;
	bool bad;
};
struct keep_slice keep_ssh_get_bytes(struct keep_ssh_reader *r, size_t len);
uint32_t keep_ssh_get_u32(struct keep_ssh_reader *r);
struct keep_slice keep_ssh_get_string(struct keep_ssh_reader *r);
/* Whether all was read, without a fault. */
bool keep_ssh_got_all(const struct keep_ssh_reader *r);

void keep_ssh_put_u32(struct keep_buf *b, uint32_t v);
/* S has less than 4 GiB. */
void keep_ssh_put_string(struct keep_buf *b, struct keep_slice s);

/* Whether SIGNATURE has the form of one that KEY makes. */
bool keep_ssh_signature_ok(const struct keep_ssh_key *key,
			   struct keep_slice signature);
/* The name of the algorithm that KEY signs with; absent: not known. */
struct keep_slice keep_ssh_algorithm(const struct keep_ssh_key *key);

#endif
