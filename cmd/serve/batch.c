/* `keep call --batch`: many calls over one connection, of which some are under
 * way at once. Memory is that of these, whatever comes. */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>
#include "calling.h"

enum {
	AT_ONCE = 32,         /* calls; a server takes 64 */
	LINE_LEN = 1 << 20,   /* bytes of a line: no frame is longer */
	LIST_LEN = 16 << 20,  /* bytes of a list result */
	PIECE = 64 << 10,     /* bytes that are read at once */
	NOW = 1,              /* a time that passed long ago */
};

/* A call that is under way. */
struct slot {
	uint32_t id;          /* the client's; 0: none */
	uint64_t line;
	struct keep_mem mem;
	struct keep_slice said; /* the caller's id */
	const struct keep_verb *verb;
	struct keep_buf list;   /* items of a list result */
	uint64_t n;
};

struct batch {
	struct keep_calling *k;
	struct slot slots[AT_ONCE];
	size_t n_busy;
	struct keep_buf in;   /* what came of stdin */
	size_t at;            /* where its next line begins */
	uint64_t line;        /* how many were taken */
	bool skips;           /* the rest of a line that is too long */
	bool over;            /* nothing more is taken from stdin */
	bool cancelled;
	uint64_t n_failed;
};

/* --- answers -------------------------------------------------------------- */

static void forget(struct batch *b, struct slot *s)
{
	struct keep_mem mem = s->mem;

	keep_buf_end(&s->list);
	*s = (struct slot){0};
	keep_mem_end(&mem);
	b->n_busy--;
}

/* The first sign of the caller's goes on; answers are still waited for. */
static int cancel(struct batch *b, struct keep_err *e)
{
	uint32_t id;
	size_t i;

	b->over = b->cancelled = true;
	b->k->client.cancel_fd_plus_one = b->k->c->cancel_fd_plus_one = 0;
	for (i = 0; i < AT_ONCE; i++)
		if (b->slots[i].id &&
		    keep_client_cancel(&b->k->client, b->slots[i].id, &id, e))
			return -e->code;
	return 0;
}

static int show(struct batch *b, const struct keep_call_answer *a,
		struct keep_err *e)
{
	struct keep_ctx *c = b->k->c;
	struct keep_buf bytes = {.mem = c->item_mem};
	int rc = keep_schema_encode(&keep_call_answer_schema, a, &bytes, e);

	if (!rc && c->out)
		rc = c->out(c, keep_buf_get(&bytes), e);
	if (rc == -KEEP_E_CANCELLED && !b->cancelled)
		rc = cancel(b, e) ? -e->code :
		     c->out(c, keep_buf_get(&bytes), e);
	keep_mem_reset(c->item_mem);
	return rc;
}

static int show_error(struct batch *b, uint64_t line, struct keep_slice id,
		      const struct keep_err *why, struct keep_err *e)
{
	struct keep_call_answer a = {.line = line, .id = id,
				     .has_error = true};

	b->n_failed++;
	if (keep_batch_error(b->k->c->item_mem, why, &a.error, e))
		return -e->code;
	return show(b, &a, e);
}

/* It cannot go on: that is its answer, whatever else comes. */
static int refuse(struct batch *b, struct slot *s, const struct keep_err *why,
		  struct keep_err *e)
{
	uint32_t call = s->id, id;
	int rc = show_error(b, s->line, s->said, why, e);

	forget(b, s);
	return rc ? rc : keep_client_cancel(&b->k->client, call, &id, e);
}

static int take_item(struct batch *b, struct slot *s,
		     const struct keep_got *got, struct keep_err *e)
{
	struct keep_call_answer a = {.line = s->line, .id = s->said};
	struct keep_mem *m = b->k->c->item_mem;
	struct keep_buf item = {.mem = m};
	struct keep_err why = {0};

	if (s->verb->kind == KEEP_R_LIST) {
		keep_buf_slice(&s->list, got->value);
		s->n++;
		keep_mem_reset(m);
		return 0;
	}
	if (keep_named_put(m, s->verb, got->value, true, &item, &why))
		return refuse(b, s, &why, e);
	a.item = keep_buf_get(&item);
	return show(b, &a, e);
}

/* The result as the server gave it; an error when there was one. */
static int take_result(struct batch *b, struct slot *s, struct keep_got *got,
		       struct keep_slice *named, struct keep_err *e)
{
	struct keep_mem *m = b->k->c->item_mem;
	struct keep_buf out = {.mem = m};

	if (got->kind == KEEP_GOT_ERROR) {
		*e = got->error;
		return -e->code;
	}
	if (s->verb->kind == KEEP_R_LIST) {
		keep_cbor_wrap_list(&s->list, 0, s->n);
		if (keep_buf_check(&s->list, e))
			return -e->code;
		got->value = keep_buf_get(&s->list);
	}
	*named = KEEP_S("\xf6");
	if (!got->value.p)
		return 0;
	if (keep_named_put(m, s->verb, got->value, false, &out, e))
		return -e->code;
	*named = keep_buf_get(&out);
	return keep_calling_plain(b->k, s->verb, got->value, got->verdict, e);
}

static int take_last(struct batch *b, struct slot *s, struct keep_got *got,
		     struct keep_err *e)
{
	struct keep_call_answer a = {
		.line = s->line, .id = s->said,
		.has_verdict = got->verdict != 0,
		.verdict = (uint32_t)got->verdict,
	};
	struct keep_err why = {0};
	int rc = take_result(b, s, got, &a.result, &why);

	b->k->c->as.says = (struct keep_slice){0};
	b->n_failed += rc > 0;
	rc = rc < 0 ? show_error(b, s->line, s->said, &why, e) :
	     show(b, &a, e);
	forget(b, s);
	return rc;
}

static int take(struct batch *b, struct keep_got *got, struct keep_err *e)
{
	size_t i;

	for (i = 0; i < AT_ONCE && b->slots[i].id != got->id; i++)
		;
	if (i == AT_ONCE || got->kind == KEEP_GOT_PROGRESS)
		keep_mem_reset(b->k->c->item_mem);
	else if (got->kind == KEEP_GOT_ITEM)
		return take_item(b, &b->slots[i], got, e);
	else
		return take_last(b, &b->slots[i], got, e);
	return 0;
}

/* The server is gone: what was under way failed. For what comes it may be
 * there again, unless it said why it is not. */
static int lost(struct batch *b, struct keep_err *why, struct keep_err *e)
{
	size_t i;

	why->problems = NULL; /* which go with the first that is shown */
	keep_client_end(&b->k->client);
	for (i = 0; i < AT_ONCE; i++) {
		struct slot *s = &b->slots[i];

		if (!s->id)
			continue;
		if (show_error(b, s->line, s->said, why, e))
			return -e->code;
		forget(b, s);
	}
	if (why->code == KEEP_E_UNREACHABLE)
		return 0;
	*e = *why;
	return -e->code;
}

/* All that are there. */
static int take_answers(struct batch *b, struct keep_err *e)
{
	struct keep_client *client = &b->k->client;
	struct keep_err why = {0};
	struct keep_got got;
	int rc = 0;

	while (!rc && keep_client_asked(client)) {
		rc = keep_client_next(client, b->k->c->item_mem, NOW, &got,
				      &why);
		if (rc == -KEEP_E_DEADLINE)
			return 0;
		if (rc == -KEEP_E_CANCELLED && client->cancel_fd_plus_one)
			rc = cancel(b, e);
		else
			rc = rc ? lost(b, &why, e) : take(b, &got, e);
	}
	return rc;
}

/* --- calls ---------------------------------------------------------------- */

static int ask(struct batch *b, struct slot *s, struct keep_slice text,
	       struct keep_err *e)
{
	struct keep_batch_line line = {0};
	int rc = keep_batch_read(b->k, &s->mem, text, &line, e);

	s->said = line.id;
	s->verb = line.verb;
	s->list.limit = LIST_LEN;
	if (rc)
		return rc;
	return keep_client_ask(&b->k->client, &line.call, &s->id, e);
}

static int begin(struct batch *b, struct keep_slice text, struct keep_err *e)
{
	struct slot *s = b->slots;
	struct keep_err why = {0};
	int rc;

	while (s->id)
		s++;
	if (keep_calling_connect(b->k, e))
		return -e->code;
	b->n_busy++;
	s->line = b->line;
	if (!ask(b, s, text, &why))
		return 0;
	rc = show_error(b, s->line, s->said, &why, e);
	forget(b, s);
	return rc;
}

/* --- lines ---------------------------------------------------------------- */

/* The next whole line, or what stands behind the last; absent: none. */
static struct keep_slice next_line(struct batch *b)
{
	struct keep_slice rest = {b->in.p + b->at, b->in.len - b->at};
	const char *end = rest.len ? memchr(rest.p, '\n', rest.len) : NULL;

	if (b->cancelled || (!end && (!b->over || !rest.len)))
		return (struct keep_slice){0};
	if (end)
		rest.len = (size_t)(end - rest.p);
	b->at += rest.len + (end != NULL);
	return rest;
}

static int take_lines(struct batch *b, struct keep_err *e)
{
	struct keep_slice line;

	while (b->n_busy < AT_ONCE && (line = next_line(b)).p) {
		b->line += !b->skips;
		if (!b->skips && !keep_batch_blank(line) && begin(b, line, e))
			return -e->code;
		b->skips = false;
	}
	return 0;
}

/* What is told once is not kept. */
static int skip_long(struct batch *b, struct keep_err *e)
{
	struct keep_err why = {0};

	b->in.len = b->at = 0;
	if (b->skips)
		return 0;
	b->skips = true;
	keep_fail(&why, KEEP_E_TOO_LARGE, "a line is over %d bytes", LINE_LEN);
	return show_error(b, ++b->line, (struct keep_slice){0}, &why, e);
}

static int read_some(struct batch *b, struct keep_err *e)
{
	char *room;
	ssize_t n;

	if (b->at)
		memmove(b->in.p, b->in.p + b->at, b->in.len - b->at);
	b->in.len -= b->at;
	b->at = 0;
	if (b->in.len > LINE_LEN && skip_long(b, e))
		return -e->code;
	room = keep_buf_grow(&b->in, PIECE);
	if (!room)
		return keep_no_memory(e);
	n = read(STDIN_FILENO, room, PIECE);
	b->in.len -= PIECE - (n > 0 ? (size_t)n : 0);
	if (n < 0 && errno != EAGAIN && errno != EINTR)
		return keep_fail_errno(e, "standard input");
	b->over |= n == 0;
	return 0;
}

/* --- all of them ---------------------------------------------------------- */

/* A server closes what is idle. */
static void look(struct batch *b, short events)
{
	if (events && !b->n_busy)
		keep_client_end(&b->k->client);
}

static int wait(struct batch *b, struct keep_err *e)
{
	struct keep_client *client = &b->k->client;
	bool reads = !b->over && b->n_busy < AT_ONCE;
	struct pollfd p[] = {
		{.fd = reads ? STDIN_FILENO : -1, .events = POLLIN},
		{.fd = keep_fd_get(&client->fd),
		 .events = client->out.len ? POLLIN | POLLOUT : POLLIN},
		{.fd = b->k->c->cancel_fd_plus_one - 1, .events = POLLIN},
	};

	if (poll(p, KEEP_COUNT(p), -1) < 0)
		return errno == EINTR ? 0 : keep_fail_errno(e, "waiting");
	look(b, p[1].revents);
	if (p[2].revents)
		return cancel(b, e);
	return p[0].revents ? read_some(b, e) : 0;
}

/* Until there is room for more lines, or none is left. */
static int go_on(struct batch *b, struct keep_err *e)
{
	size_t busy;

	if (take_lines(b, e))
		return -e->code;
	busy = b->n_busy;
	if (take_answers(b, e))
		return -e->code;
	if (b->n_busy < busy || (b->over && !busy))
		return 0;
	return wait(b, e);
}

static int run(struct batch *b, struct keep_err *e)
{
	int rc = 0;

	while (!rc && (!b->over || b->n_busy ||
		       (!b->cancelled && b->at < b->in.len)))
		rc = go_on(b, e);
	return rc;
}

int keep_call_batch(struct keep_calling *k, struct keep_err *e)
{
	struct batch *b = KEEP_NEW(k->c->mem, struct batch);
	size_t i;
	int rc;

	if (!b)
		return keep_no_memory(e);
	b->k = k;
	rc = run(b, e);
	for (i = 0; i < AT_ONCE; i++)
		if (b->slots[i].line)
			forget(b, &b->slots[i]);
	keep_buf_end(&b->in);
	if (!rc && b->cancelled)
		return keep_fail(e, KEEP_E_CANCELLED, "cancelled");
	return rc || !b->n_failed ? rc : KEEP_E_PARTIAL;
}
