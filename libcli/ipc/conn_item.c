/* What a call sends while it runs. */
#include "conn.h"

/* Bytes of items that are sent at once. */
enum { MANY = 64 << 10 };

uint64_t keep_conn_left_ms(const struct keep_conn *c)
{
	uint64_t now = keep_loop_now_ms();

	if (!c->running || c->running->due_ms == UINT64_MAX)
		return UINT64_MAX;
	return c->running->due_ms > now ? c->running->due_ms - now : 0;
}

bool keep_conn_wants_items(const struct keep_conn *c)
{
	return c->running && c->running->call.mode == KEEP_AS_THEY_COME;
}

static int put_item(struct keep_conn *c, const struct keep_item *item,
		    struct keep_err *e)
{
	KEEP_AUTO(keep_buf) bytes = {0};
	struct keep_ok ok = {.id = c->running->id, .more = true};

	if (keep_item_put(&bytes, item, e))
		return -e->code;
	ok.payload = keep_buf_get(&bytes);
	return keep_conn_reply(c, &ok, e);
}

int keep_conn_item(struct keep_conn *c, struct keep_slice value,
		   struct keep_err *e)
{
	struct keep_item item = {.value = value};

	if (!keep_conn_wants_items(c))
		return 0;
	if (put_item(c, &item, e))
		return -e->code;
	return c->out.len < MANY ? 0 : keep_conn_flush(c, e);
}

void keep_conn_progress(struct keep_conn *c, const struct keep_progress *p)
{
	struct keep_item item = {.is_progress = true, .progress = *p};
	struct keep_err e = {0};

	if (!keep_conn_wants_items(c))
		return;
	if (!item.progress.text.p)
		item.progress.text = KEEP_S("");
	if (!put_item(c, &item, &e))
		keep_ignore(keep_conn_flush(c, &e), "the call will notice");
}
