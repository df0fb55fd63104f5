/* `--help`: the manual, by man. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/wait.h>
#include <unistd.h>
#include "shell.h"

enum { PAGE_MAX = 16 << 20, NOT_STARTED = 127 };

/* Installed in share/man, or built into man beside bin. */
static const char *const places[] = {"share/man/man1", "man"};

static bool page_of(const struct keep_suite *s, const char *command,
		    const char *place, char path[PATH_MAX])
{
	int n = snprintf(path, PATH_MAX, "%.*s/../../%s/keep%s%s.1",
			 KEEP_F(s->run_dir), place, command ? "-" : "",
			 command ? command : "");

	return n > 0 && n < PATH_MAX && access(path, R_OK) == 0;
}

static void become_man(const char *path)
{
	execl("/usr/bin/man", "man", "-l", path, (char *)NULL);
}

/* A page that cannot be written is then an error of ours: man hides it. */
static bool read_page(const char *path, struct keep_buf *out)
{
	KEEP_AUTO(keep_mem) mem = {0};
	KEEP_AUTO(keep_fd) ours = {0};
	struct keep_slice text = {0};
	int ends[2], status = 0;
	pid_t child;

	if (pipe2(ends, O_CLOEXEC))
		return false;
	ours = keep_fd_of(ends[0]);
	child = fork();
	if (child == 0) {
		dup2(ends[1], STDOUT_FILENO);
		become_man(path);
		_exit(NOT_STARTED);
	}
	close(ends[1]);
	if (child < 0 || keep_fd_read(&mem, ends[0], PAGE_MAX, &text, NULL))
		return false;
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	keep_buf_slice(out, text);
	return text.len && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool keep_manual_open(const struct keep_shell_run *sh, const char *command,
		      struct keep_buf *out)
{
	const struct keep_suite *s = sh->suite;
	char path[PATH_MAX];
	size_t i;

	for (i = 0; s->run_dir.p && i < KEEP_COUNT(places); i++) {
		if (!page_of(s, command, places[i], path))
			continue;
		if (sh->printer.terminal)
			become_man(path);
		else if (read_page(path, out))
			return true;
	}
	return false;
}
