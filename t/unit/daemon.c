/* The daemon: what is answered to whom, and what ends when. */
#include "daemon_room.h"

static void pings(void)
{
	struct room r;
	size_t i;
	int fd;

	room_begin(&r);
	start(&r);
	fd = raw(&r);
	ok(say(fd, PING), "a ping is sent");
	is_slice(hear(&r, fd, PONG.len), PONG, "and answered as WIRE has it");
	for (i = 1; i < PING.len; i++) {
		say(fd, (struct keep_slice){PING.p, i});
		say(fd, (struct keep_slice){PING.p + i, PING.len - i});
		is_slice(hear(&r, fd, PONG.len), PONG,
			 "a frame may come in pieces of %zu and %zu bytes", i,
			 PING.len - i);
	}
	say(fd, KEEP_S("\0\0\0\x11\xa2\0\x68keep/0.1\1\x44\0\0\0\1"
		       "\0\0\0\x11\xa2\0\x68keep/0.1\1\x44\0\0\0\2"));
	is_slice(hear(&r, fd, 2 * PONG.len), KEEP_S(
		"\0\0\0\7\xa1\0\x44\0\0\0\1\0\0\0\7\xa1\0\x44\0\0\0\2"),
		 "two frames may come in one piece");
	close(fd);
	room_end(&r);
}

static void calls(void)
{
	KEEP_AUTO(keep_client) k = {0};
	struct keep_got got;
	struct room r;
	uint32_t id;

	room_begin(&r);
	start(&r);
	connect_to(&r, &k);
	id = ask(&r, &k, "echo", 0);
	is_int(next(&r, &k, &got), 0, "a call is answered");
	ok(got.id == id && got.kind == KEEP_GOT_RESULT && !got.verdict,
	   "by a result");
	is_slice(got.value, KEEP_S("\x82\1\2"), "as the verb gave it");
	is_int(ask_and_wait(&r, &k, "differ"), KEEP_E_DIFFERS,
	       "a result may have a verdict");
	id = ask(&r, &k, "nonsense", 0);
	need(!next(&r, &k, &got));
	is_int(got.error.code, KEEP_E_NO_SUCH_COMMAND, "a call may fail");
	is_text(keep_slice(got.error.message), "no verb 'nonsense'",
		"with its message");
	is_text(keep_slice(got.error.hint), "try echo", "and its hint");
	is_int(ask_and_wait(&r, &k, "big"), -KEEP_E_TOO_LARGE,
	       "a result over the limit of a frame is refused");
	is_int(ask_and_wait(&r, &k, "echo"), 0, "and the connection goes on");
	id = ask(&r, &k, "items", 0);
	is_int(last(&r, &k, id), 0, "items come before the result");
	room_end(&r);
}

static void items(void)
{
	KEEP_AUTO(keep_client) k = {0};
	struct keep_slice word = KEEP_S("items");
	struct keep_verb_call v = {.path = {&word, 1}};
	struct keep_got got;
	struct room r;
	uint32_t id;
	int i;

	room_begin(&r);
	start(&r);
	connect_to(&r, &k);
	ask(&r, &k, "items", 0);
	for (i = 0; i < 3; i++) {
		need(!next(&r, &k, &got));
		ok(got.kind == KEEP_GOT_ITEM &&
		   keep_slice_is(got.value, "\x63""one"), "an item comes");
	}
	need(!next(&r, &k, &got));
	is_int(got.kind, KEEP_GOT_RESULT, "the result is the last");
	need(!keep_client_ask(&k, &v, &id, &r.e) && !next(&r, &k, &got));
	is_int(got.kind, KEEP_GOT_RESULT,
	       "who wants the final answer only gets no items");
	room_end(&r);
}

/* All are asked before one is heard. */
static void pipelined(void)
{
	KEEP_AUTO(keep_client) k = {0};
	uint32_t i, n = tap_times(1000, 10), heard = 0;
	struct keep_got got;
	struct room r;
	bool good = true;

	room_begin(&r);
	start(&r);
	connect_to(&r, &k);
	for (i = 0; i < n; i++)
		ask(&r, &k, i % 2 ? "echo" : "differ", 0);
	while (keep_client_asked(&k) && good) {
		good = !next(&r, &k, &got) && got.kind == KEEP_GOT_RESULT &&
		       got.verdict == (got.id % 2 ? KEEP_E_DIFFERS : 0);
		heard += good;
	}
	is_int(heard, n, "%u calls are under way at once, each is answered",
	       n);
	room_end(&r);
}

static void no_frames(void)
{
	static const struct {
		struct keep_slice bytes;
		int code;
		const char *title;
	} v[] = {
		{{"\0\0\0\0", 4}, KEEP_E_BAD_FRAME, "a frame of no bytes"},
		{{"\xff\xff\xff\xff", 4}, KEEP_E_TOO_LARGE, "a frame of 4 GiB"},
		{{"\0\x10\0\1", 4}, KEEP_E_TOO_LARGE, "a frame over the limit"},
		{{"\0\0\0\1\xff", 5}, KEEP_E_BAD_FRAME, "a frame that is no CBOR"},
		{{"\0\0\0\2\0\0", 6}, KEEP_E_BAD_FRAME, "a frame of two items"},
	};
	struct keep_reply reply = {0};
	struct room r;
	size_t i;

	room_begin(&r);
	start(&r);
	for (i = 0; i < KEEP_COUNT(v); i++) {
		int fd = raw(&r);

		say(fd, v[i].bytes);
		is_int(hear_code(&r, fd, &reply), v[i].code, "%s is answered",
		       v[i].title);
		is_slice(reply.ok.id, KEEP_NO_ID, "as nobody's request");
		ok(is_over(fd), "and ends the connection");
		close(fd);
	}
	room_end(&r);
}

static void bad_requests(void)
{
	struct keep_reply reply = {0};
	struct room r;
	int fd;

	room_begin(&r);
	start(&r);
	fd = raw(&r);
	say(fd, KEEP_S("\0\0\0\7\xa1\1\x44\0\0\0\7"));
	is_int(hear_code(&r, fd, &reply), KEEP_E_BAD_REQUEST,
	       "a request without a client is answered");
	is_slice(reply.ok.id, KEEP_S("\0\0\0\7"), "to its id");
	say(fd, KEEP_S("\0\0\0\1\x80"));
	is_int(hear_code(&r, fd, &reply), KEEP_E_BAD_REQUEST,
	       "what is no request is answered");
	say(fd, KEEP_S("\0\0\0\x14\xa3\0\x68keep/0.1\1\x44\0\0\0\1\3\x41\x80"));
	is_int(hear_code(&r, fd, &reply), KEEP_E_BAD_REQUEST,
	       "what is no call is answered");
	say(fd, PING);
	is_slice(hear(&r, fd, PONG.len), PONG, "and the connection stays");
	say(fd, (struct keep_slice){PING.p, 9});
	shutdown(fd, SHUT_WR);
	ok(is_over(fd), "an end inside a frame ends the connection");
	close(fd);
	room_end(&r);
}

/* Who writes no more still hears its answers; who is gone does not. */
static void half_closed(void)
{
	struct room r;
	int fd;

	room_begin(&r);
	start(&r);
	fd = raw(&r);
	say(fd, KEEP_S("\0\0\0\x1b\xa3\0\x68keep/0.1\1\x44\0\0\0\1\3\x48"
		       "\xa1\0\x81\x64""echo"));
	shutdown(fd, SHUT_WR);
	is_slice(hear_frame(&r, fd), KEEP_S("\xa1\0\x44\0\0\0\1"),
		 "who closed its writing side gets its answer");
	ok(is_over(fd), "and the connection ends");
	close(fd);
	room_end(&r);
}

static void cancelled(void)
{
	KEEP_AUTO(keep_client) k = {0};
	struct keep_got got;
	struct room r;
	uint32_t run, wait, no, unknown;

	room_begin(&r);
	start(&r);
	connect_to(&r, &k);
	run = ask(&r, &k, "wait", 0);
	need(!next(&r, &k, &got));
	is_int(got.kind, KEEP_GOT_PROGRESS, "a call tells how far it is");
	wait = ask(&r, &k, "echo", 0);
	need(!keep_client_ask(&k, NULL, &no, &r.e));
	is_int(last(&r, &k, no), 0, "a ping is answered while a call runs");
	need(!keep_client_cancel(&k, wait, &no, &r.e));
	is_int(last(&r, &k, wait), -KEEP_E_CANCELLED,
	       "a call that waits is cancelled");
	is_int(last(&r, &k, no), 0, "which is told");
	need(!keep_client_cancel(&k, 77, &unknown, &r.e));
	is_int(last(&r, &k, unknown), -KEEP_E_NOT_FOUND,
	       "a call that nobody made is not");
	wait = ask(&r, &k, "echo", 0);
	need(!keep_client_cancel(&k, run, &no, &r.e));
	is_int(last(&r, &k, no), 0, "one that runs is cancelled, too");
	is_int(last(&r, &k, run), -KEEP_E_CANCELLED, "and says so");
	is_int(last(&r, &k, wait), 0, "what waits is called then");
	room_end(&r);
}

static void duplicates(void)
{
	static const struct keep_slice wait = {
		"\0\0\0\x1b\xa3\0\x68keep/0.1\1\x44\0\0\0\1\3\x48"
		"\xa1\0\x81\x64""wait", 31};
	struct keep_reply reply = {0};
	struct room r;
	int fd;

	room_begin(&r);
	start(&r);
	fd = raw(&r);
	say(fd, wait);
	say(fd, wait);
	is_int(hear_code(&r, fd, &reply), KEEP_E_DUPLICATE_ID,
	       "an id that is in use is refused");
	close(fd);
	room_end(&r);
}

static void deadlines(void)
{
	KEEP_AUTO(keep_client) k = {0};
	struct room r;
	uint32_t first, second;

	room_begin(&r);
	start(&r);
	connect_to(&r, &k);
	first = ask(&r, &k, "wait", 50);
	second = ask(&r, &k, "echo", 20);
	is_int(last(&r, &k, first), -KEEP_E_DEADLINE, "a deadline is kept");
	is_int(last(&r, &k, second), -KEEP_E_DEADLINE,
	       "also by a call that waited too long");
	is_int(ask_and_wait(&r, &k, "echo"), 0, "and the next is called");
	room_end(&r);
}

static void client_waits(void)
{
	KEEP_AUTO(keep_client) k = {0};
	struct keep_got got;
	struct room r;
	int ends[2];

	room_begin(&r);
	start(&r);
	connect_to(&r, &k);
	is_int(next(&r, &k, &got), -KEEP_E_NOT_FOUND,
	       "who asks nothing waits for nothing");
	ask(&r, &k, "wait", 0);
	need(!next(&r, &k, &got));
	is_int(keep_client_next(&k, &r.m, keep_loop_now_ms() + 20, &got,
				&r.e), -KEEP_E_DEADLINE,
	       "a client waits as long as it says");
	need(pipe(ends) == 0 && write(ends[1], "", 1) == 1);
	k.cancel_fd_plus_one = ends[0] + 1;
	is_int(next(&r, &k, &got), -KEEP_E_CANCELLED,
	       "or until it is cancelled");
	k.cancel_fd_plus_one = 0;
	kill(r.pid, SIGKILL);
	is_int(ended(&r), -1, "a daemon may be killed");
	is_int(next(&r, &k, &got), 0, "its children notice");
	ok(got.kind == KEEP_GOT_ERROR && got.error.code == KEEP_E_CANCELLED,
	   "and end what runs");
	is_int(keep_client_asked(&k), 0, "nothing is left then");
	close(ends[0]);
	close(ends[1]);
	room_end(&r);
}

int main(void)
{
	calls();
	cancelled();
	if (!tap_times(1, 0))
		return done();
	pings();
	items();
	pipelined();
	no_frames();
	bad_requests();
	half_closed();
	duplicates();
	deadlines();
	client_waits();
	return done();
}
