/* The loop itself: descriptors and turns. epoll, since it needs no array that
 * grows and does not ask of all who wait in each turn. */
#include <errno.h>
#include <sys/epoll.h>
#include <time.h>
#include "ipc.h"

enum { READY_MAX = 64 };

/* What epoll said and is not told yet. */
struct keep_ready {
	struct epoll_event v[READY_MAX];
	int n;
};

uint64_t keep_loop_now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

int keep_loop_begin(struct keep_loop *l, struct keep_err *e)
{
	int fd = epoll_create1(EPOLL_CLOEXEC);

	*l = (struct keep_loop){0};
	if (fd < 0)
		return keep_fail_errno(e, "making a poll loop");
	l->poll = keep_fd_of(fd);
	return 0;
}

void keep_loop_end(struct keep_loop *l)
{
	keep_fd_end(&l->poll);
	*l = (struct keep_loop){0};
}

void keep_loop_stop(struct keep_loop *l)
{
	l->stopped = true;
}

static int control(struct keep_watch *w, int how, short events)
{
	struct epoll_event v = {.events = (uint16_t)events, .data.ptr = w};

	return epoll_ctl(keep_fd_get(&w->loop->poll), how, w->fd, &v);
}

int keep_watch_add(struct keep_loop *l, struct keep_watch *w, int fd,
		   short events, struct keep_err *e)
{
	w->loop = l;
	w->fd = fd;
	w->events = events;
	if (control(w, EPOLL_CTL_ADD, events) != 0) {
		w->loop = NULL;
		if (errno == EPERM)
			return keep_fail(e, KEEP_E_BAD_ARGS, "descriptor %d "
					 "cannot be waited for", fd);
		return keep_fail_errno(e, "waiting for descriptor %d", fd);
	}
	l->n_watches++;
	return 0;
}

int keep_watch_set(struct keep_watch *w, short events, struct keep_err *e)
{
	if (w->events == events)
		return 0;
	if (control(w, EPOLL_CTL_MOD, events) != 0)
		return keep_fail_errno(e, "waiting for descriptor %d", w->fd);
	w->events = events;
	return 0;
}

void keep_watch_end(struct keep_watch *w)
{
	struct keep_ready *ready;
	int i;

	if (!w->loop)
		return;
	control(w, EPOLL_CTL_DEL, 0);
	w->loop->n_watches--;
	ready = w->loop->ready;
	for (i = 0; ready && i < ready->n; i++)
		if (ready->v[i].data.ptr == w)
			ready->v[i].data.ptr = NULL;
	w->loop = NULL;
}

static int tell(struct keep_loop *l, struct keep_err *e)
{
	struct keep_watch *w;
	int i, rc = 0;

	for (i = 0; !rc && i < l->ready->n; i++) {
		w = l->ready->v[i].data.ptr;
		if (w)
			rc = w->ready(w, (short)l->ready->v[i].events, e);
	}
	return rc;
}

static int run_hooks(struct keep_loop *l, struct keep_err *e)
{
	struct keep_hook *h;
	int rc = 0;

	for (h = l->hooks; !rc && h; h = l->next_hook) {
		l->next_hook = h->behind;
		rc = h->run(h, e);
	}
	return rc;
}

int keep_loop_turn(struct keep_loop *l, int wait_ms, struct keep_err *e)
{
	struct keep_ready ready;
	int rc;

	ready.n = epoll_wait(keep_fd_get(&l->poll), ready.v, READY_MAX,
			     keep_timers_wait(l, wait_ms));
	if (ready.n < 0 && errno != EINTR)
		return keep_fail_errno(e, "waiting");
	l->turn++;
	l->ready = &ready;
	rc = tell(l, e);
	l->ready = NULL;
	if (!rc)
		rc = keep_timers_fire(l, e);
	return rc ? rc : run_hooks(l, e);
}

int keep_loop_run(struct keep_loop *l, struct keep_err *e)
{
	int rc = 0;

	l->stopped = false;
	while (!rc && !l->stopped && (l->n_watches || l->first))
		rc = keep_loop_turn(l, -1, e);
	return rc;
}

void keep_hook_add(struct keep_loop *l, struct keep_hook *h)
{
	struct keep_hook **end = &l->hooks;

	while (*end)
		end = &(*end)->behind;
	h->loop = l;
	h->behind = NULL;
	*end = h;
}

void keep_hook_end(struct keep_hook *h)
{
	struct keep_hook **at;

	if (!h->loop)
		return;
	for (at = &h->loop->hooks; *at != h; at = &(*at)->behind)
		;
	*at = h->behind;
	if (h->loop->next_hook == h)
		h->loop->next_hook = h->behind;
	h->loop = NULL;
}
