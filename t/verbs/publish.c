/* Events that are published, and found again: `try publish`, `try spool`. */
#include <keep/spool.h>
#include "tryout.h"

#define A struct keep_try_publish
static const struct keep_field args[] = {
	{KEEP_TEXT(A, topic), .source = KEEP_WORD, .required = true, .help = "its topic"},
	{KEEP_UINT(A, times), .dflt = "1", .help = "how many"},
	{KEEP_UINT(A, size), .dflt = "10", .help = "bytes of each"},
};
#undef A
const struct keep_schema keep_try_publish_schema =
	KEEP_SCHEMA(struct keep_try_publish, args);

#define R struct keep_try_spool
static const struct keep_field result[] = {
	{KEEP_TEXT(R, topic), .required = true, .help = "its topic"},
	{KEEP_TEXT(R, file), .required = true, .help = "where it lies"},
	{KEEP_UINT(R, at), .required = true, .help = "milliseconds since 1970"},
	{KEEP_UINT(R, size), .required = true, .help = "bytes of its payload"},
	{KEEP_UINT(R, lost), .required = true, .help = "how many went before"},
};
#undef R
const struct keep_schema keep_try_spool_schema =
	KEEP_SCHEMA(struct keep_try_spool, result);

int keep_try_publish(struct keep_ctx *c, const struct keep_try_publish *a,
		     void *none, struct keep_err *e)
{
	struct keep_slice payload = {keep_mem_alloc(c->mem, a->size), a->size};
	int rc = payload.p ? 0 : keep_no_memory(e);

	(void)none;
	for (uint32_t i = 0; !rc && i < a->times; i++)
		rc = keep_publish(c, a->topic, payload, e);
	return rc;
}

static int found(void *to, struct keep_slice file,
		 const struct keep_spool_record *r, struct keep_err *e)
{
	struct keep_ctx *c = to;
	const struct keep_spool_read *read = c->user;
	struct keep_try_spool item = {r->topic, file, r->at_unix_ms,
				      r->payload.len, read->lost};

	return keep_emit(c, &item, e);
}

int keep_try_spool(struct keep_ctx *c, const void *none, struct keep_err *e)
{
	struct keep_spool_read read = {.each = found, .to = c};
	void *user = c->user;
	int rc;

	(void)none;
	c->user = &read;
	rc = keep_spool_read(c->state_dir, &read, e);
	c->user = user;
	return rc;
}
