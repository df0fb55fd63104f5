/* An instance in a directory of its own, which is compiled. */
#ifndef SITE_H
#define SITE_H

#include <sys/stat.h>
#include <sys/wait.h>
#include <keep/compile.h>
#include "world.h"

struct site {
	struct keep_mem mem;
	struct keep_ctx c;
	char path[256];
	struct keep_compile_result r;
	struct keep_err e;
	int code;
};

/* Ones, which every draw takes; they give the smallest number. */
static inline void ones(struct keep_ctx *c, void *p, size_t n)
{
	(void)c;
	memset(p, 0xff, n);
}

static inline void put(struct site *s, const char *path, const char *text)
{
	const struct file f = {path, text};

	write_file(keep_fd_get(&s->c.instance), &f);
}

static inline bool site_begin(struct site *s)
{
	size_t i;

	*s = (struct site){0};
	s->c.mem = &s->mem;
	s->c.random = ones;
	if (!tap_dir(s->path, sizeof s->path))
		return false;
	s->c.instance = keep_fd_of(open(s->path, O_RDONLY | O_DIRECTORY |
						 O_CLOEXEC));
	for (i = 0; i < KEEP_COUNT(basis); i++)
		put(s, basis[i].path, basis[i].text);
	put(s, "files/motd", "hello");
	put(s, "nodes/a.json", "{\"ip_address\": \"10.0.0.1\", \"services\": "
	    "\"web\", \"web\": {\"owner\": \"me\"}}");
	put(s, "nodes/b.json", "{\"ip_address\": \"10.0.0.3\", "
	    "\"tags\": \"production\", \"pw\": \"= 'x:' + secret('db')\"}");
	return s->c.instance.plus_one > 0;
}

/* lib/keep of the build, whose t/unit this program is in. */
static inline struct keep_slice site_run_dir(struct site *s)
{
	char path[4096] = "";
	int up;

	need(readlink("/proc/self/exe", path, sizeof path - 1) > 0);
	for (up = 0; up < 3; up++)
		*strrchr(path, '/') = '\0';
	return keep_mem_print(&s->mem, "%s/lib/keep", path);
}

/* Runs it in the site. */
static inline void site_sh(const struct site *s, const char *command)
{
	int status = -1;
	pid_t pid;

	fflush(stdout); /* or the child writes it, too */
	pid = fork();
	if (pid == 0 && chdir(s->path) == 0)
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
	if (pid == 0)
		_exit(99);
	need(pid > 0 && waitpid(pid, &status, 0) == pid && status == 0);
}

static inline void site_commit(const struct site *s)
{
	site_sh(s, "git add -A && git -c user.name=a "
		"-c user.email=a@example.org commit -qm x");
}

static inline void site_end(struct site *s)
{
	struct keep_err e = {0};

	keep_fd_end(&s->c.instance);
	if (keep_dir_remove(AT_FDCWD, s->path, &e) &&
	    keep_dir_remove(AT_FDCWD, s->path, &e))
		printf("# %s\n", e.message);
	keep_mem_end(&s->mem);
}

static inline int compile_with(struct site *s, struct keep_compile_args a)
{
	s->r = (struct keep_compile_result){0};
	s->e = (struct keep_err){0};
	s->code = keep_compile(&s->c, &a, &s->r, &s->e);
	if (s->code >= 0 && s->e.code) /* what succeeds leaves no error */
		s->code = KEEP_E_INTERNAL;
	return s->code;
}

static inline int compile(struct site *s)
{
	return compile_with(s, (struct keep_compile_args){0});
}

static inline int compile_one(struct site *s, const char *word)
{
	struct keep_slice w = keep_slice(word);

	return compile_with(s, (struct keep_compile_args){.filter = {&w, 1}});
}

static inline struct keep_slice text(struct site *s, const char *path)
{
	struct keep_slice got = KEEP_S("(none)");
	struct keep_err e = {0};

	keep_ignore(keep_file_read(&s->mem, keep_fd_get(&s->c.instance), path,
				   1 << 20, &got, &e), "shows as (none)");
	return got;
}

static inline struct stat look(struct site *s, const char *path)
{
	struct stat st = {0};

	keep_ignore(fstatat(keep_fd_get(&s->c.instance), path, &st,
			    AT_SYMLINK_NOFOLLOW), "it is no file then");
	return st;
}

static inline bool same_file(struct stat a, struct stat b)
{
	return a.st_ino && a.st_ino == b.st_ino &&
	       a.st_mtim.tv_sec == b.st_mtim.tv_sec &&
	       a.st_mtim.tv_nsec == b.st_mtim.tv_nsec;
}

/* "added changed removed unchanged: nodes" */
static inline struct keep_slice counts(struct site *s)
{
	struct keep_buf b = {.mem = &s->mem};
	size_t i;

	keep_buf_print(&b, "%u %u %u %u:", s->r.added, s->r.changed,
		       s->r.removed, s->r.unchanged);
	for (i = 0; i < s->r.nodes.n; i++)
		keep_buf_print(&b, " %.*s", KEEP_F(s->r.nodes.v[i]));
	return keep_buf_get(&b);
}

static inline struct keep_slice joined(struct site *s, struct keep_slices v)
{
	struct keep_buf b = {.mem = &s->mem};
	size_t i;

	for (i = 0; i < v.n; i++)
		keep_buf_print(&b, "%s%.*s", i ? " " : "", KEEP_F(v.v[i]));
	return keep_buf_get(&b);
}

static inline bool is_empty(struct stat st)
{
	return st.st_mode == 0;
}

#endif
