/* Asking the person at the terminal; secrets without an echo. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>
#include "shell.h"

enum { ANSWER_MAX = 4096, INTERRUPT = 3 };

static int read_line(struct keep_ctx *c, int fd, struct keep_slice *answer,
		     struct keep_err *e)
{
	char *p = keep_mem_alloc(c->mem, ANSWER_MAX);
	size_t len = 0;
	ssize_t n = 1;

	if (!p)
		return keep_no_memory(e);
	while (len < ANSWER_MAX && n > 0) {
		if (keep_wait(c, fd, POLLIN, e))
			return -e->code;
		n = read(fd, p + len, 1);
		if (n == 1 && p[len] == '\n')
			break;
		if (n == 1 && p[len] == INTERRUPT)
			return keep_fail(e, KEEP_E_CANCELLED, "interrupted");
		len += n == 1;
	}
	if (n < 0)
		return keep_fail_errno(e, "the terminal");
	if (n == 0 && len == 0)
		return keep_fail(e, KEEP_E_CANCELLED, "nothing was answered");
	*answer = (struct keep_slice){p, len};
	return 0;
}

int keep_ask_tty(struct keep_ctx *c, enum keep_ask kind, const char *prompt,
		 struct keep_slice *answer, struct keep_err *e)
{
	KEEP_AUTO(keep_fd) tty = keep_fd_of(open("/dev/tty",
						 O_RDWR | O_CLOEXEC));
	int fd = keep_fd_get(&tty), rc;
	struct termios before, silent;

	if (fd < 0 || tcgetattr(fd, &before) != 0)
		return keep_fail(e, KEEP_E_INTERACTIVE,
				 "%s is missing, and there is no terminal to "
				 "ask for it", prompt);
	silent = before;
	/* ^C is read as a line's end: a signal would leave the echo off */
	silent.c_lflag &= ~(tcflag_t)(ECHO | ISIG);
	silent.c_cc[VEOL] = INTERRUPT;
	if (kind == KEEP_ASK_SECRET && tcsetattr(fd, TCSAFLUSH, &silent) != 0)
		return keep_fail_errno(e, "the terminal");
	dprintf(fd, "%s%s ", prompt, kind == KEEP_ASK_YES ? "? [y/N]" : ":");
	rc = read_line(c, fd, answer, e);
	if (kind == KEEP_ASK_SECRET) {
		tcsetattr(fd, TCSAFLUSH, &before);
		dprintf(fd, "\n");
	}
	return rc;
}
