/* uses: deploy provider zlib */
/* The git side of a deploy: what may be deployed, and who is behind. With
 * words, as t4121 runs it, it records a deploy of the instance here:
 *	past DEPLOY NODE=STATE... */
#include <fcntl.h>
#include <unistd.h>
#include <keep/cli.h>
#include "../../cmd/deploy/history/history.h"
#include "tap.h"

/* An instance in a repository. */
struct room {
	struct keep_mem m;
	struct keep_session session;
	struct keep_ctx c;
	char dir[100];
	const struct keep_git2_api *git;
	struct keep_past_head head;
	struct keep_err e;
};

/* lib/keep of the build, whose t/unit this program is in. */
static struct keep_slice run_dir(struct keep_mem *m)
{
	char path[4096] = "";
	int up;

	need(readlink("/proc/self/exe", path, sizeof path - 1) > 0);
	for (up = 0; up < 3; up++)
		*strrchr(path, '/') = '\0';
	return keep_mem_print(m, "%s/lib/keep", path);
}

static void room_begin(struct room *r)
{
	*r = (struct room){.c = {.mem = &r->m, .session = &r->session}};
	need(tap_dir(r->dir, sizeof r->dir));
	r->c.run_dir = run_dir(&r->m);
	need(!keep_open(AT_FDCWD, r->dir, O_RDONLY | O_DIRECTORY, 0,
			KEEP_BENEATH, &r->c.instance, &r->e));
	r->git = keep_library_symbol(r->c.run_dir, KEEP_S("git2"),
				     "keep_git2_api", &r->e);
	need(r->git);
}

static void room_end(struct room *r)
{
	keep_session_end(&r->session);
	keep_fd_end(&r->c.instance);
	keep_ignore(keep_dir_remove(AT_FDCWD, r->dir, NULL), "it is scratch");
	keep_mem_end(&r->m);
}

static void put(struct room *r, const char *path, const char *text)
{
	struct keep_slice dir = keep_mem_copy(&r->m, keep_slice(path));
	char *end = dir.p ? strrchr(dir.p, '/') : NULL;

	if (end) {
		*end = '\0';
		need(!keep_dir_make(keep_fd_get(&r->c.instance), dir.p, 0755,
				    &r->e));
	}
	need(!keep_file_replace(keep_fd_get(&r->c.instance), path,
				keep_slice(text), 0644, &r->e));
}

static struct keep_slice commit(struct room *r, const char *file,
				const char *text)
{
	struct keep_slice path = keep_slice(file);
	struct keep_git2_commit what = {{&path, 1}, "it\n", 1700000000};
	char id[65];

	put(r, file, text);
	need(!r->git->commit(keep_fd_get(&r->c.instance), &what, id, &r->e));
	return keep_mem_copy(&r->m, keep_slice(id));
}

static int guard(struct room *r, bool dirty, bool unpushed)
{
	r->e = (struct keep_err){0};
	return keep_past_guard(&r->c, (struct keep_past_allow){dirty,
			       unpushed}, &r->head, &r->e);
}

static size_t problems(const struct room *r)
{
	return r->e.problems ? r->e.problems->total : 0;
}

static void guards(struct room *r)
{
	static const char config[] = "[core]\n\tbare = false\n"
		"[remote \"origin\"]\n\turl = /nowhere\n";
	struct keep_slice id;

	is_int(guard(r, false, false), -KEEP_E_NOT_FOUND,
	       "an instance outside of git is not deployed");
	ok(strstr(r->e.hint, "git init"), "and what to do is said");
	is_int(guard(r, true, false), 0, "but with --dirty it is");
	id = commit(r, "a", "1");
	is_int(guard(r, false, false), 0, "a clean tree is deployed");
	is_text(id, r->head.id, "as the commit that it is");
	ok(!r->head.dirty, "and not a dirty one");
	put(r, ".keep/holder", "me");
	is_int(guard(r, false, false), 0, "a cache of keep is not dirt");
	put(r, "a", "2");
	put(r, "b", "new");
	is_int(guard(r, false, false), -KEEP_E_CONFLICT,
	       "a dirty tree is not deployed");
	is_int(problems(r), 2, "each file is told");
	is_int(guard(r, true, false), 0, "but with --dirty it is");
	ok(r->head.dirty, "and known as dirty");
	put(r, ".git/config", config);
	is_int(guard(r, false, true), -KEEP_E_CONFLICT,
	       "--unpushed lets no dirt pass");
	is_int(guard(r, false, false), -KEEP_E_CONFLICT,
	       "dirt that is not pushed is not deployed");
	is_int(problems(r), 3, "both are told at once");
	is_int(guard(r, true, false), -KEEP_E_CONFLICT,
	       "--dirty lets no HEAD pass that is not pushed");
	is_int(guard(r, true, true), 0, "both let all pass");
	put(r, ".git/refs/remotes/origin/main",
	    keep_mem_print(&r->m, "%.*s\n", KEEP_F(id)).p);
	is_int(guard(r, true, false), 0, "a HEAD that is pushed is deployed");
}

static void bare(struct room *r)
{
	r->c.run_dir = keep_slice(r->dir);
	ok(guard(r, true, true) < 0, "without libgit2 nothing is deployed");
	ok(!strstr(r->e.hint, "--dirty"), "and nothing lets it pass");
}

static bool is_behind(struct room *r, struct keep_slice word)
{
	bool behind = true;

	need(!keep_past_behind(&r->c, word, &behind, &r->e));
	return behind;
}

static void behind(struct room *r)
{
	struct keep_slice one, two, dirty;

	ok(!is_behind(r, KEEP_S("none")), "a word is never behind");
	one = commit(r, "a", "3");
	two = commit(r, "a", "4");
	dirty = keep_mem_print(&r->m, "%.*s-dirty", KEEP_F(one));
	need(one.p && two.p && dirty.p);
	ok(!is_behind(r, one), "a node with an earlier commit is not behind");
	ok(!is_behind(r, two), "nor one with this");
	ok(!is_behind(r, dirty), "nor one with a dirty tree of it");
	ok(is_behind(r, KEEP_S("0123456789abcdef0123456789abcdef01234567")),
	   "one with a commit that is not here is");
	put(r, ".git/refs/heads/side", two.p);
	put(r, ".git/HEAD", "ref: refs/heads/side\n");
	put(r, ".git/refs/heads/side", one.p);
	ok(is_behind(r, two), "and one with a commit of another branch");
}

/* --- deploy.json ------------------------------------------------------- */

static void file(void)
{
	KEEP_AUTO(keep_mem) m = {0};
	struct keep_history_node node = {KEEP_S("web1"), KEEP_S("failed"),
					 {0}, 17};
	struct keep_history_row got, row = {
		.at = 1700000000, .user = KEEP_S("ada"), .host = KEEP_S("box"),
		.verb = KEEP_S("rollback"), .deploy = KEEP_S("d1"),
		.nodes = {&node, 1}};
	const struct keep_history_node *nodes;
	struct keep_slice text;
	size_t len, read = 0;

	need(!keep_past_write(&m, &row, &text, NULL));
	need(!keep_past_read(&m, text, &got, NULL) && got.nodes.n == 1);
	nodes = got.nodes.v;
	ok(got.at == row.at && keep_slice_is(got.verb, "rollback") &&
	   keep_slice_is(nodes->name, "web1") && nodes->ms == 17 &&
	   !nodes->id.p && !got.plan.p, "what is recorded reads back");
	for (len = 0; len < text.len - 1; len++) {
		struct keep_slice part = {text.p, len};

		read += !keep_past_read(&m, part, &got, NULL);
	}
	is_int(read, 0, "no part of it does");
}

/* --- recording --------------------------------------------------------- */

static void told(const char *what, struct keep_slice why)
{
	if (why.p)
		printf("%s: %.*s\n", what, KEEP_F(why));
}

static int record(char **words, size_t n)
{
	struct keep_session session = {0};
	KEEP_AUTO(keep_mem) m = {0};
	struct keep_ctx c = {.mem = &m, .session = &session,
			     .agent_path = keep_slice(getenv("SSH_AUTH_SOCK"))};
	struct keep_history_node *v =
		KEEP_NEWS(&m, n, struct keep_history_node);
	struct keep_history_row row = {
		.verb = KEEP_S("deploy"), .deploy = keep_slice(words[0]),
		.commit = KEEP_S("0123456789abcdef0123456789abcdef01234567"),
		.nodes = {v, n - 1}};
	struct keep_past_told out;
	struct keep_err e = {0};
	size_t i;
	int rc;

	c.run_dir = run_dir(&m);
	need(v && !keep_instance_find(&m, AT_FDCWD, &c.instance,
				      &c.instance_path, &e));
	for (i = 1; i < n; i++) {
		char *at = strchr(words[i], '=');

		need(at);
		*at = '\0';
		v[i - 1] = (struct keep_history_node){
			keep_slice(words[i]), keep_slice(at + 1),
			KEEP_S("6d7f3eae0c5c0b9a9e9d1e2b8c1f0a55d3cdd4e7"),
			100 * i};
	}
	rc = keep_past_record(&c, &row, false, &out, &e);
	printf("%s\n", rc ? e.message : out.id);
	told("unsigned", out.unsigned_);
	told("unpushed", out.unpushed);
	keep_session_end(&session);
	keep_fd_end(&c.instance);
	return keep_exit_status(-rc);
}

int main(int argc, char **argv)
{
	struct room r;

	if (argc > 1)
		return record(argv + 1, (size_t)argc - 1);
	file();
	/* libgit2 1.5 crashes without memory */
	if (tap_times(1, 0) == 0)
		return done();
	room_begin(&r);
	guards(&r);
	behind(&r);
	bare(&r);
	room_end(&r);
	return done();
}
