/* Long output on a terminal goes through a pager. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "shell.h"

enum { NOT_STARTED = 127 }; /* what sh says of a command that is not there */

static const char *command(const struct keep_shell_run *sh)
{
	const char *keep = getenv("KEEP_PAGER"), *any = getenv("PAGER");

	if (sh->core.pager.p)
		return keep_mem_copy(sh->c->mem, sh->core.pager).p;
	return keep ? keep : any ? any : "less -FRX";
}

static bool is_long(struct keep_slice text)
{
	struct winsize window = {0};
	size_t i, lines = 0;

	for (i = 0; i < text.len; i++)
		lines += text.p[i] == '\n';
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) || !window.ws_row)
		window.ws_row = 24;
	return lines >= window.ws_row;
}

static _Noreturn void become(const char *pager, int input)
{
	dup2(input, STDIN_FILENO);
	execl("/bin/sh", "sh", "-c", pager, (char *)NULL);
	_exit(NOT_STARTED);
}

/* A socket instead of a pipe: a pager that is left early raises no signal. */
static void feed(int fd, struct keep_slice text)
{
	ssize_t n;

	while (text.len) {
		n = send(fd, text.p, text.len, MSG_NOSIGNAL);
		if (n < 0 && errno != EINTR)
			return;
		text.p += n > 0 ? n : 0;
		text.len -= n > 0 ? (size_t)n : 0;
	}
}

/* Feeds the pager and waits for its end; the result is its wait status. What
 * the keyboard sends is for the pager: who left before it would give the
 * terminal back while it still reads there. */
static int attend(pid_t child, struct keep_fd *input, struct keep_slice text)
{
	sigset_t keys, before;
	int status = 0;

	sigemptyset(&keys);
	sigaddset(&keys, SIGINT);
	sigaddset(&keys, SIGQUIT);
	sigprocmask(SIG_BLOCK, &keys, &before);
	feed(keep_fd_get(input), text);
	keep_fd_end(input);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	sigprocmask(SIG_SETMASK, &before, NULL);
	return status;
}

static bool show(const char *pager, struct keep_slice text)
{
	KEEP_AUTO(keep_fd) ours = {0}, its = {0};
	int pair[2], status;
	pid_t child;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		return false;
	ours = keep_fd_of(pair[0]);
	its = keep_fd_of(pair[1]);
	child = fork();
	if (child < 0)
		return false;
	if (child == 0)
		become(pager, pair[1]);
	keep_fd_end(&its);
	status = attend(child, &ours, text);
	return !WIFEXITED(status) || WEXITSTATUS(status) != NOT_STARTED;
}

bool keep_pager_show(const struct keep_shell_run *sh, struct keep_slice text)
{
	const char *pager;

	if (!sh->printer.terminal || sh->globals.no_pager ||
	    sh->printer.format != KEEP_FORMAT_TEXT || !is_long(text))
		return false;
	pager = command(sh);
	return pager && *pager && strcmp(pager, "cat") != 0 &&
	       show(pager, text);
}
