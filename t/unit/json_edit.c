/* Edits of JSON that keep comments, order and layout. */
#include <string.h>
#include <keep/json.h>
#include "tap.h"

/* PATH has blanks between its keys; no value: unset. AFTER "!..": the error. */
static const struct {
	const char *title, *before, *path, *value, *after;
} edits[] = {
	{"a value is replaced", "{\n  \"a\": 1, // one\n  \"b\": 2\n}\n", "a",
	 "[1, 2]", "{\n  \"a\": [1, 2], // one\n  \"b\": 2\n}\n"},
	{"an object is replaced by a scalar", "{\"a\": {\"b\": [1, {}]} }", "a",
	 "\"x\"", "{\"a\": \"x\" }"},
	{"a deep value is replaced", "{\"a\": [{}], \"b\": {\"c\": 1}}", "b c",
	 "2", "{\"a\": [{}], \"b\": {\"c\": 2}}"},
	{"a key with an escape is found", "{\"\\u0061\": 1}", "a", "2",
	 "{\"\\u0061\": 2}"},
	{"brackets in texts and comments do not count",
	 "{\"a\": [\"]}\", /* ]} */ {\"b\": 1}], \"c\": 1}", "c", "2",
	 "{\"a\": [\"]}\", /* ]} */ {\"b\": 1}], \"c\": 2}"},
	{"a new member goes behind the last one",
	 "{\n  \"a\": 1,\n  \"b\": 2\n}\n", "c", "3",
	 "{\n  \"a\": 1,\n  \"b\": 2,\n  \"c\": 3\n}\n"},
	{"its comma stands before the last one's remark",
	 "{\n\t\"a\": 1 // one\n}\n", "b", "2",
	 "{\n\t\"a\": 1, // one\n\t\"b\": 2\n}\n"},
	{"a comment at the end stays at the end",
	 "{\n  \"a\": 1\n  // more\n}\n", "b", "2",
	 "{\n  \"a\": 1,\n  \"b\": 2\n  // more\n}\n"},
	{"two remarks stay with their member",
	 "{\n  \"a\": 1 /* x */ // y\n}", "b", "2",
	 "{\n  \"a\": 1, /* x */ // y\n  \"b\": 2\n}"},
	{"a bracket on the last line stays there",
	 "{ \"a\": 1,\n  \"b\": 2 }", "c", "3",
	 "{ \"a\": 1,\n  \"b\": 2,\n  \"c\": 3 }"},
	{"one line stays one line", "{ \"a\": 1 }", "b", "2",
	 "{ \"a\": 1, \"b\": 2 }"},
	{"no blanks stay no blanks", "{\"a\":1}", "b", "2",
	 "{\"a\":1,\"b\":2}"},
	{"one line keeps its remark", "{ \"a\": 1 /* x */ }", "b", "2",
	 "{ \"a\": 1, /* x */ \"b\": 2 }"},
	{"behind a line comment a new line begins", "{ \"a\": 1 // x\n}", "b",
	 "2", "{ \"a\": 1, // x\n  \"b\": 2\n}"},
	{"an empty document is opened", "{}\n", "a", "1",
	 "{\n  \"a\": 1\n}\n"},
	{"comments of an empty object stay", "{\n  // none yet\n}\n", "a", "1",
	 "{\n  // none yet\n  \"a\": 1\n}\n"},
	{"a remark in an empty document stays", "{ /* x */ }", "a", "1",
	 "{ /* x */\n  \"a\": 1\n}"},
	{"an empty object among lines is opened",
	 "{\n    \"a\": {}\n}", "a b", "1",
	 "{\n    \"a\": {\n        \"b\": 1\n    }\n}"},
	{"an empty object in a line is not", "{ \"a\": { } }", "a b", "1",
	 "{ \"a\": { \"b\": 1 } }"},
	{"missing objects are made, line by line",
	 "{\n\t\"a\": 1\n}", "b c d", "2",
	 "{\n\t\"a\": 1,\n\t\"b\": {\n\t\t\"c\": {\n\t\t\t\"d\": 2\n"
	 "\t\t}\n\t}\n}"},
	{"missing objects are made in a line", "{ \"a\": 1 }", "b c", "2",
	 "{ \"a\": 1, \"b\": {\"c\": 2} }"},
	{"CRLF stays CRLF", "{\r\n  \"a\": 1 // x\r\n}\r\n", "b c", "2",
	 "{\r\n  \"a\": 1, // x\r\n  \"b\": {\r\n    \"c\": 2\r\n"
	 "  }\r\n}\r\n"},
	{"a new key is escaped", "{}", "\"", "1", "{\n  \"\\\"\": 1\n}"},
	{"comments around a document stay", "// a\n{\"a\": 1}\n// z", "a",
	 " 2\n", "// a\n{\"a\": 2}\n// z"},
	{"a scalar on the way is a conflict", "{\"a\": {\"b\": 1}}", "a b c",
	 "1", "!CONFLICT: a.b is no object"},
	{"a list on the way is a conflict", "[1]", "a", "1",
	 "!CONFLICT: the document is no object"},
	{"a value that is no JSON is refused", "{}", "a", "1, \"b\": 2",
	 "!BAD_ARGS: value:1:2: ',' where the end was expected"},
	{"a broken document is refused", "{\"a\": 1", "a", "1",
	 "!BAD_ARGS: document:1:8: the end where ',' or '}' was expected"},
	{"a member goes with its line and remark",
	 "{\n  \"a\": 1, // one\n  \"b\": 2\n}", "a", NULL,
	 "{\n  \"b\": 2\n}"},
	{"comments of others stay",
	 "{\n  // a\n  \"a\": 1,\n  // b\n  \"b\": 2\n}", "a", NULL,
	 "{\n  // a\n  // b\n  \"b\": 2\n}"},
	{"with the last one the comma before it goes",
	 "{\n  \"a\": 1, // one\n  \"b\": 2 // two\n}", "b", NULL,
	 "{\n  \"a\": 1 // one\n}"},
	{"a last one in many lines goes as a whole",
	 "{\n  \"a\": 1,\n  \"b\": {\n    \"c\": 2\n  }\n}", "b", NULL,
	 "{\n  \"a\": 1\n}"},
	{"the first of a line goes", "{ \"a\": 1, \"b\": 2 }", "a", NULL,
	 "{ \"b\": 2 }"},
	{"the last of a line goes", "{ \"a\": 1, \"b\": 2 }", "b", NULL,
	 "{ \"a\": 1 }"},
	{"what stands between two of a line stays",
	 "{ \"a\": 1, /* b */ \"b\": 2 }", "b", NULL,
	 "{ \"a\": 1 /* b */ }"},
	{"a bracket is never commented out",
	 "{ \"a\": 1, // one\n  \"b\": 2 }", "b", NULL,
	 "{ \"a\": 1 // one\n }"},
	{"two on a line part well", "{\n  \"a\": 1, \"b\": 2, // x\n  "
	 "\"c\": 3\n}", "a", NULL, "{\n  \"b\": 2, // x\n  \"c\": 3\n}"},
	{"commas may begin the lines", "{ \"a\": 1\n, \"b\": 2\n}", "b", NULL,
	 "{ \"a\": 1\n}"},
	{"an object that becomes empty stays",
	 "{\n  \"a\": {\n    \"b\": 1 // x\n  }\n}", "a b", NULL,
	 "{\n  \"a\": {}\n}"},
	{"its comments stay too", "{\n  // x\n  \"a\": 1\n}", "a", NULL,
	 "{\n  // x\n}"},
	{"a line of CRLF goes whole",
	 "{\r\n  \"a\": 1, // x\r\n  \"b\": 2\r\n}", "a", NULL,
	 "{\r\n  \"b\": 2\r\n}"},
	{"the last line of CRLF goes whole", "{\r\n  \"a\": 1,\r\n"
	 "  // x\r\n  \"b\": 2\r\n}", "b", NULL,
	 "{\r\n  \"a\": 1\r\n  // x\r\n}"},
	{"what is not there is not found", "{\"a\": {\"b\": 1}}", "a c", NULL,
	 "!NOT_FOUND: a.c is not set"},
	{"an empty path is refused", "{}", "", NULL, "!BAD_ARGS: an empty path"},
};

static struct keep_slices keys_of(struct keep_mem *m, const char *path)
{
	struct keep_slice *v = KEEP_NEWS(m, 8, struct keep_slice);
	size_t n = 0;

	while (v && *path) {
		v[n] = (struct keep_slice){path, strcspn(path, " ")};
		path += v[n].len + (path[v[n].len] == ' ');
		n++;
	}
	return (struct keep_slices){v, n};
}

static struct keep_slice edited(struct keep_mem *m, size_t i)
{
	struct keep_slices path = keys_of(m, edits[i].path);
	struct keep_slice before = keep_slice(edits[i].before);
	struct keep_buf out = {.mem = m};
	struct keep_err e = {0};
	int r = edits[i].value
		? keep_json_edit_set(m, before, path,
				     keep_slice(edits[i].value), &out, &e)
		: keep_json_edit_unset(m, before, path, &out, &e);

	if (r == 0)
		return keep_buf_get(&out);
	return keep_mem_print(m, "!%s: %s", keep_code_name(-r), e.message);
}

static void editing(void)
{
	char deep[70];
	KEEP_AUTO(keep_mem) m = {0};
	struct keep_buf out = {.mem = &m};
	struct keep_err e = {0};

	for (size_t i = 0; i < KEEP_COUNT(edits); i++)
		is_text(edited(&m, i), edits[i].after, "%s",
			edits[i].title);
	memset(deep, '[', 32);
	memset(deep + 32, ']', 32);
	is_int(keep_json_edit_set(&m, KEEP_S("{}"), keys_of(&m, "a"),
				  (struct keep_slice){deep, 64}, &out, &e),
	       -KEEP_E_BAD_ARGS, "an edit keeps to the depth");
	is_int(out.len, 0, "an edit that fails puts nothing");
}

int main(void)
{
	editing();
	return done();
}
