/* Publishing: to the spool of whoever runs the verb. */
#include <keep/log.h>
#include <keep/spool.h>
#include "publish.h"

static const char spool_key[] = "spool";

/* It lives in an arena of its own. */
struct publisher {
	struct keep_mem mem;
	struct keep_spool spool;
};

static void end(void *value)
{
	struct publisher *p = value;
	struct keep_mem mem = p->mem;

	keep_spool_end(&p->spool);
	keep_mem_end(&mem);
}

static struct publisher *publisher(struct keep_ctx *c, struct keep_err *e)
{
	struct publisher *p = keep_session_get(c->session, spool_key);
	struct keep_mem mem = {0};

	if (p)
		return p;
	p = KEEP_NEW(&mem, struct publisher);
	if (!p) {
		keep_no_memory(e);
		return NULL;
	}
	p->mem = mem;
	if (!keep_session_put(c->session, spool_key, p, end, e))
		return p;
	end(p);
	return NULL;
}

int keep_publish(struct keep_ctx *c, struct keep_slice topic,
		 struct keep_slice payload, struct keep_err *e)
{
	struct keep_spool_record r = {topic, keep_now_ms(c), payload};
	struct publisher *p;

	if (c->publish)
		return c->publish(c, topic, payload, e);
	if (!c->state_dir.p || !c->session)
		return 0;
	p = publisher(c, e);
	return p ? keep_spool_write(&p->spool, c->state_dir, &r, e)
		 : -KEEP_E_NO_MEMORY;
}

void keep_published(struct keep_ctx *c)
{
	struct publisher *p = keep_session_get(c->session, spool_key);
	struct keep_err why;

	if (p && keep_spool_sync(&p->spool, &why))
		keep_log(c->log, KEEP_LOG_ERROR, "what was published may be "
			 "lost: %s", why.message);
}
