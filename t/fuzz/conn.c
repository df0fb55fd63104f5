/* A connection: whatever a client sends, in whatever pieces, what it hears are
 * whole frames that are replies, and nothing is left. */
#include <stdlib.h>
#include "../../libcli/ipc/conn.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool good)
{
	if (!good)
		abort();
}

/* Arguments come back; between them an item, and a look at what came. */
static int echo(struct keep_conn *c, const struct keep_verb_call *call,
		struct keep_buf *out, struct keep_err *e)
{
	if (call->args.p && keep_conn_item(c, call->args, e))
		return -e->code;
	keep_conn_take(c);
	if (c->cancelled)
		return keep_fail(e, KEEP_E_CANCELLED, "cancelled");
	if (!call->args.p)
		return keep_fail(e, KEEP_E_BAD_ARGS, "no arguments");
	keep_buf_slice(out, call->args);
	return call->path.n > 1 ? KEEP_E_DIFFERS : 0;
}

static void hear(struct keep_conn *c)
{
	KEEP_AUTO(keep_mem) m = {0};
	KEEP_AUTO(keep_frames) heard = {0};
	struct keep_slice frame;
	struct keep_reply reply;
	struct keep_err e = {0};

	must(!keep_frames_put(&heard, keep_buf_get(&c->out), &e));
	while (!keep_frames_next(&heard, &frame, &e) && frame.p)
		must(!keep_reply_get(&m, frame, &reply, &e));
	must(!keep_frames_begun(&heard));
	c->out.len = 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct keep_daemon d = {.name = "fuzz", .call = echo};
	struct keep_conn c = {.daemon = &d, .life = -1,
			      .limits = {.max_outstanding = 3,
					 .max_frame = 2048}};
	size_t i, step = size ? 1u + data[0] % 64 : 1;
	struct keep_err e = {0};

	for (i = 1; i < size && !c.closing; i += step) {
		struct keep_slice part = {(const char *)data + i,
					  size - i < step ? size - i : step};

		must(!keep_frames_put(&c.in, part, &e));
		keep_conn_take(&c);
		while (c.first && !c.closing) {
			keep_conn_run(&c);
			keep_conn_take(&c);
		}
		hear(&c);
	}
	must(c.closing || !c.n_outstanding);
	keep_conn_drop(&c);
	return 0;
}
