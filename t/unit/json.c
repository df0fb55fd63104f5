/* Reading, writing and comparing JSON. */
#include <string.h>
#include <keep/json.h>
#include "tap.h"

static const struct keep_json_source source = {KEEP_S("nodes/web1.json")};

/* All faults of TEXT in the instance dialect, "line:col: message (hint)". */
static struct keep_slice faults(struct keep_mem *m, struct keep_slice text,
				enum keep_json_dialect dialect)
{
	struct keep_problems ps = {.mem = m};
	const struct keep_problem *p;
	struct keep_buf b = {.mem = m};
	struct keep_json v;

	if (keep_json_read(m, text, &source, dialect, &ps, &v) == 0)
		return KEEP_S("none");
	for (p = ps.first; p; p = p->next) {
		keep_buf_print(&b, "%s%u:%u: %.*s", b.len ? "\n" : "", p->line,
			       p->column, KEEP_F(p->message));
		if (p->hint.len)
			keep_buf_print(&b, " (%.*s)", KEEP_F(p->hint));
	}
	return keep_buf_get(&b);
}

#define NUMBERS "(numbers look like 10, -1, 0.5, 1e6; longer ones are texts)"

static const struct {
	const char *title, *text, *faults;
} bad[] = {
	{"a trailing comma is called one", "{\n  \"a\": 1,\n}",
	 "2:9: a comma stands before '}' (take the trailing comma out)"},
	{"every duplicate key is told, with the first place",
	 "{\"a\": 1,\n \"a\": {\"b\": 1, \"b\": 2},\n \"a\": 3}",
	 "2:16: the key \"b\" stands here again (its first place is 2:8)\n"
	 "2:2: the key \"a\" stands here again (its first place is 1:2)\n"
	 "3:2: the key \"a\" stands here again (its first place is 1:2)"},
	{"duplicates are found behind an escape", "{\"a\":1,\"\\u0061\":1}",
	 "1:8: the key \"a\" stands here again (its first place is 1:2)"},
	{"columns count characters", "[\"\xc3\xa4\xe2\x82\xac\", x]",
	 "1:8: 'x' where a value was expected (a value is null, true, false, "
	 "a number, a text in double quotes, [..] or {..})"},
	{"integers of 64 bits are the largest",
	 "[9223372036854775808, -9223372036854775809]",
	 "1:2: 9223372036854775808 is no number of 64 bits " NUMBERS "\n"
	 "1:23: -9223372036854775809 is no number of 64 bits " NUMBERS},
	{"a double has to be finite", "[1e308, 1e309]",
	 "1:9: 1e309 is no number of 64 bits " NUMBERS},
	{"a hash begins no comment", "{\"a\": 1, # one\n}",
	 "1:10: '#' where a key in double quotes was expected "
	 "(comments are // and /* */)"},
	{"single quotes hold no text", "{'a': 1}",
	 "1:2: ''' where a key in double quotes was expected "
	 "(texts stand in double quotes)"},
	{"a comment has to end", "[1, /* one\n]",
	 "1:5: a comment begins here and does not end (close it with */)"},
	{"a text has to end on its line", "[\"a\n\"]",
	 "1:2: a text begins here and does not end (close it with '\"' on the "
	 "same line; a line break in it is written \\n)"},
	{"a missing end names the line of the beginning", "{\n\"a\": [1, 2\n",
	 "3:1: the end where ',' or ']' was expected "
	 "(what line 2 opens is not closed)"},
	{"a missing comma is asked for", "{\"a\": 1\n \"b\": 2}",
	 "2:2: '\"' where ',' or '}' was expected "
	 "(is a comma missing before it?)"},
	{"an equals sign is no colon", "{\"a\" = 1}",
	 "1:6: '=' where ':' was expected "
	 "(':' stands behind a key)"},
	{"bytes that are not UTF-8 have a place", "[\"\xc3\xa4\xff\"]",
	 "1:4: byte 0xff is not UTF-8 (save it as UTF-8)"},
	{"half a character is refused", "[\"\\ud800\", \"\\udc00\"]",
	 "1:3: \\ud800 is half a character (characters over \\uffff are two "
	 "of these: \\ud83d\\ude00)\n"
	 "1:13: \\udc00 is half a character (characters over \\uffff are two "
	 "of these: \\ud83d\\ude00)"},
	{"a control character is shown as an escape", "[\"a\tb\"]",
	 "1:4: a text holds the control character 0x09 (write it as \\u0009)"},
	{"a byte order mark is refused", "\xef\xbb\xbf{}",
	 "1:1: a byte order mark (save it as UTF-8 without a mark)"},
	{"a leading zero is refused", "[010]",
	 "1:2: 010 is no number of 64 bits " NUMBERS},
	{"an unknown escape is refused", "[\"\\x41\"]",
	 "1:3: '\\x' is no escape (a backslash itself is written \\\\)"},
	{"an empty document is refused", " // nothing\n",
	 "2:1: the end where a value was expected"},
	{"only one value is a document", "{} {}",
	 "1:4: '{' where the end was expected"},
};

static void faulty(void)
{
	KEEP_AUTO(keep_mem) m = {0};
	struct keep_slice nul = {"[\"a\0b\"]", 7};

	for (size_t i = 0; i < KEEP_COUNT(bad); i++)
		is_text(faults(&m, keep_slice(bad[i].text), KEEP_JSON_INSTANCE),
			bad[i].faults, "%s", bad[i].title);
	is_text(faults(&m, nul, KEEP_JSON_INSTANCE),
		"1:4: a text holds the control character 0x00 "
		"(a text holds no NUL)", "a NUL in a text is refused");
	is_text(faults(&m, KEEP_S("[1 // one\n]"), KEEP_JSON_STRICT),
		"1:4: a comment (comments are not allowed here)",
		"the strict dialect takes no comments");
}

static void depth(void)
{
	KEEP_AUTO(keep_mem) m = {0};
	char text[70];

	memset(text, '[', 33);
	memset(text + 33, ']', 33);
	is_text(faults(&m, (struct keep_slice){text + 1, 64},
		       KEEP_JSON_STRICT), "none", "32 levels are read");
	is_text(faults(&m, (struct keep_slice){text, 66}, KEEP_JSON_STRICT),
		"1:33: more than 32 lists and objects in each other",
		"the 33rd level is refused at its place");
}

static const char sample[] =
	"// a node\n"
	"{ \"name\": \"w\\u00e4b\\n\", /* its */ \"ip\": [10, 0.50, -3],\r\n"
	"  \"on\": true, \"off\": false, \"none\": null,"
	" \"e\": {}, \"l\": [],\n"
	"  \"x\": {\"b\": [{\"c\": \"\\ud83d\\ude00\"}], \"a\": 1E+2} }\n";

static struct keep_json read_good(struct keep_mem *m, struct keep_slice text)
{
	struct keep_problems ps = {.mem = m};
	struct keep_json v;

	if (keep_json_read(m, text, &source, KEEP_JSON_INSTANCE, &ps, &v))
		ok(false, "'%.*s' is read: %.*s", KEEP_F(text),
		   KEEP_F(ps.first ? ps.first->message : KEEP_S("?")));
	return v;
}

static struct keep_slice print(struct keep_mem *m, const struct keep_json *v,
			       int style)
{
	struct keep_buf b = {.mem = m};

	keep_json_put(&b, v, style);
	return keep_buf_get(&b);
}

static void writing(void)
{
	KEEP_AUTO(keep_mem) m = {0};
	struct keep_json v = read_good(&m, keep_slice(sample)), again;
	struct keep_buf b = {.mem = &m};

	is_text(print(&m, &v, KEEP_JSON_COMPACT),
		"{\"name\":\"w\xc3\xa4" "b\\n\",\"ip\":[10,0.50,-3],"
		"\"on\":true,\"off\":false,\"none\":null,\"e\":{},"
		"\"l\":[],\"x\":{\"b\":[{"
		"\"c\":\"\xf0\x9f\x98\x80\"}],\"a\":1E+2}}",
		"compact has no blanks, doubles stay as written");
	again = read_good(&m, KEEP_S("{\"b\":[1,{\"c\":[]}],\"a\":{}}"));
	is_text(print(&m, &again, KEEP_JSON_PRETTY | KEEP_JSON_SORTED),
		"{\n  \"a\": {},\n  \"b\": [\n    1,\n    {\n      \"c\": []\n"
		"    }\n  ]\n}", "pretty has two blanks a level, sorted keys");
	again = read_good(&m, print(&m, &v, KEEP_JSON_PRETTY));
	ok(keep_json_equal(&v, &again), "what is written reads as the same");
	keep_json_put_text(&b, KEEP_S("\x01\"\\\x7f\xff\xc3\xa4"));
	is_text(keep_buf_get(&b),
		"\"\\u0001\\\"\\\\\\u007f\xef\xbf\xbd\xc3\xa4\"",
		"a text is escaped, bad bytes are replaced");
	b.len = 0;
	keep_json_put_text(&b, KEEP_S("\xc2\x9b" "31m\xe2\x80\xae\xc2\xa0"));
	is_text(keep_buf_get(&b), "\"\\u009b31m\\u202e\xc2\xa0\"",
		"what a terminal would obey is, too");
}

static void looking(void)
{
	KEEP_AUTO(keep_mem) m = {0};
	struct keep_json v = read_good(&m, keep_slice(sample));
	const struct keep_json *c = keep_json_at(&v, KEEP_S("x.b.0.c"));

	is_text(c ? keep_json_text(c) : KEEP_S(""), "\xf0\x9f\x98\x80",
		"a path goes through objects and lists");
	is_int(c ? c->line : 0, 4, "a value knows its line");
	is_int(c ? c->column : 0, 21, "a value knows its column");
	is_text(c ? c->source->name : KEEP_S(""), "nodes/web1.json",
		"a value knows its file");
	is_int(v.n == 8 ? v.members[1].column : 0, 35,
	       "a key knows its column");
	ok(!keep_json_at(&v, KEEP_S("ip.3")), "no element behind the last");
	ok(!keep_json_at(&v, KEEP_S("ip.00")), "00 is no element's number");
	ok(!keep_json_at(&v, KEEP_S("name.x")), "a text has no members");
	ok(!keep_json_at(&v, KEEP_S("x.")), "a path ends with no dot");
	ok(keep_json_at(&v, KEEP_S("")) == &v, "the empty path is the value");
	is_text(keep_slice(keep_json_type_name(v.type)), "object",
		"types have names");
}

static const struct {
	const char *a, *b;
	bool equal;
} pairs[] = {
	{"{\"a\":1,\"b\":[2]}", "{ \"b\": [2], \"a\": 1 }", true},
	{"{\"a\":1,\"b\":2}", "{\"a\":1,\"c\":2}", false},
	{"{\"a\":1}", "{\"a\":1,\"b\":2}", false},
	{"[1,2]", "[2,1]", false},
	{"1", "1.0", false},
	{"1.0", "1.0", true},
	{"\"1.0\"", "1.0", false},
	{"null", "false", false},
	{"true", "true", true},
};

static void equality(void)
{
	KEEP_AUTO(keep_mem) m = {0};
	struct keep_json a, b;

	for (size_t i = 0; i < KEEP_COUNT(pairs); i++) {
		a = read_good(&m, keep_slice(pairs[i].a));
		b = read_good(&m, keep_slice(pairs[i].b));
		ok(keep_json_equal(&a, &b) == pairs[i].equal, "%s %s %s",
		   pairs[i].a, pairs[i].equal ? "is" : "is not", pairs[i].b);
	}
}

static void truncations(void)
{
	size_t len = sizeof sample - 1, refusals = 0;

	for (size_t i = 0; i < len; i++) {
		KEEP_AUTO(keep_mem) m = {0};
		struct keep_problems ps = {.mem = &m};
		struct keep_slice text = {sample, i};
		struct keep_json v;

		refusals += keep_json_read(&m, text, NULL, KEEP_JSON_INSTANCE,
					   &ps, &v) != 0;
	}
	is_int(refusals, len - 1, "a document that lacks its end is refused");
}

static void no_memory(void)
{
	size_t refusals = 0, limit;

	for (limit = 16; limit < 4096; limit += 16) {
		KEEP_AUTO(keep_mem) full = {.limit = limit};
		KEEP_AUTO(keep_mem) m = {0};
		struct keep_problems ps = {.mem = &m};
		struct keep_json v;
		int r = keep_json_read(&full, keep_slice(sample), NULL,
				       KEEP_JSON_INSTANCE, &ps, &v);

		if (r == 0)
			break;
		refusals += r == -KEEP_E_NO_MEMORY && ps.total == 1;
	}
	ok(limit < 4096 && refusals == limit / 16 - 1,
	   "a reader without memory says so");
}

static const struct {
	const char *title, *text, *hex;
} items[] = {
	{"keys are in deterministic order", "{\"aa\":1,\"b\":-2,\"a\":[]}",
	 "a3616180" "616221" "62616101"},
	{"doubles have 64 bits", "[0.5,1e2]",
	 "82fb3fe0000000000000fb4059000000000000"},
	{"integers keep their 64 bits",
	 "[9223372036854775807,-9223372036854775808]",
	 "821b7fffffffffffffff3b7fffffffffffffff"},
	{"words and texts go over", "[null,true,false,\"\xc3\xa4\",{}]",
	 "85f6f5f462c3a4a0"},
};

static void to_cbor(void)
{
	KEEP_AUTO(keep_mem) m = {0};
	struct keep_json v, again;
	struct keep_err e = {0};

	for (size_t i = 0; i < KEEP_COUNT(items); i++) {
		struct keep_buf b = {.mem = &m}, hex = {.mem = &m};

		v = read_good(&m, keep_slice(items[i].text));
		keep_json_to_cbor(&v, &b);
		keep_hex_put(&hex, b.p, b.len);
		is_text(keep_buf_get(&hex), items[i].hex, "CBOR: %s",
			items[i].title);
		b.len = 0;
		keep_json_to_cbor(&v, &b);
		is_int(keep_json_from_cbor(&m, keep_buf_get(&b), &again, &e),
		       0, "%s comes back", items[i].text);
		b.len = 0;
		keep_json_to_cbor(&again, &b);
		hex.len = 0;
		keep_hex_put(&hex, b.p, b.len);
		is_text(keep_buf_get(&hex), items[i].hex, "and goes again");
	}
}

/* JSON of an item, or "!" and the error. */
static const struct {
	const char *title, *hex, *json;
} from[] = {
	{"bytes become hex", "4200ff", "\"00ff\""},
	{"a whole double stays a double", "fb4014000000000000", "5.0"},
	{"a double is its shortest text", "fb3fb999999999999a", "0.1"},
	{"minus zero stays a double", "fb8000000000000000", "-0.0"},
	{"an integer over 63 bits is refused", "1b8000000000000000",
	 "!JSON has no integers over 2^63-1 here"},
	{"one under -2^63 is refused", "813b8000000000000000",
	 "!JSON has no integers under -2^63 here"},
	{"a tag is refused", "81c100", "!JSON has no tags"},
	{"an integer key is refused", "a10102", "!JSON has no keys but texts"},
	{"infinity is refused", "fb7ff0000000000000",
	 "!JSON has no infinity and no NaN"},
	{"a broken list is refused", "9a08000000", "!JSON has no broken lists"},
	{"a broken item is refused", "8118", "!JSON has no broken items"},
};

static void from_cbor(void)
{
	KEEP_AUTO(keep_mem) m = {0};
	struct keep_json v;
	struct keep_err e;
	char item[32];

	for (size_t i = 0; i < KEEP_COUNT(from); i++) {
		struct keep_slice hex = keep_slice(from[i].hex), got;

		e = (struct keep_err){0};
		ok(keep_hex_get(hex, item), "%s is hex", from[i].hex);
		if (keep_json_from_cbor(&m, (struct keep_slice){
				item, hex.len / 2}, &v, &e))
			got = keep_mem_print(&m, "!%s", e.message);
		else
			got = print(&m, &v, KEEP_JSON_COMPACT);
		is_text(got, from[i].json, "CBOR: %s", from[i].title);
	}
}

int main(void)
{
	faulty();
	depth();
	writing();
	looking();
	equality();
	truncations();
	no_memory();
	to_cbor();
	from_cbor();
	return done();
}
