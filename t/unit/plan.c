/* Plans: what differs between two generations, folded over nodes. */
/* uses: deploy provider zlib git2 ssh2 */
#include "plan_room.h"

static void test_same(void)
{
	static const struct file v[] = {
		{"config.json", "{}", 0}, {"secret/pw", "x", 1}, {0},
	};
	struct room r;

	begin(&r);
	add(&r, "web1", v, v);
	fold(&r);
	is_int(r.r.changes.n, 0, "what is the same is no change");
	is_int(r.r.access.n, 0, "and changes nobody's access");
	end(&r);
}

static void test_diff(void)
{
	static const struct file old[] = {
		{"config.json", "a\n", 0}, {"config.sh", "A\n", 0},
		{"files/gone", "1\n", 0}, {"files/motd", "hi\nthere\n", 0},
		{"files/odd", "?", 0}, {0},
	};
	static const struct file new[] = {
		{"config.json", "b\n", 0}, {"config.sh", "B\n", 0},
		{"files/motd", "ho\nthere\n", 0}, {"files/new", "2\n", 0},
		{"files/odd", "3\n", 0}, {0},
	};
	struct room r;

	begin(&r);
	add(&r, "web1", old, new);
	fold(&r);
	is_int(r.r.changes.n, 5, "each path that differs is a change");
	ok(!change(&r, "config.sh"), "but not what only follows another");
	is_diff(change(&r, "files/motd"),
		"@@ -1,2 +1,2 @@\n-hi\n+ho\n there\n",
		"a change has a unified diff");
	is_int(change(&r, "files/gone")->what, KEEP_PLAN_LOST,
	       "a file that goes is told");
	is_diff(change(&r, "files/gone"), "@@ -1 +0,0 @@\n-1\n",
		"and shown");
	is_int(change(&r, "files/new")->what, KEEP_PLAN_GAINED,
	       "a file that comes is told");
	is_diff(change(&r, "files/new"), "@@ -0,0 +1 @@\n+2\n",
		"and shown");
	is_text(change(&r, "files/odd")->note,
		"what the node has is not known here",
		"a diff that cannot be made says so");
	ok(!change(&r, "files/odd")->diff.p, "and is none");
	end(&r);
}

static void test_secret(void)
{
	static const struct file old[] = {
		{"files/a", "pw=<db>\nx\n", 1}, {"files/b", "plain\n", 0},
		{"files/c", "<db>\n", 1}, {"salt", "?s", 1},
		{"secret/gone", "?1", 1}, {"secret/pw", "?2", 1}, {0},
	};
	static const struct file new[] = {
		{"files/a", "pw=<db>\ny\n", 1}, {"files/b", "now <db>\n", 1},
		{"files/c", "plain\n", 0}, {"salt", "?t", 1},
		{"secret/new", "?4", 1}, {"secret/pw", "?3", 1}, {0},
	};
	struct room r;

	begin(&r);
	add(&r, "web1", old, new);
	fold(&r);
	is_diff(change(&r, "files/a"), "@@ -1,2 +1,2 @@\n pw=<db>\n-x\n"
		"+y\n", "a file with a secret is shown with its name");
	ok(change(&r, "files/a")->secret, "and told to hold one");
	ok(!change(&r, "files/b")->diff.p, "the text that a file had before a "
	   "secret came is not shown");
	ok(!change(&r, "files/c")->diff.p, "nor that before it went");
	is_text(change(&r, "secret/pw")->note, "secret",
		"of a secret only that it changes is told");
	ok(change(&r, "salt"), "so is it of the salt");
	is_text(told(&r), "-4 gone:  (1)\n+4 new:  (1)\n",
		"which secrets a node gets and loses is told first");
	end(&r);
}

/* N nodes have the same change, and one of them another beside it. */
static void test_fold(void)
{
	static const struct file old[] = {{"files/motd", "hi\n", 0}, {0}};
	static const struct file new[] = {{"files/motd", "ho\n", 0}, {0}};
	static const struct file more[] = {
		{"files/motd", "ho\n", 0}, {"files/two", "2\n", 0}, {0},
	};
	struct room r;
	char name[8];
	int i;

	begin(&r);
	for (i = 49; i >= 0; i--) {
		snprintf(name, sizeof name, "n%02d", i);
		add(&r, keep_mem_copy(&r.mem, keep_slice(name)).p, old,
		    i == 7 ? more : new);
	}
	fold(&r);
	is_int(r.r.changes.n, 2, "equal changes of 50 nodes are one");
	need(change(&r, "files/motd") && change(&r, "files/two"));
	is_int(change(&r, "files/motd")->nodes.n, 50, "of all of them");
	need(change(&r, "files/motd")->nodes.n == 50);
	is_text(change(&r, "files/motd")->nodes.v[7], "n07", "by name");
	is_int(change(&r, "files/two")->nodes.n, 1,
	       "what one has beside that is its own");
	is_text(change(&r, "files/two")->nodes.v[0], "n07", "by its name");
	end(&r);
}

/* Files may differ and yet change alike. */
static void test_fold_like(void)
{
	static const struct file a[] = {{"config.json", "n\n2\n3\n4\n5\n", 0},
					{0}};
	static const struct file b[] = {{"config.json", "n\n2\n3\n4\n6\n", 0},
					{0}};
	static const struct file c[] = {{"config.json", "m\n2\n3\n4\n5\n", 0},
					{0}};
	static const struct file d[] = {{"config.json", "m\n2\n3\n4\n6\n", 0},
					{0}};
	struct room r;

	begin(&r);
	add(&r, "web1", a, b);
	add(&r, "web2", c, d);
	fold(&r);
	is_int(r.r.changes.n, 1, "diffs that are equal are folded, though the "
	       "files are not");
	is_int(change(&r, "config.json")->nodes.n, 2, "of both nodes");
	end(&r);
}

int main(void)
{
	test_same();
	test_diff();
	test_secret();
	test_fold();
	test_fold_like();
	return done();
}
