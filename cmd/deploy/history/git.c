/* Running git where a network is asked: it knows the user's credential helpers
 * and ssh_config. It has no terminal, so it can ask nobody. */
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <keep/loop.h>
#include <keep/text.h>
#include "history.h"

enum { WORDS = 12, SAYS_MAX = 1 << 20, SHOWN = 300 };

/* git while it runs. */
struct run {
	struct keep_loop loop;
	struct keep_child child;
	struct keep_timer deadline;
	struct keep_watch cancel;
	struct keep_fd says;
	int status;
};

static int on_end(struct keep_child *child, int status, struct keep_err *e)
{
	struct run *r = child->user;

	(void)e;
	r->status = status;
	keep_loop_stop(&r->loop);
	return 0;
}

static int on_deadline(struct keep_timer *t, struct keep_err *e)
{
	(void)t;
	return keep_fail(e, KEEP_E_DEADLINE, "it takes too long");
}

static int on_cancel(struct keep_watch *w, short events, struct keep_err *e)
{
	(void)events;
	return keep_cancelled(w->user, e);
}

static int begin(struct keep_ctx *c, struct run *r, uint64_t within_ms,
		 struct keep_err *e)
{
	int rc = keep_cancelled(c, e);

	if (!rc)
		rc = keep_loop_begin(&r->loop, e);

	r->says = keep_fd_of(memfd_create("git", MFD_CLOEXEC));
	if (!rc && !r->says.plus_one)
		rc = keep_fail_errno(e, "memory for git");
	if (!rc && c->cancel_fd_plus_one)
		rc = keep_watch_add(&r->loop, &r->cancel,
				    c->cancel_fd_plus_one - 1, POLLIN, e);
	if (!rc)
		keep_timer_set(&r->loop, &r->deadline, within_ms);
	return rc;
}

static int wait_for(struct keep_ctx *c, struct run *r,
		    const char *const *argv, struct keep_err *e)
{
	const char *words[WORDS] = {"git", "-C", c->instance_path.p};
	struct keep_spawn how = {.argv = words, .out = r->says,
				 .err = r->says, .session = true};
	size_t i;
	int rc;

	for (i = 0; argv[i] && i + 4 < WORDS; i++)
		words[i + 3] = argv[i];
	rc = keep_child_start(&r->loop, &r->child, &how, e);
	if (!rc)
		rc = keep_loop_run(&r->loop, e);
	if (rc && r->child.pid) /* and what it started: ssh */
		kill(-r->child.pid, SIGKILL);
	return rc;
}

static void end(struct run *r)
{
	keep_child_end(&r->child);
	keep_timer_end(&r->deadline);
	keep_watch_end(&r->cancel);
	keep_fd_end(&r->says);
	keep_loop_end(&r->loop);
}

/* With a blank for all that stands between words. */
static struct keep_slice one_line(struct keep_mem *m, struct keep_slice text)
{
	static const char blanks[] = "\n\t ";
	struct keep_buf b = {.mem = m};
	const char *p = text.p;
	size_t len;

	for (; *(p += strspn(p, blanks)); p += len) {
		len = strcspn(p, blanks);
		keep_buf_text(&b, b.len ? " " : "");
		keep_buf_put(&b, p, len);
	}
	return keep_buf_get(&b);
}

/* What it said, or that it said nothing. A reference that was refused, which
 * --porcelain marks, is CONFLICT. */
static int failed(struct keep_ctx *c, struct run *r, struct keep_err *e)
{
	struct keep_slice text = {0};
	int fd = keep_fd_get(&r->says);
	bool refused;

	if (WIFEXITED(r->status) && WEXITSTATUS(r->status) == 0)
		return 0;
	if (lseek(fd, 0, SEEK_SET) != 0 ||
	    keep_fd_read(c->mem, fd, SAYS_MAX, &text, NULL) || !text.len)
		text = KEEP_S("it does not say why");
	refused = strstr(text.p, "\n!\t") && strstr(text.p, "\t[rejected]");
	text = one_line(c->mem, text);
	return keep_fail(e, refused ? KEEP_E_CONFLICT : KEEP_E_UNREACHABLE,
			 "%.*s", KEEP_F(keep_text_safe(c->mem, text, SHOWN)));
}

int keep_past_run_git(struct keep_ctx *c, const char *const *argv,
		      uint64_t within_ms, struct keep_err *e)
{
	struct run r = {.child = {.ended = on_end, .user = &r},
			.deadline = {.fire = on_deadline},
			.cancel = {.ready = on_cancel, .user = c}};
	int rc = begin(c, &r, within_ms, e);

	if (!rc)
		rc = wait_for(c, &r, argv, e);
	if (!rc)
		rc = failed(c, &r, e);
	end(&r);
	return rc ? keep_err_at(e, "git %s", argv[0]) : 0;
}
