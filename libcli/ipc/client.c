/* The client: what is asked goes out while answers come in, since a server
 * whose answers nobody takes reads no questions. */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <keep/client.h>
#include <keep/loop.h>

int keep_client_connect(struct keep_client *k, const struct keep_socket *to,
			struct keep_err *e)
{
	KEEP_AUTO(keep_fd) fd = {0};
	int rc = keep_socket_connect(to, &fd, e);

	if (!rc)
		keep_client_use(k, keep_take(&fd));
	return rc;
}

void keep_client_use(struct keep_client *k, struct keep_fd fd)
{
	keep_client_end(k);
	k->fd = fd;
}

void keep_client_end(struct keep_client *k)
{
	keep_fd_end(&k->fd);
	keep_frames_end(&k->in);
	keep_buf_end(&k->out);
	keep_buf_end(&k->asked);
	k->last_id = 0;
}

/* --- asking -------------------------------------------------------------- */

/* A number as its four bytes, and back. */
static void id_put(uint32_t id, char bytes[4])
{
	int i;

	for (i = 0; i < 4; i++)
		bytes[i] = (char)(id >> (24 - 8 * i));
}

static uint32_t id_get(struct keep_slice s)
{
	uint32_t id = 0;
	size_t i;

	for (i = 0; s.len == 4 && i < 4; i++)
		id = id << 8 | (uint8_t)s.p[i];
	return id;
}

size_t keep_client_asked(const struct keep_client *k)
{
	return k->asked.len / sizeof k->last_id;
}

/* Where the number stands among those that were asked; n: nowhere. */
static size_t find(const struct keep_client *k, uint32_t id)
{
	const uint32_t *v = (const uint32_t *)(const void *)k->asked.p;
	size_t i, n = keep_client_asked(k);

	for (i = 0; i < n && v[i] != id; i++)
		;
	return i;
}

static void forget(struct keep_client *k, size_t i)
{
	uint32_t *v = (uint32_t *)(void *)k->asked.p;

	v[i] = v[keep_client_asked(k) - 1];
	k->asked.len -= sizeof *v;
}

static int put(struct keep_client *k, const struct keep_verb_call *call,
	       const char id[4], struct keep_err *e)
{
	struct keep_request r = {
		.client = k->name.p ? k->name : KEEP_S("keep/" KEEP_VERSION),
		.id = {id, 4},
	};
	size_t at = keep_frame_begin(&k->out);
	int rc = keep_request_put(&k->out, &r, call, e);

	if (!rc)
		rc = keep_frame_finish(&k->out, at, k->max_frame, e);
	if (rc) {
		k->out.len = at < k->out.len ? at : k->out.len;
		k->out.failed = false;
	}
	return rc;
}

int keep_client_ask(struct keep_client *k, const struct keep_verb_call *call,
		    uint32_t *id, struct keep_err *e)
{
	uint32_t next = k->last_id + 1 ? k->last_id + 1 : 1;
	char bytes[4];
	int rc;

	id_put(next, bytes);
	rc = put(k, call, bytes, e);
	if (rc)
		return rc;
	keep_buf_put(&k->asked, &next, sizeof next);
	rc = keep_buf_check(&k->asked, e);
	if (rc) /* an answer that nobody waits for would come */
		keep_client_end(k);
	k->last_id = *id = next;
	return rc;
}

int keep_client_cancel(struct keep_client *k, uint32_t call, uint32_t *id,
		       struct keep_err *e)
{
	static const struct keep_slice path = {"cancel", 6};
	KEEP_AUTO(keep_buf) bytes = {0};
	struct keep_verb_call c = {.path = {&path, 1}};
	struct keep_cancel_args args;
	char which[4];

	id_put(call, which);
	args.id = (struct keep_slice){which, sizeof which};
	if (keep_schema_encode(&keep_cancel_args_schema, &args, &bytes, e))
		return -e->code;
	c.args = keep_buf_get(&bytes);
	return keep_client_ask(k, &c, id, e);
}

/* --- moving bytes -------------------------------------------------------- */

static int closed(struct keep_client *k, struct keep_err *e)
{
	bool inside = keep_frames_begun(&k->in);

	keep_client_end(k);
	keep_fail(e, KEEP_E_UNREACHABLE, "the server closed the connection%s",
		  inside ? " inside a frame" : "");
	return keep_hint(e, "its log tells why; what it did may be done");
}

static int send_some(struct keep_client *k, struct keep_err *e)
{
	ssize_t n = send(keep_fd_get(&k->fd), k->out.p, k->out.len,
			 MSG_NOSIGNAL | MSG_DONTWAIT);

	if (n > 0) {
		k->out.len -= (size_t)n;
		memmove(k->out.p, k->out.p + n, k->out.len);
		return 0;
	}
	if (errno == EAGAIN || errno == EINTR)
		return 0;
	/* a server that closed may have said why */
	if (errno == EPIPE || errno == ECONNRESET) {
		k->out.len = 0;
		return 0;
	}
	return keep_fail_errno(e, "sending to the server");
}

static int receive_some(struct keep_client *k, struct keep_err *e)
{
	size_t len;
	char *room = keep_frames_room(&k->in, &len);
	ssize_t n;

	if (!room)
		return keep_no_memory(e);
	n = recv(keep_fd_get(&k->fd), room, len, MSG_DONTWAIT);
	if (n > 0)
		keep_frames_came(&k->in, (size_t)n);
	else if (n == 0 || errno == ECONNRESET)
		return closed(k, e);
	else if (errno != EAGAIN && errno != EINTR)
		return keep_fail_errno(e, "hearing from the server");
	return 0;
}

static int left_ms(uint64_t due_ms)
{
	uint64_t now = keep_loop_now_ms(), left;

	if (!due_ms)
		return -1;
	left = due_ms > now ? due_ms - now : 0;
	return left < INT_MAX ? (int)left : INT_MAX;
}

static int move(struct keep_client *k, uint64_t due_ms, struct keep_err *e)
{
	struct pollfd p[] = {
		{.fd = keep_fd_get(&k->fd), .events = POLLIN},
		{.fd = k->cancel_fd_plus_one - 1, .events = POLLIN},
	};
	int n;

	if (k->out.len)
		p[0].events |= POLLOUT;
	n = poll(p, KEEP_COUNT(p), left_ms(due_ms));
	if (n < 0)
		return errno == EINTR ? 0 : keep_fail_errno(e, "waiting");
	if (n == 0)
		return keep_fail(e, KEEP_E_DEADLINE, "the server did not "
				 "answer in time");
	if (p[1].revents)
		return keep_fail(e, KEEP_E_CANCELLED, "cancelled");
	if (p[0].revents & POLLOUT && send_some(k, e))
		return -e->code;
	return p[0].revents & (POLLIN | POLLHUP | POLLERR) ?
	       receive_some(k, e) : 0;
}

/* --- answers ------------------------------------------------------------- */

static int bad_frame(struct keep_client *k, int rc, struct keep_err *e)
{
	keep_client_end(k);
	if (rc != -KEEP_E_NO_MEMORY)
		keep_err_at(e, "the server's answer");
	return rc;
}

static int took_item(const struct keep_reply *reply, struct keep_mem *m,
		     struct keep_got *out, struct keep_err *e)
{
	struct keep_item item;

	if (keep_item_get(m, reply->ok.payload, &item, e))
		return -e->code;
	out->kind = item.is_progress ? KEEP_GOT_PROGRESS : KEEP_GOT_ITEM;
	out->progress = item.progress;
	out->value = item.value;
	return 0;
}

static int took(const struct keep_reply *reply, struct keep_mem *m,
		struct keep_got *out, struct keep_err *e)
{
	if (reply->error.code) {
		out->kind = KEEP_GOT_ERROR;
		out->error = reply->error;
		return 0;
	}
	if (reply->ok.more)
		return took_item(reply, m, out, e);
	out->kind = KEEP_GOT_RESULT;
	out->value = reply->ok.payload;
	out->verdict = (int)reply->ok.verdict;
	return 0;
}

static int read_reply(struct keep_client *k, struct keep_mem *m,
		      struct keep_slice frame, struct keep_got *out,
		      struct keep_err *e)
{
	struct keep_reply reply;
	struct keep_slice copy = keep_mem_copy(m, frame);
	size_t at;

	if (!copy.p)
		return keep_no_memory(e);
	if (keep_reply_get(m, copy, &reply, e))
		return bad_frame(k, -e->code, e);
	out->id = id_get(reply.ok.id);
	at = find(k, out->id);
	if (at == keep_client_asked(k) && reply.error.code) {
		*e = reply.error;
		keep_client_end(k);
		return -e->code;
	}
	if (at == keep_client_asked(k)) {
		keep_fail(e, KEEP_E_BAD_FRAME, "it answers what was not "
			  "asked");
		return bad_frame(k, -KEEP_E_BAD_FRAME, e);
	}
	if (took(&reply, m, out, e))
		return bad_frame(k, -e->code, e);
	if (out->kind >= KEEP_GOT_RESULT)
		forget(k, at);
	return 0;
}

int keep_client_next(struct keep_client *k, struct keep_mem *m,
		     uint64_t due_ms, struct keep_got *out,
		     struct keep_err *e)
{
	struct keep_slice frame;
	struct keep_err why = {0};
	int rc;

	*out = (struct keep_got){0};
	if (!keep_client_asked(k))
		return keep_fail(e, KEEP_E_NOT_FOUND, "nothing was asked");
	if (!k->fd.plus_one)
		return closed(k, e);
	do {
		k->in.max = k->max_frame;
		rc = keep_frames_next(&k->in, &frame, &why);
		if (rc)
			rc = bad_frame(k, rc, &why);
		else if (!frame.p)
			rc = move(k, due_ms, &why);
	} while (!rc && !frame.p);
	if (!rc)
		rc = read_reply(k, m, frame, out, &why);
	if (rc && e)
		*e = why;
	return rc;
}
