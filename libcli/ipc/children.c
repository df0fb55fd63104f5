/* Who serves, and until when. */
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>
#include "children.h"

enum { OTHERS = 8 }; /* that share all seats, each with as many */

int keep_children_begin(struct keep_children *c, size_t max,
			struct keep_err *e)
{
	void *shared = mmap(NULL, max * sizeof *c->seats,
			    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			    -1, 0);

	*c = (struct keep_children){.max = max};
	sigaction(SIGCHLD, &(struct sigaction){.sa_handler = SIG_DFL},
		  &c->before);
	if (shared == MAP_FAILED)
		return keep_no_memory(e);
	c->seats = shared;
	c->pids = KEEP_NEWS(&c->mem, max, pid_t);
	c->uids = KEEP_NEWS(&c->mem, max, uint32_t);
	if (!c->pids || !c->uids)
		return keep_no_memory(e);
	c->bell = keep_fd_of(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
	return c->bell.plus_one ? 0 : keep_fail_errno(e, "making a wake-up");
}

void keep_children_end(struct keep_children *c)
{
	if (c->max)
		sigaction(SIGCHLD, &c->before, NULL);
	if (c->seats)
		munmap(c->seats, c->max * sizeof *c->seats);
	keep_fd_end(&c->bell);
	keep_mem_end(&c->mem);
	*c = (struct keep_children){0};
}

bool keep_children_room(const struct keep_children *c,
			const struct keep_peer *p)
{
	size_t i, n = 0;

	for (i = 0; i < c->max; i++)
		n += c->pids[i] && c->uids[i] == p->uid;
	return c->n < c->max && (keep_peer_is_own(p) ||
				 n < (c->max + OTHERS - 1) / OTHERS);
}

size_t keep_children_seat(const struct keep_children *c)
{
	size_t i = 0;

	while (c->pids[i])
		i++;
	return i;
}

void keep_children_add(struct keep_children *c, size_t seat, pid_t pid,
		       uint32_t uid)
{
	c->pids[seat] = pid;
	c->uids[seat] = uid;
	c->n++;
}

void keep_children_forget(struct keep_children *c, pid_t pid)
{
	size_t i;

	for (i = 0; i < c->max && c->pids[i] != pid; i++)
		;
	if (i == c->max)
		return;
	c->pids[i] = 0;
	atomic_store(&c->seats[i].due_ms, 0);
	c->n--;
}

void keep_children_tell(struct keep_children *c, size_t seat, uint64_t due_ms)
{
	bool ends = due_ms != UINT64_MAX;
	uint64_t one = 1;

	atomic_store(&c->seats[seat].due_ms, ends ? due_ms : 0);
	if (ends)
		keep_ignore(write(keep_fd_get(&c->bell), &one, sizeof one) < 0,
			    "a full counter wakes, too");
}

uint64_t keep_children_due(const struct keep_children *c)
{
	uint64_t first = UINT64_MAX, due;
	size_t i;

	for (i = 0; i < c->max; i++) {
		due = c->pids[i] ? atomic_load(&c->seats[i].due_ms) : 0;
		if (due && due < first)
			first = due;
	}
	return first;
}

size_t keep_children_kill(struct keep_children *c, uint64_t by_ms)
{
	uint64_t due;
	size_t i, n = 0;
	bool is_due;

	for (i = 0; i < c->max; i++) {
		due = atomic_load(&c->seats[i].due_ms);
		is_due = by_ms == UINT64_MAX || (due && due <= by_ms);
		if (!c->pids[i] || !is_due)
			continue;
		/* with all that it started, once it has its session */
		if (kill(-c->pids[i], SIGKILL) != 0)
			kill(c->pids[i], SIGKILL);
		atomic_store(&c->seats[i].due_ms, 0);
		n++;
	}
	return n;
}
