/* The command: its channel, its input and output. libssh2 sends one packet at
 * a time: what has half of one sent must be the next to be called. */
#include "ssh2.h"

enum { PIECE = 32 << 10, TURN = 8 };
enum op { WRITE, READ_OUT, READ_ERR, OPS };
enum { STUCK = GONE + 1 };

int keep_ssh2_open(struct keep_ssh2 *s, struct keep_err *e)
{
	int rc = 0;

	if (!s->channel) {
		s->channel = libssh2_channel_open_session(s->session);
		rc = s->channel ? 0 : libssh2_session_last_errno(s->session);
	}
	if (!rc)
		rc = libssh2_channel_exec(s->channel, s->x->command);
	if (rc == LIBSSH2_ERROR_EAGAIN)
		return keep_ssh2_wait(s, e);
	if (rc)
		return keep_ssh2_fail(s, rc, e);
	keep_ssh2_enter(s, KEEP_PHASE_RUN);
	return keep_ssh2_run(s, e);
}

static int give(struct keep_ssh2 *s, enum keep_stream from,
		struct keep_slice bytes, struct keep_err *e)
{
	struct keep_exec *x = s->x;
	bool gone = false;
	int rc;

	if (!x->output)
		return 0;
	s->gone = &gone;
	rc = x->output(x, from, bytes, e);
	if (!gone)
		s->gone = NULL;
	return rc ? rc : gone ? GONE : 0;
}

/* All that is there of one stream, but for what would keep others waiting:
 * *result is libssh2's last word. */
static int take(struct keep_ssh2 *s, enum op op, ssize_t *result,
		struct keep_err *e)
{
	char piece[PIECE];
	int i, rc = 0;

	for (i = 0; !rc && i < TURN; i++) {
		*result = libssh2_channel_read_ex(
			s->channel, op == READ_ERR ? SSH_EXTENDED_DATA_STDERR
						   : 0, piece, sizeof piece);
		if (*result <= 0)
			return 0;
		s->took = true;
		rc = give(s, op == READ_ERR ? KEEP_STDERR : KEEP_STDOUT,
			  (struct keep_slice){piece, (size_t)*result}, e);
	}
	if (!rc)
		keep_timer_set(s->x->loop, &s->more, 0);
	return rc;
}

/* Sends input while it goes: bytes, then its end. */
static ssize_t feed(struct keep_ssh2 *s)
{
	ssize_t n;

	while (!s->input_ended) {
		if (!s->pending.len && s->x->input)
			s->pending = s->x->input(s->x);
		s->input_ended = !s->pending.p;
		if (!s->pending.len)
			break;
		n = libssh2_channel_write(s->channel, s->pending.p,
					  s->pending.len);
		s->full = n <= 0 && !libssh2_channel_window_write(s->channel);
		if (n <= 0)
			return n;
		s->pending.p += n;
		s->pending.len -= (size_t)n;
	}
	if (!s->input_ended || s->eof_sent)
		return 0;
	n = libssh2_channel_send_eof(s->channel);
	s->eof_sent = n != LIBSSH2_ERROR_EAGAIN;
	return n;
}

/* A channel that takes no more may still tell its end. */
static void stop_input(struct keep_ssh2 *s)
{
	s->input_ended = s->eof_sent = true;
	s->full = false;
	s->pending = (struct keep_slice){0};
}

static int finish(struct keep_ssh2 *s, struct keep_err *e)
{
	struct keep_exec_end end = {0};
	char *by_signal = NULL;

	libssh2_channel_get_exit_signal(s->channel, &by_signal, NULL, NULL,
					NULL, NULL, NULL);
	end.status = by_signal ? 255
			       : libssh2_channel_get_exit_status(s->channel);
	libssh2_free(s->session, by_signal);
	return keep_ssh2_finish(s, &end, e);
}

static int end_if_closed(struct keep_ssh2 *s, struct keep_err *e)
{
	int rc;

	if (!libssh2_channel_eof(s->channel))
		return keep_ssh2_wait(s, e);
	rc = libssh2_channel_wait_closed(s->channel);
	if (rc == LIBSSH2_ERROR_EAGAIN)
		return keep_ssh2_wait(s, e);
	return rc ? keep_ssh2_fail(s, rc, e) : finish(s, e);
}

static bool is_stuck(const struct keep_ssh2 *s, ssize_t result)
{
	return result == LIBSSH2_ERROR_EAGAIN &&
	       (libssh2_session_block_directions(s->session) &
		LIBSSH2_SESSION_BLOCK_OUTBOUND);
}

/* Each has its turn, first what has a packet half sent: STUCK when one has. */
static int pass(struct keep_ssh2 *s, struct keep_err *e)
{
	unsigned i, op, first = s->stuck;
	ssize_t result = 0;
	int rc = 0;

	for (i = 0; i < OPS; i++) {
		op = (first + i) % OPS;
		if (op == WRITE)
			result = feed(s);
		else
			rc = take(s, op, &result, e);
		if (rc)
			return rc;
		if (is_stuck(s, result)) {
			s->stuck = op;
			return STUCK;
		}
		if (result >= 0 || result == LIBSSH2_ERROR_EAGAIN)
			continue;
		if (op != WRITE)
			return keep_ssh2_fail(s, (int)result, e);
		stop_input(s);
	}
	s->stuck = WRITE;
	return 0;
}

/* Whether input goes again, or there is more to read than what no turn of ours
 * takes, as of a stream that nobody knows. */
static bool has_news(struct keep_ssh2 *s)
{
	unsigned long left = 0;
	bool other;

	if (s->full && libssh2_channel_window_write(s->channel))
		return true;
	libssh2_channel_window_read_ex(s->channel, &left, NULL);
	other = s->took || left != s->left;
	s->left = left;
	return left && other;
}

/* Whoever asks libssh2 for anything has it read all that came: what that is to
 * those before in the pass no event tells. */
static bool is_due(struct keep_ssh2 *s)
{
	return !s->more.loop && (s->again || has_news(s));
}

int keep_ssh2_run(struct keep_ssh2 *s, struct keep_err *e)
{
	bool whole;
	int rc;

	do {
		whole = s->stuck == WRITE;
		s->again = s->took = false;
		rc = pass(s, e);
	} while (!rc && (!whole || is_due(s)));
	if (rc == STUCK)
		return keep_ssh2_wait(s, e);
	return rc ? rc : end_if_closed(s, e);
}
