/* keep compile: the configuration of every node, as static files. Source:
 * PROVIDER 5.
 *
 * compiled/NODE.json is the evaluated node: keys sorted, two blanks a level, a
 * newline at the end. compiled/NODE/PATH are its files, as the property `files`
 * and send() name them, with placeholders for secrets. compiled/ENV/ is what an
 * environment is told as a whole: hosts, known_hosts, ssh_config,
 * firewall.json, zones/DOMAIN and bootstrap/; with a filter, of environments
 * that have a chosen node. compiled/ is replaced as a whole, so that a reader,
 * and who is killed in between, has the old output or the new; compiled/.made
 * lists what keep made in its directories. */
#ifndef KEEP_COMPILE_H
#define KEEP_COMPILE_H

#include <keep/verb.h>

/* compile [FILTER...] [--check] [--frozen] */
struct keep_compile_args {
	struct keep_slices filter; /* other nodes' files stay as they are */
	bool check;  /* write nothing; +DIFFERS when something would change */
	bool frozen; /* make no secret, draw nothing */
};

/* What changed, or with check would change. */
struct keep_compile_result {
	uint32_t added, changed, removed, unchanged; /* nodes */
	struct keep_slices nodes;   /* of the first three; by name */
	struct keep_slices secrets; /* made: "production/db", "db" (default) */
	struct keep_slices picks;   /* drawn */
};

KEEP_BEGIN
/* Evaluates all nodes, and writes the enabled ones. BAD_ARGS with every fault
 * of the instance, and nothing is written; NOT_FOUND when the filter selects
 * no node; DENIED when others may read secrets.dev.json; CONFLICT when a file
 * of somebody else lies in a directory of compiled/; BUSY. Results live in
 * c->mem. */
KEEP_MUST int keep_compile(struct keep_ctx *c,
			   const struct keep_compile_args *a,
			   struct keep_compile_result *r, struct keep_err *e);
extern const struct keep_schema keep_compile_args_schema;
extern const struct keep_schema keep_compile_result_schema;
extern const uint16_t keep_compile_errors[];
keep_text_fn keep_compile_text;
KEEP_END

#endif
