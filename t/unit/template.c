/* Templates: what they give, what is told of them, where they end. */
/* uses: provider */
#include "tap.h"
#include "expr_world.h"

static const struct {
	const char *template, *gives;
} texts[] = {
	{"", ""},
	{"plain\ntext", "plain\ntext"},
	{"Host ${name}.", "Host web1."},
	{"${web.port}${yes}${''}", "80true"},
	{"a $$x $${name} $$$$", "a $x ${name} $$"},
	{"$${${name}}$$", "${web1}$"},
	{"50 % of 100%\n %% x\n", "50 % of 100%\n %% x\n"},
	{"%% one\n%%\n%%%two\n", "% one\n%\n%%two\n"},
	{"a\n%% ${name}\n", "a\n% web1\n"},
	{"% if yes\nyes\n% end\n", "yes\n"},
	{"% if !yes\nyes\n% end\n", ""},
	{"% if yes\na\n% else\nb\n% end\nc\n", "a\nc\n"},
	{"% if !yes\na\n% else\nb\n% end\nc\n", "b\nc\n"},
	{"% if yes\n% else\n% end", ""},
	{"%\tif yes\t\r\nx\r\n%  end \r\n", "x\r\n"},
	{"% for x in [1, 2, 3]\n${x},\n% end\nend", "1,\n2,\n3,\nend"},
	{"% for x in []\n${x}\n% end\n", ""},
	{"% for x in nodes\n${x.name} ${name}\n% end\n",
	 "db1 web1\nold1 web1\nweb1 web1\nweb2 web1\n"},
	{"% for x in [1, 2]\n%   for y in ['a', 'b']\n${x}${y}\n%   end\n"
	 "% end\n", "1a\n1b\n2a\n2b\n"},
	{"% for x in [1]\n% for x in [2]\n${x}\n% end\n${x}\n% end\n",
	 "2\n1\n"},
	{"% for x in list\n% if str(x) == '2'\ntwo\n% else\n${x}\n% end\n% end\n",
	 "3\ntwo\nx\n"},
	{"${'a\nb'}\n${[1,\n 2].map(x: str(x))\n.join('}')}", "a\nb\n1}2"},
	{"${secret('db')} ${pw}", "<secret db> <secret db>"},
	{"a < b <secret> <b64 x>", "a < b <secret> <b64 x>"},
	{"${template('greet', {who: name})}${template('greet', {who: 1})}",
	 "hello web1\nhello 1\n"},
	{"${template('greet', {who: secret('db')})}", "hello <secret db>\n"},
	{"% for w in ['a', 'b']\n${template('greet', {who: w})}\n% end\n",
	 "hello a\n\nhello b\n\n"},
	{"\xc3\xa9${name}\xc3\xa9", "\xc3\xa9web1\xc3\xa9"},
};

/* What is told: line, column, message. */
static const struct {
	const char *template, *told;
} faults[] = {
	{"a\nb ${nosuch}", "2:5: web1: the node has no property `nosuch`"},
	{"\xc3\xa9 ${1 +", "1:8: web1: the expression ends where a value is "
	 "wanted"},
	{"a $x", "1:3: web1: a dollar in a template is $$"},
	{"a\n$", "2:1: web1: a dollar in a template is $$"},
	{"${1 2}", "1:5: web1: `2` stands where `}` is wanted"},
	{"${}", "1:3: web1: `}` stands where a value is wanted"},
	{"${list}", "1:3: web1: ${..} takes a text, integer or bool; this is a "
	 "list"},
	{"${nil}", "1:3: web1: ${..} takes a text, integer or bool; this is "
	 "null"},
	{"x\n%if yes\n% end\n", "2:1: web1: a line that begins with % has `for "
	 "x in EXPR`, `if EXPR`, `else` or `end` behind it, or a second %"},
	{"%", "1:1: web1: a line that begins with % has"},
	{"% iff yes\n% end\n", "1:1: web1: a line that begins with % has"},
	{"% if yes\nx\n", "1:1: web1: this `% if` has no `% end`"},
	{"x\n% for x in []\n% if yes\n% end\n",
	 "2:1: web1: this `% for` has no `% end`"},
	{"x\n% end\n", "2:1: web1: there is nothing that this `% end` could "
	 "end"},
	{"% else\n", "1:1: web1: there is nothing that this `% else` could "
	 "end"},
	{"% for x in []\n% else\n% end\n", "2:1: web1: `% else` stands once, "
	 "between `% if` and its `% end`"},
	{"% if yes\n% else\n% else\n% end\n", "3:1: web1: `% else` stands "
	 "once, between"},
	{"% if yes\n% end if\n", "2:7: web1: `if` stands where the end of the "
	 "line is wanted"},
	{"% if\n% end\n", "1:5: web1: the expression ends where a value is "
	 "wanted"},
	{"% if yes }\n% end\n", "1:10: web1: `}` stands where the end of the "
	 "line is wanted"},
	{"% if name\n% end\n", "1:6: web1: a condition is true or false; this "
	 "is a text"},
	{"% if pw == ''\n% end\n", "1:12: web1: a secret cannot be used "},
	{"% for in []\n% end\n", "1:7: web1: `in` stands where the name of "
	 "`for x in EXPR` is wanted"},
	{"% for x []\n% end\n", "1:9: web1: `[` stands where `in` is wanted"},
	{"% for nodes in []\n% end\n", "1:7: web1: `nodes` has a meaning of "
	 "its own and cannot be bound"},
	{"% for x in domain\n% end\n", "1:12: web1: `% for` takes a list or a "
	 "set of nodes; this is an object"},
	{"% for x in nil\n% end\n", "1:12: web1: `% for` takes a list or a set "
	 "of nodes; this is null"},
	{"% for x in [1]\n% end\n${x}", "3:3: web1: the node has no property "
	 "`x`"},
	{"ok\na <secret db> b", "2:3: web1: the template holds the form that "
	 "stands for a secret"},
	{"<b64 secret db>", "1:1: web1: the template holds the form"},
	{"<secret ${'db'}>", "1:1: web1: the text would hold the form that "
	 "stands for a secret"},
	{"a\n${template('none')}", "2:3: web1: template: templates/none: not "
	 "found"},
	{"${template('greet')}", "1:9: web1: the node has no property `who`"},
	{"${template('it')}", "1:1: web1: more than 64 values need each other"},
	{"${str(1,\n 2)}", "1:3: web1: str(value) was called with"},
};

struct told {
	struct keep_mem mem;
	struct keep_slice text; /* what it gives, or what is told */
	bool failed;
};

/* Evaluates template('it') in web1. */
static struct told use(struct keep_slice template)
{
	struct told t = {0};
	struct keep_world w;
	struct keep_json_member own = {KEEP_S("it"), 0, 0,
				       keep_json_of(template)};
	struct keep_json all = {.type = KEEP_JSON_OBJECT, .n = 1,
				.members = &own};
	KEEP_AUTO(keep_mem) mem = {0};
	struct keep_problems ps = {.mem = &mem};
	struct keep_json v = {0};

	need(expr_world(&w, &mem, expr_world_text));
	w.host_data = &all;
	t.failed = keep_eval_text(keep_eval_new(&mem, &w),
				  keep_world_node(&w, KEEP_S("web1")),
				  KEEP_S("template('it')"), &ps, &v) != 0;
	need(t.failed == (ps.total != 0));
	t.text = t.failed ? keep_mem_print(&t.mem, "%u:%u: %.*s",
					   ps.first->line, ps.first->column,
					   KEEP_F(ps.first->message)) :
			    keep_mem_copy(&t.mem, keep_json_text(&v));
	if (t.failed)
		need(keep_slice_starts(ps.first->where, "templates/") ||
		     keep_slice_is(ps.first->where, "EXPR"));
	return t;
}

static void test_texts(void)
{
	size_t i;

	for (i = 0; i < KEEP_COUNT(texts); i++) {
		struct told t = use(keep_slice(texts[i].template));

		is_text(t.text, texts[i].gives, "template %zu gives its text",
			i);
		keep_mem_end(&t.mem);
	}
}

static void test_faults(void)
{
	size_t i;

	for (i = 0; i < KEEP_COUNT(faults); i++) {
		struct told t = use(keep_slice(faults[i].template));
		struct keep_slice got = t.text;

		if (got.len > strlen(faults[i].told))
			got.len = strlen(faults[i].told);
		is_text(got, faults[i].told, "template %zu: told with its "
			"place", i);
		keep_mem_end(&t.mem);
	}
}

/* Every beginning of a template is one, or is refused: none is misread. */
static void test_truncations(void)
{
	static const char whole[] = "%% top\n% for n in nodes\n%  if n.name == "
		"'web1'\nme $$ ${n.name}\n%  else\nother ${n.name}\n%  end\n"
		"% end\n";
	size_t len, good = 0;
	struct told t = use(keep_slice(whole));

	is_text(t.text, "% top\nother db1\nother old1\nme $ web1\n"
		"other web2\n", "a template gives its text");
	keep_mem_end(&t.mem);
	for (len = 0; len < sizeof whole - 1; len++) {
		t = use((struct keep_slice){whole, len});
		good += !t.failed;
		keep_mem_end(&t.mem);
	}
	/* up to the first control line; without the last newline */
	is_int(good, 7 + 1, "every other beginning of it is refused");
}

static void repeat(struct keep_buf *b, const char *text, size_t n)
{
	while (n--)
		keep_buf_text(b, text);
}

static void check_limit(struct keep_buf *b, const char *told,
			const char *title)
{
	struct told t = use(keep_buf_get(b));

	if (!ok(told ? t.failed && strstr(t.text.p, told) : !t.failed, "%s",
		title))
		printf("# %.*s\n", (int)(t.text.len < 200 ? t.text.len : 200),
		       t.text.p);
	keep_mem_end(&t.mem);
	b->len = 0;
}

static void test_limits(void)
{
	KEEP_AUTO(keep_buf) b = {0};

	repeat(&b, "% if yes\n", 16);
	repeat(&b, "% end\n", 16);
	check_limit(&b, NULL, "lines may be nested 16 deep");
	repeat(&b, "% if yes\n", 17);
	repeat(&b, "% end\n", 17);
	check_limit(&b, "17:1: web1: lines are nested deeper than 16",
		    "17 are too many");
	repeat(&b, "0123456789abcde\n", 65536);
	check_limit(&b, NULL, "a template may have a MiB");
	repeat(&b, "0123456789abcde\n", 65537);
	check_limit(&b, "at most 1048576 are read", "one that is larger is "
		    "refused");
	keep_buf_text(&b, "% for x in [1, 2, 3, 4, 5, 6, 7, 8, 9]\n");
	repeat(&b, "0123456789abcde\n", 8192);
	keep_buf_text(&b, "% end\n");
	check_limit(&b, "more than 1048576 bytes", "so is a text that "
		    "becomes larger");
	repeat(&b, "% for x in nodes\n", 10);
	keep_buf_text(&b, "x\n");
	repeat(&b, "% end\n", 10);
	check_limit(&b, "more than 100000 steps", "the work is limited, too");
	keep_buf_text(&b, "% for x in nodes\n% for y in nodes\n");
	repeat(&b, "${template('greet', {who: 1})}", 1000);
	keep_buf_byte(&b, '\n');
	repeat(&b, "% end\n", 2);
	check_limit(&b, "more than 100000 steps",
		    "templates in templates share it");
}

static void test_nulls(void)
{
	struct told t = use((struct keep_slice){"a\0b", 3});

	ok(t.failed && strstr(t.text.p, "not UTF-8"),
	   "a template is text without NUL");
	keep_mem_end(&t.mem);
	t = use(KEEP_S("\xff"));
	ok(t.failed && strstr(t.text.p, "not UTF-8"), "and UTF-8");
	keep_mem_end(&t.mem);
}

int main(void)
{
	test_texts();
	test_faults();
	test_truncations();
	test_limits();
	test_nulls();
	return done();
}
