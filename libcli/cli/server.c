/* A call from a socket becomes a run of its verb. */
#include "policy.h"

static int out(struct keep_ctx *c, struct keep_slice item, struct keep_err *e)
{
	if (keep_conn_item(c->user, item, e))
		return -e->code;
	return keep_conn_flush(c->user, e);
}

static void progress(struct keep_ctx *c, const struct keep_progress *p)
{
	keep_conn_progress(c->user, p);
}

static int heed(struct keep_ctx *c, struct keep_err *e)
{
	return keep_conn_heed(c->user, e);
}

static uint64_t deadline(struct keep_ctx *c, const struct keep_conn *conn)
{
	uint64_t left = keep_conn_left_ms(conn), end;

	return __builtin_add_overflow(keep_now_ms(c), left, &end) ? 0 : end;
}

static void set_context(struct keep_ctx *c, struct keep_conn *conn,
			struct keep_mem *item_mem)
{
	c->mem = conn->mem;
	c->item_mem = item_mem;
	c->user = conn;
	c->caller = (struct keep_caller){KEEP_SOCKET, conn->peer.uid,
					 conn->peer.gid, conn->peer.pid, {0}};
	c->caller_dir = c->instance;
	c->brief = false;
	c->ask = NULL;
	c->hand_over = NULL;
	c->work = NULL;
	c->out = out;
	c->progress = progress;
	c->heed = heed;
	c->cancel_fd_plus_one = keep_conn_cancel_fd(conn) + 1;
	c->deadline_ms = deadline(c, conn);
}

/* A list that is wanted as it comes goes out element by element. */
static int send_list(struct keep_conn *conn, struct keep_buf *list,
		     struct keep_err *e)
{
	struct keep_slice rest = keep_buf_get(list);
	uint64_t n = keep_cbor_next(&rest).v;

	while (n--)
		if (keep_conn_item(conn, keep_cbor_skip(&rest), e))
			return -e->code;
	list->len = 0;
	return 0;
}

static const struct keep_verb *find(const struct keep_server *s,
				    const struct keep_verb_call *call,
				    struct keep_err *e)
{
	size_t used = 0;
	const struct keep_verb *v = keep_suite_verb(
		s->suite, call->path.v, call->path.n, &used, e);

	if (!v && call->path.n == 1 &&
	    keep_external_is(s->suite, call->path.v[0])) {
		keep_fail(e, KEEP_E_NOT_EXPOSED, "this server does not expose "
			  "%.*s", KEEP_F(call->path.v[0]));
		keep_hint(e, "a server that is started by keep serve "
			  "--allow %.*s does", KEEP_F(call->path.v[0]));
	}
	if (!v || used == call->path.n)
		return v;
	keep_fail(e, KEEP_E_NO_SUCH_COMMAND, "%s has no '%.*s'", v->path,
		  KEEP_F(call->path.v[used]));
	return NULL;
}

/* The external that is called; NULL: it is a verb. */
static const struct keep_external *
find_external(const struct keep_server *s, const struct keep_verb_call *call)
{
	size_t i;

	for (i = 0; i < s->externals.n; i++)
		if (call->path.n == 1 &&
		    keep_slice_eq(s->externals.v[i].name, call->path.v[0]))
			return &s->externals.v[i];
	return NULL;
}

static int check_instance(const struct keep_server *s, struct keep_slice id,
			  struct keep_err *e)
{
	if (!id.p || keep_bytes_equal(id.p, s->id.bytes, sizeof s->id.bytes))
		return 0;
	keep_fail(e, KEEP_E_CONFLICT, "this server serves another instance: "
		  "%.*s", KEEP_F(s->base->instance_path));
	return keep_hint(e, "start one there: keep serve");
}

int keep_server_call(struct keep_conn *conn, const struct keep_verb_call *call,
		     struct keep_buf *result, struct keep_err *e)
{
	const struct keep_server *s = conn->daemon->user;
	KEEP_AUTO(keep_mem) item_mem = {0};
	struct keep_ctx c = *s->base;
	const struct keep_external *x = find_external(s, call);
	const struct keep_verb *v;
	int rc;

	if (check_instance(s, call->instance, e))
		return -e->code;
	v = x ? &x->row : find(s, call, e);
	if (!v || keep_server_exposes(s, v, e) ||
	    keep_policy_permits(s, &conn->peer, v, e))
		return -e->code;
	set_context(&c, conn, &item_mem);
	if (x) /* what was answered does not wait for it */
		return keep_conn_flush(conn, e) ? -e->code :
		       keep_external_call(&c, x, call,
					  conn->limits.max_frame, result, e);
	rc = keep_run(&c, v, call->args, result, e);
	if (rc >= 0 && v->kind == KEEP_R_LIST && keep_conn_wants_items(conn) &&
	    send_list(conn, result, e))
		return -e->code;
	return rc;
}
