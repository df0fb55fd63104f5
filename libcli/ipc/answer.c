/* Requests in, answers out; calls wait in the order in which they came. */
#include <inttypes.h>
#include <stdlib.h>
#include "conn.h"

enum {
	OUTSTANDING = 64, CALL_LOG = 256,
	WAITING = 4 << 20, /* bytes of calls that wait */
};

/* --- replies ------------------------------------------------------------- */

void keep_conn_refuse(struct keep_conn *c, struct keep_slice id,
		      const struct keep_err *error)
{
	size_t at = keep_frame_begin(&c->out);
	uint32_t max = keep_limit(c->limits.max_frame, KEEP_FRAME_MAX);
	struct keep_err e = {0};

	if (!keep_error_put(&c->out, id, error, max, &e) &&
	    !keep_frame_finish(&c->out, at, max, &e))
		return;
	c->out.len = at < c->out.len ? at : c->out.len;
	c->closing = true;
}

int keep_conn_reply(struct keep_conn *c, const struct keep_ok *ok,
		    struct keep_err *e)
{
	size_t at = keep_frame_begin(&c->out);
	int rc = keep_ok_put(&c->out, ok, e);

	if (!rc)
		rc = keep_frame_finish(&c->out, at, c->limits.max_frame, e);
	if (rc && rc != -KEEP_E_TOO_LARGE) {
		c->out.len = at < c->out.len ? at : c->out.len;
		c->closing = true;
	}
	return rc;
}

static void reply_empty(struct keep_conn *c, struct keep_slice id)
{
	struct keep_ok ok = {.id = id};
	struct keep_err e = {0};

	if (keep_conn_reply(c, &ok, &e))
		c->closing = true;
}

/* --- calls that wait ----------------------------------------------------- */

static void forget(struct keep_conn *c, struct keep_pending *p)
{
	struct keep_mem mem = p->mem;

	c->n_outstanding--;
	keep_mem_end(&mem);
}

static struct keep_pending *pop(struct keep_conn *c)
{
	struct keep_pending *p = c->first;

	c->first = p->next;
	if (!c->first)
		c->last = NULL;
	c->waiting -= p->len;
	return p;
}

static void push(struct keep_conn *c, struct keep_pending *p)
{
	*(c->last ? &c->last->next : &c->first) = p;
	c->last = p;
	c->n_outstanding++;
	c->waiting += p->len;
}

static void unlink_pending(struct keep_conn *c, struct keep_pending *p)
{
	struct keep_pending *before = NULL, *at;

	for (at = c->first; at != p; at = at->next)
		before = at;
	*(before ? &before->next : &c->first) = p->next;
	if (c->last == p)
		c->last = before;
	c->waiting -= p->len;
}

static struct keep_pending *find(const struct keep_conn *c,
				 struct keep_slice id)
{
	struct keep_pending *p = c->first;

	while (p && !keep_slice_eq(p->id, id))
		p = p->next;
	return p;
}

static bool runs(const struct keep_conn *c, struct keep_slice id)
{
	return c->running && keep_slice_eq(c->running->id, id);
}

bool keep_conn_full(const struct keep_conn *c)
{
	return c->waiting >= WAITING || c->n_outstanding >=
	       keep_limit(c->limits.max_outstanding, OUTSTANDING);
}

/* --- requests ------------------------------------------------------------ */

void keep_conn_cancel(struct keep_conn *c)
{
	c->cancelled = true;
	keep_conn_tell(c);
}

static void cancel(struct keep_conn *c, const struct keep_pending *asked)
{
	struct keep_mem m = {0};
	struct keep_cancel_args args;
	struct keep_pending *p;
	struct keep_err e = {0}, why = {0};
	int rc = keep_schema_decode(&m, &keep_cancel_args_schema,
				    asked->call.args.p ? asked->call.args :
				    KEEP_S("\xa0"), true, &args, &e);

	if (!rc && runs(c, args.id)) {
		keep_conn_cancel(c);
	} else if (!rc && (p = find(c, args.id)) != NULL) {
		keep_fail(&why, KEEP_E_CANCELLED, "cancelled");
		keep_conn_refuse(c, args.id, &why);
		unlink_pending(c, p);
		forget(c, p);
	} else if (!rc) {
		rc = keep_fail(&e, KEEP_E_NOT_FOUND, "no call has this id");
	}
	if (rc)
		keep_conn_refuse(c, asked->id, &e);
	else
		reply_empty(c, asked->id);
	keep_mem_end(&m);
}

static bool is_cancel(const struct keep_verb_call *call)
{
	return call->path.n == 1 && keep_slice_is(call->path.v[0], "cancel");
}

static uint64_t due(const struct keep_verb_call *call, uint64_t now)
{
	uint64_t at;

	if (!call->has_deadline_ms ||
	    __builtin_add_overflow(now, call->deadline_ms, &at))
		return UINT64_MAX;
	return at;
}

/* What the frame held dies with it; the call lives on. */
static int keep_call(struct keep_pending *p, const struct keep_request *r,
		     struct keep_err *e)
{
	struct keep_slice call = keep_mem_copy(&p->mem, r->call);

	p->id = keep_mem_copy(&p->mem, r->id);
	p->client = keep_mem_copy(&p->mem, r->client);
	if (!call.p || !p->id.p || !p->client.p)
		return keep_no_memory(e);
	if (keep_call_get(&p->mem, call, &p->call, e))
		return -e->code;
	p->len = call.len;
	p->began_ms = keep_loop_now_ms();
	p->due_ms = due(&p->call, p->began_ms);
	return 0;
}

static int check_id(const struct keep_conn *c, struct keep_slice id,
		    struct keep_err *e)
{
	if (!runs(c, id) && !find(c, id))
		return 0;
	return keep_fail(e, KEEP_E_DUPLICATE_ID, "a call with this id is "
			 "under way");
}

static void take_call(struct keep_conn *c, const struct keep_request *r)
{
	struct keep_mem mem = {0};
	struct keep_pending *p = KEEP_NEW(&mem, struct keep_pending);
	struct keep_err e = {0};

	if (!p) {
		keep_no_memory(&e);
		keep_conn_refuse(c, r->id, &e);
		return;
	}
	p->mem = mem;
	if (check_id(c, r->id, &e) || keep_call(p, r, &e)) {
		keep_conn_refuse(c, r->id, &e);
	} else if (is_cancel(&p->call)) {
		cancel(c, p);
	} else {
		push(c, p);
		return;
	}
	mem = p->mem;
	keep_mem_end(&mem);
}

static void take_frame(struct keep_conn *c, struct keep_slice frame)
{
	KEEP_AUTO(keep_mem) m = {0};
	struct keep_request r;
	struct keep_err e = {0};

	if (keep_request_get(&m, frame, &r, &e)) {
		keep_conn_refuse(c, r.id, &e);
		c->closing |= e.code != KEEP_E_BAD_REQUEST;
	} else if (r.call.p) {
		take_call(c, &r);
	} else {
		reply_empty(c, r.id);
	}
}

void keep_conn_take(struct keep_conn *c)
{
	struct keep_slice frame;
	struct keep_err e = {0};

	c->in.max = c->limits.max_frame;
	while (!c->closing && !keep_conn_full(c)) {
		if (keep_frames_next(&c->in, &frame, &e)) {
			keep_conn_refuse(c, KEEP_NO_ID, &e);
			c->closing = true;
			return;
		}
		if (!frame.p)
			break;
		c->begun_ms = 0;
		take_frame(c, frame);
		c->in.max = c->limits.max_frame;
	}
	if (!keep_frames_begun(&c->in))
		c->begun_ms = 0;
	else if (!c->begun_ms)
		c->begun_ms = keep_loop_now_ms();
}

/* --- running ------------------------------------------------------------- */

static int begin(struct keep_conn *c, struct keep_err *e)
{
	int rc;

	if (c->ready || !c->daemon->begin)
		return 0;
	rc = c->daemon->begin(c, e);
	c->ready = rc == 0;
	c->closing |= rc != 0;
	return rc;
}

/* Who hangs in foreign code comes to no cancel point: the parent ends it. */
static void tell(const struct keep_conn *c, uint64_t due_ms)
{
	if (c->seat)
		keep_children_tell(c->seat->of, c->seat->i, due_ms);
}

static int call(struct keep_conn *c, struct keep_pending *p,
		struct keep_buf *out, struct keep_err *e)
{
	int rc;

	if (c->stopping)
		return keep_fail(e, KEEP_E_CANCELLED, "the server ends");
	if (keep_loop_now_ms() > p->due_ms)
		return keep_fail(e, KEEP_E_DEADLINE, "the deadline passed "
				 "before the call began");
	if (begin(c, e))
		return -e->code;
	tell(c, p->due_ms);
	rc = c->daemon->call(c, &p->call, out, e);
	tell(c, UINT64_MAX);
	if (rc >= 0 && keep_buf_check(out, e))
		return -e->code;
	return rc;
}

/* What a client calls itself is one word of the log. */
static struct keep_slice word_of(struct keep_slice client,
				 char word[KEEP_CLIENT_ID_MAX])
{
	size_t i;

	for (i = 0; i < client.len; i++)
		word[i] = client.p[i] == ' ' ? '_' : client.p[i];
	return (struct keep_slice){word, client.len};
}

static void note(const struct keep_conn *c, const struct keep_pending *p,
		 int code)
{
	const struct keep_log *log = c->daemon->log;
	char path[CALL_LOG] = "", word[KEEP_CLIENT_ID_MAX];
	struct keep_slice client = word_of(p->client, word);
	size_t i, n = 0;

	if (!log || log->level < KEEP_LOG_INFO)
		return;
	for (i = 0; i < p->call.path.n && n < sizeof path; i++)
		n += (size_t)snprintf(path + n, sizeof path - n, "%s%.*s",
				      i ? "." : "",
				      KEEP_F(p->call.path.v[i]));
	keep_log(log, KEEP_LOG_INFO, "verb=%s code=%s ms=%" PRIu64 " uid=%u "
		 "pid=%u client=%.*s", path, code ? keep_code_name(code) :
		 "OK", keep_loop_now_ms() - p->began_ms, c->peer.uid,
		 c->peer.pid, KEEP_F(client));
}

static void finish(struct keep_conn *c, const struct keep_pending *p, int rc,
		   const struct keep_buf *result, struct keep_err *e)
{
	struct keep_ok ok = {
		.id = p->id,
		.has_verdict = rc > 0, .verdict = rc > 0 ? (uint32_t)rc : 0,
	};

	if (result->len)
		ok.payload = keep_buf_get(result);
	if (rc >= 0)
		rc = keep_conn_reply(c, &ok, e) ? -e->code : rc;
	if (rc < 0) {
		if (!e->code)
			keep_fail(e, -rc, "%s", keep_code_meaning(-rc));
		keep_conn_refuse(c, p->id, e);
	}
	note(c, p, abs(rc));
}

void keep_conn_run(struct keep_conn *c)
{
	struct keep_pending *p = pop(c);
	struct keep_buf result = {.mem = &p->mem};
	struct keep_err e = {0};
	int rc;

	c->running = p;
	c->mem = &p->mem;
	c->client = p->client;
	if (c->cancelled) {
		c->cancelled = false;
		keep_conn_tell(c);
	}
	rc = call(c, p, &result, &e);
	finish(c, p, rc, &result, &e);
	c->running = NULL;
	c->mem = NULL;
	c->client = (struct keep_slice){0};
	forget(c, p);
}

void keep_conn_drop(struct keep_conn *c)
{
	while (c->first)
		forget(c, pop(c));
	keep_frames_end(&c->in);
	keep_buf_end(&c->out);
}
