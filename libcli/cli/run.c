/* The room where the shell and the sockets meet: decode, invoke, encode. */
#include <stdalign.h>
#include "publish.h"

/* What keep_run keeps while a verb emits. */
struct keep_running {
	struct keep_buf *out;
	size_t n;
	int (*emit)(struct keep_ctx *c, const void *item, struct keep_err *e);
};

int keep_invoke(struct keep_ctx *c, const struct keep_verb *v,
		const void *args, void *result, struct keep_err *e)
{
	const struct keep_verb *outer = c->verb;
	int rc;

	c->verb = v;
	rc = v->run(c, args, result, e);
	keep_published(c);
	c->verb = outer;
	return rc;
}

int keep_emit(struct keep_ctx *c, const void *item, struct keep_err *e)
{
	int rc = c->emit ? c->emit(c, item, e) : 0;

	keep_mem_reset(c->item_mem);
	return rc;
}

/* An element of a list result: encoded at once, collected. */
static int collect(struct keep_ctx *c, const void *item, struct keep_err *e)
{
	c->run->n++;
	return keep_schema_encode(c->verb->result, item, c->run->out, e);
}

/* An event: encoded and sent on; nobody to send it to drops it. */
static int send_event(struct keep_ctx *c, const void *item,
		      struct keep_err *e)
{
	struct keep_buf bytes = {.mem = c->item_mem};
	int rc;

	if (!c->out)
		return 0;
	rc = keep_schema_encode(c->verb->event, item, &bytes, e);
	return rc ? rc : c->out(c, keep_buf_get(&bytes), e);
}

static int decode_args(struct keep_ctx *c, const struct keep_verb *v,
		       struct keep_slice args, void *to, struct keep_err *e)
{
	static const struct keep_schema none = {.name = "no arguments"};

	return keep_schema_decode(c->mem, v->args ? v->args : &none,
				  args.p ? args : KEEP_S("\xa0"), true, to, e);
}

static int encode_result(const struct keep_verb *v, const void *result,
			 size_t start, struct keep_running *run,
			 struct keep_err *e)
{
	if (v->kind == KEEP_R_LIST)
		keep_cbor_wrap_list(run->out, start, run->n);
	else if (v->kind == KEEP_R_ITEM)
		keep_buf_slice(run->out, *(const struct keep_slice *)result);
	else if (v->result)
		return keep_schema_encode(v->result, result, run->out, e);
	return keep_buf_check(run->out, e);
}

static bool fits(const struct keep_schema *s)
{
	return !s || s->size <= KEEP_STRUCT_MAX;
}

int keep_run(struct keep_ctx *c, const struct keep_verb *v,
	     struct keep_slice args, struct keep_buf *out, struct keep_err *e)
{
	alignas(max_align_t) char in[KEEP_STRUCT_MAX] = {0};
	alignas(max_align_t) char result[KEEP_STRUCT_MAX] = {0};
	struct keep_running run = {.out = out, .emit = c->emit};
	struct keep_running *outer = c->run;
	size_t start = out->len;
	int rc, failed = 0;

	if (!fits(v->args) || !fits(v->result))
		return keep_fail(e, KEEP_E_INTERNAL, "%s: a struct is over %d "
				 "bytes", v->path, KEEP_STRUCT_MAX);
	rc = decode_args(c, v, args, in, e);
	if (rc)
		return rc;
	c->run = &run;
	c->emit = v->kind == KEEP_R_LIST ? collect : v->event ? send_event :
		  NULL;
	rc = keep_invoke(c, v, in, result, e);
	if (rc >= 0)
		failed = encode_result(v, result, start, &run, e);
	c->emit = run.emit;
	c->run = outer;
	if (rc < 0 || failed)
		out->len = start;
	return failed ? failed : rc;
}
