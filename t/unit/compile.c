/* keep compile in a directory of its own: what is written, and what is not. */
/* uses: provider */
#include "site.h"

static void test_twice(void)
{
	struct site s;
	struct stat a, dir;

	need(site_begin(&s));
	is_int(compile(&s), 0, "an instance is compiled");
	is_text(keep_slice(s.e.message), "", "it has no fault");
	is_text(counts(&s), "3 0 0 0: a b c", "every enabled node has a file");
	is_text(text(&s, "compiled/c.json"),
		"{\n  \"admins\": [\n    \"root\",\n    \"ops\"\n  ],\n"
		"  \"enabled\": true,\n  \"environment\": \"production\",\n"
		"  \"ip_address\": \"10.0.0.4\",\n  \"name\": \"c\",\n"
		"  \"services\": [],\n  \"ssh\": {\n    \"port\": 22\n  },\n"
		"  \"tags\": [\n    \"production\"\n  ]\n}\n",
		"keys are sorted, two blanks a level");
	ok(is_empty(look(&s, ".keep/compiled.new")), "nothing is left over");
	a = look(&s, "compiled/a.json");
	dir = look(&s, "compiled");
	is_int(compile(&s), 0, "it is compiled again");
	is_text(counts(&s), "0 0 0 3:", "and nothing changes");
	ok(same_file(a, look(&s, "compiled/a.json")) &&
	   same_file(dir, look(&s, "compiled")), "nothing is written then");
	site_end(&s);
}

static void test_changes(void)
{
	struct site s;
	struct stat b, c;

	need(site_begin(&s));
	compile(&s);
	b = look(&s, "compiled/b.json");
	c = look(&s, "compiled/c.json");
	put(&s, "compiled/README", "mine");
	put(&s, "nodes/c.json", "{\"ip_address\": \"10.0.0.5\"}");
	put(&s, "nodes/d.json", "{\"ip_address\": \"10.0.0.6\"}");
	put(&s, "nodes/a.json", NULL);
	is_int(compile(&s), 0, "an instance that was edited is compiled");
	is_text(counts(&s), "1 1 1 1: a c d",
		"what was added, changed and removed is told");
	ok(same_file(b, look(&s, "compiled/b.json")),
	   "an unchanged file is the same file");
	ok(!same_file(c, look(&s, "compiled/c.json")), "a changed one is not");
	ok(is_empty(look(&s, "compiled/a.json")),
	   "the file of a node that is gone goes");
	is_text(text(&s, "compiled/README"), "mine",
		"what is no node's file stays");
	put(&s, "nodes/d.json", "{\"ip_address\": \"10.0.0.6\", "
	    "\"enabled\": false}");
	compile(&s);
	is_text(counts(&s), "0 0 1 2: d", "a disabled node has no file");
	put(&s, "compiled/dir/file", "x");
	is_int(compile(&s), 0, "a folder in compiled/ hurts nobody");
	put(&s, "nodes/d.json", NULL);
	put(&s, "nodes/c.json", "{\"ip_address\": \"10.0.0.7\"}");
	is_int(compile(&s), -KEEP_E_CONFLICT,
	       "but is not dropped when something changes");
	site_end(&s);
}

static void test_filter(void)
{
	struct site s;

	need(site_begin(&s));
	compile(&s);
	put(&s, "nodes/a.json", "{\"ip_address\": \"10.0.1.1\"}");
	put(&s, "nodes/b.json", NULL);
	put(&s, "nodes/c.json", "{\"ip_address\": \"10.0.1.4\"}");
	is_int(compile_one(&s, "c"), 0, "one node is compiled");
	is_text(counts(&s), "0 1 0 0: c", "its file changes");
	ok(!is_empty(look(&s, "compiled/b.json")), "and no other's");
	is_int(compile_one(&s, "path=no"), -KEEP_E_NOT_FOUND,
	       "a filter that selects nothing is told");
	is_int(compile_one(&s, "cc"), -KEEP_E_BAD_ARGS,
	       "an unknown word is told");
	put(&s, "nodes/a.json", "{\"ip_address\": \"= 1 +\"}");
	is_int(compile_one(&s, "c"), -KEEP_E_BAD_ARGS,
	       "a fault of another node is told");
	compile(&s);
	ok(!is_empty(look(&s, "compiled/b.json")), "a fault writes nothing");
	put(&s, "nodes/a.json", "{\"ip_address\": \"10.0.1.1\"}");
	compile(&s);
	is_text(counts(&s), "0 1 1 1: a b", "without a filter all follow");
	site_end(&s);
}

static void test_check(void)
{
	static const struct keep_compile_args check = {.check = true};
	struct site s;

	need(site_begin(&s));
	is_int(compile_with(&s, check), KEEP_E_DIFFERS,
	       "check tells that something would change");
	is_text(counts(&s), "3 0 0 0: a b c", "and what");
	is_text(joined(&s, s.r.secrets), "production/db",
		"and which secrets it would make");
	ok(is_empty(look(&s, ".keep")) && is_empty(look(&s, "compiled")) &&
	   is_empty(look(&s, "secrets.dev.json")), "it writes nothing");
	compile(&s);
	is_int(compile_with(&s, check), 0, "after a compile it agrees");
	put(&s, "nodes/c.json", NULL);
	is_int(compile_with(&s, check), KEEP_E_DIFFERS,
	       "a node that is gone differs");
	ok(!is_empty(look(&s, "compiled/c.json")), "its file stays");
	site_end(&s);
}

static void test_leftover(void)
{
	struct site s;

	need(site_begin(&s));
	put(&s, ".keep/compiled.new/a.json", "half");
	put(&s, "compiled/a.json", ">../files/motd");
	is_int(compile(&s), 0, "what a killed compile left is no matter");
	is_text(counts(&s), "2 1 0 0: a b c", "what is no file is replaced");
	ok(is_empty(look(&s, ".keep/compiled.new")), "it goes");
	ok(S_ISREG(look(&s, "compiled/a.json").st_mode) &&
	   strstr(text(&s, "compiled/a.json").p, "10.0.0.1"),
	   "the output is new");
	put(&s, ".keep/compiled.new/a.json", "half");
	compile(&s);
	ok(is_empty(look(&s, ".keep/compiled.new")),
	   "it goes also when nothing changes");
	site_end(&s);
}

static void test_lock(void)
{
	KEEP_AUTO(keep_fd) hung_up = keep_fd_of(open("/dev/null", O_RDONLY));
	struct keep_fd other;
	struct site s;

	need(site_begin(&s));
	other = keep_fd_of(open(s.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	put(&s, ".keep/holder", "keep node add (process 7)\n");
	need(keep_fd_lock(keep_fd_get(&other), 0, &s.e) == 0);
	is_int(compile(&s), -KEEP_E_BUSY, "two do not write at once");
	ok(strstr(s.e.message, "keep node add (process 7)"),
	   "who holds the instance is named");
	is_int(compile_with(&s, (struct keep_compile_args){.check = true}),
	       KEEP_E_DIFFERS, "who only looks does not wait");
	s.c.lock_timeout_ms = 10000;
	s.c.cancel_fd_plus_one = keep_fd_get(&hung_up) + 1;
	is_int(compile(&s), -KEEP_E_CANCELLED, "who waits may be called off");
	s.c.cancel_fd_plus_one = 0;
	keep_fd_end(&other);
	is_int(compile(&s), 0, "then the other one has its turn");
	other = keep_fd_of(open(s.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	is_int(keep_fd_lock(keep_fd_get(&other), 0, &s.e), 0,
	       "after a compile the instance is free");
	keep_fd_end(&other);
	site_end(&s);
}

static void test_nowhere(void)
{
	struct keep_mem mem = {0};
	struct keep_ctx c = {.mem = &mem};
	struct keep_compile_args a = {0};
	struct keep_compile_result r = {0};
	struct keep_err e = {0};

	is_int(keep_compile(&c, &a, &r, &e), -KEEP_E_NOT_FOUND,
	       "outside of an instance nothing is compiled");
	ok(strstr(e.hint, "keep init DIR"), "it is told how to make one");
	keep_mem_end(&mem);
}

int main(void)
{
	test_twice();
	test_changes();
	test_filter();
	test_check();
	test_leftover();
	test_lock();
	test_nowhere();
	return done();
}
