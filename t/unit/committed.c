/* compiled/ beside what would be compiled, where git knows what is there. */
/* uses: provider */
#include <keep/material.h>
#include "site.h"

static bool is_stale(struct site *s, unsigned how)
{
	KEEP_AUTO(keep_mem) locked = {.secret = true};
	const struct keep_slice w = KEEP_S("a");
	struct keep_materials all = {0};

	s->e = (struct keep_err){0};
	need(!keep_material(&s->c, (struct keep_slices){&w, 1},
			    KEEP_MATERIAL_MAKE | how, &locked, &all, &s->e));
	return all.v[0].stale;
}

static void begin(struct site *s)
{
	need(site_begin(s));
	s->c.run_dir = site_run_dir(s);
	/* git orders the directory `a` behind `a-b` and `a.c` */
	put(s, "nodes/a.json", "{\"ip_address\": \"10.0.0.1\", \"files\": {"
	    "\"/etc/a/x\": {\"text\": \"1\"}, \"/etc/a-b\": {\"text\": \"2\"}, "
	    "\"/etc/a.c\": {\"text\": \"3\"}, \"/etc/a0\": {\"text\": \"\"}, "
	    "\"/etc/a/y/z\": {\"text\": \"2\"}, \"/b\": {\"text\": \"4\"}}}");
	put(s, ".gitignore", ".keep/\nsecrets.dev.json\n");
	need(!compile(s));
}

static void test_known(void)
{
	struct site s;

	begin(&s);
	ok(!is_stale(&s, KEEP_MATERIAL_CLEAN), "without git it is read");
	site_sh(&s, "git init -q");
	ok(!is_stale(&s, KEEP_MATERIAL_CLEAN), "and before the first commit");
	site_commit(&s);
	ok(!is_stale(&s, KEEP_MATERIAL_CLEAN), "a commit of it is as good");
	put(&s, "compiled/a/etc/a-b", "other");
	ok(is_stale(&s, 0), "what lies there is another thing");
	ok(!is_stale(&s, KEEP_MATERIAL_CLEAN),
	   "it is not read where the commit has what it should");
	site_commit(&s);
	ok(is_stale(&s, KEEP_MATERIAL_CLEAN), "a commit of that tells it");
	site_end(&s);
}

/* Each is undone by the next. */
static void test_other(void)
{
	static const struct {
		const char *command;
		bool stale;
		const char *title;
	} rows[] = {
		{"rm compiled/a/b", true, "a file that is missing is told"},
		{"git checkout -q HEAD^ compiled; rm -r compiled/a/etc/a", true,
		 "so is a directory"},
		{"git checkout -q HEAD^^ compiled; echo >> compiled/a.json",
		 true, "and another configuration"},
		{"git checkout -q HEAD^^^ compiled; echo > compiled/a/new",
		 false, "a file that is nobody's is left alone"},
		{"rm compiled/a/new; chmod +x compiled/a/b", false,
		 "a mode does not count"},
		{"rm compiled/a/b; ln -s etc/a-b compiled/a/b", true,
		 "a link does"},
	};
	struct site s;
	size_t i;

	begin(&s);
	site_sh(&s, "git init -q");
	site_commit(&s);
	for (i = 0; i < KEEP_COUNT(rows); i++) {
		site_sh(&s, rows[i].command);
		site_commit(&s);
		ok(is_stale(&s, KEEP_MATERIAL_CLEAN) == rows[i].stale &&
		   is_stale(&s, 0) == rows[i].stale, "%s", rows[i].title);
	}
	put(&s, "nodes/a.json", "{\"ip_address\": \"10.0.0.1\"}");
	site_commit(&s);
	ok(is_stale(&s, KEEP_MATERIAL_CLEAN), "a node without files has none");
	need(!compile(&s));
	site_commit(&s);
	ok(!is_stale(&s, KEEP_MATERIAL_CLEAN), "not even a directory");
	site_end(&s);
}

static void test_without(void)
{
	struct site s;

	begin(&s);
	ok(!is_stale(&s, KEEP_MATERIAL_CLEAN), "where git is not asked it is "
	   "read");
	site_end(&s);
}

int main(void)
{
	test_without();
	/* libgit2 1.5 crashes for want of memory */
	if (tap_times(1, 0)) {
		test_known();
		test_other();
	}
	return done();
}
