/* Items as text. */
#include "node.h"

enum { CELL_MAX = 1 << 20 };

static void put_element(struct keep_buf *b, const struct keep_json *v)
{
	if (v->type == KEEP_JSON_TEXT)
		keep_buf_slice(b, keep_json_text(v));
	else
		keep_json_put(b, v, KEEP_JSON_COMPACT);
}

struct keep_slice keep_item_cell(struct keep_mem *m, struct keep_slice item)
{
	struct keep_buf b = {.mem = m};
	struct keep_json v;
	uint32_t i;

	if (keep_json_from_cbor(m, item, &v, NULL) ||
	    v.type == KEEP_JSON_NULL)
		return KEEP_S("-");
	if (v.type != KEEP_JSON_LIST)
		put_element(&b, &v);
	for (i = 0; v.type == KEEP_JSON_LIST && i < v.n; i++) {
		keep_buf_text(&b, i ? ", " : "");
		put_element(&b, &v.list[i]);
	}
	return b.len ? keep_text_safe(m, keep_buf_get(&b), CELL_MAX) :
		       KEEP_S("-");
}
