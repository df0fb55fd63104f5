/* The processes of local nodes. */
#include <fcntl.h>
#include <string.h>
#include <sys/pidfd.h>
#include <unistd.h>
#include "local.h"

enum { COMMAND_MAX = 64 << 10, PID_MAX = 32 };

/* All that runs in a node, from its script on, has DIR among its words; who
 * has ended has none. */
static bool names(struct keep_slice words, struct keep_slice dir)
{
	struct keep_slice word;

	while (words.len) {
		word = (struct keep_slice){words.p,
					   strnlen(words.p, words.len)};
		if (keep_slice_eq(word, dir))
			return true;
		words.p += word.len + 1;
		words.len -= word.len < words.len ? word.len + 1 : word.len;
	}
	return false;
}

struct keep_fd keep_local_process(struct keep_mem *m, pid_t pid,
				  struct keep_slice dir)
{
	KEEP_AUTO(keep_fd) process = {0};
	struct keep_slice words;
	char path[PID_MAX];

	process = keep_fd_of(pid > 0 ? pidfd_open(pid, 0) : -1);
	snprintf(path, sizeof path, "/proc/%d/cmdline", (int)pid);
	if (!process.plus_one ||
	    keep_file_read(m, AT_FDCWD, path, COMMAND_MAX, &words, NULL) ||
	    !names(words, dir))
		return (struct keep_fd){0};
	return keep_take(&process);
}

pid_t keep_local_pid(struct keep_ctx *c, const struct keep_local *l,
		     struct keep_slice name)
{
	KEEP_AUTO(keep_fd) process = {0};
	struct keep_slice file, dir, text;
	uint64_t pid;

	file = keep_mem_print(c->mem, "%.*s/pid", KEEP_F(name));
	dir = keep_mem_print(c->mem, "%.*s/%.*s", KEEP_F(l->path),
			     KEEP_F(name));
	if (!l->dir.plus_one || !file.p || !dir.p ||
	    keep_file_read(c->mem, keep_fd_get(&l->dir), file.p, PID_MAX,
			   &text, NULL))
		return 0;
	text.len -= text.len && text.p[text.len - 1] == '\n';
	if (!keep_num_uint(text, &pid) || pid > INT32_MAX)
		return 0;
	process = keep_local_process(c->mem, (pid_t)pid, dir);
	return process.plus_one ? (pid_t)pid : 0;
}
