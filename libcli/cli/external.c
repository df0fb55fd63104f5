/* External commands: keep-NAME in libexec/keep, then on PATH. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <dirent.h>
#include "external.h"
#include "shell.h"

enum { NAME_MAX_LEN = 64 };

/* Empty and relative entries, and those that everybody may write when root
 * would run them, are not searched. */
static bool trusted(struct keep_slice dir)
{
	char path[PATH_MAX];
	struct stat st;

	if (dir.len == 0 || dir.p[0] != '/' || dir.len >= sizeof path)
		return false;
	snprintf(path, sizeof path, "%.*s", KEEP_F(dir));
	if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode))
		return false;
	return geteuid() != 0 || !(st.st_mode & S_IWOTH);
}

/* The next directory to search: libexec first. */
static bool next_dir(struct keep_slice *path, struct keep_slice *dir)
{
	size_t len = 0;

	while (path->p) {
		for (len = 0; len < path->len && path->p[len] != ':'; len++)
			;
		*dir = (struct keep_slice){path->p, len};
		if (len == path->len)
			*path = (struct keep_slice){0};
		else
			*path = (struct keep_slice){path->p + len + 1,
						    path->len - len - 1};
		if (trusted(*dir))
			return true;
	}
	return false;
}

static void search_path(const struct keep_suite *s, struct keep_buf *b)
{
	keep_buf_print(b, "%.*s/../../libexec/keep:%.*s", KEEP_F(s->run_dir),
		       KEEP_F(s->path));
}

static bool runnable(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) &&
	       access(path, X_OK) == 0;
}

bool keep_path_find(struct keep_slice path, const char *name,
		    char found[PATH_MAX])
{
	struct keep_slice dir;
	int n;

	while (next_dir(&path, &dir)) {
		n = snprintf(found, PATH_MAX, "%.*s/%s", KEEP_F(dir), name);
		if (n > 0 && n < PATH_MAX && runnable(found))
			return true;
	}
	return false;
}

static bool find(const struct keep_suite *s, struct keep_slice name,
		 char path[PATH_MAX])
{
	KEEP_AUTO(keep_buf) all = {0};
	char file[sizeof "keep-" + NAME_MAX_LEN];

	snprintf(file, sizeof file, "keep-%.*s", KEEP_F(name));
	search_path(s, &all);
	return !all.failed && keep_path_find(keep_buf_get(&all), file, path);
}

static bool name_ok(struct keep_slice name)
{
	size_t i;

	for (i = 0; i < name.len; i++)
		if (!(name.p[i] >= 'a' && name.p[i] <= 'z') &&
		    !(name.p[i] >= '0' && name.p[i] <= '9') &&
		    (name.p[i] != '-' || i == 0))
			return false;
	return name.len > 0 && name.len <= NAME_MAX_LEN;
}

bool keep_external_find(const struct keep_suite *s, struct keep_slice name,
			struct keep_slice *file, struct keep_mem *m)
{
	char path[PATH_MAX];

	if (!name_ok(name) || !find(s, name, path))
		return false;
	*file = keep_mem_copy(m, keep_slice(path));
	return true;
}

struct listing {
	const struct keep_suite *s;
	void (*each)(void *to, struct keep_slice name, struct keep_slice path,
		     bool shadowed);
	void *to;
};

static void list_dir(const struct listing *l, struct keep_slice dir,
		     DIR *d)
{
	struct dirent *entry;
	char path[PATH_MAX], first[PATH_MAX];

	while ((entry = readdir(d)) != NULL) {
		struct keep_slice name = keep_slice(entry->d_name);

		if (!keep_slice_starts(name, "keep-"))
			continue;
		name = (struct keep_slice){name.p + 5, name.len - 5};
		snprintf(path, sizeof path, "%.*s/keep-%.*s", KEEP_F(dir),
			 KEEP_F(name));
		if (name_ok(name) && runnable(path))
			l->each(l->to, name, keep_slice(path),
				keep_suite_command(l->s, name) ||
				!find(l->s, name, first) ||
				!keep_slice_is(keep_slice(first), path));
	}
}

void keep_external_each(const struct keep_suite *s,
			void (*each)(void *to, struct keep_slice name,
				     struct keep_slice path, bool shadowed),
			void *to)
{
	KEEP_AUTO(keep_buf) all = {0};
	struct listing l = {s, each, to};
	struct keep_slice rest, dir;
	char path[PATH_MAX];
	DIR *d;

	search_path(s, &all);
	rest = keep_buf_get(&all);
	while (!all.failed && next_dir(&rest, &dir)) {
		snprintf(path, sizeof path, "%.*s", KEEP_F(dir));
		d = opendir(path);
		if (!d)
			continue;
		list_dir(&l, dir, d);
		closedir(d);
	}
}

struct nearest {
	struct keep_guess guess;
	char name[NAME_MAX_LEN + 1];
};

/* The name of a directory's entry does not outlive it. */
static void offer(void *to, struct keep_slice name, struct keep_slice path,
		  bool shadowed)
{
	struct nearest *n = to;

	(void)path, (void)shadowed;
	keep_guess_offer(&n->guess, name);
	if (n->guess.best.p != name.p)
		return;
	snprintf(n->name, sizeof n->name, "%.*s", KEEP_F(name));
	n->guess.best = keep_slice(n->name);
}

int keep_external_unknown(const struct keep_suite *s, struct keep_slice name,
			  struct keep_err *e)
{
	struct nearest near = {.guess.wanted = name};
	size_t i;

	for (i = 0; i < s->n; i++)
		keep_guess_offer(&near.guess, keep_slice(s->commands[i].name));
	keep_external_each(s, offer, &near);
	keep_fail(e, KEEP_E_NO_SUCH_COMMAND, "'%.*s' is not a command of keep",
		  KEEP_F(name));
	if (near.guess.best.p)
		return keep_hint(e, "the most similar command is: %.*s",
				 KEEP_F(near.guess.best));
	return keep_hint(e, "keep help lists the commands");
}

/* A library changes no directory, and half an order is none. */
static int refuse_directory(const struct keep_shell_run *sh,
			    struct keep_err *e)
{
	struct keep_slice to = keep_shell_word(sh->c->mem,
					       sh->globals.directory);

	keep_fail(e, KEEP_E_BAD_ARGS, "-C is not for external commands");
	return keep_hint(e, "cd %.*s && keep %.*s", KEEP_F(to),
			 KEEP_F(sh->words[0]));
}

/* It would be lost, since an external reads its own. Settings were heeded
 * before: that of an alias led here. */
static int refuse_option(const struct keep_shell_run *sh, const char *name,
			 struct keep_err *e)
{
	keep_fail(e, KEEP_E_BAD_ARGS, "--%s is not for external commands",
		  name);
	return keep_hint(e, "options of %.*s stand behind it: keep %.*s -h",
			 KEEP_F(sh->words[0]), KEEP_F(sh->words[0]));
}

static int check_globals(const struct keep_shell_run *sh, struct keep_err *e)
{
	size_t i;

	if (sh->globals.directory.len)
		return refuse_directory(sh, e);
	for (i = 0; i < sh->tree->schema->n; i++)
		if (sh->tree->slots[i].n &&
		    strcmp(sh->tree->slots[i].name, "config") != 0)
			return refuse_option(sh, sh->tree->slots[i].name, e);
	return 0;
}

int keep_external_run(struct keep_shell_run *sh, struct keep_err *e)
{
	struct keep_slice file;
	char **argv;
	size_t i;

	if (!keep_external_find(sh->suite, sh->words[0], &file, sh->c->mem))
		return keep_external_unknown(sh->suite, sh->words[0], e);
	if (check_globals(sh, e))
		return -e->code;
	argv = KEEP_NEWS(sh->c->mem, sh->n + 1, char *);
	if (!argv || !file.p)
		return keep_no_memory(e);
	argv[0] = (char *)(uintptr_t)file.p;
	for (i = 1; i < sh->n; i++) {
		struct keep_slice word = keep_mem_copy(sh->c->mem,
						       sh->words[i]);

		if (!word.p)
			return keep_no_memory(e);
		argv[i] = (char *)(uintptr_t)word.p;
	}
	execv(file.p, argv);
	return keep_fail_errno(e, "%s", file.p);
}
