#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <keep/file.h>
#include <keep/secret.h>
#include "tap.h"

enum { LEN = 200000 }; /* no pipe holds it */

int main(void)
{
	KEEP_AUTO(keep_mem) mem = {0};
	KEEP_AUTO(keep_secret) secret = {0};
	struct keep_slice much = {keep_mem_alloc(&mem, LEN), LEN};
	struct keep_err e = {0};
	int ends[2], status = -1;
	pid_t pid;

	if (!much.p || pipe2(ends, O_NONBLOCK | O_CLOEXEC) != 0)
		return done();
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		close(ends[0]);
		_exit(keep_fd_write(ends[1], much, &e) ? 1 : 0);
	}
	close(ends[1]);
	ok(keep_secret_read(&secret, ends[0], LEN, &e) == 0 &&
	   keep_secret_equal((struct keep_slice){(char *)secret.p, secret.len},
			     much), "a secret comes by a slow pipe");
	close(ends[0]);
	ok(waitpid(pid, &status, 0) == pid && status == 0, "all of it");
	return done();
}
