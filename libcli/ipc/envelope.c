/* Envelopes read. */
#include <string.h>
#include "envelope.h"

/* A decoder's faults are those of the envelope, not of arguments. */
static int as(int rc, int code, struct keep_err *e)
{
	if (rc == 0 || rc == -KEEP_E_NO_MEMORY)
		return rc;
	if (e)
		e->code = code;
	return -code;
}

/* The id of a request that is wrong elsewhere. */
static struct keep_slice id_of(struct keep_slice item)
{
	struct keep_cbor_head h = keep_cbor_next(&item), key, value;
	uint64_t i;

	if (h.kind != KEEP_CBOR_MAP)
		return KEEP_NO_ID;
	for (i = 0; i < h.v; i++) {
		key = keep_cbor_next(&item);
		value = keep_cbor_peek(item);
		if (key.kind == KEEP_CBOR_UINT && key.v == 1 &&
		    value.kind == KEEP_CBOR_BYTES && value.v >= KEEP_ID_MIN &&
		    value.v <= KEEP_ID_MAX)
			return (struct keep_slice){value.p, value.v};
		keep_cbor_skip(&item);
	}
	return KEEP_NO_ID;
}

int keep_request_get(struct keep_mem *m, struct keep_slice frame,
		     struct keep_request *out, struct keep_err *e)
{
	int rc = keep_cbor_check(frame, &keep_cbor_socket, e);

	*out = (struct keep_request){.id = KEEP_NO_ID};
	if (rc)
		return rc;
	rc = keep_schema_decode(m, &keep_request_schema, frame, true, out, e);
	if (rc)
		out->id = id_of(frame);
	return as(rc, KEEP_E_BAD_REQUEST, e);
}

/* [a-z0-9][a-z0-9-]* */
static bool is_name(struct keep_slice word)
{
	size_t i;

	for (i = 0; i < word.len; i++)
		if (!((word.p[i] >= 'a' && word.p[i] <= 'z') ||
		      (word.p[i] >= '0' && word.p[i] <= '9') ||
		      (i && word.p[i] == '-')))
			return false;
	return word.len > 0;
}

static int check_path(const struct keep_slices *path, struct keep_err *e)
{
	size_t i;

	if (!path->n)
		return keep_fail(e, KEEP_E_BAD_REQUEST, "the call names no "
				 "verb");
	for (i = 0; i < path->n; i++)
		if (!is_name(path->v[i]))
			return keep_fail(e, KEEP_E_BAD_REQUEST, "'%.*s' is no "
					 "word of a verb", KEEP_F(path->v[i]));
	return 0;
}

int keep_call_get(struct keep_mem *m, struct keep_slice call,
		  struct keep_verb_call *out, struct keep_err *e)
{
	int rc = keep_cbor_check(call, &keep_cbor_socket, e);

	if (!rc)
		rc = keep_schema_decode(m, &keep_call_schema, call, true, out,
					e);
	if (rc)
		return as(rc, KEEP_E_BAD_REQUEST, e);
	return check_path(&out->path, e);
}

/* --- replies ------------------------------------------------------------- */

/* It goes to a terminal. */
static struct keep_slice safe(struct keep_mem *m, struct keep_slice s)
{
	return s.p ? keep_text_safe(m, s, 1024) : s;
}

static struct keep_problem *problems_of(struct keep_mem *m,
					const struct keep_list *from)
{
	struct keep_problem *v = KEEP_NEWS(m, from->n, struct keep_problem);
	const struct keep_wire_problem *p = from->v;
	size_t i;

	for (i = 0; v && i < from->n; i++)
		v[i] = (struct keep_problem){
			safe(m, p[i].where), p[i].line, p[i].column,
			safe(m, p[i].message), safe(m, p[i].hint),
			i + 1 < from->n ? &v[i + 1] : NULL};
	return v;
}

static int detail_get(struct keep_mem *m, struct keep_slice bytes,
		      struct keep_err *out, struct keep_err *e)
{
	struct keep_error_detail d;
	struct keep_problems *ps;
	int rc = keep_cbor_check(bytes, &keep_cbor_socket, e);

	if (!rc)
		rc = keep_schema_decode(m, &keep_error_detail_schema, bytes,
					false, &d, e);
	if (rc)
		return rc;
	keep_text_safe_to(out->hint, sizeof out->hint, d.hint);
	out->retry_after_ms = d.retry_after_ms;
	if (!d.problems.n)
		return 0;
	ps = KEEP_NEW(m, struct keep_problems);
	if (!ps || !(ps->first = problems_of(m, &d.problems)))
		return keep_no_memory(e);
	ps->mem = m;
	ps->kept = ps->total = d.problems.n;
	ps->last = ps->first + d.problems.n - 1;
	out->problems = ps;
	return 0;
}

static int error_get(struct keep_mem *m, struct keep_slice frame,
		     struct keep_reply *out, struct keep_err *e)
{
	struct keep_refusal r;
	int rc = keep_schema_decode(m, &keep_refusal_schema, frame, false, &r,
				    e);

	if (rc)
		return rc;
	if (!r.code)
		return keep_fail(e, KEEP_E_BAD_FRAME, "an error with code 0");
	out->ok.id = r.id;
	out->error.code = (int)r.code;
	keep_text_safe_to(out->error.message, sizeof out->error.message,
			  r.message);
	return r.detail.p ? detail_get(m, r.detail, &out->error, e) : 0;
}

static int ok_get(struct keep_mem *m, struct keep_slice frame,
		  struct keep_reply *out, struct keep_err *e)
{
	int rc = keep_schema_decode(m, &keep_ok_schema, frame, false, &out->ok,
				    e);

	if (rc || !out->ok.payload.p)
		return rc;
	return keep_cbor_check(out->ok.payload, &keep_cbor_socket, e);
}

/* Key 1 tells: a number is an error's code. */
static bool is_error(struct keep_slice item)
{
	struct keep_cbor_head h = keep_cbor_next(&item);

	if (h.kind != KEEP_CBOR_MAP || h.v < 2)
		return false;
	keep_cbor_skip(&item);
	keep_cbor_skip(&item);
	h = keep_cbor_next(&item);
	return h.kind == KEEP_CBOR_UINT && h.v == 1 &&
	       keep_cbor_peek(item).kind == KEEP_CBOR_UINT;
}

int keep_reply_get(struct keep_mem *m, struct keep_slice frame,
		   struct keep_reply *out, struct keep_err *e)
{
	int rc = keep_cbor_check(frame, &keep_cbor_socket, e);

	memset(out, 0, sizeof *out);
	if (!rc)
		rc = (is_error(frame) ? error_get : ok_get)(m, frame, out, e);
	return as(rc, KEEP_E_BAD_FRAME, e);
}

int keep_item_get(struct keep_mem *m, struct keep_slice payload,
		  struct keep_item *out, struct keep_err *e)
{
	struct keep_cbor_head list, arm;
	int rc = keep_cbor_check(payload, &keep_cbor_socket, e);

	if (rc)
		return as(rc, KEEP_E_BAD_FRAME, e);
	list = keep_cbor_next(&payload);
	arm = keep_cbor_next(&payload);
	*out = (struct keep_item){.is_progress = arm.v == 0};
	if (list.kind != KEEP_CBOR_LIST || list.v != 2 ||
	    arm.kind != KEEP_CBOR_UINT || arm.v > 1)
		return keep_fail(e, KEEP_E_BAD_FRAME, "an item is [0, "
				 "progress] or [1, value]");
	if (!out->is_progress)
		out->value = payload;
	else
		rc = keep_schema_decode(m, &keep_progress_schema, payload,
					false, &out->progress, e);
	return as(rc, KEEP_E_BAD_FRAME, e);
}
