/* What a node answers to the verbs of nodes: whatever it says, rows can be
 * sent, and hold nothing that a terminal may not be sent. */
/* uses: deploy provider zlib git2 ssh2 */
#include <stdlib.h>
#include "../../cmd/deploy/node/node.h"

static void look(struct keep_slice s)
{
	size_t i, len;

	if (!keep_utf8_ok(s))
		abort();
	for (i = 0; i < s.len; i += len)
		if (!keep_text_shows(keep_utf8_get(s.p + i, &len)))
			abort();
}

static void look_all(struct keep_slices v)
{
	size_t i;

	for (i = 0; i < v.n; i++)
		look(v.v[i]);
}

static void encode(struct keep_mem *m, const struct keep_schema *s,
		   const void *row)
{
	struct keep_buf b = {.mem = m};
	struct keep_err e = {0};

	if (keep_schema_encode(s, row, &b, &e))
		abort();
}

static void try_status(struct keep_ctx *c, const struct keep_node_answer *a)
{
	struct keep_node_status_row row;

	keep_node_read_status(c, a, &row);
	look(row.current);
	look(row.applied);
	look(row.commit);
	look(row.who);
	look(row.result);
	look(row.holder);
	look(row.veto);
	encode(c->mem, &keep_node_status_row_schema, &row);
}

static void try_verify(struct keep_ctx *c, const struct keep_node_answer *a)
{
	struct keep_node_verify_row row;
	const struct keep_node_drift *d;
	struct keep_err e = {0};
	size_t i;

	if (keep_node_read_verify(c, a, &row, &e))
		abort();
	for (i = 0, d = row.drift.v; i < row.drift.n; i++)
		look(d[i].path);
	encode(c->mem, &keep_node_verify_row_schema, &row);
}

static void try_init(struct keep_ctx *c, const struct keep_node_answer *a)
{
	struct keep_node_init_row row = {.name = a->name};
	struct keep_err e = {0};

	if (keep_node_read_init(c, a, &row, &e))
		abort();
	look(row.user);
	look(row.root_by);
	look(row.sudoers);
	look_all(row.missing);
	look_all(row.foreign);
	encode(c->mem, &keep_node_init_row_schema, &row);
}

static void try_facts(struct keep_ctx *c, const struct keep_node_answer *a)
{
	struct keep_json facts;
	struct keep_err e = {0};
	uint32_t i;

	if (keep_node_read_facts(c, a->lines, &facts, &e))
		abort();
	for (i = 0; i < facts.n; i++)
		look(keep_json_text(&facts.members[i].value));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	KEEP_AUTO(keep_mem) m = {0};
	KEEP_AUTO(keep_fd) none = {0};
	struct keep_ctx c = {.mem = &m, .instance = none};
	const struct keep_node_answer a = {
		.name = KEEP_S("web1"),
		.lines = {len ? (const char *)data : "", len},
	};

	try_status(&c, &a);
	try_verify(&c, &a);
	try_init(&c, &a);
	try_facts(&c, &a);
	return 0;
}
