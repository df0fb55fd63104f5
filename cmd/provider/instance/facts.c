/* What nodes said of themselves: facts/NAME.json, as `keep node facts` writes
 * it. It stands in no merged tree; expressions read it as self.facts. */
#include "reading.h"

/* A text is that text, whatever a node says: none is an expression. */
static int literal(struct keep_mem *m, const struct keep_json *in,
		   struct keep_json *out)
{
	struct keep_json_member *members;
	struct keep_json *list;
	struct keep_slice text = keep_json_text(in);
	uint32_t i;

	*out = *in;
	if (in->type == KEEP_JSON_TEXT && keep_slice_starts(text, "= ")) {
		text = keep_mem_print(m, "=%.*s", KEEP_F(text));
		out->text = text.p;
		out->n++;
		return text.p ? 0 : -KEEP_E_NO_MEMORY;
	}
	if (in->type == KEEP_JSON_LIST) {
		list = KEEP_NEWS(m, in->n, struct keep_json);
		for (i = 0; list && i < in->n; i++)
			if (literal(m, &in->list[i], &list[i]))
				return -KEEP_E_NO_MEMORY;
		out->list = list;
		return list ? 0 : -KEEP_E_NO_MEMORY;
	}
	if (in->type != KEEP_JSON_OBJECT)
		return 0;
	members = KEEP_NEWS(m, in->n, struct keep_json_member);
	for (i = 0; members && i < in->n; i++) {
		members[i] = in->members[i];
		if (literal(m, &in->members[i].value, &members[i].value))
			return -KEEP_E_NO_MEMORY;
	}
	out->members = members;
	return members ? 0 : -KEEP_E_NO_MEMORY;
}

static int read_one(struct keep_reading *r, struct keep_slice stem,
		    struct keep_err *e)
{
	const struct keep_node *n = keep_world_node(r->w, stem);
	struct keep_slice path = keep_mem_print(r->m, "facts/%.*s.json",
						KEEP_F(stem));
	struct keep_json tree = {0};
	int code;

	if (!path.p)
		return keep_no_memory(e);
	if (!n) /* doctor tells of it */
		return 0;
	keep_see(r->w->seen, r->dir_fd, path.p);
	code = keep_instance_json(r->m, r->dir_fd, path.p, r->ps, &tree, e);
	if (!code && literal(r->m, &tree, &r->w->nodes[n->index].facts))
		return keep_no_memory(e);
	return code;
}

int keep_read_facts(struct keep_reading *r, struct keep_err *e)
{
	struct keep_slices stems;
	size_t i;
	int code = keep_json_names(r, "facts", &stems, e);

	for (i = 0; !code && i < stems.n; i++)
		code = read_one(r, stems.v[i], e);
	return code;
}
