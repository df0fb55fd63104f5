/* Envelopes written. */
#include <string.h>
#include "envelope.h"

int keep_request_put(struct keep_buf *out, const struct keep_request *request,
		     const struct keep_verb_call *call, struct keep_err *e)
{
	KEEP_AUTO(keep_buf) bytes = {0};
	struct keep_request r = *request;

	if (call) {
		if (keep_schema_encode(&keep_call_schema, call, &bytes, e))
			return -e->code;
		r.call = keep_buf_get(&bytes);
	}
	return keep_schema_encode(&keep_request_schema, &r, out, e);
}

int keep_ok_put(struct keep_buf *out, const struct keep_ok *ok,
		struct keep_err *e)
{
	return keep_schema_encode(&keep_ok_schema, ok, out, e);
}

int keep_item_put(struct keep_buf *out, const struct keep_item *item,
		  struct keep_err *e)
{
	keep_cbor_put_list(out, 2);
	keep_cbor_put_uint(out, item->is_progress ? 0 : 1);
	if (item->is_progress)
		return keep_schema_encode(&keep_progress_schema,
					  &item->progress, out, e);
	keep_buf_slice(out, item->value);
	return keep_buf_check(out, e);
}

/* --- errors -------------------------------------------------------------- */

/* Bytes that it takes at most: five heads, and the largest of two numbers. */
static size_t size_of(const struct keep_problem *p)
{
	return 40 + p->where.len + p->message.len + p->hint.len;
}

struct keep_wire_problem keep_wire_problem_of(const struct keep_problem *p)
{
	return (struct keep_wire_problem){
		.where = p->where.p ? p->where : KEEP_S(""),
		.has_line = p->line != 0, .line = p->line,
		.has_column = p->column != 0, .column = p->column,
		.message = p->message.p ? p->message : KEEP_S(""),
		.hint = p->hint,
	};
}

/* As many as fit into ROOM bytes. */
static int problems_put(struct keep_mem *m, const struct keep_problems *ps,
			size_t room, struct keep_list *out)
{
	struct keep_wire_problem *v = KEEP_NEWS(m, ps->kept,
						struct keep_wire_problem);
	const struct keep_problem *p = ps->first;
	size_t n = 0;

	if (!v)
		return -KEEP_E_NO_MEMORY;
	for (; p && n < ps->kept && size_of(p) <= room; p = p->next) {
		room -= size_of(p);
		v[n++] = keep_wire_problem_of(p);
	}
	*out = (struct keep_list){v, n};
	return 0;
}

static int detail_put(struct keep_buf *out, const struct keep_err *error,
		      size_t max, struct keep_err *e)
{
	KEEP_AUTO(keep_mem) m = {0};
	size_t others = sizeof error->message + sizeof error->hint + 64;
	struct keep_error_detail d = {
		.has_retry_after_ms = error->retry_after_ms != 0,
		.retry_after_ms = error->retry_after_ms,
	};

	if (error->hint[0])
		d.hint = keep_slice(error->hint);
	if (error->problems && max > others &&
	    problems_put(&m, error->problems, max - others, &d.problems))
		return keep_no_memory(e);
	if (!d.hint.p && !d.has_retry_after_ms && !d.problems.n)
		return 0;
	return keep_schema_encode(&keep_error_detail_schema, &d, out, e);
}

int keep_error_put(struct keep_buf *out, struct keep_slice id,
		   const struct keep_err *error, size_t max,
		   struct keep_err *e)
{
	KEEP_AUTO(keep_buf) detail = {0};
	struct keep_refusal r = {.id = id, .code = (uint32_t)error->code};

	if (detail_put(&detail, error, max, e))
		return -e->code;
	if (error->message[0])
		r.message = keep_slice(error->message);
	if (detail.len)
		r.detail = keep_buf_get(&detail);
	return keep_schema_encode(&keep_refusal_schema, &r, out, e);
}
