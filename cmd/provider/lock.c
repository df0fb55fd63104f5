/* The lock is the kernel's, on the instance's directory, so that it dies with
 * its holder; .keep/holder only tells who that is. */
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
#include <keep/text.h>
#include "lock.h"
#include "open.h"

enum { HOLDER_MAX = 256, TURN_MS = 100 };
static const char holder[] = ".keep/holder";

static int tell_holder(int dir, const char *verb, struct keep_err *e)
{
	KEEP_AUTO(keep_fd) fd = {0};
	char line[HOLDER_MAX];
	int code = keep_dir_make(dir, ".keep", 0755, e);

	if (!code)
		code = keep_open(dir, holder, O_WRONLY | O_CREAT | O_TRUNC,
				 0644, KEEP_NO_LINKS, &fd, e);
	if (code)
		return code;
	snprintf(line, sizeof line, "keep %s (process %d)\n", verb,
		 (int)getpid());
	code = keep_fd_write(keep_fd_get(&fd), keep_slice(line), e);
	return code ? keep_err_at(e, "%s", holder) : 0;
}

static int busy(struct keep_ctx *c, struct keep_err *e)
{
	struct keep_slice who = {0};
	char name[HOLDER_MAX];

	if (keep_file_read(c->mem, keep_fd_get(&c->instance), holder,
			   HOLDER_MAX, &who, NULL) || !who.len)
		who = KEEP_S("somebody else\n");
	who.len--;
	keep_fail(e, KEEP_E_BUSY, "the instance is held by %s; waited %ju ms",
		  keep_text_safe_to(name, sizeof name, who),
		  (uintmax_t)c->lock_timeout_ms);
	return keep_hint(e, "try again when that has ended, or wait longer");
}

/* In short turns, since who waits may be called off. */
static int wait_for(struct keep_ctx *c, int dir, struct keep_err *e)
{
	uint64_t left = c->lock_timeout_ms, turn;
	int code;

	do {
		turn = left < TURN_MS ? left : TURN_MS;
		left -= turn;
		code = keep_cancelled(c, e);
		if (!code)
			code = keep_fd_lock(dir, turn, e);
	} while (code == -KEEP_E_BUSY && left);
	return code;
}

void keep_provider_unlock(struct keep_ctx *c)
{
	keep_ignore(flock(keep_fd_get(&c->instance), LOCK_UN),
		    "it ends with the descriptor anyway");
}

int keep_provider_lock(struct keep_ctx *c, const char *verb,
		       struct keep_err *e)
{
	int dir = keep_fd_get(&c->instance), code = keep_provider_need(c, e);

	if (!code)
		code = wait_for(c, dir, e);
	if (code == -KEEP_E_BUSY)
		return busy(c, e);
	if (code)
		return code;
	code = tell_holder(dir, verb, e);
	if (code)
		keep_provider_unlock(c);
	return code;
}
