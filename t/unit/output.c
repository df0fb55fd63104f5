/* compiled/ as a tree: what is in its directories, and whose it is. */
/* uses: provider */
#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "site.h"
#include "../../cmd/provider/host.h"
#include "../../cmd/provider/output/output.h"

struct given {
	const char *path, *text;
	bool stays;
};

static const struct given three[] = {
	{"a.json", "A"}, {"a/etc/motd", "hello\n"}, {"a/etc/ssh/x", "x"},
};

/* Gives the files to compiled/; "changed", "same" or the fault. */
static const char *give(struct site *s, const struct given *v, size_t n)
{
	struct keep_world w = {.mem = &s->mem};
	struct keep_sources *none = NULL;
	KEEP_AUTO(keep_output) o = {0};
	enum keep_state state;
	bool change = false;
	size_t i;
	int code;

	s->e = (struct keep_err){0};
	code = keep_sources_new(&s->c, &w, KEEP_MAKE_NONE, &none, &s->e);
	if (!code)
		code = keep_output_begin(&s->c, false, &o, &s->e);
	for (i = 0; i < o.names.n && !code; i++)
		o.kept[i] = keep_slice_is(o.names.v[i].name, "README");
	for (i = 0; i < n && !code; i++)
		code = keep_output_put(&o, keep_slice(v[i].path),
				       keep_slice(v[i].text), v[i].stays,
				       &state, &s->e);
	if (!code)
		code = keep_output_settle(&o, none, &change, &s->e);
	return code ? s->e.message : change ? "changed" : "same";
}

#define GIVE(s, v) keep_slice(give((s), (v), KEEP_COUNT(v)))

static void test_tree(void)
{
	struct site s;
	struct stat was, top;

	need(site_begin(&s));
	put(&s, "compiled/README", "mine");
	is_text(GIVE(&s, three), "changed", "a tree is written");
	is_text(text(&s, "compiled/a/etc/motd"), "hello\n",
		"a file lies in its directories");
	is_text(text(&s, "compiled/.made"), "Made by `keep compile`, which "
		"removes what it makes no more.\na/etc/motd\na/etc/ssh/x\n",
		"what lies in directories is listed");
	was = look(&s, "compiled/a/etc/motd");
	top = look(&s, "compiled");
	is_text(GIVE(&s, three), "same", "the same tree changes nothing");
	ok(same_file(top, look(&s, "compiled")), "and writes nothing");
	is_text(keep_slice(give(&s, three, 2)), "changed",
		"a tree without one of its files is another");
	ok(same_file(was, look(&s, "compiled/a/etc/motd")),
	   "an unchanged file is the same file");
	ok(is_empty(look(&s, "compiled/a/etc/ssh")),
	   "a file that is made no more goes, and its empty directory");
	is_text(keep_slice(give(&s, three, 1)), "changed", "all may go");
	ok(is_empty(look(&s, "compiled/a")) &&
	   is_empty(look(&s, "compiled/.made")), "the list goes with the last");
	is_text(text(&s, "compiled/README"), "mine",
		"what somebody put at the top stays");
	ok(is_empty(look(&s, ".keep/compiled.new")), "nothing is left over");
	site_end(&s);
}

/* What many nodes have is written once. */
static void test_shared(void)
{
	static const char web[] = "hello", own[] = "hello", other[] = "other";
	static const struct given both[] = {
		{"a/etc/motd", web, true}, {"a/etc/own", own, true},
		{"b/etc/motd", web, true}, {"c/motd", web, false},
	};
	static const struct given next[] = {
		{"a/etc/motd", other, true}, {"a/etc/own", own, true},
		{"b/etc/motd", web, true}, {"c/motd", other, true},
	};
	struct site s;
	struct stat was;

	need(site_begin(&s));
	is_text(GIVE(&s, both), "changed", "a tree is written");
	was = look(&s, "compiled/a/etc/motd");
	ok(was.st_nlink == 2 && same_file(was, look(&s, "compiled/b/etc/motd")),
	   "what is given twice is one file with two names");
	ok(!same_file(was, look(&s, "compiled/a/etc/own")) &&
	   !same_file(was, look(&s, "compiled/c/motd")),
	   "what only says the same is another");
	is_text(GIVE(&s, next), "changed", "another tree is");
	ok(same_file(was, look(&s, "compiled/b/etc/motd")),
	   "what is the same stays the same file");
	is_text(text(&s, "compiled/b/etc/motd"), "hello", "as it was");
	ok(same_file(look(&s, "compiled/a/etc/motd"),
		     look(&s, "compiled/c/motd")),
	   "where others of it are other ones");
	is_text(text(&s, "compiled/c/motd"), "other", "as they shall be");
	site_end(&s);
}

/* In place of libc's, on a disk that bears so many names of a file. */
static nlink_t most;

int linkat(int dir, const char *path, int to_dir, const char *to, int flags)
{
	struct stat st;

	if (most && !fstatat(dir, path, &st, AT_SYMLINK_NOFOLLOW) &&
	    st.st_nlink >= most) {
		errno = EMLINK;
		return -1;
	}
	return (int)syscall(SYS_linkat, dir, path, to_dir, to, flags);
}

static void test_full(void)
{
	static const char web[] = "hello", other[] = "other";
	struct given all[] = {
		{"a/1", web, true}, {"a/2", web, true}, {"a/3", web, true},
		{"a/4", web, true}, {"a/5", web, true}, {"own", web, false},
	};
	struct site s;

	need(site_begin(&s));
	most = 3;
	is_text(GIVE(&s, all), "changed", "where a file bears three names");
	ok(look(&s, "compiled/a/1").st_nlink == 3 &&
	   look(&s, "compiled/a/4").st_nlink == 2, "the next has two");
	all[5].text = other;
	is_text(GIVE(&s, all), "changed", "where it bears no more at all");
	is_text(text(&s, "compiled/a/2"), "hello", "what is kept is copied");
	is_text(text(&s, "compiled/own"), "other", "beside what is new");
	most = 0;
	site_end(&s);
}

/* More names than a file may have. */
static void test_many(void)
{
	enum { MANY = 30001 };
	static struct given all[MANY];
	static char paths[MANY][16];
	static const char web[] = "hello";
	struct site s;
	size_t i;

	for (i = 0; i < MANY; i++) {
		snprintf(paths[i], sizeof paths[i], "a/%05zu", i);
		all[i] = (struct given){paths[i], web, true};
	}
	need(site_begin(&s));
	is_text(GIVE(&s, all), "changed", "so many names are given");
	ok(look(&s, "compiled/a/00000").st_nlink == 30000 &&
	   look(&s, "compiled/a/30000").st_nlink == 1,
	   "no file has more than others bear");
	site_end(&s);
}

static void test_foreign(void)
{
	static const struct given other = {"a/etc/motd", "other"};
	struct site s;

	need(site_begin(&s));
	is_text(GIVE(&s, three), "changed", "a tree is written");
	put(&s, "compiled/a/etc/notes", "mine");
	is_text(GIVE(&s, three), "same",
		"a file that somebody put there hurts nobody");
	is_text(keep_slice(give(&s, &other, 1)), "compiled/a/etc/notes is a "
		"file that compile did not make", "but it is not removed");
	is_text(keep_slice(s.e.hint), "move it out of compiled/",
		"what to do is said");
	is_text(text(&s, "compiled/a/etc/motd"), "hello\n",
		"nothing is changed then");
	put(&s, "compiled/a/etc/notes", NULL);
	put(&s, "compiled/a/etc/link", ">motd");
	is_text(keep_slice(give(&s, &other, 1)), "compiled/a/etc/link is a "
		"file that compile did not make", "a link is a file, too");
	put(&s, "compiled/a/etc/link", NULL);
	put(&s, "compiled/README/x", "mine");
	is_text(keep_slice(give(&s, &other, 1)), "compiled/README/x is a file "
		"that compile did not make", "a directory at the top is kept");
	put(&s, "compiled/README", NULL);
	is_text(keep_slice(give(&s, &other, 1)), "changed",
		"without them the work goes on");
	is_text(text(&s, "compiled/a/etc/motd"), "other", "and is done");
	site_end(&s);
}

/* The list may come from anybody who writes to the repository. */
static void test_list(void)
{
	static const char *const lines[] = {
		"a/../../nodes/b.json", "../nodes/b.json", "/etc/passwd",
		"a//b", "a/./b", "a/", "nodes", ".keep/x", "A/x", "a/..",
		"<<<<<<< ours", "",
	};
	struct given one = {"a/motd", "hello"};
	struct site s;
	struct keep_buf b = {0};
	size_t i;

	need(site_begin(&s));
	for (i = 0; i < KEEP_COUNT(lines); i++)
		keep_buf_print(&b, "%s\n", lines[i]);
	keep_buf_print(&b, "a/motd\na/motd\nb/gone\na/cut off");
	keep_buf_byte(&b, 0);
	put(&s, "compiled/.made", b.p);
	put(&s, "compiled/a/motd", "hello");
	is_text(keep_slice(give(&s, &one, 1)), "changed",
		"a list with lines that lead elsewhere is one without them");
	is_text(text(&s, "compiled/.made"), "Made by `keep compile`, which "
		"removes what it makes no more.\na/motd\n", "it is mended");
	ok(!is_empty(look(&s, "nodes/b.json")), "nothing else is touched");
	keep_buf_end(&b);
	put(&s, "compiled/.made", NULL);
	is_text(keep_slice(give(&s, &one, 1)), "changed",
		"a list that was lost is made again");
	put(&s, "compiled/.made", NULL);
	one.path = "a/issue";
	is_text(keep_slice(give(&s, &one, 1)), "compiled/a/motd is a file that "
		"compile did not make", "without it nothing is removed");
	site_end(&s);
}

static void test_links(void)
{
	struct site s;

	need(site_begin(&s));
	is_text(GIVE(&s, three), "changed", "a tree is written");
	put(&s, "compiled/a", NULL);
	put(&s, "elsewhere/etc/motd", "hello\n");
	put(&s, "elsewhere/etc/ssh/x", "x");
	put(&s, "compiled/a", ">../elsewhere");
	is_text(GIVE(&s, three), "changed",
		"what lies behind a link was not made here");
	ok(S_ISDIR(look(&s, "compiled/a").st_mode), "the link is replaced");
	is_text(text(&s, "elsewhere/etc/motd"), "hello\n",
		"what it led to stays");
	put(&s, "compiled/a/etc/motd", NULL);
	put(&s, "compiled/a/etc/motd/deep", "mine");
	is_text(GIVE(&s, three), "compiled/a/etc/motd/deep is a file that "
		"compile did not make", "a directory in its place is kept");
	site_end(&s);
}

int main(void)
{
	test_tree();
	test_shared();
	test_full();
	if (tap_times(1, 0))
		test_many();
	test_foreign();
	test_list();
	test_links();
	return done();
}
