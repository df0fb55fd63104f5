/* What compile makes beside its output: secrets and draws. */
/* uses: provider */
#include "site.h"

static void test_secrets(void)
{
	struct site s;
	struct stat st;

	need(site_begin(&s));
	compile(&s);
	is_text(joined(&s, s.r.secrets), "production/db", "a secret is made");
	is_text(text(&s, "secrets.dev.json"),
		"{\n  \"production\": {\n    \"db\": \"ffffffffffffffffffffff"
		"ffffffffffffffffffffffffff\"\n  }\n}\n",
		"its value lies with its environment");
	is_int(look(&s, "secrets.dev.json").st_mode & 07777, 0600,
	       "nobody else may read it");
	ok(!strstr(text(&s, "compiled/b.json").p, "fffffff") &&
	   strstr(text(&s, "compiled/b.json").p, "\"x:<secret db>\""),
	   "the output does not hold it");
	st = look(&s, "secrets.dev.json");
	compile(&s);
	is_int(s.r.secrets.n, 0, "it is made once");
	ok(same_file(st, look(&s, "secrets.dev.json")),
	   "what is there is not written again");
	put(&s, "secrets.dev.json", "{\"default\": {\"db\": \"x\"}, "
	    "\"production\": {\"other\": \"y\"}}");
	compile(&s);
	is_int(s.r.secrets.n, 0, "a value of default serves everybody");
	put(&s, "nodes/c.json", "{\"ip_address\": \"10.0.0.4\", "
	    "\"pw\": \"= [secret('db'), secret('new')]\"}");
	compile(&s);
	is_text(joined(&s, s.r.secrets), "new", "default's are told by name");
	is_text(text(&s, "secrets.dev.json"),
		"{\n  \"default\": {\n    \"db\": \"x\",\n    \"new\": "
		"\"ffffffffffffffffffffffffffffffffffffffffffffffff\"\n  },\n"
		"  \"production\": {\n    \"other\": \"y\"\n  }\n}\n",
		"the others stay");
	site_end(&s);
}

static void test_broken_secrets(void)
{
	static const char *const texts[] = {
		"{", "[]", "{\"default\": 1}", "{\"default\": {\"db\": 1}}",
		"{\"default\": {}, \"default\": {}}", "/* */ {}",
	};
	struct site s;
	struct keep_slice out;
	size_t i;

	need(site_begin(&s));
	compile(&s);
	out = text(&s, "compiled/c.json");
	put(&s, "nodes/c.json", "{\"ip_address\": \"10.0.0.9\"}");
	for (i = 0; i < KEEP_COUNT(texts); i++) {
		put(&s, "secrets.dev.json", texts[i]);
		is_int(compile(&s), -KEEP_E_BAD_ARGS,
		       "secrets that are '%s' are refused", texts[i]);
		is_text(text(&s, "secrets.dev.json"), texts[i],
			"they stay as they are");
	}
	need(s.e.problems && s.e.problems->first);
	is_text(s.e.problems->first->where, "secrets.dev.json",
		"the fault has its place");
	put(&s, "secrets.dev.json", "{}");
	keep_ignore(fchmodat(keep_fd_get(&s.c.instance), "secrets.dev.json",
			     0640, 0), "the next check sees it");
	is_int(compile(&s), -KEEP_E_DENIED,
	       "secrets that others may read are refused");
	put(&s, "secrets.dev.json", ">nodes/c.json");
	is_int(compile(&s), -KEEP_E_DENIED, "a link is no place for secrets");
	is_slice(text(&s, "compiled/c.json"), out,
		 "the output stays as it was all the time");
	site_end(&s);
}

static void test_leftovers(void)
{
	static const char *const ours[] = {
		".keep-0123456789abcdef.tmp",
		"nodes/.keep-00000000000000ff.tmp",
		"picks/.keep-ffffffffffffffff.tmp",
	};
	static const char *const others[] = {
		".keep-0123456789abcde.tmp", ".keep-0123456789abcdeF.tmp",
		".keep-0123456789abcdef.tmq",
		"files/.keep-0123456789abcdef.tmp",
	};
	struct site s;
	size_t i;

	need(site_begin(&s));
	put(&s, "nodes/c.json", "{\"n\": \"= randint('n', 5, 5)\", "
	    "\"ip_address\": \"10.0.0.4\"}");
	compile(&s);
	for (i = 0; i < KEEP_COUNT(ours); i++)
		put(&s, ours[i], "half");
	for (i = 0; i < KEEP_COUNT(others); i++)
		put(&s, others[i], "mine");
	keep_ignore(mkdirat(keep_fd_get(&s.c.instance),
			    ".keep-0000000000000000.tmp", 0777),
		    "the last check sees it");
	compile_with(&s, (struct keep_compile_args){.check = true});
	for (i = 0; i < KEEP_COUNT(ours); i++)
		is_text(text(&s, ours[i]), "half",
			"a check leaves %s", ours[i]);
	is_int(compile(&s), 0, "a compile goes well beside what a kill left");
	for (i = 0; i < KEEP_COUNT(ours); i++)
		is_text(text(&s, ours[i]), "(none)",
			"it removes %s", ours[i]);
	for (i = 0; i < KEEP_COUNT(others); i++)
		is_text(text(&s, others[i]), "mine",
			"it leaves %s", others[i]);
	ok(S_ISDIR(look(&s, ".keep-0000000000000000.tmp").st_mode),
	   "it leaves a directory of such a name: an init may be at it");
	site_end(&s);
}

static void test_frozen(void)
{
	static const struct keep_compile_args frozen = {.frozen = true};
	struct site s;

	need(site_begin(&s));
	put(&s, "nodes/c.json", "{\"ip_address\": \"10.0.0.4\", "
	    "\"n\": \"= randint('port', 5, 9)\"}");
	is_int(compile_with(&s, frozen), -KEEP_E_BAD_ARGS,
	       "a frozen compile makes nothing");
	need(s.e.problems);
	is_int(s.e.problems->total, 2, "it tells the secret and the draw");
	ok(is_empty(look(&s, "compiled")) &&
	   is_empty(look(&s, "secrets.dev.json")) &&
	   is_empty(look(&s, "picks")), "it writes nothing then");
	compile(&s);
	is_int(compile_with(&s, frozen), 0,
	       "it goes on where everything is made");
	site_end(&s);
}

static void test_draws(void)
{
	struct site s;

	need(site_begin(&s));
	put(&s, "nodes/c.json", "{\"ip_address\": \"10.0.0.4\", "
	    "\"n\": \"= randint('port', -5, 9)\", "
	    "\"one\": \"= pick('vpn', nodes).name\", "
	    "\"motd\": \"= file('motd') + (file?('none') ?? '')\"}");
	is_int(compile(&s), 0, "numbers and nodes are drawn");
	is_text(joined(&s, s.r.picks), "port vpn", "that is told");
	is_text(text(&s, "picks/port"), "-5\n", "a number is kept");
	is_text(text(&s, "picks/vpn"), "a\n", "a node is kept");
	put(&s, "picks/vpn", "b\n");
	put(&s, "picks/port", "7\n");
	compile(&s);
	is_text(counts(&s), "0 1 0 2: c", "what is kept is used");
	ok(strstr(text(&s, "compiled/c.json").p, "\"n\": 7,\n") &&
	   strstr(text(&s, "compiled/c.json").p, "\"one\": \"b\"") &&
	   strstr(text(&s, "compiled/c.json").p, "\"motd\": \"hello\""),
	   "in the output");
	put(&s, "nodes/b.json", NULL);
	compile(&s);
	is_text(text(&s, "picks/vpn"), "c\n",
		"a node that left the set is drawn anew");
	put(&s, "picks/port", "70\n");
	is_int(compile(&s), -KEEP_E_BAD_ARGS,
	       "a number outside of its range is told");
	put(&s, "picks/port", "x");
	is_int(compile(&s), -KEEP_E_BAD_ARGS, "one that is none, too");
	put(&s, "picks/port", NULL);
	put(&s, "nodes/a.json", "{\"ip_address\": \"10.0.0.1\", "
	    "\"one\": \"= pick('one', nodes[name: 'a']).name\"}");
	put(&s, "nodes/c.json", "{\"ip_address\": \"10.0.0.4\", "
	    "\"one\": \"= pick('one', nodes[name: 'c']).name\"}");
	is_int(compile(&s), -KEEP_E_BAD_ARGS, "a label is for one set");
	site_end(&s);
}

int main(void)
{
	test_secrets();
	test_broken_secrets();
	test_leftovers();
	test_frozen();
	test_draws();
	return done();
}
