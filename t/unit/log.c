#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>
#include <keep/file.h>
#include <keep/log.h>
#include "tap.h"

static struct keep_slice line(struct keep_mem *m, int fd)
{
	struct keep_slice got = {0};
	struct keep_err e = {0};

	if (lseek(fd, 0, SEEK_SET) != 0 || keep_fd_read(m, fd, 9999, &got, &e))
		return (struct keep_slice){0};
	keep_ignore(ftruncate(fd, 0), "the next line shows it");
	keep_ignore(lseek(fd, 0, SEEK_SET) == 0, "the next line shows it");
	return got;
}

int main(void)
{
	KEEP_AUTO(keep_mem) mem = {0};
	KEEP_AUTO(keep_fd) fd = keep_fd_of(memfd_create("log", 0));
	struct keep_log l = {.fd_plus_one = fd.plus_one,
			     .level = KEEP_LOG_INFO, .name = "keep-agentd"};
	struct keep_slice got;
	char much[3000];

	keep_log(&l, KEEP_LOG_WARNING, "event=start pid=%d", 7);
	is_text(line(&mem, keep_fd_get(&fd)),
		"keep-agentd: warning: event=start pid=7\n",
		"a line says who, how bad, and what");
	keep_log(&l, KEEP_LOG_DEBUG, "event=poll");
	is_text(line(&mem, keep_fd_get(&fd)), "", "debug lines are dropped");
	keep_log(&l, KEEP_LOG_INFO, "name=a\nb\x1b[2J\xff");
	is_text(line(&mem, keep_fd_get(&fd)),
		"keep-agentd: info: name=a\\x0ab\\x1b[2J\\xff\n",
		"control characters are made visible");
	l.journal = true;
	keep_log(&l, KEEP_LOG_ERROR, "event=end");
	is_text(line(&mem, keep_fd_get(&fd)), "<3>event=end\n",
		"journald gets the priority");
	l.json = true;
	keep_log(&l, KEEP_LOG_NOTICE, "say=\"a\\b\"");
	is_text(line(&mem, keep_fd_get(&fd)),
		"{\"notice\":\"say=\\\"a\\\\b\\\"\"}\n",
		"a line may be a JSON object");
	memset(much, '"', sizeof much - 1);
	much[sizeof much - 1] = '\0';
	keep_log(&l, KEEP_LOG_ERROR, "%s", much);
	got = line(&mem, keep_fd_get(&fd));
	ok(got.len > 2000 && got.len < 2100 &&
	   keep_slice_is((struct keep_slice){got.p + got.len - 6, 6},
			 "...\"}\n"), "a line is cut, and says so");
	l.fd_plus_one = 0;
	errno = 5;
	keep_log(&l, KEEP_LOG_ERROR, "event=end");
	keep_log(NULL, KEEP_LOG_ERROR, "event=end");
	is_text(line(&mem, keep_fd_get(&fd)), "", "a log of nothing is quiet");
	l.fd_plus_one = 1000;
	errno = 5;
	keep_log(&l, KEEP_LOG_ERROR, "event=end");
	is_int(errno, 5, "a log that cannot be written changes no errno");
	return done();
}
