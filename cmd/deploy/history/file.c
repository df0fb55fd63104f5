/* deploy.json: the row of a deploy as a file, and back. */
#include <keep/cli.h>
#include "history.h"

enum { OWN = 2 }; /* the last fields of a row tell of the commit itself */

static struct keep_schema file_schema(void)
{
	struct keep_schema s = keep_history_row_schema;

	s.name = "history";
	s.n -= OWN;
	return s;
}

int keep_past_write(struct keep_mem *m, const struct keep_history_row *row,
		    struct keep_slice *out, struct keep_err *e)
{
	struct keep_schema s = file_schema();
	struct keep_buf b = {.mem = m, .limit = KEEP_HISTORY_MAX};

	keep_form_json(&s, row, KEEP_JSON_PRETTY, &b);
	keep_buf_byte(&b, '\n');
	*out = keep_buf_get(&b);
	return keep_buf_check(&b, e);
}

static const struct keep_field *find(const struct keep_schema *s,
				     struct keep_slice name)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		if (keep_slice_is(name, s->fields[i].name))
			return &s->fields[i];
	return NULL;
}

static struct keep_json trim(struct keep_mem *m, const struct keep_schema *s,
			     const struct keep_json *v, bool *failed);

static struct keep_json trim_list(struct keep_mem *m,
				  const struct keep_schema *s,
				  const struct keep_json *v, bool *failed)
{
	struct keep_json *kept = KEEP_NEWS(m, v->n, struct keep_json);
	struct keep_json out = *v;
	uint32_t i;

	*failed |= !kept;
	for (i = 0; kept && i < v->n; i++)
		kept[i] = trim(m, s, &v->list[i], failed);
	out.list = kept;
	return out;
}

/* V without the members that a later keep may have added. */
static struct keep_json trim(struct keep_mem *m, const struct keep_schema *s,
			     const struct keep_json *v, bool *failed)
{
	struct keep_json_member *kept;
	struct keep_json out = *v;
	uint32_t i, n = 0;

	if (v->type != KEEP_JSON_OBJECT)
		return out;
	kept = KEEP_NEWS(m, v->n, struct keep_json_member);
	*failed |= !kept;
	for (i = 0; kept && i < v->n; i++) {
		const struct keep_field *f = find(s, v->members[i].key);

		if (!f)
			continue;
		kept[n] = v->members[i];
		if (f->sub && kept[n].value.type == KEEP_JSON_LIST)
			kept[n].value = trim_list(m, f->sub, &kept[n].value,
						  failed);
		n++;
	}
	out.members = kept;
	out.n = n;
	return out;
}

int keep_past_read(struct keep_mem *m, struct keep_slice text,
		   struct keep_history_row *row, struct keep_err *e)
{
	struct keep_json_source source = {KEEP_S(KEEP_PAST_FILE)};
	struct keep_problems *ps = KEEP_NEW(m, struct keep_problems);
	struct keep_schema s = file_schema();
	struct keep_buf b = {.mem = m};
	struct keep_json v;
	bool failed = false;
	int rc;

	*row = (struct keep_history_row){0};
	if (!ps)
		return keep_no_memory(e);
	if (text.len > KEEP_HISTORY_MAX)
		return keep_fail(e, KEEP_E_TOO_LARGE, "%zu bytes of %s",
				 text.len, KEEP_PAST_FILE);
	ps->mem = m;
	rc = keep_json_read(m, text, &source, KEEP_JSON_STRICT, ps, &v);
	if (!rc)
		v = trim(m, &s, &v, &failed);
	if (rc == -KEEP_E_NO_MEMORY || failed)
		return keep_no_memory(e);
	if (rc)
		return keep_problems_fail(ps, e, KEEP_E_BAD_ARGS, "%s",
					  KEEP_PAST_FILE);
	rc = keep_form_read(m, &s, &v, &b, e);
	return rc ? rc : keep_schema_decode(m, &s, keep_buf_get(&b), true,
					    row, e);
}
