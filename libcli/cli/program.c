/* Another program, run to its end for what it writes. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>
#include "shell.h"

enum {
	SAYS_MAX = 1 << 20, /* bytes of its stderr */
	WORDS = 200,        /* of them that are shown */
};

extern char **environ;

/* What it reads and writes are files in memory: no pipe can fill. */
struct run {
	struct keep_fd io[3];
	pid_t pid;
};

static void end(struct run *u)
{
	size_t i;

	for (i = 0; i < KEEP_COUNT(u->io); i++)
		keep_fd_end(&u->io[i]);
}

static int prepare(struct run *u, struct keep_slice input, struct keep_err *e)
{
	size_t i;
	int code = 0;

	for (i = 0; i < KEEP_COUNT(u->io); i++) {
		u->io[i] = keep_fd_of(memfd_create("keep", MFD_CLOEXEC));
		if (!u->io[i].plus_one)
			return keep_fail_errno(e, "memory for a program");
	}
	code = keep_fd_write(keep_fd_get(&u->io[0]), input, e);
	if (!code && lseek(keep_fd_get(&u->io[0]), 0, SEEK_SET) != 0)
		code = keep_fail_errno(e, "input of a program");
	return code;
}

static int start(struct run *u, const struct keep_program *p,
		 struct keep_err *e)
{
	posix_spawn_file_actions_t actions;
	char *const *argv = (char *const *)(uintptr_t)p->argv;
	char path[PATH_MAX];
	size_t i;
	int error = 0;

	if (!keep_path_find(keep_slice(getenv("PATH")), argv[0], path))
		return keep_fail(e, KEEP_E_NOT_FOUND, "%s is not installed",
				 argv[0]);
	if (posix_spawn_file_actions_init(&actions))
		return keep_no_memory(e);
	for (i = 0; i < KEEP_COUNT(u->io) && !error; i++)
		error = posix_spawn_file_actions_adddup2(
			&actions, keep_fd_get(&u->io[i]), (int)i);
	if (!error)
		error = posix_spawn(&u->pid, path, &actions, NULL, argv,
				    environ);
	posix_spawn_file_actions_destroy(&actions);
	if (!error)
		return 0;
	errno = error;
	return keep_fail_errno(e, "starting %s", path);
}

/* When the verb should end, so should the program. */
static int wait_for(struct keep_ctx *c, const struct run *u, int *status,
		    struct keep_err *e)
{
	KEEP_AUTO(keep_fd) fd = keep_fd_of(pidfd_open(u->pid, 0));
	int code = fd.plus_one ? keep_wait(c, keep_fd_get(&fd), POLLIN, e) :
				 keep_fail_errno(e, "waiting");

	if (code)
		kill(u->pid, SIGKILL);
	while (waitpid(u->pid, status, 0) < 0 && errno == EINTR)
		;
	return code;
}

/* What it wrote; its files are read from their begin. */
static int read_back(struct keep_ctx *c, const struct keep_fd *fd, size_t max,
		     struct keep_slice *text, struct keep_err *e)
{
	if (lseek(keep_fd_get(fd), 0, SEEK_SET) != 0)
		return keep_fail_errno(e, "output of a program");
	return keep_fd_read(c->mem, keep_fd_get(fd), max, text, e);
}

static int failed(struct keep_ctx *c, const struct run *u, const char *name,
		  struct keep_err *e)
{
	struct keep_slice text = {0}, safe;
	struct keep_err why = {0};

	if (read_back(c, &u->io[2], SAYS_MAX, &text, &why))
		text = KEEP_S("");
	while (text.len && text.p[text.len - 1] == '\n')
		text.len--;
	safe = keep_text_safe(c->mem, text, WORDS);
	keep_fail(e, KEEP_E_IO, "%s failed", name);
	if (safe.len)
		keep_hint(e, "it says: %.*s", KEEP_F(safe));
	return -KEEP_E_IO;
}

int keep_program_run(struct keep_ctx *c, const struct keep_program *p,
		     struct keep_slice *output, struct keep_err *e)
{
	struct run u = {0};
	int status = 0, code = prepare(&u, p->input, e);

	if (!code)
		code = start(&u, p, e);
	if (!code)
		code = wait_for(c, &u, &status, e);
	if (!code && !(WIFEXITED(status) && WEXITSTATUS(status) == 0))
		code = failed(c, &u, p->argv[0], e);
	if (!code)
		code = read_back(c, &u.io[1], p->max, output, e);
	if (!code && p->says)
		code = read_back(c, &u.io[2], p->max, p->says, e);
	end(&u);
	return code;
}

int keep_program_become(struct keep_ctx *c, const char *const *argv,
			struct keep_err *e)
{
	char *const *words = (char *const *)(uintptr_t)argv;
	char path[PATH_MAX];

	(void)c;
	if (!keep_path_find(keep_slice(getenv("PATH")), argv[0], path))
		return keep_fail(e, KEEP_E_NOT_FOUND, "%s is not installed",
				 argv[0]);
	execv(path, words);
	return keep_fail_errno(e, "starting %s", path);
}
