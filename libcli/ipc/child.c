/* Wake-ups and children: what comes into the loop by a descriptor that the
 * kernel makes for it. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>
#include "ipc.h"

static int on_wake(struct keep_watch *watch, short events, struct keep_err *e)
{
	struct keep_wake *w = watch->user;
	uint64_t count;

	(void)events;
	/* one that finds nothing was told already */
	if (read(watch->fd, &count, sizeof count) < 0)
		return 0;
	return w->woken(w, e);
}

int keep_wake_begin(struct keep_loop *l, struct keep_wake *w,
		    struct keep_err *e)
{
	int rc, fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

	if (fd < 0)
		return keep_fail_errno(e, "making a wake-up");
	w->fd = keep_fd_of(fd);
	w->watch = (struct keep_watch){.ready = on_wake, .user = w};
	rc = keep_watch_add(l, &w->watch, fd, POLLIN, e);
	if (rc)
		keep_fd_end(&w->fd);
	return rc;
}

void keep_wake_up(const struct keep_wake *w)
{
	int no = errno;
	uint64_t one = 1;

	keep_ignore(write(w->watch.fd, &one, sizeof one),
		    "a full counter wakes, too");
	errno = no;
}

void keep_wake_end(struct keep_wake *w)
{
	keep_watch_end(&w->watch);
	keep_fd_end(&w->fd);
}

static void forget(struct keep_child *c)
{
	keep_watch_end(&c->watch);
	keep_fd_end(&c->fd);
	c->pid = 0;
}

static int on_end(struct keep_watch *watch, short events, struct keep_err *e)
{
	struct keep_child *c = watch->user;
	int status;
	pid_t pid = waitpid(c->pid, &status, WNOHANG);

	(void)events;
	if (pid == 0)
		return 0;
	if (pid < 0)
		return keep_fail_errno(e, "waiting for process %d", c->pid);
	forget(c);
	return c->ended(c, status, e);
}

/* Signals as a program expects them at its start, whatever is set here. */
static int set_attributes(posix_spawnattr_t *a, bool session)
{
	short flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
	sigset_t none, all;

	sigemptyset(&none);
	sigfillset(&all);
	if (session)
		flags |= POSIX_SPAWN_SETSID;
	posix_spawnattr_setsigmask(a, &none);
	posix_spawnattr_setsigdefault(a, &all);
	return posix_spawnattr_setflags(a, flags);
}

static int put_fd(posix_spawn_file_actions_t *a, const struct keep_fd *fd,
		  int as)
{
	if (!fd->plus_one)
		return posix_spawn_file_actions_addopen(a, as, "/dev/null",
							O_RDWR, 0);
	return posix_spawn_file_actions_adddup2(a, keep_fd_get(fd), as);
}

static int put_fds(posix_spawn_file_actions_t *a, const struct keep_spawn *how)
{
	int no = put_fd(a, &how->in, STDIN_FILENO);

	if (!no)
		no = put_fd(a, &how->out, STDOUT_FILENO);
	if (!no)
		no = put_fd(a, &how->err, STDERR_FILENO);
	if (!no && how->dir.plus_one)
		no = posix_spawn_file_actions_addfchdir_np(
			a, keep_fd_get(&how->dir));
	if (!no)
		no = posix_spawn_file_actions_addclosefrom_np(
			a, STDERR_FILENO + 1);
	return no;
}

/* posix_spawn takes texts that it promises not to change. */
static char *const *texts(const char *const *v)
{
	union { const char *const *in; char *const *out; } u = {v};

	return u.out;
}

static int spawn(pid_t *pid, const struct keep_spawn *how)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	int no;

	no = posix_spawn_file_actions_init(&actions);
	if (no)
		return no;
	no = posix_spawnattr_init(&attributes);
	if (!no)
		no = set_attributes(&attributes, how->session);
	if (!no)
		no = put_fds(&actions, how);
	if (!no)
		no = posix_spawnp(pid, how->argv[0], &actions, &attributes,
				  texts(how->argv),
				  how->env ? texts(how->env) : environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return no;
}

int keep_child_start(struct keep_loop *l, struct keep_child *c,
		     const struct keep_spawn *how, struct keep_err *e)
{
	int fd, rc;

	errno = spawn(&c->pid, how);
	if (errno)
		return keep_fail_errno(e, "starting %s", how->argv[0]);
	c->watch = (struct keep_watch){.ready = on_end, .user = c};
	fd = pidfd_open(c->pid, 0);
	if (fd >= 0)
		c->fd = keep_fd_of(fd);
	rc = fd < 0 ? keep_fail_errno(e, "watching %s", how->argv[0])
		    : keep_watch_add(l, &c->watch, fd, POLLIN, e);
	if (rc)
		keep_child_end(c);
	return rc;
}

void keep_child_signal(const struct keep_child *c, int signal)
{
	if (c->pid)
		kill(c->pid, signal); /* not waited for yet: still its own */
}

void keep_child_end(struct keep_child *c)
{
	if (!c->pid)
		return;
	kill(c->pid, SIGKILL);
	while (waitpid(c->pid, NULL, 0) < 0 && errno == EINTR)
		;
	forget(c);
}
