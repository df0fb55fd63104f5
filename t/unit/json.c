/* Reading, writing and comparing JSON. Vectors: JSONTestSuite (MIT), in
 * t/vectors/json. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <keep/json.h>
#include "tap.h"

#define SUITE "t/vectors/json/test_parsing"

static const struct keep_json_source source = {KEEP_S("nodes/web1.json")};

/* Of the suite's good documents, those that keep refuses. */
static const struct {
	const char *name, *reason;
} refused[] = {
	{"y_object_duplicated_key.json", "the key \"a\" stands here again"},
	{"y_object_duplicated_key_and_value.json",
	 "the key \"a\" stands here again"},
	{"y_object_escaped_null_in_key.json", "\\u0000: a text holds no NUL"},
	{"y_string_null_escape.json", "\\u0000: a text holds no NUL"},
};

/* Of the suite's bad documents, those that the instance dialect reads: all
 * the difference is comments. */
static const char *const commented[] = {
	"n_object_trailing_comment.json",
	"n_object_trailing_comment_slash_open.json",
	"n_structure_object_with_comment.json",
};

static struct keep_slice load(struct keep_mem *m, const char *name)
{
	struct keep_slice path = keep_mem_print(m, SUITE "/%s", name);
	struct keep_buf b = {.mem = m};
	FILE *f = fopen(path.p, "r");
	char part[4096];
	size_t n;

	if (!f)
		return (struct keep_slice){0};
	while ((n = fread(part, 1, sizeof part, f)) > 0)
		keep_buf_put(&b, part, n);
	fclose(f);
	return keep_buf_get(&b);
}

static const char *reason_of(const char *name)
{
	for (size_t i = 0; i < KEEP_COUNT(refused); i++)
		if (!strcmp(refused[i].name, name))
			return refused[i].reason;
	return NULL;
}

static bool is_commented(const char *name)
{
	for (size_t i = 0; i < KEEP_COUNT(commented); i++)
		if (!strcmp(commented[i], name))
			return true;
	return false;
}

static void suite_file(const char *name)
{
	KEEP_AUTO(keep_mem) m = {0};
	struct keep_problems ps = {.mem = &m}, more = {.mem = &m};
	struct keep_slice text = load(&m, name);
	const char *reason = reason_of(name);
	struct keep_json v;
	int strict, instance;

	strict = keep_json_read(&m, text, &source, KEEP_JSON_STRICT, &ps, &v);
	instance = keep_json_read(&m, text, &source, KEEP_JSON_INSTANCE, &more,
				  &v);
	if (reason)
		is_text(ps.first ? ps.first->message : KEEP_S(""), reason,
			"%s is refused for what keep does not take", name);
	else if (name[0] == 'y')
		ok(!strict && !instance, "%s is read in both dialects", name);
	else if (name[0] == 'i')
		ok(strict == instance, "%s: both dialects agree", name);
	else if (is_commented(name))
		ok(strict && !instance, "%s is read as instance only", name);
	else
		ok(strict && instance && ps.first->line,
		   "%s is refused with its place", name);
}

static void suite(void)
{
	struct dirent **entries;
	int n = scandir(SUITE, &entries, NULL, alphasort);

	is_int(n, 318 + 2, "the whole suite is there");
	for (int i = 0; i < n; i++) {
		if (entries[i]->d_name[0] != '.')
			suite_file(entries[i]->d_name);
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
}

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
	 "1:2: 9223372036854775808 does not fit in 64 bits "
	 "(write it as a text)\n"
	 "1:23: -9223372036854775809 does not fit in 64 bits "
	 "(write it as a text)"},
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
	 "(a key and its value have ':' between)"},
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
	 "1:2: 010 is no number (numbers look like 10, -1, 0.5, 1e6)"},
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

/* An object of N members k0.., the last one called LAST. */
static struct keep_slice many(struct keep_mem *m, int n, const char *last)
{
	struct keep_buf b = {.mem = m};

	keep_buf_byte(&b, '{');
	for (int i = 0; i < n - 1; i++)
		keep_buf_print(&b, "\"k%d\":%d,\n", i, i);
	keep_buf_print(&b, "\"%s\":%d}", last, n - 1);
	return keep_buf_get(&b);
}

static void wide(void)
{
	KEEP_AUTO(keep_mem) m = {0};

	is_text(faults(&m, many(&m, 200000, "k7"), KEEP_JSON_STRICT),
		"200000:1: the key \"k7\" stands here again "
		"(its first place is 8:1)",
		"a duplicate among 200,000 keys is found");
	is_text(faults(&m, many(&m, 200000, "last"), KEEP_JSON_STRICT),
		"none", "200,000 different keys are read");
}

static const char sample[] =
	"// a node\n"
	"{ \"name\": \"w\\u00e4b\\n\", /* its */ \"ip\": [10, 0.50, -3],\r\n"
	"  \"on\": true, \"off\": false, \"none\": null, \"e\": {}, \"l\": [],\n"
	"  \"x\": {\"b\": [{\"c\": \"\\ud83d\\ude00\"}], \"a\": 1E+2} }\n";

static struct keep_json read_good(struct keep_mem *m, struct keep_slice text)
{
	struct keep_problems ps = {.mem = m};
	struct keep_json v;

	if (keep_json_read(m, text, &source, KEEP_JSON_INSTANCE, &ps, &v))
		ok(false, "'%.*s' is read: %.*s", KEEP_F(text),
		   KEEP_F(ps.first->message));
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
		"{\"name\":\"w\xc3\xa4" "b\\n\",\"ip\":[10,0.50,-3],\"on\":true,"
		"\"off\":false,\"none\":null,\"e\":{},\"l\":[],\"x\":{\"b\":[{"
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
	is_int(v.n == 8 ? v.members[1].column : 0, 35, "a key knows its column");
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
	struct keep_json_member *members;

	for (size_t i = 0; i < KEEP_COUNT(pairs); i++) {
		a = read_good(&m, keep_slice(pairs[i].a));
		b = read_good(&m, keep_slice(pairs[i].b));
		ok(keep_json_equal(&a, &b) == pairs[i].equal, "%s %s %s",
		   pairs[i].a, pairs[i].equal ? "is" : "is not", pairs[i].b);
	}
	a = read_good(&m, many(&m, 100000, "last"));
	members = KEEP_NEWS(&m, a.n, struct keep_json_member);
	for (uint32_t i = 0; i < a.n; i++)
		members[i] = a.members[a.n - 1 - i];
	b = a;
	b.members = members;
	ok(keep_json_equal(&a, &b), "100,000 keys in another order are equal");
	members[5].value.number++;
	ok(!keep_json_equal(&a, &b), "one changed value of them is seen");
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

int main(void)
{
	suite();
	faulty();
	depth();
	wide();
	writing();
	looking();
	equality();
	truncations();
	no_memory();
	return done();
}
