#include <keep/mem.h>
#include "tap.h"

static struct keep_slice text(const char *s)
{
	return keep_slice(s);
}

static void widths(void)
{
	is_int(keep_text_width(text("")), 0, "an empty text has no width");
	is_int(keep_text_width(text("abc")), 3, "ASCII takes a column each");
	is_int(keep_text_width(text("na\xc3\xafve")), 5, "so do accents");
	is_int(keep_text_width(text("e\xcc\x81")), 1,
	       "a combining accent takes none");
	is_int(keep_text_width(text("\xe6\xbc\xa2\xe5\xad\x97")), 4,
	       "Han characters take two");
	is_int(keep_text_width(text("\xf0\x9f\x9a\x80")), 2,
	       "an emoji takes two");
	is_int(keep_text_width(text("\xea\xb0\x80")), 2, "Hangul takes two");
	is_int(keep_text_width(text("a\x1b\tb\xc2\x85")), 2,
	       "control characters take none");
	is_int(keep_text_width(text("a\xff\xe6" "b")), 4,
	       "a byte that is no text takes one");
}

static void globs(void)
{
	static const char *const yes[][2] = {
		{"", ""}, {"*", ""}, {"*", "web1"}, {"web*", "web"},
		{"web?", "web1"}, {"*b1", "web1"}, {"w*b*1", "web-web1"},
		{"web[0-9]", "web7"}, {"web[!0-9]", "webx"}, {"[]a]", "]"},
		{"a[-b]", "a-"}, {"a[b-]", "a-"}, {"[", "["}, {"a[b", "a[b"},
		{"?", "\xc3\xa4"}, {"[\xc3\xa0-\xc3\xbc]", "\xc3\xa4"},
		{"**a**", "bab"}, {"*.*", "a.b"}, {"a\\", "a\\"},
	};
	static const char *const no[][2] = {
		{"", "a"}, {"a", ""}, {"?", ""}, {"web", "web1"},
		{"web?", "web"}, {"web?", "web12"}, {"*b", "abc"},
		{"web[0-9]", "weba"}, {"web[!0-9]", "web1"}, {"[a]", ""},
		{"a*b*c", "acb"}, {"[!a]", "a"}, {"A", "a"}, {"[", "]"},
	};
	char many[2000], stars[200], open[1000];
	clock_t start;
	size_t i;

	for (i = 0; i < KEEP_COUNT(yes); i++)
		ok(keep_text_glob(text(yes[i][0]), text(yes[i][1])),
		   "'%s' fits '%s'", yes[i][0], yes[i][1]);
	for (i = 0; i < KEEP_COUNT(no); i++)
		ok(!keep_text_glob(text(no[i][0]), text(no[i][1])),
		   "'%s' does not fit '%s'", no[i][0], no[i][1]);
	memset(many, 'a', sizeof many);
	for (i = 0; i < sizeof stars; i++)
		stars[i] = i == sizeof stars - 1 ? 'b' : i % 2 ? 'a' : '*';
	ok(!keep_text_glob((struct keep_slice){stars, sizeof stars},
			   (struct keep_slice){many, sizeof many}),
	   "a hundred stars end in no time");
	memset(many, '[', sizeof many);
	memset(open, '[', sizeof open);
	open[0] = '*';
	open[sizeof open - 1] = 'x';
	start = clock();
	ok(!keep_text_glob((struct keep_slice){open, sizeof open},
			   (struct keep_slice){many, sizeof many}) &&
	   clock() - start < CLOCKS_PER_SEC,
	   "nor do a thousand brackets that nothing closes take any");
}

static struct keep_slice guess(const char *wanted)
{
	static const char *const names[] = {
		"list", "node", "note", "compile", "inspect", "rm",
	};
	struct keep_guess g = {.wanted = text(wanted)};
	size_t i;

	for (i = 0; i < KEEP_COUNT(names); i++)
		keep_guess_offer(&g, text(names[i]));
	return g.best;
}

static void guesses(void)
{
	char a[70];

	is_int(keep_text_distance(text("kitten"), text("sitting")), 3,
	       "kitten is three edits from sitting");
	is_int(keep_text_distance(text("ndoe"), text("node")), 1,
	       "two letters swapped are one edit");
	is_int(keep_text_distance(text(""), text("abc")), 3,
	       "nothing is as far as the other is long");
	is_int(keep_text_distance(text("abc"), text("abc")), 0,
	       "a name is no edit from itself");
	memset(a, 'a', sizeof a);
	is_int(keep_text_distance((struct keep_slice){a, 70},
				  (struct keep_slice){a, 69}), 65,
	       "names of more than 64 bytes are not compared");
	is_int(keep_text_distance((struct keep_slice){a, 64},
				  (struct keep_slice){a, 60}), 4,
	       "names of 64 bytes are");
	is_text(guess("ndoe"), "node", "ndoe may mean node");
	is_text(guess("compiel"), "compile", "compiel may mean compile");
	is_text(guess("nore"), "node", "of two as near, the first is meant");
	ok(!guess("xyz").p, "xyz means nothing");
	ok(!guess("ls").p, "short names are not bent into others");
	ok(!guess("").p, "nothing means nothing");
}

static void tables(struct keep_mem *m)
{
	struct keep_tab t = {.mem = m, .n_columns = 3};
	struct keep_tab big = {.mem = m, .n_columns = 2};
	struct keep_buf out = {.mem = m}, none = {.mem = m};
	struct keep_mem small = {.limit = 100};
	struct keep_tab poor = {.mem = &small, .n_columns = 2};
	int i;

	keep_tab_put(&t, &none);
	is_int(none.len, 0, "a table without rows is empty");
	keep_tab_cell(&t, text("NAME"));
	keep_tab_cell(&t, text("IP"));
	keep_tab_cell(&t, text("TAGS"));
	keep_tab_cell(&t, text("\xe6\xbc\xa2\xe5\xad\x97" "1"));
	keep_tab_cell(&t, text("10.0.0.1"));
	keep_tab_cell(&t, text("local"));
	keep_tab_cell(&t, text("web"));
	keep_tab_cell(&t, text(""));
	keep_tab_cell(&t, (struct keep_slice){0});
	keep_tab_cell(&t, text(""));
	keep_tab_cell(&t, text("x"));
	keep_tab_put(&t, &out);
	is_text(keep_buf_get(&out),
		"NAME   IP        TAGS\n"
		"\xe6\xbc\xa2\xe5\xad\x97" "1  10.0.0.1  local\n"
		"web\n"
		"       x\n", "columns are aligned, with no blanks at the end");
	for (i = 0; i < 1000; i++)
		keep_tab_cell(&big, text("x"));
	out.len = 0;
	keep_tab_put(&big, &out);
	is_int(out.len, 500 * 5, "a table grows");
	keep_tab_cell(&poor, text("x"));
	keep_tab_put(&poor, &none);
	ok(none.failed, "a table without memory fails, and says so");
	keep_mem_end(&small);
}

int main(void)
{
	KEEP_AUTO(keep_mem) mem = {0};

	widths();
	globs();
	guesses();
	tables(&mem);
	return done();
}
