/* Envelopes: their bytes, what is refused, and that nothing is lost. */
#include <keep/envelope.h>
#include "tap.h"

static struct keep_slice hex(struct keep_mem *m, struct keep_slice s)
{
	struct keep_buf b = {.mem = m};
	size_t i;

	for (i = 0; i < s.len; i++)
		keep_buf_print(&b, "%02x", (uint8_t)s.p[i]);
	return keep_buf_get(&b);
}

static const struct keep_request asks = {
	.client = {"keep/0.1", 8}, .id = {"\0\0\0\1", 4},
};

/* The bytes of WIRE 3, without the length before them. */
static void examples(void)
{
	KEEP_AUTO(keep_mem) m = {0};
	struct keep_buf ping = {.mem = &m}, answer = {.mem = &m};
	struct keep_buf list = {.mem = &m};
	struct keep_slice words[] = {KEEP_S("node"), KEEP_S("list")};
	struct keep_verb_call call = {
		.path = {words, 2}, .args = KEEP_S("\xa1\0\x81\x6aproduction"),
		.has_deadline_ms = true, .deadline_ms = 5000,
	};
	struct keep_ok pong = {.id = asks.id};
	struct keep_err e = {0};

	is_int(keep_request_put(&ping, &asks, NULL, &e), 0,
	       "a ping is written");
	is_text(hex(&m, keep_buf_get(&ping)),
		"a200686b6565702f302e31014400000001", "as WIRE has it");
	is_int(keep_ok_put(&answer, &pong, &e), 0, "its answer is written");
	is_text(hex(&m, keep_buf_get(&answer)), "a1004400000001",
		"as WIRE has it");
	is_int(keep_request_put(&list, &asks, &call, &e), 0,
	       "a call is written");
	is_text(hex(&m, keep_buf_get(&list)),
		"a300686b6565702f302e31014400000001035820a30082646e6f6465646c"
		"69737401a100816a70726f64756374696f6e02191388",
		"as WIRE has it");
}

static void calls(void)
{
	KEEP_AUTO(keep_mem) m = {0};
	struct keep_buf bytes = {.mem = &m};
	struct keep_slice words[] = {KEEP_S("node"), KEEP_S("list")};
	struct keep_verb_call call = {
		.path = {words, 2}, .args = KEEP_S("\xa0"),
		.has_mode = true, .mode = KEEP_AS_THEY_COME,
		.instance = KEEP_S("0123456789abcdef"),
	};
	struct keep_request request;
	struct keep_verb_call got;
	struct keep_err e = {0};

	need(!keep_request_put(&bytes, &asks, &call, &e));
	is_int(keep_request_get(&m, keep_buf_get(&bytes), &request, &e), 0,
	       "a request is read");
	is_slice(request.id, asks.id, "its id is echoed byte for byte");
	is_text(request.client, "keep/0.1", "it says who asks");
	is_int(keep_call_get(&m, request.call, &got, &e), 0,
	       "the call in it is read");
	ok(got.path.n == 2 && keep_slice_is(got.path.v[0], "node") &&
	   keep_slice_is(got.path.v[1], "list"), "it names the verb");
	ok(!got.has_deadline_ms && got.mode == KEEP_AS_THEY_COME,
	   "no deadline, and items as they come");
	is_text(got.instance, "0123456789abcdef", "it names the instance");
	is_text(got.args, "\xa0", "it has arguments");
}

/* A request of hex digits: the code of its refusal, 0 for none. */
static int refusal(struct keep_mem *m, const char *digits,
		   struct keep_request *out)
{
	struct keep_buf bytes = {.mem = m};
	struct keep_err e = {0};
	unsigned byte;

	for (; *digits && sscanf(digits, "%2x", &byte) == 1; digits += 2)
		keep_buf_byte(&bytes, (uint8_t)byte);
	return -keep_request_get(m, keep_buf_get(&bytes), out, &e);
}

static void refused_requests(void)
{
	static const struct {
		const char *bytes, *id;
		int code;
		const char *title;
	} v[] = {
		{"a200686b6565702f302e31014400000001", "00000001", 0, "a ping is taken"},
		{"a300686b6565702f302e310144000000010241ff", "00000001", 0,
		 "a token is taken and ignored"},
		{"a100686b6565702f302e31", "00000000", 2, "a missing id is BAD_REQUEST"},
		{"a1014400000001", "00000001", 2, "a missing client is told with the id"},
		{"a200686b6565702f302e310143000001", "00000000", 2, "an id has 4 bytes or more"},
		{"a200686b6565702f302e3101510000000000000000000000000000000000", "00000000", 2,
		 "an id has at most 16 bytes"},
		{"a200636b6565014400000001", "00000001", 2, "a client has 4 bytes or more"},
		{"a200686b6565702f302e310101", "00000000", 2, "a number is no id"},
		{"a300686b6565702f302e3101440000000109f6", "00000001", 2,
		 "an unknown key is BAD_REQUEST"},
		{"a300686b6565702f302e310144000000010240", "00000001", 2, "a token is not empty"},
		{"80", "00000000", 2, "a list is no request"},
		{"a200686b6565702f302e3101440000000100", "00000000", 1,
		 "trailing bytes are BAD_FRAME"},
		{"a201440000000100686b6565702f302e31", "00000000", 1, "keys ascend"},
		{"bf00686b6565702f302e31014400000001ff", "00000000", 1,
		 "indefinite lengths are BAD_FRAME"},
	};
	KEEP_AUTO(keep_mem) m = {0};
	struct keep_request out;
	size_t i;

	for (i = 0; i < KEEP_COUNT(v); i++) {
		is_int(refusal(&m, v[i].bytes, &out), v[i].code, "%s",
		       v[i].title);
		is_text(hex(&m, out.id), v[i].id, "and its id is known");
	}
}

static void refused_calls(void)
{
	static const struct {
		struct keep_slice bytes;
		const char *title;
	} v[] = {
		{{"", 0}, "an empty call is refused"},
		{{"\xa0", 1}, "a call without a path is refused"},
		{{"\xa1\0\x80", 3}, "a path has a word"},
		{{"\xa1\0\x81\x60", 4}, "a word is not empty"},
		{{"\xa1\0\x81\x64Node", 8}, "a word is of small letters"},
		{{"\xa1\0\x81\x62-a", 6}, "a word begins with no '-'"},
		{{"\xa1\0\x89\x61y\x61y\x61y\x61y\x61y\x61y\x61y\x61y\x61y", 21},
		 "a path has at most 8 words"},
		{{"\xa2\0\x81\x61y\3\2", 7}, "there are two reply modes"},
		{{"\xa2\0\x81\x61y\4\x41y", 8}, "an instance id has 16 bytes"},
		{{"\xa2\0\x81\x61y\x18\x20\0", 8}, "an unknown key is refused"},
		{{"\xa1\0\x81\x61y\0", 6}, "trailing bytes are refused"},
	};
	KEEP_AUTO(keep_mem) m = {0};
	struct keep_verb_call call;
	struct keep_err e = {0};
	size_t i;

	for (i = 0; i < KEEP_COUNT(v); i++)
		is_int(keep_call_get(&m, v[i].bytes, &call, &e),
		       -KEEP_E_BAD_REQUEST, "%s", v[i].title);
}

static void results(void)
{
	KEEP_AUTO(keep_mem) m = {0};
	struct keep_buf bytes = {.mem = &m};
	struct keep_ok ok_ = {
		.id = KEEP_S("abcdef"), .payload = KEEP_S("\x81\x01"),
		.has_verdict = true, .verdict = KEEP_E_DIFFERS,
	};
	struct keep_reply got;
	struct keep_err e = {0};

	need(!keep_ok_put(&bytes, &ok_, &e));
	is_int(keep_reply_get(&m, keep_buf_get(&bytes), &got, &e), 0,
	       "a result is read");
	ok(!got.error.code && !got.ok.more && got.ok.has_verdict &&
	   got.ok.verdict == KEEP_E_DIFFERS, "with its verdict");
	is_slice(got.ok.payload, ok_.payload, "as it was written");
	is_slice(got.ok.id, ok_.id, "to the request that it answers");
	is_int(keep_reply_get(&m, KEEP_S("\xa1\0\x44""abcd"), &got, &e), 0,
	       "the answer of a ping is read");
	ok(!got.ok.payload.p && !got.error.code, "it is empty");
	is_int(keep_reply_get(&m, KEEP_S("\xa2\0\x44""abcd\x18\x20\0"), &got,
			      &e), 0, "unknown keys of a reply are ignored");
	is_int(keep_reply_get(&m, KEEP_S("\xa2\0\x44""abcd\1\x41\x81"), &got,
			      &e), -KEEP_E_BAD_FRAME,
	       "a payload that is no CBOR is refused");
}

static void items(void)
{
	KEEP_AUTO(keep_mem) m = {0};
	struct keep_buf bytes = {.mem = &m}, text = {.mem = &m};
	struct keep_item far = {
		.is_progress = true, .progress = {KEEP_S("web1"), 3, 10},
	};
	struct keep_item value = {.value = KEEP_S("\xa1\0\1")}, got;
	struct keep_err e = {0};

	need(!keep_item_put(&bytes, &far, &e) &&
	     !keep_item_put(&text, &value, &e));
	is_int(keep_item_get(&m, keep_buf_get(&bytes), &got, &e), 0,
	       "progress is read");
	ok(got.is_progress && got.progress.done == 3 &&
	   got.progress.total == 10 && keep_slice_is(got.progress.text, "web1"),
	   "as it was written");
	is_int(keep_item_get(&m, keep_buf_get(&text), &got, &e), 0,
	       "an item is read");
	ok(!got.is_progress && keep_slice_eq(got.value, value.value),
	   "as it was written");
	is_int(keep_item_get(&m, KEEP_S("\x82\2\1"), &got, &e),
	       -KEEP_E_BAD_FRAME, "another kind of item is refused");
	is_int(keep_item_get(&m, KEEP_S("\x81\1"), &got, &e),
	       -KEEP_E_BAD_FRAME, "half an item is refused");
	is_int(keep_item_get(&m, KEEP_S("\xa1\1\1"), &got, &e),
	       -KEEP_E_BAD_FRAME, "a map is no item");
}

/* An error with N faults. */
static struct keep_err fault(struct keep_problems *ps, size_t n)
{
	struct keep_err e = {0};
	size_t i;

	for (i = 0; i < n; i++)
		keep_problem(ps, KEEP_S("nodes/web1.json"), 3, 0, "fault %zu",
			     i);
	keep_problem_hint(ps, "mend it");
	keep_problems_fail(ps, &e, KEEP_E_BAD_ARGS, "web1");
	e.retry_after_ms = 250;
	return e;
}

static void errors(void)
{
	KEEP_AUTO(keep_mem) m = {0};
	struct keep_buf bytes = {.mem = &m};
	struct keep_problems ps = {.mem = &m};
	struct keep_err said = fault(&ps, 2), e = {0};
	const struct keep_problem *p;
	struct keep_reply got;

	keep_hint(&said, "see there");
	need(!keep_error_put(&bytes, KEEP_NO_ID, &said, 1 << 20, &e) &&
	     !keep_reply_get(&m, keep_buf_get(&bytes), &got, &e));
	is_slice(got.ok.id, KEEP_NO_ID, "four zeros answer no request");
	is_int(got.error.code, KEEP_E_BAD_ARGS, "an error keeps its code");
	is_text(keep_slice(got.error.message), "web1: 2 problems",
		"its message");
	is_text(keep_slice(got.error.hint), "see there", "its hint");
	is_int(got.error.retry_after_ms, 250, "when to try again");
	need(got.error.problems && got.error.problems->kept == 2);
	p = got.error.problems->first;
	ok(keep_slice_is(p->where, "nodes/web1.json") && p->line == 3 &&
	   p->column == 0 && keep_slice_is(p->message, "fault 0") &&
	   !p->hint.p, "and all faults");
	p = p->next;
	ok(keep_slice_is(p->message, "fault 1") &&
	   keep_slice_is(p->hint, "mend it") && !p->next, "in their order");
}

static void large_errors(void)
{
	KEEP_AUTO(keep_mem) m = {0};
	struct keep_buf bytes = {.mem = &m};
	struct keep_problems ps = {.mem = &m};
	struct keep_err said = fault(&ps, 500), e = {0};
	struct keep_reply got;

	need(!keep_error_put(&bytes, KEEP_NO_ID, &said, 4096, &e) &&
	     !keep_reply_get(&m, keep_buf_get(&bytes), &got, &e));
	ok(bytes.len <= 4096, "an error keeps the limit of a frame");
	ok(got.error.problems && got.error.problems->kept > 10 &&
	   got.error.problems->kept < 500, "by telling the first faults");
	is_int(keep_reply_get(&m, KEEP_S("\xa2\0\x44""abcd\1\0"), &got, &e),
	       -KEEP_E_BAD_FRAME, "an error has a code");
}

/* Cut bytes lie where a sanitizer sees an overrun. */
static void cut(void)
{
	KEEP_AUTO(keep_mem) m = {0};
	struct keep_buf bytes = {.mem = &m};
	struct keep_problems ps = {.mem = &m};
	struct keep_err said = fault(&ps, 2), e = {0};
	struct keep_request request;
	struct keep_reply reply;
	bool refused = true;
	size_t i;

	need(!keep_error_put(&bytes, KEEP_NO_ID, &said, 4096, &e));
	for (i = 0; i < bytes.len; i++) {
		struct keep_slice part = keep_mem_copy(
			&m, (struct keep_slice){bytes.p, i});

		refused &= keep_reply_get(&m, part, &reply, &e) != 0 &&
			   keep_request_get(&m, part, &request, &e) != 0;
	}
	ok(refused, "a reply that is cut anywhere is refused");
}

static void rules(void)
{
	KEEP_AUTO(keep_buf) text = {0};

	keep_schema_cddl(&keep_ok_schema, &text);
	is_slice(keep_buf_get(&text), KEEP_S(
		"ok = {\n"
		"  0: bstr .size (4..16), ; id: of the request\n"
		"  ? 1: bstr, ; payload: result or item, encoded\n"
		"  ? 2: bool, ; more: true: more follows\n"
		"  ? 3: uint .le 65535, ; verdict: code of the last\n"
		"}\n"), "envelopes have CDDL");
}

int main(void)
{
	examples();
	calls();
	refused_requests();
	refused_calls();
	results();
	items();
	errors();
	large_errors();
	cut();
	rules();
	return done();
}
