/* `--help`: the manual, by man. */
#include <limits.h>
#include <unistd.h>
#include "shell.h"

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

void keep_manual_open(const struct keep_suite *s, const char *command)
{
	char path[PATH_MAX];
	size_t i;

	for (i = 0; s->run_dir.p && i < KEEP_COUNT(places); i++)
		if (page_of(s, command, places[i], path))
			execl("/usr/bin/man", "man", "-l", path, (char *)NULL);
}
