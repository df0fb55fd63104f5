/* Which files are as no commit has them, and where that is seen by their
 * inodes alone. */
/* uses: provider git2 */
#include <sys/mman.h>
#include "../../libcli/git2/git2.h"
#include "site.h"

/* The names, with blanks between. */
static struct keep_slice dirty(struct site *s, const char *dir)
{
	KEEP_AUTO(keep_fd) fd = {0};
	struct keep_buf b = {.mem = &s->mem};
	struct keep_slices all = {0};
	size_t i;

	need(!keep_open(keep_fd_get(&s->c.instance), dir, O_RDONLY, 0,
			KEEP_BENEATH, &fd, &s->e));
	need(!keep_git2_dirty(&s->mem, keep_fd_get(&fd), &all, &s->e));
	for (i = 0; i < all.n; i++)
		keep_buf_print(&b, "%s%.*s", i ? " " : "", KEEP_F(all.v[i]));
	return keep_buf_get(&b);
}

/* Whether nobody had to be asked. */
static bool looks_same(struct site *s)
{
	KEEP_AUTO(keep_git2) g = {0};
	int dir = keep_fd_get(&s->c.instance);
	struct stat st = look(s, ".git/index");

	need(!keep_git2_open(&g, dir, 0, &s->e) &&
	     !git_repository_index(&g.index, g.repo));
	return keep_git2_looks_same(&g, dir, "", st.st_mtim);
}

/* All as in the commit, and older than the index. */
#define ANEW "rm -rf h/.git && git clean -qffdx && git reset -q --hard && " \
	"find * .gitignore -exec touch -hd 2020-01-01 {} + && " \
	"rm .git/index && git reset -q && "

static void begin(struct site *s)
{
	need(site_begin(s));
	site_sh(s, "git init -q && git config core.autocrlf false && "
		"mkdir -p d/e f/g h && printf 1 > d/a && cp d/a d/b && "
		"cp d/a d/e/c && cp d/a f/g/a && cp d/a h/a && ln -s a d/l && "
		"cp d/a d/x && chmod 755 d/x && cp d/a d.d && "
		"printf '.keep/\\n*.tmp\\n' > .gitignore");
	site_commit(s);
}

/* --- one thing at a time ------------------------------------------------- */

static const struct row {
	const char *command, *dirty, *title;
	bool same; /* git need not be asked */
} rows[] = {
	{":", "", "what was committed is clean", true},
	{"chmod 600 d/a && rm .git/index && git reset", "",
	 "rights that git does not note are no change", true},
	{"mkdir .keep && touch .keep/a d/y.tmp", "",
	 "nor are files that are ignored", true},
	{"mkdir d/n d/n/n", "", "nor is an empty directory", false},
	{"printf 2 > d/e/c", "d/e/c", "a file of the same size is", false},
	{"printf 2 > d/e/c && touch -d 2020-01-01 d/e/c", "d/e/c",
	 "also with the time that it had", false},
	{"printf 12 > d/e/c && touch -d 2020-01-01 d/e/c", "d/e/c",
	 "and a longer one", false},
	{"chmod 644 d/x && chmod 755 d/a", "d/a d/x", "who may run it", false},
	{"rm d/b", "d/b", "a file that is gone", false},
	{"rm -r d/e", "d/e/c", "a directory that is gone", false},
	{"rm d/b && touch d/c", "d/b d/c", "one for another", false},
	{"touch d/new", "d/new", "a new file in a directory", false},
	{"touch new", "new", "one beside all", false},
	{"mkdir d/n && touch d/n/1 d/n/2", "d/n/1 d/n/2", "a new directory",
	 false},
	{"mkdir n && touch n/1 n/a.tmp", "n/1", "of which some are ignored",
	 false},
	{"touch d/a.tmp d/a.txt", "d/a.txt", "beside what is ignored", false},
	{"ln -sf b d/a", "d/a", "a link for a file", false},
	{"ln -sfn b d/l", "d/l", "a link that leads elsewhere", false},
	{"rm d/l && printf a > d/l", "d/l", "a file for a link", false},
	{"mkdir .keep && mv d .keep/d && ln -s .keep/d d",
	 "d d/a d/b d/e/c d/l d/x", "a link for a directory", false},
	{"rm d/a && mkdir d/a && touch d/a/1", "d/a d/a/1",
	 "a directory for a file", false},
	{"rm -r d/e && printf 1 > d/e", "d/e d/e/c", "a file for a directory",
	 false},
	{"cp -p d/a .a && mv .a d/a && printf 2 > h/a", "h/a",
	 "but not the same file anew", false},
	{"printf 2 > d/a && touch -d 2020-01-02 d/a && git add d/a", "d/a",
	 "what is staged", true},
	{"printf 2 > d/a && git add d/a && printf 1 > d/a", "d/a",
	 "also where the file is back", false},
	{"git rm -q --cached d/a", "d/a", "what git shall forget", false},
	{"touch d/n && git add -N d/n", "d/n", "what git shall know", false},
	{"git init -q h", "", "but no repository over files", false},
	{"git init -q h && touch h/n", "h/n", "what is new in that", false},
	{"git init -q d/n && touch d/n/1", "d/n/", "one of its own", false},
	{"git update-index --assume-unchanged d/a", "",
	 "but no file that git shall not look at", false},
};

/* Behind what is clean and old. */
static void try_row(struct site *s, const struct row *row)
{
	site_sh(s, ANEW ":");
	site_sh(s, row->command);
	is_text(dirty(s, "."), row->dirty, "%s", row->title);
	ok(looks_same(s) == row->same, "git is%s asked",
	   row->same ? " not" : "");
}

static void test_each(void)
{
	struct site s;
	size_t i;

	begin(&s);
	for (i = 0; i < KEEP_COUNT(rows); i++)
		try_row(&s, &rows[i]);
	site_end(&s);
}

/* --- what lies around ---------------------------------------------------- */

static void test_part(void)
{
	struct site s;

	begin(&s);
	site_sh(&s, ANEW "touch h/n && printf 2 > d.d");
	is_text(dirty(&s, "d"), "", "of a part only that is told");
	is_text(dirty(&s, "h"), "n", "by its names in there");
	site_sh(&s, "mkdir -p z/A z/a && touch z/A/x z/a/y z/A/z");
	site_commit(&s);
	site_sh(&s, ANEW "git config core.ignorecase true && touch z/1");
	ok(!looks_same(&s), "where case tells nothing git is asked");
	site_sh(&s, "git config core.ignorecase false");
	site_sh(&s, ANEW "git init -q n && git -C n -c user.name=a -c "
		"user.email=a@b commit -q --allow-empty -m x && "
		"git add n 2> /dev/null");
	site_commit(&s);
	site_sh(&s, "touch n/x");
	is_text(dirty(&s, "."), "n", "and a repository in it");
	site_end(&s);
}

/* --- one file with many names --------------------------------------------- */

static const struct row many[] = {
	{":", "", "what was committed is clean by all names", true},
	{"touch n/1", "", "what is written to is not trusted by any", false},
	{"printf 3 > n/1", "m/1 m/2 n/1 n/2", "since it is another by all",
	 false},
	{"printf 3 > n/3 && mv n/3 n/2", "n/2", "another file for one name",
	 false},
	{"ln -f d/b n/2", "n/2", "or one with names of its own", false},
	{"ln n/1 n/3", "n/3", "one more name", false},
	{"rm n/2", "n/2", "and one fewer", false},
	{"ln -sf 1 n/2", "n/2", "and a link", false},
};

static void test_many(void)
{
	struct site s;
	size_t i;

	for (i = 0; i < KEEP_COUNT(many); i++) {
		begin(&s);
		site_sh(&s, "mkdir m n && printf 2 > m/1 && ln m/1 m/2 && "
			"ln m/1 n/1 && ln m/1 n/2 && ln -f d/a d/b");
		site_commit(&s);
		try_row(&s, &many[i]);
		site_end(&s);
	}
}

/* A page that is mapped is written without a new time. */
static void test_racy(void)
{
	const struct timespec then[2] = {{.tv_sec = 1600000000},
					 {.tv_sec = 1600000000}};
	KEEP_AUTO(keep_fd) fd = {0};
	struct site s;
	char *page;

	begin(&s);
	site_sh(&s, ANEW ":");
	need(!keep_open(keep_fd_get(&s.c.instance), "d/a", O_RDWR, 0,
			KEEP_BENEATH, &fd, &s.e));
	page = mmap(NULL, 1, PROT_READ | PROT_WRITE, MAP_SHARED,
		    keep_fd_get(&fd), 0);
	need(page != MAP_FAILED);
	page[0] = '2';
	need(!futimens(keep_fd_get(&fd), then));
	site_commit(&s);
	is_text(dirty(&s, "."), "", "what was committed is clean");
	page[0] = '3';
	ok(looks_same(&s) && !dirty(&s, ".").len,
	   "a file that is older than the index is as its times say");
	site_sh(&s, "touch -d @1600000000 .git/index");
	ok(!looks_same(&s), "one as young is not trusted");
	is_text(dirty(&s, "."), "d/a", "but read");
	munmap(page, 1);
	site_end(&s);
}

int main(void)
{
	struct site s;

	/* some of libgit2 1.5 crashes where it finds no memory */
	if (tap_times(1, 0)) {
		test_each();
		test_many();
		test_part();
		test_racy();
	} else {
		begin(&s);
		site_end(&s);
	}
	return done();
}
