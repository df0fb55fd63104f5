/* Envelopes of both sides: what is read comes out as it went in. */
#include <stdlib.h>
#include <keep/envelope.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool good)
{
	if (!good)
		abort();
}

static void as_request(struct keep_mem *m, struct keep_slice in)
{
	struct keep_buf out = {.mem = m};
	struct keep_request request;
	struct keep_err e = {0};
	struct keep_verb_call call;

	if (keep_request_get(m, in, &request, &e)) {
		must(e.code == KEEP_E_BAD_FRAME || e.code == KEEP_E_TOO_LARGE ||
		     e.code == KEEP_E_BAD_REQUEST);
		must(request.id.len >= KEEP_ID_MIN);
		return;
	}
	must(!keep_request_put(&out, &request, NULL, &e) &&
	     keep_slice_eq(keep_buf_get(&out), in));
	if (!request.call.p)
		return;
	if (keep_call_get(m, request.call, &call, &e)) {
		must(e.code == KEEP_E_BAD_REQUEST);
		return;
	}
	out.len = 0;
	must(!keep_request_put(&out, &request, &call, &e) &&
	     keep_slice_eq(keep_buf_get(&out), in));
}

static void as_reply(struct keep_mem *m, struct keep_slice in)
{
	struct keep_buf out = {.mem = m};
	struct keep_reply reply;
	struct keep_err e = {0};

	if (keep_reply_get(m, in, &reply, &e)) {
		must(e.code == KEEP_E_BAD_FRAME);
		return;
	}
	if (!reply.error.code) {
		must(!keep_ok_put(&out, &reply.ok, &e));
		return;
	}
	must(!keep_error_put(&out, reply.ok.id, &reply.error, 1 << 20, &e) &&
	     !keep_reply_get(m, keep_buf_get(&out), &reply, &e));
}

static void as_item(struct keep_mem *m, struct keep_slice in)
{
	struct keep_buf out = {.mem = m};
	struct keep_item item;
	struct keep_err e = {0};

	if (!keep_item_get(m, in, &item, &e))
		must(!keep_item_put(&out, &item, &e));
	else
		must(e.code == KEEP_E_BAD_FRAME);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	KEEP_AUTO(keep_mem) m = {0};
	struct keep_slice in = {(const char *)data, size};

	as_request(&m, in);
	as_reply(&m, in);
	as_item(&m, in);
	return 0;
}
