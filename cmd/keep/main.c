/* `keep`: finds where it is installed, and hands over to the shell entry. */
#include <fcntl.h>
#include <limits.h>
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

/* A broken pipe is an error that is told. A handler, since what is ignored
 * would be ignored by the commands that keep starts, too. */
static void catch_broken_pipes(void)
{
	const struct sigaction caught = {.sa_handler = nothing,
					 .sa_flags = SA_RESTART};
	struct sigaction before;

	if (!sigaction(SIGPIPE, NULL, &before) && before.sa_handler == SIG_DFL)
		sigaction(SIGPIPE, &caught, NULL);
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

int main(int argc, char **argv)
{
	char path[PATH_MAX];
	struct keep_suite suite = {
		.commands = keep_table,
		.n = keep_table_n,
		.own = &keep_suite_verbs,
		.load = keep_suite_dlopen,
	};

	occupy_closed();
	catch_broken_pipes();
	if (library_dir(path, sizeof path))
		suite.run_dir = keep_slice(path);
	return keep_shell(&suite, argc, argv);
}
