/* `keep`: finds where it is installed, and hands over to the shell entry. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>
#include "table.h"
#include <keep/suite.h>

/* .../bin/keep -> .../lib/keep; false when it cannot be known. */
static bool library_dir(char *path, size_t size)
{
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self);
	int cut = 0, slashes = 0;

	if (n <= 0 || n == sizeof self)
		return false;
	for (cut = (int)n; cut > 0 && slashes < 2; cut--)
		slashes += self[cut - 1] == '/';
	return snprintf(path, size, "%.*s/lib/keep", cut, self) < (int)size;
}

static void nothing(int signal)
{
	(void)signal;
}

/* Who was told to ignore a signal, as by nohup, does. */
static void catch(int number, void (*handler)(int), int flags)
{
	const struct sigaction caught = {.sa_handler = handler,
					 .sa_flags = flags};
	struct sigaction before;

	if (!sigaction(number, NULL, &before) && before.sa_handler == SIG_DFL)
		sigaction(number, &caught, NULL);
}

/* A closed standard descriptor would become that of some file, into which
 * messages went. What stands there instead fails, as a closed one does. */
static void occupy_closed(void)
{
	int fd;

	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 &&
		    open("/dev/null", O_CLOEXEC | (fd == STDIN_FILENO ?
						   O_WRONLY : O_RDONLY)) < 0)
			return;
}

/* A handler is handed nothing: what it needs lies here. */
static int ends[2]; /* of the pipe that tells of a signal; 0: none yet */
static volatile sig_atomic_t came, times;

static void die_of(int number)
{
	const struct sigaction deadly = {.sa_handler = SIG_DFL};

	sigaction(number, &deadly, NULL);
	raise(number);
}

/* The first asks the verb to end. One that has taken the byte of that is asked
 * once more, to stop; else the second does not ask. */
static void note(int number)
{
	struct pollfd first = {.fd = ends[0], .events = POLLIN};
	int before = errno;

	if (times > 1 || (times && poll(&first, 1, 0) != 0))
		die_of(number);
	times++;
	came = number;
	keep_ignore(write(ends[1], "", 1) < 0, "the pipe is empty");
	errno = before;
}

static int cancel_fd(void)
{
	if (ends[0])
		return ends[0];
	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK))
		return -1;
	catch(SIGINT, note, 0);
	catch(SIGTERM, note, 0);
	return ends[0];
}

int main(int argc, char **argv)
{
	char path[PATH_MAX];
	int status;
	struct keep_suite suite = {
		.commands = keep_table,
		.n = keep_table_n,
		.own = &keep_suite_verbs,
		.load = keep_suite_dlopen,
		.cancel_fd = cancel_fd,
	};

	occupy_closed();
	/* A broken pipe is an error that is told. A handler, since what is
	 * ignored would be ignored by the commands that keep starts, too. */
	catch(SIGPIPE, nothing, SA_RESTART);
	/* who started us may not care how children end; we do */
	sigaction(SIGCHLD, &(struct sigaction){.sa_handler = SIG_DFL}, NULL);
	if (library_dir(path, sizeof path))
		suite.run_dir = keep_slice(path);
	status = keep_shell(&suite, argc, argv);
	/* so that a loop of a shell around it ends, too */
	if (came)
		die_of(came);
	return status;
}
