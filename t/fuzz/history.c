/* uses: deploy provider zlib */
/* What others wrote as deploy.json: what is read is written and read as the
 * same. And as a line of a node's journal: its parts are those of the line. */
#include <keep/history.h>
#include "../../cmd/deploy/history/history.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool same(const struct keep_history_row *a,
		 const struct keep_history_row *b)
{
	KEEP_AUTO(keep_buf) x = {0}, y = {0};

	if (keep_schema_encode(&keep_history_row_schema, a, &x, NULL) ||
	    keep_schema_encode(&keep_history_row_schema, b, &y, NULL))
		return false;
	return keep_slice_eq(keep_buf_get(&x), keep_buf_get(&y));
}

static bool is_in(struct keep_slice part, struct keep_slice all)
{
	return !part.p || (part.p >= all.p &&
			   part.p + part.len <= all.p + all.len);
}

static void journal(struct keep_slice line)
{
	struct keep_history_node node;
	struct keep_history_row row;

	if (!keep_past_journal(line, &row, &node))
		return;
	if (!is_in(row.user, line) || !is_in(row.host, line) ||
	    !is_in(row.deploy, line) || !is_in(row.commit, line) ||
	    !is_in(node.state, line) || !is_in(node.id, line))
		__builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	KEEP_AUTO(keep_mem) m = {.limit = 64 << 20};
	struct keep_slice text = {(const char *)data, size}, out;
	struct keep_history_row row, again;

	journal(text);
	if (keep_past_read(&m, text, &row, NULL))
		return 0;
	if (keep_past_write(&m, &row, &out, NULL) ||
	    keep_past_read(&m, out, &again, NULL))
		__builtin_trap();
	row.id = again.id = KEEP_S("x");
	if (!same(&row, &again))
		__builtin_trap();
	return 0;
}
